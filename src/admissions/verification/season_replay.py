"""A season replayed from its files alone, by a plain reading of what each event means.

It shares nothing with the code that runs a season: rows in, rows out.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

Row = Mapping[str, str]
Key = tuple[str, str]

HOLDS = ("offered", "accepted", "enrolled", "met", "completed")


@dataclass
class Place:
    """One application at one moment: ``number`` is the waiting number, 0 where there is none."""

    preference: int
    state: str
    number: int = 0
    deadline: dt.date | None = None
    extra: bool = False
    first: bool = False


@dataclass
class Moment:
    """All applications at one moment, and each offering's list in the frozen order."""

    places: dict[Key, Place]
    lines: dict[str, list[str]]
    by_person: dict[str, list[str]] = field(default_factory=dict)
    last_call: dt.date | None = None

    def copy(self, persons: Iterable[str]) -> Moment:
        """The same moment, where the applications of ``persons`` and the lists can be altered."""
        places = dict(self.places)
        for person in persons:
            for offering in self.by_person.get(person, ()):
                places[person, offering] = replace(places[person, offering])
        lines = {offering: list(line) for offering, line in self.lines.items()}
        by_person = {person: list(own) for person, own in self.by_person.items()}
        return Moment(places, lines, by_person, self.last_call)

    def own(self, person: str) -> list[tuple[str, Place]]:
        """The applications of ``person``: offering and place."""
        return [(at, self.places[person, at]) for at in self.by_person.get(person, ())]


@dataclass(frozen=True)
class SeasonFiles:
    """What the files of a season say, as rows of text.

    ``decisions``: the first call's; ``offers``: of each later call, by its number; ``stated``: the
    answer deadlines that the round states, by offering, ISO.
    """

    decisions: Sequence[Row]
    events: Sequence[Row]
    offers: Mapping[int, Sequence[Row]]
    policy: Mapping[str, Any]
    stated: Mapping[str, str]


def beginning(files: SeasonFiles) -> Moment:
    """The sealed decision: outcomes as states, the qualified by rank."""
    places: dict[Key, Place] = {}
    ranked: dict[str, list[tuple[int, str]]] = {}
    for row in files.decisions:
        key = (row["person_id"], row["offering_id"])
        state = "replaced" if row["outcome"] == "declined" else row["outcome"]
        places[key] = Place(int(row["preference"]), state, int(row["waiting_number"] or 0))
        if row["rank"]:
            ranked.setdefault(key[1], []).append((int(row["rank"]), key[0]))
    lines = {offering: [person for _, person in sorted(line)] for offering, line in ranked.items()}
    moment = Moment(places, lines)
    for person, offering in places:
        moment.by_person.setdefault(person, []).append(offering)
    return moment


def replay(files: SeasonFiles) -> Iterator[tuple[Row, Moment, Moment]]:
    """Each event with the moment before it and the one after."""
    before = beginning(files)
    for row in files.events:
        everybody = row["event"] in ("start", "call", "close-lists")
        after = before.copy(before.by_person if everybody else [row["person_id"]])
        _happen(files, after, row)
        yield row, before, after
        before = after


def _happen(files: SeasonFiles, moment: Moment, row: Row) -> None:
    event, person, offering = row["event"], row["person_id"], row["offering_id"]
    on = dt.date.fromisoformat(row["on"])
    detail = json.loads(row["detail"]) if row["detail"] else {}
    if event == "start":
        _start(files, moment, on)
    elif event == "call":
        _call(files, moment, int(row["call"]), on)
    elif event == "close-lists":
        for (_, at), place in moment.places.items():
            if place.state == "waiting" and offering in ("", at):
                _becomes(place, "closed")
    elif event in ("correct", "appeal-upheld", "late-application"):
        _facts(files, moment, row, detail, on)
    elif event in ("place", "reinstate"):
        _by_hand(files, moment, row, on)
    elif event not in ("appeal-received", "appeal-refused"):
        _answer(files, moment, event, person, offering, detail)


def _start(files: SeasonFiles, moment: Moment, on: dt.date) -> None:
    for (_, at), place in moment.places.items():
        if place.state == "offered":
            place.deadline = due(on, files.policy, files.stated.get(at, ""))
    moment.last_call = on


def _by_hand(files: SeasonFiles, moment: Moment, row: Row, on: dt.date) -> None:
    person, offering = row["person_id"], row["offering_id"]
    place = moment.places[person, offering]
    if row["event"] == "place" or files.policy["appeal"] == "extra-seat":
        _extra(files, moment, person, offering, on)
    elif not _holds_better(moment, person, place.preference):
        _becomes(place, "waiting")
        place.first = True


def _holds_better(moment: Moment, person: str, preference: int) -> bool:
    return any(p.state in HOLDS and p.preference < preference for _, p in moment.own(person))


