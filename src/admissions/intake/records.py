"""What an office records, many at once: a CSV file, or a workbook with one sheet of them."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import python_calamine

from admissions.intake.csv_files import read_csv
from admissions.intake.excel_files import IGNORED, read_workbook
from admissions.intake.findings import Findings
from admissions.intake.grid import Grid
from admissions.intake.typed import Typed, read_table
from admissions.model.columns import Column, Table
from admissions.model.errors import UsageError
from admissions.model.messages import Message, message
from admissions.model.tables import APPLICANTS
from admissions.model.wording import words

_PERSON, *_FACTS = APPLICANTS.columns
FACTS = tuple(
    replace(column, kind="text", required=False, default=None, explains="") for column in _FACTS
)
"""The facts of a new person, as a file states them: they are read with the round's own."""

RECORDS = Table(
    "events",
    words("Hendelser", "Hendingar", "Events"),
    (
        Column("event", "text", words("Hendelse", "Hending", "Event"), required=True),
        replace(_PERSON, required=False),
        Column(
            "offering_id", "code", words("Studietilbud", "Studietilbod", "Offering"),
            "tilbud tilbudsid tilbod tilbodsid",
        ),
        Column("fact", "text", words("Opplysning", "Opplysning", "Fact")),
        Column("value", "text", words("Riktig verdi", "Rett verdi", "Right value"), "verdi"),
        Column("on", "date", words("Dato", "Dato", "Date"), "dag"),
        Column("reason", "text", words("Grunn", "Grunn", "Reason"), "begrunnelse grunngiving"),
        Column(
            "preference", "whole", words("Ønske nummer", "Ønske nummer", "Wish number"), low=1,
            high=99,
        ),
    ),
    more=FACTS,
)  # fmt: skip

NEWCOMERS = Table("applicants", APPLICANTS.title, (_PERSON,), more=FACTS)


@dataclass(frozen=True)
class RecordRow:
    """One row: where it stands, and what it says; ``facts`` are those of a new person."""

    file: str | Message
    row: int
    event: str
    person_id: str
    offering_id: str
    fact: str
    value: str
    on: dt.date | None
    reason: str
    preference: int | None
    facts: Mapping[str, str]


def read_records(path: Path, findings: Findings) -> list[RecordRow]:
    """The rows of the file at ``path``; errors go to ``findings``."""
    return [row for typed in _tables(path, RECORDS, findings) for row in _records(typed)]


def read_newcomer(path: Path, findings: Findings) -> dict[str, str]:
    """The facts in the one row of the file at ``path``, with ``person_id``.

    Raises UsageError where there are more or none.
    """
    found = [
        {"person_id": str(typed.columns["person_id"][at]), **_facts(typed, at)}
        for typed in _tables(path, NEWCOMERS, findings)
        for at in range(len(typed))
    ]
    findings.stop_if_any(path.name)
    if len(found) != 1:
        raise UsageError(message("season.one-row", file=str(path), rows=len(found)))
    return found[0]


def _tables(path: Path, table: Table, findings: Findings) -> list[Typed]:
    if not path.is_file():
        raise UsageError(message("season.no-such-file", file=str(path)))
    grids = _grids(path, table, findings)
    return [read_table(grid, table, findings) for grid in grids if grid is not None]


def _grids(path: Path, table: Table, findings: Findings) -> list[Grid | None]:
    data = path.read_bytes()
    if path.suffix.casefold() not in (".xlsx", ".xlsm"):
        return [read_csv(data, table, path.name, findings)]
    try:
        sheets = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)).sheet_names
    except python_calamine.CalamineError:
        sheets = []
    names = [name for sheet in sheets if (name := sheet.strip().casefold()) != IGNORED]
    tables = [replace(table, name=name) for name in names]
    return list((read_workbook(data, path.name, tables, findings) or {}).values())


def _records(typed: Typed) -> Iterator[RecordRow]:
    def text(name: str, at: int) -> str:
        return str(typed.columns[name][at])

    if typed.broken or "event" not in typed.headers:
        return
    sound = typed.sound("event")
    for at, row in enumerate(typed.rows.tolist()):
        if not sound[at]:
            continue
        number = int(typed.columns["on"][at])
        day = dt.date(number // 10_000, number // 100 % 100, number % 100) if number > 0 else None
        yield RecordRow(
            typed.file, row, text("event", at), text("person_id", at), text("offering_id", at),
            text("fact", at), text("value", at), day, text("reason", at),
            _preference(typed, at), _facts(typed, at),
        )  # fmt: skip


def _preference(typed: Typed, at: int) -> int | None:
    number = int(typed.columns["preference"][at])
    return number if number > 0 else None


def _facts(typed: Typed, at: int) -> dict[str, str]:
    return {
        column.name: str(typed.columns[column.name][at])
        for column in FACTS
        if column.name in typed.columns and typed.columns[column.name][at]
    }
