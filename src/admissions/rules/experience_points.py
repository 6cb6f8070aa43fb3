"""Criterion: points for years of experience."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from admissions.model.facts import Facts, Numbers
from admissions.model.vocabulary import Language
from admissions.rules import experience
from admissions.rules.base import Criterion, decimals_of
from admissions.rules.experience import ExperienceSectors
from admissions.rules.parameters import Points, Years


class ExperiencePoints(Criterion):
    """``points_per_year`` for each year in ``sectors`` beyond ``after_years``, to ``maximum``.

    With 0.25 points a completed year and a maximum of 1, 1.99 years give 0.25, 2 years 0.50, and
    four years or more 1. By started years, 1.01 years are two. With ``after_years = 2`` the first
    two years give nothing.
    """

    kind: ClassVar[str] = "experience-points"

    sectors: ExperienceSectors
    points_per_year: Points = Field(ge=1)
    year: Literal["completed", "started"]
    after_years: Years = Field(default=0, ge=0)
    maximum: Points = Field(ge=1)

    @property
    def shown_decimals(self) -> int:
        return decimals_of(self.points_per_year, self.maximum)

    def spoken(self, name: str, language: Language) -> str:
        if name != "after_years":
            return super().spoken(name, language)
        years = super().spoken(name, language)
        return self.kind_words()["after"].in_(language).format(years) if self.after_years else ""

    def reads(self) -> tuple[str, ...]:
        return experience.facts_read(self.sectors)

    def column(self, facts: Facts) -> Numbers:
        beyond = np.maximum(experience.years(facts, self.sectors) - self.after_years, 0)
        if self.year == "started":
            beyond = beyond + 99
        points: Numbers = beyond // 100 * self.points_per_year
        return np.minimum(points, self.maximum)
