"""Objectives in other orders, against every plan of small problems, and what orders are refused."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from pydantic import ValidationError

from admissions.allocation import cp_sat, deferred_acceptance
from admissions.allocation.problem import Problem
from admissions.allocation.worth import worth_of
from admissions.rulebooks.objectives import ObjectiveName
from admissions.rulebooks.scenario import Scenario
from tests.allocation.oracle import Definitions, Plan, plan_of, rows_of
from tests.allocation.problems import column, random_problem

ORDERS: list[tuple[ObjectiveName, ...]] = [
    ("blocking-pairs", "offers-used", "spread-breadth", "preferences", "tie"),
    ("offers-used", "spread-breadth", "blocking-pairs", "preferences", "tie"),
    ("offers-used", "spread-proportional", "preferences", "tie"),
    ("spread-need", "offers-used", "blocking-pairs", "tie"),
    ("leaders-wishes", "blocking-pairs", "spread-proportional", "tie"),
    ("tie",),
]
MOST = {
    "offers-used",
    "spread-breadth",
    "spread-proportional",
    "spread-need",
    "leaders-wishes",
    "tie",
}


class Municipalities:
    """A problem whose persons are of municipalities and services that are drawn, and their counts.

    Municipalities 0, 1 and 2 have 12.00, 4.00 and an unknown number of employees, -1 is none;
    services 0, 1 and 2 have the needs 1.20, 0.80 and unknown. Leaders name applications.
    """

    EMPLOYEES = (1200, 400, -1, -1)
    NEED = (120, 80, -1, -1)

    def __init__(self, seed: int, order: tuple[ObjectiveName, ...], features: tuple[str, ...]):
        problem = random_problem(seed, features)
        draw = random.Random(seed)
        own = [draw.choice([0, 1, 1, 2, -1]) for _ in range(problem.persons)]
        self.municipality = [own[p] for p in problem.person]
        self.service = problem.service.tolist()
        self.leader_rank = [draw.choice([1, 2, -1]) for _ in problem.person]
        facts = {
            "municipality": column(self.municipality),
            "municipality_employees": column(self.EMPLOYEES[m] for m in self.municipality),
            "service": problem.service,
            "need": column(self.NEED[s] for s in self.service),
            "leader_rank": column(self.leader_rank),
        }
        worth = {
            name: found
            for name in order
            if (found := worth_of(name, problem.person, facts.__getitem__)) is not None
        }
        self.problem: Problem = replace(problem, objectives=order, worth=worth)

    def value(self, name: ObjectiveName, definitions: Definitions, plan: Plan) -> int:
        """By definition, with fractions and sets."""
        rows = rows_of(plan)
        if name == "spread-breadth":
            return len({self.municipality[a] for a in rows} - {-1})
        if name == "spread-proportional":
            people = Counter(
                m
                for m, _ in {
                    (self.municipality[a], definitions.person[a]) for a in definitions.rows
                }
            )
            order = {
                (m, n): Fraction(self.EMPLOYEES[m], 2 * n + 1)
                for m in (0, 1)
                for n in range(people[m])
            }
            places = sorted(set(order.values()))
            held = Counter(self.municipality[a] for a in rows)
            return sum(places.index(order[m, n]) + 1 for m in (0, 1) for n in range(held[m]))
        if name == "spread-need":
            return sum({0: 120, 1: 80}.get(self.service[a], 0) for a in rows)
        if name == "leaders-wishes":
            first = [a for a in rows if self.leader_rank[a] == 1]
            return len({self.service[a] for a in first} - {-1})
        return definitions.value(name, plan)

    def best(self) -> tuple[list[int], Plan]:
        definitions = Definitions(self.problem)
        names = self.problem.pursued

        def worth(plan: Plan) -> list[int]:
            values = (self.value(name, definitions, plan) for name in names)
            return [v if n in MOST else -v for n, v in zip(names, values, strict=True)]

        plan = max(filter(definitions.minima_hold, definitions.plans()), key=worth)
        return [self.value(name, definitions, plan) for name in names], plan


@pytest.mark.parametrize("order", ORDERS, ids=" ".join)
@pytest.mark.parametrize("features", [(), ("quota", "region maximum")], ids=["by rank", "limits"])
def test_the_best_of_all_plans_in_the_order_of_the_objectives(
    order: tuple[ObjectiveName, ...], features: tuple[str, ...]
) -> None:
    for seed in range(8):
        case = Municipalities(seed, order, features)
        values, expected = case.best()
        plan, report = cp_sat.solve(case.problem)
        assert plan_of(plan.held) == expected, seed
        assert [one.value for one in report.objectives] == values, seed
        assert (report.status, report.unique) == ("OPTIMAL", True)


@pytest.mark.parametrize("workers", [1, 2, 8])
@pytest.mark.parametrize("order", ORDERS[1:3], ids=" ".join)
def test_any_number_of_workers_finds_the_same_plan(
    workers: int, order: tuple[ObjectiveName, ...]
) -> None:
    case = Municipalities(5, order, ("region minimum",))
    plan, _ = cp_sat.solve(case.problem, workers=workers)
    assert plan_of(plan.held) == case.best()[1]


def test_deferred_acceptance_is_not_asked_when_something_stands_before_fairness() -> None:
    problem = replace(random_problem(1, ()), objectives=("offers-used", "preferences", "tie"))
    assert "objectives" in str(deferred_acceptance.why_not_exact(problem))


def test_proportion_is_counted_over_all_who_can_get_offers() -> None:
    """12 and 4 employees: quotients 12, 4, 2.4 and 4, 1.33, so in order 1.33, 2.4, 4, 12.

    Three persons of the larger and two of the smaller: the first of the smaller is worth as much
    as the second of the larger.
    """
    facts = {"municipality": [0, 0, 0, 1, 1], "municipality_employees": [1200] * 3 + [400] * 2}
    columns = {name: column(values) for name, values in facts.items()}
    worth = worth_of("spread-proportional", column(range(5)), columns.__getitem__)
    assert worth is not None
    assert worth.steps.tolist() == [[4, 3, 2], [3, 1, 0]]
    assert worth.of(np.array([True, True, False, True, True])) == 4 + 3 + 3 + 1


def scenario(**settings: object) -> Scenario:
    return Scenario.model_validate(
        {"id": "own", "mechanism": "coordinated", "seed": 1, "seats": {}, **settings}
    )


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({"objectives": ["blocking-pairs", "offers-used"]}, "do not end with tie"),
        ({"objectives": []}, "do not end with tie"),
        ({"objectives": ["tie", "offers-used"]}, "do not end with tie"),
        ({"objectives": ["offers-used", "offers-used", "tie"]}, "offers-used twice"),
        ({"objectives": ["merit", "tie"]}, "merit"),
        ({"objectives": ["tie"], "mechanism": "independent"}, "need a solver"),
        (
            {"objectives": ["offers-used", "tie"], "ties": "accept-all"},
            "equals are treated together",
        ),
    ],
)
def test_an_order_that_does_not_decide_is_refused(settings: dict[str, object], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        scenario(**settings)


def test_an_order_may_put_spread_before_fairness() -> None:
    order = ("offers-used", "spread-breadth", "blocking-pairs", "preferences", "tie")
    assert scenario(objectives=list(order)).objectives == order
