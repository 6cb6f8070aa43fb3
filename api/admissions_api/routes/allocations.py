"""Allocations: the coordinator makes them, each office reads its own decisions."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from admissions.model.seeds import LARGEST_SEED
from admissions.model.vocabulary import Language
from admissions_api.access import Anyone, Coordinator, Installed, OfficeOrCoordinator
from admissions_api.allocations import (
    ResultFolder,
    find_allocation,
    own_decisions,
    without_persons,
)
from admissions_api.answered import Answered, Writing
from admissions_api.examples import answered, one
from admissions_api.institutions import own_offerings
from admissions_api.jobs.queue import add_job
from admissions_api.keeping.erasing import refuse_erased
from admissions_api.paging import Page, Paged
from admissions_api.problems import ProblemError
from admissions_api.reads import OfficeReads
from admissions_api.rounds import as_committed, find_round
from admissions_api.routes.jobs import ACCEPTED, accepted
from admissions_api.routes.rounds import Known, RoundId, known_scenario
from admissions_api.store.tables import AllocationRow, RoundRow
from admissions_api.texts import PLAIN
from admissions_api.tokens import Caller

router = APIRouter(prefix="/v1", tags=["allocations"])
decided_router = APIRouter(prefix="/v1", tags=["allocations"])
"""What an office reads once an allocation is published: it stands after publishing."""

AllocationId = Annotated[
    str, Path(max_length=100, pattern=PLAIN, openapi_examples=one("allocation-1"))
]
OfferingId = Annotated[str, Path(max_length=100, pattern=PLAIN, openapi_examples=one("uis-juss"))]


class NewAllocation(BaseModel):
    """How to allocate: by the round's scenario and its lottery seed, unless others are named."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"language": "nb"}]})

    scenario: Known | None = None
    seed: int | None = Field(None, ge=0, le=LARGEST_SEED)
    language: Language = "nb"


class AllocationShown(BaseModel):
    """What was allocated from what: hashes of inputs and rulebooks, and the program's version."""

    id: str
    round: str
    scenario: str
    program_version: str
    inputs: dict[str, str] = Field(
        description="SHA-256 of each input file; for offices and the coordinator alone, since "
        "whoever guesses a short file of persons could check the guess."
    )
    rulebooks: dict[str, str] = Field(description="SHA-256 of the rules of each offering.")
    properties: dict[str, bool | None] = Field(description="Which promises hold; null: none made.")
    digest: str = Field(description="Of scenario, rules, seats and seed, as `verify` prints it.")
    as_committed: bool | None = Field(
        description="Whether that is what the round was committed to when it was opened."
    )
    asked_by: str = Field(description="Who asked for it; for offices and the coordinator alone.")
    reason: str | None = Field(description="Why it is published with another digest.")
    sha256: str = Field(description="Of the sealed folder with a salt, as the chain names it.")
    at: str
    published_at: str | None


class Decision(BaseModel):
    """One application's decision, as in `decisions.csv`."""

    person_id: str
    offering_id: str
    preference: int
    qualified: bool
    points: str
    rank: int | None
    outcome: str
    waiting_number: int | None
    reason: str
    explanation: str


def allocation_shown(row: AllocationRow, round_: RoundRow, caller: Caller) -> AllocationShown:
    """``row`` as ``caller`` may see it."""
    for_offices = caller.role in ("office", "coordinator")
    published = row.published_at is not None
    committed = round_.digest is not None and bool(row.digest)
    return AllocationShown(
        id=row.id,
        round=row.round_id,
        scenario=row.scenario,
        program_version=row.program_version,
        inputs=row.inputs if caller.role == "coordinator" or (for_offices and published) else {},
        rulebooks=row.rulebooks,
        properties=row.properties,
        digest=row.digest,
        as_committed=as_committed(round_, row.digest) if committed else None,
        asked_by=row.asked_by if for_offices else "",
        reason=row.reason,
        sha256=row.folder,
        at=row.at,
        published_at=row.published_at,
    )


@router.post("/rounds/{round_id}/allocations", status_code=202, responses=ACCEPTED)
def allocate(
    round_id: RoundId, asked: NewAllocation, caller: Coordinator, writing: Writing
) -> Response:
    """Allocates all offerings of a closed round together, as a job."""
    if asked.scenario is not None:
        known_scenario(asked.scenario)

    def work(session: Session) -> Answered:
        row = find_round(session, round_id)
        if row.state != "closed":
            advice = (
                "close it first: POST …/close" if row.state == "open" else "read what is published"
            )
            raise ProblemError(409, f"the round is {row.state}", f"Maybe {advice}.")
        request = {
            "round": row.id,
            "scenario": asked.scenario or row.scenario,
            "seed": asked.seed,
            "language": asked.language,
            "closed_at": row.closed_at,
        }
        return accepted(add_job(session, caller, "allocation", request, f"rounds/{row.id}"))

    return writing.do(caller, asked, work)


