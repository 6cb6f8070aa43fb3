"""Applicants: own wishes, own facts, and once the round is published what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Path
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from admissions.model.messages import message
from admissions.model.vocabulary import Language
from admissions_api.access import Allowed, Installed, keep_to_own
from admissions_api.agreement import (
    AgreedRound,
    keep_agreement,
    merged_parts,
    refuse_changed,
    stated_in,
    worked_out,
)
from admissions_api.allocations import ResultFolder
from admissions_api.answered import Answered, Writing
from admissions_api.beside import audit_stated, store_wishes, wishes_of
from admissions_api.examples import one
from admissions_api.explanations import stored_explanations
from admissions_api.institutions import institution_of
from admissions_api.jobs.queue import actor_of
from admissions_api.problems import CONFLICT, ProblemError, not_found
from admissions_api.reads import ApplicantReads
from admissions_api.rounds import find_round, refuse_after_deadline
from admissions_api.routes.rounds import RoundId
from admissions_api.store.tables import AllocationRow, RoundRow
from admissions_api.texts import PLAIN, WITH_SLASHES
from admissions_api.tokens import Caller

_OF_A_WISH = ("person_id", "offering_id", "preference")
Ordered = tuple[list[dict[str, str]], AgreedRound]
"""All wishes of the round with one person's in another order, and what then agrees."""
OwnOrder = Annotated[Caller, Depends(Allowed("applicant"))]
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


class FactShown(BaseModel):
    """One fact as an office states it: a column of applicants.csv or applications.csv."""

    name: str
    value: str
    offering_id: str | None = Field(None, description="Where it was assessed for this one alone.")


class ApplicantShown(BaseModel):
    """An applicant's own wishes, most wanted first, and what is stated of them."""

    person_id: str
    published: bool
    wishes: list[WishShown]
    facts: list[FactShown] = Field(default_factory=list)
    institutions: list[str] = Field(default_factory=list, description="Whose offices state them.")


class NewOrder(BaseModel):
    """All of one's own wishes, the most wanted first."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"offering_ids": ["uis-juss"]}]},
    )

    offering_ids: list[Annotated[str, Field(max_length=100, pattern=PLAIN)]] = Field(
        min_length=1, max_length=100
    )


@router.get("/{person_id}", responses=CONFLICT)
def applicant(
    round_id: RoundId,
    person_id: PersonId,
    caller: ApplicantReads,
    installation: Installed,
    language: Language = "nb",
) -> ApplicantShown:
    """Own wishes with their decisions and waiting numbers, each explained, and own facts."""
    keep_to_own(caller, person_id)
    with installation.store.reading() as session:
        row = find_round(session, round_id)
        stated = merged_parts(session, row).tables
        own = [r for r in stated["applications"] if r["person_id"] == person_id]
        if row.published is None:
            wishes = [_wished(r) for r in own]
        else:
            wishes = _decided(session, row.published, person_id, language)
    if not wishes:
        raise _none()
    wishes.sort(key=lambda wish: wish.preference)
    return ApplicantShown(
        person_id=person_id,
        published=row.published is not None,
        wishes=wishes,
        facts=[
            *(f for r in stated["applicants"] if r["person_id"] == person_id for f in _facts(r)),
            *(f for r in own for f in _facts(r, r["offering_id"])),
        ],
        institutions=sorted({institution_of(wish.offering_id) for wish in wishes}),
    )


@router.put("/{person_id}/wishes", responses={200: {"model": ApplicantShown}})
def order(
    round_id: RoundId, person_id: PersonId, said: NewOrder, caller: OwnOrder, writing: Writing
) -> Response:
    """Puts one's own wishes into another order, until the deadline; what is wished for stays."""
    keep_to_own(caller, person_id)

    def wishes_then(session: Session, row: RoundRow) -> list[dict[str, str]]:
        refuse_after_deadline(row)
        _refuse_other_wishes(session, row, person_id, said.offering_ids)
        kept = [r for r in wishes_of(session, row.id) or () if r["person_id"] != person_id]
        new = [
            dict(zip(_OF_A_WISH, (person_id, offering, str(number)), strict=True))
            for number, offering in enumerate(said.offering_ids, 1)
        ]
        return sorted([*kept, *new], key=_by_person)

    def prepare(session: Session) -> Ordered:
        row = find_round(session, round_id)
        wishes = wishes_then(session, row)
        return wishes, worked_out(replace(stated_in(session, row), wishes=wishes))

    def work(session: Session, ordered: Ordered) -> Answered:
        wishes, agreement = ordered
        row = find_round(session, round_id)
        refuse_after_deadline(row)
        refuse_changed(session, row, agreement)
        audit_stated(session, store_wishes(session, row.id, wishes), actor_of(caller))
        keep_agreement(session, row, agreement)
        shown = [WishShown(offering_id=o, preference=n) for n, o in enumerate(said.offering_ids, 1)]
        return Answered(200, ApplicantShown(person_id=person_id, published=False, wishes=shown))

    return writing.prepared(caller, said, prepare, work)


def _refuse_other_wishes(
    session: Session, row: RoundRow, person_id: str, offerings: Sequence[str]
) -> None:
    """Raises ProblemError for an order that is not of exactly what the person has applied for."""
    own = [
        r["offering_id"]
        for r in merged_parts(session, row).tables["applications"]
        if r["person_id"] == person_id
    ]
    if not own:
        raise _none()
    if sorted(own) != sorted(offerings):
        raise ProblemError(422, message("problems.not-own-wishes"))


def _by_person(wish: dict[str, str]) -> tuple[str, int]:
    return wish["person_id"], int(wish["preference"])


def _none() -> ProblemError:
    return not_found("application of yours in this round", "look at GET /v1/rounds")


def _wished(stated: dict[str, str]) -> WishShown:
    """A wish as the parts, and the person's own order where there is one, state it."""
    return WishShown(offering_id=stated["offering_id"], preference=int(stated["preference"]))


def _facts(stated: dict[str, str], offering: str | None = None) -> list[FactShown]:
    """What a row states, but whose it is and what it wishes."""
    return [
        FactShown(name=name, value=value, offering_id=offering)
        for name, value in stated.items()
        if value and name not in _OF_A_WISH
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
