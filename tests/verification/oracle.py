"""The definitions, pair by pair, on small cases. Shares nothing with the checks."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator

import numpy as np

from admissions.verification.case import Case

Plan = frozenset[int]  # the applications that hold an offer


def random_case(draw: random.Random, *, reserved: bool, opposed: bool = False) -> Case:
    """Up to 5 persons, 3 offerings and 2 offers at each, with no plan yet.

    ``opposed``: everyone wishes everything, and each offering ranks last those who want it most,
    so that there often are several stable plans.
    """
    persons, offerings = draw.randint(2, 5), 3 if opposed else draw.randint(1, 3)
    least = offerings if opposed else 1
    wishes = [draw.sample(range(offerings), draw.randint(least, offerings)) for _ in range(persons)]
    rows = [(p, o, n) for p, wish in enumerate(wishes) for n, o in enumerate(wish, start=1)]
    qualified = [opposed or draw.random() < 0.85 for _ in rows]
    rank = [0] * len(rows)
    for o in range(offerings):
        here = [a for a, row in enumerate(rows) if row[1] == o and qualified[a]]
        draw.shuffle(here)
        if opposed:
            here.sort(key=lambda a: -rows[a][2])
        for place, a in enumerate(here, start=1):
            rank[a] = place
    home = [draw.randint(0, 3) for _ in range(persons)]
    municipal = [draw.random() < 0.6 for _ in range(persons)]
    seats = np.zeros((offerings, 5), dtype=np.int64)
    if reserved:
        for o in range(offerings):
            for region in draw.sample([1, 2, 3], draw.randint(1, 3)):
                seats[o, region] = draw.randint(1, 2)
    return Case(
        mechanism="coordinated",
        persons=np.array([f"p{p}" for p in range(persons)], dtype=object),
        offerings=tuple(f"o{o}" for o in range(offerings)),
        person=np.array([row[0] for row in rows]),
        offering=np.array([row[1] for row in rows]),
        preference=np.array([row[2] for row in rows]),
        qualified=np.array(qualified),
        rank=np.array(rank),
        region=np.array([home[row[0]] for row in rows]),
        municipal=np.array([municipal[row[0]] for row in rows]),
        offers=np.array(
            [draw.choice([1, 1, 2] if opposed else [0, 1, 2]) for _ in range(offerings)]
        ),
        reserved=seats,
        limits=("regions",) * offerings,
        held=np.zeros(len(rows), dtype=np.bool_),
        declined=np.zeros(len(rows), dtype=np.bool_),
    )


def plans(case: Case, *, within: bool = False) -> Iterator[Plan]:
    """Every way to give each person one of the wishes or nothing.

    ``within``: only to qualified ones, and within the offers to make.
    """
    own = [
        [None, *(a for a in range(len(case.person)) if case.person[a] == p)]
        for p in range(len(case.persons))
    ]
    for choice in itertools.product(*own):
        plan = frozenset(a for a in choice if a is not None)
        used = [sum(case.offering[a] == o for a in plan) for o in range(len(case.offerings))]
        if not within or (
            all(case.qualified[a] for a in plan)
            and all(n <= case.offers[o] for o, n in enumerate(used))
        ):
            yield plan


def wants(case: Case, plan: Plan, a: int) -> bool:
    """Whether ``a`` is qualified, not held, and its person wants it more than what they hold."""
    if a in plan or not case.qualified[a]:
        return False
    own = [b for b in plan if case.person[b] == case.person[a]]
    return all(case.preference[a] < case.preference[b] for b in own)


def holders(case: Case, plan: Plan, o: int) -> list[int]:
    return [h for h in plan if case.offering[h] == o]


def from_region(case: Case, plan: Plan, o: int, region: int) -> int:
    return sum(case.region[h] == region for h in holders(case, plan, o))


def forbidden(case: Case, plan: Plan, a: int, h: int) -> bool:
    """Whether the reserve of the holder's region forbids that ``a`` takes the seat of ``h``."""
    o, mine, theirs = case.offering[a], case.region[a], case.region[h]
    return bool(
        mine != theirs
        and case.reserved[o, theirs] > 0
        and from_region(case, plan, o, theirs) <= case.reserved[o, theirs]
        and from_region(case, plan, o, mine) >= case.reserved[o, mine]
    )


def ahead(case: Case, a: int, h: int) -> bool:
    return bool(not case.qualified[h] or case.rank[a] < case.rank[h])


def envy(case: Case, plan: Plan) -> tuple[set[int], set[int]]:
    """The applications with justified envy, and those whose envy a limit excuses."""
    justified, all_ = set(), set()
    for a in range(len(case.person)):
        for h in holders(case, plan, case.offering[a]):
            if wants(case, plan, a) and ahead(case, a, h):
                all_.add(a)
                if not forbidden(case, plan, a, h):
                    justified.add(a)
    return justified, all_ - justified


def municipal_behind(case: Case, plan: Plan) -> set[int]:
    """The municipal applications that wait while somebody from elsewhere has a seat."""
    return {
        a
        for a in range(len(case.person))
        if wants(case, plan, a) and case.municipal[a]
        for h in holders(case, plan, case.offering[a])
        if not case.municipal[h] and not forbidden(case, plan, a, h)
    }


def wasted(case: Case, plan: Plan) -> set[int]:
    return {
        a
        for a in range(len(case.person))
        if wants(case, plan, a)
        and len(holders(case, plan, case.offering[a])) < case.offers[case.offering[a]]
    }


def chosen(case: Case, o: int, considered: set[int]) -> set[int]:
    """Who gets the seats: each region's best in its reserve, then the others, each by rank."""
    left = case.reserved[o].tolist()
    inside: list[int] = []
    outside: list[int] = []
    for a in sorted(considered, key=lambda a: case.rank[a]):
        left[case.region[a]] -= 1
        (inside if left[case.region[a]] >= 0 else outside).append(a)
    return set((inside + outside)[: case.offers[o]])


def is_stable(case: Case, plan: Plan) -> bool:
    """Each offering keeps all that it holds, and would choose nobody who wants it more."""
    for o in range(len(case.offerings)):
        held = set(holders(case, plan, o))
        rivals = [
            a for a in range(len(case.person)) if case.offering[a] == o and wants(case, plan, a)
        ]
        if chosen(case, o, held) != held or any(a in chosen(case, o, held | {a}) for a in rivals):
            return False
    return True


def wishes_met(case: Case, plan: Plan) -> list[int]:
    """Each person's wish number, 9 for none."""
    met = [9] * len(case.persons)
    for a in plan:
        met[case.person[a]] = int(case.preference[a])
    return met
