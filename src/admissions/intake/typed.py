"""A grid's cells as typed columns: each different text is understood once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from admissions.intake import cells
from admissions.intake.cells import Reader, UnreadableError
from admissions.intake.findings import Findings
from admissions.intake.grid import UNREADABLE, Grid, Texts
from admissions.intake.names import most_alike
from admissions.model.columns import Column, Table, fold
from admissions.model.messages import Message, message


@dataclass
class Typed:
    """One table's columns by name, n rows each, as ``Round`` describes them.

    Text columns are object arrays of str. ``given`` is True where the file states the value;
    ``headers`` are the file's words for the columns it has; ``rows`` its row numbers.
    ``extra`` are the columns that nobody knows, by header. A grade column stays as it is (see
    ``people``). ``present`` is False when there is no file;
    ``broken`` is True when its rows could not be read at all.
    """

    file: str | Message
    rows: NDArray[np.int64]
    columns: dict[str, NDArray[Any]] = field(default_factory=dict)
    given: dict[str, NDArray[np.bool_]] = field(default_factory=dict)
    texts: dict[str, Texts] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    extra: dict[str, Texts] = field(default_factory=dict)
    present: bool = True
    broken: bool = False

    def __len__(self) -> int:
        return len(self.rows)

    def header(self, name: str) -> str:
        """The file's word for the column ``name``."""
        return self.headers.get(name, name)

    def complain(
        self,
        findings: Findings,
        places: NDArray[np.intp],
        name: str,
        expected: Sequence[str | Message],
    ) -> None:
        """An error at each of ``places`` about the column ``name``, with the cell's text."""
        values = self.texts[name].at(places) if name in self.texts else [""] * len(places)
        findings.errors_at(self.file, self.rows[places], self.header(name), values, expected)

    def usable(self, name: str) -> NDArray[np.bool_]:
        """Where the text column ``name`` has a value that is not an error already."""
        if name not in self.texts:
            return np.zeros(len(self), np.bool_)
        texts = self.texts[name]
        return texts.usable_uniques()[texts.codes]

    def sound(self, *filled: str) -> NDArray[np.bool_]:
        """Which rows have no cell that is an error already, and all of ``filled`` stated, (n,)."""
        sound = np.ones(len(self), np.bool_)
        for name, texts in self.texts.items():
            wrong = np.array([text == UNREADABLE for text in texts.uniques], np.bool_)
            sound &= ~wrong[texts.codes]
            if name in filled:
                sound &= texts.given
        return sound

    def take(self, places: NDArray[Any]) -> Typed:
        """The rows at ``places`` (or where a mask is True), without their texts."""
        return Typed(
            self.file,
            self.rows[places],
            {name: column[places] for name, column in self.columns.items()},
            {name: given[places] for name, given in self.given.items()},
            headers=self.headers,
            present=self.present,
        )


def absent(table: Table, file: str | Message, *, broken: bool = False) -> Typed:
    """The columns of a table whose file is not there, or is ``broken``: no rows."""
    typed = Typed(file, np.empty(0, np.int64), present=broken, broken=broken)
    for column in table.columns:
        _default(typed, column)
    return typed


def read_table(grid: Grid, table: Table, findings: Findings) -> Typed:
    """The typed columns of ``grid``; everything wrong in a cell or header goes to ``findings``."""
    typed = Typed(grid.file, grid.rows, broken=grid.ended)
    if table.columns[0].required and not any(fold(h) in table.by_header for h in grid.header):
        said = message("intake.no-known-column", columns=_required(table), header=_shown(grid))
        findings.error(grid.file, said, row=grid.header_row)
        return absent(table, grid.file, broken=True)
    places, meant = _match_header(grid, table, typed, findings)
    for column in (*table.columns, *(more for more in table.more if more.name in places)):
        if column.name in places:
            keep_tab = column.kind == "code"
            typed.texts[column.name] = grid.texts(places[column.name], keep_tab=keep_tab)
            _read_column(typed, column, findings)
        else:
            _default(typed, column)
            if column.required and column.name not in meant:
                findings.error(
                    grid.file,
                    message("intake.this-column", header=_shown(grid)),
                    row=grid.header_row,
                    column=column.name,
                )
    return typed


def _match_header(
    grid: Grid, table: Table, typed: Typed, findings: Findings
) -> tuple[dict[str, int], set[str]]:
    """The index of each known column, and the columns of which it is said what is wrong.

    Reports unknown and repeated ones; of a column that stands there twice neither is read.
    """
    known = table.by_header
    places: dict[str, int] = {}
    unknown: list[int] = []
    meant: set[str] = set()
    for index, header in enumerate(grid.header):
        column = known.get(fold(header))
        if column is None:
            unknown.append(index)
        elif column.name in places:
            findings.error(
                grid.file,
                message("intake.one-column", column=column.name, other=typed.headers[column.name]),
                row=grid.header_row,
                column=header,
                value=header,
            )
            meant.add(column.name)
        else:
            places[column.name] = index
            typed.headers[column.name] = header
    absent = {text: column for text, column in known.items() if column.name not in places}
    for index in unknown:
        close = most_alike(fold(grid.header[index]), absent)
        if close is not None:
            meant.add(absent[close].name)
            said = message("intake.column-resembles", column=absent[close].name)
            shown = grid.header[index][: cells.LONGEST_TEXT]
            findings.error(grid.file, said, row=grid.header_row, column=shown)
        else:
            _unknown_header(grid, index, findings)
            if grid.header[index]:
                typed.extra.setdefault(grid.header[index], grid.texts(index, keep_tab=False))
    return {name: index for name, index in places.items() if name not in meant}, meant


