"""One table's cells as text, the way a spreadsheet shows them, before anything is understood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from admissions.model.messages import Message

UNREADABLE = "\x00"
"""Stands for a cell already reported as an error; no file can hold it."""

Cells = NDArray[np.object_]


@dataclass(frozen=True)
class Texts:
    """A column's n cells: ``uniques[codes[i]]`` is cell i, trimmed; ``uniques[-1]`` is empty."""

    codes: NDArray[np.intp]
    uniques: list[str]

    @property
    def given(self) -> NDArray[np.bool_]:
        """Where the cell is not empty, shape (n,)."""
        filled: NDArray[np.bool_] = np.array([text != "" for text in self.uniques])[self.codes]
        return filled

    def usable_uniques(self) -> NDArray[np.bool_]:
        """Which of ``uniques`` are neither empty nor reported as an error already."""
        return np.array([text not in ("", UNREADABLE) for text in self.uniques])

    def values(self) -> Cells:
        """The cells, shape (n,)."""
        cells: Cells = np.array(self.uniques, dtype=object)[self.codes]
        return cells

    def at(self, places: NDArray[np.intp]) -> list[str]:
        """The cells at ``places``."""
        return [self.uniques[code] for code in self.codes[places]]

    def where(self, chosen: NDArray[np.bool_]) -> Texts:
        """The same column, empty where not ``chosen``."""
        return Texts(np.where(chosen, self.codes, len(self.uniques) - 1), list(self.uniques))


@dataclass(frozen=True)
class Grid:
    """A table of one file: no blank rows.

    ``file`` is the label for problems; ``header`` has a text a column, trimmed; ``cells`` an
    object array of str (n,) a column; ``rows`` the spreadsheet's row numbers, int64 (n,).
    ``ended`` is True when rows below could not be read, and that has been said.
    """

    file: str | Message
    header: tuple[str, ...]
    header_row: int
    rows: NDArray[np.int64]
    cells: tuple[Cells, ...]
    ended: bool = False

    def texts(self, index: int, *, keep_tab: bool = False) -> Texts:
        """The column at ``index``, each different text held once; a tab in front stays if asked."""
        codes, uniques = pd.factorize(self.cells[index])
        trimmed = [text.strip() for text in uniques]
        if keep_tab:
            tabbed = [text.lstrip(" \u00a0").startswith("\t") for text in uniques]
            trimmed = ["\t" * tab + text for tab, text in zip(tabbed, trimmed, strict=True)]
        if len(set(trimmed)) < len(trimmed):
            merged, distinct = pd.factorize(np.array(trimmed, dtype=object))
            codes, trimmed = merged[codes], distinct.tolist()
        return Texts(codes, [*trimmed, ""])


def without_blank_rows(
    file: str | Message, header_row: int, header: Sequence[str], cells: Sequence[Cells]
) -> Grid:
    """The grid of the records below the header; blank ones are left out but counted."""
    count = len(cells[0]) if cells else 0
    blank = np.arange(count)
    for column in cells:
        blank = blank[[not text or text.isspace() for text in column[blank]]]
    rows = np.arange(count, dtype=np.int64) + header_row + 1
    if len(blank):
        rows = np.delete(rows, blank)
        cells = [np.delete(column, blank) for column in cells]
    return Grid(file, tuple(text.strip() for text in header), header_row, rows, tuple(cells))
