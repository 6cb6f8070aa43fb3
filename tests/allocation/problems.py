"""Random small problems over every combination of features, smaller ones, and their text."""

from __future__ import annotations

import dataclasses
import itertools
import random
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from admissions.allocation.problem import (
    NO_LIMIT,
    AwayLimit,
    GroupLimit,
    OfferingLimits,
    Problem,
    QuotaLimit,
    Worth,
    offering_limits,
)
from admissions.model.vocabulary import Region, Ties
from admissions.model.wording import Wording
from admissions.rulebooks.limits import (
    ClassMinimum,
    Limit,
    MunicipalityMaximum,
    RegionMaximum,
    RegionMinimum,
    ServiceFirst,
    ServiceMaximum,
)
from admissions.rulebooks.objectives import ObjectiveName

REGIONS = ("oslo", "bergen", "trondheim", "tromso")
NO_WORDS = Wording(nb="-", nn="-", en="-")
RESERVES = ("region minimum", "open first", "service first")
ON_SERVICES = ("service first", "service maximum")
ON_REGIONS = ("region minimum", "open first", "region maximum")
ACROSS = ("quota", "away, ordered", "away, not ordered", "group")
EQUALS: dict[str, Ties] = {"accept all": "accept-all", "reject all": "reject-all"}
BESIDE_EQUALS = ("class minimum", "away, ordered", "group", "another order")

Features = tuple[str, ...]


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


def open_first(draw: random.Random) -> Limit:
    stated = regional(RegionMinimum, draw, 1)
    assert isinstance(stated, RegionMinimum)
    return stated.model_copy(update={"fill": "open-first"})


AT_AN_OFFERING: dict[str, Callable[[random.Random], Limit]] = {
    "region minimum": lambda draw: regional(RegionMinimum, draw, 1),
    "open first": open_first,
    "service first": lambda draw: seats(ServiceFirst, draw.choice([1, 1, 2])),
    "region maximum": lambda draw: regional(RegionMaximum, draw, 0),
    "service maximum": lambda draw: seats(ServiceMaximum, draw.choice([1, 1, 2])),
    "municipality maximum": lambda draw: seats(MunicipalityMaximum, draw.choice([1, 1, 2])),
    "class minimum": lambda draw: seats(ClassMinimum, draw.choice([2, 2, 3])),
}
ORDERS: list[tuple[ObjectiveName, ...]] = [
    ("blocking-pairs", "offers-used", "spread-breadth", "preferences", "tie"),
    ("offers-used", "spread-breadth", "blocking-pairs", "preferences", "tie"),
    ("spread-breadth", "preferences", "tie"),
    ("blocking-pairs", "preferences", "offers-used", "tie"),
    ("blocking-pairs", "offers-used", "service-order", "preferences", "spread-breadth", "tie"),
    ("set-aside", "offers-used", "blocking-pairs", "draw", "tie"),
    ("offers-used", "municipal-first", "draw", "tie"),
]
FEATURES = (*AT_AN_OFFERING, *ACROSS, *EQUALS, "another order")


def refused(features: Collection[str]) -> bool:
    """Whether no problem is built of them.

    Orders apart beside reserves; a quota beside open seats first; a municipality's maximum beside
    reserves; what would have to choose between equals beside either way to treat them together.
    """
    if any(one in features for one in EQUALS):
        others = [one for one in features if one not in BESIDE_EQUALS]
        return len(others) > 1
    if "open first" in features and "quota" in features:
        return True
    if "municipality maximum" in features and any(one in features for one in RESERVES):
        return True
    return "away, not ordered" in features and any(one in features for one in RESERVES)


COMBINATIONS: list[Features] = [
    chosen
    for size in range(len(FEATURES) + 1)
    for chosen in itertools.combinations(FEATURES, size)
    if not refused(chosen)
]
"""Every set of features that can be stated in one round; the small ones first."""

FEW = [chosen for chosen in COMBINATIONS if len(chosen) <= 2]


