"""Each promise broken on purpose, in files that agree with themselves, and caught by its name.

A year is played rightly and turned into what its files say; then one thing is made otherwise, and
whatever follows from it is made to agree (the state that is published, the chain of hashes): only
the promise itself is left to find it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from admissions.verification.season import season_promises, steps_of
from admissions.verification.season_limits import Bounds
from admissions.verification.season_replay import SeasonFiles

POLICY: dict[str, Any] = {
    "answer_days": 8, "better_offer": "replace", "waiting_needs_yes": False, "silence": "lose-all",
    "late": "behind", "appeal": "extra-seat", "target": "seats",
}  # fmt: skip
TARGET = {"minoritet": 1, "relasjon": 1}


def decision(
    person: str, offering: str, preference: int, outcome: str, rank: int, number: int = 0
) -> dict[str, str]:
    return {
        "person_id": person, "offering_id": offering, "preference": str(preference),
        "outcome": outcome, "rank": str(rank), "waiting_number": str(number or ""),
    }  # fmt: skip


def event(on: str, name: str, person: str = "", offering: str = "", **more: str) -> dict[str, str]:
    return {
        "on": on, "event": name, "person_id": person, "offering_id": offering, "detail": "",
        "reason": "", "call": "1", **more,
    }  # fmt: skip


DECISIONS = [
    decision("a", "minoritet", 1, "offered", 1),
    decision("b", "minoritet", 1, "waiting", 2, 1),
    decision("d", "minoritet", 1, "waiting", 3, 2),
    decision("e", "minoritet", 1, "waiting", 4, 3),
    decision("b", "relasjon", 2, "offered", 1),
    decision("c", "relasjon", 1, "waiting", 2, 1),
]
"""a has the seat at minoritet, b the one at relasjon; b, d and e wait for a's, c for b's."""

EVENTS = [
    event("2019-06-03", "start"),
    event("2019-06-05", "decline", "a", "minoritet"),
    event("2019-06-05", "accept", "b", "relasjon"),
    event("2019-06-12", "call", call="2"),
]
OFFERS = {
    2: [
        {"offering_id": "minoritet", "person_id": "b", "event": "replaced"},
        {"offering_id": "relasjon", "person_id": "c", "event": "offered"},
    ]
}
RIGHT = SeasonFiles(DECISIONS, EVENTS, OFFERS, POLICY, {})


def broken(
    files: SeasonFiles,
    *,
    row: int | None = None,
    told: list[dict[str, str]] | None = None,
    limited: tuple[str, ...] = (),
    bounds: Bounds | None = None,
) -> list[str]:
    """Which promises do not hold of ``files``, whose state is published as they have it."""
    numbered = [{**one, "seq": str(n)} for n, one in enumerate(files.events, start=1)]
    files = replace(files, events=numbered)
    published = state(files) if told is None else told
    found = season_promises(files, TARGET, limited, row, published, bounds)
    return [one.id for one in found if not one.holds]


def state(files: SeasonFiles) -> list[dict[str, str]]:
    places = steps_of(files)[-1].after.places
    return [
        {
            "person_id": person, "offering_id": offering, "preference": str(place.preference),
            "state": place.state, "waiting_number": str(place.number or ""),
            "deadline": place.deadline.isoformat() if place.deadline else "",
        }
        for (person, offering), place in places.items()
    ]  # fmt: skip


def offers(*rows: tuple[str, str, str]) -> dict[int, list[dict[str, str]]]:
    return {2: [{"person_id": p, "offering_id": o, "event": e} for p, o, e in rows]}


def events(*more: dict[str, str]) -> list[dict[str, str]]:
    """The right events with ``more`` before the call."""
    return [*EVENTS[:3], *more, EVENTS[3]]


def test_the_year_as_it_was_keeps_all_eight() -> None:
    assert broken(RIGHT) == []


FORGED: dict[str, tuple[str, SeasonFiles]] = {
    "a call gives a holder something wanted less": (
        "O1",
        replace(
            RIGHT,
            decisions=[
                decision("b", "minoritet", 1, "offered", 1),
                decision("b", "relasjon", 2, "waiting", 1, 1),
            ],
            events=[EVENTS[0], EVENTS[3]],
            offers=offers(("b", "relasjon", "replaced")),
        ),
    ),
    "a place by hand takes a better seat from its person": (
        "O1",
        replace(
            RIGHT,
            events=[
                *EVENTS,
                event("2019-06-13", "place", "b", "relasjon", reason="office-error"),
            ],
            offers=offers(("b", "minoritet", "replaced")),
        ),
    ),
    "d is called while b waits ahead": (
        "O2",
        replace(RIGHT, offers=offers(("d", "minoritet", "offered"))),
    ),
    "two are called for one seat": (
        "O3",
        replace(
            RIGHT,
            offers=offers(("b", "minoritet", "replaced"), ("d", "minoritet", "offered")),
        ),
    ),
    "under replace b holds both": (
        "O4",
        replace(
            RIGHT,
            decisions=[
                {**one, "outcome": "offered", "waiting_number": ""}
                if (one["person_id"], one["offering_id"]) == ("b", "minoritet")
                else one
                for one in DECISIONS
            ],
            events=EVENTS[:1],
            offers={},
        ),
    ),
    "a correction without a reason": (
        "O8",
        replace(RIGHT, events=events(event("2019-06-06", "correct", "d", detail="{}"))),
    ),
    "an annulment without a reason": (
        "O8",
        replace(RIGHT, events=events(event("2019-06-06", "annul", "d", "minoritet"))),
    ),
}


@pytest.mark.parametrize(("promise", "files"), FORGED.values(), ids=list(FORGED))
def test_what_breaks_a_promise_is_caught_by_it(promise: str, files: SeasonFiles) -> None:
    assert promise in broken(files)


def test_a_state_that_is_not_what_the_events_add_up_to_is_caught() -> None:
    told = [
        {**one, "state": "accepted"} if one["person_id"] == "d" else one for one in state(RIGHT)
    ]
    assert broken(RIGHT, told=told) == ["O5"]


def test_a_row_whose_hash_is_another_is_caught() -> None:
    assert broken(RIGHT, row=3) == ["O5"]


def patched(monkeypatch: pytest.MonkeyPatch, name: str, change: Callable[..., Any]) -> None:
    """The replay of another program, which does one thing otherwise."""
    from admissions.verification import season_replay

    real = getattr(season_replay, name)
    monkeypatch.setattr(season_replay, name, lambda *given: change(real, *given))


def test_a_number_that_rises_with_a_call_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """The lists are numbered from 5."""

    def from_five(real: Any, files: Any, moment: Any, number: int, on: dt.date) -> None:
        real(files, moment, number, on)
        for place in moment.places.values():
            place.number += 4 if place.number else 0

    patched(monkeypatch, "_call", from_five)
    assert "O6" in broken(RIGHT)


def test_a_number_that_moves_without_a_call_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def at_once(real: Any, files: Any, moment: Any, *rest: Any) -> None:
        real(files, moment, *rest)
        moment.places["b", "minoritet"].number += 1

    patched(monkeypatch, "_answer", at_once)
    assert "O6" in broken(replace(RIGHT, events=EVENTS[:3], offers={}))


@pytest.mark.parametrize("days", [-1, 0, 3])
def test_a_deadline_that_is_too_early_or_on_a_day_off_is_caught(
    monkeypatch: pytest.MonkeyPatch, days: int
) -> None:
    """Of 3 June with eight days: the 10th is too early, the 11th right, the 14th right, too."""
    from admissions.verification import season_replay

    def moved(files: Any, moment: Any, on: dt.date) -> None:
        for place in moment.places.values():
            if place.state == "offered":
                place.deadline = on + dt.timedelta(days=8 + days)
        moment.last_call = on

    monkeypatch.setattr(season_replay, "_start", moved)
    caught = "O7" in broken(replace(RIGHT, events=EVENTS[:1], offers={}))
    assert caught == (days == -1)


def test_a_deadline_on_a_saturday_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    from admissions.verification import season_replay

    def saturday(files: Any, moment: Any, on: dt.date) -> None:
        moment.places["a", "minoritet"].deadline = dt.date(2019, 6, 15)
        moment.last_call = on

    monkeypatch.setattr(season_replay, "_start", saturday)
    assert "O7" in broken(replace(RIGHT, events=EVENTS[:1], offers={}))


def bounded(**limits: Any) -> Bounds:
    """Everybody of a service and a region of their own, but d and e of the same region, Oslo."""
    keys = [(one["person_id"], one["offering_id"]) for one in DECISIONS]
    oslo = {key: "oslo" if key[0] in ("d", "e") else "bergen" for key in keys}
    services = {key: f"S{key[0]}" for key in keys}
    return Bounds({"minoritet": tuple(limits.values())},
                  {"region": oslo, "service": services, "municipality": services}, {},
                  frozenset())  # fmt: skip


def test_beside_a_limit_who_is_passed_over_without_need_is_caught() -> None:
    """A seat is reserved for Oslo: d may pass b, and e may not pass d."""
    from admissions.rulebooks.limits import RegionMinimum

    title = {"nb": "-", "nn": "-", "en": "-"}
    reserve = RegionMinimum.model_validate({"id": "r", "title": title, "seats": {"oslo": 1}})
    bounds = bounded(reserve=reserve)
    d = replace(RIGHT, offers=offers(("d", "minoritet", "offered")))
    e = replace(RIGHT, offers=offers(("e", "minoritet", "offered")))
    assert broken(d, limited=("minoritet",), bounds=bounds) == []
    assert broken(e, limited=("minoritet",), bounds=bounds) == ["O2"]
    full = bounded()
    assert broken(d, limited=("minoritet",), bounds=full) == ["O2"]
