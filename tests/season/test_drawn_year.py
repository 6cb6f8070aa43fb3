"""A year on arrays is the year that an office runs: the same states, call by call."""

from __future__ import annotations

import datetime as dt
from random import Random

import numpy as np
import pytest

from admissions.allocation.problem import Problem, offering_limits
from admissions.intake.findings import Findings
from admissions.model.policy import Policy
from admissions.rulebooks.scenario import resolve
from admissions.rulebooks.scenario_files import load_scenario
from admissions.season.answers import Answer, answered
from admissions.season.drawn_year import STATES, DrawnYear
from admissions.season.season import called, expired, published
from admissions.season.standing import Key
from admissions.season.states import State
from tests.allocation.oracle import Definitions, rows_of
from tests.allocation.problems import random_problem
from tests.season.random_years import coordinated_season

COORDINATED = resolve(load_scenario("coordinated-2019"))
EVERY_OFFER = Policy(silence="lose-offer")


class Both:
    """One year twice: as a season of events, and on arrays."""

    def __init__(self, seed: int) -> None:
        self.draw = Random(seed)
        run, self.season = coordinated_season(self.draw)
        self.year = DrawnYear(run.problem, run.scenario, self.season.policy)
        self.year.begin(run.problem.offers)
        ids = run.round.applicants["person_id"].to_numpy()
        problem = run.problem
        self.keys: list[Key] = [
            (str(ids[person]), problem.offerings[offering])
            for person, offering in zip(problem.person, problem.offering, strict=True)
        ]
        self.day = dt.date(2019, 6, 3)

    def answers(self) -> None:
        """Some accept, for good or not, some decline, leave or withdraw, some say nothing."""
        said: dict[str, list[int]] = {}
        rows = []
        self.day += dt.timedelta(days=1)
        for row, key in enumerate(self.keys):
            answer = self.draw.choice(_POSSIBLE.get(self.state(key), [""]))
            if answer and not any(self.keys[r][0] == key[0] for s in said.values() for r in s):
                said.setdefault(answer, []).append(row)
                rows.append(Answer("-", row, *key, answer, self.day))
        findings = Findings()
        self.season, _ = answered(self.season, rows, findings)
        findings.stop_if_any()
        for answer, own in said.items():
            self.year.happen(answer, self.flags(own))

    def call(self) -> None:
        """Who said nothing loses the offer, one person after the other; then the next call."""
        self.day += dt.timedelta(days=40)
        self.season = expired(self.season, self.day)
        silent = np.flatnonzero(self.year.in_state(State.OFFERED)).tolist()
        for row in silent:
            self.year.happen("expire", self.flags([row]))
        plan = called(self.season)
        self.season = published(self.season, plan.offers, self.day, "-")
        target = [self.season.target[name] for name in self.year.problem.offerings]
        self.year.next_call(np.array(target))

    def state(self, key: Key) -> State:
        return self.season.standing.applications[key].state

    def flags(self, rows: list[int]) -> np.ndarray:
        return np.isin(np.arange(len(self.keys)), rows)

    def differences(self) -> list[str]:
        return [
            f"{key}: {self.state(key)} by events, {STATES[code]} on arrays"
            for key, code in zip(self.keys, self.year.state.tolist(), strict=True)
            if self.state(key) is not STATES[code]
        ]


_POSSIBLE = {
    State.OFFERED: ["accept", "accept", "accept-final", "decline", ""],
    State.ACCEPTED: ["withdraw", "", ""],
    State.WAITING: ["leave", "", "", ""],
}


@pytest.mark.parametrize("seed", range(16))
def test_a_year_on_arrays_has_the_states_of_a_season_of_events(seed: int) -> None:
    both = Both(seed)
    assert not both.differences()
    for _ in range(3):
        both.answers()
        assert not both.differences()
        both.call()
        assert not both.differences()


def _declining(seed: int, *features: str) -> tuple[Problem, np.ndarray]:
    problem = random_problem(seed, features)
    return problem, np.random.default_rng(seed).random(len(problem.person)) < 0.3


