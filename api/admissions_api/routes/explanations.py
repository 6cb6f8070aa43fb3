"""Explanations and letters of a published allocation: each office reads those of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Path
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from pydantic import BaseModel
from sqlalchemy.orm import Session

from admissions.front.allocation import explain
from admissions.model.errors import AdmissionsError
from admissions.model.output_table import OutputColumn, OutputTable
from admissions.model.vocabulary import Language
from admissions.results.files import packed
from admissions_api.access import Installed, OfficeOrCoordinator
from admissions_api.allocations import (
    ResultFolder,
    find_allocation,
    own_decisions,
)
from admissions_api.answered import Answered, Writing
from admissions_api.examples import one
from admissions_api.explanations import Explanations, Shown, stored_explanations
from admissions_api.installation import Installation
from admissions_api.institutions import own_offerings
from admissions_api.jobs.queue import EXPLAINING, add_job, explaining
from admissions_api.keeping.erasing import refuse_erased
from admissions_api.paging import Page, Paged
from admissions_api.problems import CONFLICT, ProblemError, not_found
from admissions_api.reads import OfficeReads
from admissions_api.rounds import find_round
from admissions_api.routes.allocations import AllocationId
from admissions_api.routes.jobs import ACCEPTED, accepted
from admissions_api.store.tables import ExplanationsRow
from admissions_api.texts import PLAIN, WITH_SLASHES
from admissions_api.tokens import Caller

_LISTED = tuple(OutputColumn(name, "text") for name in ("person_id", "offering_id", "file"))
router = APIRouter(prefix="/v1/allocations/{allocation_id}", tags=["allocations"])
PersonId = Annotated[
    str,
    WITH_SLASHES,
    Path(max_length=200, pattern=PLAIN, openapi_examples=one("P0029")),
]


class LetterShown(BaseModel):
    """One decision explained: as typed reasons, and as the text that the applicant reads."""

    explanation: dict[str, Any]
    changes: list[dict[str, Any]]
    text: str


class PersonsLetterShown(LetterShown):
    """One decision explained, and whose it is."""

    person_id: str


@router.get("/explanations", responses=CONFLICT)
def explanations(
    allocation_id: AllocationId,
    caller: OfficeReads,
    installation: Installed,
    page: Paged,
    language: Language = "nb",
) -> Page[PersonsLetterShown]:
    """The decisions at own offerings explained, by offering, person and preference."""
    found = list(_own(installation, allocation_id, caller, language))
    return page.cut([PersonsLetterShown.model_validate(shown) for shown in found])


@router.post("/explanations", status_code=202, responses=ACCEPTED)
def explain_again(
    allocation_id: AllocationId, caller: OfficeOrCoordinator, writing: Writing
) -> Response:
    """Has everybody's decision explained, as a job, where that was cancelled or failed before."""

    def work(session: Session) -> Answered:
        row = find_allocation(session, allocation_id, caller)
        find_round(session, row.round_id)
        refuse_erased(session, row)
        if session.get(ExplanationsRow, row.id) is not None:
            raise ProblemError(
                409, "everybody is explained already", "Maybe read them: GET …/explanations."
            )
        if explaining(session, row.id):
            raise ProblemError(
                409, "the decisions of this allocation are being explained", "Maybe wait a minute."
            )
        request, target = {"allocation": row.id}, f"allocations/{row.id}"
        return accepted(add_job(session, caller, EXPLAINING, request, target))

    return writing.do(caller, allocation_id, work)


@router.get("/explanations/{person_id}", responses=CONFLICT)
async def explanation(
    allocation_id: AllocationId,
    person_id: PersonId,
    caller: OfficeReads,
    installation: Installed,
    language: Language = "nb",
) -> list[LetterShown]:
    """A person's decisions at own offerings: reasons, and what would have changed them."""

    def stored() -> tuple[list[Shown] | None, ResultFolder, list[str]]:
        with installation.store.reading() as session:
            folder = ResultFolder(session, find_allocation(session, allocation_id, caller))
            kept = stored_explanations(session, allocation_id)
        own = own_decisions(folder, own_offerings(caller.scope))
        wished = [row["offering_id"] for row in own if row["person_id"] == person_id]
        if kept is None or not wished:
            return None, folder, wished
        return [s for s in kept.at(wished, language) if s["person_id"] == person_id], folder, wished

    def refuse() -> None:
        with installation.store.reading() as session:
            refuse_erased(session, find_allocation(session, allocation_id, caller))

    found, folder, wished = await run_in_threadpool(stored)
    if not wished:
        raise not_found("such applicant at an offering of yours", "look at …/decisions")
    if found is None:
        try:
            found = await installation.explaining.run(
                _explained, folder, person_id, wished, language
            )
        except AdmissionsError:
            await run_in_threadpool(refuse)
            raise
    return [LetterShown.model_validate(shown) for shown in found]


@router.get(
    "/letters",
    response_class=Response,
    responses={
        200: {"content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}}},
        **CONFLICT,
    },
)
def letters(
    allocation_id: AllocationId,
    caller: OfficeReads,
    installation: Installed,
    language: Language = "nb",
) -> Response:
    """The letters at own offerings as a zip: a file a decision, and which is whose."""
    files: dict[str, str] = {}
    rows: list[tuple[str, str, str]] = []
    for number, shown in enumerate(_own(installation, allocation_id, caller, language), 1):
        name = f"letters/{number:05}.txt"
        files[name] = shown["text"]
        offering = shown["explanation"]["verdict"]["offering"]["id"]
        rows.append((shown["person_id"], offering, name))
    listed = OutputTable("letters", _LISTED, tuple(rows))
    data = packed({**files, "letters.csv": listed.csv_file()})
    named = {"Content-Disposition": f'attachment; filename="{allocation_id}-letters.zip"'}
    return Response(data, media_type="application/zip", headers=named)


def _own(
    installation: Installation, allocation_id: str, caller: Caller, language: Language
) -> Iterator[Shown]:
    """What is stored at the caller's offerings. Raises ProblemError (409) where nothing is."""
    with installation.store.reading() as session:
        find_allocation(session, allocation_id, caller)
        found: Explanations | None = stored_explanations(session, allocation_id)
        awaited = found is None and explaining(session, allocation_id)
    if awaited:
        raise ProblemError(
            409,
            "the decisions of this allocation are being explained",
            "Maybe ask again in a minute, or for one person: …/explanations/{person_id}.",
            headers={"Retry-After": "30"},
        )
    if found is None:
        raise ProblemError(
            409,
            "the decisions of this allocation were not all explained in advance",
            "Maybe have it done: POST …/explanations, or ask for each person: "
            "…/explanations/{person_id}.",
        )
    return found.at(own_offerings(caller.scope), language)


def _explained(
    folder: ResultFolder, person_id: str, wished: list[str], language: Language
) -> list[Shown]:
    return [explain(folder.files, person_id, language, o)[0].table() for o in wished]
