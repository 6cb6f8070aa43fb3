"""One person in a comparison: the seat, and the ranking rows side by side. Office use."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from admissions.comparison.causes import Moved, moved_applications
from admissions.comparison.runs import NO_SEAT, Comparison
from admissions.model.errors import UsageError
from admissions.model.messages import message
from admissions.model.output_table import OutputColumn, OutputTable, Value


@dataclass(frozen=True)
class PersonCompared:
    """What each scenario means to one person.

    ``seats``: by scenario the offering of the seat, None without one; ``changes``: by other
    scenario the ``Change`` from the base; ``rows``: a table an application, by preference, with a
    row for rank, outcome and each rule, and a column a scenario; ``moved``: by other scenario the
    applications whose offer it gives or takes, and why.
    """

    person_id: str
    seats: Mapping[str, str | None]
    changes: Mapping[str, str]
    rows: tuple[OutputTable, ...]
    moved: Mapping[str, tuple[Moved, ...]]

    def table(self) -> dict[str, Any]:
        """Everything as plain values, for JSON."""
        return {
            "person_id": self.person_id,
            "seats": dict(self.seats),
            "changes": dict(self.changes),
            "applications": {table.id: table.records() for table in self.rows},
            "moved": {name: [asdict(one) for one in found] for name, found in self.moved.items()},
        }


def compared_person(comparison: Comparison, person: str) -> PersonCompared:
    """The comparison as it concerns ``person``. Raises UsageError for one who did not apply."""
    person = unicodedata.normalize("NFC", person.strip())
    applications = comparison.round.applications
    own = np.flatnonzero((applications["person_id"] == person).to_numpy())
    if not len(own):
        raise UsageError(message("results.no-person-in-round", person=person))
    place = int(applications["person"].iloc[own[0]])
    offerings = comparison.round.offerings
    seats = {run.id: int(run.seat[place]) for run in comparison.runs}
    return PersonCompared(
        person_id=person,
        seats={n: None if at == NO_SEAT else offerings[at] for n, at in seats.items()},
        changes={run.id: str(comparison.changes(run)[place]) for run in comparison.others},
        rows=tuple(_side_by_side(comparison, row) for row in own.tolist()),
        moved={
            run.id: tuple(
                one for one in moved_applications(comparison, run) if one.application in own
            )
            for run in comparison.others
        },
    )


def _side_by_side(comparison: Comparison, application: int) -> OutputTable:
    """The row of one application in each scenario's ranking table, a column a scenario."""
    offering = str(comparison.round.applications["offering_id"].iloc[application])
    found: dict[str, dict[str, Value]] = {}
    for run in comparison.runs:
        table = run.run.rankings[offering]
        row = int(np.searchsorted(table.application, application))
        found[run.id] = {
            "rank": int(table.rank[row]) or None,
            "outcome": str(run.decisions["outcome"].iloc[application]),
            **dict(zip(table.columns, table.cells[row].tolist(), strict=True)),
        }
    names = merged([list(cells) for cells in found.values()])
    columns = (
        OutputColumn("rule", "text"),
        *(OutputColumn("cell", "text", group=name) for name in found),
    )
    rows = tuple((name, *(cells.get(name) for cells in found.values())) for name in names)
    return OutputTable(offering, columns, rows)


def merged(lists: Sequence[Sequence[str]]) -> list[str]:
    """Every name of ``lists`` once; one that is new follows the name before it in its own list."""
    names = list(lists[0])
    for other in lists[1:]:
        at = 0
        for name in other:
            if name in names:
                at = names.index(name) + 1
            else:
                names.insert(at, name)
                at += 1
    return names
