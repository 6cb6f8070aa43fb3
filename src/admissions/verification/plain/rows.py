"""Each application as a row of plain facts, read from the round's own rows."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from typing import Any

from admissions.model.round import Round
from admissions.model.vocabulary import VOCABULARIES

Fact = int | bool | str | dt.date | None
"""None where nobody stated it."""

Row = dict[str, Any]
"""The facts of one application by name; each is a ``Fact``.

Names are the contract's. ``service`` and ``municipality`` are ids, None where there is none;
``employees``, ``need`` and ``centrality`` are those of the service (the municipality's own
centrality before it); ``municipality_employees`` those of its services together; ``person`` and
``application`` the rows in the round. Words for closed lists; dates as dates; grades, years, ECTS,
posts, employees and needs in hundredths, as the round has them.
"""

DATES = ("birth_date", "recommendation_date")
TEXTS = ("person_id", "service_id", "municipality_no", "offering_id")


def read_rows(round_: Round) -> list[Row]:
    """The rows of ``round_``, in the order of its applications.

    A fact that the office of an offering assessed stands in the place of the person's.
    """
    services = {row["service_id"]: row for row in _records(round_.services)}
    own_centrality = {
        row["municipality_no"]: row["centrality"] for row in _records(round_.municipalities)
    }
    employees: Counter[str] = Counter()
    for row in services.values():
        if row["employees"] is not None:
            employees[row["municipality_no"]] += row["employees"]
    people = list(_records(round_.applicants))
    found = []
    for number, row in enumerate(_records(round_.applications)):
        whole = people[row["person"]] | row | {"application": number}
        service = services.get(whole["service_id"], {})
        municipality = whole["municipality_no"]
        centrality = own_centrality.get(municipality)
        found.append(
            whole
            | {
                "service": whole["service_id"] if service else None,
                "municipality": municipality or None,
                "employees": service.get("employees"),
                "need": service.get("need"),
                "centrality": service.get("centrality") if centrality is None else centrality,
                "municipality_employees": employees.get(municipality) if municipality else None,
            }
        )
    return found


def _records(frame: Any) -> Iterator[Row]:
    """The rows of a table of the round, each value as ``Row`` says."""
    columns = [_plain(name, frame[name].tolist()) for name in frame.columns]
    names = list(frame.columns)
    return (dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True))


def _plain(name: str, values: list[Any]) -> list[Fact]:
    if name in VOCABULARIES:
        words = (*VOCABULARIES[name], None)  # -1, not stated, is the last
        return [words[code] for code in values]
    if name in TEXTS:
        return values
    if name in DATES:
        return [_date(value) for value in values]
    return [None if value == -1 else value for value in values]


def _date(value: int) -> dt.date | None:
    return None if value == -1 else dt.date(value // 1_00_00, value // 1_00 % 1_00, value % 1_00)
