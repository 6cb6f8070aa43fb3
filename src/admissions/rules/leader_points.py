"""Criterion: points for those whom the leader names."""

from __future__ import annotations

from typing import Annotated, ClassVar

import numpy as np
from pydantic import Field

from admissions.model import numbers
from admissions.model.facts import Facts, Numbers
from admissions.model.hundredths import Hundredths
from admissions.model.speech import Said
from admissions.model.vocabulary import Language
from admissions.rules.base import Criterion, Role, decimals_of


def _in_turn(points: tuple[int, ...], language: Language) -> str:
    return numbers.listed([numbers.hundredths(each, language) for each in points], language)


class LeaderPoints(Criterion):
    """``points`` for the leader's first, second … among own qualified applicants here.

    With ``[3, 2, 1]`` the leader's third gets 1 point, the fourth and whoever is not named none.
    """

    kind: ClassVar[str] = "leader-points"
    role: ClassVar[Role] = "group"

    points: Annotated[tuple[Hundredths, ...], Field(min_length=1), Said(_in_turn)]

    @property
    def shown_decimals(self) -> int:
        return decimals_of(*self.points)

    def reads(self) -> tuple[str, ...]:
        return ("leader_rank",)

    def column(self, facts: Facts) -> Numbers:
        by_rank = np.array([0, *self.points, 0], dtype=np.int64)
        return by_rank[np.clip(facts.numbers("leader_rank"), 0, len(self.points) + 1)]
