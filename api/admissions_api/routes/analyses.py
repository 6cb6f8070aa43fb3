"""Analyses: simulations of synthetic people, comparisons of a round; figures, never a person."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import APIRouter, Path
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from admissions.front.opening import resolved
from admissions.model.errors import AdmissionsError
from admissions.model.seeds import LARGEST_SEED
from admissions.model.vocabulary import Language
from admissions_api.access import Analyst, AnalystOrCoordinator, Coordinator, Installed
from admissions_api.answered import Answered, Writing
from admissions_api.examples import answered, one
from admissions_api.installation import Installation
from admissions_api.jobs.queue import add_job
from admissions_api.problems import ProblemError, not_found, refused
from admissions_api.releases import comparisons_asked_for, refuse_another_release
from admissions_api.rounds import find_round
from admissions_api.routes.jobs import ACCEPTED, MOST_DRAWS, accepted
from admissions_api.routes.rounds import Known, known_scenario
from admissions_api.store import get_blob
from admissions_api.store.engine import ChangedError
from admissions_api.store.tables import JobRow, RoundRow
from admissions_api.texts import PLAIN

router = APIRouter(prefix="/v1", tags=["analyses"])
SimulationId = Annotated[
    str, Path(max_length=100, pattern=PLAIN, openapi_examples=one("simulation-1"))
]
ComparisonId = Annotated[
    str, Path(max_length=100, pattern=PLAIN, openapi_examples=one("comparison-1"))
]
Scenarios = Annotated[
    list[Known],
    Field(min_length=2, max_length=10, description="Shipped ones; the first is the reference."),
]
_REPORT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


class NewSimulation(BaseModel):
    """How many synthetic rounds to draw, and under which scenarios to decide each."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"scenarios": ["current-2019", "harmonised-2023"], "draws": 20, "seed": 1}]
        },
    )

    scenarios: list[Known] = Field(
        min_length=1, max_length=10, description="Shipped ones; the first is the reference."
    )
    own: dict[str, Any] | None = Field(
        None, description="One more, the last: a table as in a scenario's file; it extends one."
    )
    draws: int = Field(ge=1, le=MOST_DRAWS)
    seed: int = Field(0, ge=0, le=LARGEST_SEED)


class NewComparison(BaseModel):
    """Which round to hold under which scenarios."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"round": "2019", "scenarios": ["current-2019", "harmonised-2023"]}]
        },
    )

    round: Known
    scenarios: Scenarios
    language: Language = "nb"


def _refuse_unknown(names: list[str]) -> None:
    for name in names:
        known_scenario(name)
    if len(set(names)) < len(names):
        raise ProblemError(422, "a scenario is named twice", "Maybe name each once.")


def _refuse_own(asked: NewSimulation) -> None:
    """Raises ProblemError (422) where there are not two scenarios, or the own one is none."""
    if asked.own is None:
        if len(asked.scenarios) == 1:
            raise ProblemError(422, "one scenario alone", "Maybe name another beside it.")
        return
    known_scenario(str(asked.own.get("extends")))
    try:
        resolved(asked.own)
    except AdmissionsError as error:
        raise refused(error) from None


@router.post("/simulations", status_code=202, responses=ACCEPTED)
def simulate(asked: NewSimulation, caller: Analyst, writing: Writing) -> Response:
    """Draws synthetic rounds and decides each under every scenario, as a job."""
    _refuse_unknown(asked.scenarios)
    _refuse_own(asked)

    def work(session: Session) -> Answered:
        request = asked.model_dump(exclude_none=True)
        return accepted(add_job(session, caller, "simulation", request, "simulations"))

    return writing.do(caller, asked, work)


@router.post("/comparisons", status_code=202, responses=ACCEPTED)
def compare(asked: NewComparison, caller: Coordinator, writing: Writing) -> Response:
    """Holds a closed round under several scenarios, small cells hidden, as a job.

    One a round and its corrections, a round of nearly the same people being one of these: what one
    comparison hides, the difference to another tells. In another language it can be had again. It
    reckons with what was published of the round before (`…/published`).
    """
    _refuse_unknown(asked.scenarios)

    def closed(session: Session) -> tuple[RoundRow, list[str]]:
        row = find_round(session, asked.round)
        if row.state == "open":
            raise ProblemError(409, "the round is open", "Maybe wait until it is closed.")
        return row, [str(row.closed_at), *comparisons_asked_for(session)]

    def prepare(session: Session) -> list[str]:
        row, held_against = closed(session)
        refuse_another_release(session, row, asked.scenarios)
        return held_against

    def work(session: Session, held_against: list[str]) -> Answered:
        row, now = closed(session)
        if now != held_against:
            raise ChangedError
        request = {**asked.model_dump(), "closed_at": row.closed_at}
        return accepted(add_job(session, caller, "comparison", request, f"rounds/{row.id}"))

    return writing.prepared(caller, asked, prepare, work)


def _found(installation: Installation, analysis_id: str, kind: str) -> dict[str, Any]:
    with installation.store.reading() as session:
        row = session.get(JobRow, analysis_id)
        if row is None or row.kind != kind or row.result is None:
            raise not_found(f"such {kind}", "look at GET /v1/jobs")
        found: dict[str, Any] = json.loads(get_blob(session, row.result))
        return found


@router.get(
    "/simulations/{simulation_id}",
    responses=answered({"draws": 20, "tables": {"measures": [{"measure": "met", "mean": "271"}]}}),
)
def simulation(
    simulation_id: SimulationId, caller: Analyst, installation: Installed
) -> dict[str, Any]:
    """A simulation: what its numbers follow from, and its tables with mean and 5-95 %."""
    return _found(installation, simulation_id, "simulation")


@router.get(
    "/comparisons/{comparison_id}",
    responses=answered({"round": "2019", "public": True, "tables": {"sector": []}}),
)
def comparison(
    comparison_id: ComparisonId, caller: AnalystOrCoordinator, installation: Installed
) -> dict[str, Any]:
    """A comparison's tables; a hidden count is told by the sign that `hidden` names."""
    found = _found(installation, comparison_id, "comparison")
    return {name: value for name, value in found.items() if name != "report"}


@router.get("/comparisons/{comparison_id}/report", response_class=HTMLResponse)
def report(
    comparison_id: ComparisonId, caller: AnalystOrCoordinator, installation: Installed
) -> HTMLResponse:
    """A comparison's report: one page that opens offline."""
    page = _found(installation, comparison_id, "comparison")["report"]
    return HTMLResponse(page, headers={"Content-Security-Policy": _REPORT_POLICY})
