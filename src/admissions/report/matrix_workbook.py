"""The matrix as a workbook: what counts where, what differs on another day, the rules in full."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from admissions.model.files import MADE_ON
from admissions.model.vocabulary import Language
from admissions.report.matrix import told_changes, told_rows
from admissions.report.words import Words
from admissions.rulebooks.matrix import Matrix
from admissions.rulebooks.rulebook import Rulebook


def matrix_workbook(
    rulebooks: Mapping[str, Rulebook],
    matrix: Matrix,
    against: Matrix | None,
    language: Language,
) -> bytes:
    """An .xlsx with the sheets ``matrix``, ``difference`` (where asked for) and ``rules``."""
    words = Words(language)
    rows = told_rows(matrix, language)

    def said(key: str) -> str:
        return str(words.of("matrix", key))

    names = {name: f"{b.programme.in_(language)}, {b.site}" for name, b in rulebooks.items()}
    buffer = io.BytesIO()
    workbook = Workbook(buffer, {"in_memory": True})
    workbook.set_properties({"created": MADE_ON})
    head = [name if version else f"{name} ({said('not-offered')})"
            for name, version in matrix.versions.items()]  # fmt: skip
    body = [
        [row.section, row.name, row.counts]
        + ["\n".join(one.brief for one in row.cells.get(name, ())) for name in matrix.versions]
        for row in rows
    ]
    title = str(words.of("matrix", "caption").format(date=words.date(matrix.day)))
    _sheet(workbook, "matrix", [title, said("kind"), said("counts-at"), *head], body, (26, 34, 10))
    if against is not None:
        columns = [said("offering"), said("kind"), str(matrix.day), str(against.day)]
        changed = [
            [change.offering, change.name, "\n".join(change.before), "\n".join(change.after)]
            for change in told_changes(matrix, against, language)
        ]
        _sheet(workbook, "difference", columns, changed, (26, 34, 60, 60))
    columns = [said("offering"), "", said("place"), said("kind"), said("rule"), said("in-words"),
               said("source"), said("assumed")]  # fmt: skip
    full = [
        [name, names[name], one.place, row.name, one.title, one.says, one.source or "",
         "\n".join(one.assumed)]
        for name in matrix.versions
        for row in rows
        for one in row.cells.get(name, ())
    ]  # fmt: skip
    _sheet(workbook, "rules", columns, full, (24, 34, 8, 28, 34, 70, 34, 60))
    workbook.close()
    return buffer.getvalue()


def _sheet(
    workbook: Workbook,
    name: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[int],
) -> None:
    """A sheet of texts under a header that stays, to filter by."""
    sheet = workbook.add_worksheet(name)
    header = workbook.add_format(
        {"bold": True, "bottom": 1, "bg_color": "#DDEBF7", "text_wrap": True, "valign": "top"}
    )
    text: Format = workbook.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
    for index, column in enumerate(columns):
        width = widths[index] if index < len(widths) else 22
        sheet.set_column(index, index, width, text)
        sheet.write_string(0, index, column, header)
    for number, row in enumerate(rows, start=1):
        for index, cell in enumerate(row):
            sheet.write_string(number, index, cell, text)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)
