"""What waits for somebody, as the first page shows it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ToDo:
    """One thing to do: the page where it is done, in words, how many there are, and more."""

    where: str
    what: str
    count: int | None = None
    more: str = ""
