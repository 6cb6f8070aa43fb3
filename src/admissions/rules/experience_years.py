"""Criterion: the years of experience themselves."""

from __future__ import annotations

from typing import ClassVar

from admissions.model.facts import Facts, Numbers
from admissions.rules import experience
from admissions.rules.base import Criterion, Unit
from admissions.rules.experience import ExperienceSectors


class ExperienceYears(Criterion):
    """The years in ``sectors`` together, in hundredths; more years first.

    An applicant with 2.5 municipal and 1 state year gets 350, before one with 3.49 years.
    """

    kind: ClassVar[str] = "experience-years"
    unit: ClassVar[Unit] = "years"

    sectors: ExperienceSectors

    def reads(self) -> tuple[str, ...]:
        return experience.facts_read(self.sectors)

    def column(self, facts: Facts) -> Numbers:
        return experience.years(facts, self.sectors)
