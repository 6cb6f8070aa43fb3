"""The definitions, tried on every plan of a small problem. Shares nothing with the solvers."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterable, Iterator

import numpy as np

from admissions.limits import RegionMinimum
from admissions.plan import Problem
from admissions.wording import Wording

REGIONS = ("oslo", "bergen", "trondheim", "tromso")
NO_WORDS = Wording(nb="-", nn="-", en="-")


def column(values: Iterable[int]) -> np.ndarray:
    return np.array(list(values), dtype=np.int64)


def random_problem(seed: int, *, minima: bool) -> Problem:
    """Up to 6 persons and 3 offerings, strict ranks, up to 3 offers each.

    Every second problem ranks those first who want the offering least: such problems often have
    several stable plans.
    """
    draw = random.Random(seed)
    persons = draw.randint(3, 6)
    offerings = 3 if seed % 2 else draw.randint(1, 3)
    shortest = offerings if seed % 2 else 1
    wishes = [
        draw.sample(range(offerings), draw.randint(shortest, offerings)) for _ in range(persons)
    ]
    home = [draw.choice([-1, 0, 1, 2]) for _ in range(persons)]
    rows = [(p, o, n) for p, wish in enumerate(wishes) for n, o in enumerate(wish, start=1)]
    rank = [0] * len(rows)
    for o in range(offerings):
        here = [a for a, row in enumerate(rows) if row[1] == o]
        draw.shuffle(here)
        if seed % 2:
            here.sort(key=lambda a: -rows[a][2])
        for place, a in enumerate(here, start=1):
            rank[a] = place
    limits = {}
    if minima:
        for o in range(offerings):
            regions = draw.sample(REGIONS[:3], draw.randint(1, 3))
            seats = {region: draw.randint(1, 2) for region in regions}
            limit = {"id": "r", "title": NO_WORDS, "seats": seats}
            limits[o] = (RegionMinimum.model_validate(limit),)
    offers = [1, 1, 2] if seed % 2 else [0, 1, 2, 3]
    return Problem(
        persons=persons,
        offerings=tuple(f"o{o}" for o in range(offerings)),
        person=column(p for p, _, _ in rows),
        offering=column(o for _, o, _ in rows),
        preference=column(n for _, _, n in rows),
        rank=column(rank),
        weight=column(draw.randrange(2**32) for _ in rows),
        application=column(range(len(rows))),
        service=column(-1 for _ in rows),
        region=column(home[p] for p, _, _ in rows),
        offers=column(draw.choice(offers) for _ in range(offerings)),
        limits=limits,
    )


def chosen(problem: Problem, offering: int, considered: set[int]) -> set[int]:
    """Reserves first, one by one by rank; then the others by rank."""
    reserve: dict[int, int] = {}
    for limit in problem.limits.get(offering, ()):
        reserve = {REGIONS.index(region): n for region, n in limit.seats.items()}
    inside, outside = [], []
    for a in sorted(considered, key=lambda a: problem.rank[a]):
        region = int(problem.region[a])
        if reserve.get(region, 0) > 0:
            reserve[region] -= 1
            inside.append(a)
        else:
            outside.append(a)
    return set((inside + outside)[: problem.offers[offering]])


def plans(problem: Problem) -> Iterator[dict[int, int]]:
    """Every way to give each person one of the wishes or nothing, as person -> application."""
    own = [
        [None, *(a for a in range(len(problem.person)) if problem.person[a] == p)]
        for p in range(problem.persons)
    ]
    for choice in itertools.product(*own):
        yield {p: a for p, a in enumerate(choice) if a is not None}


def is_stable(problem: Problem, plan: dict[int, int]) -> bool:
    """Each offering keeps all it holds, and nobody it would choose wants it more."""
    holders = {
        o: {a for a in plan.values() if problem.offering[a] == o}
        for o in range(len(problem.offerings))
    }
    if any(chosen(problem, o, held) != held for o, held in holders.items()):
        return False
    for a in range(len(problem.person)):
        held = plan.get(int(problem.person[a]))
        if held is not None and problem.preference[a] >= problem.preference[held]:
            continue
        o = int(problem.offering[a])
        if a in chosen(problem, o, holders[o] | {a}):
            return False
    return True


def stable_plans(problem: Problem) -> list[dict[int, int]]:
    return [plan for plan in plans(problem) if is_stable(problem, plan)]


def best(problem: Problem, stable: list[dict[int, int]]) -> set[int]:
    """The applications that hold offers in the lexicographically best of ``stable``."""

    def worth(plan: dict[int, int]) -> tuple[int, int, int]:
        held = list(plan.values())
        wishes = sum(int(problem.preference[a]) for a in held)
        return len(held), -wishes, sum(int(problem.weight[a]) for a in held)

    return set(max(stable, key=worth).values())


def called_down(problem: Problem, call_rounds: int) -> tuple[set[int], set[int]]:
    """The independent mechanism, one call at a time: who holds and who has released."""
    held: set[int] = set()
    called: set[int] = set()
    for _ in range(call_rounds):
        new: set[int] = set()
        for o in range(len(problem.offerings)):
            here = {a for a in held if problem.offering[a] == o}
            while len(here) < problem.offers[o]:
                line = sorted(
                    (a for a in range(len(problem.person))
                     if problem.offering[a] == o and a not in called | new),
                    key=lambda a: problem.rank[a],
                )  # fmt: skip
                if not line:
                    break
                short = {
                    REGIONS.index(region)
                    for limit in problem.limits.get(o, ())
                    for region, n in limit.seats.items()
                    if sum(problem.region[a] == REGIONS.index(region) for a in here) < n
                }
                first = next((a for a in line if problem.region[a] in short), line[0])
                here.add(first)
                new.add(first)
        called |= new
        held |= new
        for p in range(problem.persons):
            own = sorted((a for a in held if problem.person[a] == p),
                         key=lambda a: problem.preference[a])  # fmt: skip
            held -= set(own[1:])
    return held, called - held