def _required(table: Table) -> list[str]:
    return [column.name for column in table.columns if column.required]


def _shown(grid: Grid) -> str:
    return ", ".join(grid.header)[:300]


def _unknown_header(grid: Grid, index: int, findings: Findings) -> None:
    """A note about an unknown column; one without a header may hold nothing."""
    header = grid.header[index]
    if header:
        said = message("intake.column-unknown")
        shown = header[: cells.LONGEST_TEXT]
        findings.note(grid.file, said, row=grid.header_row, column=shown)
        return
    texts = grid.texts(index)
    filled = np.flatnonzero(texts.given)
    findings.errors_at(
        grid.file,
        grid.rows[filled],
        "",
        texts.at(filled),
        [message("intake.no-header-here")] * len(filled),
    )


def _default(typed: Typed, column: Column) -> None:
    n = len(typed)
    if column.kind in ("code", "text"):
        typed.columns[column.name] = np.full(n, "", dtype=object)
    elif column.kind == "grade":
        typed.texts[column.name] = Texts(np.zeros(n, np.intp), [""])
    else:
        typed.columns[column.name] = np.full(n, cells.default_value(column), dtype=column.dtype)
    typed.given[column.name] = np.zeros(n, np.bool_)


def _read_column(typed: Typed, column: Column, findings: Findings) -> None:
    name = column.name
    texts = typed.texts[name]
    _report_formulas(typed, name, findings)
    typed.given[name] = texts.given
    if column.required:
        empty = np.flatnonzero(~typed.given[name])
        typed.complain(findings, empty, name, [message("intake.a-value")] * len(empty))
    if column.kind in ("code", "text"):
        typed.columns[name] = _read_texts(typed, column, findings)
    elif column.kind != "grade":
        values = read_values(typed, name, texts, cells.reader(column), findings)
        values[~typed.given[name]] = cells.default_value(column)
        typed.columns[name] = values.astype(column.dtype)


def _report_formulas(typed: Typed, name: str, findings: Findings) -> None:
    texts = typed.texts[name]
    formulas = np.array([text.startswith("=") for text in texts.uniques])
    if not formulas.any():
        return
    places = np.flatnonzero(formulas[texts.codes])
    expected = message("intake.no-formula")
    typed.complain(findings, places, name, [expected] * len(places))
    for index in np.flatnonzero(formulas):
        texts.uniques[index] = UNREADABLE


def _read_texts(typed: Typed, column: Column, findings: Findings) -> NDArray[np.object_]:
    name = column.name
    texts = typed.texts[name]
    faults = [_text_fault(text, column) for text in texts.uniques]
    bad = np.array([fault is not None for fault in faults]) & texts.usable_uniques()
    if bad.any():
        places = np.flatnonzero(bad[texts.codes])
        typed.complain(findings, places, name, [faults[code] or "" for code in texts.codes[places]])
        for code in np.flatnonzero(bad):
            texts.uniques[code] = UNREADABLE
    return texts.values()


def _text_fault(text: str, column: Column) -> str | Message | None:
    """What was expected instead of ``text``; None when it is as it should be."""
    if column.kind == "code" and text.startswith(_LIKE_FORMULAS):
        return message("intake.code-begins-like-formula")
    if text.isprintable() and len(text) <= cells.LONGEST_TEXT:
        return None
    return cells.text_fault(text)


_LIKE_FORMULAS = ("=", "+", "-", "@", "\t")


def read_values(
    typed: Typed, name: str, texts: Texts, reader: Reader, findings: Findings
) -> NDArray[np.int64]:
    """``texts`` as ``reader`` understands them, 0 where empty or wrong, shape (n,).

    They are the cells of the column ``name``, or some of them; wrong ones go to ``findings`` and
    are ``UNREADABLE`` from then on.
    """
    values = np.zeros(len(texts.uniques), np.int64)
    expected: dict[int, Message] = {}
    notes: dict[int, str | Message] = {}
    used = np.zeros(len(values), np.bool_)
    used[texts.codes] = True
    for code in np.flatnonzero(used).tolist():
        text = texts.uniques[code]
        if text in ("", UNREADABLE):
            continue
        try:
            values[code], note = reader(text)
        except UnreadableError as error:
            expected[code] = error.message
            continue
        if note:
            notes[code] = note
    if expected:
        places = np.flatnonzero(np.isin(texts.codes, list(expected)))
        wrong = [expected[code] for code in texts.codes[places].tolist()]
        findings.errors_at(
            typed.file, typed.rows[places], typed.header(name), texts.at(places), wrong
        )
    for place in np.flatnonzero(np.isin(texts.codes, list(notes))) if notes else ():
        code = int(texts.codes[place])
        findings.note(
            typed.file,
            notes[code],
            row=int(typed.rows[place]),
            column=typed.header(name),
            value=texts.uniques[code],
        )
    for code in expected:
        texts.uniques[code] = UNREADABLE
    return values[texts.codes]
