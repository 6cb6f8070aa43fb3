"""Types of parameters that several kinds of rules have, and how their values are said."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from admissions.model import numbers
from admissions.model.hundredths import Hundredths
from admissions.model.speech import Said
from admissions.model.values import choices_words, number_words
from admissions.model.vocabulary import Position, Sector
from admissions.model.words import words
from admissions.rules.base import Scope

Points = Annotated[Hundredths, Said(numbers.hundredths)]
Years = Annotated[Hundredths, Said(lambda value, language: number_words("years", value, language))]
Ects = Annotated[Hundredths, Said(lambda value, language: number_words("ects", value, language))]
PercentOfPost = Annotated[
    Hundredths, Said(lambda value, language: number_words("percent", value, language))
]
AcrossTiers = Annotated[
    bool,
    Said(lambda value, language: words("values", language)[f"across-tiers.{str(value).lower()}"]),
]
CountedOver = Annotated[
    Scope, Said(lambda value, language: words("values", language)[f"counted-over.{value}"])
]
Sectors = Annotated[
    tuple[Sector, ...],
    Field(min_length=1),
    Said(lambda values, language: choices_words("sector", values, language)),
]
Positions = Annotated[
    tuple[Position, ...],
    Field(min_length=1),
    Said(lambda values, language: choices_words("position", values, language)),
]
