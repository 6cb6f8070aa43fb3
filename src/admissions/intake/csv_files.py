"""CSV files in the forms that offices export: encodings, delimiters, line ends."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from admissions.intake.findings import Findings
from admissions.intake.grid import UNREADABLE, Cells, Grid, without_blank_rows
from admissions.intake.names import SEARCHED_ROWS, header_below, is_header
from admissions.model.columns import Table, fold
from admissions.model.errors import library_fault
from admissions.model.messages import Message, message

MOST_COLUMNS = 1000
_DELIMITERS = ";,\t"
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_MANY_CONTROLS = 10
"""With so many control bytes among the first thousand, a file is no text."""

_OTHER_FORMATS = {
    b"PK\x03\x04": "is-workbook",
    b"\xd0\xcf\x11\xe0": "is-old-office",
}
_BYTE_ORDERS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_CONTROL_LETTER = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SEPARATOR = re.compile(r'"?sep=(.)"?[;,\t ]*(?:\r\n|\r|\n)', re.IGNORECASE)
"""The line by which Excel is told, and tells, what parts the cells; it is no row of its own."""

_LINE_END = re.compile(r"\r\n|\r|\n")
_BLANK_LINES = re.compile(r"(?:[ \t]*(?:\r\n|\r|\n))*")


def decoded(data: bytes, file: str | Message, findings: Findings) -> str | None:
    """The text of a file in UTF-8 (with or without BOM), UTF-16, cp1252 or Latin-1, composed (NFC).

    None, with an error in ``findings``, when it is no text.
    """
    for start, what in _OTHER_FORMATS.items():
        if data.startswith(start):
            findings.error(file, message(f"intake.{what}"))
            return None
    wide = _utf_16(data)
    if wide is not None:
        findings.note(file, message("intake.read-as", encoding="UTF-16"))
        return unicodedata.normalize("NFC", wide)
    if b"\x00" in data or len(_CONTROL.findall(data, 0, 1000)) >= _MANY_CONTROLS:
        control = _CONTROL.search(data)
        at = control.start() if control else 0
        byte, line = f"{data[at]:#04x}", data.count(10, 0, at) + 1
        findings.error(file, message("intake.binary", byte=byte, line=line))
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("cp1252")
            name = "cp1252"
        except UnicodeDecodeError:
            text = data.decode("latin-1")
            name = "Latin-1"
        findings.note(file, message("intake.read-as", encoding=name))
    return unicodedata.normalize("NFC", text)


def _utf_16(data: bytes) -> str | None:
    """``data`` as UTF-16, with or without a byte order mark; None when it is something else."""
    encoding = _BYTE_ORDERS.get(data[:2])
    if encoding is None and len(data) > 3:
        low, high = b"\x00" in data[1:4:2], b"\x00" in data[0:4:2]
        encoding = {(True, False): "utf-16-le", (False, True): "utf-16-be"}.get((low, high))
    if encoding is None:
        return None
    try:
        text = data.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError:
        return None
    return None if _CONTROL_LETTER.search(text) else text


def read_csv(data: bytes, table: Table, file: str | Message, findings: Findings) -> Grid | None:
    """The cells of one CSV file of ``table``; errors of form go to ``findings``.

    None when there is no header to go by.
    """
    text = decoded(data, file, findings)
    if text is None:
        return None
    separator = _SEPARATOR.match(text)
    text = text[separator.end() :] if separator else text
    blank = _BLANK_LINES.match(text)
    lines_before = len(blank.group().splitlines()) if blank else 0
    text = text[blank.end() :] if blank else text
    if not text.strip():
        required = ", ".join(column.name for column in table.columns if column.required)
        findings.error(file, message("intake.header-of-file", required=required))
        return None
    delimiter = separator.group(1) if separator else _delimiter(text, table)
    header_row = lines_before + 1
    said = _no_header(text, table, delimiter, header_row, stated=separator is not None)
    if said is not None:
        findings.error(file, said, row=header_row)
        return None
    try:
        frame = _frame(text, delimiter)
    except pd.errors.ParserError:
        return _row_by_row(text, delimiter, header_row, file, findings)
    columns = [frame[name].to_numpy() for name in frame.columns]
    cells = [column[1:] for column in columns]
    if any(text == "" for text in cells[-1]):
        cells = [column.copy() for column in cells]
        _report_short_rows(cells, _cells_stated(text, delimiter)[1:], header_row, file, findings)
    return without_blank_rows(file, header_row, [column[0] for column in columns], cells)


def _no_header(
    text: str, table: Table, delimiter: str, row: int, *, stated: bool
) -> Message | None:
    """Why the first line, which is ``row``, is no header; None where it may be one.

    ``stated``: the file says its delimiter itself.
    """
    below = _header_below(text, table, delimiter if stated else None)
    if below is not None:
        return message("intake.header-below", row=row, header=row + below)
    width = _LINE_END.split(text, 1)[0].count(delimiter) + 1
    if width > MOST_COLUMNS:
        return message("intake.too-many-columns", most=MOST_COLUMNS, found=width)
    return None


def _frame(text: str, delimiter: str) -> pd.DataFrame:
    """Every cell as it stands, the header's too."""
    return pd.read_csv(
        io.BytesIO(text.encode()),
        sep=delimiter,
        header=None,
        index_col=False,
        dtype=object,
        keep_default_na=False,
        na_filter=False,
        skip_blank_lines=False,
        engine="c",
        low_memory=False,
    )


