"""What the events add up to: the state of every application, and the frozen order of each list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from admissions.model.errors import UsageError
from admissions.model.messages import Message, message
from admissions.model.policy import Policy
from admissions.season.deadlines import deadline
from admissions.season.events import Event
from admissions.season.states import (
    HOLDING,
    NEXT,
    State,
    event_wording,
    of_others,
    possible,
    state_wording,
)

Key = tuple[str, str]
"""An application: its person's id and its offering's."""


@dataclass
class Application:
    """One application as it stands.

    ``preference``: 1 = most wanted; ``deadline``: the last day to answer, while offered;
    ``waiting_number``: 1 = next, 0 where there is none; ``extra``: its seat is one beside the
    target, which goes with the person; ``first``: the next free seat is this person's.
    """

    person_id: str
    offering_id: str
    preference: int
    state: State
    waiting_number: int = 0
    deadline: dt.date | None = None
    extra: bool = False
    first: bool = False

    @property
    def key(self) -> Key:
        """Person and offering."""
        return self.person_id, self.offering_id

    @property
    def holds(self) -> bool:
        """Whether a seat is this application's."""
        return self.state in HOLDING


@dataclass(frozen=True)
class Beginning:
    """What a season begins with: the sealed decision, and the deadlines that the round states.

    ``order``: for each offering the persons qualified there, first rank first; ``stated``: the
    answer deadline of each offering, None where the round has none.
    """

    applications: Sequence[Application]
    order: Mapping[str, Sequence[str]]
    stated: Mapping[str, dt.date | None]


@dataclass(frozen=True, order=True)
class Offer:
    """One row of a call's ``offers.csv``.

    ``event``: ``offered`` (who held none), ``replaced`` (for a held one that is less wanted) or
    ``extra-seat`` (made by an event since the call before; it is only told again).
    """

    offering_id: str
    person_id: str
    event: str


@dataclass
class Standing:
    """A season at one moment: the fold of its events.

    ``order``: for each offering the persons on its list in the frozen order, whatever has become of
    them; ``call``: the last one; ``on``: the day of the last event; ``called_on``: of the last
    call. Since that call: ``extra_seats`` that events have made; ``freed``: whose
    seats were freed, in turn, and which state did it. ``late``: who stands behind the published
    list.
    """

    policy: Policy
    stated: Mapping[str, dt.date | None]
    applications: dict[Key, Application]
    order: dict[str, list[str]]
    call: int = 1
    on: dt.date | None = None
    called_on: dt.date | None = None
    extra_seats: list[Offer] = field(default_factory=list)
    freed: list[tuple[Key, State]] = field(default_factory=list)
    late: set[Key] = field(default_factory=set)

    def of(self, person: str) -> list[Application]:
        """The applications of ``person``, most wanted first."""
        own = self._by_person.get(person, [])
        return sorted(own, key=lambda one: (one.preference, one.offering_id))

    def at(self, offering: str) -> list[Application]:
        """Those on the offering's list, in the frozen order."""
        return [self.applications[person, offering] for person in self.order[offering]]

    def in_line(self, offering: str) -> list[Application]:
        """Those who wait for the offering, whoever is next first."""
        waiting = [one for one in self.at(offering) if one.state is State.WAITING]
        return sorted(waiting, key=lambda one: not one.first)

    def holders(self, offering: str) -> list[Application]:
        """Those who hold a seat at the offering, in the frozen order."""
        return [one for one in self.at(offering) if one.holds]

    @property
    def persons(self) -> list[str]:
        """Everybody's id, sorted."""
        return sorted(self._by_person)

    def __post_init__(self) -> None:
        self._by_person: dict[str, list[Application]] = {}
        for one in self.applications.values():
            self._by_person.setdefault(one.person_id, []).append(one)

    def copy(self) -> Standing:
        """The same standing, to let something happen in."""
        return replace(
            self,
            applications={key: replace(one) for key, one in self.applications.items()},
            order={name: list(persons) for name, persons in self.order.items()},
            extra_seats=list(self.extra_seats),
            freed=list(self.freed),
            late=set(self.late),
        )

    def add(self, one: Application) -> None:
        """Takes in an application that is late."""
        self.applications[one.key] = one
        self._by_person.setdefault(one.person_id, []).append(one)


