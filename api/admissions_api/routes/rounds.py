"""Rounds: the coordinator opens and closes them, each office uploads its part."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path
from fastapi.responses import Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, field_validator
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from admissions.model.round import RoundSettings
from admissions.model.seeds import LARGEST_SEED
from admissions.results.commitments import SHORTEST_SALT
from admissions.rulebooks.scenario_files import scenario_ids
from admissions_api.access import (
    Anyone,
    Coordinator,
    Installed,
)
from admissions_api.agreement import keep_agreement
from admissions_api.answered import Answered, Writing
from admissions_api.clock import stamp
from admissions_api.examples import one
from admissions_api.filling import Filling, agreement_of
from admissions_api.jobs.queue import actor_of
from admissions_api.paging import Page, Paged
from admissions_api.problems import ProblemError
from admissions_api.rounds import commit, find_round
from admissions_api.store.audit import append
from admissions_api.store.tables import RoundRow
from admissions_api.texts import PLAIN

router = APIRouter(prefix="/v1/rounds", tags=["rounds"])
RoundId = Annotated[str, Path(max_length=100, pattern=PLAIN, openapi_examples=one("2019"))]
FIRST_YEAR, LAST_YEAR = 2000, 2200

Known = Annotated[str, Field(max_length=100, pattern=PLAIN)]


def in_these_centuries(value: dt.datetime) -> dt.datetime:
    """``value``. Raises ValueError for a year that no round has."""
    if not FIRST_YEAR < value.year < LAST_YEAR:
        raise ValueError(f"expected a year between {FIRST_YEAR} and {LAST_YEAR}")
    return value


class NewRound(BaseModel):
    """A round to open. ``shipped`` fills in the parts of the shipped synthetic round.

    It is committed to the digest of scenario, rules, seats and seed. A seed that nobody shall guess
    has 16 digits or more, or stands behind a `salt`.
    """

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "id": "2019",
                    "title": "Opptak 2019/20",
                    "scenario": "leader-within-service",
                    "deadline": "2030-04-15T12:00:00+02:00",
                    "year": 2019,
                    "rules_on": "2019-08-01",
                    "institution": "Samordnet opptak",
                    "shipped": "2019",
                }
            ]
        },
    )

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)
    title: str = Field(min_length=1, max_length=200, pattern=PLAIN)
    scenario: Known = Field(description="A shipped scenario: its rules and its leader influence.")
    deadline: AwareDatetime = Field(description="Until then leaders may send and change.")
    year: int | None = Field(None, ge=FIRST_YEAR, lt=LAST_YEAR)
    rules_on: dt.date | None = None
    institution: str | None = Field(None, max_length=200, pattern=PLAIN)
    case: str | None = Field(None, max_length=200, pattern=PLAIN)
    answer_deadline: dt.date | None = None
    appeal_body: str | None = Field(None, max_length=200, pattern=PLAIN)
    seed: int | None = Field(
        None, ge=0, le=LARGEST_SEED, description="The lottery's; the scenario's own by default."
    )
    salt: str | None = Field(
        None,
        min_length=SHORTEST_SALT,
        max_length=200,
        pattern=PLAIN,
        description="A text that digest and seed are hidden behind until the round is closed: "
        "nobody finds the seed by trying them all.",
    )
    shipped: Literal["2019"] | None = None

    @field_validator("deadline")
    @classmethod
    def _in_these_centuries(cls, value: dt.datetime) -> dt.datetime:
        return in_these_centuries(value)


class CommitmentShown(BaseModel):
    """As `admissions commit` prints it; the seed is hidden behind its SHA-256 until it is told."""

    digest: str
    seed_sha256: str
    salted: bool = Field(description="Both are behind a salt, which is told with the seed.")


class RoundShown(BaseModel):
    """A round as everybody sees it."""

    id: str
    title: str
    scenario: str
    deadline: str
    state: str = Field(description="open, closed or published")
    opened_at: str
    closed_at: str | None
    published: str | None = Field(description="The published allocation's id.")
    settings: dict[str, Any]
    commitment: CommitmentShown | None = Field(
        description="What was committed to when the round was opened: scenario, rules, seats, seed."
    )
    seed: int | None = Field(description="The lottery's, once the round is closed.")
    salt: str | None = Field(description="The commitment's, once the round is closed.")


def round_shown(row: RoundRow) -> RoundShown:
    """``row`` as everybody sees it."""
    return RoundShown(
        id=row.id,
        title=row.title,
        scenario=row.scenario,
        deadline=row.deadline,
        state=row.state,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        published=row.published,
        settings=row.settings,
        commitment=_commitment(row),
        seed=None if row.state == "open" else row.seed,
        salt=None if row.state == "open" else row.salt or None,
    )


def _commitment(row: RoundRow) -> CommitmentShown | None:
    if row.digest is None or row.seed_sha256 is None:
        return None
    return CommitmentShown(digest=row.digest, seed_sha256=row.seed_sha256, salted=bool(row.salt))


def known_scenario(name: str) -> str:
    """``name`` if it is a shipped scenario's. Raises ProblemError (422)."""
    if name not in scenario_ids():
        raise ProblemError(
            422, f"there is no scenario {name!r}", f"Maybe one of: {', '.join(scenario_ids())}."
        )
    return name


