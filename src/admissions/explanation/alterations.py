"""Which facts of a person may be thought otherwise, and to which values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from admissions.explanation.reasons import FactValue
from admissions.model.choices import PASSED
from admissions.model.fact import Range
from admissions.model.facts_described import FACTS
from admissions.model.vocabulary import VOCABULARIES
from admissions.rulebooks.rulebook import Version

CHANGEABLE = {name: fact for name, fact in FACTS.items() if fact.changes}
"""Never age, gender or the draw; never who the person or the service is, nor others' choices."""


def changeable_facts(versions: Sequence[Version]) -> tuple[str, ...]:
    """The facts that the rules of ``versions`` read and that may be thought otherwise, in order."""
    read = []
    for version in versions:
        read += [name for rule in version.rules() for name in rule.reads()]
        read += [limit.shared for limit in version.limits if limit.shared is not None]
    return tuple(name for name in dict.fromkeys(read) if name in CHANGEABLE)


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


def numbers_of(fact: str) -> NDArray[np.int64]:
    """Every thinkable value of a number fact, rising, in the data's unit."""
    values = FACTS[fact].changes
    if not isinstance(values, Range):
        raise TypeError(f"{fact} is no number")
    return np.arange(values.low, values.high + 1, dtype=np.int64)


def as_number(present: FactValue) -> Decimal | None:
    """A number fact's value in the data's unit, exactly; None where it is no number."""
    if isinstance(present, str):
        return None if present == PASSED else Decimal(present) * 100
    return None if present is None else Decimal(present)


def changed_cells(fact: str, value: FactValue) -> dict[str, int | bool]:
    """The cells of ``Facts`` that are otherwise with ``fact`` so."""
    if value is None:
        raise ValueError(f"{fact}: a fact is thought otherwise, never away")
    cell = VOCABULARIES[fact].index(value) if isinstance(value, str) else value
    return {fact: cell, **FACTS[fact].companions}
