"""The tables of a comparison as they may leave the office: small counts hidden, nobody's row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import cast

from admissions.comparison.runs import ComparedRun, Comparison
from admissions.comparison.tables import (
    AGREEMENT,
    CAUSES,
    CAUSES_BY_OFFERING,
    OFFERING_TABLE,
    aggregate_tables,
)
from admissions.model.output_table import OutputColumn, OutputTable, Value
from admissions.suppression import SMALL, Counts, Sum, hidden_cells
from admissions.suppression.counts import Cell

_NOT_PEOPLE = ("offers",)
"""Columns that count no people: how many offers an offering makes is public."""

_NO_PERSON_IN = ("round.toml", "services.csv", "municipalities.csv")


def public_tables(comparison: Comparison) -> tuple[OutputTable, ...]:
    """The aggregate tables with fewer columns, and every count hidden that gives a small one away.

    Of people: who is qualified, holds a seat, wins one or loses one. Of offerings: who comes and
    who goes, whether to another offering or not. Which rule moved whom stays, over all offerings
    together; how alike sites rank is told by tau alone, where more than ``SMALL`` people are ranked
    by both under every scenario.
    """
    tables = {table.id: table for table in aggregate_tables(comparison)}
    del tables[CAUSES_BY_OFFERING]
    agreement = _tau_alone(tables.pop(AGREEMENT))
    coarse = {name: _coarse(table) for name, table in tables.items()}
    hidden = hidden_cells(_counts(coarse, comparison))
    return (*(table.hiding(hidden) for table in coarse.values()), agreement)


def public_hashes(sha256: Mapping[str, str]) -> dict[str, str]:
    """The hashes of files in which there is no person, by name.

    The hash of a short file of persons would tell whoever guesses its text that the guess is right.
    """
    return {name: digest for name, digest in sha256.items() if name in _NO_PERSON_IN}


def _coarse(table: OutputTable) -> OutputTable:
    """``table`` with what is printed for everyone to read."""
    if table.id == OFFERING_TABLE:
        merged = _with_sum(table, "in", ("moved-in", "won"))
        merged = _with_sum(merged, "out", ("moved-out", "lost"))
        return _without(merged, ("kept", "moved-in", "won", "moved-out", "lost"))
    if table.id == CAUSES:
        return _by_code(table)
    return _without(table, ("people", "kept", "moved"))


def _by_code(table: OutputTable) -> OutputTable:
    """``table`` sorted by what its rows are about: by frequency they would tell what is hidden."""
    return replace(
        table, rows=tuple(sorted(table.rows, key=lambda row: [str(c) for c in row[:-1]]))
    )


def _with_sum(table: OutputTable, name: str, parts: Sequence[str]) -> OutputTable:
    """``table`` with a column ``name`` for each scenario, after the last of its ``parts``."""
    columns, rows = list(table.columns), [list(row) for row in table.rows]
    for group in dict.fromkeys(c.group for c in table.columns if c.id in parts):
        at = [n for n, c in enumerate(columns) if c.group == group and c.id in parts]
        columns.insert(at[-1] + 1, OutputColumn(name, "count", group=group))
        for row in rows:
            row.insert(at[-1] + 1, sum(cast("int", row[n]) for n in at))
    return replace(table, columns=tuple(columns), rows=tuple(map(tuple, rows)))


def _without(table: OutputTable, names: Sequence[str]) -> OutputTable:
    kept = [n for n, column in enumerate(table.columns) if column.id not in names]
    rows: tuple[tuple[Value, ...], ...] = tuple(tuple(row[n] for n in kept) for row in table.rows)
    return replace(table, columns=tuple(table.columns[n] for n in kept), rows=rows)


def _tau_alone(table: OutputTable) -> OutputTable:
    common = [n for n, column in enumerate(table.columns) if column.id == "common"]
    rows = [row for row in table.rows if all(cast("int", row[n]) > SMALL for n in common)]
    counts = ("common", "concordant", "discordant")
    return _without(replace(table, rows=tuple(rows), sums=bool(rows)), counts)


def _counts(tables: Mapping[str, OutputTable], comparison: Comparison) -> Counts:
    """Every printed count of people, with all that ties them together."""
    base, others = comparison.base.id, [run.id for run in comparison.others]
    against = {name: other for name, other in comparison.against.items() if name != base}
    crossed = [table for table in tables.values() if table.sums]
    every = _Ties(tables.values())
    for table in crossed:
        every.add_columns(table)
        every.add_rows(table, base, against)
    every.add_offers(crossed[0], [run for run in comparison.runs if _keeps_to_offers(run)])
    every.add_shared_totals(crossed)
    every.add_moved(crossed, others)
    every.add_causes(tables[CAUSES], crossed[0])
    together: dict[Cell, list[Cell]] = defaultdict(list)
    for table in crossed:
        for row, column, _ in _cells(table):
            together[table.id, row, column.id].append((table.id, row, column.name))
    for row, line in enumerate(tables[CAUSES].rows):
        together[CAUSES, line[1:-1]].append((CAUSES, row, "applications"))
    return Counts(
        {**every.printed, **every.derived},
        every.sums,
        list(together.values()),
        frozenset(every.derived),
        every.most,
    )


def _keeps_to_offers(run: ComparedRun) -> bool:
    """Whether nobody is admitted beyond the offers; where all equals are accepted, some may be."""
    return run.run.scenario.scenario.ties != "accept-all"


def _cells(table: OutputTable) -> Iterator[tuple[int, OutputColumn, int]]:
    """Row number, column and value of each count of people."""
    for number, row in enumerate(table.rows):
        for column, value in zip(table.columns, row, strict=True):
            if column.kind == "count" and column.id not in _NOT_PEOPLE:
                yield number, column, cast("int", value)


def _alone(offerings: OutputTable) -> bool:
    """Whether the table of offerings has one, beside the row of sums."""
    return len(offerings.rows) == 1 + 1


class _Ties:
    """The sums that a reader knows; ``derived`` are the counts that they give without printing."""

    def __init__(self, tables: Iterable[OutputTable]) -> None:
        self.printed: dict[Cell, int] = {
            (table.id, row, column.name): value
            for table in tables
            for row, column, value in _cells(table)
        }
        self.derived: dict[Cell, int] = {}
        self.sums: list[Sum] = []
        self.most: dict[Cell, int] = {}

    def add_columns(self, table: OutputTable) -> None:
        """Each column ends in its sum."""
        last = len(table.rows) - 1
        for row, column, _ in _cells(table):
            if row == last:
                parts = tuple((table.id, number, column.name) for number in range(last))
                self.sums.append(Sum((table.id, last, column.name), parts))

    def add_rows(self, table: OutputTable, base: str, against: Mapping[str, str]) -> None:
        """Who is qualified has a seat or none; who had one kept it or not, and others came.

        ``against``: what each other scenario is held against, by id.
        """
        came, went = ("in", "out") if table.id == OFFERING_TABLE else ("won", "lost")
        for row, run in product(range(len(table.rows)), (base, *against)):
            seats: Cell = (table.id, row, f"{run}:seats")
            rest: Cell = (table.id, row, f"{run}:without")
            self._add_rest((table.id, row, f"{run}:qualified"), seats, rest)
            if run != base:
                stayed: Cell = (table.id, row, f"{run}:stayed")
                gone: Cell = (table.id, row, f"{run}:{went}")
                self._add_rest((table.id, row, f"{against[run]}:seats"), gone, stayed)
                self.sums.append(Sum(seats, (stayed, (table.id, row, f"{run}:{came}"))))

    def add_offers(self, offerings: OutputTable, runs: Iterable[ComparedRun]) -> None:
        """No more people hold a seat at an offering than it makes offers, which are printed."""
        for number, record in enumerate(offerings.records()):
            for run in runs:
                seats = (offerings.id, number, f"{run.id}:seats")
                self.most[seats] = cast("int", record[f"{run.id}:offers"])

    def add_shared_totals(self, tables: Sequence[OutputTable]) -> None:
        """All tables of people end in the same sums; the seats of the offerings add up to them.

        Where there is one offering, the qualified do too.
        """
        offerings, first, *rest = tables
        last = len(first.rows) - 1
        for table in (offerings, *rest):
            for row, column, _ in _cells(table):
                of_offerings = ("seats", "qualified") if _alone(offerings) else ("seats",)
                shared = table is not offerings or column.id in of_offerings
                if shared and row == len(table.rows) - 1:
                    parts = ((table.id, row, column.name),)
                    self.sums.append(Sum((first.id, last, column.name), parts))

    def add_moved(self, tables: Sequence[OutputTable], others: Sequence[str]) -> None:
        """Who comes to offerings without winning a seat has moved; so has who leaves without.

        Nobody moves where there is one offering.
        """
        offerings, first, *_ = tables
        last, end = len(first.rows) - 1, len(offerings.rows) - 1
        for run in others:
            moved: Cell = ("moved", run)
            if _alone(offerings):
                self.most[moved] = 0
            for direction, change in (("in", "won"), ("out", "lost")):
                whole: Cell = (offerings.id, end, f"{run}:{direction}")
                self._add_rest(whole, (first.id, last, f"{run}:{change}"), moved)

    def add_causes(self, causes: OutputTable, offerings: OutputTable) -> None:
        """The causes of a direction add up to who came to, or left, the offerings."""
        groups: dict[tuple[Value, Value], list[Cell]] = defaultdict(list)
        for number, row in enumerate(causes.rows):
            groups[row[0], row[1]].append((causes.id, number, "applications"))
        for (scenario, direction), parts in groups.items():
            total = (offerings.id, len(offerings.rows) - 1, f"{scenario}:{direction}")
            self.sums.append(Sum(total, tuple(parts)))

    def _add_rest(self, whole: Cell, part: Cell, rest: Cell) -> None:
        """``rest``, which nobody prints, is what ``whole`` has beyond ``part``."""
        self.derived[rest] = self.printed[whole] - self.printed[part]
        self.sums.append(Sum(whole, (part, rest)))
