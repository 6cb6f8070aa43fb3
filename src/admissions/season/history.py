"""What has happened to each application of a season, as typed reasons: why it stands as it does.

Nothing here is another person's: of those ahead on a list only how many they were, and of a seat
how it came to be free. ``history_words`` puts them into words.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any, Literal

from admissions.season.chains import Link, chains
from admissions.season.events import Event
from admissions.season.season import Season
from admissions.season.standing import Application, Key, Offer, apply, beginning_of, take_call
from admissions.season.states import ANSWERS, FOR_A_PERSON, HAND_MADE, State

Seat = Literal[
    "free", "given-up", "withdrawn", "expired", "annulled", "deferred", "no-show", "dropped-out",
    "moved-on",
]  # fmt: skip
Gives = Literal["seat", "next-seat", "place", "qualified", "not-qualified", "nothing"]


_FREED: Mapping[State, Seat] = {
    State.DECLINED: "given-up",
    State.WITHDRAWN: "withdrawn",
    State.EXPIRED: "expired",
    State.ANNULLED: "annulled",
    State.DEFERRED: "deferred",
    State.NO_SHOW: "no-show",
    State.DROPPED_OUT: "dropped-out",
    State.REPLACED: "moved-on",
}


@dataclass(frozen=True)
class OfferCalled:
    """A call offered the person a seat.

    ``seat``: ``free`` where nobody had it, else how it was freed; ``moved-on``: left for a better
    one. ``gave_up``: the offering whose seat the person had until then, "" for none.
    """

    seat: Seat
    gave_up: str = ""


@dataclass(frozen=True)
class NumberChanged:
    """The waiting number is another since the call; ``before``: 0 where there was none.

    Of those who stood ahead, so many were ``offered`` a seat here, got one ``elsewhere`` that they
    want more, or ``gave_up`` waiting; so many were ``let_in`` ahead (below 0: moved behind).
    ``own_place``: the person's own place on the list is another, and that is the rest of it.
    """

    before: int
    after: int
    offered: int = 0
    elsewhere: int = 0
    gave_up: int = 0
    let_in: int = 0
    own_place: bool = False


@dataclass(frozen=True)
class Corrected:
    """A fact was corrected, or an appeal upheld; ``old`` and ``new`` as a file states them.

    ``gives``: here, a ``seat`` at once, the ``next-seat`` that is free, another ``place`` on the
    list, a place where there was none, or none where there was one.
    """

    event: str
    fact: str
    old: str
    new: str
    gives: Gives


@dataclass(frozen=True)
class AnswerGiven:
    """The person answered, left the list, or withdrew."""

    answer: str


@dataclass(frozen=True)
class Recorded:
    """The office recorded something, or the deadline passed; ``reason`` where done by hand."""

    event: str
    reason: str = ""


@dataclass(frozen=True)
class GaveWay:
    """What happened to the person's application for ``offering`` made this one become ``state``."""

    state: State
    offering: str
    event: str


Reason = OfferCalled | NumberChanged | Corrected | AnswerGiven | Recorded | GaveWay


@dataclass(frozen=True)
class Happening:
    """One reason: the day, and the ``call`` that it is part of or comes before."""

    on: dt.date
    call: int
    reason: Reason


@dataclass(frozen=True)
class History:
    """One application as it stands, and all that has happened to it since the first decision.

    ``changed``: the last call (and what expired with it) changed its state or waiting number; of a
    season without one, always.
    """

    application: Application
    happenings: tuple[Happening, ...]
    changed: bool
    last_call: int

    @property
    def since_the_call_before(self) -> tuple[Happening, ...]:
        """What has happened since the last call but one was published."""
        return tuple(one for one in self.happenings if one.call >= self.last_call)


def histories(season: Season) -> Mapping[Key, History]:
    """The history of every application of ``season``, by person and preference.

    1. The season is played event by event. 2. Whatever an event changes of an application is one
    reason: its own, or that another of the same person made it so. 3. A call's reasons are its
    offers, then the waiting numbers that moved.
    """
    play = _Play(season)
    found: dict[Key, list[Happening]] = {}
    called_at = _last_call(season.events)
    before_call: dict[Key, tuple[State, int]] = {}
    for number, event in enumerate(season.events):
        if number == called_at:
            before_call = play.states_and_numbers()
        call = event.call if event.event == "call" else event.call + 1
        for key, reason in play.happens(event):
            found.setdefault(key, []).append(Happening(event.on, call, reason))
    now, standing = play.states_and_numbers(), play.standing
    ordered = sorted(
        standing.applications.values(), key=lambda o: (o.person_id, o.preference, o.offering_id)
    )
    return {
        one.key: History(
            one,
            tuple(found.get(one.key, ())),
            not before_call or before_call.get(one.key) != now[one.key],
            standing.call,
        )
        for one in ordered
    }


def _last_call(events: Sequence[Event]) -> int:
    """Where the last call begins among ``events``: with what expired for it; -1 for no call."""
    calls = [number for number, event in enumerate(events) if event.event == "call"]
    if not calls:
        return -1
    last = events[calls[-1]]
    with_it = takewhile(
        lambda event: event.event == "expire" and event.on == last.on,
        reversed(events[: calls[-1]]),
    )
    return calls[-1] - sum(1 for _ in with_it)


