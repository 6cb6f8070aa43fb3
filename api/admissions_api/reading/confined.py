"""The resident reader: a process that does each task in a child with limits on time and memory.

It is the one place of the program that needs ``fork`` and ``setrlimit``. The modules that read are
loaded once, so a child costs some milliseconds; whatever a file does to it, it is the child that
ends. Tasks come on standard input and outcomes go to standard output, each as its length and a
pickle; both ends are this program.
"""

from __future__ import annotations

import os
import pickle
import resource
import select
import signal
import struct
import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from time import monotonic
from typing import IO, Any, Literal

LENGTH = struct.Struct(">Q")
_PRELOADED = ("admissions_api.uploads", "admissions.intake.reading")


@dataclass(frozen=True)
class ReadingLimits:
    """The longest that a task may take, and the memory that it may take besides the reader's."""

    seconds: int
    memory: int


@dataclass(frozen=True)
class ReadingTask:
    """A function of a module, with what to call it with."""

    module: str
    name: str
    arguments: tuple[Any, ...]
    limits: ReadingLimits


@dataclass(frozen=True)
class ReadingOutcome:
    """What came of a task: its value, the error that it raised, or the limit that ended it."""

    kind: Literal["value", "error", "time", "memory"]
    value: Any = None


@dataclass(frozen=True)
class Raised:
    """An error on its way to another process: errors take other arguments than they keep."""

    kind: type[BaseException]
    arguments: tuple[Any, ...]
    state: dict[str, Any]

    def error(self) -> BaseException:
        """The error again."""
        found = self.kind.__new__(self.kind)
        found.args = self.arguments
        found.__dict__.update(self.state)
        return found


def done(function: Callable[..., Any], arguments: tuple[Any, ...]) -> ReadingOutcome:
    """What comes of calling ``function``."""
    try:
        return ReadingOutcome("value", function(*arguments))
    except MemoryError:
        return ReadingOutcome("memory")
    except Exception as error:  # noqa: BLE001 - it is raised again where the task came from
        return ReadingOutcome("error", Raised(type(error), error.args, error.__dict__))


def send(stream: IO[bytes], held: object) -> None:
    """Writes ``held``, its length first."""
    data = pickle.dumps(held)
    stream.write(LENGTH.pack(len(data)) + data)
    stream.flush()


def receive(stream: IO[bytes]) -> Any:
    """What ``send`` wrote at the other end. Raises EOFError when that is gone."""
    data = _exactly(stream, LENGTH.unpack(_exactly(stream, LENGTH.size))[0])
    return pickle.loads(data)  # noqa: S301 - the other end is this program


def _exactly(stream: IO[bytes], size: int) -> bytes:
    parts: list[bytes] = []
    while size:
        part = stream.read(size)
        if not part:
            raise EOFError
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def confined(task: ReadingTask) -> bytes:
    """The pickled outcome of ``task``, done in a child that is killed at its limits."""
    ours, its = os.pipe()
    child = os.fork()
    if not child:
        os.close(ours)
        _in_child(task, its)
    os.close(its)
    end = monotonic() + task.limits.seconds
    parts: list[bytes] = []
    while select.select([ours], [], [], max(0.0, end - monotonic()))[0]:
        part = os.read(ours, 1 << 20)
        if not part:
            break
        parts.append(part)
    else:
        os.kill(child, signal.SIGKILL)
    os.close(ours)
    _, status = os.waitpid(child, 0)
    if os.waitstatus_to_exitcode(status) == 0:
        return b"".join(parts)
    late = monotonic() >= end or (os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU)
    return pickle.dumps(ReadingOutcome("time" if late else "memory"))


def _in_child(task: ReadingTask, out: int) -> None:
    """Does ``task`` under its limits, writes its outcome to ``out``, and ends this process."""
    code = 1
    try:
        _limit(task.limits)
        function = getattr(import_module(task.module), task.name)
        data = pickle.dumps(done(function, task.arguments))
        with os.fdopen(out, "wb") as stream:
            stream.write(data)
        code = 0
    finally:
        os._exit(code)


def _limit(limits: ReadingLimits) -> None:
    """Bounds this process; its core is never written, for it may hold persons' data."""
    most = limits.memory + _memory_in_use()
    for kind, value in (
        (resource.RLIMIT_AS, most),
        (resource.RLIMIT_CPU, limits.seconds),
        (resource.RLIMIT_FSIZE, limits.memory),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        bound = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (bound, bound))


def _memory_in_use() -> int:
    statm = Path("/proc/self/statm")
    pages = int(statm.read_text().split()[0]) if statm.exists() else 0
    return pages * resource.getpagesize()


def main() -> None:
    """Does tasks until standard input ends."""
    warnings.simplefilter("ignore", DeprecationWarning)
    tasks, outcomes = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    for name in _PRELOADED:
        import_module(name)
    while True:
        try:
            task = receive(tasks)
        except EOFError:
            return
        data = confined(task)
        outcomes.write(LENGTH.pack(len(data)) + data)
        outcomes.flush()
