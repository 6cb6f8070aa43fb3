"""Letters as PDF: an office makes those of its own decisions, looks, releases; applicants read.

What they say is the office's own: another institution's decisions are not in them.
"""

from __future__ import annotations

import hashlib
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from admissions_api.access import Installed, Office, keep_to_own
from admissions_api.answered import Answered, Writing
from admissions_api.clock import stamp
from admissions_api.examples import one
from admissions_api.jobs.queue import actor_of
from admissions_api.letters import (
    ask_for_letters,
    checked_beside,
    find_letters,
    letters_file,
    letters_in,
    letters_seen,
    own_people,
    published_of,
)
from admissions_api.paging import Page, Paged
from admissions_api.problems import CONFLICT, ProblemError, not_found
from admissions_api.reads import AuditedReading, OfficeReads
from admissions_api.rounds import find_round
from admissions_api.routes.jobs import ACCEPTED, accepted
from admissions_api.routes.rounds import RoundId
from admissions_api.routes.uploaded import Uploaded, upload_of
from admissions_api.seasons import events_of
from admissions_api.store import get_blob
from admissions_api.store.audit import append
from admissions_api.store.letter_tables import LetterRow, LettersRow
from admissions_api.store.tables import SeasonRow
from admissions_api.texts import PLAIN, WITH_SLASHES
from admissions_api.tokens import Caller
from admissions_api.uploads import CSV, MEDIA_TYPES, UPLOAD_BYTES

router = APIRouter(prefix="/v1/rounds/{round_id}/letters", tags=["letters"])
OfficeOrApplicant = Annotated[Caller, Depends(AuditedReading("office", "applicant"))]
LettersId = Annotated[str, Path(max_length=100, pattern=PLAIN, openapi_examples=one("letters-1"))]
PersonId = Annotated[
    str, WITH_SLASHES, Path(max_length=200, pattern=PLAIN, openapi_examples=one("P0029"))
]
_PDF = "application/pdf"


def _file(kind: str) -> dict[int | str, dict[str, Any]]:
    return {200: {"content": {kind: {"schema": {"type": "string", "format": "binary"}}}}}


class LettersShown(BaseModel):
    """Letters that are made: an institution's, of the published decisions or of a later call.

    Of whom they are for an applicant sees nothing, so no counts.
    """

    id: str
    institution: str
    allocation: str
    call: int = Field(description="The last call that they tell of; 1 is the published decision.")
    changed_alone: bool
    letters: int | None
    without_address: int | None
    made_at: str
    released_at: str | None
    current: bool = Field(description="Whether nothing was entered in the season since.")


class LetterListed(BaseModel):
    """One letter, as in `dispatch.csv`."""

    person_id: str
    file: str
    sha256: str
    language: str
    state: str


@router.post(
    "",
    status_code=202,
    responses=ACCEPTED,
    openapi_extra=upload_of(
        "Contacts (CSV or .xlsx); or a zip of contacts, template.toml and its logo. It may be "
        "empty.",
        (*MEDIA_TYPES, CSV),
        required=False,
    ),
    max_body_size=UPLOAD_BYTES,
)
async def make(
    round_id: RoundId,
    caller: Office,
    installation: Installed,
    writing: Writing,
    data: Uploaded,
    changed_alone: Annotated[
        bool, Query(description="For those alone whom the season's last call changed something.")
    ] = False,
) -> Response:
    """Makes the letters of own decisions, as a job. What was made before and not released goes.

    Names and addresses are forgotten when they stand in the letters. Every error in the contacts
    or the template comes back at once; then nothing is made.
    """
    said = f"{changed_alone} {hashlib.sha256(data).hexdigest()}"

    def people() -> tuple[Response | None, list[str]]:
        earlier = writing.earlier(caller, said)
        if earlier is not None:
            return earlier, []
        with installation.store.reading() as session:
            made = published_of(session, find_round(session, round_id))
            return None, own_people(session, made, caller.scope)

    earlier, known = await run_in_threadpool(people)
    if earlier is not None:
        return earlier
    beside = await installation.readers.run(checked_beside, data, known, installation.settings)

    def work(session: Session) -> Answered:
        row = find_round(session, round_id)
        return accepted(ask_for_letters(session, caller, row, beside, changed_alone=changed_alone))

    return await run_in_threadpool(writing.do, caller, said, work)


