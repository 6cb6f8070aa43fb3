"""One applicant's facts as a round of one person, checked as any round is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

import numpy as np

from admissions.intake import cells
from admissions.intake.findings import Findings
from admissions.intake.grid import Grid
from admissions.intake.reading import checked_round
from admissions.intake.sources import Source
from admissions.intake.typed import absent, read_table
from admissions.model.columns import Column, Table, fold
from admissions.model.errors import Finding, InputError
from admissions.model.messages import message
from admissions.model.round import Round, RoundSettings
from admissions.model.tables import APPLICANTS, APPLICATIONS, SERVICES, TABLES

LABEL = message("problems.the-facts")
_OWN = "own"
_NAMED_BY_THE_PROGRAM = ("offering_id", "preference", "name", "max_students")


def fact_columns() -> dict[str, tuple[Table, Column]]:
    """Every fact that can be stated of one applicant, by its name, with the table it stands in."""
    found: dict[str, tuple[Table, Column]] = {}
    for table in (APPLICANTS, APPLICATIONS, SERVICES):
        for column in table.columns:
            if column.name not in (*found, *_NAMED_BY_THE_PROGRAM):
                found[column.name] = (table, column)
    return found


def read_applicant(facts: Mapping[str, object], offerings: Sequence[str]) -> Round:
    """A round in which one person with ``facts`` applies at each of ``offerings``.

    Names, spellings, defaults and checks are those of a round's files; ``centrality``,
    ``employees`` and ``need`` are of the own service. Raises InputError with everything that is
    wrong: field, value, what was expected. Unlike a file's columns an unknown fact is an error.
    """
    findings = Findings()
    stated = _recognised(facts, findings)
    own = stated.get("service_id", _OWN)
    people = {"person_id": "applicant", "sector": "", **stated, "service_id": own}
    source = Source(RoundSettings(offerings=tuple(offerings)))
    rows = {
        APPLICANTS.name: [people],
        APPLICATIONS.name: [
            {
                **stated,
                "person_id": people["person_id"],
                "offering_id": offering,
                "preference": str(number),
            }
            for number, offering in enumerate(offerings, start=1)
        ],
        SERVICES.name: [{**stated, "service_id": own}],
    }
    for table in TABLES:
        texts = rows.get(table.name)
        source.tables[table.name] = (
            read_table(_grid(table, texts), table, findings)
            if texts
            else absent(table, f"{table.name}.csv")
        )
    try:
        round_ = checked_round(source, offerings, findings)
    except InputError as error:
        raise InputError(
            _without_places(error.problems),
            error.unlisted,
            LABEL,
            notes=_without_places(error.notes),
        ) from None
    return replace(round_, notes=_without_places(round_.notes))


def fault(column: Column, text: str) -> str:
    """What was expected instead of ``text`` as the value of ``column``; "" where it can be read."""
    try:
        if column.kind in ("code", "text"):
            return str(cells.text_fault(text) or "")
        if column.kind == "grade":
            cells.grade(text)
        else:
            cells.reader(column)(text)
    except cells.UnreadableError as error:
        return str(error.message)
    return ""


def _recognised(facts: Mapping[str, object], findings: Findings) -> dict[str, str]:
    """The facts as a file's cells would state them, by the columns' own names."""
    columns = fact_columns()
    known: dict[str, Column] = {}
    for table in (SERVICES, APPLICATIONS, APPLICANTS):
        known |= table.by_header
    stated: dict[str, str] = {}
    for key, value in facts.items():
        column = known.get(fold(key))
        if column is None or column.name not in columns:
            expected = message("intake.known-fact", close=cells.most_like(key, list(columns)))
            findings.error(LABEL, expected, column=key, value=str(value))
        elif column.name in stated:
            findings.error(
                LABEL, message("intake.once", name=column.name), column=key, value=str(value)
            )
        elif isinstance(value, bool):
            stated[column.name] = "yes" if value else "no"
        elif isinstance(value, str | int | float | Decimal):
            stated[column.name] = str(value)
        elif value is not None:
            expected = message("intake.text-number-truth")
            findings.error(LABEL, expected, column=key, value=str(value))
    return stated


def _grid(table: Table, rows: Sequence[Mapping[str, str]]) -> Grid:
    names = [column.name for column in table.columns if column.name in rows[0]]
    columns = tuple(np.array([row[name] for row in rows], dtype=object) for name in names)
    return Grid(LABEL, tuple(names), 1, np.arange(2, 2 + len(rows), dtype=np.int64), columns)


def _without_places(problems: Sequence[Finding]) -> tuple[Finding, ...]:
    """Each problem once, as one about the facts: their rows are the program's own."""
    own = {Finding(LABEL, None, p.column, p.value, p.said) for p in problems}
    return tuple(sorted(own, key=lambda p: p.order))
