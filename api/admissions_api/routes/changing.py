"""What the coordinator changes of a round on its way: each with a reason, each in the chain.

What offices and leaders sent stays: nothing here removes it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Body
from fastapi.responses import Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, field_validator, model_validator
from sqlalchemy.orm import Session

from admissions.model.errors import InputError
from admissions.model.round import RoundSettings
from admissions_api.access import Coordinator, Installed
from admissions_api.agreement import (
    AgreedRound,
    keep_agreement,
    refuse_changed,
    stated_in,
    whole_known_by,
    whole_round,
    worked_out,
)
from admissions_api.answered import Answered, Writing
from admissions_api.clock import from_stamp, now, stamp
from admissions_api.etags import version_tag
from admissions_api.jobs.queue import actor_of
from admissions_api.parts import audit_part, latest_parts, withdraw_part
from admissions_api.problems import ProblemError, not_found
from admissions_api.rounds import find_round, refuse_unless_open
from admissions_api.routes.parts import Institution, PartShown, part_shown
from admissions_api.routes.reasons import Reason, Reasoned
from admissions_api.routes.rounds import (
    FIRST_YEAR,
    LAST_YEAR,
    RoundId,
    RoundShown,
    in_these_centuries,
    round_shown,
)
from admissions_api.store.audit import append
from admissions_api.store.engine import ChangedError
from admissions_api.store.tables import PartRow, RoundRow
from admissions_api.texts import PLAIN

router = APIRouter(prefix="/v1/rounds/{round_id}", tags=["rounds"])
Name = Annotated[str, Field(max_length=200, pattern=PLAIN)]
_SETTINGS = ("year", "rules_on", "institution", "case", "answer_deadline", "appeal_body")


class Closing(BaseModel):
    """Whether the round is meant to be closed before its deadline, and why."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", json_schema_extra={"examples": [{"early": True}]}
    )

    early: bool = False
    reason: Reason | None = None


