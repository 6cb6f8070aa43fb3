"""What employers ask for: a CSV file, a row a request."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from admissions.intake.answers import ANSWERS
from admissions.intake.csv_files import read_csv
from admissions.intake.findings import Findings
from admissions.intake.typed import Typed, read_table
from admissions.model.columns import Column, Table
from admissions.model.errors import UsageError
from admissions.model.messages import Message, message
from admissions.model.wording import words

_PERSON, _OFFERING, *_ = ANSWERS.columns

REQUESTS = Table(
    "requests",
    words("Søknader om tilskudd", "Søknader om tilskot", "Requests for grants"),
    (
        _PERSON,
        replace(_OFFERING, required=True),
        Column(
            "amount", "whole", words("Søkt beløp", "Søkt beløp", "Amount asked"),
            "beløp søktbeløp kroner", low=0, high=100_000_000,
        ),
        Column(
            "granted_before", "yes-no",
            words("Har fått tilskudd før", "Har fått tilskot før", "Granted before"),
            "fåttfør harfåttfør tidligere tidlegare", default="no",
        ),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class RequestRow:
    """One request: where it stands, and what it says. ``amount`` is None where none is stated."""

    file: str | Message
    row: int
    person_id: str
    offering_id: str
    amount: int | None
    granted_before: bool


def read_requests(path: Path, findings: Findings) -> list[RequestRow]:
    """The requests in the file at ``path``; errors go to ``findings``.

    Raises UsageError when there is no such file.
    """
    if not path.is_file():
        raise UsageError(message("grants.no-requests-file", file=str(path)))
    grid = read_csv(path.read_bytes(), REQUESTS, path.name, findings)
    if grid is None:
        return []
    typed = read_table(grid, REQUESTS, findings)
    if typed.broken or not {"person_id", "offering_id"} <= {*typed.headers}:
        return []
    return list(_rows(grid.file, typed))


def _rows(file: str | Message, typed: Typed) -> Iterator[RequestRow]:
    columns = typed.columns
    stated = "amount" in typed.headers
    before = "granted_before" in typed.headers
    sound = typed.sound("person_id", "offering_id")
    for place, row in enumerate(typed.rows):
        if not sound[place]:
            continue
        amount = int(columns["amount"][place]) if stated else -1
        yield RequestRow(
            file, int(row), columns["person_id"][place], columns["offering_id"][place],
            amount if amount >= 0 else None,
            before and bool(columns["granted_before"][place] > 0),
        )  # fmt: skip
