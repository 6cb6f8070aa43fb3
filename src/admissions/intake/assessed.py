"""What stands over the tables of a round: an office's own assessment, an applicant's own order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from admissions.intake.findings import Findings
from admissions.intake.typed import Typed
from admissions.model.columns import Column
from admissions.model.fact import Fact
from admissions.model.messages import message
from admissions.model.round import ASSESSED
from admissions.model.tables import APPLICATIONS


def assessed_columns(
    applications: Typed, applicants: Typed, person: NDArray[np.intp]
) -> dict[str, NDArray[Any]]:
    """The facts that applications state for themselves, by name, resolved (see ``Round``).

    ``person``: the row of each application in ``applicants``.
    """
    found: dict[str, NDArray[Any]] = {}
    for column in _stated(applications):
        given = applications.given[column.name]
        companions = column.companions if isinstance(column, Fact) else {}
        for name in (column.name, *companions):
            found[name] = np.where(
                given, applications.columns[name], applicants.columns[name][person]
            )
        found[ASSESSED + column.name] = given
    return found


def _stated(applications: Typed) -> Iterator[Column]:
    """The columns of applicants that the file of applications has."""
    for column in APPLICATIONS.more:
        if column.name in applications.columns and not column.explains:
            yield column


def take_wishes(applications: Typed, wishes: Typed, findings: Findings) -> None:
    """Puts the preferences of ``wishes`` in the place of those in ``applications``.

    Whoever has wishes has one for each application, and none for anything else: each that is
    missing or too many is an error.
    """
    if not {"person_id", "offering_id"} <= wishes.texts.keys() & applications.texts.keys():
        return
    rows = {key: row for row, key in _keys(applications)}
    wished = dict(_keys(wishes))
    people = {person for person, _ in wished.values()}
    unknown = [row for row, key in wished.items() if key not in rows]
    said = message("intake.wish-without-application", file=applications.file)
    wishes.complain(findings, np.array(unknown, np.intp), "offering_id", [said] * len(unknown))
    stated = set(wished.values())
    without = [row for key, row in rows.items() if key[0] in people and key not in stated]
    said = message("intake.application-without-wish", file=wishes.file)
    places = np.array(without, np.intp)
    applications.complain(findings, places, "offering_id", [said] * len(without))
    for row, key in wished.items():
        if key in rows:
            applications.columns["preference"][rows[key]] = wishes.columns["preference"][row]


def _keys(typed: Typed) -> Iterator[tuple[int, tuple[str, str]]]:
    """The person and the offering of each row where both can be read."""
    usable = typed.usable("person_id") & typed.usable("offering_id")
    people, offerings = typed.columns["person_id"], typed.columns["offering_id"]
    for row in np.flatnonzero(usable).tolist():
        yield row, (people[row], offerings[row])
