"""Values in words: numbers with their units, several of a closed list, yes and no."""

from __future__ import annotations

from collections.abc import Sequence

from admissions.model import numbers
from admissions.model.choices import CHOICES, choice_words
from admissions.model.fact import Measure
from admissions.model.vocabulary import Language
from admissions.model.words import counted, words


def number_words(measure: Measure, value: int, language: Language) -> str:
    """A number in words of its measure: 3 år, 60 studiepoeng, 1. august 2019."""
    if measure == "date":
        return numbers.day_of(value, language)
    if measure in ("count", "number"):
        return numbers.whole(value, language)
    if measure == "from-zero":
        return numbers.whole(value + 1, language)
    if measure == "grade":
        return numbers.hundredths(value, language, 2)
    text = numbers.hundredths(value, language)
    if measure == "years":
        return counted("values", language, "years", 1 if value == 100 else 2).format(text)
    if measure in ("ects", "percent"):
        return words("values", language)[measure].format(text)
    return text


def choices_words(name: str, values: Sequence[str], language: Language) -> str:
    """One or the other of ``values``; of sectors, "child welfare" is said once."""
    if name == "sector" and "none" not in values:
        said = words("values", language)["child-welfare"]
        return said.format(sector_kinds(values, language))
    return numbers.listed([choice_words(name, v, language) for v in values], language, "or")


def sector_kinds(sectors: Sequence[str], language: Language) -> str:
    """``sectors``, where it goes without saying that they are of child welfare."""
    said = [words("values", language)[f"sector-kind.{sector}"] for sector in sectors]
    return numbers.listed(said, language, "or")


def yes_no(value: bool, language: Language) -> str:
    """Yes or no."""
    return words("values", language)["yes" if value else "no"]


def named(value: str, language: Language) -> str:
    """What a parameter's value or an assumption's reading is called; itself where it has no words.

    ``named("not required", "nb") == "kreves ikke"``; in English it stands as the rulebook has it.
    """
    if language == "en":
        return value
    reading = words("readings", language).get(f"reading.{value}")
    listed = (one for name in ("sector", "position", "region") for one in CHOICES[name])
    found = (one.words.in_(language) for one in listed if one.value == value)
    return reading or next(found, value)
