"""Long work: state, progress, events, result, cancel."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from admissions_api.access import Anyone, Installed
from admissions_api.answered import Answered, Writing
from admissions_api.examples import answered, one
from admissions_api.jobs import queue
from admissions_api.paging import Page, Paged
from admissions_api.problems import CONFLICT, ProblemError, ProblemShown, not_found
from admissions_api.reads import AnyoneReads
from admissions_api.store import get_blob
from admissions_api.store.tables import JobRow
from admissions_api.texts import PLAIN
from admissions_api.tokens import Caller

EVENT_SECONDS = 0.3
router = APIRouter(prefix="/v1/jobs", tags=["jobs"])
OfRound = Annotated[str | None, Query(alias="round", max_length=100, pattern=PLAIN)]
JobId = Annotated[str, Path(max_length=100, pattern=PLAIN, openapi_examples=one("allocation-1"))]


class JobProgress(BaseModel):
    """``done`` of ``total`` steps; both 0 until it is known."""

    done: int
    total: int


class JobShown(BaseModel):
    """A job, and where its result will be."""

    id: str
    kind: str
    role: str = Field(description="Of whoever asked for it.")
    scope: str = Field(description="Their institution or service, or empty.")
    round: str | None = Field(description="The round that it works on, if any.")
    state: str = Field(description="queued, running, done, failed, cancelled or interrupted")
    progress: JobProgress
    attempt: int = Field(description="How often it was taken up; more than 1 after a restart.")
    created_at: str
    started_at: str | None
    ended_at: str | None
    result: str | None = Field(description="The address of the result, once it is done.")
    problem: ProblemShown | None = Field(description="Why it failed.")


def shown(row: JobRow) -> JobShown:
    """``row`` as its owner sees it."""
    return JobShown(
        id=row.id,
        kind=row.kind,
        role=row.role,
        scope=row.scope,
        round=row.request.get("round"),
        state=row.state,
        progress=JobProgress(done=row.done, total=row.total),
        attempt=row.attempt,
        created_at=row.created_at,
        started_at=row.started_at,
        ended_at=row.ended_at,
        result=(row.result_at or f"/v1/jobs/{row.id}/result") if row.state == "done" else None,
        problem=None if row.problem is None else ProblemShown.model_validate(row.problem),
    )


def accepted(row: JobRow) -> Answered:
    """202 with the job's address."""
    return Answered(202, shown(row), {"Location": f"/v1/jobs/{row.id}"})


MOST_DRAWS = 10_000
"""So many draws may be asked for at once."""

ACCEPTED: dict[int | str, dict[str, Any]] = {
    202: {
        "model": JobShown,
        "description": "Taken on as a job; Location says where its state is.",
        "headers": {"Location": {"schema": {"type": "string"}, "required": True}},
    }
}


def _own(session: Session, job_id: str, caller: Caller) -> JobRow:
    row = session.get(JobRow, job_id)
    if row is None or not _is_own(row, caller):
        raise not_found("such job of yours", "look at GET /v1/jobs")
    return row


def _seen(session: Session, job_id: str, caller: Caller) -> JobRow:
    """The job as it may be seen and cancelled: one's own, and by the coordinator every one."""
    row = session.get(JobRow, job_id)
    if row is None or not (_is_own(row, caller) or caller.role == "coordinator"):
        raise not_found("such job of yours", "look at GET /v1/jobs")
    return row


def _is_own(row: JobRow, caller: Caller) -> bool:
    return (row.role, row.scope) == (caller.role, caller.scope)


def _shown_to(row: JobRow, caller: Caller) -> JobShown:
    """``row``; what is wrong with another's data is not told the coordinator in detail."""
    found = shown(row)
    if found.problem is not None and not _is_own(row, caller):
        found.problem.errors = []
    return found


@router.get("")
def jobs(
    caller: Anyone, installation: Installed, page: Paged, of_round: OfRound = None
) -> Page[JobShown]:
    """The jobs of the caller's role and institution or service, or for the coordinator all.

    With ``round``: those that work on that round.
    """
    own: list[ColumnElement[bool]] = []
    if caller.role != "coordinator":
        own = [JobRow.role == caller.role, JobRow.scope == caller.scope]
    if of_round is not None:
        own.append(JobRow.request["round"].as_string() == of_round)
    with installation.store.reading() as session:
        total = session.scalar(select(func.count()).select_from(JobRow).where(*own)) or 0
        rows = session.scalars(
            select(JobRow)
            .where(*own)
            .order_by(JobRow.created_at.desc(), JobRow.id)
            .offset(page.offset)
            .limit(page.limit)
        )
        return page.of([_shown_to(row, caller) for row in rows], total)


@router.get("/{job_id}")
def job(job_id: JobId, caller: Anyone, installation: Installed) -> JobShown:
    """One job: its state and progress."""
    with installation.store.reading() as session:
        return _shown_to(_seen(session, job_id, caller), caller)


@router.get(
    "/{job_id}/events",
    response_class=EventSourceResponse,
    responses={200: {"description": "Events named state, until the job has ended."}},
)
async def events(
    job_id: JobId,
    caller: Anyone,
    installation: Installed,
    request: Request,
    first: Annotated[JobShown, Depends(job)],
) -> AsyncIterator[ServerSentEvent]:
    """The job's state and progress as server-sent events, each time they change, to the end."""

    def read() -> JobShown:
        with installation.store.reading() as session:
            return _shown_to(_seen(session, job_id, caller), caller)

    yield ServerSentEvent(event="state", data=first)
    last = first
    while last.state not in queue.ENDED and not request.app.state.stopping():
        await asyncio.sleep(EVENT_SECONDS)
        now = await run_in_threadpool(read)
        if now != last:
            yield ServerSentEvent(event="state", data=now)
        last = now


@router.get(
    "/{job_id}/result",
    responses={**answered({"round": "2019", "applications": 820}), **CONFLICT},
)
def result(job_id: JobId, caller: AnyoneReads, installation: Installed) -> dict[str, Any]:
    """What the job gave, once it is done."""
    with installation.store.reading() as session:
        row = _own(session, job_id, caller)
        if row.result is None:
            raise ProblemError(
                409,
                f"the job is {row.state}, it has no result",
                "Maybe follow /events until it is done, or ask anew.",
            )
        found: dict[str, Any] = json.loads(get_blob(session, row.result))
        return found


@router.delete("/{job_id}", responses={200: {"model": JobShown}})
def cancel(job_id: JobId, caller: Anyone, installation: Installed, writing: Writing) -> Response:
    """Cancels the job; one that has ended stays as it is."""

    def work(session: Session) -> Answered:
        row = _seen(session, job_id, caller)
        queue.ask_to_cancel(session, caller, row)
        session.flush()
        return Answered(200, _shown_to(row, caller))

    return writing.do(caller, job_id, work)
