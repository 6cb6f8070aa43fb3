"""The year after publication: answers, calls, what offices record, and where it all stands.

An office enters and sees what concerns its own offerings, the coordinator everything; a leader sees
the states of own staff, an applicant their own applications.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from admissions.intake.findings import Findings
from admissions.model.errors import InputError, UsageError, first_error
from admissions.model.policy import Policy
from admissions.model.vocabulary import Language
from admissions.season.answers import Answer, answered
from admissions.season.history import histories
from admissions.season.history_words import happening_line, offering_titles, standing_sentence
from admissions.season.records import MET, Record, recorded
from admissions.season.season import Season
from admissions.season.standing import Application, silent_after
from admissions.season.states import State
from admissions.season.status import due, status_of
from admissions_api.access import Coordinator, Installed, OfficeOrCoordinator, keep_to_own
from admissions_api.answered import Answered, Writing
from admissions_api.clock import today
from admissions_api.examples import one as example
from admissions_api.institutions import institution_of
from admissions_api.jobs.queue import actor_of, add_job
from admissions_api.paging import Page, Paged
from admissions_api.problems import CONFLICT, ProblemError, not_found
from admissions_api.reads import AuditedReading
from admissions_api.rounds import find_round
from admissions_api.routes.jobs import ACCEPTED, accepted
from admissions_api.routes.rounds import RoundId
from admissions_api.seasons import (
    append_events,
    begin_season,
    by_of,
    find_season,
    read_season,
    seen_by,
)
from admissions_api.store.season_rows import season_target
from admissions_api.store.tables import AllocationRow, SeasonReminderRow, SeasonRow
from admissions_api.texts import PLAIN, WITH_SLASHES
from admissions_api.tokens import Caller

router = APIRouter(prefix="/v1/rounds/{round_id}", tags=["seasons"])
Seeing = Annotated[Caller, Depends(AuditedReading("office", "coordinator", "leader", "applicant"))]
Reading = Annotated[Caller, Depends(AuditedReading("office", "coordinator"))]
MOST_ROWS = 5_000
"""So many answers or events may be entered at once."""
OFFICES = ("appeal-received", "appeal-refused", "reinstate", "annul", "place", "defer", *MET,
           "expire", "close-lists")  # fmt: skip
"""What an office records for its own offerings; what changes a person's facts or lets somebody in
counts at every site, and is the coordinator's."""

Id = Annotated[str, Field(min_length=1, max_length=200, pattern=PLAIN)]
Text = Annotated[str, Field(max_length=500, pattern=PLAIN)]
PersonId = Annotated[
    str, WITH_SLASHES, Path(max_length=200, pattern=PLAIN, openapi_examples=example("P0029"))
]


class NewSeason(BaseModel):
    """The day on which the published result was made known [today], and the policy."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{}]})

    on: dt.date | None = Field(
        None, description="An earlier day than today: nothing is carried out by the clock."
    )
    policy: dict[str, Any] | None = Field(
        None, description="As policy.toml; without it: the round's, or the defaults."
    )


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
    value: Text = ""
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


class NewCall(BaseModel):
    """The next call: its day [today]; a dry run tells and stores nothing."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"dry_run": False}]})

    on: dt.date | None = None
    dry_run: bool = False


class Changed(BaseModel):
    """What has become of one application; ``before`` is null for a new one."""

    person_id: str
    offering_id: str
    before: str | None
    after: str


class Entered(BaseModel):
    """How many were entered, how many were so already, and what changed at offerings one sees."""

    entered: int
    had: int = 0
    dry_run: bool
    changes: list[Changed]


class SeasonShown(BaseModel):
    """Where a season stands: its last call, the day of its last event, its policy."""

    round: str
    allocation: str
    call: int
    on: dt.date | None
    by_clock: bool = Field(description="Whether deadlines and reminders are carried out.")
    head: str = Field(description="The hash of the last event.")
    policy: dict[str, Any]


class OfferShown(BaseModel):
    """One application as it stands. A leader sees the state alone."""

    person_id: str
    offering_id: str
    state: str
    preference: int | None = None
    deadline: dt.date | None = None
    waiting_number: int | None = None


class HistoryShown(OfferShown):
    """One application with its year: a sentence of where it stands, and of each happening."""

    sentence: str
    happenings: list[dict[str, Any]]


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


class CallShown(BaseModel):
    """A call: how many offers it made, those at offerings one sees, and what was kept."""

    call: int
    on: dt.date
    offers: list[dict[str, Any]]
    sha256: str | None = Field(None, description="SHA-256 of the call's folder; call 1: null.")


@router.post("/season", status_code=201, responses={201: {"model": SeasonShown}})
def begin(round_id: RoundId, new: NewSeason, caller: Coordinator, writing: Writing) -> Response:
    """Begins the season: the published result is known, and answers can be entered."""
    policy = None if new.policy is None else _policy(new.policy)

    def work(session: Session) -> Answered:
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
        season = begin_season(session, made, policy, new.on or today(), actor_of(caller))
        shown = _season_shown(session.get_one(SeasonRow, round_id), season)
        return Answered(201, shown, {"Location": f"/v1/rounds/{round_id}/status"})

    return writing.do(caller, new, work)


