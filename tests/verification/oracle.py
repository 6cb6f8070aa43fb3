"""The definitions, pair by pair, on small cases. Shares nothing with the checks."""

from __future__ import annotations

import itertools
import random
from collections.abc import Collection, Iterator

import numpy as np

from admissions.verification.case import Case
from admissions.verification.limits import LAST, CommonQuota, LeaderGroup, Limits, at_offerings

Plan = frozenset[int]  # the applications that hold an offer

SERVICES = ("", "s1", "s2", "s3")
AT_AN_OFFERING = (
    "region-minimum", "service-first", "region-maximum", "service-maximum", "class-minimum",
)  # fmt: skip
OVER_OFFERINGS = ("quota", "away", "away apart", "group")


def limits(
    offerings: int, persons: int, *, services: tuple[str, ...] = SERVICES, **stated: object
) -> Limits:
    """No limits, but for those that are stated."""
    nothing: dict[str, object] = {
        **at_offerings([()] * offerings),
        "names": [{kind: f"{kind}-{o}" for kind in AT_AN_OFFERING} for o in range(offerings)],
        "services": services,
        "max_students": np.full(len(services), LAST),
        "ordered": np.ones(len(services), dtype=np.bool_),
        "standing": np.arange(persons),
    }
    return Limits(**{**nothing, **stated})  # type: ignore[arg-type]


def random_limits(
    draw: random.Random, features: Collection[str], offerings: int, persons: int
) -> Limits:
    """Each feature at most offerings; no reserve beside another limit on regions or services."""
    found = limits(offerings, persons, standing=np.array(draw.sample(range(persons), persons)))
    for o in range(offerings):
        here = [f for f in AT_AN_OFFERING if f in features and draw.random() < 0.8]
        reserves = [f for f in here if f in ("region-minimum", "service-first")]
        if reserves:
            here = [draw.choice(reserves), *(f for f in here if f == "class-minimum")]
        for feature in here:
            state(draw, feature, getattr(found, feature.replace("-", "_"))[o : o + 1])
    for service, feature in itertools.product((1, 2, 3), ("away", "away apart")):
        if feature in features and draw.random() < 0.7:
            found.max_students[service] = draw.randint(0, 2)
            found.ordered[service] = feature == "away"
    groups, quotas = [], []
    if "group" in features:
        pairs = draw.sample([(s, o) for s in (1, 2, 3) for o in range(offerings)], 2)
        groups = [LeaderGroup(s, o, 2) for s, o in pairs]
    for n in range(draw.randint(1, 2) if "quota" in features else 0):
        chosen = draw.sample(range(offerings), draw.randint(1, offerings))
        quotas.append(CommonQuota(f"quota-{n}", tuple(chosen), draw.randint(0, 3)))
    return Limits(**{**vars(found), "quotas": tuple(quotas), "groups": tuple(groups)})


def state(draw: random.Random, feature: str, array: np.ndarray) -> None:
    """States a limit at one offering, whose row ``array`` is."""
    if feature.startswith("region"):
        for region in draw.sample([1, 2, 3], draw.randint(1, 3)):
            array[0, region] = draw.randint(1 if feature == "region-minimum" else 0, 2)
    else:
        array[0] = draw.choice([2, 2, 3] if feature == "class-minimum" else [1, 1, 2])


