"""Criterion: the bachelor grade as points."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from admissions.model import numbers
from admissions.model.facts import Facts, Flags, Numbers
from admissions.model.hundredths import NOT_DOCUMENTED, REST
from admissions.model.vocabulary import Language
from admissions.rules.base import Criterion, decimals_of
from admissions.rules.parameters import Points


class GradePoints(Criterion):
    """The grade average (A = 5 … E = 1), rounded half up to ``decimals``, times ``factor``.

    What is rounded is the number that the file states, once: 4.449 is 4.4 with one decimal.

    With factor 10 a grade of 4.25 is 42.5 points. A degree with no mark but "passed" counts as
    ``passed``. A grade that is not documented gives no points (cell -1, behind every grade), or
    makes the application not qualified.
    """

    kind: ClassVar[str] = "grade-points"

    factor: int = Field(ge=1)
    decimals: Literal[0, 1, 2]
    passed: Points = Field(ge=0, le=5_00)
    not_documented: Literal["no-points", "not-qualified"]

    @property
    def counts_passed_as(self) -> int:
        return self.passed

    @property
    def shown_decimals(self) -> int:
        return decimals_of(self._step * self.factor)

    def most_points(self) -> int:
        return 5_00 * self.factor

    def spoken(self, name: str, language: Language) -> str:
        if name == "most":
            return numbers.hundredths(self.most_points(), language)
        if name == "factor":
            times = self.kind_words()["times"].in_(language)
            return "" if self.factor == 1 else times.format(self.factor)
        return super().spoken(name, language)

    @property
    def _step(self) -> int:
        return {0: 100, 1: 10, 2: 1}[self.decimals]

    def reads(self) -> tuple[str, ...]:
        return ("bachelor_grade",)

    def column(self, facts: Facts) -> Numbers:
        passed = facts.passed("bachelor_grade")
        grade = np.where(passed, self.passed, facts.numbers("bachelor_grade"))
        rounded = (grade + self._step // 2) // self._step * self._step
        if self.decimals == 2:
            rounded += ~passed & (2 * facts.rest("bachelor_grade") >= REST)
        return np.where(grade == NOT_DOCUMENTED, NOT_DOCUMENTED, rounded * self.factor)

    def qualifies(self, facts: Facts) -> Flags:
        if self.not_documented == "no-points":
            return super().qualifies(facts)
        return self.documents(facts)

    def documents(self, facts: Facts) -> Flags:
        return facts.documented("bachelor_grade")