@router.post("/answers", responses={200: {"model": Entered}})
def answer(
    round_id: RoundId, said: NewAnswers, caller: OfficeOrCoordinator, writing: Writing
) -> Response:
    """Enters answers, one or many, all or none; all errors at once."""
    _keep_to_own_offerings(caller, {row.offering_id for row in said.answers})

    def work(session: Session) -> Answered:
        row = find_season(session, round_id)
        before, findings = read_season(session, row), Findings()
        rows = [
            Answer("answers", n, a.person_id, a.offering_id, a.answer, a.answered_on or today())
            for n, a in enumerate(said.answers, start=1)
        ]
        _refuse_not_applied(before, caller, [(a.person_id, a.offering_id) for a in said.answers])
        after, had = answered(before, rows, findings, by_of(actor_of(caller)))
        findings.stop_if_any()
        return _entered(session, row, before, after, caller, had=had, dry_run=said.dry_run)

    return writing.do(caller, said, work)


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

    def work(session: Session) -> Answered:
        row = find_season(session, round_id)
        before = read_season(session, row)
        named = [(e.person_id, e.offering_id) for e in said.events if e.person_id]
        _refuse_not_applied(before, caller, named)
        after = _recorded(before, said.events, by_of(actor_of(caller)))
        return _entered(session, row, before, after, caller, had=0, dry_run=said.dry_run)

    return writing.do(caller, said, work)


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
    season, _ = _stored(installation, round_id)
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
    season, _ = _stored(installation, round_id)
    for event in season.events:
        if event.event == "call" and event.call == call_number:
            return _call_shown(season, caller, call_number, event.on)
    raise not_found("such call", "look at GET …/calls")


@router.get("/events", responses=CONFLICT)
def events(
    round_id: RoundId, caller: Reading, installation: Installed, page: Paged
) -> Page[EventShown]:
    """The events in the order in which they were entered; an office sees its own and the calls."""
    season, _ = _stored(installation, round_id)
    own = seen_by(caller)
    found = [
        EventShown(seq=n, **asdict(event))
        for n, event in enumerate(season.events, start=1)
        if own is None or event.offering_id in own or event.event in ("start", "call")
    ]
    return page.cut(found)


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
    season, _ = _stored(installation, round_id)
    found = [
        _offer_shown(one, caller)
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
    season, _ = _stored(installation, round_id)
    own = [one.key for one in _seen(season, caller) if one.person_id == person_id]
    if not own:
        raise not_found("such applicant at an offering of yours", "look at GET …/offers")
    every, titles = histories(season), offering_titles(season.resolved, language)
    return [
        HistoryShown(
            **_offer_shown(every[key].application, caller).model_dump(),
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


@router.get("/status", responses=CONFLICT)
def status(
    round_id: RoundId,
    caller: Reading,
    installation: Installed,
    on: dt.date | None = None,
) -> StatusShown:
    """Where the season stands at each offering one sees, and what is near a deadline."""
    season, reminded = _stored(installation, round_id)
    day, own = on or today(), seen_by(caller)

    def shown(those: Sequence[Application]) -> list[OfferShown]:
        mine = [one for one in those if own is None or one.offering_id in own]
        return [_offer_shown(one, caller) for one in mine]

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


def _stored(installation: Installed, round_id: str) -> tuple[Season, set[tuple[str, str, str]]]:
    """The season, and which offers' deadlines a reminder was due of."""
    with installation.store.reading() as session:
        find_round(session, round_id)
        row = find_season(session, round_id)
        rows = session.scalars(
            select(SeasonReminderRow).where(SeasonReminderRow.round_id == round_id)
        )
        reminded = {(one.person_id, one.offering_id, one.deadline) for one in rows}
        return read_season(session, row), reminded


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


def _call_shown(season: Season, caller: Caller, number: int, on: dt.date) -> CallShown:
    own = seen_by(caller)
    made = [o for o in season.offers[number] if own is None or o.offering_id in own]
    return CallShown(
        call=number, on=on, offers=[asdict(o) for o in made], sha256=season.certificates[number]
    )


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


def _offer_shown(one: Application, caller: Caller) -> OfferShown:
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


def _keep_to_own_offerings(caller: Caller, offerings: Collection[str]) -> None:
    """Raises ProblemError (403) when an office names what is no offering of its own."""
    if caller.role == "office" and any(institution_of(o) != caller.scope for o in offerings):
        raise ProblemError(
            403,
            f"this token is for the offerings of {caller.scope!r} alone",
            "Maybe name an offering of your own in every row.",
        )


def _refuse_coordinators(said: Sequence[OneEvent]) -> None:
    for row in said:
        if row.event not in OFFICES:
            raise ProblemError(
                403,
                f"an office may not record {row.event!r}, which counts at every site",
                f"Maybe ask the coordinator; an office records: {', '.join(OFFICES)}.",
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
                f"{person} has no application for {offering}",
                "Maybe the id is misspelt: GET …/offers lists those at your offerings.",
            )


def _recorded(season: Season, said: Sequence[OneEvent], by: str) -> Season:
    """The season with every row recorded. Raises InputError with every error."""
    findings = Findings()
    for number, row in enumerate(said, start=1):
        one_record = Record(
            row.event, row.on or today(), row.person_id, row.offering_id, row.fact, row.value,
            row.reason, row.preference, row.facts, by,
        )  # fmt: skip
        try:
            season = recorded(season, one_record)
        except UsageError as error:
            findings.error("events", error.message, row=number)
        except InputError as error:
            for wrong in error.problems:
                findings.error(
                    "events", wrong.said, row=number, column=wrong.column, value=wrong.value
                )
    findings.stop_if_any()
    return season


def _entered(
    session: Session,
    row: SeasonRow,
    before: Season,
    after: Season,
    caller: Caller,
    *,
    had: int,
    dry_run: bool,
) -> Answered:
    if not dry_run:
        append_events(session, row, before, after, actor_of(caller))
    own = seen_by(caller)
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
        and (key not in was or was[key].state is not becomes[key].state)
    ]
    entered = len(after.events) - len(before.events)
    return Answered(200, Entered(entered=entered, had=had, dry_run=dry_run, changes=changes))
