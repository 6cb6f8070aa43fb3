"""What a scenario leaves to its base: seats, seed and date that neither it nor the round states."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from admissions.model.messages import Message, message


@dataclass(frozen=True)
class Inherited:
    """Seats by offering, seed and date that decide a run and come from ``base`` alone."""

    base: str
    seats: tuple[tuple[str, int], ...]
    seed: int | None
    rules_on: dt.date | None

    def __bool__(self) -> bool:
        return bool(self.seats) or self.seed is not None or self.rules_on is not None

    def said(self) -> Message:
        """All of it, to be said aloud."""
        return message("rulebooks.from-base", base=self.base, found=self.found())

    def found(self) -> tuple[Message, ...]:
        """Each thing by itself."""
        seats = tuple(f"{offering} {seats}" for offering, seats in self.seats)
        told = [message("rulebooks.base-seats", seats=seats)] if seats else []
        if self.seed is not None:
            told.append(message("rulebooks.base-seed", seed=self.seed))
        if self.rules_on is not None:
            told.append(message("rulebooks.base-date", day=self.rules_on))
        return tuple(told)
