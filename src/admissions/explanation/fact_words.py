"""The facts, and the values of the closed lists, in words."""

from __future__ import annotations

from admissions.explanation import numbers
from admissions.explanation.reasons import FactValue
from admissions.model.choices import PASSED, choice_words
from admissions.model.fact import Measure
from admissions.model.facts_described import FACTS
from admissions.model.vocabulary import Language
from admissions.model.wording import words as _w

_PASSED = _w("bare «bestått»", "berre «bestått»", "only “passed”")
_YES = _w("ja", "ja", "yes")
_NO = _w("nei", "nei", "no")
NOT_DOCUMENTED = _w("ikke dokumentert", "ikkje dokumentert", "not documented")
_YEARS = _w("{} år", "{} år", "{} years")
_YEAR = _w("{} år", "{} år", "{} year")
_ECTS = _w("{} studiepoeng", "{} studiepoeng", "{} ECTS")
_PERCENT = _w("{} prosent", "{} prosent", "{} per cent")


def value_words(name: str, value: FactValue, language: Language) -> str:
    """The value of the fact ``name`` with its unit."""
    measure = FACTS[name].measure
    if value is None:
        return NOT_DOCUMENTED.in_(language)
    if isinstance(value, bool):
        return yes_no(value, language)
    if value == PASSED:
        return _PASSED.in_(language)
    if isinstance(value, str):
        return _text_words(name, measure, value, language)
    return number_words(measure, value, language)


def _text_words(name: str, measure: Measure, value: str, language: Language) -> str:
    if measure == "choice":
        return choice_words(name, value, language)
    return numbers.points(value, language) if measure == "grade" else value


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
        return (_YEAR if value == 100 else _YEARS).in_(language).format(text)
    units = {"ects": _ECTS, "percent": _PERCENT}
    return units[measure].in_(language).format(text) if measure in units else text


def yes_no(value: bool, language: Language) -> str:
    """Yes or no."""
    return (_YES if value else _NO).in_(language)
