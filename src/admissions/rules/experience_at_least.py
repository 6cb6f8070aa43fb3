"""Criterion: those with at least so many years of experience first."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from pydantic import Field

from admissions.model.facts import Facts, Numbers
from admissions.rules import experience
from admissions.rules.base import Criterion, Role, Unit
from admissions.rules.experience import ExperienceSectors
from admissions.rules.parameters import Years


class ExperienceAtLeast(Criterion):
    """1 with at least ``years`` in ``sectors`` together, else 0.

    With 2 years, an applicant with 1.99 years stands behind one with 2.00.
    """

    kind: ClassVar[str] = "experience-at-least"
    role: ClassVar[Role] = "tier"
    unit: ClassVar[Unit] = "yes-no"

    sectors: ExperienceSectors
    years: Years = Field(ge=1)

    def reads(self) -> tuple[str, ...]:
        return experience.facts_read(self.sectors)

    def column(self, facts: Facts) -> Numbers:
        return (experience.years(facts, self.sectors) >= self.years).astype(np.int64)
