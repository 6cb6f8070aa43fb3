"""The blank workbook: one sheet a table, drop-downs, a note on each column."""

from __future__ import annotations

import io
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from admissions.model.columns import Column, Table
from admissions.model.errors import UsageError, system_fault
from admissions.model.files import MADE_ON
from admissions.model.messages import message
from admissions.model.tables import CONTACTS, SETTINGS, TABLES
from admissions.model.vocabulary import LANGUAGES, Language
from admissions.model.words import words

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet


_LAST_ROW = 1_048_575
_OFFERINGS_COLUMN = 4
_GUIDE = ("title", "rows", "headers", "words", "values", "sheets", "check")
"""The lines of the guide, by their keys in ``words/template.toml``."""


def note(column: Column, language: Language) -> str:
    """What the column means and may hold, and what an empty cell means."""
    said = words("template", language)
    parts = [column.title.in_(language) + "."]
    if column.detail:
        parts.append(column.detail.in_(language))
    if (kind := f"kinds.{column.kind}") in said:
        limits = f"{column.low}-{column.high}" if column.high < 10_000 else f"≥ {column.low}"
        values = ", ".join(column.values) if column.kind == "list" else ""
        parts.append(said[kind].format(range=limits, values=values))
    if column.required:
        parts.append(said["cell.required"])
    elif column.default is not None:
        parts.append(said["cell.empty"].format(default=column.default))
    elif column.kind not in ("code", "text") and not (column.detail and column.kind == "whole"):
        parts.append(said["cell.unknown"])
    return " ".join(parts)


def write_template(path: Path, *, offerings: Collection[str]) -> None:
    """Write the blank workbook to ``path``; ``offerings`` are the ids to choose from.

    Reading it gives a round without applicants. The same offerings give the same bytes. Raises
    UsageError when ``path`` exists (it may be filled in) or cannot be written.
    """
    try:
        with path.open("xb") as file:
            file.write(_workbook(sorted(offerings)))
    except FileExistsError:
        raise UsageError(message("intake.file-exists", path=path)) from None
    except OSError as error:
        raise UsageError(
            message("intake.cannot-be-written", path=path, why=system_fault(error))
        ) from None


def _workbook(offerings: list[str]) -> bytes:
    from xlsxwriter import Workbook

    buffer = io.BytesIO()
    workbook = Workbook(buffer, {"in_memory": True})
    workbook.set_properties({"created": MADE_ON})
    _readme(workbook, offerings)
    for table in (*TABLES, CONTACTS):
        _table_sheet(workbook, table, len(offerings))
    _settings_sheet(workbook)
    workbook.close()
    return buffer.getvalue()


def _readme(workbook: Workbook, offerings: list[str]) -> None:
    sheet = workbook.add_worksheet("README")
    title = workbook.add_format({"bold": True, "font_size": 14})
    wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
    sheet.hide_gridlines(2)
    sheet.set_column(0, 2, 44, wrapped)
    sheet.set_column(_OFFERINGS_COLUMN, _OFFERINGS_COLUMN, 26)
    for place, language in enumerate(LANGUAGES):
        said = words("template", language)
        for row, line in enumerate(_GUIDE):
            sheet.write_string(row, place, said[f"guide.{line}"], wrapped if row else title)
        start = len(_GUIDE) + 1
        for row, table in enumerate((*TABLES, CONTACTS, SETTINGS), start=start):
            sheet.write_string(row, place, f"{table.name}: {table.title.in_(language)}")
    sheet.write_string(0, _OFFERINGS_COLUMN, "offering_id", title)
    sheet.write_column(1, _OFFERINGS_COLUMN, offerings)


def _header_format(workbook: Workbook, *, required: bool) -> Format:
    colours = (
        {"bg_color": "#1F4E79", "font_color": "#FFFFFF"} if required else {"bg_color": "#DDEBF7"}
    )
    return workbook.add_format({"bold": True, "bottom": 1, "num_format": "@", **colours})


def _table_sheet(workbook: Workbook, table: Table, offerings: int) -> None:
    sheet = workbook.add_worksheet(table.name)
    sheet.freeze_panes(1, 0)
    formats = {
        kind: workbook.add_format({"num_format": number_format})
        for kind, number_format in {"code": "@", "text": "@", "date": "dd.mm.yyyy"}.items()
    }
    headers = {flag: _header_format(workbook, required=flag) for flag in (False, True)}
    for index, column in enumerate(table.columns):
        sheet.set_column(index, index, max(12, len(column.name) + 2), formats.get(column.kind))
        sheet.write_string(0, index, column.name, headers[column.required])
        _comment(sheet, 0, index, column)
        source = _choices(column, offerings)
        if source:
            sheet.data_validation(
                1,
                index,
                _LAST_ROW,
                index,
                {
                    "validate": "list",
                    "source": source,
                    "error_type": "warning",
                    "error_title": column.name,
                    "error_message": note(column, "en")[:255],
                },
            )


def _comment(sheet: Worksheet, row: int, index: int, column: Column) -> None:
    text = "\n".join(f"{language}: {note(column, language)}" for language in LANGUAGES)
    options = {"author": "admissions", "x_scale": 2.6, "y_scale": 0.35 + len(text) / 210}
    sheet.write_comment(row, index, text, options)


def _choices(column: Column, offerings: int) -> list[str] | str | None:
    """What the column's drop-down lists, if it has one."""
    if column.kind == "list":
        return list(column.values)
    if column.kind == "yes-no":
        return ["yes", "no"]
    if column.name == "offering_id" and offerings:
        letter = chr(ord("A") + _OFFERINGS_COLUMN)
        return f"=README!${letter}$2:${letter}${offerings + 1}"
    return None


def _settings_sheet(workbook: Workbook) -> None:
    sheet = workbook.add_worksheet(SETTINGS.name)
    sheet.freeze_panes(1, 0)
    header = _header_format(workbook, required=False)
    text = workbook.add_format({"num_format": "@"})
    date = workbook.add_format({"num_format": "dd.mm.yyyy", "align": "left"})
    sheet.set_column(0, 0, 18, text)
    sheet.set_column(1, 1, 60, text)
    sheet.write_row(0, 0, ["key", "value"], header)
    for row, column in enumerate(SETTINGS.columns, start=1):
        sheet.write_string(row, 0, column.name)
        _comment(sheet, row, 0, column)
        sheet.write_blank(row, 1, None, date if column.kind == "date" else text)
