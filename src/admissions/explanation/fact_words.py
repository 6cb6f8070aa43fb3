"""The facts in words."""

from __future__ import annotations

from admissions.explanation.reasons import FactValue
from admissions.model import numbers
from admissions.model.choices import PASSED, choice_words
from admissions.model.fact import Measure
from admissions.model.facts_described import FACTS
from admissions.model.values import number_words, yes_no
from admissions.model.vocabulary import Language
from admissions.model.words import words


def value_words(name: str, value: FactValue, language: Language) -> str:
    """The value of the fact ``name`` with its unit."""
    measure = FACTS[name].measure
    if value is None:
        return words("values", language)["not-documented"]
    if isinstance(value, bool):
        return yes_no(value, language)
    if value == PASSED:
        return words("values", language)["passed"]
    if isinstance(value, str):
        return _text_words(name, measure, value, language)
    return number_words(measure, value, language)


def _text_words(name: str, measure: Measure, value: str, language: Language) -> str:
    if measure == "choice":
        return choice_words(name, value, language)
    return numbers.points(value, language) if measure == "grade" else value
