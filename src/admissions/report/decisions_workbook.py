"""``decisions.xlsx``: the decisions for the office, in the run's language, with an answer column.

A CSV file opens in a Norwegian Excel with 3.10 as the third of October; here a number is a number
and an id is text. The workbook comes back filled in as it is (``intake.answers``).
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from admissions.intake.answers import ANSWERS, WORDS
from admissions.model.columns import fold
from admissions.model.files import MADE_ON
from admissions.model.output_table import OutputTable
from admissions.model.vocabulary import Language
from admissions.report.words import Words
from admissions.report.workbook import sheet_names

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format

MOST_APPLICATIONS = 100_000
"""With more the workbook is left out: no office reads it, and Excel hardly opens it."""


_COLUMNS = (
    "person_id", "offering_id", "offering", "preference", "qualified", "points", "rank", "outcome",
    "waiting_number", "reason", "explanation", "answer", "answered_on",
)  # fmt: skip
TO_FILL = (_COLUMNS.index("answer"), _COLUMNS.index("answered_on"))
"""The columns that whoever receives the workbook fills in, counted from 0."""

_WIDTHS = {"offering": 44, "explanation": 70, "reason": 30, "answer": 14, "answered_on": 14}
_CODES = ("qualified", "outcome", "reason")
_WIDTH_OF_OWN = 20
_OWN = "own:"
"""Before the header of an office's own column, among the names of a row's cells."""


def decisions_workbook(
    decisions: OutputTable,
    titles: Mapping[str, str],
    language: Language,
    extra: Mapping[str, NDArray[Any]] | None = None,
) -> bytes:
    """The workbook of ``decisions``: a sheet of all, then one an offering, by rank.

    ``titles``: the offerings' names in ``language``, by id, in order; ``extra``: the office's own
    columns by header, a text a row of ``decisions``. They stand last, as texts.
    """
    from xlsxwriter import Workbook

    rows = [
        {**row, **{_OWN + name: texts[number] for name, texts in (extra or {}).items()}}
        for number, row in enumerate(decisions.texts_by_name())
    ]
    said = Words(language, "decisions")
    buffer = io.BytesIO()
    plain_text = {"strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(buffer, {"in_memory": True, **plain_text}) as book:
        book.set_properties({"created": MADE_ON})
        book.set_size(2400, 1400)
        names = sheet_names([_text(said, "all"), *titles])
        _sheet(book, names[_text(said, "all")], rows, titles, language)
        for offering in titles:
            own = [row for row in rows if row["offering_id"] == offering]
            own.sort(key=lambda row: (not row["rank"], int(row["rank"] or 0), row["person_id"]))
            _sheet(book, names[offering], own, titles, language)
    return buffer.getvalue()


def _sheet(
    book: Workbook,
    name: str,
    rows: Sequence[Mapping[str, str]],
    titles: Mapping[str, str],
    language: Language,
) -> None:
    sheet = book.add_worksheet(name)
    said = Words(language, "decisions")
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    day = book.add_format({"num_format": "dd.mm.yyyy", "valign": "top"})
    own = {column.name: column.title.in_(language) for column in ANSWERS.columns}
    for at, column in enumerate(_COLUMNS):
        sheet.write_string(0, at, own.get(column) or _text(said, f"columns.{column}"), head)
        sheet.set_column(at, at, _WIDTHS.get(column, 12), day if column == "answered_on" else None)
    extra = [name for name in rows[0] if name.startswith(_OWN)] if rows else []
    for at, name in enumerate(extra, start=len(_COLUMNS)):
        sheet.write_string(0, at, _own_header(name.removeprefix(_OWN)), head)
        sheet.set_column(at, at, _WIDTH_OF_OWN)
    formats, coded = _Formats(book), cache(partial(_coded, said))
    for number, row in enumerate(rows, start=1):
        for at, column in enumerate(_COLUMNS):
            text = titles[row["offering_id"]] if column == "offering" else row.get(column, "")
            if column in _CODES and text:
                sheet.write_string(number, at, coded(column, text), wrapped)
            elif column in ("person_id", "offering_id", "offering", "explanation"):
                sheet.write_string(number, at, text, wrapped)
            elif text:
                value, shown = formats.number(text)
                sheet.write_number(number, at, value, shown)
        for at, name in enumerate(extra, start=len(_COLUMNS)):
            sheet.write_string(number, at, row[name], wrapped)
    answers = [_text(said, f"answer.{name}") for name in WORDS]
    at = _COLUMNS.index("answer")
    if rows:
        sheet.data_validation(1, at, len(rows), at, {"validate": "list", "source": answers})
        sheet.autofilter(0, 0, len(rows), len(_COLUMNS) + len(extra) - 1)
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _own_header(name: str) -> str:
    """The office's header; marked where it would be read back as one of an answer's columns."""
    return f"{name} (2)" if fold(name) in ANSWERS.by_header else name


def _text(said: Words, key: str) -> str:
    return said(key).unescape()


def _coded(said: Words, column: str, code: str) -> str:
    return said(code).unescape() if column == "qualified" else said.of(column, code).unescape()


class _Formats:
    """One number format for each number of decimals."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._by_decimals: dict[int, Format] = {}
        self._by_text: dict[str, tuple[float, Format]] = {}

    def number(self, text: str) -> tuple[float, Format]:
        """The number that ``text`` states, and a format with as many decimals."""
        if text not in self._by_text:
            self._by_text[text] = self._read(text)
        return self._by_text[text]

    def _read(self, text: str) -> tuple[float, Format]:
        try:
            value = Decimal(text)
        except InvalidOperation as error:
            raise ValueError(f"{text!r} is no number") from error
        decimals = max(0, -int(value.as_tuple().exponent))
        if decimals not in self._by_decimals:
            pattern = f"0.{'0' * decimals}" if decimals else "0"
            self._by_decimals[decimals] = self._book.add_format(
                {"num_format": pattern, "valign": "top"}
            )
        return float(value), self._by_decimals[decimals]
