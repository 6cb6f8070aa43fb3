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
from admissions.model.wording import Wording

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet


_LAST_ROW = 1_048_575
_OFFERINGS_COLUMN = 4

_GUIDE = {
    "nb": (
        "Slik fyller du ut en opptaksrunde",
        "Ett ark per tabell, én rad per person, søknad eller tjeneste. Overskriftene må stå.",
        "Pek på en overskrift for å se hva kolonnen betyr. Mørke overskrifter må fylles ut; en tom "
        "celle ellers betyr det som står i merknaden.",
        "Norske ord går også: ja/nei, kommunal, stedfortreder; desimalkomma; datoer dd.mm.åååå.",
        "Skriv verdier, ikke formler. Koder er tekst, så nuller foran blir stående.",
        "Ark du ikke trenger, kan stå tomme. Arket round er innstillinger: alle er valgfrie.",
        "Kontroller med: admissions check FIL.xlsx",
    ),
    "nn": (
        "Slik fyller du ut ein opptaksrunde",
        "Eitt ark per tabell, éi rad per person, søknad eller teneste. Overskriftene må stå.",
        "Peik på ei overskrift for å sjå kva kolonnen tyder. Mørke overskrifter må fyllast ut; ei "
        "tom celle elles tyder det som står i merknaden.",
        "Norske ord går også: ja/nei, kommunal, stadfortredar; desimalkomma; datoar dd.mm.åååå.",
        "Skriv verdiar, ikkje formlar. Kodar er tekst, så nullar framfor blir ståande.",
        "Ark du ikkje treng, kan stå tomme. Arket round er innstillingar: alle er valfrie.",
        "Kontroller med: admissions check FIL.xlsx",
    ),
    "en": (
        "How to fill in an admission round",
        "One sheet a table, one row a person, application or service. Keep the headers.",
        "Point at a header to see what the column means. Dark headers must be filled in; elsewhere "
        "an empty cell means what the note says.",
        "Norwegian words work too: ja/nei, kommunal, stedfortreder; decimal comma; dd.mm.yyyy.",
        "Write values, not formulas. Codes are text, so that leading zeros stay.",
        "Sheets you do not need may stay empty. The sheet round has settings, all optional.",
        "Check with: admissions check FILE.xlsx",
    ),
}
_KINDS = {
    "code": Wording(nb="Kode (tekst).", nn="Kode (tekst).", en="A code (text)."),
    "text": Wording(nb="Tekst.", nn="Tekst.", en="Text."),
    "date": Wording(nb="Dato.", nn="Dato.", en="A date."),
    "yes-no": Wording(nb="ja eller nei (yes, no).", nn="ja eller nei (yes, no).", en="yes or no."),
    "number": Wording(nb="Tall {range}.", nn="Tal {range}.", en="A number {range}."),
    "whole": Wording(nb="Heltall {range}.", nn="Heiltal {range}.", en="A whole number {range}."),
    "list": Wording(nb="Ett av: {values}.", nn="Eitt av: {values}.", en="One of: {values}."),
}
_EMPTY = Wording(nb="Tomt: {default}.", nn="Tomt: {default}.", en="Empty: {default}.")
_UNKNOWN = Wording(
    nb="Tomt: ikke dokumentert.", nn="Tomt: ikkje dokumentert.", en="Empty: not documented."
)
_REQUIRED = Wording(nb="Må fylles ut.", nn="Må fyllast ut.", en="Required.")


def note(column: Column, language: Language) -> str:
    """What the column means and may hold, and what an empty cell means."""
    parts = [column.title.in_(language) + "."]
    if column.detail:
        parts.append(column.detail.in_(language))
    if column.kind in _KINDS:
        limits = f"{column.low}-{column.high}" if column.high < 10_000 else f"≥ {column.low}"
        values = ", ".join(column.values) if column.kind == "list" else ""
        parts.append(_KINDS[column.kind].in_(language).format(range=limits, values=values))
    if column.required:
        parts.append(_REQUIRED.in_(language))
    elif column.default is not None:
        parts.append(_EMPTY.in_(language).format(default=column.default))
    elif column.kind not in ("code", "text") and not (column.detail and column.kind == "whole"):
        parts.append(_UNKNOWN.in_(language))
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
        for row, line in enumerate(_GUIDE[language]):
            sheet.write_string(row, place, line, wrapped if row else title)
        start = len(_GUIDE[language]) + 1
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
