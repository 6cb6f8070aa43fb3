"""Requirement: at least so many years of experience."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from pydantic import Field

from admissions.model.facts import Facts, Numbers
from admissions.rules import experience
from admissions.rules.base import Requirement
from admissions.rules.experience import ExperienceSectors
from admissions.rules.parameters import Years


class MinimumExperience(Requirement):
    """Met with at least ``years`` in ``sectors`` together.

    With 3 years, an applicant with 1.5 municipal and 1.5 private years is qualified, one with
    2.99 years is not.
    """

    kind: ClassVar[str] = "minimum-experience"

    sectors: ExperienceSectors
    years: Years = Field(ge=1)

    def reads(self) -> tuple[str, ...]:
        return experience.facts_read(self.sectors)

    def column(self, facts: Facts) -> Numbers:
        return (experience.years(facts, self.sectors) >= self.years).astype(np.int64)
