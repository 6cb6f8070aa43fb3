"""Requirement: a present work connection to child welfare."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from admissions.model.facts import Facts, Numbers
from admissions.model.values import sector_kinds
from admissions.model.vocabulary import Language
from admissions.rules.base import Requirement
from admissions.rules.parameters import Sectors


class ChildWelfareConnection(Requirement):
    """Met by whoever is now employed in one of ``sectors`` of child welfare.

    With ``["municipal", "state", "private"]`` an applicant whose sector is ``none`` is not
    qualified, however long ago or well the earlier experience was.
    """

    kind: ClassVar[str] = "child-welfare-connection"

    sectors: Sectors

    def spoken(self, name: str, language: Language) -> str:
        if name == "sector_kinds":
            return sector_kinds(self.sectors, language)
        return super().spoken(name, language)

    def reads(self) -> tuple[str, ...]:
        return ("sector",)

    def column(self, facts: Facts) -> Numbers:
        return facts.one_of("sector", self.sectors).astype(np.int64)
