"""Both solvers, the call rounds and verification against the definitions, on every plan of small
problems: some 500 of every combination of features; ``many_problems`` tries as many as asked for.
"""

from __future__ import annotations

import numpy as np
import pytest

from admissions.allocation import cp_sat, deferred_acceptance, independent
from admissions.allocation.problem import AwayLimit, Problem, offering_limits
from admissions.model.errors import NotProvenError, UsageError
from tests.allocation.differences import between_solvers, differences
from tests.allocation.oracle import Definitions, plan_of
from tests.allocation.problems import (
    LARGER,
    column,
    features_of,
    random_problem,
    told,
)

PROBLEMS = 560
PARTS = 4
SEEDS = range(30)

ALWAYS_EXACT = [
    (),
    ("region minimum",),
    ("region maximum",),
    ("service maximum",),
    ("municipality maximum",),
    ("municipality maximum", "class minimum"),
    ("service first",),
    ("class minimum",),
    ("away, ordered",),
    ("region minimum", "away, ordered"),
    ("region minimum", "class minimum"),
]


@pytest.mark.parametrize("part", range(PARTS))
def test_nothing_differs_from_the_best_of_all_plans(part: int) -> None:
    for number in range(part, PROBLEMS, PARTS):
        problem = random_problem(number)
        found = differences(problem)
        assert not found, "\n".join([f"{number}: {features_of(number)}", *found, told(problem)])


def test_of_sixty_persons_nothing_differs_between_the_solvers_and_verification() -> None:
    for number in range(12):
        found = [*between_solvers(random_problem(number, size=LARGER))]
        assert not found, "\n".join([f"{number}: {features_of(number)}", *found])


@pytest.mark.parametrize("features", ALWAYS_EXACT, ids=" + ".join)
def test_deferred_acceptance_is_exact(features: tuple[str, ...]) -> None:
    for seed in SEEDS:
        problem = random_problem(seed, features)
        assert deferred_acceptance.why_not_exact(problem) is None
        plan = deferred_acceptance.solve(problem)
        assert plan_of(plan.held) == Definitions(problem).best()[1], seed


def test_who_of_a_service_goes_is_the_leaders_to_say_though_another_plan_is_as_stable() -> None:
    """Two seats: a outranks b, who outranks c; b and c are colleagues, and one of them can go.

    With b there nobody outranks whom they wait for, and with c neither, since the leader puts c
    before b. So both plans are stable, and they meet as many wishes. The leader decides: c.
    """
    problem = Problem(
        persons=3,
        offerings=("x",),
        person=column([0, 1, 2]),
        offering=column([0, 0, 0]),
        preference=column([1, 1, 1]),
        rank=column([1, 2, 3]),
        weight=column([1, 9, 1]),
        application=column([0, 1, 2]),
        service=column([-1, 0, 0]),
        region=column([-1, -1, -1]),
        offers=column([2]),
        limits=offering_limits([[]]),
        away=(AwayLimit(0, 1, (2, 1)),),
    )
    assert sorted(Definitions(problem).stable_plans()) == [0b011, 0b101]
    plan, report = cp_sat.solve(problem)
    assert plan.held.tolist() == [True, False, True]
    assert {one.name: one.value for one in report.objectives}["service-order"] == 1
    assert deferred_acceptance.solve(problem).held.tolist() == [True, False, True]
    assert not differences(problem)


def test_some_problems_have_several_stable_plans() -> None:
    counts = [len(Definitions(random_problem(seed, ())).stable_plans()) for seed in SEEDS]
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
    problem = random_problem(2, features)
    with pytest.raises(UsageError, match=why):
        deferred_acceptance.solve(problem)


@pytest.mark.parametrize("workers", [1, 2, 8])
def test_any_number_of_workers_finds_the_same_plan(workers: int) -> None:
    problem = random_problem(11, ("region minimum", "quota"))
    plan, _ = cp_sat.solve(problem, workers=workers)
    assert plan_of(plan.held) == Definitions(problem).best()[1]


def test_a_plan_that_is_not_proven_in_time_is_no_allocation() -> None:
    problem = random_problem(4, ("region minimum",))
    with pytest.raises(NotProvenError) as raised:
        cp_sat.solve(problem, seconds=0.0)
    assert raised.value.outcome in ("timed-out", "unproven")
    assert raised.value.exit_code == 3


@pytest.mark.parametrize("call_rounds", [1, 2, 4])
@pytest.mark.parametrize("features", [(), ("region minimum",)], ids=["by rank", "region minimum"])
def test_a_declined_offer_goes_to_the_next_in_line(
    call_rounds: int, features: tuple[str, ...]
) -> None:
    declined = 0
    for seed in SEEDS:
        problem = random_problem(seed, features)
        declines = np.random.default_rng(seed).random(len(problem.person)) < 0.4
        plan = independent.call(problem, call_rounds, declines)
        found = plan_of(plan.held), plan_of(plan.released)
        assert found == Definitions(problem).called_down(call_rounds, plan_of(declines)), seed
        declined += int((plan.released & declines).sum())
    assert declined > 10


def test_calls_without_end_become_a_stable_plan() -> None:
    for seed in SEEDS:
        problem = random_problem(seed, ())
        plan = independent.call(problem, 10**18)
        assert plan_of(plan.held) in Definitions(problem).stable_plans(), seed
