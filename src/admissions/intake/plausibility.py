"""What can be so, and hardly is: notes on a round's files, one a kind, with the first rows named.

Nothing here changes what is read. Each function looks for one kind of oddity in one table.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from admissions.intake.findings import Findings
from admissions.intake.grid import UNREADABLE
from admissions.intake.municipality_numbers import (
    FIRST_YEAR,
    LAST_YEAR,
    MADE_UP_FROM,
    in_year,
    numbers,
)
from admissions.intake.typed import Typed
from admissions.model.columns import fold
from admissions.model.messages import message
from admissions.model.round import RoundSettings
from admissions.model.tables import APPLICANTS, APPLICATIONS
from admissions.model.vocabulary import VOCABULARIES

FIRST_NAMED = 5
"""So many rows of a kind are named; the others are counted."""

WORK_BEGINS, LONGEST_EXPERIENCE = 16, 50
YOUNGEST, OLDEST = 18, 80
SMALLEST_BACHELOR = 60
"""A bachelor's degree of fewer ECTS than this is none; one year of study has 60."""

FAR_YEARS = 1
"""A date that lies more years than this from the round's year is noted."""

_EXPERIENCE = ("experience_municipal", "experience_state", "experience_private")
_NOT_SHOWN = ("national-id",)
"""Kinds whose values are not repeated: they do not belong here at all."""

_ECTS = ("bachelor_ects", "education_ects", "relevant_education_ects")
_IN_THOUSANDS = ("employees", "need", *_ECTS)
_SUMS = {fold(word) for word in ("sum", "total", "totalt", "i alt", "til sammen", "summer")}
_DIGIT = re.compile(r"[0-9]")
_NATIONAL_ID = re.compile(r"^[0-9]{6} ?[0-9]{5}$", re.MULTILINE)
_SCIENTIFIC = re.compile(r"^[0-9](?:[.,][0-9]+)?[eE]\+?[0-9]+$", re.MULTILINE)
_THOUSANDS = re.compile(r"^[1-9][0-9]{0,2}\.[0-9]{3}$", re.MULTILINE)
_GARBLED = re.compile("[ÃÂ][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|�|√[∏•∂Ü]")
"""UTF-8 read as cp1252 or Latin-1 ("Ã¸", "Ã…"), a lost letter, or UTF-8 read as Mac Roman."""

_ALIKE = str.maketrans(
    {
        **dict.fromkeys("OoОоΟο", "0"),
        **dict.fromkeys("IilLІіΙ", "1"),
        **dict(zip("АВЕКМНРСТХаеорсух", "ABEKMHPCTXAEOPCYX", strict=True)),
    }
)
"""Letters and digits that look the same: O and 0, I, l and 1, Cyrillic and Latin."""


def note_oddities(tables: Mapping[str, Typed], settings: RoundSettings, findings: Findings) -> None:
    """Notes in ``findings`` what is hardly meant in ``tables`` (by name) and ``settings``."""
    year = _year(settings)
    for typed in tables.values():
        _odd_ids(typed, findings)
        _odd_texts(typed, findings)
        if year is not None:
            _municipalities(typed, year, findings)
    people = tables[APPLICANTS.name]
    if len(people):
        _sizes(people, findings)
        _education(people, findings)
        _experience(people, year, findings)
    if year is not None:
        _ages(people, year, findings)
        _recommendations(tables[APPLICATIONS.name], year, findings)
        _deadline(settings, year, findings)


def _year(settings: RoundSettings) -> int | None:
    """The round's year, as far as its settings tell."""
    day = settings.rules_on or settings.answer_deadline
    return settings.year or (None if day is None else day.year)


def _note(
    typed: Typed,
    name: str,
    odd: NDArray[np.bool_],
    code: str,
    findings: Findings,
    **values: object,
) -> None:
    """One note on the column ``name`` where ``odd`` is True: how many rows, the first of them."""
    places = np.flatnonzero(odd)
    if not len(places):
        return
    first = places[:FIRST_NAMED]
    shown = name in typed.texts and code not in _NOT_SHOWN
    texts = typed.texts[name].at(first) if shown else [""] * len(first)
    rows = [
        message("oddities.row-with", row=row, value=text)
        if text
        else message("problems.row", row=row)
        for row, text in zip(typed.rows[first].tolist(), texts, strict=True)
    ]
    more = len(places) - len(rows)
    where = message("oddities.and-more" if more else "oddities.rows", rows=rows, more=more)
    said = message(f"oddities.{code}", where=where, **values)
    findings.note(typed.file, said, column=typed.header(name))


def _matching(typed: Typed, name: str, fits: Callable[[str], bool]) -> NDArray[np.bool_]:
    """Where the text of the column ``name`` fits."""
    if name not in typed.texts:
        return np.zeros(len(typed), np.bool_)
    texts = typed.texts[name]
    fitting = [text not in ("", UNREADABLE) and fits(text) for text in texts.uniques]
    found: NDArray[np.bool_] = np.array(fitting, np.bool_)[texts.codes]
    return found


def _written(typed: Typed, name: str, pattern: re.Pattern[str]) -> NDArray[np.bool_]:
    """Where the text of the column ``name`` is written as ``pattern``, which stands for a line.

    One search through all texts tells that none is, as a rule.
    """
    if name in typed.texts and not pattern.search("\n".join(typed.texts[name].uniques)):
        return np.zeros(len(typed), np.bool_)
    return _matching(typed, name, lambda text: bool(pattern.fullmatch(text)))


