"""What is entered in a season: answers, and what offices record. All or nothing.

An office enters what concerns its own offerings, the coordinator everything, an applicant their
own answers.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Depends
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from admissions.intake.findings import Findings
from admissions.model.errors import InputError, UsageError
from admissions.model.messages import message
from admissions.season.answers import Answer, answered
from admissions.season.record import Record
from admissions.season.record_faults import RecordRefusedError
from admissions.season.records import recorded
from admissions.season.season import Season
from admissions.season.states import MET
from admissions_api.access import Allowed, OfficeOrCoordinator, keep_to_own
from admissions_api.answered import Answered, Writing
from admissions_api.clock import today
from admissions_api.institutions import institution_of
from admissions_api.jobs.queue import actor_of
from admissions_api.problems import ProblemError
from admissions_api.routes.rounds import RoundId
from admissions_api.seasons import (
    ReadSeason,
    append_events,
    by_of,
    find_season,
    read_to_change,
    seen_by,
)
from admissions_api.texts import PLAIN
from admissions_api.tokens import Caller

router = APIRouter(prefix="/v1/rounds/{round_id}", tags=["seasons"])
Answering = Annotated[Caller, Depends(Allowed("office", "coordinator", "applicant"))]
MOST_ROWS = 5_000
"""So many answers or events may be entered at once."""
OFFICES = ("appeal-received", "appeal-refused", "reinstate", "annul", "place", "defer", *MET,
           "expire", "close-lists")  # fmt: skip
"""What an office records for its own offerings; what changes a person's facts or lets somebody in
counts at every site, and is the coordinator's."""

Id = Annotated[str, Field(min_length=1, max_length=200, pattern=PLAIN)]
Text = Annotated[str, Field(max_length=500, pattern=PLAIN)]


class OneAnswer(BaseModel):
    """What one person answers to one offer or waiting place."""

    model_config = ConfigDict(extra="forbid")

    person_id: Id
    offering_id: Id
    answer: Literal["accept", "accept-final", "decline", "leave", "withdraw"]
    answered_on: dt.date | None = Field(None, description="Without it: today.")


class NewAnswers(BaseModel):
    """Answers, entered all or none; the same answer twice is no error."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"answers": [{"person_id": "P0029", "offering_id": "uis-juss", "answer": "accept"}]}
            ]
        },
    )

    answers: list[OneAnswer] = Field(min_length=1, max_length=MOST_ROWS)
    dry_run: bool = False


class OneEvent(BaseModel):
    """One thing that is recorded, as a row of `season record --file`."""

    model_config = ConfigDict(extra="forbid")

    event: Id
    person_id: Text = ""
    offering_id: Text = ""
    fact: Text = ""
    value: Text | None = None
    on: dt.date | None = Field(None, description="Without it: today.")
    reason: Text = ""
    preference: int | None = Field(None, ge=1, le=10_000)
    facts: dict[str, Text] = Field(
        default_factory=dict, description="Somebody new: the columns of applicants.csv."
    )


class NewEvents(BaseModel):
    """What the office records, all or nothing."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "events": [
                        {
                            "event": "appeal-received",
                            "person_id": "P0029",
                            "offering_id": "uis-juss",
                            "reason": "letter of today",
                        }
                    ],
                    "dry_run": True,
                }
            ]
        },
    )

    events: list[OneEvent] = Field(min_length=1, max_length=MOST_ROWS)
    dry_run: bool = False


class Changed(BaseModel):
    """What has become of one application; ``before`` is null for a new one."""

    person_id: str
    offering_id: str
    before: str | None
    after: str


@dataclass(frozen=True)
class SeasonEntry:
    """What is to be entered, worked out; ``had``: how many answers were entered before."""

    before: ReadSeason
    after: Season
    had: int = 0


class Entered(BaseModel):
    """How many were entered, how many were so already, and what changed at offerings one sees."""

    entered: int
    had: int = 0
    dry_run: bool
    changes: list[Changed]


@router.post("/answers", responses={200: {"model": Entered}})
def answer(round_id: RoundId, said: NewAnswers, caller: Answering, writing: Writing) -> Response:
    """Enters answers, one or many, all or none; all errors at once.

    An applicant answers for themselves, and what they answer is of today.
    """
    _keep_to_own_offerings(caller, {row.offering_id for row in said.answers})
    if caller.role == "applicant":
        _keep_to_today(caller, said.answers)

    def prepare(session: Session) -> SeasonEntry:
        before, findings = _read(session, round_id), Findings()
        rows = [
            Answer("answers", n, a.person_id, a.offering_id, a.answer, a.answered_on)
            for n, a in enumerate(said.answers, start=1)
        ]
        named = [(a.person_id, a.offering_id) for a in said.answers]
        _refuse_not_applied(before.season, caller, named)
        after, had = answered(before.season, rows, findings, by_of(actor_of(caller)), today())
        findings.stop_if_any()
        return SeasonEntry(before, after, had)

    return _entered(round_id, said, caller, writing, prepare)


