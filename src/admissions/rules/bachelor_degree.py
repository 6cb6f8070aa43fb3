"""Requirement: a three-year bachelor's degree or equivalent."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from pydantic import Field

from admissions.model.facts import Facts, Numbers
from admissions.rules.base import Requirement
from admissions.rules.parameters import Ects


class BachelorDegree(Requirement):
    """Met with at least ``minimum_ects`` of a bachelor's degree; 180 ECTS are three years.

    An applicant with 179 ECTS is not qualified, one with 180 is; so is nobody whose ECTS are
    not documented.
    """

    kind: ClassVar[str] = "bachelor-degree"

    minimum_ects: Ects = Field(ge=1)

    def reads(self) -> tuple[str, ...]:
        return ("bachelor_ects",)

    def column(self, facts: Facts) -> Numbers:
        return (facts.numbers("bachelor_ects") >= self.minimum_ects).astype(np.int64)