def features_of(number: int) -> Features:
    """The features of problem ``number``: by turns any combination, and one of two at most.

    Each time round begins one later, so that every combination meets every kind of wishes.
    """
    among, turn = FEW if number % 2 else COMBINATIONS, number // 2
    return among[(turn + turn // len(among)) % len(among)]


@dataclasses.dataclass(frozen=True)
class Size:
    """What to draw from; ``scarce``: offers where those who want an offering least rank first."""

    persons: tuple[int, ...]
    offerings: tuple[int, ...]
    services: tuple[int, ...]
    offers: tuple[int, ...]
    scarce: tuple[int, ...]


SMALL = Size((3, 4, 4, 5, 5, 6, 7), (1, 2, 2, 3, 3), (NO_LIMIT, 0, 0, 1, 1, 2),
             (0, 1, 2, 3), (1, 1, 2))  # fmt: skip
"""Up to 7 persons, 3 offerings and 3 services: all plans can be tried."""

LARGER = Size((60,), (5,), (NO_LIMIT, *range(15)), (0, 3, 5, 9), (3, 5, 9))
"""So many that most ways through the solvers are taken; the solvers prove one another."""


def random_problem(
    number: int, features: Collection[str] | None = None, size: Size = SMALL
) -> Problem:
    """A problem with ``features``, or those whose turn it is.

    Every third problem ranks those first who want the offering least: such problems often have
    several stable plans.
    """
    draw = random.Random(number)
    features = features_of(number) if features is None else features
    opposed = number % 3 == 0
    persons = draw.choice(size.persons)
    offerings = max(size.offerings) if opposed else draw.choice(size.offerings)
    shortest = offerings if opposed else 1
    wishes = [
        draw.sample(range(offerings), draw.randint(shortest, offerings)) for _ in range(persons)
    ]
    region = [draw.choice([NO_LIMIT, 0, 1, 2]) for _ in range(persons)]
    service = [draw.choice(size.services) for _ in range(persons)]
    reserving = [one for one in features if one in RESERVES]
    on_both = (
        [one for one in features if one in ON_SERVICES],
        [one for one in features if one in ON_REGIONS],
    )
    if draw.random() < 0.3 or (reserving and all(on_both)):
        region = [r if s == NO_LIMIT else s % 3 for r, s in zip(region, service, strict=True)]
    tier = [draw.choice([0, 0, 1, 1, 2]) for _ in range(persons)]
    if draw.random() < 0.4:
        tier = [0] * persons
    drawn = draw.sample(range(1, persons + 1), persons)
    rows = [(p, o, n) for p, wish in enumerate(wishes) for n, o in enumerate(wish, start=1)]
    rank = [0] * len(rows)
    for o in range(offerings):
        here = [a for a, row in enumerate(rows) if row[1] == o]
        draw.shuffle(here)
        if opposed:
            here.sort(key=lambda a: -rows[a][2])
        here.sort(key=lambda a: tier[rows[a][0]])
        for place, a in enumerate(here, start=1):
            rank[a] = place
        if any(one in features for one in EQUALS):
            for before, a in itertools.pairwise(here):
                equal = draw.random() < 0.4 and tier[rows[a][0]] == tier[rows[before][0]]
                rank[a] = rank[before] if equal else rank[a]
    stated = [[*limits_at_an_offering(draw, features)] for _ in range(offerings)]
    offers = size.scarce if opposed else size.offers
    living = random.Random(number)
    of_service = {s: living.choice([NO_LIMIT, 0, 0, 1]) for s in sorted(set(service))}
    municipality = [
        of_service[s] if s != NO_LIMIT else living.choice([NO_LIMIT, 0, 1]) for s in service
    ]
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
        municipality=column(municipality[p] for p, _, _ in rows),
        offers=column(draw.choice(offers) for _ in range(offerings)),
        limits=offering_limits(stated),
        tier=column(tier[p] for p, _, _ in rows),
        municipal=np.array([tier[p] == 0 for p, _, _ in rows]),
        drawn=column(drawn[p] for p, _, _ in rows),
        ties=next((ties for one, ties in EQUALS.items() if one in features), "lottery"),
        **across_offerings(draw, features, service, offerings),
        **another_order(draw, features, [region[p] for p, _, _ in rows]),
    )


def another_order(
    draw: random.Random, features: Collection[str], region: list[int]
) -> dict[str, Any]:
    """Objectives in another order; spread counts regions, as it counts municipalities."""
    if "another order" not in features:
        return {}
    steps = np.ones((len(REGIONS), 1), dtype=np.int64)
    return {
        "objectives": draw.choice(ORDERS),
        "worth": {"spread-breadth": Worth(column(region), steps)},
    }


def limits_at_an_offering(draw: random.Random, features: Collection[str]) -> Iterator[Limit]:
    """Four of five of the features, but one of those that do not stand together."""
    here = [name for name in AT_AN_OFFERING if name in features and draw.random() < 0.8]
    if "open first" in here:
        apart = draw.choice([("open first",), ("region minimum", *ON_SERVICES)])
        here = [n for n in here if n not in apart]
    least: Mapping[Region, int] = {}
    for name in here:
        limit = AT_AN_OFFERING[name](draw)
        if isinstance(limit, RegionMinimum):
            least = limit.seats
        if isinstance(limit, RegionMaximum):
            most = {r: max(seats, least.get(r, 0)) for r, seats in limit.seats.items()}
            limit = limit.model_copy(update={"seats": most})
        yield limit


def across_offerings(
    draw: random.Random, features: Collection[str], service: list[int], offerings: int
) -> dict[str, Any]:
    quotas, away, groups = [], [], []
    if "quota" in features:
        for _ in range(draw.randint(1, 2)):
            chosen = draw.sample(range(offerings), draw.randint(1, offerings))
            quotas.append(QuotaLimit(tuple(chosen), draw.randint(0, 3), draw.random() < 0.3))
    for code in range(max(3, max(service) + 1)):
        staff = [p for p, own in enumerate(service) if own == code]
        draw.shuffle(staff)
        kinds = [name for name in ("away, ordered", "away, not ordered") if name in features]
        if kinds and draw.random() < 0.7:
            ordered = draw.choice(kinds) == "away, ordered"
            away.append(AwayLimit(code, draw.randint(0, 2), tuple(staff) if ordered else None))
        if "group" in features and draw.random() < 0.5:
            groups.append(GroupLimit(code, draw.randrange(offerings), 2))
    return {"quotas": tuple(quotas), "away": tuple(away), "groups": tuple(groups)}


def smaller(problem: Problem) -> Iterator[Problem]:
    """Every problem that lacks one person, application or limit of this one."""
    for p in np.unique(problem.person).tolist():
        yield without_applications(problem, problem.person == p)
    for a in range(len(problem.person)):
        yield without_applications(problem, np.arange(len(problem.person)) == a)
    for name in ("quotas", "away", "groups"):
        stated = getattr(problem, name)
        for n in range(len(stated)):
            yield dataclasses.replace(problem, **{name: stated[:n] + stated[n + 1 :]})
    limits = vars(problem.limits)
    for name, array in limits.items():
        nothing = 0 if name.endswith(("minimum", "open_first")) else NO_LIMIT
        for at in zip(*np.nonzero(array != nothing), strict=True):
            less = array.copy()
            less[at] = nothing
            yield dataclasses.replace(problem, limits=OfferingLimits(**{**limits, name: less}))


def without_applications(problem: Problem, gone: np.ndarray) -> Problem:
    less = problem.among(~gone)
    wishes = [sum(less.person[:a] == p) + 1 for a, p in enumerate(less.person.tolist())]
    rows = np.arange(len(less.person))
    return dataclasses.replace(less, application=rows, preference=column(wishes))


def shrunk(problem: Problem, differs: Callable[[Problem], bool]) -> Problem:
    """A problem that differs still, and of which nothing can be left out."""
    for less in smaller(problem):
        if differs(less):
            return shrunk(less, differs)
    return problem


def told(problem: Problem) -> str:
    """The problem in words, enough to write it down again."""
    lines = []
    for p in np.unique(problem.person).tolist():
        own = np.flatnonzero(problem.person == p)
        wishes = " > ".join(problem.offerings[o] for o in problem.offering[own])
        home = problem.region[own[0]]
        region = "no region" if home == NO_LIMIT else REGIONS[home]
        who = f"service {problem.service[own[0]]}, {region}, tier {problem.tier[own[0]]}"
        lines.append(f"  p{p} ({who}, drawn {problem.drawn[own[0]]}): {wishes}")
    for o, name in enumerate(problem.offerings):
        here = np.flatnonzero(problem.offering == o)
        by_rank = here[np.argsort(problem.rank[here])]
        line = " ".join(f"{problem.rank[a]}. p{problem.person[a]}" for a in by_rank)
        stated = ", ".join(
            f"{kind} {array[o].tolist()}"
            for kind, array in vars(problem.limits).items()
            if (array[o] != (0 if kind.endswith(("minimum", "open_first")) else NO_LIMIT)).any()
        )
        lines.append(f"  {name}: {problem.offers[o]} offers; {line}; {stated or 'no limits'}")
    lines += [f"  {one}" for one in (*problem.quotas, *problem.away, *problem.groups)]
    lines.append(f"  ties {problem.ties}; objectives {', '.join(problem.objectives)}")
    lines.append(f"  weights {problem.weight.tolist()}")
    return "\n".join(lines)
