"""What counts where: the rules of a day as kinds by offerings, and how two days differ."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Literal, get_args

from admissions.rulebooks.limits import BaseLimit, Limit, limit_kinds
from admissions.rulebooks.rulebook import Rulebook, Version
from admissions.rules.base import Rule
from admissions.rules.registry import kinds

Section = Literal["requirements", "criteria", "ties", "limits"]
SECTIONS: tuple[Section, ...] = get_args(Section)


@dataclass(frozen=True)
class Cell:
    """One rule at one offering.

    ``place`` is its place among the columns that rank (criteria, then ties; 0 for a requirement or
    a limit); a ``part`` of a sum has the place of the sum.
    """

    rule: Rule | Limit
    place: int = 0
    part: bool = False

    @property
    def counts(self) -> tuple[object, ...]:
        """What it does to the ranking or the seats: equal where only words or sources differ."""
        rule = self.rule
        if rule.summands():
            return (rule.kind, self.place, tuple(part.kind for part in rule.summands()))
        return (rule.kind, self.place, self.part, tuple(rule.parameters().items()))


@dataclass(frozen=True)
class Row:
    """One kind of rule or limit; ``cells`` by offering, only where it counts, in column order."""

    section: Section
    kind: str
    cells: Mapping[str, tuple[Cell, ...]]


@dataclass(frozen=True)
class Matrix:
    """The rules of ``day``: ``versions`` by offering (None: not offered), a row a kind in use."""

    day: dt.date
    versions: Mapping[str, Version | None]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class RowDifference:
    """A kind that counts otherwise on another day: the cells of both days where they differ."""

    section: Section
    kind: str
    cells: Mapping[str, tuple[tuple[Cell, ...], tuple[Cell, ...]]]


def matrix_on(rulebooks: Mapping[str, Rulebook], day: dt.date) -> Matrix:
    """The matrix of ``day``. Raises DataError where an offering has no entry for it."""
    versions: dict[str, Version | None] = {}
    for offering, rulebook in rulebooks.items():
        entry = rulebook.on(day)
        versions[offering] = entry if isinstance(entry, Version) else None
    found: dict[tuple[Section, str], dict[str, tuple[Cell, ...]]] = {}
    for offering, version in versions.items():
        for section, cell in _cells(version) if version else ():
            at = found.setdefault((section, cell.rule.kind), {})
            at[offering] = (*at.get(offering, ()), cell)
    order = _order()
    keys = sorted(found, key=lambda key: (SECTIONS.index(key[0]), order[key[1]]))
    return Matrix(day, versions, tuple(Row(*key, found[key]) for key in keys))


def differences(before: Matrix, after: Matrix) -> tuple[RowDifference, ...]:
    """The rows in which what counts, where or how much differs, in the matrix's order."""
    sides = [{(row.section, row.kind): row.cells for row in side.rows} for side in (before, after)]
    order = _order()
    keys = sorted({*sides[0], *sides[1]}, key=lambda k: (SECTIONS.index(k[0]), order[k[1]]))
    found = []
    for key in keys:
        old, new = (side.get(key, {}) for side in sides)
        cells = {
            offering: (old.get(offering, ()), new.get(offering, ()))
            for offering in before.versions
            if _counts(old.get(offering, ())) != _counts(new.get(offering, ()))
        }
        if cells:
            found.append(RowDifference(*key, cells))
    return tuple(found)


def _counts(cells: tuple[Cell, ...]) -> list[tuple[object, ...]]:
    return [cell.counts for cell in cells]


def _cells(version: Version) -> Iterator[tuple[Section, Cell]]:
    for rule in version.requirements:
        yield "requirements", Cell(rule)
    places = count(1)
    for rule in version.criteria:
        place = next(places)
        yield "criteria", Cell(rule, place)
        for part in rule.summands():
            yield "criteria", Cell(part, place, part=True)
    for rule in version.ties:
        yield "ties", Cell(rule, next(places))
    for limit in version.limits:
        yield "limits", Cell(limit)


def kind_called(kind: str) -> type[Rule] | type[BaseLimit]:
    """The class of the kind of rule or limit that is called ``kind``."""
    return _kinds()[kind]


def _kinds() -> dict[str, type[Rule] | type[BaseLimit]]:
    return {**kinds(), **{limit.kind_id(): limit for limit in limit_kinds()}}


def _order() -> dict[str, int]:
    return {kind: place for place, kind in enumerate(_kinds())}
