"""Equals treated together: how many are admitted, and that the lowest score limits are best."""

from __future__ import annotations

import numpy as np
import pytest

from admissions.allocation import cp_sat, deferred_acceptance
from admissions.allocation.problem import Problem, offering_limits
from admissions.model.vocabulary import Ties
from tests.allocation.oracle import Definitions, plan_of
from tests.allocation.problems import column, random_problem

POLICIES: tuple[Ties, ...] = ("accept-all", "reject-all")
SEEDS = range(30)


@pytest.mark.parametrize("ties", POLICIES)
def test_the_lowest_score_limits_are_the_best_for_every_person(ties: Ties) -> None:
    several = differing = 0
    for seed in range(200):
        definitions = Definitions(random_problem(seed, (ties.replace("-", " "),)))
        stable = definitions.stable_plans()
        best = plan_of(deferred_acceptance.solve(definitions.problem).held)
        met = [definitions.wishes_met(plan) for plan in stable]
        assert definitions.wishes_met(best) == tuple(map(min, zip(*met, strict=True))), seed
        several += len(stable) > 1
        differing += len({plan.bit_count() for plan in stable}) > 1
    assert several > 10
    assert differing > 0


def one_offering(ties: Ties, *rank: int, offers: int) -> Problem:
    count = len(rank)
    return Problem(
        persons=count,
        offerings=("x",),
        person=column(range(count)),
        offering=column([0] * count),
        preference=column([1] * count),
        rank=column(rank),
        weight=column([1] * count),
        application=column(range(count)),
        service=column([-1] * count),
        region=column([-1] * count),
        offers=column([offers]),
        limits=offering_limits([[]]),
        ties=ties,
    )


@pytest.mark.parametrize(
    ("ties", "rank", "offers", "admitted"),
    [
        ("accept-all", (1, 2, 2, 4), 2, [0, 1, 2]),
        ("accept-all", (1, 2, 2, 4), 1, [0]),
        ("accept-all", (1, 1, 1, 1), 1, [0, 1, 2, 3]),
        ("accept-all", (1, 1, 1, 1), 0, []),
        ("reject-all", (1, 2, 2, 4), 2, [0]),
        ("reject-all", (1, 2, 2, 4), 3, [0, 1, 2]),
        ("reject-all", (1, 1, 1, 4), 2, []),
    ],
)
def test_so_many_of_equals_are_admitted(
    ties: Ties, rank: tuple[int, ...], offers: int, admitted: list[int]
) -> None:
    problem = one_offering(ties, *rank, offers=offers)
    for plan in (cp_sat.solve(problem)[0], deferred_acceptance.solve(problem)):
        assert np.flatnonzero(plan.held).tolist() == admitted


def test_more_applicants_can_mean_fewer_admitted() -> None:
    """Two offers and three equals: accept-all admits three. With one ahead of them, four; with two
    ahead of them, two. reject-all admits none of the three; of two of them, both.
    """
    cases: tuple[tuple[Ties, tuple[int, ...]], ...] = (
        ("accept-all", (1, 1, 1)),
        ("accept-all", (1, 2, 2, 2)),
        ("accept-all", (1, 2, 3, 3, 3)),
        ("reject-all", (1, 1, 1)),
        ("reject-all", (1, 1)),
    )
    admitted = [
        int(deferred_acceptance.solve(one_offering(ties, *rank, offers=2)).held.sum())
        for ties, rank in cases
    ]
    assert admitted == [3, 4, 2, 0, 2]
