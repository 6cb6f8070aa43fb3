"""Applicants: own wishes, and once the round is published what became of them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from admissions.model.vocabulary import Language
from admissions_api.access import Installed, keep_to_own
from admissions_api.agreement import merged_parts
from admissions_api.allocations import ResultFolder
from admissions_api.examples import one
from admissions_api.explanations import stored_explanations
from admissions_api.problems import CONFLICT, not_found
from admissions_api.reads import ApplicantReads
from admissions_api.rounds import find_round
from admissions_api.routes.rounds import RoundId
from admissions_api.store.tables import AllocationRow, RoundRow
from admissions_api.texts import PLAIN, WITH_SLASHES

router = APIRouter(prefix="/v1/rounds/{round_id}/applicants", tags=["applicants"])
PersonId = Annotated[
    str,
    WITH_SLASHES,
    Path(max_length=200, pattern=PLAIN, openapi_examples=one("P0029")),
]


class WishShown(BaseModel):
    """One wish; what became of it is null until the round is published."""

    offering_id: str
    preference: int
    outcome: str | None = None
    waiting_number: int | None = None
    text: str | None = Field(None, description="The decision explained, as the applicant reads it.")


class ApplicantShown(BaseModel):
    """An applicant's own wishes, most wanted first."""

    person_id: str
    published: bool
    wishes: list[WishShown]


@router.get("/{person_id}", responses=CONFLICT)
def applicant(
    round_id: RoundId,
    person_id: PersonId,
    caller: ApplicantReads,
    installation: Installed,
    language: Language = "nb",
) -> ApplicantShown:
    """Own wishes with their decisions and waiting numbers, and each decision explained."""
    keep_to_own(caller, person_id)
    with installation.store.reading() as session:
        row = find_round(session, round_id)
        if row.published is None:
            wishes = _wished(session, row, person_id)
        else:
            wishes = _decided(session, row.published, person_id, language)
    if not wishes:
        raise not_found("application of yours in this round", "look at GET /v1/rounds")
    wishes.sort(key=lambda wish: wish.preference)
    return ApplicantShown(person_id=person_id, published=row.published is not None, wishes=wishes)


def _wished(session: Session, row: RoundRow, person_id: str) -> list[WishShown]:
    """The person's wishes as the parts, and their own order where there is one, state them."""
    return [
        WishShown(offering_id=stated["offering_id"], preference=int(stated["preference"]))
        for stated in merged_parts(session, row).tables["applications"]
        if stated["person_id"] == person_id
    ]


def _decided(
    session: Session, allocation_id: str, person_id: str, language: Language
) -> list[WishShown]:
    folder = ResultFolder(session, session.get_one(AllocationRow, allocation_id))
    own = [r for r in folder.rows("decisions.csv") if r["person_id"] == person_id]
    kept = stored_explanations(session, allocation_id)
    texts = {
        shown["explanation"]["verdict"]["offering"]["id"]: str(shown["text"])
        for shown in (kept.at([r["offering_id"] for r in own], language) if kept else ())
        if shown["person_id"] == person_id
    }
    return [
        WishShown(
            offering_id=r["offering_id"],
            preference=int(r["preference"]),
            outcome=r["outcome"],
            waiting_number=int(r["waiting_number"]) if r["waiting_number"] else None,
            text=texts.get(r["offering_id"]) or r["explanation"],
        )
        for r in own
    ]
