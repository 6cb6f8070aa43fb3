"""The next call of a season, as a job; what is due by the clock, once each."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from dataclasses import asdict
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from admissions.model.errors import UsageError
from admissions.results.season import refuse_broken_call
from admissions.results.season_calls import Call, try_call
from admissions.season.season import Season, expired
from admissions_api.jobs.task import JobResult, Task
from admissions_api.seasons import (
    ReadSeason,
    append_events,
    by_of,
    find_season,
    keep_call,
    plan_next,
    read_to_change,
    remind,
)
from admissions_api.store import Store
from admissions_api.store.audit import SYSTEM, Actor, append
from admissions_api.store.engine import ChangedError
from admissions_api.store.season_rows import season_target
from admissions_api.store.tables import SeasonRow

_log = structlog.get_logger("admissions.season")


def call_next(task: Task) -> JobResult:
    """Makes or tries the next call of a season; a call that would break a promise is not made."""
    request = task.request
    actor = Actor(request["asked_by"], "coordinator")
    with task.store.reading() as session:
        before = read_to_change(session, find_season(session, request["round"]))
    call = try_call(before.season, dt.date.fromisoformat(request["on"]), by_of(actor))
    refuse_broken_call(call)
    target = season_target(request["round"])
    if request["dry_run"]:
        return JobResult(told(call, dry_run=True), target)

    def keep(session: Session) -> None:
        keep_call(session, find_season(session, request["round"]), before, call, actor)

    number = call.after.standing.call
    location = f"/v1/rounds/{request['round']}/calls/{number}"
    return JobResult(told(call, dry_run=False), target, location, keep)


def told(call: Call, *, dry_run: bool) -> dict[str, Any]:
    """A call as its job tells it."""
    return {
        "call": call.after.standing.call,
        "dry_run": dry_run,
        "expired": call.expired,
        "offers": [asdict(one) for one in call.offers],
        "chains": [asdict(link) for link in call.chains],
        "promises": {one.id: one.holds for one in call.promises},
    }


def carry_out_due(store: Store, day: dt.date) -> int:
    """Carries out what is due by ``day`` in every season; how many reminders and deadlines.

    Each is noted in the write that carries it out, so that none is carried out twice, by whichever
    worker, before or after a restart.
    """
    wanted = select(SeasonRow.round_id).where(SeasonRow.due_on <= day.isoformat())
    with store.reading() as session:
        rounds = list(session.scalars(wanted))
    done = 0
    for round_id in rounds:
        with store.reading() as session:
            before = read_to_change(session, session.get_one(SeasonRow, round_id))
        try:
            after = expired(before.season, day, by_of(SYSTEM))
        except UsageError:  # an event is dated later than today: what is due waits for that day
            after = before.season
        with suppress(ChangedError), store.writing() as session:
            row = session.get_one(SeasonRow, round_id)
            if row.due_on is not None and row.due_on <= day.isoformat():
                done += _carry_out(session, row, before, after, day)
    return done


def _carry_out(
    session: Session, row: SeasonRow, read: ReadSeason, after: Season, day: dt.date
) -> int:
    """Carries out what was worked out; ChangedError where it is to be worked out anew, later."""
    before = read.season
    append_events(session, row, read, after, SYSTEM)
    reminded = remind(session, row, before, day)
    if reminded:
        append(session, SYSTEM, "season.reminded", season_target(row.round_id), count=reminded)
    plan_next(session, row, after)
    gone = len(after.events) - len(before.events)
    if not (gone or reminded) and after.standing.on is not None:
        row.due_on = max(row.due_on or "", after.standing.on.isoformat())
    _log.info("carried out", round=row.round_id, expired=gone, reminded=reminded)
    return gone + reminded
