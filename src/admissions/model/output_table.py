"""A table of results: the same cells as CSV, in an HTML report and as an Excel sheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

HIDDEN = ":"
"""Stands for a count that is hidden: the sign that official statistics use."""

TOTAL = "total"
"""The code of the row of sums."""


@dataclass(frozen=True)
class CellLine:
    """One line of a cell.

    ``href``: where it leads on its page; ``exact``: it is read letter by letter, as an id is, and
    stands beside the line before it; ``mark``: the code of a state, which pages may colour.
    """

    text: str
    href: str = ""
    exact: bool = False
    mark: str = ""


class CellLines(str):
    """A cell of several lines, or of one that is more than text; as text one below the other."""

    __slots__ = ("lines",)
    lines: tuple[CellLine, ...]

    def __new__(cls, *lines: CellLine) -> CellLines:
        """The cell of ``lines``."""
        found = super().__new__(cls, "\n".join(line.text for line in lines))
        found.lines = lines
        return found


Value = str | int | Decimal | None
Kind = Literal["code", "text", "count", "decimal"]


@dataclass(frozen=True)
class OutputColumn:
    """One column. ``group`` is what several columns beside each other belong to, "" for none.

    - ``code``: a code that reports put into words, from the section ``section`` of their words;
    - ``text``: as it is; - ``count``: people, a whole number;
    - ``decimal``: a number with ``decimals`` decimals.

    ``language`` is stated where its texts are in another language than the report; ``shown`` is how
    pages show it, by the name of a style.
    """

    id: str
    kind: Kind
    section: str = ""
    group: str = ""
    group_section: str = "scenario"
    decimals: int = 0
    language: str = ""
    shown: str = ""

    @property
    def name(self) -> str:
        """The head of the column in a file, unique in its table."""
        return f"{self.group}:{self.id}" if self.group else self.id


@dataclass(frozen=True)
class OutputTable:
    """Rows of cells under ``columns``; the column number ``about`` is what a row is about.

    ``id`` names the file, the sheet and the words of its caption. With ``sums`` the last row adds
    up the others; ``parts`` are headings over so many rows each. A cell is None where there is
    nothing to say.
    """

    id: str
    columns: tuple[OutputColumn, ...]
    rows: tuple[tuple[Value, ...], ...]
    sums: bool = False
    about: int = 0
    parts: tuple[tuple[str, int], ...] = ()

    def hiding(self, hidden: Collection[Hashable]) -> OutputTable:
        """The same table without the cells (table id, row number, column name) in ``hidden``."""
        rows = tuple(
            tuple(
                HIDDEN if (self.id, number, column.name) in hidden else value
                for column, value in zip(self.columns, row, strict=True)
            )
            for number, row in enumerate(self.rows)
        )
        return replace(self, rows=rows)

    def only(self, groups: Collection[str]) -> OutputTable:
        """The same table with the columns of no group and those of ``groups``."""
        at = [n for n, column in enumerate(self.columns) if column.group in ("", *groups)]
        columns = tuple(self.columns[n] for n in at)
        return replace(
            self, columns=columns, rows=tuple(tuple(row[n] for n in at) for row in self.rows)
        )

    def flat(self, column: str) -> OutputTable:
        """The same table with the heading over each row in a first ``column`` of its own."""
        headings = [heading for heading, rows in self.parts for _ in range(rows)]
        rows = zip(headings, self.rows, strict=True)
        return replace(
            self,
            columns=(OutputColumn(column, "text"), *self.columns),
            rows=tuple((heading, *row) for heading, row in rows),
            about=self.about + 1,
            parts=(),
        )

    def records(self) -> list[dict[str, Value]]:
        """The rows as plain values by column name, for JSON."""
        names = [column.name for column in self.columns]
        return [dict(zip(names, row, strict=True)) for row in self.rows]

    def texts(self) -> list[list[str]]:
        """The rows as a CSV file has them."""
        return [["" if cell is None else str(cell) for cell in row] for row in self.rows]

    def texts_by_name(self) -> list[dict[str, str]]:
        """The rows as a CSV file has them, by column name."""
        names = [column.name for column in self.columns]
        return [dict(zip(names, row, strict=True)) for row in self.texts()]

    def csv(self) -> str:
        """The table as CSV, UTF-8 with BOM to be: a comma, a point, codes as they are."""
        return "\ufeff" + csv_text([column.name for column in self.columns], self.rows)

    def csv_file(self) -> bytes:
        """The bytes of the table's CSV file."""
        return self.csv().encode()


def lines_of(cell: Value) -> tuple[CellLine, ...]:
    """The lines of a cell that has some."""
    return cell.lines if isinstance(cell, CellLines) else ()


def csv_text(head: Sequence[object], rows: Iterable[Sequence[object]] = ()) -> str:
    """A table as CSV text, lines ended by a line feed; nothing where a cell is None."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return text.getvalue()
