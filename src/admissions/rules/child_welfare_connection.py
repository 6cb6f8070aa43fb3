"""Requirement: a present work connection to child welfare."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from pydantic import Field

from admissions.model.facts import Facts, Numbers
from admissions.model.vocabulary import Sector
from admissions.rules.base import Requirement


class ChildWelfareConnection(Requirement):
    """Met by whoever is now employed in one of ``sectors`` of child welfare.

    With ``["municipal", "state", "private"]`` an applicant whose sector is ``none`` is not
    qualified, however long ago or well the earlier experience was.
    """

    kind: ClassVar[str] = "child-welfare-connection"

    sectors: tuple[Sector, ...] = Field(min_length=1)

    def reads(self) -> tuple[str, ...]:
        return ("sector",)

    def column(self, facts: Facts) -> Numbers:
        return facts.one_of("sector", self.sectors).astype(np.int64)
