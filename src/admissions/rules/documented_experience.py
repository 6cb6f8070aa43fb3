"""Requirement: the experience that is stated is also documented."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from admissions.model.facts import Facts, Numbers
from admissions.rules.base import Requirement


class DocumentedExperience(Requirement):
    """Met by whoever documents relevant experience.

    An applicant who states ten years and documents none is not qualified.
    """

    kind: ClassVar[str] = "documented-experience"

    def reads(self) -> tuple[str, ...]:
        return ("experience_documented",)

    def column(self, facts: Facts) -> Numbers:
        return facts.flags("experience_documented").astype(np.int64)
