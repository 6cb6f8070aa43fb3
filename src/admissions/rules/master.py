"""Criterion: those with a master's degree first."""

from __future__ import annotations

from typing import Annotated, ClassVar

import numpy as np
from pydantic import Field

from admissions.model.facts import Facts, Numbers
from admissions.model.speech import Said
from admissions.model.values import choices_words
from admissions.model.vocabulary import Master as MasterValue
from admissions.rules.base import Criterion, Role, Unit


class Master(Criterion):
    """1 for a master's degree that is one of ``values``, else 0.

    With ``["relevant"]`` a master in child welfare or social work counts, another does not.
    """

    kind: ClassVar[str] = "master"
    role: ClassVar[Role] = "tier"
    unit: ClassVar[Unit] = "yes-no"

    values: Annotated[
        tuple[MasterValue, ...],
        Field(min_length=1),
        Said(lambda values, language: choices_words("master", values, language)),
    ]

    def reads(self) -> tuple[str, ...]:
        return ("master",)

    def column(self, facts: Facts) -> Numbers:
        return facts.one_of("master", self.values).astype(np.int64)
