"""A real Dask cluster: one scheduler and two workers, of which one is killed while it works."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from distributed import Client

from tests.acceptance.command import INSTALLED, files_of, run

DASK = str(Path(sys.executable).parent / "dask")
DRAWS = 400
WORDS = (
    "simulate", "--scenario", "current-2019", "--draws", str(DRAWS), "--seed", "4",
)  # fmt: skip


@contextmanager
def started(*words):
    """A process of its own group, ended with all it started."""
    with subprocess.Popen(
        [DASK, *words],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env={**os.environ, "DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL": "5s"},
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


@contextmanager
def cluster(folder):
    """The scheduler's address, and its two workers' processes."""
    where = folder / "scheduler.json"
    worker = ("worker", "--scheduler-file", where, "--nthreads", "1", "--no-nanny",
              "--no-dashboard", "--local-directory", folder / "work")  # fmt: skip
    with (
        started("scheduler", "--scheduler-file", where, "--port", "0", "--no-dashboard",
                "--host", "127.0.0.1"),
        started(*worker, "--name", "one") as one,
        started(*worker, "--name", "two") as two,
    ):  # fmt: skip
        yield address(where), (one, two)


def address(where):
    """The address in the scheduler's file, once both workers are there."""
    deadline = time.monotonic() + 60
    while not where.is_file() and time.monotonic() < deadline:
        time.sleep(0.05)
    found = json.loads(where.read_text(encoding="utf-8"))["address"]
    with Client(found, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=60)
    return found


@pytest.mark.slow
def test_a_worker_that_is_killed_loses_no_draw(tmp_path):
    alone = run(*WORDS, "--out", tmp_path / "alone")
    assert alone.code == 0, alone.said
    out, kept = tmp_path / "out", tmp_path / ".out.draws"
    with cluster(tmp_path) as (scheduler, (one, two)):
        with subprocess.Popen(
            [str(INSTALLED), *WORDS, "--out", str(out), "--scheduler", scheduler],
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            while not list(kept.glob("*.npy")) and process.poll() is None:
                time.sleep(0.01)
            done = len(list(kept.glob("*.npy")))
            assert done == 1, "the worker is killed while there is work left"
            os.killpg(one.pid, signal.SIGKILL)
            _, said = process.communicate(timeout=120)
        assert process.returncode == 0, said
        assert two.poll() is None
    assert files_of(out) == files_of(tmp_path / "alone")
