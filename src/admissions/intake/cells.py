"""What one cell's text means: numbers, dates, yes/no, closed lists and grades."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Callable, Collection
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from admissions.model import hundredths
from admissions.model.choices import NO, PASSED_SPELLINGS, YES
from admissions.model.columns import Column, fold, words_of
from admissions.model.hundredths import NOT_DOCUMENTED, REST

LONGEST_TEXT = 200
_MOST_DECIMALS = 15
PASSED_GRADE = -2
"""A bachelor grade that is only ``passed``."""

_NUMBER = re.compile(r"[+-]?[0-9]{1,12}(?:[.,][0-9]{1,30})?")
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ]00:00(?::00)?)?")
_DOTTED = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})(?: 00:00(?::00)?)?")
_YES_NO = dict.fromkeys(YES.split(), 1) | dict.fromkeys(NO.split(), 0)
_PASSED = {fold(word) for word in PASSED_SPELLINGS.split()}
_LETTERS = {"a": 500, "b": 400, "c": 300, "d": 200, "e": 100}
_OLD_SCALE = ((22, 500), (25, 400), (27, 300), (30, 200), (40, 100))
"""Facts §8: the highest old mark (in tenths) of each letter, and its grade in hundredths."""


class Reading(NamedTuple):
    """A cell's value, and what to say about it ("" for nothing)."""

    value: int
    note: str = ""


class UnreadableError(ValueError):
    """The text is no such value; the message says what was expected."""


Reader = Callable[[str], Reading]


def reader(column: Column) -> Reader:
    """What reads a non-empty cell of ``column``; it raises UnreadableError.

    Values are those of ``Round``: hundredths, whole numbers, yyyymmdd, 0/1, list positions.
    """
    if column.kind == "number":
        return lambda text: _number(text, column)
    if column.kind == "whole":
        return lambda text: _whole(text, column)
    if column.kind == "date":
        return _date
    if column.kind == "yes-no":
        return _yes_no
    if column.kind == "list":
        words = words_of(column)
        return lambda text: _word(text, column.values, words)
    raise ValueError(f"a {column.kind} column has no reader")


def default_value(column: Column) -> int:
    """What an absent column or an empty cell means."""
    if column.default is None:
        return NOT_DOCUMENTED
    return reader(column)(column.default).value


def text_fault(text: str) -> str:
    """What was expected of ``text`` as an id or a name; "" when it is as it should be."""
    if len(text) > LONGEST_TEXT:
        return f"expected at most {LONGEST_TEXT} characters, found {len(text)}"
    if not text.isprintable():
        return "expected text on one line without control or invisible characters"
    return ""


def with_hint(expected: str, text: str, known: Collection[str]) -> str:
    """``expected`` with ``. Maybe x`` for the word of ``known`` most like ``text``, if any is."""
    close = difflib.get_close_matches(text.casefold(), known, n=1)
    return f"{expected}. Maybe {close[0]}" if close else expected


def _range(column: Column) -> str:
    if column.high >= 10_000:
        return f"of at least {column.low}, at most {column.high}"
    return f"from {column.low} to {column.high}"


def _number(text: str, column: Column) -> Reading:
    expected = f"expected a number {_range(column)}"
    percent = column.name == "post_percent"
    digits = text.removesuffix("%").rstrip() if percent else text
    if not _NUMBER.fullmatch(digits):
        raise UnreadableError(expected)
    value, rest = hundredths.from_text(digits)
    if not 100 * column.low <= value <= 100 * column.high - (rest > 0):
        raise UnreadableError(expected)
    if rest:
        return Reading(value, f"more than two decimals, cut to {hundredths.to_text(value)}")
    if percent and 0 < value <= 100:
        return Reading(value, f"read as {hundredths.to_text(value)} per cent. Maybe 100 times that")
    return Reading(value)


def _whole(text: str, column: Column) -> Reading:
    expected = f"expected a whole number {_range(column)}"
    if not _NUMBER.fullmatch(text):
        raise UnreadableError(expected)
    value = Decimal(text.replace(",", "."))
    if value != int(value) or not column.low <= value <= column.high:
        raise UnreadableError(expected)
    return Reading(int(value))


def _date(text: str) -> Reading:
    if match := _ISO.fullmatch(text):
        year, month, day = (int(part) for part in match.groups())
    elif match := _DOTTED.fullmatch(text):
        day, month, year = (int(part) for part in match.groups())
    else:
        raise UnreadableError("expected a date as 2019-08-01 or 01.08.2019")
    try:
        dt.date(year, month, day)
    except ValueError:
        raise UnreadableError("expected a date that exists") from None
    if not 1900 <= year < 2200:
        raise UnreadableError("expected a date from 1900 to 2199")
    return Reading(year * 10_000 + month * 100 + day)


def _yes_no(text: str) -> Reading:
    try:
        return Reading(_YES_NO[text.casefold()])
    except KeyError:
        raise UnreadableError("expected yes or no (ja or nei, true or false, 1 or 0)") from None


def _word(text: str, values: tuple[str, ...], words: dict[str, str]) -> Reading:
    value = words.get(fold(text))
    if value is None:
        close = difflib.get_close_matches(fold(text), words, n=1)
        hint = f". Maybe {words[close[0]]}" if close else ""
        raise UnreadableError(f"expected one of: {', '.join(values)}{hint}")
    return Reading(values.index(value))


def grade(text: str) -> Reading:
    """A bachelor grade on the scale ``a-e`` in parts of hundredths (REST), or ``PASSED_GRADE``.

    It is kept as stated: only what is beyond fifteen decimals is cut.
    """
    expected = "expected a grade 1-5 (5 = A), a letter A-E, or passed"
    if fold(text) in _PASSED:
        return Reading(PASSED_GRADE)
    if text.lower() in _LETTERS:
        return Reading(_LETTERS[text.lower()] * REST)
    if not _NUMBER.fullmatch(text):
        raise UnreadableError(expected)
    whole, rest = hundredths.from_text(text)
    value = whole * REST + rest
    if not 100 * REST <= value <= 500 * REST:
        raise UnreadableError(expected)
    cut = len(re.sub(r"^[^.,]*[.,]?", "", text)) > _MOST_DECIMALS
    note = f"more than {_MOST_DECIMALS} decimals, the rest is cut" if cut else ""
    return Reading(value, note)


def old_grade(text: str) -> Reading:
    """A bachelor grade on the old scale (1.0 best): to one decimal half up, then facts §8's table.

    Gives the letter's grade in parts of hundredths (``old_grade("2,25").value == 400 * REST``, a
    B), or ``PASSED_GRADE``.
    """
    expected = "expected a grade 1.0-4.0 on the old scale (1.0 is best), or passed"
    if fold(text) in _PASSED:
        return Reading(PASSED_GRADE)
    if not _NUMBER.fullmatch(text):
        raise UnreadableError(expected)
    tenths = (Decimal(text.replace(",", ".")) * 10).to_integral_value(rounding=ROUND_HALF_UP)
    if tenths < 10:
        raise UnreadableError(expected)
    for highest, value in _OLD_SCALE:
        if tenths <= highest:
            return Reading(value * REST)
    raise UnreadableError(expected)
