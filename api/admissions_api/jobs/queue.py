"""The queue of jobs in the store: who takes one, who may end it, and what becomes of lost ones."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from admissions_api.clock import now, stamp
from admissions_api.problems import ProblemError
from admissions_api.store import Store, put_blob
from admissions_api.store.audit import SYSTEM, Actor, append
from admissions_api.store.tables import JobRow
from admissions_api.tokens import Caller

ENDED = ("done", "failed", "cancelled", "interrupted")
ACTIVE = ("queued", "running")
ANALYSES = ("simulation", "comparison")
EXPLAINING = "explanations"
LATER = (EXPLAINING, *ANALYSES)
"""Kinds of jobs that a round's work never waits for; explanations come before analyses."""
TOLD = ("round", "institution", "allocation", "scenario", "scenarios", "seed", "draws", "language")
"""What the chain says of a job's request: nothing else, for it might name a person."""
MOST_EACH = 20
"""So many jobs of one caller wait or run at a time."""
LOST_SECONDS = 15
"""A running job whose worker gave no sign of life for so long is lost."""
MOST_ATTEMPTS = 3
"""So often a job is taken up again; then it is marked as interrupted."""


@dataclass(frozen=True)
class TakenJob:
    """A job that a worker has taken: only this attempt may end it."""

    id: str
    attempt: int
    kind: str
    actor: Actor
    request: Mapping[str, Any]


def actor_of(caller: Caller) -> Actor:
    """The caller as the audit chain names them; of an applicant it holds no name and no id."""
    if caller.role == "applicant":
        return Actor(caller.role, caller.role)
    return Actor(caller.subject, caller.role, caller.scope)


def add_job(
    session: Session, caller: Caller, kind: str, request: Mapping[str, Any], target: str
) -> JobRow:
    """Queues a job within a write; it is called by its kind and its number, ``allocation-1``.

    Raises ProblemError (429) where the caller has too many that wait or run.
    """
    _refuse_more(session, caller)
    row = _queued(session, kind, caller.role, caller.scope, caller.subject, request)
    told = {name: request[name] for name in TOLD if name in request}
    append(session, actor_of(caller), f"{kind}.asked", target, job=row.id, request=told)
    return row


def add_explaining(session: Session, taken_id: str) -> None:
    """Queues, within the write that keeps an allocation, that all of its decisions be explained.

    It is the job of whoever asked for the allocation ``taken_id``, and not counted among theirs.
    """
    asked = session.get_one(JobRow, taken_id)
    request = {"allocation": taken_id}
    _queued(session, EXPLAINING, asked.role, asked.scope, asked.request["asked_by"], request)


def _queued(
    session: Session, kind: str, role: str, scope: str, by: str, request: Mapping[str, Any]
) -> JobRow:
    same = session.scalar(select(func.count()).select_from(JobRow).where(JobRow.kind == kind))
    row = JobRow(
        id=f"{kind}-{(same or 0) + 1}",
        kind=kind,
        role=role,
        scope=scope,
        request={**request, "asked_by": by},
        state="queued",
        attempt=0,
        done=0,
        total=0,
        cancel=False,
        created_at=stamp(),
    )
    session.add(row)
    return row


def _refuse_more(session: Session, caller: Caller) -> None:
    theirs = (JobRow.role == caller.role, JobRow.scope == caller.scope)
    counted = (JobRow.state.in_(ACTIVE), JobRow.kind != EXPLAINING)
    active = session.scalars(select(JobRow).where(*counted, *theirs))
    if sum(row.request["asked_by"] == caller.subject for row in active) >= MOST_EACH:
        raise ProblemError(
            429,
            f"{MOST_EACH} jobs of yours wait or run already",
            "Maybe wait until one has ended, or cancel one with DELETE /v1/jobs/{job_id}.",
            headers={"Retry-After": "10"},
        )


