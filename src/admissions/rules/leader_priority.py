"""Criterion: leaders with personnel responsibility first."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from admissions.model.facts import Facts, Numbers
from admissions.rules.base import Criterion, Role, Unit
from admissions.rules.parameters import Positions


class LeaderPriority(Criterion):
    """1 for one of ``positions`` together with personnel responsibility, else 0.

    With ``["leader", "deputy-leader"]`` a deputy leader with personnel responsibility stands before
    a leader without it, and before a team leader with it.
    """

    kind: ClassVar[str] = "leader-priority"
    role: ClassVar[Role] = "tier"
    unit: ClassVar[Unit] = "yes-no"

    positions: Positions

    def reads(self) -> tuple[str, ...]:
        return ("position", "personnel_responsibility")

    def column(self, facts: Facts) -> Numbers:
        first = facts.one_of("position", self.positions) & facts.flags("personnel_responsibility")
        return first.astype(np.int64)
