"""Group criterion: as many municipalities as possible."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np

from admissions.model.facts import Facts, Numbers
from admissions.rules.base import GroupCriterion


class SpreadBreadth(GroupCriterion):
    """Minus the index in the municipality: every municipality's first, then its second, and so on.

    The best applicant of a municipality in the whole round gets 0, the next -1. Whose municipality
    is not documented stands ``last``, one behind everybody.
    """

    kind: ClassVar[str] = "spread-breadth"
    scope: ClassVar[Literal["offering", "round"]] = "round"

    not_documented: Literal["last"]

    @property
    def group(self) -> Literal["service", "municipality"]:
        return "municipality"

    def reads(self) -> tuple[str, ...]:
        return ("municipality", "index")

    def column(self, facts: Facts) -> Numbers:
        index = facts.numbers("index")
        behind = index.max(initial=0) + 1
        return -np.where(self.counted(facts), index, behind)
