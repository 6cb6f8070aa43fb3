"""A season: the sealed decision it began with, its policy, events and calls, as one value."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from admissions.allocation.run import How
from admissions.intake.writing import round_texts
from admissions.model.errors import UsageError
from admissions.model.messages import message
from admissions.model.policy import Policy
from admissions.model.round import Round
from admissions.rulebooks.scenario import ResolvedScenario
from admissions.season.call import CallPlan, Posed, next_call, pose
from admissions.season.events import Event, head
from admissions.season.facts_now import changes_facts, round_now
from admissions.season.risk import out_by_risk, seen_by_events
from admissions.season.standing import (
    Beginning,
    Offer,
    Standing,
    apply,
    fold,
    silent_after,
    take_call,
)

_OF_THE_ROUND = ("round_now", "texts", "posed")
"""What a season works out of its round alone."""


@dataclass(frozen=True, eq=False)
class Season:
    """Everything that a season folder says. Nothing in it is altered; each step gives another.

    ``sealed``: SHA-256 of the first call's certificate; ``certificates``: of each later call's;
    ``round`` and ``resolved``: what the first call was made with; ``offers``: of each later call.
    """

    sealed: str
    round: Round
    resolved: ResolvedScenario
    beginning: Beginning
    policy: Policy
    events: tuple[Event, ...]
    offers: Mapping[int, tuple[Offer, ...]] = field(default_factory=dict)
    certificates: Mapping[int, str] = field(default_factory=dict)

    @cached_property
    def standing(self) -> Standing:
        """What the events add up to."""
        return fold(self.beginning, self.policy, self.events, self.offers)

    @cached_property
    def round_now(self) -> Round:
        """The round with all that was corrected and came late."""
        return round_now(self.round, self.events)

    @cached_property
    def texts(self) -> Mapping[str, str]:
        """The files of ``round_now``."""
        return round_texts(self.round_now)

    @cached_property
    def posed(self) -> Posed:
        """The problem of the round as it is now."""
        return pose(self.round_now, self.resolved)

    @property
    def head(self) -> str:
        """The hash of the last event."""
        return head(self.events, self.sealed)

    @property
    def target(self) -> dict[str, int]:
        """How many offers a call aims at now, by offering: the seats, or more by the policy."""
        fixed = self.fixed_target
        if self.policy.target != "risk":
            return fixed
        seen = seen_by_events(self.standing)
        return {
            name: out_by_risk(seats, seen[name], self.policy, name) for name, seats in fixed.items()
        }

    @property
    def fixed_target(self) -> dict[str, int]:
        """What does not hang on answers: the scenario's offers by policy, else the seats."""
        names, seats = self.beginning.order, self.resolved.scenario.seats
        if self.policy.target == "offers":
            return {name: self.resolved.offers_to_make(name) for name in names}
        return {name: seats[name] for name in names}

    def with_events(self, events: Iterable[Event], posed: Posed | None = None) -> Season:
        """The season with ``events`` appended, entered under the last call.

        ``posed``: the problem of the round that ``events`` leave, where it is known. Raises
        UsageError for an event that its state does not allow.
        """
        standing = self.standing.copy()
        more = tuple(replace(event, call=standing.call) for event in events)
        for event in more:
            apply(standing, event)
        after = replace(self, events=(*self.events, *more))
        after.__dict__["standing"] = standing
        if posed is not None:
            after.__dict__.update(round_now=posed.round, posed=posed)
            return after
        return after if any(changes_facts(event) for event in more) else self.shared_with(after)

    def shared_with(self, after: Season) -> Season:
        """``after``, a season of the same facts, with what is worked out of the round already."""
        known = {name: self.__dict__[name] for name in _OF_THE_ROUND if name in self.__dict__}
        after.__dict__.update(known)
        return after


def begun(
    sealed: str,
    round_: Round,
    resolved: ResolvedScenario,
    beginning: Beginning,
    policy: Policy,
    on: dt.date,
    by: str = "office",
) -> Season:
    """The season that begins when the sealed decision is published ``on`` that day."""
    start = Event(on, "start", by=by)
    return Season(sealed, round_, resolved, beginning, policy, (start,))


def expired(season: Season, on: dt.date, by: str = "office") -> Season:
    """The season with an ``expire`` for every offer whose deadline has passed ``on`` that day."""
    refuse_day(season, on)
    gone = [
        Event(on, "expire", one.person_id, one.offering_id, by=by)
        for one in silent_after(season.standing, on)
    ]
    return season.with_events(gone)


def called(season: Season, solver: How = None) -> CallPlan:
    """The plan of the next call, as the season stands; by both solvers unless one is named."""
    return next_call(season.posed, season.standing, season.target, solver)


def refuse_day(season: Season, on: dt.date) -> None:
    """Raises UsageError where a call would be dated before the last event."""
    last = season.standing.on
    if last is not None and on < last:
        raise UsageError(message("season.before-the-last-event", on=on, last=last))


def published(
    season: Season, offers: Sequence[Offer], on: dt.date, certificate: str, by: str = "office"
) -> Season:
    """The season in which the next call has made ``offers``; ``certificate`` is its SHA-256."""
    number = season.standing.call + 1
    event = Event(on, "call", by=by, call=number)
    after = replace(
        season,
        events=(*season.events, event),
        offers={**season.offers, number: tuple(offers)},
        certificates={**season.certificates, number: certificate},
    )
    standing = season.standing.copy()
    take_call(standing, number, on, offers)
    after.__dict__["standing"] = standing
    return season.shared_with(after)
