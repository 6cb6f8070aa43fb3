"""An office's own workbook back: each wrong cell is marked, and a comment says what is wrong."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from admissions.model.messages import message
from admissions.model.vocabulary import Language

NAME = "round.xlsx"
"""What an uploaded workbook is called in its errors."""
MOST_ROWS = 100
"""So many rows of a sheet are shown."""
_HEADER_WITHIN = 20
_WRONG = PatternFill("solid", fgColor="FFFFC7CE")
_AUTHOR = "admissions"


@dataclass(frozen=True)
class MarkedRow:
    """One row of a sheet as it stands; ``wrong``: what is wrong, by the place of its cell."""

    number: int
    cells: tuple[str, ...]
    wrong: Mapping[int, str]


@dataclass(frozen=True)
class MarkedSheet:
    """The rows of one sheet in which something is wrong, under its header."""

    name: str
    header: tuple[str, ...]
    rows: tuple[MarkedRow, ...]


@dataclass(frozen=True)
class Marked:
    """The workbook with its marks, and what it looks like where something is wrong."""

    workbook: bytes
    sheets: tuple[MarkedSheet, ...]


@dataclass
class _Places:
    """What is wrong in one sheet, by row and column, both from 1."""

    header_row: int = 1
    said: dict[tuple[int, int], list[str]] = field(default_factory=dict)


def marked(data: bytes, errors: Sequence[Mapping[str, Any]], language: Language) -> Marked | None:
    """The workbook ``data`` with its ``errors`` in its cells; None where no cell can be found.

    ``errors`` are those of a refused upload, told in ``language``. An error without a row stands at
    its column's header, one without a column at the first cell of its row.
    """
    try:
        book = openpyxl.load_workbook(io.BytesIO(data))
        sheets = tuple(
            _sheet(sheet, places)
            for sheet in book.worksheets
            if (places := _places(sheet, errors, language)).said
        )
        if not sheets:
            return None
        file = io.BytesIO()
        book.save(file)
    except Exception:  # noqa: BLE001 - a workbook that only Excel understands has its list of errors
        return None
    return Marked(file.getvalue(), sheets)


def _places(sheet: Any, errors: Sequence[Mapping[str, Any]], language: Language) -> _Places:
    label = message("intake.sheet", file=NAME, sheet=sheet.title).in_(language)
    own = [error for error in errors if error["file"] == label]
    found = _Places()
    if not own:
        return found
    named = {str(error["column"]) for error in own if error["column"]}
    found.header_row = _header_row(sheet, named)
    columns = {
        _text(cell.value): cell.column for cell in sheet[found.header_row] if cell.value is not None
    }
    for error in own:
        column = columns.get(str(error["column"] or ""), 1)
        row = error["row"] or found.header_row
        if 1 <= row <= sheet.max_row:
            found.said.setdefault((row, column), []).append(str(error["expected"]))
    return found


def _header_row(sheet: Any, named: set[str]) -> int:
    """The first row that has most of the columns ``named``."""
    rows = sheet.iter_rows(max_row=min(_HEADER_WITHIN, sheet.max_row))
    hits: list[int] = [sum(_text(cell.value) in named for cell in row) for row in rows]
    most = max(hits, default=0)
    return hits.index(most) + 1 if most else 1


def _sheet(sheet: Any, places: _Places) -> MarkedSheet:
    """Marks the cells of ``sheet``, and tells the rows that they stand in."""
    for (row, column), said in places.said.items():
        cell = sheet.cell(row, column)
        if hasattr(cell, "fill"):
            cell.fill = _WRONG
            cell.comment = Comment("\n".join(said), _AUTHOR, height=120, width=320)
    header = tuple(_text(cell.value) for cell in sheet[places.header_row])
    numbers = sorted({row for row, _ in places.said})[:MOST_ROWS]
    return MarkedSheet(sheet.title, header, tuple(_row(sheet, n, places) for n in numbers))


def _row(sheet: Any, number: int, places: _Places) -> MarkedRow:
    cells = tuple(_text(cell.value) for cell in sheet[number])
    wrong = {
        column - 1: " ".join(said)
        for (row, column), said in sorted(places.said.items())
        if row == number
    }
    return MarkedRow(number, cells, wrong)


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()