def random_case(
    draw: random.Random,
    features: Collection[str] = (),
    *,
    opposed: bool = False,
    tiers: bool = False,
) -> Case:
    """Up to 5 persons, 3 offerings and 2 offers at each, with no plan yet.

    ``opposed``: everyone wishes everything, and each offering ranks last those who want it most,
    so that there often are several stable plans. ``tiers``: each offering ranks municipal employees
    first, and reserves keep to the two tiers.
    """
    persons, offerings = draw.randint(2, 5), 3 if opposed else draw.randint(1, 3)
    least = offerings if opposed else 1
    wishes = [draw.sample(range(offerings), draw.randint(least, offerings)) for _ in range(persons)]
    rows = [(p, o, n) for p, wish in enumerate(wishes) for n, o in enumerate(wish, start=1)]
    qualified = [opposed or draw.random() < 0.85 for _ in rows]
    municipal = [draw.random() < 0.6 for _ in range(persons)]
    tier = [int(tiers and not municipal[row[0]]) for row in rows]
    rank = [0] * len(rows)
    for o in range(offerings):
        here = [a for a, row in enumerate(rows) if row[1] == o and qualified[a]]
        draw.shuffle(here)
        if opposed:
            here.sort(key=lambda a: -rows[a][2])
        here.sort(key=tier.__getitem__)
        for place, a in enumerate(here, start=1):
            rank[a] = place
    home = [draw.randint(0, 3) for _ in range(persons)]
    service = [draw.choice([0, 1, 1, 2, 2, 3]) for _ in range(persons)]
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
        service=np.array([service[row[0]] for row in rows]),
        municipal=np.array([municipal[row[0]] for row in rows]),
        offers=np.array(
            [draw.choice([1, 1, 2] if opposed else [0, 1, 2]) for _ in range(offerings)]
        ),
        limits=random_limits(draw, features, offerings, persons),
        held=np.zeros(len(rows), dtype=np.bool_),
        declined=np.zeros(len(rows), dtype=np.bool_),
        tier=np.array(tier),
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


def reserve(case: Case, a: int) -> tuple[int, int]:
    """The group of ``a`` that a reserve at its offering counts, and how many seats it has."""
    o, service, region = int(case.offering[a]), int(case.service[a]), int(case.region[a])
    if case.limits.service_first[o]:
        return service, int(case.limits.service_first[o]) if service else 99
    if case.limits.region_minimum[o].any():
        return region, int(case.limits.region_minimum[o, region])
    return 0, 0


def in_group(case: Case, plan: Plan, a: int) -> int:
    """How many of the group of ``a`` hold an offer there; those of later tiers do not count."""
    there = [h for h in holders(case, plan, int(case.offering[a])) if case.tier[h] <= case.tier[a]]
    return sum(reserve(case, h)[0] == reserve(case, a)[0] for h in there)


def reserved_from(case: Case, plan: Plan, a: int, h: int) -> bool:
    """Whether a reserve forbids that ``a`` takes the seat of ``h``: not of one in a later tier."""
    if case.tier[a] < case.tier[h]:
        return False
    kept = in_group(case, plan, h) <= reserve(case, h)[1]
    entitled = in_group(case, plan, a) < reserve(case, a)[1]
    return reserve(case, a)[0] != reserve(case, h)[0] and kept and not entitled


def excused(case: Case, plan: Plan, a: int) -> bool:
    """Closed; nobody of its group there; or enough colleagues ahead in the service's order away."""
    o, service = int(case.offering[a]), int(case.service[a])
    there = holders(case, plan, o)
    if case.limits.class_minimum[o] and not there:
        return True
    for group in case.limits.groups:
        if (group.service, group.offering) == (service, o) and not any(
            case.service[h] == service for h in there
        ):
            return True
    if not service or not case.limits.ordered[service]:
        return False
    standing = case.limits.standing
    ahead = [
        h
        for h in plan
        if case.service[h] == service and standing[case.person[h]] < standing[case.person[a]]
    ]
    return len(ahead) >= int(case.limits.max_students[service])


def maxima_hold(case: Case, plan: Plan, *, ordered: bool) -> bool:
    """Whether nothing is exceeded; ``ordered``: nor what services with one order can spare."""
    of = case.limits
    for o in range(len(case.offerings)):
        there = holders(case, plan, o)
        if len(there) > case.offers[o]:
            return False
        for s in (1, 2, 3):
            if sum(case.service[h] == s for h in there) > of.service_maximum[o]:
                return False
        for r in range(5):
            if sum(case.region[h] == r for h in there) > of.region_maximum[o, r]:
                return False
    for quota in of.quotas:
        if sum(case.offering[h] in quota.offerings for h in plan) > quota.seats:
            return False
    return all(
        sum(case.service[h] == s for h in plan) <= of.max_students[s]
        for s in (1, 2, 3)
        if ordered or not of.ordered[s]
    )


