"""Which facts of a person may be thought otherwise, to which values, and a round where one is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from admissions.explanation.reasons import FactValue
from admissions.model.choices import PASSED
from admissions.model.fact import Range
from admissions.model.facts import Facts
from admissions.model.facts_described import FACTS
from admissions.model.round import Round, assessed
from admissions.model.vocabulary import VOCABULARIES
from admissions.rulebooks.limits import RegionMaximum, RegionMinimum
from admissions.rulebooks.rulebook import Version

CHANGEABLE = {name: fact for name, fact in FACTS.items() if fact.changes}
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
    """The fact as it is: None where not documented, a text for a grade that is no hundredths."""
    person = round_.applications["person"].to_numpy()[application_row]
    described = FACTS[fact]
    columns = {}
    for name in (fact, *described.companions):
        of_application = name in round_.applications.columns
        frame, row = (
            (round_.applications, application_row)
            if of_application
            else (round_.applicants, person)
        )
        if name in frame.columns:
            columns[name] = frame[name].to_numpy()[[row]]
    return Facts(1, 0, columns).value(fact, 0)


def other_values(fact: str, present: FactValue, year: int) -> list[FactValue]:
    """Every other value of a yes/no, closed-list or date fact, the nearest first.

    Values of a closed list are as far apart as their places in it.
    """
    if isinstance(present, bool):
        return [not present]
    if fact in VOCABULARIES:
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
    values = FACTS[fact].changes
    if not isinstance(values, Range):
        raise TypeError(f"{fact} is no number")
    every = np.arange(values.low, values.high + 1, dtype=np.int64)
    return every[every != present] if isinstance(present, int) else every


def as_number(present: FactValue) -> Decimal | None:
    """A number fact's value in the data's unit, exactly; None where it is no number."""
    if isinstance(present, str):
        return None if present == PASSED else Decimal(present) * 100
    return None if present is None else Decimal(present)


def altered(round_: Round, application_row: int, fact: str, value: FactValue) -> Round:
    """``round_`` with one fact of one person changed; the round itself is not touched.

    A fact that is the application's own, or that its office assessed, changes in
    ``application_row`` alone; any other for the person, wherever no office assessed it.
    """
    cell = VOCABULARIES[fact].index(value) if isinstance(value, str) else value
    changes = {fact: cell, **FACTS[fact].companions}
    applications, person = round_.applications, round_.applications["person"].to_numpy()
    if fact in applications.columns:
        rows = person == person[application_row]
        own = assessed(applications, fact)
        rows &= np.arange(len(rows)) == application_row if own[application_row] else ~own
        round_ = replace(round_, applications=_changed(applications, changes, rows))
        if own[application_row]:
            return round_
    row = np.arange(len(round_.applicants)) == person[application_row]
    return replace(round_, applicants=_changed(round_.applicants, changes, row))


def _changed(
    frame: pd.DataFrame, changes: Mapping[str, FactValue], rows: NDArray[np.bool_]
) -> pd.DataFrame:
    """A copy of ``frame`` with the columns that it has changed in ``rows``."""
    copy = frame.copy()
    for name, value in changes.items():
        if name in frame.columns:
            column = frame[name].to_numpy().copy()
            column[rows] = value
            copy[name] = column
    return copy
