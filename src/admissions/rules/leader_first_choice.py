"""Criterion: every leader's first choice before all others."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from admissions.model.facts import Facts, Flags, Numbers
from admissions.rules.base import Criterion, Role, Unit


class LeaderFirstChoice(Criterion):
    """1 for the leader's first among own qualified applicants here, else 0.

    When the person a leader names first is not qualified, the next named is the first choice.
    """

    kind: ClassVar[str] = "leader-first-choice"
    role: ClassVar[Role] = "group"
    unit: ClassVar[Unit] = "yes-no"

    def reads(self) -> tuple[str, ...]:
        return ("leader_rank",)

    def column(self, facts: Facts) -> Numbers:
        first: Flags = facts.numbers("leader_rank") == 1
        return first.astype(np.int64)
