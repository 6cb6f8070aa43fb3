"""How one offering chooses within several limits: one after the other, and what theory needs of it.

In every problem each service's people share a region, so that limits on both are nested.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterable
from typing import TypeVar

import pytest

from admissions.allocation.choice import Choice
from admissions.allocation.problem import Problem, offering_limits, overlapping
from admissions.model.wording import Wording
from admissions.rulebooks.limits import (
    Limit,
    RegionMaximum,
    RegionMinimum,
    ServiceFirst,
    ServiceMaximum,
    refuse_together,
)
from tests.allocation.problems import column

REGIONS = ("oslo", "bergen", "trondheim")
W = Wording(nb="-", nn="-", en="-")
Kind = TypeVar("Kind")
KINDS = ("reserves-first", "open-first", "region-maximum", "service-maximum", "service-first")
COMBINATIONS = [
    chosen
    for size in range(1, len(KINDS) + 1)
    for chosen in itertools.combinations(KINDS, size)
    if not {"reserves-first", "open-first"} <= set(chosen)
    if not {"service-first", "open-first"} <= set(chosen)
    if not {"service-maximum", "open-first"} <= set(chosen)
]


def limits(draw: random.Random, kinds: Iterable[str]) -> list[Limit]:
    found: list[Limit] = []
    least = {r: draw.randint(1, 2) for r in draw.sample(REGIONS, draw.randint(1, 3))}
    for kind in kinds:
        if kind in ("reserves-first", "open-first"):
            found.append(RegionMinimum(id="least", title=W, seats=least, fill=kind))
        elif kind == "region-maximum":
            most = {r: draw.randint(least.get(r, 0), 3) for r in draw.sample(REGIONS, 2)}
            found.append(RegionMaximum(id="most", title=W, seats=most))
        elif kind == "service-maximum":
            found.append(ServiceMaximum(id="service", title=W, seats=draw.randint(1, 2)))
        else:
            found.append(ServiceFirst(id="first", title=W, seats=draw.randint(1, 2)))
    refuse_together(found)
    return found


def one_offering(seed: int, kinds: Iterable[str]) -> tuple[Problem, list[Limit]]:
    draw = random.Random(seed)
    count = draw.randint(4, 8)
    tier = sorted(draw.choice([0, 0, 0, 1]) for _ in range(count))
    rank = draw.sample(range(1, count + 1), count)
    service = [draw.choice([-1, 0, 0, 1, 1, 2, 3]) for _ in range(count)]
    home = [draw.choice([-1, 0, 1, 2]) for _ in range(4)]
    region = [draw.choice([-1, 0, 1, 2]) if s < 0 else home[s] for s in service]
    stated = limits(draw, kinds)
    return Problem(
        persons=count,
        offerings=("x",),
        person=column(range(count)),
        offering=column([0] * count),
        preference=column([1] * count),
        rank=column(rank),
        weight=column([1] * count),
        application=column(range(count)),
        service=column(service),
        region=column(region),
        offers=column([draw.randint(0, count)]),
        limits=offering_limits([stated]),
        tier=column(tier[r - 1] for r in rank),
    ), stated


def of_kind(kind: type[Kind], stated: list[Limit]) -> Kind | None:
    return next((limit for limit in stated if isinstance(limit, kind)), None)


def one_by_one(problem: Problem, stated: list[Limit], asking: Iterable[int]) -> set[int]:
    """The five steps of ``Choice.best``, person by person."""
    line = sorted(asking, key=lambda a: problem.rank[a])
    colleagues = [
        sum(problem.service[b] == problem.service[a] for b in line[:n])
        if problem.service[a] >= 0
        else 0
        for n, a in enumerate(line)
    ]
    ahead = dict(zip(line, colleagues, strict=True))
    if a_service := of_kind(ServiceMaximum, stated):
        line = [a for a in line if ahead[a] < a_service.seats]
    if (first := of_kind(ServiceFirst, stated)) is not None:
        seats = first.seats
        line.sort(key=lambda a: (problem.tier[a], ahead[a] >= seats, problem.rank[a]))
    maximum = of_kind(RegionMaximum, stated)
    left = {REGIONS.index(r): n for r, n in maximum.seats.items()} if maximum else {}
    within = []
    for a in line:
        region = int(problem.region[a])
        if left.get(region, 1) > 0:
            within.append(a)
            left[region] = left.get(region, 99) - 1
    offers = int(problem.offers[0])
    minimum = of_kind(RegionMinimum, stated)
    kept = {REGIONS.index(r): n for r, n in minimum.seats.items()} if minimum else {}
    chosen: list[int] = []
    if minimum and minimum.fill == "open-first":
        chosen = within[: max(offers - sum(kept.values()), 0)]
    reserved = []
    for a in within:
        if a not in chosen and kept.get(int(problem.region[a]), 0) > 0:
            kept[int(problem.region[a])] -= 1
            reserved.append(a)
    rest = [a for a in within if a not in chosen and a not in reserved]
    by_tier = sorted(reserved + rest, key=lambda a: problem.tier[a])
    return set((chosen + by_tier)[:offers])


def chosen(problem: Problem, asking: Iterable[int]) -> set[int]:
    return set(Choice(problem).best(column(asking)).tolist())


@pytest.mark.parametrize("kinds", COMBINATIONS, ids=" + ".join)
def test_whom_an_offering_chooses(kinds: tuple[str, ...]) -> None:
    for seed in range(60):
        problem, stated = one_offering(seed, kinds)
        assert overlapping(problem) is None
        everybody = range(problem.persons)
        assert chosen(problem, everybody) == one_by_one(problem, stated, everybody), seed


@pytest.mark.parametrize("kinds", COMBINATIONS, ids=" + ".join)
def test_the_choice_is_substitutable_and_grows_with_demand(kinds: tuple[str, ...]) -> None:
    """Whoever is chosen is chosen when somebody else leaves, and no more are then chosen."""
    left = 0
    for seed in range(25):
        problem, stated = one_offering(seed, kinds)
        people = range(problem.persons)
        found = {
            asking: one_by_one(problem, stated, asking)
            for size in range(problem.persons + 1)
            for asking in itertools.combinations(people, size)
        }
        for asking, best in found.items():
            for gone in asking:
                without = found[tuple(a for a in asking if a != gone)]
                assert best - {gone} <= without, (seed, asking, gone)
                assert len(without) <= len(best), (seed, asking, gone)
                left += gone in best
    assert left > 100


def test_open_seats_first_give_a_region_more_than_reserves_first() -> None:
    """Four seats, two for oslo. By rank: o1 o2 b1 b2 o3 o4. Reserves first: o1 and o2 take oslo's
    seats, b1 and b2 the open ones. Open seats first: o1 and o2 take these, o3 and o4 oslo's.
    """
    regions = [0, 0, 1, 1, 0, 0]
    for fill, expected in (("reserves-first", {0, 1, 2, 3}), ("open-first", {0, 1, 4, 5})):
        stated = [RegionMinimum(id="least", title=W, seats={"oslo": 2}, fill=fill)]
        problem = Problem(
            persons=6,
            offerings=("x",),
            person=column(range(6)),
            offering=column([0] * 6),
            preference=column([1] * 6),
            rank=column(range(1, 7)),
            weight=column([1] * 6),
            application=column(range(6)),
            service=column([-1] * 6),
            region=column(regions),
            offers=column([4]),
            limits=offering_limits([stated]),
        )
        assert chosen(problem, range(6)) == expected


@pytest.mark.parametrize(
    ("stated", "says"),
    [
        (
            [
                RegionMinimum(id="least", title=W, seats={"oslo": 3}),
                RegionMaximum(id="most", title=W, seats={"oslo": 2}),
            ],
            "least reserves 3 seats for oslo, and most allows 2",
        ),
        (
            [
                RegionMinimum(id="least", title=W, seats={"oslo": 3}, fill="open-first"),
                ServiceFirst(id="first", title=W, seats=2),
            ],
            "service-first cannot stand beside least, which fills open seats first",
        ),
        (
            [
                RegionMinimum(id="least", title=W, seats={"oslo": 3}, fill="open-first"),
                ServiceMaximum(id="most", title=W, seats=2),
            ],
            "service-maximum cannot stand beside least, which fills open seats first",
        ),
        (
            [ServiceFirst(id="one", title=W, seats=2), ServiceFirst(id="two", title=W, seats=1)],
            "two limits are of the kind 'service-first'",
        ),
    ],
)
def test_limits_that_contradict_each_other_are_refused(stated: list[Limit], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        refuse_together(stated)
