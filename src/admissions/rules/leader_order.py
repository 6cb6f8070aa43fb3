"""Criterion: the order in which the leader of a service wants own staff to be admitted."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from admissions.model.facts import Facts, Numbers
from admissions.rules.base import Criterion, Role, Unit


class LeaderOrder(Criterion):
    """Named staff before others, the leader's first highest; whoever is not named gets 0.

    When the longest list here names three, first, second and third get 3, 2 and 1.
    """

    kind: ClassVar[str] = "leader-order"
    role: ClassVar[Role] = "group"
    unit: ClassVar[Unit] = "order"

    def reads(self) -> tuple[str, ...]:
        return ("leader_rank",)

    def column(self, facts: Facts) -> Numbers:
        rank = facts.numbers("leader_rank")
        last = rank.max(initial=0)
        return np.where(facts.documented("leader_rank"), last + 1 - rank, 0)
