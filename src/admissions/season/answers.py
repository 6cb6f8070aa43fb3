"""Answers to offers: from rows that people filled in to events, all errors at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from admissions.intake.findings import Findings
from admissions.model.errors import UsageError
from admissions.model.messages import Message, message
from admissions.season.events import Event
from admissions.season.season import Season
from admissions.season.standing import Key, Standing, application, apply, not_allowed
from admissions.season.states import ANSWERS, NEXT, State


@dataclass(frozen=True)
class Answer:
    """One row of an answers file: where it stands, and what it says.

    ``on``: None where the row does not say; ``header`` and ``stated``: the file's own word for the
    column of answers, and what stands in it.
    """

    file: str | Message
    row: int
    person_id: str
    offering_id: str
    answer: str
    on: dt.date | None
    header: str = "answer"
    stated: str = ""

    @property
    def key(self) -> Key:
        """Person and offering."""
        return self.person_id, self.offering_id


@dataclass(frozen=True)
class _Dated:
    """An answer with the day on which it was given."""

    answer: str
    on: dt.date
    key: Key
    row: Answer


def answered(
    season: Season,
    rows: Iterable[Answer],
    findings: Findings,
    by: str = "office",
    on: dt.date | None = None,
) -> tuple[Season, int]:
    """The season with the answers of ``rows`` as events, and how many it had already.

    ``on``: the day of the rows that state none. 1. What two rows say of one application must be the
    same. 2. In the order of the rows each must be allowed by the state that those before it leave;
    what is so already is no error. Every error goes to ``findings``; where there is one, the season
    comes back as it was.
    """
    standing = season.standing.copy()
    entered = {
        (event.person_id, event.offering_id): (event.event, event.on)
        for event in season.events
        if event.event in ANSWERS
    }
    wanted = list(_agreeing(rows, on, findings))
    kept = _kept_places(standing, wanted)
    events: list[Event] = []
    had = 0
    for one in wanted:
        if _entered_before(standing, one, entered):
            had += 1
            continue
        fault = _fault(standing, one, kept)
        if fault is not None:
            _refuse(one.row, fault, findings)
        elif _is_so(standing, one, kept):
            had += 1
        else:
            event = _event(standing, one, kept, by)
            apply(standing, event)
            events.append(event)
    return (season if findings.any_error else season.with_events(events)), had


def _entered_before(
    standing: Standing, one: _Dated, entered: Mapping[Key, tuple[str, dt.date]]
) -> bool:
    """Whether it is the last answer to that application, and what has followed since stands.

    Whoever keeps all answers in one workbook enters it again after every call.
    """
    own = standing.applications.get(one.key)
    if own is None or one.key not in entered or own.state in NEXT[one.answer]:
        return False
    answer, on = entered[one.key]
    return answer == one.answer and one.row.on in (None, on)


def _refuse(row: Answer, said: Message, findings: Findings) -> None:
    value = row.stated or row.answer
    findings.error(row.file, said, row=row.row, column=row.header, value=value)


def _agreeing(rows: Iterable[Answer], on: dt.date | None, findings: Findings) -> Iterator[_Dated]:
    """Each application's answer once, with its day; an error where two rows differ.

    A row that states no day agrees with one that does; where none does, it was ``on`` that day.
    """
    by_key: dict[Key, list[Answer]] = {}
    for one in rows:
        by_key.setdefault(one.key, []).append(one)
    for key, alike in by_key.items():
        first = next((row for row in alike if row.on is not None), alike[0])
        for other in alike:
            if other.answer != first.answer or other.on not in (None, first.on):
                a, b = sorted((first, other), key=alike.index)
                said = message(
                    "season.contradicts", answer=_said(a), file=a.file, row=a.row,
                )  # fmt: skip
                _refuse(b, said, findings)
        day = first.on or on
        if day is None:
            findings.error(
                first.file, message("season.no-day"), row=first.row, column="answered_on"
            )
        else:
            yield _Dated(first.answer, day, key, first)


def _said(row: Answer) -> str:
    answer = row.stated or row.answer
    return answer if row.on is None else f"{answer}, {row.on}"


def _kept_places(standing: Standing, rows: Sequence[_Dated]) -> set[Key]:
    """The waiting places that are named with a yes, where waiting needs one."""
    if not standing.policy.waiting_needs_yes:
        return set()
    named = (one.key for one in rows if one.answer == "accept")
    return {
        key
        for key in named
        if key in standing.applications and standing.applications[key].state is State.WAITING
    }


def _fault(standing: Standing, one: _Dated, kept: set[Key]) -> Message | None:
    """Why the answer cannot be taken, or None."""
    try:
        own = application(standing, *one.key)
    except UsageError as error:
        return error.message
    if own.key in kept or _is_so(standing, one, kept):
        return None
    if standing.called_on is not None and one.on < standing.called_on:
        return message("season.before-the-last-call", on=one.on, last=standing.called_on)
    if own.state not in NEXT[one.answer]:
        return not_allowed(own, one.answer)
    if own.state is State.OFFERED and own.deadline is not None and one.on > own.deadline:
        return message("season.after-the-deadline", on=one.on, deadline=own.deadline)
    return None


def _is_so(standing: Standing, one: _Dated, kept: set[Key]) -> bool:
    """Whether the application is already where the answer leads, and nothing else would follow."""
    own = standing.applications[one.key]
    if own.key in kept:
        return True
    after = set(NEXT[one.answer].values())
    if own.state not in after:
        return False
    waits = any(other.state is State.WAITING for other in standing.of(one.key[0]))
    return one.answer != "accept-final" or not waits


def _event(standing: Standing, one: _Dated, kept: set[Key], by: str) -> Event:
    own = [o.offering_id for o in standing.of(one.key[0]) if o.key in kept]
    detail = {"keep": own} if own and one.answer == "accept" else {}
    return Event(one.on, one.answer, *one.key, detail, by=by)
