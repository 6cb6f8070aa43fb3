"""Requirement: a leader position, or leader tasks."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from admissions.model.facts import Facts, Numbers
from admissions.rules.base import Requirement
from admissions.rules.parameters import Positions


class LeaderPosition(Requirement):
    """Met by one of ``positions``, or by holding leader tasks in any position.

    With ``["leader", "deputy-leader"]`` a team leader without leader tasks is not qualified, a
    case worker with leader tasks is.
    """

    kind: ClassVar[str] = "leader-position"

    positions: Positions

    def reads(self) -> tuple[str, ...]:
        return ("position", "leader_tasks")

    def column(self, facts: Facts) -> Numbers:
        met = facts.one_of("position", self.positions) | facts.flags("leader_tasks")
        return met.astype(np.int64)