class _Play:
    """A season as it is played: how it stands now, and what the last call left of numbers."""

    def __init__(self, season: Season) -> None:
        self.standing = beginning_of(season.beginning, season.policy)
        self._offers = season.offers
        self._placed: set[Key] = set()
        self._numbers = self._numbers_now()

    def states_and_numbers(self) -> dict[Key, tuple[State, int]]:
        """Of every application now."""
        every = self.standing.applications
        return {key: (one.state, one.waiting_number) for key, one in every.items()}

    def happens(self, event: Event) -> Iterator[tuple[Key, Reason]]:
        """Lets ``event`` happen, and tells what it did to which application."""
        if event.event == "call":
            yield from self._call(event, self._offers.get(event.call, ()))
        elif event.event == "close-lists":
            before = self._states(self.standing.persons)
            apply(self.standing, event)
            yield from ((key, Recorded("close-lists")) for key in self._changed(before))
        else:
            before = self._states([event.person_id])
            apply(self.standing, event)
            yield from self._of_one_person(event, before)

    def _of_one_person(
        self, event: Event, before: Mapping[Key, State]
    ) -> Iterator[tuple[Key, Reason]]:
        offering = event.detail.get("offer", event.offering_id)
        self._placed |= {(event.person_id, at) for at in event.detail.get("places", {})}
        for one in self.standing.of(event.person_id):
            was = before.get(one.key)
            own = _own_reason(event, one, was)
            if own is not None:
                yield one.key, own
            elif was is not one.state:
                yield one.key, GaveWay(one.state, offering, event.event)

    def _call(self, event: Event, offers: Sequence[Offer]) -> Iterator[tuple[Key, Reason]]:
        standing, numbers = self.standing, self._numbers
        chain = chains(standing, offers)
        new = [one for one in offers if one.event != "extra-seat"]
        before = self._states([one.person_id for one in new])
        take_call(standing, event.call, event.on, offers)
        self._numbers = self._numbers_now()
        links = {(link.person_id, link.offering_id): n for n, link in enumerate(chain) if link.step}
        to = {one.person_id: one.offering_id for one in new}
        for person, offering in to.items():
            at = links[person, offering]
            yield (person, offering), OfferCalled(_seat(chain[at - 1]), chain[at].gave_up)
        for key in self._changed(before):
            if to[key[0]] != key[1]:
                yield key, GaveWay(standing.applications[key].state, to[key[0]], "call")
        yield from self._moved(numbers)
        self._placed = set()

    def _moved(self, before: Mapping[Key, int]) -> Iterator[tuple[Key, NumberChanged]]:
        """Whose waiting number is another, and what became of those who stood ahead."""
        lines: dict[str, list[tuple[int, Key]]] = {name: [] for name in self.standing.order}
        for key, number in before.items():
            if number:
                lines.setdefault(key[1], []).append((number, key))
        for offering, line in lines.items():
            gone = {"offered": 0, "elsewhere": 0, "gave_up": 0}
            for number, key in sorted(line):
                one = self.standing.applications[key]
                now = one.waiting_number
                if now and now != number:
                    rest = now - number + sum(gone.values())
                    own = key in self._placed
                    yield (
                        key,
                        NumberChanged(
                            number,
                            now,
                            **gone,
                            let_in=0 if own else rest,
                            own_place=own and rest != 0,
                        ),
                    )
                if one.state is not State.WAITING:
                    gone[_became(one)] += 1
            for one in self.standing.in_line(offering):
                if not before.get(one.key):
                    yield one.key, NumberChanged(0, one.waiting_number)

    def _numbers_now(self) -> dict[Key, int]:
        return {key: one.waiting_number for key, one in self.standing.applications.items()}

    def _states(self, persons: Iterable[str]) -> dict[Key, State]:
        return {one.key: one.state for person in persons for one in self.standing.of(person)}

    def _changed(self, before: Mapping[Key, State]) -> Iterator[Key]:
        every = self.standing.applications
        return (key for key, state in before.items() if every[key].state is not state)


def _seat(before: Link) -> Seat:
    """How a seat came to be free, by the link before it in its chain."""
    if before.step:
        return "moved-on"
    return _FREED[State(before.became)] if before.person_id else "free"


def _own_reason(event: Event, one: Application, before: State | None) -> Reason | None:
    """What ``event`` itself says of ``one``; None where it speaks of another application."""
    here = event.offering_id == one.offering_id
    if event.event in ANSWERS:
        return AnswerGiven(event.event) if here else None
    if event.event in ("correct", "appeal-upheld") and "fact" in event.detail:
        gives = _gives(event.detail, one, before)
        if gives == "nothing" and before is not one.state:
            return None
        fact, old, new = (event.detail[name] for name in ("fact", "old", "new"))
        return Corrected(event.event, fact, old, new, gives)
    if event.event in FOR_A_PERSON:
        return Recorded(event.event) if here or not event.offering_id else None
    return Recorded(event.event, event.reason if event.event in HAND_MADE else "") if here else None


def _gives(detail: Mapping[str, Any], one: Application, before: State | None) -> Gives:
    """What a corrected fact gives the application ``one``."""
    if detail.get("offer") == one.offering_id:
        return "next-seat" if one.first else "seat"
    if one.offering_id not in detail.get("places", {}):
        return "nothing"
    if detail["places"][one.offering_id] is None:
        return "not-qualified"
    return "qualified" if before is State.NOT_QUALIFIED else "place"


def _became(one: Application) -> Literal["offered", "elsewhere", "gave_up"]:
    """What became of somebody who waited and does no more."""
    if one.state is State.LAPSED:
        return "elsewhere"
    return "offered" if one.holds or one.state is State.REPLACED else "gave_up"
