"""Excel workbooks: the same tables as sheets, read by value, with formulas and errors refused."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Sequence

import numpy as np
import python_calamine

from admissions.intake.findings import Findings
from admissions.intake.grid import UNREADABLE, Cells, Grid, without_blank_rows
from admissions.intake.workbook_parts import Finding, UnsafeError, open_parts, scan
from admissions.model.columns import Table, fold
from admissions.model.messages import Message

Value = str | bool | int | float | dt.date | dt.time | dt.timedelta | None

IGNORED = "readme"
"""A sheet (or file) of this name is for people."""


def read_workbook(
    data: bytes, name: str, tables: Sequence[Table], findings: Findings
) -> dict[str, Grid | None] | None:
    """The grids of ``tables`` in the workbook ``data``, by table name; one absent is left out.

    None stands for a sheet, or the workbook, that cannot be read at all. A sheet is labelled
    ``round.xlsx, sheet applicants`` in ``findings``. Other sheets are noted.
    """
    try:
        parts = open_parts(data)
        workbook = python_calamine.CalamineWorkbook.from_filelike(parts.repacked)
    except UnsafeError as error:
        findings.error(name, str(error))
        return None
    except python_calamine.CalamineError as error:
        findings.error(name, f"expected an .xlsx; this one cannot be read ({error})")
        return None
    by_name = {table.name: table for table in tables}
    grids: dict[str, Grid | None] = {}
    for sheet, content in parts.sheets.items():
        label = f"{name}, sheet {sheet}"
        table = by_name.get(sheet.strip().casefold())
        if table is None:
            if sheet.strip().casefold() != IGNORED:
                findings.note(label, f"unknown sheet, ignored; known are: {', '.join(by_name)}")
        elif table.name in grids:
            findings.error(label, f"expected one sheet called {table.name}")
        else:
            grids[table.name] = _sheet(workbook, sheet, content, label, table, findings)
    return grids


def _sheet(
    workbook: python_calamine.CalamineWorkbook,
    sheet: str,
    content: bytes,
    label: str | Message,
    table: Table,
    findings: Findings,
) -> Grid | None:
    try:
        found = scan(content)
        source = workbook.get_sheet_by_name(sheet)
        rows: Sequence[Sequence[Value]] = source.to_python(skip_empty_area=False)
    except UnsafeError as error:
        findings.error(label, str(error))
        return None
    except python_calamine.CalamineError as error:
        findings.error(label, f"expected a sheet that can be read ({error})")
        return None
    first = next((i for i, row in enumerate(rows) if any(_filled(cell) for cell in row)), None)
    if first is None:
        required = ", ".join(column.name for column in table.columns if column.required)
        findings.error(label, f"expected a header row with at least {required}; it is empty")
        return None
    header = [_text(cell) for cell in rows[first]]
    columns = list(zip(*rows[first + 1 :], strict=True)) or [()] * len(header)
    bad = _report(found, first + 1, header, label, findings)
    kinds = {name: column.kind for name, column in table.headers().items()}
    cells: list[Cells] = []
    for index, title in enumerate(header):
        texts = [_text(cell) for cell in columns[index]]
        for row in bad.get(index, ()):
            if row < len(texts):
                texts[row] = UNREADABLE
        if kinds.get(fold(title)) == "code":
            _check_codes(columns[index], texts, first + 2, title, label, findings)
        cells.append(np.array(texts, dtype=object))
    return without_blank_rows(label, first + 1, header, cells)


def _report(
    found: list[Finding],
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
        expected = "expected a value, not a formula. Maybe copy the cells and paste them as values"
        if not cell.text.startswith("="):
            expected = "expected a value, not an error. Maybe empty the cell"
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
        if isinstance(value, int | float) and _whole(value):
            numeric.append(index)
            texts[index] = str(int(value))
            continue
        findings.error(
            label,
            "expected a code as text. Maybe Excel changed it: format the column as text",
            row=first_row + index,
            column=title.strip(),
            value=texts[index],
        )
        texts[index] = UNREADABLE
    if numeric:
        findings.note(
            label,
            f"{len(numeric)} codes are numbers, not text; leading zeros may be lost. "
            "Maybe format the column as text",
            row=first_row + numeric[0],
            column=title.strip(),
            value=texts[numeric[0]],
        )


def _filled(value: Value) -> bool:
    return value is not None and not (isinstance(value, str) and not value.strip())


def _whole(value: float) -> bool:
    """Whether a number has all its digits still: Excel keeps 15."""
    return not isinstance(value, bool) and abs(value) < 10**15 and value == int(value)


def _letters(column: int) -> str:
    letters = ""
    while column:
        column, digit = divmod(column - 1, 26)
        letters = chr(65 + digit) + letters
    return letters


def _text(value: Value) -> str:
    """A cell as text: 4.0 is ``4``, numbers have Excel's 15 digits, dates are ISO."""
    if value is None:
        return ""
    if isinstance(value, str):
        if value.isascii() and value.isprintable():
            return value
        return unicodedata.normalize("NFC", value).replace("\x00", "\x01")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, dt.datetime):
        midnight = value.time() == dt.time()
        return value.date().isoformat() if midnight else value.isoformat(sep=" ")
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value)
