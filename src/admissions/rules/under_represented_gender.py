"""Tie-break: the gender with fewer qualified applicants at the offering first."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from admissions.model.facts import Facts, Numbers
from admissions.rules.base import TieBreak, Unit


class UnderRepresentedGender(TieBreak):
    """1 for women where fewer women than men are qualified at the offering, and the other way.

    With 3 qualified men and 30 women, men stand first among equals. Where they are equally many
    nobody is preferred, and neither is anybody whose gender is another or not documented.
    """

    kind: ClassVar[str] = "under-represented-gender"
    unit: ClassVar[Unit] = "yes-no"

    @property
    def of_others(self) -> bool:
        return True

    def reads(self) -> tuple[str, ...]:
        return ("gender", "qualified")

    def column(self, facts: Facts) -> Numbers:
        qualified = facts.flags("qualified")
        women, men = facts.one_of("gender", ["female"]), facts.one_of("gender", ["male"])
        more_women = facts.count(women & qualified) - facts.count(men & qualified)
        preferred = (men & (more_women > 0)) | (women & (more_women < 0))
        return preferred.astype(np.int64)