def limits_hold(case: Case, plan: Plan) -> bool:
    """Every maximum; a class large enough or closed; a group large enough or absent."""
    if not maxima_hold(case, plan, ordered=True):
        return False
    for o, least in enumerate(case.limits.class_minimum):
        if 0 < len(holders(case, plan, o)) < least:
            return False
    for group in case.limits.groups:
        there = holders(case, plan, group.offering)
        if 0 < sum(case.service[h] == group.service for h in there) < group.at_least:
            return False
    return True


def moved(case: Case, plan: Plan, a: int, gone: int | None = None) -> Plan:
    """The plan after ``a`` left what it holds and took an offer, perhaps that of ``gone``."""
    own = {b for b in plan if case.person[b] == case.person[a]}
    return (plan - own - {gone}) | {a}


def ahead(case: Case, a: int, h: int) -> bool:
    return bool(not case.qualified[h] or case.rank[a] < case.rank[h])


def wastes(case: Case, plan: Plan, a: int) -> bool:
    """Whether ``a`` could have an unused offer, nobody else moving."""
    return (
        wants(case, plan, a)
        and not excused(case, plan, a)
        and maxima_hold(case, moved(case, plan, a), ordered=False)
    )


def may_take(case: Case, plan: Plan, a: int, h: int) -> bool:
    """Whether no limit forbids that ``a`` takes the seat of ``h``."""
    return (
        not excused(case, plan, a)
        and not reserved_from(case, plan, a, h)
        and maxima_hold(case, moved(case, plan, a, h), ordered=False)
    )


def envy(case: Case, plan: Plan) -> tuple[set[int], set[int]]:
    """The applications with justified envy, and those whose envy a limit excuses."""
    justified, all_ = set(), set()
    for a in range(len(case.person)):
        for h in holders(case, plan, int(case.offering[a])):
            if wants(case, plan, a) and ahead(case, a, h):
                all_.add(a)
                if may_take(case, plan, a, h):
                    justified.add(a)
    return justified, all_ - justified


def municipal_behind(case: Case, plan: Plan) -> set[int]:
    """The municipal applications that wait while somebody from elsewhere has a seat."""
    return {
        a
        for a in range(len(case.person))
        if wants(case, plan, a) and case.municipal[a]
        for h in holders(case, plan, int(case.offering[a]))
        if not case.municipal[h] and may_take(case, plan, a, h)
    }


def line(case: Case, considered: Collection[int]) -> list[int]:
    """In which order an offering chooses: each group's best in its reserve, then the others.

    Tier by tier; who is in a tier before counts for the reserve.
    """
    inside: list[int] = []
    outside: list[int] = []
    seen: dict[int, int] = {}
    for a in sorted(considered, key=lambda a: case.rank[a]):
        group, seats = reserve(case, a)
        seen[group] = seen.get(group, 0) + 1
        (inside if seen[group] <= seats else outside).append(a)
    return sorted([*inside, *outside], key=lambda a: case.tier[a])


def blocks(case: Case, plan: Plan, a: int) -> bool:
    """Design §5, word for word: moved there, and at most one removed, every limit holds.

    Where seats are reserved the one removed is whom the offering chooses last.
    """
    if not wants(case, plan, a) or excused(case, plan, a):
        return False
    o = int(case.offering[a])
    there = holders(case, plan, o)
    if wastes(case, plan, a):
        return True
    if case.limits.service_first[o] or case.limits.region_minimum[o].any():
        last = line(case, [*there, a])[-1]
        gone = [last] if last != a else []
    else:
        gone = [h for h in there if case.rank[h] > case.rank[a]]
    return any(maxima_hold(case, moved(case, plan, a, h), ordered=False) for h in gone)


def is_stable(case: Case, plan: Plan) -> bool:
    """Every limit holds and nobody blocks."""
    rows = range(len(case.person))
    return limits_hold(case, plan) and not any(blocks(case, plan, a) for a in rows)


def wishes_met(case: Case, plan: Plan) -> list[int]:
    """Each person's wish number, 9 for none."""
    met = [9] * len(case.persons)
    for a in plan:
        met[case.person[a]] = int(case.preference[a])
    return met
