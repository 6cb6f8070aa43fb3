"""Group criterion: municipalities in proportion to their employees."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np

from admissions.model.facts import Facts, Numbers
from admissions.rules.base import Group, GroupCriterion, Scope
from admissions.rules.parameters import CountedOver
from admissions.rules.proportion import sainte_lague


class SpreadProportional(GroupCriterion):
    """The rank of employees / (2·index + 1), Sainte-Laguë's quotient; 1 = the smallest here.

    A municipality with 90 employees has the quotients 90, 30, 18 …: its second stands before the
    first of one with 29. Where its employees are not documented, one stands ``last`` (cell 0).
    ``counted_over`` as for ``spread-breadth``: over the round it can be gamed.
    """

    kind: ClassVar[str] = "spread-proportional"

    not_documented: Literal["last"]
    counted_over: CountedOver = "offering"

    @property
    def scope(self) -> Scope:
        return self.counted_over

    @property
    def group(self) -> Group:
        return "municipality"

    def reads(self) -> tuple[str, ...]:
        return ("municipality", "municipality_employees", "index")

    def column(self, facts: Facts) -> Numbers:
        known = facts.documented("municipality_employees") & self.counted(facts)
        cells = np.zeros(len(facts), dtype=np.int64)
        cells[known] = sainte_lague(
            facts.numbers("municipality_employees")[known], facts.numbers("index")[known]
        )
        return cells
