"""Answers to offers: from rows that people filled in to events, all errors at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from admissions.intake.findings import Findings
from admissions.model.errors import UsageError
from admissions.model.messages import Message, message
from admissions.season.events import Event
from admissions.season.season import Season
from admissions.season.standing import Standing, application, apply, not_allowed
from admissions.season.states import NEXT, State


@dataclass(frozen=True)
class Answer:
    """One row of an answers file: where it stands, and what it says."""

    file: str | Message
    row: int
    person_id: str
    offering_id: str
    answer: str
    on: dt.date


def answered(
    season: Season, rows: Iterable[Answer], findings: Findings, by: str = "office"
) -> tuple[Season, int]:
    """The season with the answers of ``rows`` as events, and how many it had already.

    1. What two rows say of one application must be the same. 2. In the order of the rows each must
    be allowed by the state that those before it leave; what is so already is no error. Every error
    goes to ``findings``; where there is one, the season comes back as it was.
    """
    standing = season.standing.copy()
    wanted = _agreeing(rows, findings)
    kept = _kept_places(standing, wanted)
    events: list[Event] = []
    had = 0
    for one in wanted:
        fault = _fault(standing, one, kept)
        if fault is not None:
            findings.error(one.file, fault, row=one.row, column="answer", value=one.answer)
        elif _is_so(standing, one, kept):
            had += 1
        else:
            event = _event(standing, one, kept, by)
            apply(standing, event)
            events.append(event)
    return (season if findings.any_error else season.with_events(events)), had


def _agreeing(rows: Iterable[Answer], findings: Findings) -> list[Answer]:
    """Each application's answer once; an error where two rows differ."""
    first: dict[tuple[str, str], Answer] = {}
    for one in rows:
        other = first.setdefault((one.person_id, one.offering_id), one)
        if other.answer != one.answer:
            findings.error(
                one.file,
                message("season.contradicts", answer=other.answer, file=other.file, row=other.row),
                row=one.row, column="answer", value=one.answer,
            )  # fmt: skip
    return list(first.values())


def _kept_places(standing: Standing, rows: Sequence[Answer]) -> set[tuple[str, str]]:
    """The waiting places that are named with a yes, where waiting needs one."""
    if not standing.policy.waiting_needs_yes:
        return set()
    named = ((one.person_id, one.offering_id) for one in rows if one.answer == "accept")
    return {
        key
        for key in named
        if key in standing.applications and standing.applications[key].state is State.WAITING
    }


def _fault(standing: Standing, one: Answer, kept: set[tuple[str, str]]) -> Message | None:
    """Why the answer cannot be taken, or None."""
    try:
        own = application(standing, one.person_id, one.offering_id)
    except UsageError as error:
        return error.message
    if standing.called_on is not None and one.on < standing.called_on:
        return message("season.before-the-last-call", on=one.on, last=standing.called_on)
    if own.key in kept or _is_so(standing, one, kept):
        return None
    if own.state not in NEXT[one.answer]:
        return not_allowed(own, one.answer)
    if own.state is State.OFFERED and own.deadline is not None and one.on > own.deadline:
        return message("season.after-the-deadline", on=one.on, deadline=own.deadline)
    return None


def _is_so(standing: Standing, one: Answer, kept: set[tuple[str, str]]) -> bool:
    """Whether the application is already where the answer leads, and nothing else would follow."""
    own = standing.applications[one.person_id, one.offering_id]
    if own.key in kept:
        return True
    after = set(NEXT[one.answer].values())
    if own.state not in after:
        return False
    waits = any(other.state is State.WAITING for other in standing.of(one.person_id))
    return one.answer != "accept-final" or not waits


def _event(standing: Standing, one: Answer, kept: set[tuple[str, str]], by: str) -> Event:
    own = [o.offering_id for o in standing.of(one.person_id) if o.key in kept]
    detail = {"keep": own} if own and one.answer == "accept" else {}
    return Event(one.on, one.answer, one.person_id, one.offering_id, detail, by=by)
