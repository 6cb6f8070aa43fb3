"""Years of experience in child welfare, as several kinds of rules count them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from admissions.model.facts import Facts, Numbers
from admissions.model.speech import Said
from admissions.model.values import choices_words

ExperienceSector = Literal["municipal", "state", "private"]
"""The sectors in which an applicant can state experience."""

ExperienceSectors = Annotated[
    tuple[ExperienceSector, ...],
    Field(min_length=1),
    Said(lambda values, language: choices_words("sector", values, language)),
]


def facts_read(sectors: Iterable[ExperienceSector]) -> tuple[str, ...]:
    """The names of the facts that state experience in ``sectors``."""
    return tuple(f"experience_{sector}" for sector in sectors)


def years(facts: Facts, sectors: Iterable[ExperienceSector]) -> Numbers:
    """Each applicant's years in ``sectors`` together, in hundredths, shape (n,)."""
    total = np.zeros(len(facts), dtype=np.int64)
    for name in facts_read(sectors):
        total += facts.numbers(name)
    return total
