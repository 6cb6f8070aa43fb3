"""The definitions, tried on every plan of a small problem. Shares nothing with the solvers."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterable, Iterator

import numpy as np

from admissions.limits import (
    ClassMinimum,
    Limit,
    RegionMaximum,
    RegionMinimum,
    ServiceFirst,
    ServiceMaximum,
)
from admissions.plan import (
    NO_LIMIT,
    AwayLimit,
    GroupLimit,
    Problem,
    QuotaLimit,
    offering_limits,
)
from admissions.wording import Wording

REGIONS = ("oslo", "bergen", "trondheim", "tromso")
NO_WORDS = Wording(nb="-", nn="-", en="-")
Plan = frozenset[int]


def column(values: Iterable[int]) -> np.ndarray:
    return np.array(list(values), dtype=np.int64)


def regional(
    kind: type[RegionMinimum] | type[RegionMaximum], draw: random.Random, least: int
) -> Limit:
    regions = draw.sample(REGIONS[:3], draw.randint(1, 3))
    seats = {region: draw.randint(least, 2) for region in regions}
    return kind(id="regions", title=NO_WORDS, seats=seats)


def seats(kind: Callable[..., Limit], number: int) -> Limit:
    return kind(id=f"limit-{kind.__name__.lower()}", title=NO_WORDS, seats=number)


AT_AN_OFFERING: dict[str, Callable[[random.Random], Limit]] = {
    "region minimum": lambda draw: regional(RegionMinimum, draw, 1),
    "region maximum": lambda draw: regional(RegionMaximum, draw, 0),
    "service maximum": lambda draw: seats(ServiceMaximum, draw.choice([1, 1, 2])),
    "service first": lambda draw: seats(ServiceFirst, draw.choice([1, 1, 2])),
    "class minimum": lambda draw: seats(ClassMinimum, draw.choice([2, 2, 3])),
}


def random_problem(seed: int, features: Iterable[str] = ()) -> Problem:
    """Up to 6 persons, 3 offerings and 3 services, strict ranks, up to 3 offers each.

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
    region = [draw.choice([-1, 0, 1, 2]) for _ in range(persons)]
    service = [draw.choice([-1, 0, 0, 1, 1, 2]) for _ in range(persons)]
    rows = [(p, o, n) for p, wish in enumerate(wishes) for n, o in enumerate(wish, start=1)]
    rank = [0] * len(rows)
    for o in range(offerings):
        here = [a for a, row in enumerate(rows) if row[1] == o]
        draw.shuffle(here)
        if seed % 2:
            here.sort(key=lambda a: -rows[a][2])
        for place, a in enumerate(here, start=1):
            rank[a] = place
    features = list(features)
    stated = [
        [
            make(draw)
            for name, make in AT_AN_OFFERING.items()
            if name in features and draw.random() < 0.8
        ]
        for _ in range(offerings)
    ]
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
        service=column(service[p] for p, _, _ in rows),
        region=column(region[p] for p, _, _ in rows),
        offers=column(draw.choice(offers) for _ in range(offerings)),
        limits=offering_limits(stated),
        **across_offerings(draw, features, service, offerings),
    )


def across_offerings(
    draw: random.Random, features: list[str], service: list[int], offerings: int
) -> dict[str, tuple]:
    quotas, away, groups = [], [], []
    if "quota" in features:
        for _ in range(draw.randint(1, 2)):
            chosen = draw.sample(range(offerings), draw.randint(1, offerings))
            quotas.append(QuotaLimit(tuple(chosen), draw.randint(0, 3)))
    for code in range(3):
        staff = [p for p, own in enumerate(service) if own == code]
        draw.shuffle(staff)
        if "away, ordered" in features and draw.random() < 0.7:
            away.append(AwayLimit(code, draw.randint(0, 2), tuple(staff)))
        if "away, not ordered" in features and draw.random() < 0.7:
            away.append(AwayLimit(code, draw.randint(0, 2), None))
        if "group" in features and draw.random() < 0.5:
            groups.append(GroupLimit(code, draw.randrange(offerings), 2))
    return {"quotas": tuple(quotas), "away": tuple(away), "groups": tuple(groups)}


def reserved_first(
    problem: Problem, considered: Iterable[int], group: np.ndarray, reserve: dict[int, int]
) -> list[int]:
    """One by one by rank into reserved seats while they last; then the others by rank."""
    left = dict(reserve)
    inside, outside = [], []
    for a in sorted(considered, key=lambda a: problem.rank[a]):
        if left.get(int(group[a]), 0) > 0:
            left[int(group[a])] -= 1
            inside.append(a)
        else:
            outside.append(a)
    return inside + outside


