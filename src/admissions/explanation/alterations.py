"""Which facts of a person may be thought otherwise, to which values, and a round where one is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from admissions.explanation.fact_words import PASSED
from admissions.explanation.reasons import FactValue
from admissions.model.hundredths import NOT_DOCUMENTED
from admissions.model.round import Round
from admissions.model.vocabulary import VOCABULARIES
from admissions.rulebooks.limits import RegionMaximum, RegionMinimum
from admissions.rulebooks.rulebook import Version


@dataclass(frozen=True)
class Range:
    """A number fact's possible values, ``low`` to ``high``, in the data's unit (step 1)."""

    low: int
    high: int


CHANGEABLE: dict[str, Range | Literal["yes-no", "choice", "date"]] = {
    "sector": "choice",
    "post_percent": Range(0, 100_00),
    "position": "choice",
    "personnel_responsibility": "yes-no",
    "leader_tasks": "yes-no",
    "supervisor_responsibility": "yes-no",
    "bachelor_ects": Range(0, 300_00),
    "bachelor_grade": Range(1_00, 5_00),
    "experience_municipal": Range(0, 100_00),
    "experience_state": Range(0, 100_00),
    "experience_private": Range(0, 100_00),
    "experience_documented": "yes-no",
    "workplace_agreement": "yes-no",
    "education_ects": Range(0, 300_00),
    "relevant_education_ects": Range(0, 300_00),
    "further_education_count": Range(0, 1000),
    "master": "choice",
    "competence_courses": Range(0, 1000),
    "region": "choice",
    "employer_recommended": "yes-no",
    "recommendation_date": "date",
}
"""Never age, gender or the draw; never who the person or the service is, nor others' choices."""


def changeable_facts(versions: Sequence[Version], *, has_service: bool) -> tuple[str, ...]:
    """The facts that the rules of ``versions`` read and that may be thought otherwise, in order.

    The sector only for whoever has a service: without one nobody is a municipal employee.
    """
    read = []
    for version in versions:
        read += [name for rule in version.rules() for name in rule.reads()]
        if any(isinstance(limit, RegionMinimum | RegionMaximum) for limit in version.limits):
            read.append("region")
    return tuple(
        name
        for name in dict.fromkeys(read)
        if name in CHANGEABLE and (has_service or name != "sector")
    )


def present_value(round_: Round, application_row: int, fact: str) -> FactValue:
    """The fact as it is: None where not documented, ``PASSED`` for a grade that is no number."""
    if fact in round_.applications.columns:
        cell = round_.applications[fact].to_numpy()[application_row]
    else:
        person = round_.applications["person"].to_numpy()[application_row]
        if fact == "bachelor_grade" and round_.applicants["bachelor_passed"].to_numpy()[person]:
            return PASSED
        cell = round_.applicants[fact].to_numpy()[person]
    if isinstance(cell, np.bool_):
        return bool(cell)
    if cell == NOT_DOCUMENTED:
        return None
    return VOCABULARIES[fact][cell] if fact in VOCABULARIES else int(cell)


def other_values(fact: str, present: FactValue, year: int) -> list[FactValue]:
    """Every other value of a yes/no, closed-list or date fact, the nearest first.

    Values of a closed list are as far apart as their places in it.
    """
    if isinstance(present, bool):
        return [not present]
    if CHANGEABLE[fact] == "choice":
        values = VOCABULARIES[fact]
        at = values.index(str(present)) if present is not None else 0
        others = [value for value in values if value != present]
        return sorted(others, key=lambda value: (abs(values.index(value) - at), value))
    return _nearest_days(present, year)


def _nearest_days(present: FactValue, year: int) -> list[FactValue]:
    """Of the days of each year from the present one to ``year``, the one nearest to the present."""
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    if not isinstance(present, int):
        return [_as_number(first)]
    days = [_as_number(first if present < _as_number(first) else last)]
    return [day for day in days if present // 1_00_00 != year]


def _as_number(day: dt.date) -> int:
    return day.year * 1_00_00 + day.month * 1_00 + day.day


def numbers_around(fact: str, present: FactValue) -> NDArray[np.int64]:
    """Every other value of a number fact, rising, in the data's unit."""
    values = CHANGEABLE[fact]
    if not isinstance(values, Range):
        raise TypeError(f"{fact} is no number")
    every = np.arange(values.low, values.high + 1, dtype=np.int64)
    return every[every != present] if isinstance(present, int) else every


def altered(round_: Round, application_row: int, fact: str, value: FactValue) -> Round:
    """``round_`` with one fact of one person changed; the round itself is not touched.

    A fact of the application changes in ``application_row`` alone.
    """
    cell = VOCABULARIES[fact].index(value) if isinstance(value, str) else value
    if fact in round_.applications.columns:
        frame, row = round_.applications.copy(), application_row
    else:
        frame = round_.applicants.copy()
        row = int(round_.applications["person"].to_numpy()[application_row])
    changes = {fact: cell}
    if fact == "bachelor_grade":
        changes["bachelor_passed"] = False
    for name, new in changes.items():
        column = frame[name].to_numpy().copy()
        column[row] = new
        frame[name] = column
    if fact in round_.applications.columns:
        return replace(round_, applications=frame)
    return replace(round_, applicants=frame)
