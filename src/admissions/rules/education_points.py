"""Criterion: points for education beyond the bachelor's degree."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from pydantic import Field

from admissions.model.facts import Facts, Numbers
from admissions.rules.base import Criterion, decimals_of
from admissions.rules.parameters import Ects, Points


class EducationPoints(Criterion):
    """``points`` for each ``per_ects`` completed beyond the bachelor's degree, to ``maximum``.

    With 1 point per 30 ECTS and a maximum of 4, 59 ECTS give 1 point, 60 give 2, and 120 or more
    give 4. With ``relevant_only`` only relevant education counts.
    """

    kind: ClassVar[str] = "education-points"

    points: Points = Field(ge=1)
    per_ects: Ects = Field(ge=1)
    relevant_only: bool
    maximum: Points = Field(ge=1)

    @property
    def shown_decimals(self) -> int:
        return decimals_of(self.points, self.maximum)

    @property
    def _fact(self) -> str:
        return "relevant_education_ects" if self.relevant_only else "education_ects"

    def reads(self) -> tuple[str, ...]:
        return (self._fact,)

    def column(self, facts: Facts) -> Numbers:
        points = facts.numbers(self._fact) // self.per_ects * self.points
        return np.minimum(points, self.maximum)
