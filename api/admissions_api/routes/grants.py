"""Grants to employers, worked out of the offers that a season's applicants hold now."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, Field

from admissions.grants.rulebook import DEFAULT, load_grants, rulebook_ids
from admissions.model.vocabulary import Language
from admissions.report.cells import offering_names
from admissions.report.grants import letter, ordered
from admissions.report.words import Words
from admissions.results.grants import MadeGrants, made_grants
from admissions.season.season import Season
from admissions_api.access import Installed
from admissions_api.examples import one
from admissions_api.paging import Page, Paged
from admissions_api.problems import CONFLICT, not_found
from admissions_api.reads import AuditedReading
from admissions_api.rounds import find_round
from admissions_api.routes.rounds import RoundId
from admissions_api.seasons import find_season, read_season, seen_by
from admissions_api.texts import PLAIN
from admissions_api.tokens import Caller

router = APIRouter(prefix="/v1/rounds/{round_id}/grants", tags=["seasons"])
Reading = Annotated[Caller, Depends(AuditedReading("office", "coordinator"))]
Rulebook = Annotated[str, Query(max_length=100, pattern=PLAIN, openapi_examples=one(DEFAULT))]


class GrantShown(BaseModel):
    """What one employer's request has come to, and what a letter says of it."""

    person_id: str
    offering_id: str
    outcome: str = Field(description="granted, refused, withdrawn, or next: no money is left.")
    refusal: str | None = Field(
        description="no-seat, not-employed, not-prioritised or already-granted."
    )
    amount: int = Field(description="NOK.")
    number: int = Field(description="1 = the next when money is freed; 0 for others.")
    call: int = Field(description="In which call it was granted or given up; 0 where neither.")
    text: str


class BudgetShown(BaseModel):
    """The whole of a year's grants: NOK, and how many requests came to what."""

    rulebook: str
    budget: int
    granted: int
    left: int
    counts: dict[str, int]


@router.get("", responses=CONFLICT)
async def grants(
    round_id: RoundId,
    caller: Reading,
    installation: Installed,
    page: Paged,
    rulebook: Rulebook = DEFAULT,
    language: Language = "nb",
) -> Page[GrantShown]:
    """Every request by person and offering; an office sees those for its own offerings.

    Each employer asks for the most allowed: for every seat that the person was offered, and where
    there was none for the first wish.
    """
    made = await _made(installation, round_id, rulebook)
    own = seen_by(caller)
    names = offering_names(made.season.resolved, Words(language))
    return page.cut(
        [
            GrantShown(
                person_id=grant.request.person_id,
                offering_id=grant.request.offering_id,
                outcome=grant.outcome.value,
                refusal=grant.refusal.value if grant.refusal else None,
                amount=grant.amount,
                number=grant.number,
                call=grant.call,
                text=letter(grant, made.book, names[grant.request.offering_id], language),
            )
            for grant in ordered(made.book)
            if own is None or grant.request.offering_id in own
        ]
    )


@router.get("/budget", responses=CONFLICT)
async def budget(
    round_id: RoundId,
    caller: Annotated[Caller, Depends(AuditedReading("coordinator"))],
    installation: Installed,
    rulebook: Rulebook = DEFAULT,
) -> BudgetShown:
    """How far the money goes, over all offerings."""
    table: Any = (await _made(installation, round_id, rulebook)).table()
    return BudgetShown.model_validate({n: table[n] for n in BudgetShown.model_fields})


async def _made(installation: Installed, round_id: str, rulebook: str) -> MadeGrants:
    """The grants of the season as it stands. Raises ProblemError for no season, or no rulebook."""
    if rulebook not in rulebook_ids():
        raise not_found("such grants rulebook", f"use one of: {', '.join(rulebook_ids())}")

    def stored() -> Season:
        with installation.store.reading() as session:
            find_round(session, round_id)
            return read_season(session, find_season(session, round_id))

    season = await run_in_threadpool(stored)
    return await installation.explaining.run(made_grants, season, load_grants(rulebook), None)
