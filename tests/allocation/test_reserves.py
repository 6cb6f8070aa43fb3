"""Several limits at one offering, reserves among them: both solvers on every plan."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace

import numpy as np
import pytest

from admissions.allocation import cp_sat, deferred_acceptance, independent, serial
from admissions.allocation import problem as problems
from admissions.allocation.problem import Problem, offering_limits
from admissions.rulebooks.limits import Limit
from admissions.rulebooks.scenario import Mechanism
from admissions.verification import stability
from admissions.verification.calls import calls_repeated
from admissions.verification.exchanges import Exchanges
from admissions.verification.limits_kept import limits_kept
from tests.allocation.oracle import Definitions, Plan, plan_of, rows_of
from tests.allocation.problems import column, random_problem
from tests.allocation.test_choice import COMBINATIONS, limits, one_by_one
from tests.allocation.verified import case_of


class Choosing(Definitions):
    """A pair blocks where the offering would choose it from its holders and the pair."""

    def __init__(self, problem: Problem, stated: list[list[Limit]]) -> None:
        super().__init__(problem)
        self.stated = stated

    def blocks(self, plan: Plan, a: int) -> bool:
        if plan & self.no_better[a]:
            return False
        o = self.offering[a]
        if any(counted >> a & 1 and not plan & counted for counted, _ in self.minima):
            return False
        for ahead, most in self.colleagues_ahead[a]:
            if (plan & ahead).bit_count() >= most:
                return False
        offers = column([self.problem.offers[o]])
        here = replace(self.problem, offers=offers)
        return a in one_by_one(here, self.stated[o], [*rows_of(plan & self.at[o]), a])


def nested(seed: int, kinds: tuple[str, ...], *across: str) -> tuple[Problem, list[list[Limit]]]:
    """A random problem where each service's people want one region, with its limits."""
    draw = random.Random(seed)
    problem = random_problem(seed, across)
    home = [draw.choice([-1, 0, 1, 2]) for _ in range(3)]
    region = [
        home[s] if s >= 0 else r
        for s, r in zip(problem.service.tolist(), problem.region.tolist(), strict=True)
    ]
    stated = [limits(draw, kinds) if draw.random() < 0.8 else [] for _ in problem.offerings]
    offers = column(draw.choice([1, 2, 3, 4]) for _ in problem.offerings)
    bounds = replace(offering_limits(stated), class_minimum=problem.limits.class_minimum)
    return replace(problem, region=column(region), offers=offers, limits=bounds), stated


@pytest.mark.parametrize("kinds", COMBINATIONS, ids=" + ".join)
def test_both_solvers_find_the_best_of_all_plans(kinds: tuple[str, ...]) -> None:
    for seed in range(24):
        problem, stated = nested(seed, kinds)
        values, best = Choosing(problem, stated).best()
        plan, report = cp_sat.solve(problem)
        assert plan_of(plan.held) == best, seed
        assert {one.name: one.value for one in report.objectives} == values, seed
        assert deferred_acceptance.why_not_exact(problem) is None
        assert plan_of(deferred_acceptance.solve(problem).held) == best, seed


ACROSS = [("class minimum",), ("away, ordered",), ("group",)]


@pytest.mark.parametrize("across", ACROSS, ids=" + ".join)
def test_beside_limits_that_excuse_pairs_too(across: tuple[str, ...]) -> None:
    for seed, kinds in zip(itertools.count(100), COMBINATIONS, strict=False):
        problem, stated = nested(seed, kinds, *across)
        values, best = Choosing(problem, stated).best()
        plan, report = cp_sat.solve(problem)
        assert plan_of(plan.held) == best, (seed, kinds)
        assert {one.name: one.value for one in report.objectives} == values, (seed, kinds)
        if deferred_acceptance.why_not_exact(problem) is None:
            assert plan_of(deferred_acceptance.solve(problem).held) == best, (seed, kinds)


@pytest.mark.parametrize("kinds", COMBINATIONS, ids=" + ".join)
def test_verification_finds_the_same_pairs_and_names_the_limits(kinds: tuple[str, ...]) -> None:
    blocking = excused = 0
    for seed in range(16):
        problem, stated = nested(seed, kinds)
        definitions = Choosing(problem, stated)
        plans = list(definitions.plans())
        for plan in random.Random(seed).sample(plans, min(12, len(plans))):
            case = case_of(problem, rows_of(plan))
            exchanges = Exchanges(case)
            found = definitions.blocking(plan)
            assert stability.blocking_pairs(exchanges) == found, (seed, plan)
            checks = (
                stability.no_justified_envy(exchanges, promised=True),
                stability.no_offer_unused(exchanges, promised=True),
                limits_kept(exchanges),
            )
            assert all(one.holds for one in checks) == definitions.stable(plan), (seed, plan)
            for one in checks[:2]:
                told = one.exceptions[one.counted["broken"] :]
                assert len(told) == one.counted["excused"]
                assert all(" the limit " in line and "forbids" in line for line in told)
                excused += one.counted["excused"]
            blocking += found
    assert blocking > 50
    assert excused > 0


@pytest.mark.parametrize("kinds", COMBINATIONS, ids=" + ".join)
def test_call_rounds_and_turns_are_those_that_verification_repeats(kinds: tuple[str, ...]) -> None:
    for seed in range(24):
        problem, _ = nested(seed, kinds)
        problem = replace(problem, turns=tuple(range(len(problem.offerings))))
        plans: dict[Mechanism, problems.Plan] = {
            "independent": independent.call(problem, 2),
            "serial": serial.fill(problem),
        }
        for mechanism, plan in plans.items():
            case = case_of(problem, np.flatnonzero(plan.held).tolist())
            case = replace(case, mechanism=mechanism, declined=plan.released, turns=problem.turns)
            assert calls_repeated(case, 2).holds, (seed, mechanism)
            assert limits_kept(Exchanges(case)).holds, (seed, mechanism)