def _cells_stated(text: str, delimiter: str) -> list[int]:
    """How many cells each record has."""
    if '"' in text:
        records = csv.reader(io.StringIO(text, newline=None), delimiter=delimiter)
        return [len(row) for row in records]
    return [line.count(delimiter) + 1 for line in _LINE_END.split(text)]


def _report_short_rows(
    columns: Sequence[Cells],
    stated: Sequence[int],
    header_row: int,
    file: str | Message,
    findings: Findings,
) -> None:
    """An error for each row with fewer cells than the header; a blank row is none.

    What is missing is ``UNREADABLE`` from then on.
    """
    width = len(columns)
    for at in range(len(columns[0])):
        if stated[at] < width and any(column[at].strip() for column in columns):
            said = message("intake.short-row", expected=width, found=stated[at])
            findings.error(file, said, row=header_row + 1 + at)
            for column in columns[stated[at] :]:
                column[at] = UNREADABLE


def _header_below(text: str, table: Table, delimiter: str | None) -> int | None:
    """How many lines below the first the header of ``table`` seems to stand; None: at the first."""
    lines = text[:100_000].splitlines()[: SEARCHED_ROWS + 1]
    rows_by = {
        chosen: [next(csv.reader([line], delimiter=chosen), []) for line in lines]
        for chosen in (delimiter or _DELIMITERS)
    }
    if any(is_header(rows[0], table) for rows in rows_by.values()):
        return None
    found = (header_below(rows, table) for rows in rows_by.values())
    return next((below for below in found if below is not None), None)


def _delimiter(text: str, table: Table) -> str:
    """The delimiter by which the header has most known columns, then most columns."""
    first_line = text[:100_000].splitlines()[0]
    known = table.by_header

    def score(delimiter: str) -> tuple[int, int]:
        cells = next(csv.reader([first_line], delimiter=delimiter))
        return sum(fold(cell) in known for cell in cells), len(cells)

    return max(_DELIMITERS, key=score)


def _row_by_row(
    text: str, delimiter: str, header_row: int, file: str | Message, findings: Findings
) -> Grid | None:
    """The same as the fast reader gives, for a file that it refuses, naming each bad row."""
    records = csv.reader(io.StringIO(text, newline=None), delimiter=delimiter, strict=True)
    rows: list[list[str]] = []
    ended = False
    try:
        rows.extend(records)
    except csv.Error as error:
        ended = True
        findings.error(
            file,
            message("intake.quotation-marks", fault=library_fault(error)),
            row=header_row + len(rows),
        )
    if not rows:
        return None
    width = len(rows[0])
    cells: list[list[str]] = []
    for number, row in enumerate(rows[1:], start=header_row + 1):
        if len(row) > width:
            findings.error(
                file,
                message("intake.long-row", most=width, found=len(row), delimiter=delimiter),
                row=number,
                value=row[width],
            )
        moved = [UNREADABLE] * (width - 1) if len(row) > width else row[1:width]
        cells.append([*row[:1], *moved, *[""] * (width - len(row))])
    columns = [np.array([row[i] for row in cells], dtype=object) for i in range(width)]
    _report_short_rows(columns, [len(row) for row in rows[1:]], header_row, file, findings)
    grid = without_blank_rows(file, header_row, rows[0], columns)
    return replace(grid, ended=ended)
