"""The stored rows of seasons: held against the audit chain, and without those who were erased."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from admissions_api.store.tables import SeasonEventRow, SeasonReminderRow, SeasonRow

ERASED_PERSON = "[erased]"
"""Stands in an event for whoever was erased: the event is no more read."""
_FIELDS = (
    "seq", "on", "by", "event", "person_id", "offering_id", "detail", "reason", "call", "at",
)  # fmt: skip


def season_target(round_id: str) -> str:
    """The season of a round as the audit chain names it."""
    return f"rounds/{round_id}/season"


def rows_hash(session: Session, round_id: str) -> str:
    """SHA-256 over all events of a season as they are stored, each as compact JSON."""
    found = hashlib.sha256()
    rows = select(SeasonEventRow).where(SeasonEventRow.round_id == round_id)
    for row in session.scalars(rows.order_by(SeasonEventRow.seq)):
        fields = {name: getattr(row, name) for name in _FIELDS}
        if row.salt:
            fields["salt"] = row.salt
        text = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        found.update(f"{text}\n".encode())
    return found.hexdigest()


def all_rows(session: Session) -> Iterator[tuple[str, str]]:
    """Each season's name in the chain, and the hash of its rows."""
    for round_id in session.scalars(select(SeasonRow.round_id)):
        yield season_target(round_id), rows_hash(session, round_id)


def erase_in_seasons(
    session: Session, *, person: str | None = None, round_id: str | None = None
) -> dict[str, str]:
    """Takes a person, or everybody of a round, out of seasons' events and reminders.

    What was done and when stays. Returns the new hash of each season's rows that changed.
    """
    of_events: list[ColumnElement[bool]] = [SeasonEventRow.person_id.not_in(("", ERASED_PERSON))]
    of_reminders: list[ColumnElement[bool]] = []
    if person is not None:
        of_events.append(SeasonEventRow.person_id == person)
        of_reminders.append(SeasonReminderRow.person_id == person)
    if round_id is not None:
        of_events.append(SeasonEventRow.round_id == round_id)
        of_reminders.append(SeasonReminderRow.round_id == round_id)
        session.execute(update(SeasonRow).where(SeasonRow.round_id == round_id).values(due_on=None))
    changed = sorted(set(session.scalars(select(SeasonEventRow.round_id).where(*of_events))))
    blank = {"person_id": ERASED_PERSON, "detail": {}, "reason": "", "salt": ""}
    session.execute(update(SeasonEventRow).where(*of_events).values(blank))
    session.execute(delete(SeasonReminderRow).where(*of_reminders))
    session.expire_all()
    return {season_target(one): rows_hash(session, one) for one in changed}
