"""Requirement: the employer's agreement on what the study needs of the workplace."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from admissions.model.facts import Facts, Numbers
from admissions.rules.base import Requirement


class WorkplaceAgreement(Requirement):
    """Met when the workplace enables what the study needs, such as practice as a supervisor.

    An applicant whose employer does not agree is not qualified.
    """

    kind: ClassVar[str] = "workplace-agreement"

    def reads(self) -> tuple[str, ...]:
        return ("workplace_agreement",)

    def column(self, facts: Facts) -> Numbers:
        return facts.flags("workplace_agreement").astype(np.int64)
