"""The resident readers of one server: few, each started when it is needed, again should it end."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, ParamSpec, TypeVar

import structlog

from admissions_api.problems import ProblemError
from admissions_api.reading.confined import (
    ReadingLimits,
    ReadingOutcome,
    ReadingTask,
    done,
    receive,
    send,
)
from admissions_api.settings import MEBIBYTE, Settings
from admissions_api.turns import Turns

_READER = "from admissions_api.reading.confined import main; main()"
_log = structlog.get_logger("admissions.readers")
Given = ParamSpec("Given")
Value = TypeVar("Value")
_SPARING = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
}
"""Without these, libraries claim more memory than a task may take before it has read anything."""


class Readers:
    """Calls functions on what others sent; with none set, in this process and without limits."""

    def __init__(self, settings: Settings) -> None:
        self._limits = ReadingLimits(settings.reading_seconds, settings.reading_bytes)
        self._readers: SimpleQueue[_ResidentReader] = SimpleQueue()
        self._all = [_ResidentReader() for _ in range(settings.readers)]
        for reader in self._all:
            self._readers.put(reader)
        self._turns = Turns(settings.readers or 1, "others' files are being read")

    async def run(
        self, function: Callable[Given, Value], *arguments: Given.args, **_no: Given.kwargs
    ) -> Value:
        """``function`` of ``arguments``; who waits for a turn holds no thread.

        Raises what it raises, and ProblemError: 413 for what takes too long or too much memory,
        503 when no reader becomes free.
        """
        outcome = await self._turns.run(self._outcome, function, arguments)
        value: Value = self._value(outcome)
        return value

    def _outcome(self, function: Callable[..., Any], arguments: tuple[Any, ...]) -> ReadingOutcome:
        if not self._all:
            return done(function, arguments)
        reader = self._readers.get()
        try:
            name = function.__qualname__
            return reader.outcome(ReadingTask(function.__module__, name, arguments, self._limits))
        finally:
            self._readers.put(reader)

    def _value(self, outcome: ReadingOutcome) -> Any:
        if outcome.kind == "value":
            return outcome.value
        if outcome.kind == "error":
            raise outcome.value.error()
        _log.warning("a file was too much to read", limit=outcome.kind)
        said = f"{self._limits.seconds} seconds"
        if outcome.kind == "memory":
            said = f"{self._limits.memory // MEBIBYTE} MiB of memory"
        raise ProblemError(
            413,
            f"reading it takes more than {said}",
            "Maybe it holds more than one round, or a sheet that is used far to the right or down.",
        )

    def warm(self) -> None:
        """Starts them beforehand, so that the first file need not wait for it."""
        for reader in self._all:
            reader.start()

    def close(self) -> None:
        """Ends them."""
        for reader in self._all:
            reader.end()


class _ResidentReader:
    """One resident process."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def outcome(self, task: ReadingTask) -> ReadingOutcome:
        """What comes of ``task``; a reader that was killed in the meantime counts as memory."""
        with self._lock:
            process = self._running()
            try:
                assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018 - it was started with pipes
                send(process.stdin, task)
                found: ReadingOutcome = receive(process.stdout)
                return found
            except (EOFError, OSError):
                _log.error("reader ended, starting another", code=process.poll())
                self._stop()
                return ReadingOutcome("memory")

    def start(self) -> None:
        """Starts it, if it does not run."""
        with self._lock:
            self._running()

    def end(self) -> None:
        """Ends it, if it runs."""
        with self._lock:
            self._stop()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._stop()
            self._process = subprocess.Popen(  # noqa: S603 - this interpreter, and a line of ours
                [sys.executable, "-c", _READER],
                env={**os.environ, **_SPARING},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
        return self._process

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
