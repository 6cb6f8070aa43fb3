"""Criterion: those with relevant programmes or courses first."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from pydantic import Field

from admissions.model.facts import Facts, Numbers
from admissions.rules.base import Criterion, Role, Unit


class Courses(Criterion):
    """1 with at least ``minimum`` relevant competence programmes or courses, else 0.

    With 1, an applicant with one course is equal to one with five.
    """

    kind: ClassVar[str] = "courses"
    role: ClassVar[Role] = "tier"
    unit: ClassVar[Unit] = "yes-no"

    minimum: int = Field(ge=1)

    def reads(self) -> tuple[str, ...]:
        return ("competence_courses",)

    def column(self, facts: Facts) -> Numbers:
        return (facts.numbers("competence_courses") >= self.minimum).astype(np.int64)
