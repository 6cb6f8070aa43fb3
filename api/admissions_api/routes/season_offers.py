"""Applications as they stand in a season: an office sees its own, an applicant theirs.

A leader sees the states of own staff and nothing else of them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query
from pydantic import BaseModel

from admissions.model.vocabulary import Language
from admissions.season.history import histories
from admissions.season.history_words import happening_line, offering_titles, standing_sentence
from admissions.season.season import Season
from admissions.season.standing import Application
from admissions.season.states import State
from admissions_api.access import Installed, keep_to_own
from admissions_api.examples import one as example
from admissions_api.paging import Page, Paged
from admissions_api.problems import CONFLICT, not_found
from admissions_api.reads import AuditedReading
from admissions_api.routes.rounds import RoundId
from admissions_api.seasons import seen_by, stored_season
from admissions_api.texts import PLAIN, WITH_SLASHES
from admissions_api.tokens import Caller

router = APIRouter(prefix="/v1/rounds/{round_id}", tags=["seasons"])
Seeing = Annotated[Caller, Depends(AuditedReading("office", "coordinator", "leader", "applicant"))]
PersonId = Annotated[
    str, WITH_SLASHES, Path(max_length=200, pattern=PLAIN, openapi_examples=example("P0029"))
]


class OfferShown(BaseModel):
    """One application as it stands. A leader sees the state alone."""

    person_id: str
    offering_id: str
    state: str
    preference: int | None = None
    deadline: dt.date | None = None
    waiting_number: int | None = None


class RulesShown(BaseModel):
    """What of the season's policy decides what an answer means, or none."""

    waiting_needs_yes: bool
    better_offer: str
    silence: str


class HistoryShown(OfferShown):
    """One application with its year: a sentence of where it stands, and of each happening."""

    rules: RulesShown
    sentence: str
    happenings: list[dict[str, Any]]


@router.get("/offers", responses=CONFLICT)
def offers(
    round_id: RoundId,
    caller: Seeing,
    installation: Installed,
    page: Paged,
    offering: Annotated[str | None, Query(max_length=200, pattern=PLAIN)] = None,
    state: State | None = None,
) -> Page[OfferShown]:
    """Applications as they stand, by person and preference: one's own offerings', staff's or all.

    A leader sees the states of own staff and nothing else of them.
    """
    season = stored_season(installation.store, round_id)
    found = [
        offer_shown(one, caller)
        for one in _seen(season, caller)
        if offering in (None, one.offering_id) and state in (None, one.state)
    ]
    return page.cut(found)


@router.get("/offers/{person_id}", responses=CONFLICT)
def history(
    round_id: RoundId,
    person_id: PersonId,
    caller: Annotated[Caller, Depends(AuditedReading("office", "coordinator", "applicant"))],
    installation: Installed,
    language: Language = "nb",
) -> list[HistoryShown]:
    """A person's applications that the caller may see, and what has happened to each."""
    if caller.role == "applicant":
        keep_to_own(caller, person_id)
    season = stored_season(installation.store, round_id)
    own = [one.key for one in _seen(season, caller) if one.person_id == person_id]
    if not own:
        raise not_found("such applicant at an offering of yours", "look at GET …/offers")
    every, titles = histories(season), offering_titles(season.resolved, language)
    rules = RulesShown.model_validate(season.policy, from_attributes=True)
    return [
        HistoryShown(
            **offer_shown(every[key].application, caller).model_dump(),
            rules=rules,
            sentence=standing_sentence(every[key].application, titles, language),
            happenings=[
                {
                    "on": one.on,
                    "call": one.call,
                    "is": type(one.reason).__name__,
                    "reason": asdict(one.reason),
                    "text": happening_line(one, titles, language),
                }
                for one in every[key].happenings
            ],
        )
        for key in own
    ]


def _seen(season: Season, caller: Caller) -> Iterator[Application]:
    """The applications that the caller may see, by person and preference."""
    standing, own = season.standing, seen_by(caller)
    staff: Collection[str] | None = None
    if caller.role == "leader":
        applicants = season.round_now.applicants
        staff = set(applicants.loc[applicants["service_id"] == caller.scope, "person_id"])
    elif caller.role == "applicant":
        staff = {caller.scope}
    for person in standing.persons:
        if staff is not None and person not in staff:
            continue
        for one in standing.of(person):
            if own is None or one.offering_id in own:
                yield one


def offer_shown(one: Application, caller: Caller) -> OfferShown:
    """One application as the caller may see it."""
    shown = OfferShown(person_id=one.person_id, offering_id=one.offering_id, state=one.state.value)
    if caller.role == "leader":
        return shown
    return shown.model_copy(
        update={
            "preference": one.preference,
            "deadline": one.deadline,
            "waiting_number": one.waiting_number or None,
        }
    )
