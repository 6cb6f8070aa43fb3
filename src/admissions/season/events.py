"""Events: rows that are appended and never altered, each with the hash of the one before."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from admissions.model.errors import DataError, library_fault
from admissions.model.messages import message
from admissions.model.output_table import csv_text

FILE = "events.csv"
COLUMNS = (
    "seq", "on", "by", "event", "person_id", "offering_id", "detail", "reason", "call", "previous",
)  # fmt: skip


@dataclass(frozen=True)
class Event:
    """One thing that happened: ``on`` that day, entered ``by`` somebody, under the ``call``.

    ``detail`` has what the event itself states, JSON's values: the fact that was corrected, old and
    new; the place that a late applicant got.
    """

    on: dt.date
    event: str
    person_id: str = ""
    offering_id: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    by: str = "office"
    call: int = 1


def rows_of(events: Sequence[Event], sealed: str) -> Iterator[str]:
    """The lines of ``events.csv`` below its header, without line ends.

    ``sealed``: SHA-256 of the first call's certificate, which the first row names.
    """
    previous = sealed
    for number, event in enumerate(events, start=1):
        detail = (
            json.dumps(dict(event.detail), ensure_ascii=False, sort_keys=True)
            if event.detail
            else ""
        )
        row = _line(
            (
                number, event.on.isoformat(), event.by, event.event, event.person_id,
                event.offering_id, detail, event.reason, event.call, previous,
            )
        )  # fmt: skip
        yield row
        previous = hash_of(row)


def events_csv(events: Sequence[Event], sealed: str) -> str:
    """``events.csv``: UTF-8 text, a row an event, in the order in which they were entered."""
    return "\n".join([_line(COLUMNS), *rows_of(events, sealed)]) + "\n"


def head(events: Sequence[Event], sealed: str) -> str:
    """The hash of the last row, or ``sealed`` where there is none."""
    found = sealed
    for row in rows_of(events, sealed):
        found = hash_of(row)
    return found


def hash_of(row: str) -> str:
    """SHA-256 of a row's bytes without its line end, in hex."""
    return hashlib.sha256(row.encode()).hexdigest()


def read_events(text: str) -> list[Event]:
    """The events of ``events.csv``. Raises DataError, with the row, for what is no event of ours.

    Whether the chain of hashes holds is for ``season verify`` to say (``broken_link``).
    """
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    if not rows or tuple(rows[0]) != COLUMNS:
        raise DataError(message("season.events-columns", file=FILE, columns=COLUMNS))
    return [_read(row, number) for number, row in enumerate(rows[1:], start=2)]


def broken_link(text: str, sealed: str) -> int | None:
    """The number of the first row of ``events.csv`` that does not follow from those before."""
    lines = text.removeprefix("\ufeff").split("\n")
    wanted = events_csv(read_events(text), sealed).split("\n")
    pairs = zip(lines, wanted, strict=False)
    different = (n for n, (found, right) in enumerate(pairs, start=1) if found != right)
    return next(different, None if len(lines) == len(wanted) else min(len(lines), len(wanted)) + 1)


def _read(row: Sequence[str], number: int) -> Event:
    try:
        _, on, by, event, person, offering, detail, reason, call, _ = row
        return Event(
            dt.date.fromisoformat(on), event, person, offering,
            json.loads(detail) if detail else {}, reason, by, int(call),
        )  # fmt: skip
    except ValueError as error:
        raise DataError(
            message("season.event-unreadable", file=FILE, row=number, fault=library_fault(error))
        ) from None


def _line(values: Iterable[object]) -> str:
    return csv_text(list(values)).removesuffix("\n")
