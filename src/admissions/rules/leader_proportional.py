"""Group criterion: services in proportion to their employees, by the leader's order."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from admissions.model.facts import Facts, Flags, Numbers
from admissions.rules.base import Group, GroupCriterion
from admissions.rules.proportion import sainte_lague


class LeaderProportional(GroupCriterion):
    """The rank of employees / (2·index + 1), Sainte-Laguë's quotient; 1 = the smallest here.

    The index is counted among a service's qualified applicants but the leader's first choice, in
    the leader's order, then the base order: with 9 employees they have 9, 3, 1.8 … A first choice
    has index 0. Without a service, or where its employees are not documented, the cell is 0.
    """

    kind: ClassVar[str] = "leader-proportional"
    by_leader: ClassVar[bool] = True

    @property
    def group(self) -> Group:
        return "service"

    @property
    def of_others(self) -> bool:
        return True

    def counted(self, facts: Facts) -> Flags:
        others: Flags = super().counted(facts) & (facts.numbers("leader_rank") != 1)
        return others

    def reads(self) -> tuple[str, ...]:
        return ("service", "employees", "leader_rank", "index")

    def column(self, facts: Facts) -> Numbers:
        known = facts.documented("service") & facts.documented("employees")
        cells = np.zeros(len(facts), dtype=np.int64)
        cells[known] = sainte_lague(
            facts.numbers("employees")[known], facts.numbers("index")[known]
        )
        return cells
