"""Cut-offs: made beforehand by the coordinator, published to all."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from admissions.model.seeds import LARGEST_SEED
from admissions.preview.keys import base_scenario
from admissions_api.access import Anyone, Coordinator, Installed
from admissions_api.answered import Answered, Writing
from admissions_api.jobs.queue import add_job
from admissions_api.previews import published_or_refuse
from admissions_api.problems import CONFLICT
from admissions_api.rounds import find_round, refuse_to_remake_cut_offs, resolved_for
from admissions_api.routes.jobs import ACCEPTED, MOST_DRAWS, accepted
from admissions_api.routes.rounds import Known, RoundId, known_scenario

router = APIRouter(prefix="/v1/rounds/{round_id}/cut-offs", tags=["cut-offs"])


class NewCutOffs(BaseModel):
    """From how many draws, and by which scenario (the round's own by default)."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"draws": 100, "seed": 1}]}
    )

    scenario: Known | None = None
    draws: int = Field(1000, ge=1, le=MOST_DRAWS)
    seed: int = Field(0, ge=0, le=LARGEST_SEED)


class OfferingCutOff(BaseModel):
    """The last admitted's points as the site writes them; null where nobody was turned away.

    The sign ``:`` where fewer than five of the last admitted's sector are admitted.
    """

    seats: int
    points: str | None


class CutOffsShown(BaseModel):
    """The published cut-offs of a round, by offering."""

    version: int
    scenario: str
    draws: int
    offerings: dict[str, OfferingCutOff]


@router.post("", status_code=202, responses=ACCEPTED)
def make(round_id: RoundId, asked: NewCutOffs, caller: Coordinator, writing: Writing) -> Response:
    """Makes and publishes cut-offs from the round as it stands and as it is drawn, as a job."""
    if asked.scenario is not None:
        known_scenario(asked.scenario)

    def work(session: Session) -> Answered:
        row = find_round(session, round_id)
        refuse_to_remake_cut_offs(row)
        scenario = asked.scenario or row.scenario
        base_scenario(resolved_for(row, scenario))
        request = {
            "round": row.id, "scenario": scenario, "draws": asked.draws, "seed": asked.seed,
        }  # fmt: skip
        return accepted(add_job(session, caller, "cut-offs", request, f"rounds/{row.id}"))

    return writing.do(caller, asked, work)


@router.get("", responses=CONFLICT)
def shown(round_id: RoundId, caller: Anyone, installation: Installed) -> CutOffsShown:
    """The published cut-offs: points alone, the last admitted's row is a person's."""
    with installation.store.reading() as session:
        find_round(session, round_id)
        found = published_or_refuse(installation.previews.cut_offs(session, round_id))
    return CutOffsShown(
        version=found.version,
        scenario=found.snapshot.scenario,
        draws=found.snapshot.draws,
        offerings={
            offering: OfferingCutOff(seats=at.seats, points=at.points)
            for offering, at in found.snapshot.offerings.items()
        },
    )