@router.post("/events", responses={200: {"model": Entered}})
def record(
    round_id: RoundId, said: NewEvents, caller: OfficeOrCoordinator, writing: Writing
) -> Response:
    """Records what the office does or learns, all or nothing; a dry run tells what would change.

    An office records what concerns its own offerings alone; corrections, upheld appeals and late
    applications count at every site, and are the coordinator's.
    """
    if caller.role == "office":
        _keep_to_own_offerings(caller, {row.offering_id for row in said.events})
        _refuse_coordinators(said.events)

    def prepare(session: Session) -> SeasonEntry:
        before = _read(session, round_id)
        named = [(e.person_id, e.offering_id) for e in said.events if e.person_id]
        _refuse_not_applied(before.season, caller, named)
        after = _recorded(before.season, said.events, by_of(actor_of(caller)))
        return SeasonEntry(before, after)

    return _entered(round_id, said, caller, writing, prepare)


def _value(row: OneEvent) -> str | None:
    """What is stated of a fact; an empty text beside none states nothing."""
    return row.value if row.value or row.fact else None


def _keep_to_own_offerings(caller: Caller, offerings: Collection[str]) -> None:
    """Raises ProblemError (403) when an office names what is no offering of its own."""
    if caller.role == "office" and any(institution_of(o) != caller.scope for o in offerings):
        raise ProblemError(
            403,
            message("problems.own-offerings-alone", office=caller.scope),
        )


def _keep_to_today(caller: Caller, said: Sequence[OneAnswer]) -> None:
    """Raises ProblemError where an applicant answers for another (403), or for another day."""
    for row in said:
        keep_to_own(caller, row.person_id)
        if row.answered_on not in (None, today()):
            raise ProblemError(
                422, "an applicant answers today", "Maybe leave answered_on out of every answer."
            )


def _refuse_coordinators(said: Sequence[OneEvent]) -> None:
    for row in said:
        if row.event not in OFFICES:
            raise ProblemError(
                403,
                message("problems.not-an-office-s", event=row.event, offices=", ".join(OFFICES)),
            )


def _refuse_not_applied(season: Season, caller: Caller, keys: Sequence[tuple[str, str]]) -> None:
    """Raises ProblemError (422) where an office names whoever has not applied for its offering.

    What else the person has applied for is not told.
    """
    if caller.role != "office":
        return
    for person, offering in keys:
        if (person, offering) not in season.standing.applications:
            raise ProblemError(
                422,
                message("problems.no-application", person=person, offering=offering),
            )


def _recorded(season: Season, said: Sequence[OneEvent], by: str) -> Season:
    """The season with every row recorded. Raises InputError with every error."""
    findings = Findings()
    for number, row in enumerate(said, start=1):
        one_record = Record(
            row.event, row.on or today(), row.person_id, row.offering_id, row.fact, _value(row),
            row.reason, row.preference, row.facts, by,
        )  # fmt: skip
        try:
            season = recorded(season, one_record)
        except RecordRefusedError as error:
            for fault in error.faults:
                findings.error("events", fault, row=number)
        except UsageError as error:
            findings.error("events", error.message, row=number)
        except InputError as error:
            for wrong in error.problems:
                findings.error(
                    "events", wrong.said, row=number, column=wrong.column, value=wrong.value
                )
    findings.stop_if_any()
    return season


def _read(session: Session, round_id: str) -> ReadSeason:
    return read_to_change(session, find_season(session, round_id))


def _entered(
    round_id: str,
    said: NewAnswers | NewEvents,
    caller: Caller,
    writing: Writing,
    prepare: Callable[[Session], SeasonEntry],
) -> Response:
    """Enters what is prepared, unless it is only tried, and tells what that changes."""

    def work(session: Session, change: SeasonEntry) -> Answered:
        if not said.dry_run:
            row = find_season(session, round_id)
            append_events(session, row, change.before, change.after, actor_of(caller))
        return Answered(200, _told(change, caller, dry_run=said.dry_run))

    return writing.prepared(caller, said, prepare, work)


def _told(change: SeasonEntry, caller: Caller, *, dry_run: bool) -> Entered:
    before, after, own = change.before.season, change.after, seen_by(caller)
    was, becomes = before.standing.applications, after.standing.applications
    changes = [
        Changed(
            person_id=key[0],
            offering_id=key[1],
            before=was[key].state.value if key in was else None,
            after=becomes[key].state.value,
        )
        for key in sorted(becomes)
        if (own is None or key[1] in own)
        and (caller.role != "applicant" or key[0] == caller.scope)
        and (key not in was or was[key].state is not becomes[key].state)
    ]
    entered = len(after.events) - len(before.events)
    return Entered(entered=entered, had=change.had, dry_run=dry_run, changes=changes)
