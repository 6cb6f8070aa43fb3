"""Criterion: those with more than so many years of experience first."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from pydantic import Field

from admissions.model.facts import Facts, Numbers
from admissions.rules import experience
from admissions.rules.base import Criterion, Role, Unit
from admissions.rules.experience import ExperienceSectors
from admissions.rules.parameters import Years


class ExperienceBeyond(Criterion):
    """1 with more than ``years`` in ``sectors`` together, else 0.

    With 3 years, an applicant with exactly 3.00 years stands behind one with 3.01.
    """

    kind: ClassVar[str] = "experience-beyond"
    role: ClassVar[Role] = "tier"
    unit: ClassVar[Unit] = "yes-no"

    sectors: ExperienceSectors
    years: Years = Field(ge=0)

    def reads(self) -> tuple[str, ...]:
        return experience.facts_read(self.sectors)

    def column(self, facts: Facts) -> Numbers:
        return (experience.years(facts, self.sectors) > self.years).astype(np.int64)