def fold(
    beginning: Beginning,
    policy: Policy,
    events: Iterable[Event],
    offers: Mapping[int, Sequence[Offer]],
) -> Standing:
    """What ``events`` make of the ``beginning``; ``offers`` are those of each call from the second.

    1. The start gives each offer of the sealed decision its deadline. 2. Each event does what
    ``apply`` says. 3. A call makes its offers, and then numbers the lists anew.

    Raises UsageError, naming what is possible, for an event that its state does not allow.
    """
    standing = beginning_of(beginning, policy)
    for event in events:
        if event.event == "call":
            take_call(standing, event.call, event.on, offers.get(event.call, ()))
        else:
            apply(standing, event)
    return standing


def beginning_of(beginning: Beginning, policy: Policy) -> Standing:
    """How a season stands before its first event."""
    return Standing(
        policy,
        beginning.stated,
        {
            one.key: Application(
                one.person_id, one.offering_id, one.preference, one.state, one.waiting_number
            )
            for one in beginning.applications
        },
        {name: list(persons) for name, persons in beginning.order.items()},
    )


def take_call(standing: Standing, call: int, on: dt.date, offers: Sequence[Offer]) -> None:
    """Makes the call's offers, then numbers each list: who waits, from 1 in the frozen order."""
    for offer in offers:
        if offer.event != "extra-seat":
            _offer(standing, standing.applications[offer.person_id, offer.offering_id], on)
    standing.call, standing.on, standing.called_on = call, on, on
    standing.extra_seats, standing.freed = [], []
    for one in standing.applications.values():
        one.waiting_number = 0
    for offering in standing.order:
        for number, one in enumerate(standing.in_line(offering), start=1):
            one.waiting_number = number


def apply(standing: Standing, event: Event) -> None:
    """Lets one event happen. Raises UsageError where the state does not allow it."""
    if event.event == "start":
        for one in standing.applications.values():
            if one.state is State.OFFERED:
                one.deadline = _deadline(standing, one, event.on)
        standing.called_on = event.on
    elif event.event in ("correct", "appeal-upheld", "late-application"):
        _place(standing, event)
    elif event.event == "close-lists":
        for one in standing.applications.values():
            if one.state is State.WAITING and event.offering_id in ("", one.offering_id):
                _move(standing, one, State.CLOSED)
    elif event.event not in ("appeal-received", "appeal-refused"):
        _one(standing, event)
    standing.on = event.on


def _one(standing: Standing, event: Event) -> None:
    one = application(standing, event.person_id, event.offering_id)
    after = NEXT[event.event].get(one.state)
    if after is None:
        raise UsageError(not_allowed(one, event.event))
    if after is State.OFFERED:
        _by_hand(standing, one, event)
        return
    _move(standing, one, after)
    kept: Sequence[str] = event.detail.get("keep", ())
    others = of_others(event.event, standing.policy)
    for other in standing.of(one.person_id):
        to = others.get(other.state)
        if to is None or other is one:
            continue
        if other.state is not State.WAITING or other.offering_id not in kept:
            _move(standing, other, to)


def _by_hand(standing: Standing, one: Application, event: Event) -> None:
    """A seat beside the target at once, or, for who is reinstated, the next free one by policy."""
    if event.event == "reinstate" and standing.policy.appeal == "next-free":
        if not _held_more_wanted(standing, one):
            _move(standing, one, State.WAITING)
            one.first = True
        return
    _extra_seat(standing, one, event.on)