def take(store: Store, *, later: bool = True) -> TakenJob | None:
    """Takes the oldest queued job, a round's before what is ``later``; no two take the same."""
    is_later, analysis = JobRow.kind.in_(LATER), JobRow.kind.in_(ANALYSES)
    wanted: list[ColumnElement[bool]] = [JobRow.state == "queued"]
    if not later:
        wanted.append(~is_later)
    with store.beating() as session:
        row = session.scalar(
            select(JobRow)
            .where(*wanted)
            .order_by(is_later, analysis, JobRow.created_at, JobRow.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if row is None:
            return None
        row.state = "running"
        row.attempt += 1
        row.started_at = row.started_at or stamp()
        row.beat = stamp()
        actor = Actor(row.request["asked_by"], row.role, row.scope)
        return TakenJob(row.id, row.attempt, row.kind, actor, dict(row.request))


def beat(store: Store, taken: TakenJob) -> bool:
    """A sign of life; False when the job is cancelled, or no longer this attempt's."""
    with store.beating() as session:
        row = session.get(JobRow, taken.id)
        if row is None or not _is_current(row, taken) or row.cancel:
            return False
        row.beat = stamp()
        return True


def tell_progress(store: Store, taken: TakenJob, done: int, total: int) -> None:
    """Says how far the job is."""
    with store.beating() as session:
        session.execute(
            update(JobRow)
            .where(JobRow.id == taken.id, JobRow.attempt == taken.attempt)
            .values(done=done, total=total)
        )


def finish(
    session: Session, taken: TakenJob, result: Mapping[str, Any], location: str | None, target: str
) -> bool:
    """Ends the job with its result within a write; False when it is no longer this attempt's."""
    row = session.get(JobRow, taken.id)
    if row is None or not _is_current(row, taken):
        return False
    data = json.dumps(result, ensure_ascii=False).encode()
    row.result = put_blob(session, data)
    row.result_at = location
    row.done = row.total = max(row.total, 1)
    _end(session, row, "done", taken.actor, target, sha256=row.result)
    return True


def fail(store: Store, taken: TakenJob, problem: Mapping[str, Any]) -> None:
    """Ends the job with a problem, unless it is no longer this attempt's."""
    with store.writing() as session:
        row = session.get(JobRow, taken.id)
        if row is not None and _is_current(row, taken):
            row.problem = dict(problem)
            _end(session, row, "failed", taken.actor, taken.id)


def stop(store: Store, taken: TakenJob) -> None:
    """Ends a job that was told to stop, once its work is ended."""
    with store.writing() as session:
        row = session.get(JobRow, taken.id)
        if row is not None and _is_current(row, taken):
            _end(session, row, "cancelled", taken.actor, taken.id)


def give_back(store: Store, taken: TakenJob) -> None:
    """Queues the job again: its worker is told to end."""
    with store.writing() as session:
        again(session, taken)


def again(session: Session, taken: TakenJob) -> None:
    """Queues the job again within a write, unless it is no longer this attempt's."""
    row = session.get(JobRow, taken.id)
    if row is not None and _is_current(row, taken):
        row.state = "queued"
        append(session, SYSTEM, f"{row.kind}.resumed", row.id)


def ask_to_cancel(session: Session, caller: Caller, row: JobRow) -> None:
    """Cancels a job within a write: at once while it waits, else as soon as its worker sees it."""
    if row.state == "queued":
        _end(session, row, "cancelled", actor_of(caller), row.id)
    elif row.state == "running" and not row.cancel:
        row.cancel = True
        append(session, actor_of(caller), f"{row.kind}.cancelling", row.id)


def recover_lost(store: Store) -> int:
    """Queues each lost job again, or marks it as interrupted; returns how many there were.

    The attempt that was lost can no longer end it, should its worker still live.
    """
    limit = stamp(now() - timedelta(seconds=LOST_SECONDS))
    lost = select(JobRow).where(JobRow.state == "running", JobRow.beat < limit)
    with store.reading() as session:
        if session.scalar(lost.limit(1)) is None:
            return 0
    with store.writing() as session:
        rows = session.scalars(lost).all()
        for row in rows:
            if row.cancel:
                _end(session, row, "cancelled", SYSTEM, row.id)
            elif row.attempt < MOST_ATTEMPTS:
                row.state = "queued"
                append(session, SYSTEM, f"{row.kind}.resumed", row.id)
            else:
                _end(session, row, "interrupted", SYSTEM, row.id)
        return len(rows)


def explaining(session: Session, allocation_id: str) -> bool:
    """Whether the decisions of an allocation are being explained, or wait to be."""
    jobs = session.scalars(
        select(JobRow).where(JobRow.kind == EXPLAINING, JobRow.state.in_(ACTIVE))
    )
    return any(row.request["allocation"] == allocation_id for row in jobs)


def active_ids(store: Store) -> frozenset[str]:
    """The jobs that wait or run."""
    with store.reading() as session:
        return frozenset(session.scalars(select(JobRow.id).where(JobRow.state.in_(ACTIVE))))


def _is_current(row: JobRow, taken: TakenJob) -> bool:
    return row.state == "running" and row.attempt == taken.attempt


def _end(
    session: Session, row: JobRow, state: str, actor: Actor, target: str, **details: Any
) -> None:
    row.state = state
    row.ended_at = stamp()
    append(session, actor, f"{row.kind}.{state}", target, job=row.id, **details)
