"""Seasons in the store: read from events that are appended, and what of one each role may see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from admissions.model.policy import Policy
from admissions.results.files import packed, sha256_of, unpacked
from admissions.results.season import first_season
from admissions.results.season_calls import Call, call_files
from admissions.results.season_tables import rows_of
from admissions.season.chains import Link
from admissions.season.events import Event
from admissions.season.season import Season
from admissions.season.standing import Offer
from admissions.season.states import State
from admissions.season.status import due
from admissions.verification.published import CERTIFICATE
from admissions_api.clock import stamp, today
from admissions_api.institutions import own_offerings
from admissions_api.problems import ProblemError
from admissions_api.rounds import find_round
from admissions_api.store import Store, get_blob, put_blob
from admissions_api.store.audit import Actor, append, last_erasure
from admissions_api.store.engine import ChangedError, new_salt
from admissions_api.store.season_rows import ERASED_PERSON, rows_hash, season_target
from admissions_api.store.tables import (
    AllocationRow,
    SeasonCallRow,
    SeasonEventRow,
    SeasonReminderRow,
    SeasonRow,
)
from admissions_api.tokens import Caller

FIRST_DAY = dt.date(2000, 1, 1)


def find_season(session: Session, round_id: str) -> SeasonRow:
    """The season of a round. Raises ProblemError (409) where it has not begun."""
    row = session.get(SeasonRow, round_id)
    if row is None:
        raise ProblemError(
            409,
            "the season of this round has not begun",
            "Maybe publish an allocation first, then POST …/season.",
        )
    return row


def season_to_begin(
    session: Session, made: AllocationRow, policy: Policy | None, on: dt.date, actor: Actor
) -> Season:
    """The season after the published allocation ``made``, before it is stored."""
    return first_season(unpacked(get_blob(session, made.folder)), on, by_of(actor), policy)


def begin_season(
    session: Session, made: AllocationRow, season: Season, on: dt.date, actor: Actor
) -> None:
    """Begins the season of the round whose published allocation is ``made``.

    A season that begins on an earlier day than today's is played by the days it is given: nothing
    in it is carried out by the clock.
    """
    row = SeasonRow(
        round_id=made.round_id,
        allocation_id=made.id,
        policy=season.policy.model_dump(mode="json"),
        by_clock=on >= today(),
        at=stamp(),
    )
    session.add(row)
    session.flush()
    _add_events(session, row, season, 0)
    append(
        session, actor, "season.begun", season_target(row.round_id), **_said(session, row, season)
    )


def read_season(session: Session, row: SeasonRow) -> Season:
    """The season as its events have it."""
    made = session.get_one(AllocationRow, row.allocation_id)
    policy = Policy.model_validate(row.policy)
    first = _first(get_blob(session, made.folder), policy.model_dump_json())
    calls = session.scalars(select(SeasonCallRow).where(SeasonCallRow.round_id == row.round_id))
    made_calls = {call.number: call for call in calls}
    return replace(
        first,
        events=tuple(events_of(session, row.round_id)),
        offers={n: _offers(get_blob(session, call.folder)) for n, call in made_calls.items()},
        certificates={n: call.certificate for n, call in made_calls.items()},
    )


def season_of(session: Session, round_id: str) -> Season:
    """The season of a round. Raises ProblemError: 404 without the round, 409 before it begins."""
    find_round(session, round_id)
    return read_season(session, find_season(session, round_id))


def stored_season(store: Store, round_id: str) -> Season:
    """As ``season_of``, by itself."""
    with store.reading() as session:
        return season_of(session, round_id)


def reminded_of(session: Session, round_id: str) -> set[tuple[str, str, str]]:
    """Person, offering and deadline of each offer of which a reminder was due."""
    rows = session.scalars(select(SeasonReminderRow).where(SeasonReminderRow.round_id == round_id))
    return {(one.person_id, one.offering_id, one.deadline) for one in rows}


@lru_cache(maxsize=2)
def _first(folder: bytes, policy: str) -> Season:
    """The season of a result folder before anything was entered; the last ones are kept."""
    return first_season(unpacked(folder), FIRST_DAY, policy=Policy.model_validate_json(policy))


def events_of(session: Session, round_id: str) -> list[Event]:
    """The stored events of a round in the order in which they were entered, but of the erased."""
    rows = session.scalars(
        select(SeasonEventRow)
        .where(SeasonEventRow.round_id == round_id, SeasonEventRow.person_id != ERASED_PERSON)
        .order_by(SeasonEventRow.seq)
    )
    return [
        Event(
            dt.date.fromisoformat(row.on), row.event, row.person_id, row.offering_id, row.detail,
            row.reason, row.by, row.call,
        )
        for row in rows
    ]  # fmt: skip


@dataclass(frozen=True)
class ReadSeason:
    """A season as it was read for a change, and by what a write sees whether it still is so."""

    season: Season
    known_by: str


def read_to_change(session: Session, row: SeasonRow) -> ReadSeason:
    """The season as its events have it, for what is entered after them."""
    known_by = _known_by(session, row)
    return ReadSeason(read_season(session, row), known_by)


def _known_by(session: Session, row: SeasonRow) -> str:
    """Another text as soon as something is entered in the season, or anybody erased."""
    newest = select(func.max(SeasonEventRow.seq)).where(SeasonEventRow.round_id == row.round_id)
    return f"{session.scalar(newest)} {last_erasure(session)}"


def append_events(
    session: Session, row: SeasonRow, before: ReadSeason, after: Season, actor: Actor
) -> None:
    """Stores what ``after`` has more than ``before``.

    Raises ChangedError where the season is not as ``before`` has it any more.
    """
    if _known_by(session, row) != before.known_by:
        raise ChangedError
    known = len(before.season.events)
    if len(after.events) == known:
        return
    _add_events(session, row, after, known)
    append(
        session, actor, "season.entered", season_target(row.round_id), **_said(session, row, after)
    )


def keep_call(
    session: Session, row: SeasonRow, before: ReadSeason, call: Call, actor: Actor
) -> None:
    """Stores a call that was made of ``before``, its folder and its events.

    Raises ProblemError (409) where the season is not as ``before`` has it any more.
    """
    if _known_by(session, row) != before.known_by:
        raise ProblemError(
            409,
            "something else was entered in this season meanwhile; nothing is stored",
            "Maybe look at GET …/events, then ask for the call again.",
        )
    event = call.after.events[-1]
    files = call_files(call, event.on)
    folder = put_blob(session, packed(files))
    session.add(
        SeasonCallRow(
            round_id=row.round_id,
            number=event.call,
            folder=folder,
            certificate=sha256_of(files[CERTIFICATE]),
            at=stamp(),
        )
    )
    _add_events(session, row, call.after, len(before.season.events))
    append(
        session, actor, "season.called", season_target(row.round_id), call=event.call,
        sha256=folder, **_said(session, row, call.after),
    )  # fmt: skip


def chains_of(session: Session, round_id: str, number: int) -> list[Link]:
    """How the seats of a call went on, as its folder has it."""
    made = session.get_one(SeasonCallRow, (round_id, number))
    rows = rows_of(unpacked(get_blob(session, made.folder))["chains.csv"].decode("utf-8-sig"))
    return [
        Link(
            int(r["chain"]),
            int(r["step"]),
            r["offering_id"],
            r["person_id"],
            r["gave_up"],
            r["became"],
        )
        for r in rows
    ]


def seen_by(caller: Caller) -> Sequence[str] | None:
    """The offerings whose states the caller may see; None: all of them."""
    return own_offerings(caller.scope) if caller.role == "office" else None


def by_of(actor: Actor) -> str:
    """Who enters something, as events say it: the role and whose, not the person."""
    return f"{actor.role} {actor.scope}".strip()


def remind(session: Session, row: SeasonRow, season: Season, on: dt.date) -> int:
    """Notes who is to be reminded ``on`` that day and was not yet; how many."""
    soon = due(season, on, season.policy.reminder_days)
    keys = [(row.round_id, *one.key, one.deadline.isoformat()) for one in soon if one.deadline]
    new = [key for key in keys if session.get(SeasonReminderRow, key) is None]
    for round_id, person, offering, deadline in new:
        session.add(
            SeasonReminderRow(
                round_id=round_id,
                person_id=person,
                offering_id=offering,
                deadline=deadline,
                at=stamp(),
            )
        )
    session.flush()
    return len(new)


def plan_next(session: Session, row: SeasonRow, season: Season) -> None:
    """Notes the next day on which a reminder or a deadline is to be carried out."""
    reminded = reminded_of(session, row.round_id)
    days = [
        one.deadline + dt.timedelta(days=1)
        if (*one.key, one.deadline.isoformat()) in reminded
        else one.deadline - dt.timedelta(days=season.policy.reminder_days)
        for one in season.standing.applications.values()
        if one.state is State.OFFERED and one.deadline is not None
    ]
    row.due_on = min(days).isoformat() if days and row.by_clock else None


def _add_events(session: Session, row: SeasonRow, season: Season, known: int) -> None:
    last = session.scalar(
        select(func.max(SeasonEventRow.seq)).where(SeasonEventRow.round_id == row.round_id)
    )
    for number, event in enumerate(season.events[known:], start=(last or 0) + 1):
        session.add(
            SeasonEventRow(
                round_id=row.round_id,
                seq=number,
                on=event.on.isoformat(),
                by=event.by,
                event=event.event,
                person_id=event.person_id,
                offering_id=event.offering_id,
                detail=dict(event.detail),
                reason=event.reason,
                call=event.call,
                salt=new_salt(),
                at=stamp(),
            )
        )
    session.flush()
    plan_next(session, row, season)


def _said(session: Session, row: SeasonRow, season: Season) -> dict[str, object]:
    """What the audit chain says of a season: how many events, and the salted hash of all.

    Not the hash of the last, as ``events.csv`` has it: it could be guessed back once somebody is
    erased.
    """
    return {"events": len(season.events), "rows": rows_hash(session, row.round_id)}


def _offers(folder: bytes) -> tuple[Offer, ...]:
    rows = rows_of(unpacked(folder)["offers.csv"].decode("utf-8-sig"))
    return tuple(Offer(row["offering_id"], row["person_id"], row["event"]) for row in rows)
