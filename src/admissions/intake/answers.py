"""Answers to offers as people fill them in: a CSV file, or the workbook that the program wrote."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import python_calamine

from admissions.intake.csv_files import read_csv
from admissions.intake.excel_files import IGNORED, read_workbook
from admissions.intake.findings import Findings
from admissions.intake.grid import Grid
from admissions.intake.typed import read_table
from admissions.model.columns import Column, Table, fold
from admissions.model.errors import UsageError
from admissions.model.messages import Message, message
from admissions.model.vocabulary import LANGUAGES
from admissions.model.wording import words
from admissions.model.words import section

WORDS = {
    "accept": "accept yes ja",
    "accept-final": "accept-final yes,final ja,endelig ja,endeleg",
    "decline": "decline no nei",
    "leave": "leave stryk",
    "withdraw": "withdraw trekker,seg trekkjer,seg trekk",
}
"""The words that mean each answer, between spaces; a comma stands for a space in one."""

ANSWERS = Table(
    "answers",
    words("Svar på tilbud", "Svar på tilbod", "Answers to offers"),
    (
        Column(
            "person_id",
            "code",
            words("Søkerens id", "Id-en til søkjaren", "The applicant's id"),
            "søker søkerid søkernr søkernummer søkjar søkjarid søkjarnr søkjarnummer person id",
            required=True,
        ),
        Column(
            "offering_id",
            "code",
            words("Studietilbud", "Studietilbod", "Offering"),
            "tilbud tilbudsid studietilbud tilbod tilbodsid studietilbod studium offering",
            required=True,
        ),
        Column("answer", "text", words("Svar", "Svar", "Answer"), "svar"),
        Column(
            "answered_on",
            "date",
            words("Svart dato", "Svart dato", "Answered on"),
            "svart svardato svartdato svarte",
        ),
    ),
)


_KEYS = frozenset({"person_id", "offering_id"})
"""A sheet with these columns has answers."""


@dataclass(frozen=True)
class AnswerRow:
    """One row: where it stands, and what it says.

    ``answer`` is one of ``WORDS``' keys; ``header`` and ``stated``: the file's own word for the
    column, and what stands in it.
    """

    file: str | Message
    row: int
    person_id: str
    offering_id: str
    answer: str
    answered_on: dt.date | None
    header: str = "answer"
    stated: str = ""


def read_answers(path: Path, findings: Findings) -> list[AnswerRow]:
    """The answers in the file at ``path``; a row whose answer is empty says nothing.

    Errors go to ``findings``. Raises UsageError when there is no such file.
    """
    if not path.is_file():
        raise UsageError(message("season.no-answers-file", file=str(path)))
    data = path.read_bytes()
    if path.suffix.casefold() in (".xlsx", ".xlsm"):
        grids = _sheets(data, path.name, findings)
    else:
        grids = [read_csv(data, ANSWERS, path.name, findings)]
    noted: set[str] = set()
    return [row for grid in grids if grid is not None for row in _rows(grid, findings, noted)]


def _sheets(data: bytes, name: str, findings: Findings) -> list[Grid | None]:
    """Every sheet that has the columns of answers; one that has none of them is noted."""
    try:
        sheets = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)).sheet_names
    except python_calamine.CalamineError:
        sheets = []
    tables = [
        replace(ANSWERS, name=sheet.strip().casefold())
        for sheet in sheets
        if sheet.strip().casefold() != IGNORED
    ]
    grids = read_workbook(data, name, tables, findings) or {}
    found = [grid for grid in grids.values() if grid is not None]
    of_answers = [grid for grid in found if {_named(header) for header in grid.header} >= _KEYS]
    if not of_answers and grids and not findings.any_error:
        findings.error(name, message("season.no-answer-column"))
    for grid in found:
        if of_answers and grid not in of_answers:
            findings.note(grid.file, message("season.sheet-not-read"))
    return list(of_answers)


def _named(header: str) -> str:
    column = ANSWERS.by_header.get(fold(header))
    return column.name if column else ""


@cache
def _beside() -> frozenset[str]:
    """The headers that the program's own workbooks have beside those of answers, folded."""
    return frozenset(
        fold(title.in_(language))
        for subject in ("report-decisions", "report-call")
        for title in section(subject, "columns").values()
        for language in LANGUAGES
    )


def _rows(grid: Grid, findings: Findings, noted: set[str]) -> Iterator[AnswerRow]:
    """The rows that say something; ``noted``: the unknown columns that were told of already."""
    own = Findings()
    typed = read_table(grid, ANSWERS, own)
    findings.take_errors(own)
    for note in own.notes:
        if fold(note.column) not in _beside() and note.column not in noted:
            findings.take_note(note)
            noted.add(note.column)
    if typed.broken or not {*typed.headers} >= _KEYS:
        return
    if "answer" not in typed.headers:
        if not own.any_error:
            findings.error(grid.file, message("season.no-answer-column-here"), row=grid.header_row)
        return
    meanings = {
        fold(word.replace(",", " ")): answer
        for answer, spelled in WORDS.items()
        for word in spelled.split()
    }
    days, header = typed.columns["answered_on"], typed.header("answer")
    sound = typed.sound(*_KEYS)
    for place, text in enumerate(typed.columns["answer"]):
        if not text or not sound[place]:
            continue
        answer = meanings.get(fold(text))
        row = int(typed.rows[place])
        if answer is None:
            said = message("season.no-answer", known=tuple(WORDS))
            findings.error(grid.file, said, row=row, column=header, value=text)
            continue
        yield AnswerRow(
            grid.file, row, typed.columns["person_id"][place], typed.columns["offering_id"][place],
            answer, _day(int(days[place])), header, text,
        )  # fmt: skip


def _day(number: int) -> dt.date | None:
    return dt.date(number // 10_000, number // 100 % 100, number % 100) if number > 0 else None
