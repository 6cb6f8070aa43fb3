"""Offers, answers and the next offers under the coordinated mechanism, held against all plans."""

from __future__ import annotations

import numpy as np
import pytest

from admissions.allocation import answers, independent
from admissions.allocation.problem import Plan, Problem
from admissions.model.errors import UsageError
from tests.allocation.oracle import Definitions, plan_of, rows_of
from tests.allocation.problems import random_problem

SEEDS = range(40)


def a_round(seed: int, *features: str) -> tuple[Problem, np.ndarray]:
    problem = random_problem(seed, features)
    return problem, np.random.default_rng(seed).random(len(problem.person)) < 0.3


def best_wish(problem: Problem, plan: Plan) -> list[int]:
    """Each person's wish number, 9 for none."""
    wish = [9] * problem.persons
    for a in np.flatnonzero(plan.held):
        wish[problem.person[a]] = int(problem.preference[a])
    return wish


def offered_in_rounds(problem: Problem, rounds: int, declines: set[int]) -> tuple[set, set]:
    """Who holds and who was ever offered what, by the best of all plans in each round."""
    left, offered = set(range(len(problem.person))), set()
    for _ in range(rounds):
        keep = np.isin(np.arange(len(problem.person)), sorted(left))
        smaller = problem.among(keep)
        held = {int(smaller.application[a]) for a in rows_of(Definitions(smaller).best()[1])}
        offered |= held
        for a in held & declines:
            left -= {b for b in left if problem.person[b] == problem.person[a]
                     and problem.preference[b] >= problem.preference[a]}  # fmt: skip
        held -= declines
    return held, offered


@pytest.mark.parametrize("features", [(), ("region minimum",), ("service maximum",)])
@pytest.mark.parametrize("rounds", [1, 3])
def test_each_round_offers_the_best_plan_of_the_applications_left(
    features: tuple[str, ...], rounds: int
) -> None:
    for seed in range(8):
        problem, declines = a_round(seed, *features)
        plan = answers.offer(problem, rounds, declines)
        held, offered = offered_in_rounds(problem, rounds, set(np.flatnonzero(declines).tolist()))
        assert set(np.flatnonzero(plan.held)) == held, seed
        assert set(np.flatnonzero(plan.released)) == offered - held, seed


def test_each_round_of_offers_is_as_good_or_better_for_whoever_declined_nothing() -> None:
    bettered = 0
    for seed in SEEDS:
        problem, declines = a_round(seed, "region minimum")
        plans = [answers.offer(problem, rounds, declines) for rounds in (1, 2, 3)]
        refusing = set(problem.person[(plans[-1].released & declines)].tolist())
        wishes = [best_wish(problem, plan) for plan in plans]
        for person in set(range(problem.persons)) - refusing:
            met = [wish[person] for wish in wishes]
            assert met == sorted(met, reverse=True), seed
            bettered += met[0] != met[-1]
    assert bettered > 5


def test_what_is_declined_in_the_last_round_stays_empty() -> None:
    problem = random_problem(3, ())
    everybody = np.ones(len(problem.person), dtype=np.bool_)
    first = Definitions(problem).best()[1]
    for plan in (
        answers.offer(problem, 1, everybody),
        independent.call(problem, 1, everybody),
    ):
        assert not plan.held.any()
        assert plan.released.any()
    assert plan_of(answers.offer(problem, 1, everybody).released) == first


@pytest.mark.parametrize("feature", ["class minimum", "away, ordered"])
def test_answers_are_refused_where_they_could_take_back_an_accepted_offer(feature: str) -> None:
    problem, declines = a_round(1, feature)
    with pytest.raises(UsageError, match="take back an offer"):
        answers.offer(problem, 2, declines)


def test_offers_end_when_nobody_declines_however_many_rounds_are_allowed() -> None:
    for seed in range(10):
        problem, declines = a_round(seed, "region minimum")
        enough = answers.offer(problem, len(problem.person) + 1, declines)
        endless = answers.offer(problem, 10**18, declines)
        assert np.array_equal(endless.held, enough.held), seed
        assert np.array_equal(endless.released, enough.released), seed
