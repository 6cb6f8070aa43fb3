"""Where a season stands, offering by offering, and what needs a person today."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from admissions.season.season import Season
from admissions.season.standing import Application
from admissions.season.states import ANSWERED_YES, ANSWERS, GIVEN_UP, State


@dataclass(frozen=True)
class OfferingStatus:
    """How one offering stands.

    Its ``seats``; offers ``out`` (answered yes, or not yet); who said ``yes``; ``no``: declined,
    fell silent, withdrew, stayed away; ``silent``: has not answered; ``free`` seats; ``next`` on
    the list, "" where nobody waits.
    """

    seats: int
    out: int
    yes: int
    no: int
    silent: int
    free: int
    next: str


def status_of(season: Season) -> Mapping[str, OfferingStatus]:
    """The status of each offering, by id."""
    standing, target, found = season.standing, season.target, {}
    for offering in sorted(standing.order):
        every = [one for one in standing.applications.values() if one.offering_id == offering]
        line = standing.in_line(offering)
        out = [one for one in every if one.holds]
        beside = sum(one.extra for one in out)
        found[offering] = OfferingStatus(
            seats=season.resolved.scenario.seats[offering],
            out=len(out),
            yes=sum(one.state in ANSWERED_YES for one in every),
            no=sum(one.state in GIVEN_UP for one in every),
            silent=sum(one.state is State.OFFERED for one in every),
            free=max(0, target[offering] - len(out) + beside),
            next=line[0].person_id if line else "",
        )
    return found


def due(season: Season, on: dt.date, days: int) -> list[Application]:
    """Who has not answered and is due within ``days`` of ``on``, the soonest first."""
    last = on + dt.timedelta(days=days)
    silent = [
        one
        for one in season.standing.applications.values()
        if one.state is State.OFFERED and one.deadline is not None and on <= one.deadline <= last
    ]
    return sorted(silent, key=lambda one: (one.deadline, one.person_id, one.offering_id))


def answers_since_call(season: Season) -> int:
    """How many answers have been entered since the last call, or the beginning."""
    call = season.standing.call
    return sum(event.event in ANSWERS and event.call == call for event in season.events)


def appeals_pending(season: Season) -> list[tuple[str, dt.date]]:
    """Whose appeal was received and is not decided, and since when; the oldest first."""
    since: dict[str, dt.date] = {}
    for event in season.events:
        if event.event == "appeal-received":
            since.setdefault(event.person_id, event.on)
        elif event.event in ("appeal-upheld", "appeal-refused"):
            since.pop(event.person_id, None)
    return sorted(since.items(), key=lambda one: (one[1], one[0]))
