"""Tie-break: the older applicant first."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np

from admissions.model.facts import Facts, Numbers
from admissions.rules.base import TieBreak

_BEHIND_ALL_DATES = -1_0000_00_00


class OldestFirst(TieBreak):
    """Minus the birth date as yyyymmdd, so that whoever was born first stands first.

    Of two with equal points, one born on 1980-05-17 stands before one born on 1980-05-18. Whose
    birth date is not documented stands ``last``.
    """

    kind: ClassVar[str] = "oldest-first"

    not_documented: Literal["last"]

    def reads(self) -> tuple[str, ...]:
        return ("birth_date",)

    def column(self, facts: Facts) -> Numbers:
        return np.where(
            facts.documented("birth_date"), -facts.numbers("birth_date"), _BEHIND_ALL_DATES
        )
