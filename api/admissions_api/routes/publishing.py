"""Publishing an allocation, and taking it back before anybody has answered."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from admissions_api.access import Coordinator
from admissions_api.allocations import find_allocation
from admissions_api.answered import Answered, Writing
from admissions_api.clock import stamp
from admissions_api.jobs.queue import actor_of
from admissions_api.problems import ProblemError
from admissions_api.rounds import as_committed, find_round, refuse_of_another_closing
from admissions_api.routes.allocations import AllocationId, AllocationShown, allocation_shown
from admissions_api.routes.reasons import Reason, Reasoned
from admissions_api.store.audit import append
from admissions_api.store.tables import AllocationRow, RoundRow, SeasonRow

router = APIRouter(prefix="/v1/allocations/{allocation_id}", tags=["allocations"])


class Publishing(BaseModel):
    """Why it is published although it is not what the round was committed to; else nothing."""

    model_config = ConfigDict(frozen=True, extra="forbid", json_schema_extra={"examples": [{}]})

    reason: Reason | None = Field(
        None, description="Needed where the digest is not the one that was committed to."
    )


@router.post("/publish", responses={200: {"model": AllocationShown}})
def publish(
    allocation_id: AllocationId,
    caller: Coordinator,
    writing: Writing,
    asked: Annotated[Publishing, Body()] = Publishing(),  # noqa: B008 - it is frozen
) -> Response:
    """Publishes the allocation: offices read their decisions, leaders what became of own staff.

    One whose digest is not what the round was committed to needs a reason, and shows it.
    """

    def work(session: Session) -> Answered:
        row = find_allocation(session, allocation_id, caller)
        round_row = find_round(session, row.round_id)
        if row.published_at is None:
            _refuse(row, round_row, asked.reason)
            row.published_at, row.reason = stamp(), None
            if not as_committed(round_row, row.digest):
                row.reason = asked.reason
            round_row.state, round_row.published = "published", row.id
            append(
                session,
                actor_of(caller),
                "allocation.published",
                f"allocations/{row.id}",
                sha256=row.folder,
                round=round_row.id,
                digest=row.digest,
                as_committed=as_committed(round_row, row.digest),
                reason=row.reason,
            )
        return Answered(200, allocation_shown(row, round_row, caller))

    return writing.do(caller, asked, work)


def _refuse(row: AllocationRow, round_row: RoundRow, reason: str | None) -> None:
    """Raises ProblemError (409) for an allocation that cannot be published, or not without why."""
    if round_row.published is not None:
        raise ProblemError(
            409,
            "another allocation of this round is published",
            "Maybe that one stands; before the first answer it can be taken back: "
            "POST …/unpublish.",
        )
    refuse_of_another_closing(round_row, row.closed_at)
    other = round_row.digest is not None and not as_committed(round_row, row.digest)
    if other and reason is None:
        raise ProblemError(
            409,
            f"its digest is {row.digest}; the round was committed to {round_row.digest}",
            "Maybe allocate by what was committed to, or send a reason, which everybody reads.",
        )


@router.post("/unpublish", responses={200: {"model": AllocationShown}})
def unpublish(
    allocation_id: AllocationId, said: Reasoned, caller: Coordinator, writing: Writing
) -> Response:
    """Takes a published allocation back, before the first answer to it. The round is closed then.

    The allocation stays, and so does in the chain that it was published, and why no longer.
    """

    def work(session: Session) -> Answered:
        row = find_allocation(session, allocation_id, caller)
        round_row = find_round(session, row.round_id)
        if round_row.published != row.id:
            raise ProblemError(
                409, "this allocation is not published", "Maybe look at GET /v1/allocations."
            )
        if session.get(SeasonRow, row.round_id) is not None:
            raise ProblemError(
                409,
                "the season of this round has begun: applicants know the decisions",
                "Maybe record what is to be mended: POST …/events.",
            )
        row.published_at = None
        round_row.state, round_row.published = "closed", None
        append(
            session,
            actor_of(caller),
            "allocation.unpublished",
            f"allocations/{row.id}",
            round=round_row.id,
            reason=said.reason,
        )
        return Answered(200, allocation_shown(row, round_row, caller))

    return writing.do(caller, said, work)
