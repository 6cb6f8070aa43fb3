"""What the office records: corrections, appeals, late applicants, what is done by hand, who met."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from admissions.intake.writing import round_texts
from admissions.model.errors import UsageError
from admissions.model.messages import message
from admissions.season.call import Posed, pose, would_hold
from admissions.season.events import Event
from admissions.season.facts_now import read_again, stated
from admissions.season.season import Season
from admissions.season.standing import Application, Standing, application, apply, not_allowed
from admissions.season.states import HAND_MADE, NEXT, OTHER_REASON, REASONS, State

OF_FACTS = ("correct", "appeal-upheld")
OF_A_PERSON = ("correct", "appeal-received", "appeal-upheld", "appeal-refused")
MET = ("enrolled", "met", "no-show", "completed", "dropped-out")
GIVING = ("place", "reinstate")
"""What gives an offer by hand: never one that the person wants less than what they hold."""

EVENTS = (
    *OF_A_PERSON, "late-application", "reinstate", "annul", "place", "defer", *MET, "expire",
    "close-lists",
)  # fmt: skip
"""What can be recorded."""


@dataclass(frozen=True)
class Record:
    """One thing that the office records.

    ``fact`` and ``value`` for a correction or an upheld appeal; ``preference`` and, for somebody
    new, ``facts`` (the columns of applicants.csv as a file states them) for a late application.
    """

    event: str
    on: dt.date
    person_id: str = ""
    offering_id: str = ""
    fact: str = ""
    value: str = ""
    reason: str = ""
    preference: int | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    by: str = "office"


def recorded(season: Season, record: Record) -> Season:
    """The season with ``record`` as an event. Raises UsageError for what its state does not allow.

    Nothing that is recorded takes a seat from anybody.
    """
    _refuse_unreasoned(record)
    standing = season.standing
    called_on = standing.called_on
    if called_on is not None and record.on < called_on:
        raise UsageError(message("season.before-the-last-call", on=record.on, last=called_on))
    posed = None
    if record.event == "late-application":
        event, posed = _late(season, record)
    elif record.event in OF_FACTS and (record.fact or record.event == "correct"):
        event, posed = _corrected(season, record)
    else:
        event = _plain(standing, record)
    return season.with_events([event], posed)


def _refuse_unreasoned(record: Record) -> None:
    if record.event not in EVENTS:
        raise UsageError(message("season.no-such-event", event=record.event, known=EVENTS))
    other = record.reason.startswith(OTHER_REASON) and record.reason[len(OTHER_REASON) :].strip()
    if record.event in HAND_MADE and record.reason not in REASONS and not other:
        raise UsageError(message("season.reason-from-the-list", event=record.event, known=REASONS))
    if not record.reason.strip():
        raise UsageError(message("season.needs-a-reason", event=record.event))
    if any(not sign.isprintable() for sign in record.reason + record.by + record.value):
        raise UsageError(message("season.one-line"))


def _plain(standing: Standing, record: Record) -> Event:
    """An event that states nothing but itself."""
    if record.event != "close-lists" and not standing.of(record.person_id):
        raise UsageError(message("season.nobody", person=record.person_id))
    if record.event not in (*OF_A_PERSON, "close-lists"):
        _refuse_impossible(standing, record)
    return Event(
        record.on, record.event, record.person_id, record.offering_id, reason=record.reason,
        by=record.by,
    )  # fmt: skip


def _refuse_impossible(standing: Standing, record: Record) -> None:
    one = application(standing, record.person_id, record.offering_id)
    if one.state not in NEXT[record.event]:
        raise UsageError(not_allowed(one, record.event))
    held = [other for other in standing.of(record.person_id) if other.holds]
    better = [other.offering_id for other in held if other.preference < one.preference]
    if record.event in GIVING and better:
        raise UsageError(
            message("season.holds-better", person=record.person_id, offering=better[0])
        )
    if record.event == "expire" and one.deadline is not None and record.on <= one.deadline:
        raise UsageError(message("season.not-yet-due", deadline=one.deadline))


def _corrected(season: Season, record: Record) -> tuple[Event, Posed]:
    """The right fact, the places that it gives, and the offer that it would have given.

    1. The fact is changed in the round's files, which are read again. 2. Where the person then
    stands at each offering is counted among the others, who stay as they were published. 3. Whoever
    would get, of the seats that are held, one wanted more than what they hold, but would not with
    the fact as it was, gets it by the policy: beside the target, or the next that is free.
    """
    if not season.standing.of(record.person_id):
        raise UsageError(message("season.nobody", person=record.person_id))
    old = stated(season.texts, record.person_id, record.fact)
    detail: dict[str, object] = {"fact": record.fact, "old": old, "new": record.value}
    bare = Event(
        record.on, record.event, record.person_id, detail=detail, reason=record.reason,
        by=record.by,
    )  # fmt: skip
    after = read_again(season.round, season.texts, [bare])
    if stated(round_texts(after), record.person_id, record.fact) == old:
        raise UsageError(message("season.is-so-already", fact=record.fact, value=record.value))
    posed = pose(after, season.resolved)
    detail["places"] = _places(season, posed, record.person_id)
    placed = season.standing.copy()
    apply(placed, replace(bare, detail=detail))
    now = would_hold(posed, placed, record.person_id)
    if now is not None and _wanted_more(placed, record.person_id, now):
        then = would_hold(season.posed, season.standing, record.person_id)
        detail |= {"offer": now} if now != then else {}
    return replace(bare, detail=detail), posed


def _wanted_more(standing: Standing, person: str, offering: str) -> bool:
    one = application(standing, person, offering)
    held = [other.preference for other in standing.of(person) if other.holds]
    return one.state is State.WAITING and (not held or one.preference < min(held))


def _places(season: Season, after: Posed, person: str) -> dict[str, int | None]:
    """Where ``person`` stands in each own list, from 0; only where that is another place."""
    standing = season.standing
    found: dict[str, int | None] = {}
    for one in standing.of(person):
        line = standing.order.get(one.offering_id, [])
        place = _place(standing, after, one)
        before = line.index(person) if person in line else None
        if place != before:
            found[one.offering_id] = place
    return found


def _place(standing: Standing, posed: Posed, one: Application) -> int | None:
    """The place that the ranking gives among the others of the frozen list, from 0.

    The published come before those who stand behind the list; a late one's place is among these.
    """
    table = posed.rankings[one.offering_id]
    ids = posed.round.applicants["person_id"].to_numpy()[table.person]
    row = int(np.flatnonzero(ids == one.person_id)[0])
    if not table.qualified[row]:
        return None
    ahead = {str(p) for p in ids[table.qualified & (table.rank < table.rank[row])]}
    others = [p for p in standing.order.get(one.offering_id, []) if p != one.person_id]
    late = {p for p, offering in standing.late if offering == one.offering_id}
    own = [p for p in others if (p in late) == (one.person_id in late)]
    better = sum(person in ahead for person in own)
    if one.person_id in late:
        return len(others) - len(own) + better
    return next((n for n, p in enumerate(others) if p not in late and own.index(p) == better),
                len(others) - len([p for p in others if p in late]))  # fmt: skip


def _late(season: Season, record: Record) -> tuple[Event, Posed]:
    """One more application: behind the published list, or among those who wait, by the policy."""
    standing = season.standing
    own = standing.of(record.person_id)
    if not own and not record.facts:
        raise UsageError(message("season.new-person-needs-facts", person=record.person_id))
    if own and record.facts:
        raise UsageError(message("season.facts-known", person=record.person_id))
    if (record.person_id, record.offering_id) in standing.applications:
        raise UsageError(
            message("season.applied-already", person=record.person_id, offering=record.offering_id)
        )
    if record.offering_id not in standing.order:
        known = sorted(standing.order)
        raise UsageError(
            message("season.no-such-offering", offering=record.offering_id, known=known)
        )
    last = max((one.preference for one in own), default=0)
    preference = last + 1 if record.preference is None else record.preference
    if preference in [one.preference for one in own] or preference < 1:
        raise UsageError(message("season.preference-taken", preference=preference, next=last + 1))
    detail: dict[str, object] = {"preference": preference}
    if record.facts:
        detail["facts"] = {name: text for name, text in record.facts.items() if text}
    bare = Event(
        record.on, record.event, record.person_id, record.offering_id, detail, record.reason,
        record.by,
    )  # fmt: skip
    posed = pose(read_again(season.round, season.texts, [bare]), season.resolved)
    placed = standing.copy()
    apply(placed, bare)
    place = _place(placed, posed, application(placed, record.person_id, record.offering_id))
    return replace(bare, detail={**detail, "places": {record.offering_id: place}}), posed
