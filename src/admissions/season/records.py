"""What the office records: corrections, appeals, late applicants, what is done by hand, who met."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from admissions.intake.writing import round_texts
from admissions.model.errors import InputError, UsageError
from admissions.model.messages import message
from admissions.model.round import Round
from admissions.season.call import Posed, pose, would_hold
from admissions.season.events import Event
from admissions.season.facts_now import read_again, refuse_assessed, stated
from admissions.season.record import Record
from admissions.season.record_faults import OF_A_PERSON, fact_named, refuse_misstated
from admissions.season.season import Season
from admissions.season.standing import Application, Standing, application, apply, not_allowed
from admissions.season.states import NEXT, State
from admissions.season.status import appeals_pending

OF_FACTS = ("correct", "appeal-upheld")
GIVING = ("place", "reinstate")
"""What gives an offer by hand: never one that the person wants less than what they hold."""


def recorded(season: Season, record: Record) -> Season:
    """The season with ``record`` as an event. Raises UsageError for what its state does not allow.

    Nothing that is recorded takes a seat from anybody.
    """
    refuse_misstated(record)
    standing = season.standing
    called_on = standing.called_on
    if called_on is not None and record.on < called_on:
        raise UsageError(message("season.before-the-last-call", on=record.on, last=called_on))
    posed = None
    if record.event == "late-application":
        event, posed = _late(season, record)
    elif record.event in OF_FACTS and record.fact:
        event, posed = _corrected(season, record)
    else:
        if record.event == "appeal-refused":
            _refuse_no_appeal(season, record.person_id)
        event = _plain(standing, record)
    return season.with_events([event], posed)


def _plain(standing: Standing, record: Record) -> Event:
    """An event that states nothing but itself."""
    if record.event == "close-lists":
        if record.offering_id:
            _refuse_unknown_offering(standing, record.offering_id)
    elif not standing.of(record.person_id):
        raise UsageError(message("season.nobody", person=record.person_id))
    elif record.event not in OF_A_PERSON:
        _refuse_impossible(standing, record)
    elif record.offering_id:
        application(standing, record.person_id, record.offering_id)
    return Event(
        record.on, record.event, record.person_id, record.offering_id, reason=record.reason,
        by=record.by,
    )  # fmt: skip


def _refuse_no_appeal(season: Season, person: str) -> None:
    pending = [who for who, _ in appeals_pending(season)]
    if person not in pending:
        raise UsageError(message("season.no-appeal", person=person, pending=pending or None))


def _refuse_unknown_offering(standing: Standing, offering: str) -> None:
    if offering not in standing.order:
        known = sorted(standing.order)
        raise UsageError(message("season.no-such-offering", offering=offering, known=known))


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
    person, offering, value = record.person_id, record.offering_id, record.value or ""
    if not season.standing.of(person):
        raise UsageError(message("season.nobody", person=person))
    if offering:
        application(season.standing, person, offering)
    fact = fact_named(record.fact)
    refuse_assessed(season.texts, person, fact, offering)
    old = stated(season.texts, person, fact, offering)
    detail: dict[str, object] = {"fact": fact, "old": old, "new": value}
    bare = Event(record.on, record.event, person, offering, detail, record.reason, record.by)
    after = _read_with(season, bare, record)
    if stated(round_texts(after), person, fact, offering) == old:
        raise UsageError(message("season.is-so-already", fact=fact, value=value))
    posed = _posed(after, season, person)
    detail["places"] = _places(season, posed, record.person_id)
    placed = season.standing.copy()
    apply(placed, replace(bare, detail=detail))
    now = would_hold(posed, placed, record.person_id)
    if now is not None and _wanted_more(placed, record.person_id, now):
        then = would_hold(season.posed, season.standing, record.person_id)
        detail |= {"offer": now} if now != then else {}
    return replace(bare, detail=detail), posed


def _read_with(season: Season, event: Event, record: Record) -> Round:
    """The round with the correction in it. Raises InputError, naming the record's own fact."""
    try:
        return read_again(season.round, season.texts, [event])
    except InputError as error:
        fact = event.detail["fact"]
        own = [
            replace(one, place=message("season.value-stated"), row=None, column=record.fact)
            if one.column == fact
            else one
            for one in error.problems
        ]
        where = message("season.value-stated")
        raise InputError(own, error.unlisted, where) from None


def _posed(after: Round, season: Season, person: str) -> Posed:
    """The problem with what is recorded in it.

    Raises UsageError where reserves would overlap by it: then no call could be made.
    """
    try:
        return pose(after, season.resolved)
    except UsageError as error:
        if error.message.code != "solving.overlapping-reserves":
            raise
        raise UsageError(
            message("season.reserves-overlap", person=person, **dict(error.message.values))
        ) from None


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
    _refuse_unknown_offering(standing, record.offering_id)
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
    after = read_again(season.round, season.texts, [bare])
    posed = _posed(after, season, record.person_id)
    placed = standing.copy()
    apply(placed, bare)
    place = _place(placed, posed, application(placed, record.person_id, record.offering_id))
    return replace(bare, detail={**detail, "places": {record.offering_id: place}}), posed
