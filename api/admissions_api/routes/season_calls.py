"""The calls of a season: the coordinator makes them, an office sees its own offers in them."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Path
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from admissions.season.season import Season
from admissions_api.access import Coordinator, Installed
from admissions_api.answered import Answered, Writing
from admissions_api.clock import today
from admissions_api.examples import one as example
from admissions_api.jobs.queue import add_job
from admissions_api.paging import Page, Paged
from admissions_api.problems import CONFLICT, not_found
from admissions_api.routes.jobs import ACCEPTED, accepted
from admissions_api.routes.rounds import RoundId
from admissions_api.routes.seasons import Reading
from admissions_api.seasons import chains_of, find_season, seen_by, stored_season
from admissions_api.store.season_rows import season_target
from admissions_api.tokens import Caller

router = APIRouter(prefix="/v1/rounds/{round_id}", tags=["seasons"])


class NewCall(BaseModel):
    """The next call: its day [today]; a dry run tells and stores nothing."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"dry_run": False}]})

    on: dt.date | None = None
    dry_run: bool = False


class CallShown(BaseModel):
    """A call: how many offers it made, those at offerings one sees, and what was kept."""

    call: int
    on: dt.date
    offers: list[dict[str, Any]]
    sha256: str | None = Field(None, description="SHA-256 of the call's folder; call 1: null.")
    chains: list[dict[str, Any]] = Field(
        default_factory=list, description="As `chains.csv`; of one call, for the coordinator."
    )


@router.post("/calls", status_code=202, responses=ACCEPTED)
def call(round_id: RoundId, asked: NewCall, caller: Coordinator, writing: Writing) -> Response:
    """Makes the next call of all offerings together, or tries it, as a job."""

    def work(session: Session) -> Answered:
        find_season(session, round_id)
        request = {
            "round": round_id,
            "on": (asked.on or today()).isoformat(),
            "dry_run": asked.dry_run,
        }
        return accepted(add_job(session, caller, "call", request, season_target(round_id)))

    return writing.do(caller, asked, work)


@router.get("/calls", responses=CONFLICT)
def calls(
    round_id: RoundId, caller: Reading, installation: Installed, page: Paged
) -> Page[CallShown]:
    """The calls after the first decision, the last first; an office sees its own offers in them."""
    season = stored_season(installation.store, round_id)
    made = [event for event in season.events if event.event == "call"]
    return page.cut([_call_shown(season, caller, e.call, e.on) for e in reversed(made)])


@router.get("/calls/{call_number}", responses=CONFLICT)
def one_call(
    round_id: RoundId,
    call_number: Annotated[int, Path(ge=2, le=100_000, openapi_examples=example(2))],
    caller: Reading,
    installation: Installed,
) -> CallShown:
    """One call, with what it offered at the offerings that one sees."""
    season = stored_season(installation.store, round_id)
    for event in season.events:
        if event.event == "call" and event.call == call_number:
            shown = _call_shown(season, caller, call_number, event.on)
            if caller.role != "coordinator":
                return shown
            with installation.store.reading() as session:
                steps = chains_of(session, round_id, call_number)
            return shown.model_copy(update={"chains": [asdict(step) for step in steps]})
    raise not_found("such call", "look at GET …/calls")


def _call_shown(season: Season, caller: Caller, number: int, on: dt.date) -> CallShown:
    own = seen_by(caller)
    made = [o for o in season.offers[number] if own is None or o.offering_id in own]
    return CallShown(
        call=number, on=on, offers=[asdict(o) for o in made], sha256=season.certificates[number]
    )
