"""Which table, and which row of headers, is meant by what an office has written."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Sequence

from admissions.model.columns import Table, fold

ALIKE = 0.8
"""Names at least so alike (difflib's ratio, 1 is equal) are taken for the same name misspelt."""

SEARCHED_ROWS = 20
"""So many rows below the first are searched for the header."""


def table_called(name: str, tables: Iterable[Table]) -> Table | None:
    """The table whose file or sheet is called ``name``, in any language."""
    return next((table for table in tables if fold(name) in table.names()), None)


def table_meant(name: str, absent: Iterable[Table]) -> Table | None:
    """The one of ``absent`` whose name ``name`` resembles."""
    names = {spelling: table for table in absent for spelling in table.names()}
    close = most_alike(fold(name), names)
    return names[close] if close else None


def most_alike(text: str, known: Collection[str]) -> str | None:
    """The one of ``known`` that ``text`` resembles; all of them folded."""
    close = difflib.get_close_matches(text, known, n=1, cutoff=ALIKE)
    return close[0] if close else None


def is_header(row: Sequence[str], table: Table) -> bool:
    """Whether the cells of ``row`` name every required column of ``table``."""
    required = {column.name for column in table.columns if column.required}
    return required <= _named(row, table)


def header_below(rows: Sequence[Sequence[str]], table: Table) -> int | None:
    """The index of the row that looks like the header of ``table``, where the first does not.

    It has two known headers or more, and more than the first has, which lacks a required one.
    """
    if is_header(rows[0], table):
        return None
    counts = [len(_named(row, table)) for row in rows[: SEARCHED_ROWS + 1]]
    best = max(range(len(counts)), key=counts.__getitem__)
    return best if counts[best] >= 2 and best > 0 else None


def _named(row: Sequence[str], table: Table) -> set[str]:
    known = table.by_header
    return {known[folded].name for cell in row if (folded := fold(cell)) in known}
