"""Deferred acceptance where offerings choose by rank alone, against a heap for each of them."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from admissions.allocation import deferred_acceptance
from admissions.allocation.problem import Problem
from benchmarks import drawn_problems, plain_heap, scale

APPLICATION_COLUMNS = (
    "person", "offering", "preference", "rank", "weight", "application", "service", "region",
)  # fmt: skip


def held(problem: Problem) -> set[int]:
    return set(np.flatnonzero(deferred_acceptance.solve(problem).held).tolist())


def random_problem(seed: int) -> Problem:
    """Up to 400 persons; offerings without seats or applicants, persons without applications.

    A fifth of the applications is left out of whole rankings, so that ranks have gaps.
    """
    draw = np.random.Generator(np.random.PCG64(seed))
    offerings = int(draw.integers(3, 60))
    problem = drawn_problems.drawn(
        int(draw.integers(1, 400)),
        int(draw.integers(1, min(offerings, 8) + 1)),
        offerings,
        seats=float(draw.choice([0.3, 0.9, 1.0, 1.2])),
        skewed=bool(draw.integers(2)),
        seed=seed,
    )
    offers = np.where(draw.random(offerings) < 0.1, 0, problem.offers)
    kept = draw.random(len(problem.person)) < 0.8
    kept &= problem.offering != draw.integers(offerings)
    kept &= problem.person != draw.integers(problem.persons)
    return dataclasses.replace(
        problem,
        offers=offers,
        **{name: getattr(problem, name)[kept] for name in APPLICATION_COLUMNS},
    )


@pytest.mark.parametrize("few", [0, 1, 32, 1000], ids="up to {} one at a time".format)
def test_the_plan_is_that_of_a_heap_for_each_offering(
    few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether they ask in rounds only, one at a time only, or first so and then so."""
    monkeypatch.setattr(deferred_acceptance, "FEW", few)
    turned_away = 0
    for seed in range(150):
        problem = random_problem(seed)
        expected = plain_heap.solve(problem)
        assert held(problem) == expected, seed
        turned_away += problem.persons - len(expected)
    assert turned_away > 1000


def test_limits_that_never_bind_change_nothing() -> None:
    """Half of the offerings then choose by a choice function, beside the others' lines."""
    for seed in range(60):
        problem = random_problem(seed)
        maximum = problem.limits.service_maximum.copy()
        maximum[::2] = problem.persons
        limits = dataclasses.replace(problem.limits, service_maximum=maximum)
        limited = dataclasses.replace(problem, limits=limits, service=problem.person % 5)
        assert held(limited) == plain_heap.solve(problem), seed


@pytest.mark.parametrize("few", [0, 32], ids="up to {} one at a time".format)
def test_one_arrival_moves_everyone_nine_times(few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """100 persons, 99 offerings of one seat in a circle, ten wishes each, one after another.

    Persons 0 and 1 both begin at offering 0, every other person at one of their own, and each
    offering prefers whoever wants it less. So the second of the two goes on to the next offering,
    whose holder has to go on in turn, and so round: every time round, everyone is a wish further
    down. After nine times all hold their tenth wish, and the next one to go has none left.
    """
    monkeypatch.setattr(deferred_acceptance, "FEW", few)
    problem = drawn_problems.chain(100)
    plan = deferred_acceptance.solve(problem).held
    assert problem.preference[plan].tolist() == [10] * 99


@pytest.mark.parametrize(("persons", "wishes"), [(0, 0), (3, 0)], ids=["nobody", "nobody applies"])
def test_nobody_who_asks_holds_nothing(persons: int, wishes: int) -> None:
    column = np.zeros(persons * wishes, dtype=np.int64)
    problem = drawn_problems.problem(
        persons=persons,
        person=column,
        offering=column,
        preference=column,
        rank=column,
        offers=np.array([2, 0], dtype=np.int64),
    )
    assert held(problem) == set()


@pytest.mark.parametrize("shape", scale.SHAPES, ids=str)
def test_the_problems_that_are_timed_are_allocated_right(shape: scale.Shape) -> None:
    """At 2,000 persons; and every promise that is timed holds, or ``verified`` raises."""
    problem = shape.problem(2000)
    plan = deferred_acceptance.solve(problem)
    assert set(np.flatnonzero(plan.held).tolist()) == plain_heap.solve(problem)
    scale.verified(shape.case(problem, plan))
