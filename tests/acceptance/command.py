"""Runs the command as users do, reads what it wrote by the contract alone."""

from __future__ import annotations

import contextlib
import csv
import io
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from admissions.cli import main

INSTALLED = Path(sys.executable).parent / "admissions"


@dataclass(frozen=True)
class Ran:
    """What one command returned and printed."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        return self.out + self.err


def run(*arguments: object) -> Ran:
    """The command in this process: quick, through the same function as the installed one."""
    out, err = io.StringIO(), io.StringIO()
    code = 0
    with (
        patch.object(sys, "argv", ["admissions", *map(str, arguments)]),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
    return Ran(code, out.getvalue(), err.getvalue())


def run_installed(
    *arguments: object,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    stdin: str | None = None,
) -> Ran:
    """The installed command in a process of its own."""
    done = subprocess.run(
        [str(INSTALLED), *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, **(env or {})},
        cwd=cwd,
        input=stdin,
        timeout=120,
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def heeds_ctrl_c() -> None:
    """Before a child begins: it heeds Ctrl-C though the shell that runs the tests may ignore it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def write_round(folder: Path, tables: Mapping[str, str]) -> Path:
    """A round folder with ``tables`` (file name: text), in UTF-8."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in tables.items():
        (folder / name).write_text(text.lstrip("\n"), encoding="utf-8", newline="")
    return folder


def read_csv(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    """Header and rows of one of the result's CSV files: UTF-8 with BOM, ``,``."""
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf"), f"{path.name} has no BOM"
    reader = csv.DictReader(io.StringIO(data[3:].decode("utf-8"), newline=""), strict=True)
    rows = list(reader)
    return list(reader.fieldnames or []), rows


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file under ``folder`` by its relative path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
