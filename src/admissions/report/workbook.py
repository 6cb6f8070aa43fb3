"""A report as an Excel workbook: one sheet a table, numbers as numbers."""

from __future__ import annotations

import io
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from admissions.model.files import MADE_ON
from admissions.model.output_table import OutputColumn, OutputTable, Value
from admissions.report.cells import Cells

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet


_WIDEST, _NARROWEST = 60, 9
_LONGEST_NAME = 31


def workbook_bytes(
    facts: Sequence[tuple[str, str]], tables: Sequence[OutputTable], cells: Cells
) -> bytes:
    """The workbook: a first sheet with ``facts``, if any, and what each sheet holds; the tables.

    A sheet is called by its table's id, at most 31 characters of it. The header is frozen and can
    be filtered; a hidden count is the text ``:``.
    """
    from xlsxwriter import Workbook

    buffer = io.BytesIO()
    plain_text = {"strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(buffer, {"in_memory": True, **plain_text}) as book:
        book.set_properties({"created": MADE_ON})
        names = sheet_names([table.id for table in tables])
        if facts:
            listed = [(names[table.id], cells.code("table", table.id)) for table in tables]
            _about(book, cells.words("about-sheet").unescape(), [*facts, *listed])
        for table in tables:
            _Sheet(book, names[table.id], cells).fill(table)
    return buffer.getvalue()


def sheet_names(ids: Sequence[str]) -> dict[str, str]:
    """A name for each sheet that Excel accepts: short enough, and no two alike."""
    names: dict[str, str] = {}
    for ident in ids:
        name, number = ident[:_LONGEST_NAME], 2
        while name in names.values():
            name = f"{ident[: _LONGEST_NAME - 3]}~{number}"
            number += 1
        names[ident] = name
    return names


def _about(book: Workbook, name: str, lines: Sequence[tuple[str, str]]) -> None:
    sheet = book.add_worksheet(name)
    sheet.set_column(0, 0, 32, book.add_format({"bold": True, "text_wrap": True, "valign": "top"}))
    sheet.set_column(1, 1, 100, book.add_format({"text_wrap": True, "valign": "top"}))
    for row, line in enumerate(lines):
        for column, text in enumerate(line):
            sheet.write_string(row, column, text)


class _Sheet:
    def __init__(self, book: Workbook, name: str, cells: Cells) -> None:
        self._book = book
        self._sheet: Worksheet = book.add_worksheet(name)
        self._cells = cells
        self._head = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "bottom", "bottom": 1}
        )

    def fill(self, table: OutputTable) -> None:
        for number, column in enumerate(table.columns):
            head = self._cells.head(column)
            if column.group:
                head = f"{self._cells.group_head(column)}: {head}"
            values = [row[number] for row in table.rows]
            self._sheet.set_column(number, number, self._width(head, column, values))
            self._sheet.write_string(0, number, head, self._head)
            shown = self._format(column, values)
            for line, value in enumerate(values, start=1):
                self._write(line, number, column, value, shown)
        self._sheet.freeze_panes(1, 1)
        if table.rows:
            self._sheet.autofilter(0, 0, len(table.rows) - table.sums, len(table.columns) - 1)

    def _width(self, head: str, column: OutputColumn, values: Sequence[Value]) -> int:
        texts = [self._cells.label(column, value) for value in values]
        lines = (line for text in texts for line in text.split("\n"))
        longest = max((len(text) for text in (*lines, *head.split())), default=0)
        return min(_WIDEST, max(_NARROWEST, longest + 2))

    def _format(self, column: OutputColumn, values: Sequence[Value]) -> Format:
        decimals = f"0.{'0' * column.decimals}" if column.decimals else "0"
        texts = (value for value in values if isinstance(value, str))
        if any("\n" in text or len(text) > _WIDEST for text in texts):
            return self._book.add_format({"text_wrap": True, "valign": "top"})
        return self._book.add_format({"num_format": decimals})

    def _write(
        self, line: int, number: int, column: OutputColumn, value: Value, shown: Format
    ) -> None:
        if isinstance(value, int | Decimal):
            self._sheet.write_number(line, number, float(value), shown)
        elif value is not None:
            self._sheet.write_string(line, number, self._cells.label(column, value), shown)