@router.get("/allocations")
def allocations(
    caller: Anyone,
    installation: Installed,
    page: Paged,
    round: Annotated[str | None, Query(max_length=100, pattern=PLAIN)] = None,  # noqa: A002 - the domain's word
) -> Page[AllocationShown]:
    """The allocations, newest first: all of them for offices too, by digest and who asked.

    Leaders and analysts see published ones alone.
    """
    wanted: list[ColumnElement[bool]] = []
    if caller.role not in ("coordinator", "office"):
        wanted.append(AllocationRow.published_at.is_not(None))
    if round is not None:
        wanted.append(AllocationRow.round_id == round)
    with installation.store.reading() as session:
        total = session.scalar(select(func.count()).select_from(AllocationRow).where(*wanted)) or 0
        rows = session.execute(
            select(AllocationRow, RoundRow)
            .join(RoundRow, RoundRow.id == AllocationRow.round_id)
            .where(*wanted)
            .order_by(AllocationRow.at.desc(), AllocationRow.id)
            .offset(page.offset)
            .limit(page.limit)
        )
        return page.of([allocation_shown(row, of, caller) for row, of in rows], total)


@router.get("/allocations/{allocation_id}")
def allocation(
    allocation_id: AllocationId, caller: Anyone, installation: Installed
) -> AllocationShown:
    """One allocation: what it was made from, and which promises hold."""
    with installation.store.reading() as session:
        row = find_allocation(session, allocation_id, caller)
        return allocation_shown(row, find_round(session, row.round_id), caller)


@router.post("/allocations/{allocation_id}/verifications", status_code=202, responses=ACCEPTED)
def verify(allocation_id: AllocationId, caller: OfficeOrCoordinator, writing: Writing) -> Response:
    """Re-derives the allocation from its own inputs and rules, and checks it, as a job."""

    def work(session: Session) -> Answered:
        row = find_allocation(session, allocation_id, caller)
        refuse_erased(session, row)
        target = f"allocations/{row.id}"
        return accepted(add_job(session, caller, "verification", {"allocation": row.id}, target))

    return writing.do(caller, "", work)


@decided_router.get(
    "/allocations/{allocation_id}/certificate",
    responses=answered({"seed": 2019, "properties": {"P5": {"holds": True}}}),
)
def certificate(
    allocation_id: AllocationId, caller: OfficeOrCoordinator, installation: Installed
) -> dict[str, Any]:
    """Properties with what was counted, the solvers' proofs, hashes of every input and file."""
    return without_persons(_folder(installation, allocation_id, caller).json("certificate.json"))


@decided_router.get(
    "/allocations/{allocation_id}/summary",
    responses=answered({"offerings": {"uis-juss": {"seats": 32, "offered": {"total": 32}}}}),
)
def summary(
    allocation_id: AllocationId, caller: OfficeOrCoordinator, installation: Installed
) -> dict[str, Any]:
    """Counts per offering and sector: of all offerings for the coordinator, else of own ones."""
    found: dict[str, Any] = _folder(installation, allocation_id, caller).json("summary.json")
    if caller.role == "office":
        own = own_offerings(caller.scope)
        found["offerings"] = {o: row for o, row in found["offerings"].items() if o in own}
    return found


@decided_router.get("/allocations/{allocation_id}/decisions")
def decisions(
    allocation_id: AllocationId,
    caller: OfficeReads,
    installation: Installed,
    page: Paged,
    offering: Annotated[str | None, Query(max_length=100, pattern=PLAIN)] = None,
) -> Page[Decision]:
    """The decisions at the office's own offerings (or one of them), by person and preference."""
    own = own_offerings(caller.scope)
    if offering is not None:
        _refuse_others(caller, offering)
    folder = _folder(installation, allocation_id, caller)
    rows = own_decisions(folder, own if offering is None else (offering,))
    return page.cut([_decision(row) for row in rows])


def _decision(row: dict[str, str]) -> Decision:
    stated: dict[str, Any] = dict(row)
    stated["qualified"] = row["qualified"] == "yes"
    for name in ("rank", "waiting_number"):
        stated[name] = int(row[name]) if row[name] else None
    return Decision.model_validate(stated)


@decided_router.get(
    "/allocations/{allocation_id}/rankings/{offering_id}",
    response_class=Response,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
)
def ranking(
    allocation_id: AllocationId,
    offering_id: OfferingId,
    caller: OfficeReads,
    installation: Installed,
) -> Response:
    """The ranking table of an own offering: sort by its columns, and the ranks are there."""
    _refuse_others(caller, offering_id)
    folder = _folder(installation, allocation_id, caller)
    return Response(folder.text(f"rankings/{offering_id}.csv"), media_type="text/csv")


def _folder(installation: Installed, allocation_id: str, caller: Caller) -> ResultFolder:
    with installation.store.reading() as session:
        return ResultFolder(session, find_allocation(session, allocation_id, caller))


def _refuse_others(caller: Caller, offering: str) -> None:
    own = own_offerings(caller.scope)
    if offering not in own:
        raise ProblemError(403, "this is no offering of yours", f"Maybe one of: {', '.join(own)}.")
