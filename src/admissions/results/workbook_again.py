"""Whether a workbook of a result holds the cells that it must."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator
from itertools import zip_longest
from typing import TypeVar

import python_calamine

from admissions.verification.property import Noted

_Sheets = dict[str, list[list[object]]]
_Cell = TypeVar("_Cell")


def cells_wrong(
    name: str, expected: bytes, found: bytes, to_fill: Collection[int] = ()
) -> Iterator[str]:
    """Where the workbook ``found``, the file ``name``, has other cells than ``expected``.

    ``to_fill``: columns, counted from 0, that are filled in by whoever receives it; below the
    header anything may stand there.
    """
    own, said = _sheets(expected), _sheets(found)
    if said is None or own is None:
        yield Noted("no-workbook", file=name)
        return
    if list(own) != list(said):
        yield Noted("sheets", file=name, found=tuple(said), expected=tuple(own))
        return
    for sheet, rows in own.items():
        for number, (right, row) in enumerate(zip_longest(rows, said[sheet]), start=1):
            if number > 1:
                right, row = _without(right, to_fill), _without(row, to_fill)
            if (right or []) != (row or []):
                yield Noted("sheet-row", file=name, sheet=sheet, row=number)


def _without(row: list[object] | None, columns: Collection[int]) -> list[object]:
    return _trimmed([cell for at, cell in enumerate(row or []) if at not in columns])


def _trimmed(cells: list[_Cell]) -> list[_Cell]:
    """``cells`` without empty ones at their end: a spreadsheet program adds and drops such."""
    while cells and cells[-1] in ("", []):
        cells = cells[:-1]
    return cells


def _sheets(data: bytes) -> _Sheets | None:
    """The cells of each sheet; None where the file is no workbook."""
    try:
        book = python_calamine.load_workbook(io.BytesIO(data))
        return {
            sheet: _trimmed(
                [_trimmed(list[object](row)) for row in book.get_sheet_by_name(sheet).to_python()]
            )
            for sheet in book.sheet_names
        }
    except (python_calamine.CalamineError, OSError, ValueError):
        return None
