"""What deferred acceptance proves impossible is in no stable plan, and nothing is lost by it."""

from __future__ import annotations

import numpy as np
import pytest

from admissions.allocation import cp_sat, deferred_acceptance, reduction
from tests.allocation.oracle import Definitions, plan_of
from tests.allocation.problems import random_problem

FEATURES = [
    (),
    ("region minimum",),
    ("region maximum",),
    ("service maximum",),
    ("service first",),
]
SEEDS = range(60)


@pytest.mark.parametrize("features", FEATURES, ids=" + ".join)
def test_every_stable_plan_lies_between_the_two_that_deferred_acceptance_finds(
    features: tuple[str, ...],
) -> None:
    several = 0
    for seed in SEEDS:
        problem = random_problem(seed, features)
        left = reduction.reduced(problem)
        possible = plan_of(left.possible)
        stable = Definitions(problem).stable_plans()
        union = 0
        for plan in stable:
            union |= plan
            held = np.array([plan >> a & 1 for a in range(len(problem.person))], dtype=np.bool_)
            placed = np.zeros(problem.persons, dtype=np.bool_)
            placed[problem.person[held]] = True
            assert (placed | ~left.placed).all(), seed
        assert union & ~possible == 0, seed
        several += len(stable) > 1
    assert several > 1


@pytest.mark.parametrize("features", FEATURES, ids=" + ".join)
def test_stable_among_what_is_left_is_stable_among_all(features: tuple[str, ...]) -> None:
    for seed in SEEDS:
        problem = random_problem(seed, features)
        left = reduction.reduced(problem)
        kept = np.flatnonzero(left.possible)
        fewer = problem.among(left.possible)
        whole = set(Definitions(problem).stable_plans())
        found = set()
        for plan in Definitions(fewer).stable_plans():
            held = np.zeros(len(problem.person), dtype=np.bool_)
            held[kept[[a for a in range(len(kept)) if plan >> a & 1]]] = True
            if set(np.flatnonzero(left.placed)) <= set(problem.person[held].tolist()):
                found.add(plan_of(held))
        assert found == whole, seed


def test_the_reduced_model_proves_the_same_plan_and_says_what_it_left_out() -> None:
    for seed in SEEDS:
        problem = random_problem(seed, ())
        left = reduction.reduced(problem)
        plan, report = cp_sat.solve(problem, reduction=left)
        whole, unreduced = cp_sat.solve(problem)
        assert (plan.held == whole.held).all(), seed
        assert (report.objectives, report.unique) == (unreduced.objectives, True)
        assert (report.model, report.left_out) == ("reduced", int((~left.possible).sum()))
        assert (unreduced.model, unreduced.left_out) == ("unreduced", 0)


@pytest.mark.parametrize("feature", ["class minimum", "away, ordered", "quota"])
def test_where_stable_plans_may_lie_elsewhere_nothing_is_left_out(feature: str) -> None:
    problems = [random_problem(seed, (feature,)) for seed in SEEDS]
    stated = [p for p in problems if p.away or p.quotas or p.limits.class_minimum.any()]
    assert stated
    assert all(reduction.why_not_reduced(problem) for problem in stated)


def test_a_stable_plan_to_begin_with_is_stable_and_decides_nothing() -> None:
    several = 0
    for seed in SEEDS:
        problem = random_problem(seed, ("class minimum", "away, ordered"))
        held = deferred_acceptance.a_stable_plan(problem)
        assert held is not None
        definitions = Definitions(problem)
        assert definitions.stable(plan_of(held)), seed
        plan, report = cp_sat.solve(problem, hint=held)
        values, best = definitions.best()
        assert plan_of(plan.held) == best, seed
        assert [one.value for one in report.objectives] == [*values.values()]
        several += plan_of(held) != best
    assert several > 1


def test_no_stable_plan_is_begun_with_where_none_may_exist() -> None:
    problems = [random_problem(seed, ("quota",)) for seed in SEEDS]
    assert all(deferred_acceptance.a_stable_plan(p) is None for p in problems if p.quotas)
