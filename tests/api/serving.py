"""The installed server in a process of its own, as people run it, on a free port."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

from tests.acceptance.command import INSTALLED, run_installed

PATIENCE = 300


@dataclass
class Served:
    """A running server; ``folder`` is where it was started."""

    folder: Path
    process: subprocess.Popen[bytes]
    url: str

    def token(self, *words: str) -> dict[str, str]:
        made = run_installed("token", *words, cwd=self.folder, env=environment(self.folder))
        assert made.code == 0, made.said
        return {"Authorization": f"Bearer {made.out.strip()}"}

    def request(self, method: str, path: str, **stated: Any) -> httpx2.Response:
        return httpx2.request(method, self.url + path, timeout=PATIENCE, **stated)

    def killed(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stopped(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)


def environment(folder: Path) -> dict[str, str]:
    database = folder / "database-url"
    return {"ADMISSIONS_DATABASE": database.read_text()} if database.exists() else {}


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def until(found: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not found():
        assert time.monotonic() < end, f"in vain: {what}"
        time.sleep(0.05)


@contextmanager
def serving(folder: Path, **settings: str) -> Iterator[Served]:
    """A server started in ``folder``, ready to answer; killed at the end if it still runs."""
    port = free_port()
    with (folder / "server.log").open("ab") as log:
        process = subprocess.Popen(
            [INSTALLED, "serve", "--port", str(port)],
            cwd=folder,
            env={**os.environ, "ADMISSIONS_NICENESS": "0", **environment(folder), **settings},
            stdout=log,
            stderr=log,
        )
    served = Served(folder, process, f"http://127.0.0.1:{port}")

    def ready() -> bool:
        assert process.poll() is None, (folder / "server.log").read_text()
        try:
            return served.request("GET", "/ready").status_code == 200
        except httpx2.TransportError:
            return False

    try:
        until(ready, "the server answers")
        yield served
    finally:
        if process.poll() is None:
            served.killed()
