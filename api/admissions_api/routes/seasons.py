"""The year after publication: its beginning, its events, and where it all stands.

An office sees what concerns its own offerings, the coordinator everything.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy.orm import Session

from admissions.model.errors import first_error
from admissions.model.policy import Policy
from admissions.season.season import Season
from admissions.season.standing import Application, silent_after
from admissions.season.states import State
from admissions.season.status import due, status_of
from admissions_api.access import Coordinator, Installed
from admissions_api.answered import Answered, Writing
from admissions_api.clock import today
from admissions_api.jobs.queue import actor_of
from admissions_api.paging import Page, Paged
from admissions_api.problems import CONFLICT, ProblemError
from admissions_api.reads import AuditedReading
from admissions_api.rounds import find_round
from admissions_api.routes.rounds import RoundId
from admissions_api.routes.season_offers import OfferShown, offer_shown
from admissions_api.seasons import (
    begin_season,
    reminded_of,
    season_of,
    season_to_begin,
    seen_by,
    stored_season,
)
from admissions_api.store.engine import ChangedError
from admissions_api.store.tables import AllocationRow, SeasonRow
from admissions_api.tokens import Caller

router = APIRouter(prefix="/v1/rounds/{round_id}", tags=["seasons"])
Reading = Annotated[Caller, Depends(AuditedReading("office", "coordinator"))]


class NewSeason(BaseModel):
    """The day on which the published result was made known [today], and the policy."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{}]})

    on: dt.date | None = Field(
        None, description="An earlier day than today: nothing is carried out by the clock."
    )
    policy: dict[str, Any] | None = Field(
        None, description="As policy.toml; without it: the round's, or the defaults."
    )


class SeasonShown(BaseModel):
    """Where a season stands: its last call, the day of its last event, its policy."""

    round: str
    allocation: str
    call: int
    on: dt.date | None
    by_clock: bool = Field(description="Whether deadlines and reminders are carried out.")
    head: str = Field(description="The hash of the last event.")
    policy: dict[str, Any]


class EventShown(BaseModel):
    """One event, as in `events.csv`."""

    seq: int
    on: dt.date
    by: str
    event: str
    person_id: str
    offering_id: str
    detail: dict[str, Any]
    reason: str
    call: int


class StatusShown(BaseModel):
    """Where the season stands by offering, and whom it concerns today."""

    call: int
    on: dt.date | None
    offerings: dict[str, dict[str, Any]]
    overdue: list[OfferShown] = Field(description="Not answered, and the deadline has passed.")
    due_soon: list[OfferShown] = Field(description="Not answered, and to be reminded.")
    reminded: list[OfferShown] = Field(description="Not answered, and a reminder was due already.")


@router.post("/season", status_code=201, responses={201: {"model": SeasonShown}})
def begin(round_id: RoundId, new: NewSeason, caller: Coordinator, writing: Writing) -> Response:
    """Begins the season: the published result is known, and answers can be entered."""
    policy = None if new.policy is None else _policy(new.policy)

    on = new.on or today()

    def found(session: Session) -> AllocationRow:
        row = find_round(session, round_id)
        if session.get(SeasonRow, round_id) is not None:
            raise ProblemError(
                409, "the season of this round has begun", "Maybe look at GET …/status."
            )
        made = session.get(AllocationRow, row.published) if row.published else None
        if made is None:
            raise ProblemError(
                409, "nothing is published in this round", "Maybe publish an allocation first."
            )
        return made

    def prepare(session: Session) -> tuple[str, Season]:
        made = found(session)
        return made.id, season_to_begin(session, made, policy, on, actor_of(caller))

    def work(session: Session, prepared: tuple[str, Season]) -> Answered:
        made, (of, season) = found(session), prepared
        if made.id != of:
            raise ChangedError
        begin_season(session, made, season, on, actor_of(caller))
        shown = _season_shown(session.get_one(SeasonRow, round_id), season)
        return Answered(201, shown, {"Location": f"/v1/rounds/{round_id}/status"})

    return writing.prepared(caller, new, prepare, work)


@router.get("/events", responses=CONFLICT)
def events(
    round_id: RoundId, caller: Reading, installation: Installed, page: Paged
) -> Page[EventShown]:
    """The events in the order in which they were entered; an office sees its own and the calls."""
    season = stored_season(installation.store, round_id)
    own = seen_by(caller)
    found = [
        EventShown(seq=n, **asdict(event))
        for n, event in enumerate(season.events, start=1)
        if own is None or event.offering_id in own or event.event in ("start", "call")
    ]
    return page.cut(found)


@router.get("/status", responses=CONFLICT)
def status(
    round_id: RoundId,
    caller: Reading,
    installation: Installed,
    on: dt.date | None = None,
) -> StatusShown:
    """Where the season stands at each offering one sees, and what is near a deadline."""
    with installation.store.reading() as session:
        season = season_of(session, round_id)
        reminded = reminded_of(session, round_id)
    day, own = on or today(), seen_by(caller)

    def shown(those: Sequence[Application]) -> list[OfferShown]:
        mine = [one for one in those if own is None or one.offering_id in own]
        return [offer_shown(one, caller) for one in mine]

    every = season.standing.applications.values()
    return StatusShown(
        call=season.standing.call,
        on=season.standing.on,
        offerings={
            name: asdict(one)
            for name, one in status_of(season).items()
            if own is None or name in own
        },
        overdue=shown(list(silent_after(season.standing, day))),
        due_soon=shown(due(season, day, season.policy.reminder_days)),
        reminded=shown(
            [o for o in every if o.state is State.OFFERED and (*o.key, str(o.deadline)) in reminded]
        ),
    )


def _policy(stated: dict[str, Any]) -> Policy:
    try:
        return Policy.model_validate(stated)
    except ValidationError as error:
        said = str(first_error(error))
        raise ProblemError(422, f"policy: {said}", "Maybe look at docs: the policy.") from None


def _season_shown(row: SeasonRow, season: Season) -> SeasonShown:
    return SeasonShown(
        round=row.round_id,
        allocation=row.allocation_id,
        call=season.standing.call,
        on=season.standing.on,
        by_clock=row.by_clock,
        head=season.head,
        policy=row.policy,
    )
