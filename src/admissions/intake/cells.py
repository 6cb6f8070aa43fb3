"""What one cell's text means: numbers, dates, yes/no, closed lists and grades."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Callable, Collection
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from admissions.model import hundredths
from admissions.model.choices import CHOICES, NO, PASSED_SPELLINGS, YES, ListedValue
from admissions.model.columns import Column, fold, words_of
from admissions.model.hundredths import NOT_DOCUMENTED, REST
from admissions.model.messages import Message, MessageError, message
from admissions.model.wording import Wording

LONGEST_TEXT = 200
_MOST_DECIMALS = 15
PASSED_GRADE = -2
"""A bachelor grade that is only ``passed``."""

_NUMBER = re.compile(r"[+-]?[0-9]{1,12}(?:[.,][0-9]{1,30})?")
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ]00:00(?::00)?)?")
_DOTTED = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})(?: 00:00(?::00)?)?")
_WITH_TIME = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ][0-9:.]+")
_SERIAL = re.compile(r"[1-9][0-9]{4}")
_SERIALS_FROM = dt.date(1899, 12, 30)
"""From this day a spreadsheet counts days."""

_YES_NO = dict.fromkeys(YES.split(), 1) | dict.fromkeys(NO.split(), 0)
_PASSED = {fold(word) for word in PASSED_SPELLINGS.split()}
_LETTERS = {"a": 500, "b": 400, "c": 300, "d": 200, "e": 100}
_OLD_SCALE = ((22, 500), (25, 400), (27, 300), (30, 200), (40, 100))
"""As sites convert: the highest old mark (in tenths) of each letter, its grade in hundredths."""


class CellRead(NamedTuple):
    """A cell's value, and what to say about it ("" for nothing)."""

    value: int
    note: str | Message = ""


class UnreadableError(MessageError):
    """The text is no such value; the message says what was expected."""


Reader = Callable[[str], CellRead]


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
        return lambda text: _word(text, column, words)
    raise ValueError(f"a {column.kind} column has no reader")


def default_value(column: Column) -> int:
    """What an absent column or an empty cell means."""
    if column.default is None:
        return NOT_DOCUMENTED
    return reader(column)(column.default).value


def text_fault(text: str) -> Message | None:
    """What was expected of ``text`` as an id or a name; None when it is as it should be."""
    if len(text) > LONGEST_TEXT:
        return message("intake.too-long", most=LONGEST_TEXT, found=len(text))
    if not text.isprintable():
        return message("intake.one-line")
    return None


def one_of(text: str, known: Collection[str]) -> Message:
    """That one of ``known`` was expected, with the one most like ``text``, if any is."""
    return message("intake.one-of", known=tuple(known), close=most_like(text, known))


def most_like(text: str, known: Collection[str]) -> str | None:
    """The word of ``known`` most like ``text``, if any is."""
    close = difflib.get_close_matches(text.casefold(), known, n=1)
    return close[0] if close else None


def _in_range(near: str, wide: str, column: Column) -> Message:
    code = wide if column.high >= 10_000 else near
    return message(code, low=column.low, high=column.high)


def _number(text: str, column: Column) -> CellRead:
    expected = _in_range("intake.number", "intake.number-wide", column)
    percent = column.name == "post_percent"
    digits = text.removesuffix("%").rstrip() if percent else text
    if not _NUMBER.fullmatch(digits):
        raise UnreadableError(_perhaps_a_date(text, expected))
    value, rest = hundredths.from_text(digits)
    if not 100 * column.low <= value <= 100 * column.high - (rest > 0):
        raise UnreadableError(expected)
    if rest:
        return CellRead(value, message("intake.cut-to", number=hundredths.to_text(value)))
    if percent and 0 < value <= 100:
        return CellRead(value, message("intake.per-cent", number=hundredths.to_text(value)))
    return CellRead(value)


def _perhaps_a_date(text: str, expected: Message) -> Message:
    """``expected``; of a date the number that a spreadsheet may have made it from: 3.10."""
    match = _ISO.fullmatch(text)
    if match is None:
        return expected
    number = f"{int(match[3])}.{int(match[2])}"
    return message("intake.number-as-date", expected=expected, number=number)


