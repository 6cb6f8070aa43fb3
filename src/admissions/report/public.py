"""The report of an allocation, and of a call, as they may leave the office: small counts hidden.

A reader knows how the table adds up, that who is offered a seat is qualified, and that no offering
makes more offers than it says. What they can work out by subtraction (who is qualified and holds
nothing, who has got something better) is kept as wide open as what is hidden.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

from admissions.model.output_table import (
    HIDDEN,
    TOTAL,
    CellLine,
    CellLines,
    OutputColumn,
    OutputTable,
    Value,
)
from admissions.report.rows import PropertyRow
from admissions.report.summary import OfferingRow
from admissions.report.words import Words
from admissions.suppression import SMALL, SPAN, Counts, Sum, crossed, hidden_cells

_SIDES = ("qualified", "offered")


@dataclass(frozen=True)
class _Cells:
    """Counts of the offerings' table by cell, and how they add up."""

    values: dict[Hashable, int]
    sums: list[Sum]


def public_offerings(
    table: OutputTable, rows: Sequence[OfferingRow], sectors: Sequence[str], words: Words
) -> OutputTable:
    """The table of offerings with what would give a small count away hidden, and the last points.

    These stand where five or more of a sector were offered a seat: they are one person's. Of an
    offering that makes five offers or fewer nothing is told of who was offered one, not even that
    nobody was.
    """
    hidden = hidden_cells(_counts(rows, sectors))
    at = {row.offering: number for number, row in enumerate(rows)} | {TOTAL: len(rows)}
    places = {
        (table.id, at[str(offering)], "waiting" if side == "waiting" else f"{side}:{sector}")
        for side, offering, sector in (cell for cell in hidden if isinstance(cell, tuple))
    }
    shown = table.hiding(places)
    column = [one.name for one in shown.columns].index("last-points")
    told = [
        (*row[:column], _last_points(rows[number], sectors, words), *row[column + 1 :])
        if number < len(rows)
        else row
        for number, row in enumerate(shown.rows)
    ]
    return replace(shown, rows=tuple(told))


def _counts(rows: Sequence[OfferingRow], sectors: Sequence[str]) -> Counts:
    """What the table tells, and what else it tells who can subtract.

    Who is qualified is offered a seat there or not (``rest``); who is not waits or has something
    better (``gone``).
    """
    cells = _Cells({}, [])
    sides = {
        "qualified": {(r.offering, s): r.qualified.get(s, 0) for r in rows for s in sectors},
        "offered": {(r.offering, s): r.offered.get(s, 0) for r in rows for s in sectors},
    }
    sides["rest"] = {key: n - sides["offered"][key] for key, n in sides["qualified"].items()}
    for side, counted in sides.items():
        values, sums = crossed(side, counted)
        cells.values.update(values)
        cells.sums.extend(sums)
    keys = [(name, sector) for name in (*_names(rows), TOTAL) for sector in (*sectors, TOTAL)]
    for key in keys:
        cells.sums.append(Sum(("qualified", *key), (("offered", *key), ("rest", *key))))
    offerings = _names(rows)
    for row in rows:
        waiting = row.waiting[TOTAL]
        cells.values["waiting", row.offering, TOTAL] = waiting
        rest = cells.values["rest", row.offering, TOTAL]
        cells.values["gone", row.offering, TOTAL] = rest - waiting
    for side in ("waiting", "gone"):
        parts = tuple((side, name, TOTAL) for name in offerings)
        cells.values[side, TOTAL, TOTAL] = sum(cells.values[part] for part in parts)
        cells.sums.append(Sum((side, TOTAL, TOTAL), parts))
    for name in (*offerings, TOTAL):
        parts = (("waiting", name, TOTAL), ("gone", name, TOTAL))
        cells.sums.append(Sum(("rest", name, TOTAL), parts))
    return Counts(
        cells.values,
        cells.sums,
        derivable=[cell for cell in cells.values if _side(cell) in ("rest", "gone")],
        most={
            ("offered", row.offering, TOTAL): max(row.offers, row.offered[TOTAL]) for row in rows
        },
    )


def _names(rows: Sequence[OfferingRow]) -> list[str]:
    return [row.offering for row in rows]


def _side(cell: Hashable) -> str:
    return str(cell[0]) if isinstance(cell, tuple) else ""


def _last_points(row: OfferingRow, sectors: Sequence[str], words: Words) -> Value:
    """The points of the last one admitted of each sector of which more than ``SMALL`` are."""
    if max(row.offers, row.offered[TOTAL]) <= SPAN:
        return HIDDEN
    there = [name for name in sectors if row.offered.get(name)]
    many = [name for name in there if row.offered[name] > SMALL]
    if not there:
        return None
    if not many:
        return HIDDEN
    points = {name: row.last_admitted_points[name] for name in many}
    told = {
        name: words.points(found) if found else words("no-points").unescape()
        for name, found in points.items()
    }
    if there == many[:1]:
        return told[many[0]]
    return CellLines(
        *(CellLine(f"{words.of('sector', name).unescape()} {text}") for name, text in told.items())
    )


def public_properties(rows: Sequence[PropertyRow]) -> tuple[PropertyRow, ...]:
    """Whether each property holds, and nothing that was counted."""
    return tuple(replace(row, counted=(), excused=None) for row in rows)


def public_offers(offerings: Sequence[str], offered: Sequence[str]) -> OutputTable:
    """A row an offering: how many offers a call has made there, small numbers hidden.

    ``offered``: the offering of each offer.
    """
    counted = Counter(offered)
    parts: dict[Hashable, int] = {(name, "made"): counted[name] for name in offerings}
    total: Hashable = (TOTAL, "made")
    hidden = hidden_cells(
        Counts({**parts, total: len(offered)}, [Sum(total, tuple(parts))] if parts else [])
    )
    columns = (OutputColumn("offering", "code", "offering"), OutputColumn("made", "count"))

    def cell(key: Hashable, count: int) -> Value:
        return HIDDEN if key in hidden else count

    rows = [(name, cell((name, "made"), counted[name])) for name in offerings]
    return OutputTable("made", columns, (*rows, (TOTAL, cell(total, len(offered)))), sums=True)
