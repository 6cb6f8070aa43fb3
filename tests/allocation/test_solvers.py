"""Both solvers and the call rounds against the definitions, on every plan of small problems."""

from __future__ import annotations

import numpy as np
import pytest

from admissions.allocation import cp_sat, deferred_acceptance, independent
from admissions.errors import NotProvenError, UsageError
from tests.allocation import oracle

SEEDS = range(30)

FEATURES = [
    (),
    ("region minimum",),
    ("region maximum",),
    ("service maximum",),
    ("service first",),
    ("service maximum", "region maximum"),
    ("class minimum",),
    ("quota",),
    ("away, ordered",),
    ("away, not ordered",),
    ("group",),
    ("region minimum", "away, ordered"),
    ("service first", "quota"),
    ("region minimum", "class minimum"),
    ("service maximum", "quota", "class minimum"),
    ("region maximum", "away, ordered", "quota", "group"),
    ("service maximum", "away, not ordered", "group", "class minimum"),
]
ALWAYS_EXACT = [
    (),
    ("region minimum",),
    ("region maximum",),
    ("service maximum",),
    ("service first",),
    ("class minimum",),
    ("away, ordered",),
    ("region minimum", "away, ordered"),
    ("region minimum", "class minimum"),
]


@pytest.mark.parametrize("features", FEATURES, ids=" + ".join)
def test_both_solvers_find_the_best_of_all_plans(features: tuple[str, ...]) -> None:
    exact = 0
    for seed in SEEDS:
        problem = oracle.random_problem(seed, features)
        (blocking, used, wishes, lottery), expected = oracle.best(problem)
        plan, report = cp_sat.solve(problem)
        assert set(np.flatnonzero(plan.held)) == expected, seed
        assert [o.value for o in report.objectives] == [blocking, -used, wishes, -lottery], seed
        assert (report.status, report.unique) == ("OPTIMAL", True)
        if deferred_acceptance.why_not_exact(problem) is None:
            exact += 1
            assert set(np.flatnonzero(deferred_acceptance.solve(problem).held)) == expected, seed
    if features in ALWAYS_EXACT:
        assert exact == len(SEEDS)


def test_some_problems_have_several_stable_plans() -> None:
    counts = [len(oracle.stable_plans(oracle.random_problem(seed))) for seed in SEEDS]
    assert min(counts) >= 1
    assert sum(count > 1 for count in counts) >= 2


@pytest.mark.parametrize(
    ("features", "why"),
    [
        (("quota",), "a common quota"),
        (("group",), "several of the staff together"),
        (("away, not ordered",), "orders offerings apart"),
    ],
)
def test_deferred_acceptance_refuses_where_it_is_not_exact(
    features: tuple[str, ...], why: str
) -> None:
    problem = oracle.random_problem(1, features)
    with pytest.raises(UsageError, match=why):
        deferred_acceptance.solve(problem)


@pytest.mark.parametrize("workers", [1, 2, 8])
def test_any_number_of_workers_finds_the_same_plan(workers: int) -> None:
    problem = oracle.random_problem(11, ("region minimum", "quota"))
    plan, _ = cp_sat.solve(problem, workers=workers)
    assert set(np.flatnonzero(plan.held)) == oracle.best(problem)[1]


def test_a_plan_that_is_not_proven_in_time_is_no_allocation() -> None:
    problem = oracle.random_problem(4, ("region minimum",))
    with pytest.raises(NotProvenError) as raised:
        cp_sat.solve(problem, seconds=0.0)
    assert raised.value.outcome in ("timed-out", "unproven")
    assert raised.value.exit_code == 3


@pytest.mark.parametrize("call_rounds", [1, 2, 3])
@pytest.mark.parametrize("features", [(), ("region minimum",)], ids=["by rank", "region minimum"])
def test_call_rounds_equal_calling_one_by_one(call_rounds: int, features: tuple[str, ...]) -> None:
    for seed in SEEDS:
        problem = oracle.random_problem(seed, features)
        plan = independent.call(problem, call_rounds)
        held, released = oracle.called_down(problem, call_rounds)
        assert set(np.flatnonzero(plan.held)) == held, seed
        assert set(np.flatnonzero(plan.released)) == released, seed


@pytest.mark.parametrize("call_rounds", [1, 2, 4])
@pytest.mark.parametrize("features", [(), ("region minimum",)], ids=["by rank", "region minimum"])
def test_a_declined_offer_goes_to_the_next_in_line(
    call_rounds: int, features: tuple[str, ...]
) -> None:
    declined = 0
    for seed in SEEDS:
        problem = oracle.random_problem(seed, features)
        declines = np.random.default_rng(seed).random(len(problem.person)) < 0.4
        plan = independent.call(problem, call_rounds, declines)
        held, given_up = oracle.called_down(problem, call_rounds, np.flatnonzero(declines))
        assert set(np.flatnonzero(plan.held)) == held, seed
        assert set(np.flatnonzero(plan.released)) == given_up, seed
        declined += int((plan.released & declines).sum())
    assert declined > 10


def test_calls_without_end_become_a_stable_plan() -> None:
    for seed in SEEDS:
        problem = oracle.random_problem(seed)
        held = np.flatnonzero(independent.call(problem, len(problem.person) + 1).held)
        assert frozenset(held.tolist()) in oracle.stable_plans(problem), seed
