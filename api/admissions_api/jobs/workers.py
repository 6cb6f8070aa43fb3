"""Worker processes beside the server, each started again should it end.

As many as set do every kind of job, a round's first; one more does the work of rounds alone, so
that this never waits for an analysis.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading

import structlog

from admissions_api.jobs.worker import EVERYTHING, ROUNDS_ALONE
from admissions_api.settings import Settings, environment_of, without_settings

CHECK_SECONDS = 1.0
STOP_SECONDS = 10
_log = structlog.get_logger("admissions.workers")


class Workers:
    """The worker processes of one server."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._ended = threading.Event()
        many = settings.workers
        self._kinds = [EVERYTHING] * many + [ROUNDS_ALONE] * bool(many)
        self._processes: list[subprocess.Popen[bytes]] = []
        self._keeper = threading.Thread(target=self._keep, daemon=True)

    def start(self) -> None:
        """Starts them, and keeps them running."""
        self._processes = [self._started(kind) for kind in self._kinds]
        self._keeper.start()

    def stop(self) -> None:
        """Ends them; a job that is running is queued again."""
        self._ended.set()
        self._keeper.join()
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _started(self, kind: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603 - this interpreter, and numbers of our own
            [sys.executable, "-m", "admissions_api.jobs.worker", str(os.getpid()), kind],
            env={**without_settings(os.environ), **environment_of(self._settings)},
            stdin=subprocess.DEVNULL,
        )

    def _keep(self) -> None:
        while not self._ended.wait(CHECK_SECONDS):
            for place, process in enumerate(self._processes):
                if process.poll() is not None:
                    _log.error("worker ended, starting another", code=process.returncode)
                    self._processes[place] = self._started(self._kinds[place])
