"""Allocations in the store: the sealed result folder, and what of it each role may read."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from admissions.results.files import unpacked
from admissions_api.problems import not_found
from admissions_api.store import get_blob
from admissions_api.store.tables import AllocationRow
from admissions_api.tokens import Caller

Row = dict[str, str]


def find_allocation(session: Session, allocation_id: str, caller: Caller) -> AllocationRow:
    """The allocation, if ``caller`` may know of it: before it is published only the coordinator.

    Raises ProblemError (404).
    """
    row = session.get(AllocationRow, allocation_id)
    if row is None or (caller.role != "coordinator" and row.published_at is None):
        raise not_found("such allocation", "look at GET /v1/allocations")
    return row


class ResultFolder:
    """The files of one allocation."""

    def __init__(self, session: Session, row: AllocationRow) -> None:
        self.files = unpacked(get_blob(session, row.folder))

    def json(self, name: str) -> Any:
        """A JSON file of the folder."""
        return json.loads(self.files[name])

    def text(self, name: str) -> str:
        """A file of the folder as it is."""
        return self.files[name].decode()

    def rows(self, name: str) -> list[Row]:
        """A CSV file of the folder, a row a dict."""
        text = self.files[name].decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text, newline="")))


def own_decisions(folder: ResultFolder, offerings: Sequence[str]) -> list[Row]:
    """The decisions at ``offerings`` alone."""
    return [row for row in folder.rows("decisions.csv") if row["offering_id"] in offerings]


def without_persons(certificate: dict[str, Any]) -> dict[str, Any]:
    """The certificate with counts in place of the exceptions, which name persons of all sites."""
    properties = {
        name: {key: value for key, value in stated.items() if key != "exceptions"}
        for name, stated in certificate["properties"].items()
    }
    return {**certificate, "properties": properties}