def in_order(problem: Problem, o: int, considered: set[int]) -> list[int] | None:
    """The order in which ``o`` chooses where it reserves seats; None elsewhere."""
    minimum = {r: int(n) for r, n in enumerate(problem.limits.region_minimum[o][:-1]) if n}
    if minimum:
        return reserved_first(problem, considered, problem.region, minimum)
    first = int(problem.limits.service_first[o])
    if first != NO_LIMIT:
        reserve = dict.fromkeys(range(3), first) | {-1: len(considered)}
        return reserved_first(problem, considered, problem.service, reserve)
    return None


def plans(problem: Problem) -> Iterator[Plan]:
    """Every way to give each person one of the wishes or nothing."""
    own = [
        [None, *(a for a in range(len(problem.person)) if problem.person[a] == p)]
        for p in range(problem.persons)
    ]
    for choice in itertools.product(*own):
        yield frozenset(a for a in choice if a is not None)


def upper_limits_hold(problem: Problem, held: Iterable[int], *, ordered: bool) -> bool:
    """No maximum is exceeded; those of ordered services count where ``ordered`` says so."""
    held = list(held)
    limits = problem.limits
    for o in range(len(problem.offerings)):
        here = [a for a in held if problem.offering[a] == o]
        if len(here) > problem.offers[o]:
            return False
        for code in range(3):
            count = sum(problem.service[a] == code for a in here)
            if limits.service_maximum[o] != NO_LIMIT and count > limits.service_maximum[o]:
                return False
        for region in range(len(REGIONS)):
            count = sum(problem.region[a] == region for a in here)
            maximum = limits.region_maximum[o, region]
            if maximum != NO_LIMIT and count > maximum:
                return False
    if any(sum(problem.offering[a] in q.offerings for a in held) > q.seats for q in problem.quotas):
        return False
    counted = [limit for limit in problem.away if ordered or limit.order is None]
    return all(sum(problem.service[a] == w.service for a in held) <= w.maximum for w in counted)


def limits_hold(problem: Problem, held: Plan) -> bool:
    if not upper_limits_hold(problem, held, ordered=True):
        return False
    for o, least in enumerate(problem.limits.class_minimum):
        here = {a for a in held if problem.offering[a] == o}
        if here and len(here) < least:
            return False
    for group in problem.groups:
        count = sum(
            problem.service[a] == group.service and problem.offering[a] == group.offering
            for a in held
        )
        if 0 < count < group.at_least:
            return False
    return True


def blocks(problem: Problem, held: Plan, a: int) -> bool:
    """Design §5, word for word: moved there, and at most one lower-ranked holder removed."""
    p, o, code = int(problem.person[a]), int(problem.offering[a]), int(problem.service[a])
    own = {b for b in held if problem.person[b] == p}
    if any(problem.preference[b] <= problem.preference[a] for b in own):
        return False
    here = {b for b in held if problem.offering[b] == o}
    if problem.limits.class_minimum[o] and not here:
        return False
    for group in problem.groups:
        if (group.service, group.offering) == (code, o) and not any(
            problem.service[b] == code for b in here
        ):
            return False
    for limit in problem.away:
        if limit.service == code and limit.order is not None:
            above = limit.order[: limit.order.index(p)]
            if sum(int(problem.person[b]) in above for b in held) >= limit.maximum:
                return False
    moved = (held - own) | {a}
    if upper_limits_hold(problem, moved, ordered=False):
        return True
    order = in_order(problem, o, here | {a})
    if order is not None:
        last = order[-1]
        return last != a and upper_limits_hold(problem, moved - {last}, ordered=False)
    behind = [b for b in here if problem.rank[b] > problem.rank[a]]
    return any(upper_limits_hold(problem, moved - {b}, ordered=False) for b in behind)


def best(problem: Problem) -> tuple[tuple[int, int, int, int], Plan]:
    """The lexicographically best plan: blocking pairs, offers used, wishes met, lottery."""

    def worth(held: Plan) -> tuple[int, int, int, int]:
        return (
            sum(blocks(problem, held, a) for a in range(len(problem.person))),
            -len(held),
            sum(int(problem.preference[a]) for a in held),
            -sum(int(problem.weight[a]) for a in held),
        )

    return min((worth(held), held) for held in plans(problem) if limits_hold(problem, held))


def stable_plans(problem: Problem) -> list[Plan]:
    """Every plan that keeps the limits and has no blocking pair."""
    everyone = range(len(problem.person))
    return [
        held
        for held in plans(problem)
        if limits_hold(problem, held) and not any(blocks(problem, held, a) for a in everyone)
    ]


def called_down(
    problem: Problem, call_rounds: int, declines: Iterable[int] = ()
) -> tuple[set[int], set[int]]:
    """The independent mechanism, one call at a time: who holds and who has given up an offer."""
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
                minimum = problem.limits.region_minimum[o]
                short = {
                    region
                    for region in range(len(REGIONS))
                    if sum(problem.region[a] == region for a in here) < minimum[region]
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
        held -= set(declines)
    return held, called - held
