"""CSV files in the forms that offices export: encodings, delimiters, line ends."""

from __future__ import annotations

import csv
import io
import re
import unicodedata

import numpy as np
import pandas as pd

from admissions.intake.findings import Findings
from admissions.intake.grid import Grid, without_blank_rows
from admissions.model.columns import Table, fold
from admissions.model.messages import Message

MOST_COLUMNS = 1000
_DELIMITERS = ";,\t"
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_MANY_CONTROLS = 10
"""With so many control bytes among the first thousand, a file is no text."""

_OTHER_FORMATS = {
    b"PK\x03\x04": "an Excel workbook or a zip file. Maybe save it as CSV UTF-8",
    b"\xd0\xcf\x11\xe0": "an old or encrypted Office file. Maybe save it as CSV UTF-8",
    b"\xff\xfe": "UTF-16 text. Maybe save it as CSV UTF-8",
    b"\xfe\xff": "UTF-16 text. Maybe save it as CSV UTF-8",
}
_LINE_END = re.compile(r"[\r\n]")
_BLANK_LINES = re.compile(r"(?:[ \t]*(?:\r\n|\r|\n))*")


def decoded(data: bytes, file: str | Message, findings: Findings) -> str | None:
    """The text of a file in UTF-8 (with or without BOM), cp1252 or Latin-1, composed (NFC).

    None, with an error in ``findings``, when it is no text.
    """
    for start, what in _OTHER_FORMATS.items():
        if data.startswith(start):
            findings.error(file, f"expected text; this is {what}")
            return None
    if b"\x00" in data or len(_CONTROL.findall(data, 0, 1000)) >= _MANY_CONTROLS:
        control = _CONTROL.search(data)
        at = control.start() if control else 0
        where = f"byte {data[at]:#04x} in line {data.count(10, 0, at) + 1}"
        findings.error(file, f"expected text; this is a binary or damaged file ({where})")
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
        findings.note(file, f"not UTF-8, read as {name}")
    return unicodedata.normalize("NFC", text)


def read_csv(data: bytes, table: Table, file: str | Message, findings: Findings) -> Grid | None:
    """The cells of one CSV file of ``table``; errors of form go to ``findings``.

    None when there is no header to go by.
    """
    text = decoded(data, file, findings)
    if text is None:
        return None
    blank = _BLANK_LINES.match(text)
    lines_before = len(blank.group().splitlines()) if blank else 0
    text = text[blank.end() :] if blank else text
    if not text.strip():
        required = ", ".join(column.name for column in table.columns if column.required)
        findings.error(file, f"expected a header row with at least {required}; the file is empty")
        return None
    delimiter = _delimiter(text, table)
    header_row = lines_before + 1
    width = _LINE_END.split(text, 1)[0].count(delimiter) + 1
    if width > MOST_COLUMNS:
        findings.error(
            file,
            f"expected at most {MOST_COLUMNS} columns, found {width}. "
            "Maybe the file is another one",
            row=header_row,
        )
        return None
    try:
        frame = pd.read_csv(
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
    except pd.errors.ParserError:
        return _row_by_row(text, delimiter, header_row, file, findings)
    columns = [frame[name].to_numpy() for name in frame.columns]
    header = [column[0] for column in columns]
    return without_blank_rows(file, header_row, header, [column[1:] for column in columns])


def _delimiter(text: str, table: Table) -> str:
    """The delimiter by which the header has most known columns, then most columns."""
    first_line = text[:100_000].splitlines()[0]
    known = table.headers()

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
    try:
        rows.extend(records)
    except csv.Error as error:
        findings.error(
            file,
            f"expected quotation marks in pairs ({error}). Maybe one is missing",
            row=header_row + len(rows),
        )
    if not rows:
        return None
    width = len(rows[0])
    for number, row in enumerate(rows[1:], start=header_row + 1):
        if len(row) > width:
            findings.error(
                file,
                f"expected at most {width} cells as in the header, found {len(row)}. Maybe a "
                f"{delimiter!r} inside a cell that is not in quotation marks",
                row=number,
                value=row[width],
            )
    padded = [[*row[:width], *[""] * (width - len(row))] for row in rows[1:]]
    cells = np.array([rows[0], *padded], dtype=object)[1:]
    return without_blank_rows(file, header_row, rows[0], [cells[:, i] for i in range(width)])