def _no_date(text: str) -> Message:
    """That a date was expected, and what day a spreadsheet's number or a time of day means."""
    if _SERIAL.fullmatch(text):
        day = _SERIALS_FROM + dt.timedelta(days=int(text))
        return message("intake.date-as-number", day=day)
    match = _WITH_TIME.fullmatch(text)
    return message("intake.date") if match is None else message("intake.day-alone", day=match[1])


def _whole(text: str, column: Column) -> CellRead:
    expected = _in_range("intake.whole", "intake.whole-wide", column)
    if not _NUMBER.fullmatch(text):
        raise UnreadableError(expected)
    value = Decimal(text.replace(",", "."))
    if value != int(value) or not column.low <= value <= column.high:
        raise UnreadableError(expected)
    return CellRead(int(value))


def _date(text: str) -> CellRead:
    if match := _ISO.fullmatch(text):
        year, month, day = (int(part) for part in match.groups())
    elif match := _DOTTED.fullmatch(text):
        day, month, year = (int(part) for part in match.groups())
    else:
        raise UnreadableError(_no_date(text))
    try:
        dt.date(year, month, day)
    except ValueError:
        raise UnreadableError(message("intake.no-such-date")) from None
    if not 1900 <= year < 2200:
        raise UnreadableError(message("intake.far-date"))
    return CellRead(year * 10_000 + month * 100 + day)


def _yes_no(text: str) -> CellRead:
    try:
        return CellRead(_YES_NO[text.casefold()])
    except KeyError:
        raise UnreadableError(message("intake.yes-no")) from None


def _word(text: str, column: Column, words: dict[str, str]) -> CellRead:
    value = words.get(fold(text))
    if value is None:
        close = most_like(fold(text), words)
        said = {choice.value: _written(choice) for choice in CHOICES[column.name]}
        raise UnreadableError(
            message(
                "intake.one-of",
                known=tuple(said.values()),
                close=None if close is None else said[words[close]],
            )
        )
    return CellRead(column.values.index(value))


def _written(choice: ListedValue) -> Wording:
    """How a file would state ``choice``: in English by its value, else in words."""
    nb, nn = (_short(words, choice) for words in (choice.words.nb, choice.words.nn))
    return Wording(nb=nb, nn=nn, en=choice.value)


def _short(words: str, choice: ListedValue) -> str:
    """``words``; where they are several, the spelling that stands for them in a file."""
    if " " not in words:
        return words
    spellings = choice.spellings.split()
    return next((text for text in spellings if words.startswith(text)), spellings[0])


def grade(text: str) -> CellRead:
    """A bachelor grade on the scale ``a-e`` in parts of hundredths (REST), or ``PASSED_GRADE``.

    It is kept as stated: only what is beyond fifteen decimals is cut.
    """
    expected = message("intake.grade")
    if fold(text) in _PASSED:
        return CellRead(PASSED_GRADE)
    if text.lower() in _LETTERS:
        return CellRead(_LETTERS[text.lower()] * REST)
    if not _NUMBER.fullmatch(text):
        raise UnreadableError(_perhaps_a_date(text, expected))
    whole, rest = hundredths.from_text(text)
    value = whole * REST + rest
    if not 100 * REST <= value <= 500 * REST:
        raise UnreadableError(expected)
    cut = len(re.sub(r"^[^.,]*[.,]?", "", text)) > _MOST_DECIMALS
    note = message("intake.rest-cut", most=_MOST_DECIMALS) if cut else ""
    return CellRead(value, note)


def old_grade(text: str) -> CellRead:
    """A bachelor grade on the old scale (1.0 best): to one decimal half up, then the sites' table.

    Gives the letter's grade in parts of hundredths (``old_grade("2,25").value == 400 * REST``, a
    B), or ``PASSED_GRADE``.
    """
    expected = message("intake.old-grade")
    if fold(text) in _PASSED:
        return CellRead(PASSED_GRADE)
    if not _NUMBER.fullmatch(text):
        raise UnreadableError(_perhaps_a_date(text, expected))
    tenths = (Decimal(text.replace(",", ".")) * 10).to_integral_value(rounding=ROUND_HALF_UP)
    if tenths < 10:
        raise UnreadableError(expected)
    for highest, value in _OLD_SCALE:
        if tenths <= highest:
            return CellRead(value * REST)
    raise UnreadableError(expected)
