"""Excel workbooks: the same tables as sheets, read by value, with formulas and errors refused."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import python_calamine

from admissions.intake.cell_values import Value, is_filled, is_whole, text_of
from admissions.intake.findings import Findings
from admissions.intake.grid import UNREADABLE, Cells, Grid, without_blank_rows
from admissions.intake.names import SEARCHED_ROWS, header_below, table_called, table_meant
from admissions.intake.shown_cells import as_shown, note_rounded, note_seen_otherwise
from admissions.intake.workbook_parts import (
    Parts,
    Scanned,
    Sheet,
    UnsafeCell,
    UnsafeError,
    open_parts,
    place_of,
    scan,
)
from admissions.model.columns import Table, fold
from admissions.model.errors import library_fault
from admissions.model.messages import Message, message
from admissions.model.tables import SETTINGS

IGNORED = "readme"
"""A sheet (or file) of this name is for people."""


def read_workbook(
    data: bytes,
    name: str,
    tables: Sequence[Table],
    findings: Findings,
    skipped: Collection[Table] = (),
) -> dict[str, Grid | None] | None:
    """The grids of ``tables`` in the workbook ``data``, by table name; one absent is left out.

    The sheets of those that are ``skipped`` are known, and not read.

    None stands for a sheet, or the workbook, that cannot be read at all. A sheet is labelled
    ``round.xlsx, sheet applicants`` in ``findings``. Other sheets are noted.
    """
    try:
        parts = open_parts(data)
        workbook = python_calamine.CalamineWorkbook.from_filelike(parts.repacked)
    except UnsafeError as error:
        findings.error(name, error.message)
        return None
    except python_calamine.CalamineError as error:
        findings.error(name, message("intake.xlsx-unreadable", fault=library_fault(error)))
        return None
    book = _Book(workbook, parts, name, findings)
    return book.grids(tables, skipped)


@dataclass
class _Hidden:
    """How much of what was read is hidden in the workbook."""

    sheets: int = 0
    rows: int = 0
    columns: int = 0


_COPY = re.compile(r" ?\([0-9]+\)$|[ _-]+(?:copy|kopi)$", re.IGNORECASE)
"""What a spreadsheet program puts after the name of a sheet that is copied."""


class _Book:
    """One workbook, its sheets read one by one."""

    def __init__(
        self,
        workbook: python_calamine.CalamineWorkbook,
        parts: Parts,
        name: str,
        findings: Findings,
    ) -> None:
        self._workbook = workbook
        self._parts = parts
        self._name = name
        self._findings = findings
        self._hidden = _Hidden()

    def grids(self, tables: Sequence[Table], skipped: Collection[Table]) -> dict[str, Grid | None]:
        """The grids of ``tables``, by table name; None for a sheet that cannot be read."""
        grids: dict[str, Grid | None] = {}
        unknown: list[str] = []
        for name, sheet in self._parts.sheets.items():
            label = self._label(name)
            table = table_called(name, tables)
            if table in skipped:
                continue
            if sheet.content is None:
                self._findings.error(label, message("intake.part-missing", part=sheet.part))
                if table is not None:
                    grids[table.name] = None
            elif table is None:
                unknown.append(name)
            elif table.name in grids:
                self._findings.error(label, message("intake.one-sheet", table=table.name))
            else:
                grids[table.name] = self._grid(name, sheet, sheet.content, table)
        self._report_unknown(unknown, [t for t in tables if t.name not in grids], tables)
        self._report_hidden()
        return grids

    def _label(self, sheet: str) -> Message:
        return message("intake.sheet", file=self._name, sheet=sheet)

    def _report_unknown(
        self, unknown: list[str], absent: Sequence[Table], tables: Sequence[Table]
    ) -> None:
        known = ", ".join(table.name for table in tables)
        for name in unknown:
            meant = table_meant(name, absent)
            copied = table_called(_COPY.sub("", name), tables)
            if meant is not None:
                said = message("intake.sheet-resembles", table=meant.name)
                self._findings.error(self._label(name), said)
            elif copied is not None:
                said = message("intake.sheet-copied", table=copied.name)
                self._findings.note(self._label(name), said)
            elif fold(name) != IGNORED:
                self._findings.note(self._label(name), message("intake.sheet-unknown", known=known))

    def _report_hidden(self) -> None:
        hidden = self._hidden
        parts = [
            message(code, count=count)
            for code, count in (
                ("intake.hidden-rows", hidden.rows),
                ("intake.hidden-columns", hidden.columns),
                ("intake.hidden-sheets", hidden.sheets),
            )
            if count
        ]
        if parts:
            self._findings.note(self._name, message("intake.hidden", parts=parts))

    def _grid(self, name: str, sheet: Sheet, content: bytes, table: Table) -> Grid | None:
        label, findings = self._label(name), self._findings
        try:
            scanned = scan(content, self._parts.styles, self._parts.struck)
            source = self._workbook.get_sheet_by_name(name)
            rows: Sequence[Sequence[Value]] = source.to_python(skip_empty_area=False)
        except UnsafeError as error:
            findings.error(label, error.message)
            return None
        except python_calamine.CalamineError as error:
            findings.error(label, message("intake.readable-sheet", fault=library_fault(error)))
            return None
        first = next(
            (i for i, row in enumerate(rows) if any(is_filled(cell) for cell in row)), None
        )
        if first is None:
            required = ", ".join(column.name for column in table.columns if column.required)
            findings.error(label, message("intake.header-of-sheet", required=required))
            return None
        tops = [[text_of(cell) for cell in row] for row in rows[first : first + SEARCHED_ROWS + 1]]
        below = None if table is SETTINGS else header_below(tops, table)
        if below is not None:
            said = message("intake.header-below", row=first + 1, header=first + below + 1)
            findings.error(label, said, row=first + 1)
            return None
        self._count_hidden(sheet, scanned, rows, first)
        return _cells(rows, first, scanned, label, table, findings)

    def _count_hidden(
        self, sheet: Sheet, scanned: Scanned, rows: Sequence[Sequence[Value]], first: int
    ) -> None:
        """Counts what is hidden and holds something below the header."""
        filled = [
            n for n, row in enumerate(rows[first + 1 :], first + 2) if any(map(is_filled, row))
        ]
        self._hidden.sheets += sheet.hidden and bool(filled)
        self._hidden.rows += len(scanned.hidden_rows.intersection(filled))
        for low, high in scanned.hidden_columns:
            titles = rows[first][low - 1 : high]
            self._hidden.columns += sum(map(is_filled, titles))


def _cells(
    rows: Sequence[Sequence[Value]],
    first: int,
    scanned: Scanned,
    label: str | Message,
    table: Table,
    findings: Findings,
) -> Grid:
    """The grid of the rows below the header, which is at the index ``first``."""
    header = [text_of(cell) for cell in rows[first]]
    columns = list(zip(*rows[first + 1 :], strict=True)) or [()] * len(header)
    bad = _report(scanned.found, first + 1, header, label, findings)
    for column, row in _report_merged(scanned.merged, first + 1, len(rows), label, findings):
        bad.setdefault(column, []).append(row)
    styled = {(row - first - 2, at - 1): style for (row, at), style in scanned.styled.items()}
    note_seen_otherwise(columns, styled, first + 2, label, findings)
    kinds = {name: column.kind for name, column in table.by_header.items()}
    cells: list[Cells] = []
    for index, title in enumerate(header):
        kind = kinds.get(fold(title))
        code = kind == "code"
        values = [
            as_shown(cell, styled.get((row, index)), code=code)
            for row, cell in enumerate(columns[index])
        ]
        texts = [text_of(cell) for cell in values]
        for row in bad.get(index, ()):
            if row < len(texts):
                texts[row] = UNREADABLE
        if kind not in (None, "code"):
            own = {row: style for (row, at), style in styled.items() if at == index}
            note_rounded(columns[index], own, first + 2, title, label, findings)
        if code:
            _check_codes(values, texts, first + 2, title, label, findings)
        cells.append(np.array(texts, dtype=object))
    return without_blank_rows(label, first + 1, header, cells)


def _report_merged(
    merged: list[str], header_row: int, last_row: int, label: str | Message, findings: Findings
) -> list[tuple[int, int]]:
    """An error for each range of merged cells at or below the header.

    Gives the column's index and the record's of each of their cells.
    """
    covered: list[tuple[int, int]] = []
    for reference in merged:
        start, _, end = reference.partition(":")
        top, bottom = place_of(start), place_of(end or start)
        if top is None or bottom is None or bottom[0] < header_row or top[0] > last_row:
            continue
        findings.error(label, message("intake.merged", cells=reference), row=top[0])
        covered += [
            (column - 1, row - header_row - 1)
            for row in range(max(top[0], header_row + 1), min(bottom[0], last_row) + 1)
            for column in range(top[1], bottom[1] + 1)
        ]
    return covered


def _report(
    found: list[UnsafeCell],
    header_row: int,
    header: list[str],
    label: str | Message,
    findings: Findings,
) -> dict[int, list[int]]:
    """Reports formula and error cells; gives their record indices by column index."""
    bad: dict[int, list[int]] = {}
    for cell in found:
        index = cell.column - 1
        title = header[index].strip() if index < len(header) else ""
        expected = message("intake.value-no-formula")
        if not cell.text.startswith("="):
            expected = message("intake.value-no-error")
        findings.error(
            label,
            expected,
            row=cell.row,
            column=title or _letters(cell.column),
            value=cell.text[:200],
        )
        if cell.row > header_row:
            bad.setdefault(index, []).append(cell.row - header_row - 1)
    return bad


def _check_codes(
    values: Sequence[Value],
    texts: list[str],
    first_row: int,
    title: str,
    label: str | Message,
    findings: Findings,
) -> None:
    """Codes are text: whole numbers are taken with a note, dates and the like refused."""
    numeric: list[int] = []
    for index, value in enumerate(values):
        if isinstance(value, str) or value is None or texts[index] == UNREADABLE:
            continue
        if isinstance(value, int | float) and is_whole(value):
            numeric.append(index)
            texts[index] = str(int(value))
            continue
        findings.error(
            label,
            message("intake.code-as-text"),
            row=first_row + index,
            column=title.strip(),
            value=texts[index],
        )
        texts[index] = UNREADABLE
    if numeric:
        findings.note(
            label,
            message("intake.numeric-codes", n=len(numeric)),
            row=first_row + numeric[0],
            column=title.strip(),
            value=texts[numeric[0]],
        )


def _letters(column: int) -> str:
    letters = ""
    while column:
        column, digit = divmod(column - 1, 26)
        letters = chr(65 + digit) + letters
    return letters
