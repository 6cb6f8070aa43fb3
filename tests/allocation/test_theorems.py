"""The theorems that the program relies on, and where they end (docs/allocation.md, Theorems).

Each holds for every random problem of the limits it is stated for, against all plans or all lists;
where it ends, the smallest counterexample is kept with names.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator

import numpy as np
import pytest

from admissions.allocation import cp_sat, deferred_acceptance
from admissions.allocation.problem import AwayLimit, Problem, offering_limits
from admissions.rulebooks.limits import ClassMinimum
from tests.allocation.oracle import Definitions, Plan, bits, plan_of, rows_of
from tests.allocation.problems import (
    Features,
    column,
    random_problem,
    seats,
    without_applications,
)

BY_CHOICE: list[Features] = [
    (),
    ("region minimum",),
    ("service first",),
    ("region maximum",),
    ("service maximum",),
    ("open first",),
    ("region minimum", "service first", "region maximum", "service maximum"),
]
"""Limits under which every offering chooses substitutably and size monotone."""

NUMBERS = range(0, 90, 3)
"""Problems in which those who want an offering least rank first, so that stable plans abound."""


def da(problem: Problem) -> Plan:
    return plan_of(deferred_acceptance.solve(problem).held)


def wishes(problem: Problem) -> tuple[int, ...]:
    """The wish number that deferred acceptance gives each person, one past the last for none."""
    return Definitions(problem).wishes_met(da(problem))


def by_choice(features: Features) -> Iterator[tuple[int, Problem]]:
    for number in NUMBERS:
        problem = random_problem(number, features)
        if deferred_acceptance.why_not_exact(problem) is None:
            yield number, problem


@pytest.mark.parametrize("features", BY_CHOICE, ids=" + ".join)
def test_there_is_a_stable_plan_that_everybody_likes_best_and_it_is_the_one_made(
    features: Features,
) -> None:
    """Roth & Sotomayor 1990, theorem 6.8; Hatfield & Milgrom 2005, theorems 3 and 4."""
    several = 0
    for number, problem in by_choice(features):
        definitions = Definitions(problem)
        stable = definitions.stable_plans()
        met = [definitions.wishes_met(plan) for plan in stable]
        assert wishes(problem) == tuple(map(min, zip(*met, strict=True))), number
        several += len(stable) > 1
    assert several >= 3


@pytest.mark.parametrize("features", BY_CHOICE, ids=" + ".join)
def test_the_same_people_and_as_many_at_each_offering_in_every_stable_plan(
    features: Features,
) -> None:
    """The rural hospitals theorem (Roth 1986); Hatfield & Milgrom 2005, theorem 8."""
    for number, problem in by_choice(features):
        definitions = Definitions(problem)
        stable = definitions.stable_plans()
        placed = {frozenset(definitions.person[a] for a in rows_of(plan)) for plan in stable}
        filled = {tuple((plan & here).bit_count() for here in definitions.at) for plan in stable}
        assert (len(placed), len(filled)) == (1, 1), number


def other_lists(problem: Problem, p: int) -> Iterator[Problem]:
    """The problem with every other list that ``p`` could hand in: any wishes, in any order."""
    own = np.flatnonzero(problem.person == p).tolist()
    for size in range(len(own) + 1):
        for chosen in itertools.permutations(own, size):
            left_out = np.isin(np.arange(len(problem.person)), sorted(set(own) - set(chosen)))
            order = np.arange(len(problem.person))
            order[sorted(chosen)] = chosen
            columns = ("offering", "rank", "weight", "application")
            moved = dataclasses.replace(
                problem, **{name: getattr(problem, name)[order] for name in columns}
            )
            yield without_applications(moved, left_out)


def got(problem: Problem, plan: Plan, p: int) -> str | None:
    """The offering that ``p`` holds."""
    own = [a for a in rows_of(plan) if problem.person[a] == p]
    return problem.offerings[problem.offering[own[0]]] if own else None


def true_wish(problem: Problem, p: int, offering: str | None) -> int:
    own = np.flatnonzero(problem.person == p)
    liked = [problem.offerings[o] for o in problem.offering[own]]
    return len(liked) if offering is None else liked.index(offering)


@pytest.mark.parametrize("features", [*BY_CHOICE, ("away, ordered",)], ids=" + ".join)
def test_nobody_gains_by_another_list_than_the_true_one(features: Features) -> None:
    """Dubins & Freedman 1981; Roth 1982; Hatfield & Milgrom 2005, theorem 11."""
    tried = 0
    for number, problem in itertools.islice(by_choice(features), 5):
        plan = da(problem)
        for p in range(problem.persons):
            true = true_wish(problem, p, got(problem, plan, p))
            for other in other_lists(problem, p):
                tried += 1
                assert true <= true_wish(problem, p, got(other, da(other), p)), (number, p)
    assert tried > 200


@pytest.mark.parametrize("features", BY_CHOICE, ids=" + ".join)
def test_nobody_loses_when_somebody_else_withdraws(features: Features) -> None:
    """Kelso & Crawford 1982; Gale & Sotomayor 1985."""
    gained = 0
    for number, problem in by_choice(features):
        before = wishes(problem)
        for p in range(problem.persons):
            after = wishes(without_applications(problem, problem.person == p))
            others = [q for q in range(problem.persons) if q != p]
            assert all(after[q] <= before[q] for q in others), (number, p)
            gained += any(after[q] < before[q] for q in others)
    assert gained > 10


@pytest.mark.parametrize("features", BY_CHOICE, ids=" + ".join)
def test_nobody_loses_when_an_offering_makes_one_more_offer(features: Features) -> None:
    """Gale & Sotomayor 1985; each choice with one more offer takes all those it took."""
    gained = 0
    for number, problem in by_choice(features):
        before = wishes(problem)
        for o in range(len(problem.offerings)):
            more = problem.offers.copy()
            more[o] += 1
            after = wishes(dataclasses.replace(problem, offers=more))
            assert all(a <= b for a, b in zip(after, before, strict=True)), (number, o)
            gained += after != before
    assert gained > 10


@pytest.mark.parametrize("features", BY_CHOICE, ids=" + ".join)
def test_nobody_loses_by_ranking_higher(features: Features) -> None:
    """Balinski & Sönmez 1999 (respecting improvements): more points never cost anybody a seat."""
    for number, problem in itertools.islice(by_choice(features), 10):
        before = wishes(problem)
        for a in range(len(problem.person)):
            rank = problem.rank.copy()
            ahead = (problem.offering == problem.offering[a]) & (rank == rank[a] - 1)
            if not ahead.any():
                continue
            rank[ahead], rank[a] = rank[a], rank[a] - 1
            after = wishes(dataclasses.replace(problem, rank=rank))
            p = problem.person[a]
            assert after[p] <= before[p], (number, a)


def test_a_service_with_one_order_sends_its_first_whom_a_stable_plan_can_place() -> None:
    """A service that acts as one (responsive, so substitutable): of all stable plans each service
    has as many away, and deferred acceptance sends those first in its order who hold an offer in
    any stable plan, each to the best (Hatfield & Kominers 2017).
    """
    several = 0
    for number, problem in by_choice(("away, ordered",)):
        definitions = Definitions(problem)
        stable, made = definitions.stable_plans(), da(problem)
        assert made in stable, number
        for limit in problem.away:
            order = limit.order
            assert order is not None, number
            staff = bits(np.flatnonzero(problem.service == limit.service).tolist())
            assert len({(plan & staff).bit_count() for plan in stable}) == 1, number
            union = bits({a for plan in stable for a in rows_of(plan & staff)})
            placeable = sorted({definitions.person[a] for a in rows_of(union)}, key=order.index)
            going = {
                min(rows_of(union & definitions.own[p]), key=lambda a: definitions.preference[a])
                for p in placeable[: limit.maximum]
            }
            assert rows_of(made & staff) == sorted(going), number
        several += len(stable) > 1
    assert several >= 3


# Where the theorems end.


def small(
    lists: dict[str, str],
    ranking: dict[str, str],
    offers: dict[str, int],
    service: dict[str, int] | None = None,
    **stated: object,
) -> Problem:
    """Persons with their lists, offerings with whom they rank and how many offers they make."""
    names, offerings = [*lists], [*offers]
    rows = [(p, o) for p in names for o in lists[p].split()]
    return Problem(
        persons=len(names),
        offerings=tuple(offerings),
        person=column(names.index(p) for p, _ in rows),
        offering=column(offerings.index(o) for _, o in rows),
        preference=column(lists[p].split().index(o) + 1 for p, o in rows),
        rank=column(ranking[o].split().index(p) + 1 for p, o in rows),
        weight=column(range(len(rows))),
        application=column(range(len(rows))),
        service=column((service or {}).get(p, -1) for p, _ in rows),
        region=column(-1 for _ in rows),
        offers=column(offers.values()),
        **{"limits": offering_limits([[] for _ in offerings]), **stated},  # type: ignore[arg-type]
    )


def placed(problem: Problem, lists: dict[str, str]) -> dict[str, str | None]:
    """Who holds what in the plan that CP-SAT proves best."""
    plan = plan_of(cp_sat.solve(problem)[0].held)
    assert plan == Definitions(problem).best()[1]
    return {name: got(problem, plan, n) for n, name in enumerate(lists)}


def test_one_more_seat_can_close_a_class() -> None:
    """Bergen runs with two: Anna and Berit. With a second seat in Oslo Anna goes there, Bergen
    closes, and Berit, who did nothing, has no seat.
    """
    lists = {"Dina": "oslo", "Anna": "oslo bergen", "Berit": "bergen"}
    ranking = {"oslo": "Dina Anna", "bergen": "Anna Berit"}
    limits = offering_limits([[], [seats(ClassMinimum, 2)]])
    one = small(lists, ranking, {"oslo": 1, "bergen": 2}, limits=limits)
    two = small(lists, ranking, {"oslo": 2, "bergen": 2}, limits=limits)
    assert placed(one, lists) == {"Dina": "oslo", "Anna": "bergen", "Berit": "bergen"}
    assert placed(two, lists) == {"Dina": "oslo", "Anna": "oslo", "Berit": None}


def test_a_colleague_who_withdraws_can_cost_an_outsider_the_seat() -> None:
    """S1 can spare one, first Anna, then Berit. Anna has Oslo, Carl has Bergen, where Berit would
    stand ahead of him. When Anna withdraws it is Berit's turn, and Carl has no seat.
    """
    lists = {"Anna": "oslo", "Berit": "bergen", "Carl": "bergen"}
    ranking = {"oslo": "Anna", "bergen": "Berit Carl"}
    away = (AwayLimit(0, 1, (0, 1)),)
    problem = small(lists, ranking, {"oslo": 1, "bergen": 1}, {"Anna": 0, "Berit": 0}, away=away)
    assert placed(problem, lists) == {"Anna": "oslo", "Berit": None, "Carl": "bergen"}
    without = without_applications(problem, problem.person == 0)
    assert placed(without, lists) == {"Anna": None, "Berit": "bergen", "Carl": None}
