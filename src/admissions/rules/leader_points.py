"""Criterion: points for those whom the leader names."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from pydantic import Field

from admissions.model.facts import Facts, Numbers
from admissions.model.hundredths import Hundredths
from admissions.rules.base import Criterion, Role, decimals_of


class LeaderPoints(Criterion):
    """``points`` for the leader's first, second … among own qualified applicants here.

    With ``[3, 2, 1]`` the leader's third gets 1 point, the fourth and whoever is not named none.
    """

    kind: ClassVar[str] = "leader-points"
    role: ClassVar[Role] = "group"

    points: tuple[Hundredths, ...] = Field(min_length=1)

    @property
    def shown_decimals(self) -> int:
        return decimals_of(*self.points)

    def reads(self) -> tuple[str, ...]:
        return ("leader_rank",)

    def column(self, facts: Facts) -> Numbers:
        by_rank = np.array([0, *self.points, 0], dtype=np.int64)
        return by_rank[np.clip(facts.numbers("leader_rank"), 0, len(self.points) + 1)]
