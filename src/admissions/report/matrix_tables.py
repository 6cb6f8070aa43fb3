"""The matrix as tables: what counts where, what differs on another day, the rules in full."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from markupsafe import Markup

from admissions.model.output_table import CellLine, CellLines, OutputColumn, OutputTable, Value
from admissions.report.cells import Cells
from admissions.report.matrix import Told, ToldChange, ToldRow
from admissions.report.words import Words
from admissions.rulebooks.matrix import Matrix

_WORDS = ("kind", "counts-at", "offering", "place", "rule", "in-words", "source", "assumed")


def cells_of(heads: Mapping[str, str], words: Words) -> Cells:
    """What puts the tables into words; ``heads`` besides those of the matrix's own words."""
    return Cells(words, {}, {**{name: words.of("matrix", name) for name in _WORDS}, **heads})


def matrix_table(matrix: Matrix, rows: Sequence[ToldRow]) -> OutputTable:
    """A row a kind, under its section: where it counts, and how much; each leads to the rule."""

    def cell(row: ToldRow, offering: str) -> Value:
        lines = (
            CellLine(one.brief, f"#{offering}--{row.kind}") for one in row.cells.get(offering, ())
        )
        return CellLines(*lines)

    columns = (OutputColumn("kind", "text"), OutputColumn("counts-at", "text"))
    offerings = tuple(OutputColumn(name, "text") for name in matrix.versions)
    return OutputTable(
        "matrix",
        (*columns, *offerings),
        tuple(
            (row.name, row.counts, *(cell(row, name) for name in matrix.versions)) for row in rows
        ),
        parts=tuple(
            (section, sum(1 for _ in told))
            for section, told in groupby(rows, key=lambda row: row.section)
        ),
    )


def difference_table(
    changes: Sequence[ToldChange], names: Mapping[str, Value], words: Words
) -> OutputTable:
    """A row an offering and kind: what counts on the one day and on the other."""

    def side(texts: Sequence[str]) -> Value:
        return CellLines(*map(CellLine, texts)) if texts else words.of("matrix", "nothing")

    return OutputTable(
        "difference",
        tuple(OutputColumn(name, "text") for name in ("offering", "kind", "before", "after")),
        tuple(
            (names[one.offering], one.name, side(one.before), side(one.after)) for one in changes
        ),
    )


def full_table(matrix: Matrix, rows: Sequence[ToldRow], names: Mapping[str, str]) -> OutputTable:
    """A row a rule at an offering: what it says, where it is from, what is assumed."""
    heads = ("offering", "name", "place", "kind", "rule", "in-words", "source", "assumed")

    def line(offering: str, row: ToldRow, one: Told) -> tuple[Value, ...]:
        assumed = "\n".join(one.assumed)
        own = (one.place, row.name, one.title, one.says, one.source or "", assumed)
        return (offering, names[offering], *own)

    return OutputTable(
        "rules",
        tuple(OutputColumn(name, "text") for name in heads),
        tuple(
            line(name, row, one)
            for name in matrix.versions
            for row in rows
            for one in row.cells.get(name, ())
        ),
    )


def headed(first: str, second: str, *more: str) -> Markup:
    """The head of a column on a page: ``first``, and what else there is below it."""
    head = Markup("{}").format(first)
    for text in (second, *more):
        head += Markup(' <span class="line">{}</span>').format(text)
    return head