@router.get("")
def letters(
    round_id: RoundId, caller: OfficeOrApplicant, installation: Installed, page: Paged
) -> Page[LettersShown]:
    """The letters that are made, the last first: one's own, or released ones to oneself."""
    with installation.store.reading() as session:
        row = find_round(session, round_id)
        found = letters_seen(session, row, caller)
        return page.cut([_shown(session, one_row, caller) for one_row in found])


@router.get("/{letters_id}")
def listed(
    round_id: RoundId,
    letters_id: LettersId,
    caller: OfficeReads,
    installation: Installed,
    page: Paged,
) -> Page[LetterListed]:
    """Whom the letters are for, in which language, and the state that each begins with."""
    with installation.store.reading() as session:
        row = find_letters(session, find_round(session, round_id), letters_id, caller)
        found = [
            LetterListed(
                person_id=letter.person_id,
                file=letter.file,
                sha256=letter.sha256,
                language=letter.language,
                state=letter.state,
            )
            for letter in letters_in(session, row)
        ]
        return page.cut(found)


@router.get("/{letters_id}/file", response_class=Response, responses=_file("application/zip"))
def file(
    round_id: RoundId, letters_id: LettersId, caller: OfficeReads, installation: Installed
) -> Response:
    """All as a zip: a PDF a person, one to print, `dispatch.csv` and `arkivmelding.xml`."""
    with installation.store.reading() as session:
        row = find_letters(session, find_round(session, round_id), letters_id, caller)
        data = letters_file(session, row)
    named = {"Content-Disposition": f'attachment; filename="{letters_id}.zip"'}
    return Response(data, media_type="application/zip", headers=named)


@router.get("/{letters_id}/persons/{person_id}", response_class=Response, responses=_file(_PDF))
def letter(
    round_id: RoundId,
    letters_id: LettersId,
    person_id: PersonId,
    caller: OfficeOrApplicant,
    installation: Installed,
) -> Response:
    """One person's letter as PDF: for the office to look at first, for the person once released."""
    if caller.role == "applicant":
        keep_to_own(caller, person_id)
    with installation.store.reading() as session:
        row = find_letters(session, find_round(session, round_id), letters_id, caller)
        found = session.get(LetterRow, (row.id, person_id))
        if found is None:
            raise not_found("letter to this person", "look at GET …/letters/{letters_id}")
        data = get_blob(session, found.pdf)
    named = {"Content-Disposition": f'inline; filename="{letters_id}.pdf"'}
    return Response(data, media_type=_PDF, headers=named)


@router.post("/{letters_id}/release", responses={200: {"model": LettersShown}, **CONFLICT})
def release(round_id: RoundId, letters_id: LettersId, caller: Office, writing: Writing) -> Response:
    """Releases the letters: from now on each person can read their own. Twice is once."""

    def work(session: Session) -> Answered:
        round_row = find_round(session, round_id)
        row = find_letters(session, round_row, letters_id, caller)
        if row.allocation_id != round_row.published:
            raise ProblemError(
                409,
                "the decisions that these letters tell of are no longer the published ones",
                "Maybe make them anew: POST …/letters.",
            )
        if row.released_at is None:
            row.released_at = stamp()
            target = f"rounds/{round_id}/letters/{row.id}"
            append(session, actor_of(caller), "letters.released", target, sha256=row.papers)
        return Answered(200, _shown(session, row, caller))

    return writing.do(caller, letters_id, work)


def _shown(session: Session, row: LettersRow, caller: Caller) -> LettersShown:
    begun = session.get(SeasonRow, row.round_id)
    events = len(events_of(session, row.round_id)) if begun is not None else 0
    office = caller.role == "office"
    return LettersShown(
        id=row.id,
        institution=row.institution,
        allocation=row.allocation_id,
        call=row.call,
        changed_alone=row.changed_alone,
        letters=row.count if office else None,
        without_address=row.without_address if office else None,
        made_at=row.made_at or "",
        released_at=row.released_at,
        current=row.events == events,
    )
