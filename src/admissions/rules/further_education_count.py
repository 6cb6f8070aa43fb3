"""Criterion: those with most further educations taken before first."""

from __future__ import annotations

from typing import ClassVar

from admissions.model.facts import Facts, Numbers
from admissions.rules.base import Criterion, Unit


class FurtherEducationCount(Criterion):
    """The number of further educations taken before; more first.

    An applicant with two stands before one with one, who stands before one with none.
    """

    kind: ClassVar[str] = "further-education-count"
    unit: ClassVar[Unit] = "count"

    def reads(self) -> tuple[str, ...]:
        return ("further_education_count",)

    def column(self, facts: Facts) -> Numbers:
        return facts.numbers("further_education_count").copy()