def _place(standing: Standing, event: Event) -> None:
    """Puts a person into the lists where the facts of the event put them."""
    if event.event == "late-application":
        preference = int(event.detail["preference"])
        late = Application(event.person_id, event.offering_id, preference, State.NOT_QUALIFIED)
        standing.add(late)
        if standing.policy.late == "behind":
            standing.late.add(late.key)
    for offering, place in event.detail.get("places", {}).items():
        _take_place(standing, application(standing, event.person_id, offering), place)
    offering = event.detail.get("offer")
    if offering:
        one = application(standing, event.person_id, offering)
        if standing.policy.appeal == "next-free":
            one.first = True
        else:
            _extra_seat(standing, one, event.on)


def _take_place(standing: Standing, one: Application, place: int | None) -> None:
    """Puts ``one`` at ``place`` of its list, from 0; None: not qualified. Holders stay holders."""
    line = standing.order.setdefault(one.offering_id, [])
    if one.person_id in line:
        line.remove(one.person_id)
    if place is not None:
        line.insert(place, one.person_id)
        if one.state is State.NOT_QUALIFIED:
            lapsed = _held_more_wanted(standing, one)
            _move(standing, one, State.LAPSED if lapsed else State.WAITING)
    elif one.state in (State.WAITING, State.LAPSED):
        _move(standing, one, State.NOT_QUALIFIED)
    elif one.state is not State.NOT_QUALIFIED:
        line.append(one.person_id)


def _extra_seat(standing: Standing, one: Application, on: dt.date) -> None:
    _offer(standing, one, on)
    one.extra = True
    standing.extra_seats.append(Offer(one.offering_id, one.person_id, "extra-seat"))


def _offer(standing: Standing, one: Application, on: dt.date) -> None:
    """A new offer: the less wanted lapse, the held one is replaced or held beside it by policy."""
    others = of_others("offered", standing.policy)
    for other in standing.of(one.person_id):
        to = others.get(other.state)
        if to is None or other is one:
            continue
        if other.state is not State.WAITING or other.preference > one.preference:
            _move(standing, other, to)
    _move(standing, one, State.OFFERED)
    one.deadline = _deadline(standing, one, on)


def _move(standing: Standing, one: Application, state: State) -> None:
    if one.holds and not one.extra and state not in HOLDING:
        standing.freed.append((one.key, state))
    one.state = state
    one.deadline, one.first = None, False
    if state is not State.WAITING:
        one.waiting_number = 0
    if state not in HOLDING:
        one.extra = False


def _deadline(standing: Standing, one: Application, published: dt.date) -> dt.date:
    """A later offer's deadline is its own: the round's was for the first ones."""
    stated = standing.stated.get(one.offering_id) if standing.called_on is None else None
    return deadline(published, standing.policy.answer_days, stated)


def _held_more_wanted(standing: Standing, one: Application) -> bool:
    return any(o.holds and o.preference < one.preference for o in standing.of(one.person_id))


def application(standing: Standing, person: str, offering: str) -> Application:
    """The application of ``person`` for ``offering``. Raises UsageError where there is none."""
    found = standing.applications.get((person, offering))
    if found is None:
        own = [one.offering_id for one in standing.of(person)]
        if not own:
            raise UsageError(message("season.nobody", person=person))
        raise UsageError(
            message("season.no-application", person=person, offering=offering, own=own)
        )
    return found


def not_allowed(one: Application, event: str) -> Message:
    """Why ``event`` cannot happen to ``one``, and what can."""
    return message(
        "season.not-allowed",
        person=one.person_id,
        offering=one.offering_id,
        state=state_wording(one.state),
        event=event_wording(event),
        possible=[event_wording(event) for event in possible(one.state)] or None,
    )


def silent_after(standing: Standing, on: dt.date) -> Iterator[Application]:
    """Who has not answered an offer whose deadline was before ``on``, by person and offering."""
    for key in sorted(standing.applications):
        one = standing.applications[key]
        if one.state is State.OFFERED and one.deadline is not None and one.deadline < on:
            yield one