AFTER = {
    "accept": "accepted", "accept-final": "accepted", "decline": "declined", "leave": "left",
    "withdraw": "withdrawn", "expire": "expired", "annul": "annulled", "defer": "deferred",
    "enrolled": "enrolled", "met": "met", "no-show": "no-show", "completed": "completed",
    "dropped-out": "dropped-out",
}  # fmt: skip
"""What an application becomes by each event of its own."""


def _answer(
    files: SeasonFiles,
    moment: Moment,
    event: str,
    person: str,
    offering: str,
    detail: Mapping[str, Any],
) -> None:
    _becomes(moment.places[person, offering], AFTER[event])
    others = [(o, place) for o, place in moment.own(person) if o != offering]
    if event in ("accept", "accept-final"):
        for _, place in others:
            if place.state in HOLDS:
                _becomes(place, "declined")
    for at, place in others:
        gone = _waiting_become(files, event)
        if place.state == "waiting" and gone and at not in detail.get("keep", ()):
            _becomes(place, gone)


def _waiting_become(files: SeasonFiles, event: str) -> str:
    """What the waiting places become by an event of another application; "" as they are."""
    if event in ("accept-final", "withdraw", "annul"):
        return "left"
    if event == "expire" and files.policy["silence"] == "lose-all":
        return "expired"
    return "left" if event == "accept" and files.policy["waiting_needs_yes"] else ""


def _facts(
    files: SeasonFiles,
    moment: Moment,
    row: Row,
    detail: Mapping[str, Any],
    on: dt.date,
) -> None:
    person = row["person_id"]
    if row["event"] == "late-application":
        late = Place(int(detail["preference"]), "not-qualified")
        moment.places[person, row["offering_id"]] = late
        moment.by_person.setdefault(person, []).append(row["offering_id"])
    for offering, at in detail.get("places", {}).items():
        place = moment.places[person, offering]
        line = [one for one in moment.lines.get(offering, []) if one != person]
        if at is not None:
            line.insert(at, person)
            if place.state == "not-qualified":
                above = _holds_better(moment, person, place.preference)
                _becomes(place, "lapsed" if above else "waiting")
        elif place.state in ("waiting", "lapsed"):
            _becomes(place, "not-qualified")
        elif place.state != "not-qualified":
            line.append(person)
        moment.lines[offering] = line
    if detail.get("offer"):
        if files.policy["appeal"] == "next-free":
            moment.places[person, detail["offer"]].first = True
        else:
            _extra(files, moment, person, detail["offer"], on)


def _call(files: SeasonFiles, moment: Moment, number: int, on: dt.date) -> None:
    for offer in files.offers.get(number, ()):
        if offer["event"] != "extra-seat":
            _offered(files, moment, offer["person_id"], offer["offering_id"], on)
    moment.last_call = on
    for place in moment.places.values():
        place.number = 0
    for offering, line in moment.lines.items():
        waits = [moment.places[p, offering] for p in line]
        waits = [place for place in waits if place.state == "waiting"]
        in_line = [p for p in waits if p.first] + [p for p in waits if not p.first]
        for count, place in enumerate(in_line, start=1):
            place.number = count


def _extra(files: SeasonFiles, moment: Moment, person: str, offering: str, on: dt.date) -> None:
    _offered(files, moment, person, offering, on)
    moment.places[person, offering].extra = True


def _offered(files: SeasonFiles, moment: Moment, person: str, offering: str, on: dt.date) -> None:
    wanted = moment.places[person, offering].preference
    for at, place in moment.own(person):
        if at == offering:
            continue
        if place.state == "waiting" and place.preference > wanted:
            _becomes(place, "lapsed")
        elif place.state in HOLDS and files.policy["better_offer"] == "replace":
            _becomes(place, "replaced")
    _becomes(moment.places[person, offering], "offered")
    moment.places[person, offering].deadline = due(on, files.policy, "")


def _becomes(place: Place, state: str) -> None:
    place.state, place.deadline, place.first = state, None, False
    place.number = place.number if state == "waiting" else 0
    place.extra = place.extra and state in HOLDS


def due(published: dt.date, policy: Mapping[str, Any], stated: str) -> dt.date:
    """The last day to answer: as many days as promised, or as stated, and no day off."""
    day = published + dt.timedelta(days=int(policy["answer_days"]))
    if stated:
        day = max(day, dt.date.fromisoformat(stated))
    while off(day):
        day += dt.timedelta(days=1)
    return day


def off(day: dt.date) -> bool:
    """Saturdays, Sundays, public holidays, Christmas Eve and New Year's Eve."""
    eve = (day.month, day.day) in ((12, 24), (12, 31))
    return eve or day.isoweekday() > 5 or day in public_holidays(day.year)


@cache
def public_holidays(year: int) -> frozenset[dt.date]:
    """Norway's in that year."""
    import holidays

    return frozenset(holidays.country_holidays("NO", years=year))
