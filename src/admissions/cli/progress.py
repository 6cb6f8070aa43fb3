"""How far a solver is, on a terminal only."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from admissions.cli.language import say

if TYPE_CHECKING:
    from admissions.allocation.problem import Progress, Watch

_QUIET_SECONDS = 1.0
_Thing = TypeVar("_Thing")


@contextmanager
def watching() -> Iterator[Watch | None]:
    """What to tell of a solver's progress: a line on the terminal, or None in a pipe."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console

    with Console(stderr=True).status("") as status:
        status.stop()

        def watch(progress: Progress) -> None:
            if progress.seconds >= _QUIET_SECONDS:
                status.start()
                status.update(line(progress))

        yield watch


def line(progress: Progress) -> str:
    """The objective, the best value so far and the bound on it, the time, and how to stop."""
    known = [
        say(word, number=value)
        for word, value in (("best", progress.best), ("bound", progress.bound))
        if value is not None
    ]
    found = ", ".join(known) or say("no-plan-yet")
    return say("progress", sought=progress.sought, found=found, seconds=progress.seconds)


def counted(things: Iterable[_Thing], count: int) -> Iterator[_Thing]:
    """``things`` as they come, ``count`` of them, with a bar where it does not stand in the way."""
    if sys.stdout.isatty():
        yield from things
    else:
        yield from making(things, count)


def making(things: Iterable[_Thing], count: int) -> Iterator[_Thing]:
    """``things`` as they are made, ``count`` of them, with a bar where there is a terminal."""
    if sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import track

        yield from track(things, total=count, console=Console(stderr=True), description="")
    else:
        yield from things
