"""Criterion: those without leader responsibility in their service first."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from admissions.model.facts import Facts, Numbers
from admissions.rules.base import Criterion, Role, Unit
from admissions.rules.parameters import Positions


class NoLeaderResponsibility(Criterion):
    """0 for whoever has one of ``positions``, personnel responsibility or leader tasks, else 1.

    With ``["leader", "deputy-leader"]`` a professional lead without leader tasks and personnel
    responsibility gets 1; with leader tasks 0.
    """

    kind: ClassVar[str] = "no-leader-responsibility"
    role: ClassVar[Role] = "tier"
    unit: ClassVar[Unit] = "yes-no"

    positions: Positions

    def reads(self) -> tuple[str, ...]:
        return ("position", "personnel_responsibility", "leader_tasks")

    def column(self, facts: Facts) -> Numbers:
        leads = (
            facts.one_of("position", self.positions)
            | facts.flags("personnel_responsibility")
            | facts.flags("leader_tasks")
        )
        return (~leads).astype(np.int64)
