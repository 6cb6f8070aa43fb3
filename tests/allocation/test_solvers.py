"""Both solvers and the call rounds against the definitions, on every plan of small problems."""

from __future__ import annotations

import numpy as np
import pytest

from admissions.allocation import cp_sat, deferred_acceptance, independent
from admissions.errors import NotProvenError
from tests.allocation import oracle

SEEDS = range(150)


@pytest.mark.parametrize("minima", [False, True], ids=["by rank", "region minima"])
def test_both_solvers_find_the_best_of_all_stable_plans(minima: bool) -> None:
    several = 0
    for seed in SEEDS:
        problem = oracle.random_problem(seed, minima=minima)
        stable = oracle.stable_plans(problem)
        several += len(stable) > 1
        expected = oracle.best(problem, stable)
        plan, report = cp_sat.solve(problem)
        assert set(np.flatnonzero(plan.held)) == expected, seed
        assert set(np.flatnonzero(deferred_acceptance.solve(problem).held)) == expected, seed
        assert report.status == "OPTIMAL"
        assert report.unique
    assert several > 5, "the problems are too easy: hardly any has two stable plans"


def test_objective_values_are_those_of_the_plan() -> None:
    problem = oracle.random_problem(3, minima=False)
    held = oracle.best(problem, oracle.stable_plans(problem))
    _, report = cp_sat.solve(problem)
    assert {o.name: o.value for o in report.objectives} == {
        "blocking-pairs": 0,
        "offers-used": len(held),
        "preferences": sum(int(problem.preference[a]) for a in held),
        "tie": sum(int(problem.weight[a]) for a in held),
    }


@pytest.mark.parametrize("workers", [1, 2, 8])
def test_any_number_of_workers_finds_the_same_plan(workers: int) -> None:
    problem = oracle.random_problem(11, minima=True)
    expected = oracle.best(problem, oracle.stable_plans(problem))
    plan, _ = cp_sat.solve(problem, workers=workers)
    assert set(np.flatnonzero(plan.held)) == expected


def test_a_plan_that_is_not_proven_in_time_is_no_allocation() -> None:
    problem = oracle.random_problem(4, minima=True)
    with pytest.raises(NotProvenError) as raised:
        cp_sat.solve(problem, seconds=0.0)
    assert raised.value.outcome in ("timed-out", "unproven")
    assert raised.value.exit_code == 3


@pytest.mark.parametrize("call_rounds", [1, 2, 3])
@pytest.mark.parametrize("minima", [False, True], ids=["by rank", "region minima"])
def test_call_rounds_equal_calling_one_by_one(call_rounds: int, minima: bool) -> None:
    for seed in SEEDS:
        problem = oracle.random_problem(seed, minima=minima)
        plan = independent.call(problem, call_rounds)
        held, released = oracle.called_down(problem, call_rounds)
        assert set(np.flatnonzero(plan.held)) == held, seed
        assert set(np.flatnonzero(plan.released)) == released, seed


def test_calls_without_end_become_a_stable_plan() -> None:
    for seed in SEEDS:
        problem = oracle.random_problem(seed, minima=False)
        held = np.flatnonzero(independent.call(problem, len(problem.person) + 1).held)
        assert oracle.is_stable(problem, {int(problem.person[a]): int(a) for a in held}), seed
