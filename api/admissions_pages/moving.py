"""An order that buttons change: one is moved by a place, or to the top."""

from __future__ import annotations

from collections.abc import Sequence

MOVE = ("first", "up", "down")


def moved(those: Sequence[str], move: str) -> tuple[str, ...]:
    """``those`` after ``up:P1``, ``down:P1`` or ``first:P1``; any other text moves nobody."""
    how, _, one = move.partition(":")
    if how not in MOVE or one not in those:
        return tuple(those)
    others = [other for other in those if other != one]
    place = those.index(one)
    to = {"first": 0, "up": max(place - 1, 0), "down": place + 1}[how]
    return (*others[:to], one, *others[to:])
