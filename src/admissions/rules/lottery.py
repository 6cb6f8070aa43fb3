"""Tie-break: a published lottery, always last."""

from __future__ import annotations

from typing import ClassVar

from admissions.model.facts import Facts, Numbers
from admissions.rules.base import TieBreak, Unit


class Lottery(TieBreak):
    """Minus the place in the draw, so that whoever is drawn first stands first.

    The draw is ``admissions.ranking.lottery``'s: anyone can recompute it from the published seed.
    """

    kind: ClassVar[str] = "lottery"
    unit: ClassVar[Unit] = "place"
    drawn: ClassVar[bool] = True

    def reads(self) -> tuple[str, ...]:
        return ("lottery_place",)

    def column(self, facts: Facts) -> Numbers:
        return -facts.numbers("lottery_place")
