"""What a season promises, O1 to O8, checked by code that shares none with the calls."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from admissions.verification.property import Noted, Property, judged
from admissions.verification.risk import allowed
from admissions.verification.season_limits import Bounds, Passed, kept_out
from admissions.verification.season_replay import (
    HOLDS,
    Key,
    Moment,
    Place,
    Row,
    SeasonFiles,
    due,
    off,
    replay,
)

LETTING_IN = ("correct", "appeal-upheld", "late-application", "reinstate")
"""By these somebody can come in ahead of those who wait."""

HAND_MADE = ("place", "reinstate", "annul")
FIFTH = "The events replay to the published state, and the chain of hashes holds"
OWN_ANSWERS = ("decline", "withdraw", "expire", "accept", "accept-final", "defer", "no-show",
               "dropped-out", "annul")  # fmt: skip
"""By these a person's own seat can become another's: own answers, silence, absence, annulment."""


@dataclass(frozen=True)
class Step:
    """One event with the moments before and after it."""

    row: Row
    before: Moment
    after: Moment

    @property
    def persons(self) -> Iterable[str]:
        """Whose applications it can have changed."""
        everybody = self.row["event"] in ("start", "call", "close-lists")
        return self.after.by_person if everybody else [self.row["person_id"]]

    @property
    def changed(self) -> Iterator[tuple[Key, Place | None, Place]]:
        """The applications that it changed: which, before and after."""
        for person in self.persons:
            for offering, place in self.after.own(person):
                before = self.before.places.get((person, offering))
                if before != place:
                    yield (person, offering), before, place


def steps_of(files: SeasonFiles) -> list[Step]:
    """The season, event by event. Raises KeyError where an event speaks of no application."""
    return [Step(row, before, after) for row, before, after in replay(files)]


def season_promises(
    files: SeasonFiles,
    target: Mapping[str, int],
    limited: Sequence[str],
    broken_row: int | None,
    published: Sequence[Row],
    bounds: Bounds | None = None,
    forced: int = 0,
) -> tuple[Property, ...]:
    """O1 to O8 of the season in ``files``.

    ``target``: the offers that each offering aims at, its seats where the policy goes by risk;
    ``limited``: the offerings at which a limit
    can let somebody pass; ``broken_row``: the first row of ``events.csv`` whose hash is another;
    ``published``: the rows of ``state.csv``; ``bounds``: the limits with the facts as the last call
    found them, None where they have changed since; ``forced``: how many who wait are passed over,
    as the solver has proven, in every plan of the last call. Beside a quota, or maxima that
    overlap, it can be so (Kamada & Kojima 2015).
    """
    steps = steps_of(files)
    calls = [step for step in steps if step.row["event"] == "call"]
    worse = [line for step in steps for line in _worse_off(step)]
    passed = [line for step in calls for line in _passed_over(step, limited)]
    if bounds is not None and calls:
        beside = list(_passed_beside_limits(calls[-1], limited, bounds))
        passed += [] if len({key for key, _ in beside}) <= forced else [line for _, line in beside]
    many = [line for step in steps for line in _too_many(step, target, files.policy)]
    two = [line for step in steps for line in _two_to_answer(files, step)]
    apart = [*_not_as_published(steps, published)]
    chain = [] if broken_row is None else [Noted("events-row", row=broken_row)]
    numbers = [*_numbers_moved(steps)]
    early = [line for step in steps for line in _early(files, step)]
    bare = [Noted("events-row", row=n) for n, step in enumerate(steps, start=2)
            if step.row["event"] in (*HAND_MADE, "correct", "appeal-upheld", "late-application")
            and not step.row["reason"].strip()]  # fmt: skip
    found = (
        ("O1", "Nobody who holds is worse off but by their own answer", worse),
        ("O2", "Each new offer goes to the first in the frozen order who still waits", passed),
        ("O3", "No offering makes more offers than its target, but what it had and extra seats",
         many),
        ("O4", "A new offer has a deadline of its own, and nobody has two to answer", two),
        ("O5", FIFTH, [*apart, *chain]),
        ("O6", "Waiting numbers change only with a call, and only downwards", numbers),
        ("O7", "No deadline is before the days promised, and none on a day off", early),
        ("O8", "Every change by hand has a reason", bare),
    )  # fmt: skip
    return tuple(
        judged(name, statement, broken=len(lines), lines=lines, events=len(steps))
        for name, statement, lines in found
    )


def _best(moment: Moment, person: str) -> int | None:
    held = [place.preference for _, place in moment.own(person) if place.state in HOLDS]
    return min(held, default=None)


def _worse_off(step: Step) -> Iterator[str]:
    own = step.row["person_id"] if step.row["event"] in OWN_ANSWERS else None
    for person in sorted({key[0] for key, _, _ in step.changed} - {own}):
        before, after = _best(step.before, person), _best(step.after, person)
        if before is not None and (after is None or after > before):
            yield Noted("worse-off", person=person, seq=step.row["seq"], event=step.row["event"])


def _passed_over(step: Step, limited: Sequence[str]) -> Iterator[str]:
    """Whoever still waits ahead of somebody whom the call offered a seat there."""
    for offering, line in step.after.lines.items():
        if offering in limited:
            continue
        places = [(person, step.after.places[person, offering]) for person in line]
        ordered = sorted(places, key=lambda one: not step.before.places[one[0], offering].first)
        waits = ""
        for person, place in ordered:
            new = place.state == "offered" and not _held(step.before, (person, offering))
            if new and waits:
                yield Noted("passed-over", person=person, offering=offering, waits=waits)
            if place.state == "waiting" and not waits:
                waits = person


def _passed_beside_limits(
    step: Step, limited: Sequence[str], bounds: Bounds
) -> Iterator[tuple[Key, str]]:
    """Whoever still waits ahead of a new offer where limits bear, and no limit kept them out.

    Which application, and what is said of it and the offer.
    """
    for offering in limited:
        line = step.after.lines.get(offering, [])
        line = sorted(line, key=lambda p: not step.before.places[p, offering].first)
        held = [p for p in line if step.after.places[p, offering].state in HOLDS]
        new = [p for p in held if not _held(step.before, (p, offering))]
        holders = [*(p for p in held if p not in new), *new]
        for gets in new:
            for waits in line[: line.index(gets)]:
                between = _between(step, offering, gets) if bounds.in_rounds else []
                passed = Passed(offering, waits, gets, holders, between)
                if step.after.places[waits, offering].state == "waiting" and not kept_out(
                    bounds, step.after, passed
                ):
                    said = Noted(
                        "passed-beside-limits", person=gets, offering=offering, waits=waits
                    )
                    yield (waits, offering), said


def _between(step: Step, offering: str, gets: str) -> list[str]:
    """Who held a seat there, or waited for it ahead of ``gets``, and has something wanted more now.

    In a round of the call before their own better offer each could stand in somebody's way.
    """
    line = step.after.lines[offering]
    ahead = {*line[: line.index(gets)]}

    def gave_back(person: str) -> bool:
        before = step.before.places[person, offering].state
        after = step.after.places[person, offering].state
        waited = person in ahead and (before, after) == ("waiting", "lapsed")
        return waited or (before in HOLDS and after not in HOLDS)

    return [person for person in line if gave_back(person)]


def _held(moment: Moment, key: Key) -> bool:
    return key in moment.places and moment.places[key].state in HOLDS


def _too_many(step: Step, target: Mapping[str, int], policy: Mapping[str, Any]) -> Iterator[str]:
    if not any(place.state in HOLDS and not place.extra for _, _, place in step.changed):
        return
    for offering, seats in target.items():
        had, has = (
            sum(
                at == offering and place.state in HOLDS and not place.extra
                for (_, at), place in moment.places.items()
            )
            for moment in (step.before, step.after)
        )
        if has <= max(seats, had):
            continue
        by_risk = policy["target"] == "risk" and step.row["event"] == "call"
        aim = allowed(step.before, offering, seats, policy) if by_risk else seats
        if has > max(aim, had):
            yield Noted("beyond-target", offering=offering, n=has, seq=step.row["seq"], seats=aim)


def _two_to_answer(files: SeasonFiles, step: Step) -> Iterator[str]:
    for person in sorted({key[0] for key, _, _ in step.changed}):
        held = [(at, place) for at, place in step.after.own(person) if place.state in HOLDS]
        if len(held) > 1 and files.policy["better_offer"] == "replace":
            yield Noted("two-to-answer", person=person, seq=step.row["seq"])
        for at, place in held:
            if place.state == "offered" and place.deadline is None:
                yield Noted("no-deadline", person=person, offering=at)


def _not_as_published(steps: Sequence[Step], published: Sequence[Row]) -> Iterator[str]:
    places = steps[-1].after.places if steps else {}
    told = {(row["person_id"], row["offering_id"]): row for row in published}
    for key in sorted({*places, *told}):
        place, row = places.get(key), told.get(key)
        right = None if place is None else (
            str(place.preference), place.state,
            place.deadline.isoformat() if place.deadline else "", str(place.number or ""),
        )  # fmt: skip
        said = (
            None
            if row is None
            else tuple(row[name] for name in ("preference", "state", "deadline", "waiting_number"))
        )
        if right != said:
            yield Noted("other-state", person=key[0], offering=key[1])


def _numbers_moved(steps: Sequence[Step]) -> Iterator[str]:
    """Numbers that change without a call, or rise at one where nothing let anybody in ahead."""
    let_in: set[str | None] = set()
    for step in steps:
        event = step.row["event"]
        if event in LETTING_IN:
            detail = _detail(step)
            let_in |= {step.row["offering_id"], detail.get("offer"), *detail.get("places", {})}
        for key, before, place in step.changed:
            if before is None or not (before.number and place.number):
                continue
            risen = place.number > before.number and key[1] not in let_in
            if place.number != before.number and (event != "call" or risen):
                yield Noted("number-moved", person=key[0], offering=key[1], seq=step.row["seq"])
        if event == "call":
            let_in = set()


def _detail(step: Step) -> dict[str, Any]:
    return json.loads(step.row["detail"]) if step.row["detail"] else {}


def _early(files: SeasonFiles, step: Step) -> Iterator[str]:
    on = dt.date.fromisoformat(step.row["on"])
    for key, before, place in step.changed:
        new = place.deadline is not None and (before is None or before.deadline != place.deadline)
        day = place.deadline
        if new and day is not None and (day < due(on, files.policy, "") or off(day)):
            yield Noted("early", person=key[0], offering=key[1], day=day.isoformat())
