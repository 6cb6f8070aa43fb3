"""Group criterion: as many municipalities as possible."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np

from admissions.model.facts import Facts, Numbers
from admissions.rules.base import Group, GroupCriterion, Scope
from admissions.rules.parameters import CountedOver


class SpreadBreadth(GroupCriterion):
    """Minus the index in the municipality: every municipality's first, then its second, and so on.

    The best applicant of a municipality at the offering gets 0, the next -1. Whose municipality is
    not documented stands ``last``, one behind everybody. ``counted_over = "round"`` counts over the
    whole round instead, each person once, at the first wish, by rank there. That can be gamed: with
    another order of wishes, or by qualifying for one offering less, one can be counted elsewhere
    and pass a colleague from the same municipality.
    """

    kind: ClassVar[str] = "spread-breadth"

    not_documented: Literal["last"]
    counted_over: CountedOver = "offering"

    @property
    def scope(self) -> Scope:
        return self.counted_over

    @property
    def group(self) -> Group:
        return "municipality"

    def reads(self) -> tuple[str, ...]:
        return ("municipality", "index")

    def column(self, facts: Facts) -> Numbers:
        index = facts.numbers("index")
        behind = index.max(initial=0) + 1
        return -np.where(self.counted(facts), index, behind)
