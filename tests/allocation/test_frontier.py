"""The frontier between merit and spread, against every plan of small problems."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from admissions.allocation import cp_sat
from admissions.allocation.cp_sat.frontier import frontier
from tests.allocation.oracle import Definitions, Plan, plan_of, rows_of
from tests.allocation.test_objectives import Municipalities


def by_definition(case: Municipalities, merit: Plan) -> list[tuple[int, int]]:
    """For each number of municipalities the least loss of a plan with at least so many.

    The plans: as many offers at each offering, limits kept, and whoever has an offer in ``merit``
    has the same one or none. One of a smaller sum of ranks than ``merit`` loses nothing; a service
    that sends its leader's first, not its best ranked, leaves room for such.
    """
    problem = case.problem
    definitions = Definitions(problem)

    def ranks(plan: Plan) -> int:
        return sum(definitions.rank[a] for a in rows_of(plan))

    def made(plan: Plan) -> Counter[int]:
        return Counter(definitions.offering[a] for a in rows_of(plan))

    placed = {definitions.person[a] for a in rows_of(merit)}
    found = [
        (case.value("spread-breadth", definitions, plan), max(0, ranks(plan) - ranks(merit)))
        for plan in definitions.plans()
        if made(plan) == made(merit)
        and definitions.minima_hold(plan)
        and all(merit >> a & 1 or definitions.person[a] not in placed for a in rows_of(plan))
    ]
    first = case.value("spread-breadth", definitions, merit)
    most = max(number for number, _ in found)
    return [
        (wanted, min(loss for number, loss in found if number >= wanted))
        for wanted in range(first, most + 1)
    ]


@pytest.mark.parametrize("features", [(), ("region maximum",), ("away, ordered",)], ids=" + ".join)
def test_each_point_is_the_least_loss_of_all_plans(features: tuple[str, ...]) -> None:
    longest = 0
    for seed in range(25):
        case = Municipalities(seed, ("blocking-pairs", "spread-breadth", "tie"), features)
        merit, _ = cp_sat.solve(case.problem)
        points = [(p.municipalities, p.loss) for p in frontier(case.problem, merit.held)]
        assert points == by_definition(case, plan_of(merit.held)), seed
        longest = max(longest, len(points))
    assert longest > 1


def test_a_plan_without_offers_has_one_point() -> None:
    case = Municipalities(1, ("spread-breadth", "tie"), ())
    nobody = np.zeros(len(case.problem.person), dtype=np.bool_)
    assert [(p.municipalities, p.loss) for p in frontier(case.problem, nobody)] == [(0, 0)]