def _odd_ids(typed: Typed, findings: Findings) -> None:
    for name in ("person_id", "service_id"):
        if name in typed.texts and typed.texts[name].uniques:
            _note(typed, name, _matching(typed, name, _is_sum), "sum-row", findings)
            _note(typed, name, _written(typed, name, _SCIENTIFIC), "scientific", findings)
            _alike(typed, name, findings)
    _note(typed, "person_id", _written(typed, "person_id", _NATIONAL_ID), "national-id", findings)


def _is_sum(text: str) -> bool:
    return not _DIGIT.search(text) and fold(text) in _SUMS


def _alike(typed: Typed, name: str, findings: Findings) -> None:
    """Ids that differ in case, or in letters that look the same: perhaps one person or service."""
    texts = [text for text in typed.texts[name].uniques if text not in ("", UNREADABLE)]
    keys = [text.translate(_ALIKE).casefold() for text in texts]
    if len(set(keys)) == len(keys):
        return
    groups: dict[str, list[str]] = {}
    for key, text in zip(keys, texts, strict=True):
        groups.setdefault(key, []).append(text)
    twins = {text for group in groups.values() if len(group) > 1 for text in group}
    _note(typed, name, _matching(typed, name, twins.__contains__), "alike", findings)


def _odd_texts(typed: Typed, findings: Findings) -> None:
    """Names whose letters were lost on the way, and numbers that a thousands dot made small."""
    for name in typed.texts:
        if typed.columns[name].dtype == object:
            garbled = _matching(typed, name, lambda text: bool(_GARBLED.search(text)))
            _note(typed, name, garbled, "garbled", findings)
        elif name in _IN_THOUSANDS:
            _note(typed, name, _written(typed, name, _THOUSANDS), "thousands", findings)


def _municipalities(typed: Typed, year: int, findings: Findings) -> None:
    """Numbers that no municipality had in the round's year, and what they were then.

    A round of ``year`` lasts into the next one, so that the next year's numbers are its own too.
    Years beside the register are not judged.
    """
    name = "municipality_no"
    if name not in typed.texts or not FIRST_YEAR <= year <= LAST_YEAR:
        return
    for text in sorted(set(typed.texts[name].uniques) - {"", UNREADABLE}):
        if text >= MADE_UP_FROM:
            continue
        number = numbers().get(text)
        if number is not None and (number.held_in(year) or number.held_in(year + 1)):
            continue
        here = _matching(typed, name, text.__eq__)
        then = [
            message("oddities.number", no=other.no, name=other.name)
            for other in in_year(text, year)
        ]
        if then:
            _note(typed, name, here, "no-such-number", findings, no=text, year=year, then=then)
        else:
            _note(typed, name, here, "never-a-number", findings, no=text)


def _sizes(people: Typed, findings: Findings) -> None:
    """ECTS that no study has: "1.80" for 180, read as 1.8; a bachelor's degree of a few.

    Studies are measured in halves; a thousands dot has a note of its own.
    """
    for name in _ECTS:
        if name not in people.texts:
            continue
        size = people.columns[name]
        odd = (size > 0) & (size % 50 != 0) & ~_written(people, name, _THOUSANDS)
        _note(people, name, odd, "no-such-size", findings)
        if name == "bachelor_ects":
            small = (size > 0) & (size < 100 * SMALLEST_BACHELOR) & ~odd
            _note(people, name, small & ~_written(people, name, _THOUSANDS), "small", findings)


def _education(people: Typed, findings: Findings) -> None:
    """Relevant education above all education, and a master without ECTS."""
    relevant, every = people.columns["relevant_education_ects"], people.columns["education_ects"]
    _note(people, "relevant_education_ects", relevant > every, "relevant-above-all", findings)
    none = VOCABULARIES["master"].index("none")
    if "education_ects" in people.texts:
        without = (people.columns["master"] != none) & (every == 0)
        _note(people, "master", without, "master-without-ects", findings)


def _experience(people: Typed, year: int | None, findings: Findings) -> None:
    """More years of work than a life of that length has room for."""
    years = sum(people.columns[name] for name in _EXPERIENCE) // 100
    age = np.full(len(people), LONGEST_EXPERIENCE + WORK_BEGINS)
    born = people.columns["birth_date"] // 10_000
    if year is not None:
        age = np.where(born > 0, np.minimum(age, year - born), age)
    stated = [name for name in _EXPERIENCE if name in people.texts]
    if stated:
        odd = years > np.maximum(age - WORK_BEGINS, 0)
        _note(people, stated[0], odd, "experience", findings)


def _ages(people: Typed, year: int, findings: Findings) -> None:
    born = people.columns["birth_date"] // 10_000
    age = year - born
    odd = (born > 0) & ((age < YOUNGEST) | (age > OLDEST))
    _note(people, "birth_date", odd, "age", findings, year=year)


def _recommendations(applications: Typed, year: int, findings: Findings) -> None:
    given = applications.columns["recommendation_date"] // 10_000
    odd = (given > 0) & (abs(given - year) > FAR_YEARS)
    _note(applications, "recommendation_date", odd, "far-date", findings, year=year)


def _deadline(settings: RoundSettings, year: int, findings: Findings) -> None:
    day = settings.answer_deadline
    if day is not None and abs(day.year - year) > FAR_YEARS:
        said = message("oddities.far-deadline", day=day, year=year)
        findings.note(message("problems.the-round"), said, column="answer_deadline")
