"""Serial by site, held against filling one seat after the other."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest

from admissions.allocation import independent, serial
from admissions.allocation.problem import Problem, by_municipality_beside, overlapping
from admissions.model.errors import UsageError
from tests.allocation.oracle import Definitions, Plan, plan_of, rows_of
from tests.allocation.problems import random_problem

SEEDS = range(60)
LIMITS = [(), ("region minimum",), ("service first",), ("region maximum",), ("service maximum",)]


def in_turn(seed: int, *features: str) -> Problem:
    problem = random_problem(seed, features)
    turns = list(range(len(problem.offerings)))
    random.Random(seed).shuffle(turns)
    return replace(problem, turns=tuple(turns))


def seat_by_seat(problem: Problem, declines: Plan) -> tuple[Plan, Plan]:
    """Each offering in its turn fills one seat after the other: who holds, who gave up an offer."""
    definitions = Definitions(problem)
    held = called = 0
    for o in problem.turns:
        seated = {definitions.person[a] for a in rows_of(held)}
        while True:
            here = held & definitions.at[o]
            line = [
                a
                for a in rows_of(definitions.at[o] & ~called)
                if definitions.person[a] not in seated and definitions._fits_at(o, here | 1 << a)
            ]
            if not line:
                break
            line.sort(key=lambda a: definitions.rank[a])
            line = [a for a in line if definitions.tier[a] == definitions.tier[line[0]]]
            first = next((a for a in line if definitions._short(o, here, a)), line[0])
            called |= 1 << first
            held |= 1 << first & ~declines
    return held, called & ~held


@pytest.mark.parametrize("features", LIMITS, ids=" + ".join)
@pytest.mark.parametrize("share", [0.0, 0.4], ids=["everyone takes it", "some decline"])
def test_each_offering_fills_its_seats_in_its_turn(features: tuple[str, ...], share: float) -> None:
    for seed in SEEDS:
        problem = in_turn(seed, *features)
        declines = np.random.default_rng(seed).random(len(problem.person)) < share
        plan = serial.fill(problem, declines)
        found = plan_of(plan.held), plan_of(plan.released)
        assert found == seat_by_seat(problem, plan_of(declines)), seed
        if not share:
            assert np.array_equal(plan.held, serial.fill(problem).held)


def test_maxima_that_overlap_are_refused() -> None:
    problems = [in_turn(seed, "region maximum", "service maximum") for seed in SEEDS]
    apart = [problem for problem in problems if overlapping(problem)]
    assert len(apart) > 5
    for problem in apart:
        with pytest.raises(UsageError, match="overlap"):
            serial.fill(problem)


def test_a_municipality_s_maximum_beside_a_region_s_is_refused_by_every_list() -> None:
    for seed in SEEDS:
        problem = in_turn(seed, "region maximum", "municipality maximum")
        if by_municipality_beside(problem) is None:
            continue
        with pytest.raises(UsageError, match="bounds services, municipalities or regions"):
            serial.fill(problem)
        with pytest.raises(UsageError, match="bounds services, municipalities or regions"):
            independent.call(problem, 2)
