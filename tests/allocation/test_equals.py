"""Equals treated together: both solvers against the definitions, on every plan."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from admissions.allocation import cp_sat, deferred_acceptance
from admissions.plan import Problem, offering_limits
from admissions.vocabulary import Ties
from tests.allocation.oracle import Definitions, Plan, plan_of, rows_of
from tests.allocation.problems import column, random_problem

POLICIES: tuple[Ties, ...] = ("accept-all", "reject-all")
SEEDS = range(30)


class Together(Definitions):
    """The definitions of docs/allocation.md, *Equals*."""

    def _maxima_at(self, o: int) -> Iterator[tuple[Plan, int]]:
        accepting = self.problem.ties == "accept-all"
        yield from itertools.islice(super()._maxima_at(o), int(accepting), None)

    def minima_hold(self, plan: Plan) -> bool:
        """And, under accept-all, over the offers only by those who are equal to the last."""
        return super().minima_hold(plan) and all(
            sum(self.rank[b] < self.rank[a] for b in rows_of(plan & self.at[o]))
            < self.problem.offers[o]
            for o in self.offerings
            for a in rows_of(plan & self.at[o])
            if self.problem.ties == "accept-all"
        )

    def blocks(self, plan: Plan, a: int) -> bool:
        """Somebody equal or behind holds; or the score limit can be lowered to ``a``."""
        if not self.comes(plan, a):
            return False
        o = self.offering[a]
        here = rows_of(plan & self.at[o])
        if any(self.rank[b] >= self.rank[a] for b in here):
            return True
        if self.problem.ties == "accept-all":
            return len(here) < self.problem.offers[o]
        coming = [b for b in rows_of(self.at[o]) if self.rank[b] <= self.rank[a]]
        coming = [b for b in coming if self.comes(plan, b)]
        return len(here) + len(coming) <= self.problem.offers[o]

    def comes(self, plan: Plan, a: int) -> bool:
        """Whether ``a`` is wanted more than what is held, and nothing excuses it."""
        alone = any(counted >> a & 1 and not plan & counted for counted, _ in self.minima)
        colleagues = self.colleagues_ahead[a]
        spared = any((plan & ahead).bit_count() >= most for ahead, most in colleagues)
        return not (plan & self.no_better[a] or alone or spared)


def with_equals(seed: int, ties: Ties, *features: str) -> Problem:
    """A random problem where every second applicant is equal to the one before."""
    problem, draw = random_problem(seed, features), random.Random(seed)
    rank = problem.rank.copy()
    for o in range(len(problem.offerings)):
        here = np.flatnonzero(problem.offering == o)
        for before, a in itertools.pairwise(here[np.argsort(rank[here])]):
            rank[a] = rank[before] if draw.random() < 0.5 else rank[a]
    return replace(problem, rank=rank, ties=ties)


@pytest.mark.parametrize("ties", POLICIES)
@pytest.mark.parametrize(
    "features",
    [(), ("class minimum",), ("away, ordered",), ("group",), ("class minimum", "group")],
    ids=" + ".join,
)
def test_the_solvers_find_the_best_of_all_plans(ties: Ties, features: tuple[str, ...]) -> None:
    for seed in SEEDS:
        problem = with_equals(seed, ties, *features)
        values, best = Together(problem).best()
        plan, report = cp_sat.solve(problem)
        assert plan_of(plan.held) == best, seed
        assert {one.name: one.value for one in report.objectives} == values, seed
        if not features:
            assert deferred_acceptance.why_not_exact(problem) is None
            assert plan_of(deferred_acceptance.solve(problem).held) == best, seed


@pytest.mark.parametrize("ties", POLICIES)
def test_the_lowest_score_limits_are_the_best_for_every_person(ties: Ties) -> None:
    several = differing = 0
    for seed in range(200):
        definitions = Together(with_equals(seed, ties))
        stable = [plan for plan in definitions.plans() if definitions.stable(plan)]
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
    admitted = [
        int(deferred_acceptance.solve(one_offering(ties, *rank, offers=2)).held.sum())
        for ties, rank in (
            ("accept-all", (1, 1, 1)),
            ("accept-all", (1, 2, 2, 2)),
            ("accept-all", (1, 2, 3, 3, 3)),
            ("reject-all", (1, 1, 1)),
            ("reject-all", (1, 1)),
        )
    ]
    assert admitted == [3, 4, 2, 0, 2]