@router.get("")
def rounds(caller: Anyone, installation: Installed, page: Paged) -> Page[RoundShown]:
    """The rounds, newest first."""
    with installation.store.reading() as session:
        total = session.scalar(select(func.count()).select_from(RoundRow)) or 0
        rows = session.scalars(
            select(RoundRow)
            .order_by(RoundRow.opened_at.desc(), RoundRow.id)
            .offset(page.offset)
            .limit(page.limit)
        )
        return page.of([round_shown(row) for row in rows], total)


@router.post("", status_code=201, responses={201: {"model": RoundShown}})
def open_round(
    new: NewRound, caller: Coordinator, installation: Installed, writing: Writing
) -> Response:
    """Opens a round: offices may upload, leaders may state, until it is closed."""
    known_scenario(new.scenario)
    filling = None if new.shipped is None else Filling(new.shipped)
    settings = _settings(new, filling)
    agreement = agreement_of(filling, new.scenario, settings)

    def work(session: Session) -> Answered:
        if session.get(RoundRow, new.id) is not None:
            raise ProblemError(
                409, f"there is a round {new.id!r} already", "Maybe choose another id."
            )
        row = _opened(session, new, settings)
        append(
            session,
            actor_of(caller),
            "round.opened",
            f"rounds/{row.id}",
            title=row.title,
            deadline=row.deadline,
            scenario=row.scenario,
            settings=row.settings,
            digest=row.digest,
            seed_sha256=row.seed_sha256,
        )
        if filling is not None:
            filling.store(session, row.id)
        keep_agreement(session, row, agreement)
        return Answered(201, round_shown(row), {"Location": f"/v1/rounds/{row.id}"})

    return writing.do(caller, new, work)


@router.get("/{round_id}")
def one_round(round_id: RoundId, caller: Anyone, installation: Installed) -> RoundShown:
    """One round."""
    with installation.store.reading() as session:
        return round_shown(find_round(session, round_id))


def _settings(new: NewRound, filling: Filling | None) -> RoundSettings:
    """What the coordinator states of the round, over what the one that fills it states."""
    stated = new.model_dump(
        mode="json",
        exclude_none=True,
        include={"year", "rules_on", "institution", "case", "answer_deadline", "appeal_body"},
    )
    before = {} if filling is None else filling.whole.settings.model_dump(exclude_none=True)
    return RoundSettings.model_validate({**before, **stated})


def _opened(session: Session, new: NewRound, settings: RoundSettings) -> RoundRow:
    row = RoundRow(
        id=new.id,
        title=new.title,
        scenario=new.scenario,
        deadline=stamp(new.deadline),
        settings=settings.model_dump(mode="json", exclude_none=True),
        state="open",
        opened_at=stamp(),
        seed=new.seed,
        salt=new.salt or "",
    )
    commit(row)
    session.add(row)
    session.flush()
    return row
