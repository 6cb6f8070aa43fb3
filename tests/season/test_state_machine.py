"""Random events against a slow model of its own: 10,000 steps, every state compared after each.

The model knows what ``offers.md``'s table of states says and the textbook's deferred acceptance,
one proposal at a time over dictionaries; of the engine it knows nothing. Also what must be refused
is tried: the model and the season refuse the same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from random import Random

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from admissions.intake.findings import Findings
from admissions.model.errors import UsageError
from admissions.model.policy import Policy
from admissions.results.season_calls import try_call
from admissions.season.answers import Answer, answered
from admissions.season.record import Record
from admissions.season.records import recorded
from admissions.season.season import Season
from tests.season.random_years import small_season

ROUNDS = 12
FIRST = dt.date(2019, 6, 3)
DAYS_OFF = (dt.date(2019, 6, 9), dt.date(2019, 6, 10))
"""Whit Sunday and Monday: what else is off in the days of these years are weekends."""

HELD = ("offered", "accepted", "enrolled", "met", "completed")
ANSWERS: Mapping[str, Mapping[str, str]] = {
    "accept": {"offered": "accepted"},
    "accept-final": {"offered": "accepted", "accepted": "accepted"},
    "decline": {"offered": "declined"},
    "leave": {"waiting": "left"},
    "withdraw": {"accepted": "withdrawn", "enrolled": "withdrawn"},
}
BEGUN = ("accepted", "enrolled")
RECORDS: Mapping[str, Mapping[str, str]] = {
    "enrolled": {"accepted": "enrolled"},
    "met": dict.fromkeys(BEGUN, "met"),
    "no-show": dict.fromkeys(BEGUN, "no-show"),
    "completed": {"met": "completed"},
    "dropped-out": {"met": "dropped-out"},
    "defer": dict.fromkeys(BEGUN, "deferred"),
    "annul": dict.fromkeys(("offered", "accepted", "enrolled", "met", "waiting"), "annulled"),
    "place": dict.fromkeys(
        ("waiting", "lapsed", "declined", "expired", "left", "closed", "withdrawn",
         "not-qualified"),
        "offered",
    ),
    "reinstate": dict.fromkeys(
        ("declined", "expired", "withdrawn", "annulled", "left", "closed", "no-show", "deferred"),
        "offered",
    ),
}  # fmt: skip
Key = tuple[str, str]


class Model:
    """What should have become of everybody."""

    def __init__(self, season: Season) -> None:
        every = season.beginning.applications
        self.wish = {(o.person_id, o.offering_id): o.preference for o in every}
        self.state = {(o.person_id, o.offering_id): o.state.value for o in every}
        self.number = {(o.person_id, o.offering_id): o.waiting_number for o in every}
        self.line = {name: list(persons) for name, persons in season.beginning.order.items()}
        self.seats = {name: season.fixed_target[name] for name in self.line}
        self.lose_all = season.policy.silence == "lose-all"
        self.days = season.policy.answer_days
        self.extra: set[Key] = set()
        self.said: dict[Key, tuple[str, dt.date]] = {}
        self.deadline = {
            k: self.due(FIRST) for k, state in self.state.items() if state == "offered"
        }

    def due(self, day: dt.date) -> dt.date:
        day += dt.timedelta(days=self.days)
        while day.weekday() >= 5 or day in DAYS_OFF:
            day += dt.timedelta(days=1)
        return day

    def own(self, person: str) -> list[Key]:
        return sorted((k for k in self.wish if k[0] == person), key=lambda k: self.wish[k])

    def held(self, person: str) -> Key | None:
        return next((k for k in self.own(person) if self.state[k] in HELD), None)

    def becomes(self, key: Key, state: str) -> None:
        self.state[key] = state
        if state != "waiting":
            self.number[key] = 0
        if state not in HELD:
            self.extra.discard(key)

    def answer(self, key: Key, answer: str, day: dt.date) -> bool:
        """Whether it can be answered so; it is, then. What is so already is no error.

        Nor is what was the last answer, whatever has become of it since.
        """
        state = self.state[key]
        again = self.said.get(key) == (answer, day) and state not in ANSWERS[answer]
        late = state == "offered" and day > self.deadline[key]
        waits = any(self.state[k] == "waiting" for k in self.own(key[0]))
        if state in ANSWERS[answer].values() and not (answer == "accept-final" and waits):
            return True
        if again or state not in ANSWERS[answer] or late:
            return again
        self.said[key] = (answer, day)
        self.becomes(key, ANSWERS[answer][state])
        if answer in ("accept-final", "withdraw"):
            self.all_waiting(key, "left")
        return True

    def all_waiting(self, but: Key, state: str) -> None:
        for other in self.own(but[0]):
            if other != but and self.state[other] == "waiting":
                self.becomes(other, state)

    def record(self, key: Key, event: str, day: dt.date) -> bool:
        state, held = self.state[key], self.held(key[0])
        if state not in RECORDS[event]:
            return False
        giving = event in ("place", "reinstate")
        if giving and held is not None and self.wish[held] < self.wish[key]:
            return False
        if giving:
            self.offer(key, day)
            self.extra.add(key)
            return True
        self.becomes(key, RECORDS[event][state])
        if event == "annul":
            self.all_waiting(key, "left")
        return True

    def offer(self, key: Key, day: dt.date) -> None:
        for other in self.own(key[0]):
            if other != key and self.state[other] in HELD:
                self.becomes(other, "replaced")
            elif self.state[other] == "waiting" and self.wish[other] > self.wish[key]:
                self.becomes(other, "lapsed")
        self.becomes(key, "offered")
        self.deadline[key] = self.due(day)

    def call(self, day: dt.date) -> None:
        for key in sorted(self.state):
            if self.state[key] == "offered" and self.deadline[key] < day:
                self.becomes(key, "expired")
                if self.lose_all:
                    self.all_waiting(key, "expired")
        before = {k for k, state in self.state.items() if state in HELD}
        for key in sorted(self.accepted_by_all() - before):
            self.offer(key, day)
        for offering, line in self.line.items():
            waits = [p for p in line if self.state[p, offering] == "waiting"]
            for number, person in enumerate(waits, start=1):
                self.number[person, offering] = number

    def accepted_by_all(self) -> set[Key]:
        """Gale and Shapley: each proposes to the most wanted place that has not refused them."""
        holds = {k for k, state in self.state.items() if state in HELD and k not in self.extra}
        room = {
            name: max(seats, sum(k[1] == name for k in holds)) for name, seats in self.seats.items()
        }
        lists = {
            person: [k for k in self.own(person) if k in holds or self.state[k] == "waiting"]
            for person in {k[0] for k in self.wish}
        }
        taken: dict[str, list[Key]] = {name: [] for name in self.seats}
        free = sorted(lists)
        while free:
            person = free.pop()
            if not lists[person]:
                continue
            key = lists[person].pop(0)
            there = taken[key[1]]
            there.append(key)
            there.sort(key=lambda k: (k not in holds, self.line[k[1]].index(k[0])))
            if len(there) > room[key[1]]:
                free.append(there.pop()[0])
        return {key for there in taken.values() for key in there}


@cache
def first_season(number: int) -> Season:
    season = small_season(Random(number))
    silence = "lose-all" if number % 2 else "lose-offer"
    season = replace(season, policy=Policy(silence=silence, target=season.policy.target))
    assert season.posed.problem.persons, "the round is ranked once, and shared by all its years"
    return season


class Years(RuleBasedStateMachine):
    @initialize(number=st.integers(0, ROUNDS - 1))
    def begins(self, number: int) -> None:
        first = first_season(number)
        self.season = first.shared_with(replace(first))
        self.model = Model(first)
        self.day = FIRST
        self.keys = sorted(self.model.wish)

    @rule(place=st.integers(0, 999), answer=st.sampled_from(sorted(ANSWERS)))
    def answers(self, place: int, answer: str) -> None:
        key = self.keys[place % len(self.keys)]
        findings = Findings()
        row = Answer("drawn", 2, *key, answer, self.day)
        self.season, _ = answered(self.season, [row], findings)
        assert self.model.answer(key, answer, self.day) == (not findings.any_error), (key, answer)

    @rule(place=st.integers(0, 999), event=st.sampled_from(sorted(RECORDS)))
    def records(self, place: int, event: str) -> None:
        key = self.keys[place % len(self.keys)]
        allowed = self.model.record(key, event, self.day)
        try:
            self.season = recorded(
                self.season, Record(event, self.day, *key, reason="office-error")
            )
        except UsageError:
            assert not allowed, (key, event)
        else:
            assert allowed, (key, event)

    @rule(place=st.integers(0, 19))
    def lists_close(self, place: int) -> None:
        """Seldom, so that most years go on."""
        if place:
            return
        offering = self.keys[0][1]
        self.season = recorded(self.season, Record("close-lists", self.day, "", offering))
        for key, state in self.model.state.items():
            if key[1] == offering and state == "waiting":
                self.model.becomes(key, "closed")

    @rule(days=st.integers(1, 6))
    def days_pass(self, days: int) -> None:
        self.day += dt.timedelta(days=days)

    @rule()
    def calls(self) -> None:
        made = try_call(self.season, self.day, solver="fastest")
        assert [one.id for one in made.promises if one.holds is False] == []
        self.season = made.after
        self.model.call(self.day)

    @invariant()
    def everybody_is_where_the_model_has_them(self) -> None:
        if not hasattr(self, "model"):
            return
        standing = self.season.standing.applications
        assert {k: one.state.value for k, one in standing.items()} == self.model.state
        assert {k: one.waiting_number for k, one in standing.items()} == self.model.number
        assert {k for k, one in standing.items() if one.extra} == self.model.extra


Years.TestCase.settings = settings(
    max_examples=200,
    stateful_step_count=50,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
TestYears = Years.TestCase