def _calls(problem: Problem, calls: int, declines: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Who holds and who was ever offered what, where everybody answers after each call."""
    year = DrawnYear(problem, COORDINATED, EVERY_OFFER)
    year.begin(problem.offers)
    while True:
        offered = year.in_state(State.OFFERED)
        year.happen("accept", offered & ~declines)
        year.happen("decline", offered & declines)
        if year.call == calls:
            return year.holds, year.offered_in > 0
        year.next_call(problem.offers)


def _best_of_those_left(problem: Problem, calls: int, declines: set[int]) -> tuple[set, set]:
    """The same by the best of all plans of the applications that are left at each call."""
    left, offered, held = set(range(len(problem.person))), set(), set()
    for _ in range(calls):
        smaller = problem.among(np.isin(np.arange(len(problem.person)), sorted(left)))
        rows = sorted(left)
        held = {rows[a] for a in rows_of(Definitions(smaller).best()[1])}
        offered |= held
        for a in held & declines:
            left -= {b for b in left if problem.person[b] == problem.person[a]
                     and problem.preference[b] >= problem.preference[a]}  # fmt: skip
        held -= declines
    return held, offered


@pytest.mark.parametrize("features", [(), ("region minimum",), ("service maximum",)])
@pytest.mark.parametrize("calls", [1, 3])
def test_without_over_offers_a_call_is_the_best_plan_of_the_applications_left(
    features: tuple[str, ...], calls: int
) -> None:
    """Blum, Roth & Rothblum: holders first changes nothing where fewer ask than before."""
    for seed in range(8):
        problem, declines = _declining(seed, *features)
        held, offered = _calls(problem, calls, declines)
        wanted = _best_of_those_left(problem, calls, set(np.flatnonzero(declines).tolist()))
        assert (set(np.flatnonzero(held)), set(np.flatnonzero(offered))) == wanted, seed


def _wishes(problem: Problem, held: np.ndarray) -> list[int]:
    wish = [9] * problem.persons
    for a in np.flatnonzero(held):
        wish[problem.person[a]] = int(problem.preference[a])
    return wish


@pytest.mark.parametrize("feature", ["class minimum", "away, ordered", "group", "region minimum"])
def test_whoever_declines_nothing_never_loses_a_seat_by_others_answers(feature: str) -> None:
    bettered = 0
    for seed in range(12):
        problem, declines = _declining(seed, feature)
        held = [_calls(problem, calls, declines) for calls in (1, 2, 3)]
        refusing = set(problem.person[held[-1][1] & declines].tolist())
        wishes = [_wishes(problem, now) for now, _ in held]
        for person in set(range(problem.persons)) - refusing:
            met = [wish[person] for wish in wishes]
            assert met == sorted(met, reverse=True), seed
            bettered += met[0] != met[-1]
    assert bettered


def _two_sites() -> Problem:
    """x wants a, then b; y, ranked first at a, wants a alone; one seat at each."""
    person, offering = np.array([0, 0, 1]), np.array([0, 1, 0])
    nothing = np.full(3, -1)
    return Problem(
        persons=2, offerings=("a", "b"), person=person, offering=offering,
        preference=np.array([1, 2, 1]), rank=np.array([2, 1, 1]), weight=np.array([1, 2, 3]),
        application=np.arange(3), service=nothing, region=nothing, offers=np.array([1, 1]),
        limits=offering_limits([[], []]),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("better_offer", "held_beside", "kept"),
    [("replace", "replaced", ""), ("choose", "accepted", "b")],
)
def test_who_declines_a_better_offer_keeps_the_one_before_only_by_choice(
    better_offer: str, held_beside: str, kept: str
) -> None:
    """y declines a, so that x, who has accepted b, is called at a, and declines."""
    problem, seats = _two_sites(), np.array([1, 1])
    year = DrawnYear(problem, COORDINATED, Policy.model_validate({"better_offer": better_offer}))
    year.begin(seats)
    assert [STATES[code].value for code in year.state] == ["waiting", "offered", "offered"]
    year.happen("accept", np.array([False, True, False]))
    year.happen("decline", np.array([False, False, True]))
    year.next_call(seats)
    assert [STATES[code].value for code in year.state] == ["offered", held_beside, "declined"]
    year.happen("decline", np.array([True, False, False]))
    assert "".join("aba"[row] for row in np.flatnonzero(year.holds)) == kept
