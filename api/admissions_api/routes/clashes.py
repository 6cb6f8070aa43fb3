"""Clashes: where parts must agree and do not, and whose word the coordinator takes."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from admissions_api.access import Coordinator, Installed
from admissions_api.agreement import (
    AgreedRound,
    keep_agreement,
    refuse_changed,
    stated_in,
    worked_out,
)
from admissions_api.answered import Answered, Writing
from admissions_api.clashes import choices_of, page_of_clashes, person_of, service_of
from admissions_api.examples import one
from admissions_api.jobs.queue import actor_of
from admissions_api.paging import Page, Paged
from admissions_api.problems import ProblemError, not_found
from admissions_api.rounds import find_round, refuse_unless_open
from admissions_api.routes.reasons import Reason
from admissions_api.routes.rounds import RoundId
from admissions_api.store.agreed_tables import ClashRow
from admissions_api.store.audit import append
from admissions_api.store.tables import RoundRow
from admissions_api.texts import PLAIN

router = APIRouter(prefix="/v1/rounds/{round_id}/clashes", tags=["parts"])
Number = Annotated[int, Path(ge=1, le=2**31 - 1, openapi_examples=one(1))]


class ClashShown(BaseModel):
    """One clash: about whom or what, in which field, between whom; no value of either."""

    number: int
    person: str | None
    service: str | None = Field(description="Where it is about a service.")
    offering: str | None = Field(description="Where it is about one application.")
    field: str
    institutions: list[str] = Field(description="`register` and `wishes` are the coordinator's.")
    choices: list[str] = Field(description="Whose word can be taken; none: it must be corrected.")
    since: str
    taken: str | None = Field(description="Whose word is taken; null while it is not settled.")
    reason: str | None


class Settling(BaseModel):
    """Whose word to take, and why; it holds until one of them says something else."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"take": "vid", "reason": "seen the employer's letter"}]},
    )

    take: str = Field(max_length=100, pattern=PLAIN)
    reason: Reason


def _shown(row: ClashRow) -> ClashShown:
    return ClashShown(
        number=row.number,
        person=person_of(row) or None,
        service=service_of(row) or None,
        offering=row.key[1] if person_of(row) and len(row.key) > 1 else None,
        field=row.column,
        institutions=list(row.between),
        choices=choices_of(row),
        since=row.at,
        taken=row.taken,
        reason=row.reason,
    )


@router.get("")
def clashes(
    round_id: RoundId, caller: Coordinator, installation: Installed, page: Paged
) -> Page[ClashShown]:
    """What clashes between the parts, the register and the wishes, settled ones included."""
    with installation.store.reading() as session:
        find_round(session, round_id)
        rows, total = page_of_clashes(session, round_id, page.offset, page.limit)
        return page.of([_shown(row) for row in rows], total)


@router.post("/{number}/settle", responses={200: {"model": ClashShown}})
def settle(
    round_id: RoundId, number: Number, said: Settling, caller: Coordinator, writing: Writing
) -> Response:
    """Settles a clash: from now on the word of one counts, until one of them changes theirs."""

    def found(session: Session) -> tuple[RoundRow, ClashRow]:
        row = find_round(session, round_id)
        refuse_unless_open(row)
        clash = session.get(ClashRow, (round_id, number))
        if clash is None or clash.ended_at is not None:
            raise not_found("such clash", "look at GET …/clashes")
        if said.take not in choices_of(clash):
            raise ProblemError(422, f"{said.take!r} cannot be taken here", _advice(clash))
        return row, clash

    def prepare(session: Session) -> AgreedRound:
        row, clash = found(session)
        stands = stated_in(session, row)
        taken = {**stands.chosen, clash.fingerprint: said.take}
        return worked_out(replace(stands, chosen=taken))

    def work(session: Session, agreement: AgreedRound) -> Answered:
        row, clash = found(session)
        refuse_changed(session, row, agreement)
        clash.taken, clash.reason = said.take, said.reason
        session.flush()
        append(
            session,
            actor_of(caller),
            "clash.settled",
            f"rounds/{row.id}/clashes/{number}",
            field=clash.column,
            take=said.take,
            reason=said.reason,
        )
        keep_agreement(session, row, agreement)
        return Answered(200, _shown(clash))

    return writing.prepared(caller, said, prepare, work)


def _advice(clash: ClashRow) -> str:
    choices = choices_of(clash)
    if choices:
        return f"Maybe one of: {', '.join(choices)}."
    return f"Maybe put what is missing into the register, or ask {', '.join(clash.between)}."
