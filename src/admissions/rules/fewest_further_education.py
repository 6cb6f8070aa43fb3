"""Criterion: those with fewest further educations taken before first."""

from __future__ import annotations

from typing import ClassVar

from admissions.model.facts import Facts, Numbers
from admissions.rules.base import Criterion, Unit


class FewestFurtherEducation(Criterion):
    """Minus the number of further educations taken before; fewer first.

    An applicant with none gets 0 and stands before one with one, who gets -1.
    """

    kind: ClassVar[str] = "fewest-further-education"
    unit: ClassVar[Unit] = "count"

    def reads(self) -> tuple[str, ...]:
        return ("further_education_count",)

    def column(self, facts: Facts) -> Numbers:
        return -facts.numbers("further_education_count")
