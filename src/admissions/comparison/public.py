"""The tables of a comparison as they may leave the office: small counts hidden, nobody's row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

from admissions.comparison.reader import Publication, Reader
from admissions.comparison.runs import Comparison
from admissions.comparison.tables import (
    AGREEMENT,
    CAUSES,
    CAUSES_BY_OFFERING,
    OFFERING_TABLE,
    aggregate_tables,
)
from admissions.model.output_table import OutputColumn, OutputTable, Value
from admissions.suppression import SMALL, hidden_cells

_NO_PERSON_IN = ("round.toml", "services.csv", "municipalities.csv")


@dataclass(frozen=True, eq=False)
class Ledger:
    """What was published of a round before; ``sha256`` is that of each folder, by its name."""

    publications: tuple[Publication, ...] = ()
    sha256: Mapping[str, str] = field(default_factory=dict)


def public_tables(
    comparison: Comparison, earlier: Sequence[Publication] = ()
) -> tuple[OutputTable, ...]:
    """The aggregate tables with fewer columns, and every count hidden that gives a small one away.

    Of people: who is qualified, holds a seat, wins one or loses one. Of offerings: who comes and
    who goes, whether to another offering or not. Which rule moved whom stays, over all offerings
    together; how alike sites rank is told by tau alone, where more than ``SMALL`` people are ranked
    by both under every scenario. ``earlier``: what was published of the same round before.
    """
    made = publication(comparison)
    reader = Reader([*earlier, made])
    hidden = reader.places(made, hidden_cells(reader.counts()))
    return tuple(table.hiding(hidden) for table in made.tables.values())


def publication(comparison: Comparison) -> Publication:
    """What a public report of ``comparison`` prints, with no count hidden yet."""
    tables = {table.id: table for table in aggregate_tables(comparison)}
    by_offering = tables.pop(CAUSES_BY_OFFERING)
    agreement = _tau_alone(tables.pop(AGREEMENT))
    coarse = {name: _coarse(table) for name, table in tables.items()}
    return Publication(comparison, {**coarse, AGREEMENT: agreement}, by_offering)


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