class Correction(BaseModel):
    """What of a round to correct, and why; what is not named stays, null takes a setting away."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"deadline": "2030-04-22T12:00:00+02:00", "reason": "a week more for the leaders"}
            ]
        },
    )

    reason: Reason
    title: Annotated[str, Field(min_length=1, max_length=200, pattern=PLAIN)] | None = None
    deadline: AwareDatetime | None = None
    year: int | None = Field(None, ge=FIRST_YEAR, lt=LAST_YEAR)
    rules_on: dt.date | None = None
    institution: Name | None = None
    case: Name | None = None
    answer_deadline: dt.date | None = None
    appeal_body: Name | None = None

    @field_validator("deadline")
    @classmethod
    def _in_these_centuries(cls, value: dt.datetime | None) -> dt.datetime | None:
        return None if value is None else in_these_centuries(value)

    @model_validator(mode="after")
    def _something(self) -> Correction:
        if not self.model_fields_set - {"reason"}:
            raise ValueError("expected something to correct")
        for name in ("title", "deadline"):
            if name in self.model_fields_set and getattr(self, name) is None:
                raise ValueError(f"expected a {name}; a round has one")
        return self


@router.patch("", responses={200: {"model": RoundShown}})
def correct(round_id: RoundId, said: Correction, caller: Coordinator, writing: Writing) -> Response:
    """Corrects title, deadline or settings of a round that is not published.

    What it was committed to when it was opened stays: rules of another day are another digest.
    """
    changed = said.model_dump(mode="json", exclude_unset=True, exclude={"reason"})

    def corrected(session: Session) -> tuple[RoundRow, dict[str, Any]]:
        row = find_round(session, round_id)
        if row.state == "published":
            raise ProblemError(
                409, "the round is published", "Maybe take it back first: POST …/unpublish."
            )
        stated = {name: changed[name] for name in _SETTINGS if name in changed}
        settings: dict[str, Any] = {**row.settings, **stated}
        return row, {name: value for name, value in settings.items() if value is not None}

    def prepare(session: Session) -> AgreedRound:
        row, settings = corrected(session)
        rules_on = RoundSettings.model_validate(settings).rules_on
        return worked_out(replace(stated_in(session, row), rules_on=rules_on))

    def work(session: Session, agreement: AgreedRound) -> Answered:
        row, settings = corrected(session)
        refuse_changed(session, row, agreement)
        if "title" in changed:
            row.title = changed["title"]
        if said.deadline is not None:
            row.deadline = stamp(said.deadline)
        row.settings = settings
        keep_agreement(session, row, agreement)
        append(
            session,
            actor_of(caller),
            "round.corrected",
            f"rounds/{row.id}",
            title=row.title,
            deadline=row.deadline,
            settings=row.settings,
            changed=sorted(changed),
            reason=said.reason,
        )
        return Answered(200, round_shown(row))

    return writing.prepared(caller, said, prepare, work)


@router.post("/parts/{institution}/withdraw", responses={200: {"model": PartShown}}, tags=["parts"])
def withdraw(
    round_id: RoundId,
    institution: Institution,
    said: Reasoned,
    caller: Coordinator,
    installation: Installed,
    writing: Writing,
) -> Response:
    """Withdraws an institution's part that should not be there: it counts no longer.

    The office can upload another; the one withdrawn stays in the store, and in the chain.
    """

    def found(session: Session) -> tuple[RoundRow, PartRow]:
        row = find_round(session, round_id)
        refuse_unless_open(row)
        part = latest_parts(session, round_id).get(institution)
        if part is None:
            raise not_found("part of this institution", "look at GET …/parts")
        return row, part

    def prepare(session: Session) -> AgreedRound:
        row, _ = found(session)
        stands = stated_in(session, row)
        others = {name: files for name, files in stands.parts.items() if name != institution}
        return worked_out(replace(stands, parts=others))

    def work(session: Session, agreement: AgreedRound) -> Answered:
        row, part = found(session)
        refuse_changed(session, row, agreement)
        gone = withdraw_part(session, part)
        audit_part(session, gone, actor_of(caller), reason=said.reason)
        keep_agreement(session, row, agreement)
        shown = part_shown(session, gone, caller)
        return Answered(200, shown, {"ETag": version_tag(gone.version)})

    return writing.prepared(caller, said, prepare, work)


@router.post("/reopen", responses={200: {"model": RoundShown}})
def reopen(round_id: RoundId, said: Reasoned, caller: Coordinator, writing: Writing) -> Response:
    """Opens a closed round again. What was allocated since it was closed is not published any more.

    What offices and leaders sent stays as it is; leaders can send until the deadline, which
    `PATCH` moves.
    """

    def work(session: Session) -> Answered:
        row = find_round(session, round_id)
        if row.state != "closed":
            advice = "it is open" if row.state == "open" else "take back what is published first"
            raise ProblemError(409, f"the round is {row.state}", f"Maybe {advice}.")
        row.state, row.closed_at = "open", None
        target = f"rounds/{row.id}"
        append(session, actor_of(caller), "round.reopened", target, reason=said.reason)
        return Answered(200, round_shown(row))

    return writing.do(caller, said, work)


@router.post("/close", responses={200: {"model": RoundShown}})
def close(
    round_id: RoundId,
    caller: Coordinator,
    writing: Writing,
    asked: Annotated[Closing, Body()] = Closing(),  # noqa: B008 - it is frozen
) -> Response:
    """Closes the round: from now on nobody uploads or states anything.

    Before the deadline it asks for `"early": true`; and nothing may clash that is not settled.
    """

    def found(session: Session) -> tuple[RoundRow, bool]:
        row = find_round(session, round_id)
        refuse_unless_open(row)
        early = now() < from_stamp(row.deadline)
        if early and not asked.early:
            raise ProblemError(
                409,
                f"the deadline has not passed: {row.deadline}",
                'Maybe wait, or send {"early": true} if it is meant.',
            )
        return row, early

    def prepare(session: Session) -> str:
        row, _ = found(session)
        known_by = whole_known_by(session, row)
        if latest_parts(session, row.id):
            _refuse_unreadable(session, row)
        return known_by

    def work(session: Session, known_by: str) -> Answered:
        row, early = found(session)
        if whole_known_by(session, row) != known_by:
            raise ChangedError
        row.state, row.closed_at = "closed", stamp()
        append(
            session,
            actor_of(caller),
            "round.closed",
            f"rounds/{row.id}",
            early=early,
            reason=asked.reason,
            agreed=row.agreed,
        )
        return Answered(200, round_shown(row))

    return writing.prepared(caller, asked, prepare, work)


def _refuse_unreadable(session: Session, row: RoundRow) -> None:
    """Raises ProblemError (409) where the parts, or what leaders sent, are no round together."""
    try:
        whole_round(session, row)
    except InputError as error:
        raise ProblemError(
            409,
            "the parts cannot be read as one round",
            "Maybe mend each place named in errors.",
            findings=error.problems,
        ) from None
