"""Criterion: those who supervise others in their organisation first."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from admissions.model.facts import Facts, Numbers
from admissions.rules.base import Criterion, Role, Unit


class SupervisorResponsibility(Criterion):
    """1 for supervisor responsibility in the organisation, documented by the employer, else 0.

    A supervisor with two years of experience stands before a colleague with ten who is none.
    """

    kind: ClassVar[str] = "supervisor-responsibility"
    role: ClassVar[Role] = "tier"
    unit: ClassVar[Unit] = "yes-no"

    def reads(self) -> tuple[str, ...]:
        return ("supervisor_responsibility",)

    def column(self, facts: Facts) -> Numbers:
        return facts.flags("supervisor_responsibility").astype(np.int64)
