"""Limits as bounds, whom an offering chooses within them, and what excuses whoever waits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from admissions.model.facts import Flags, Numbers
from admissions.verification.case import Case
from admissions.verification.grouping import count_in, together
from admissions.verification.limits import LAST, REGIONS
from admissions.verification.property import Noted, both

NOBODY, NOT_CHOSEN = -1, -2
"""What ``who_goes`` says in place of a holder."""


@dataclass(frozen=True, eq=False)
class Bound:
    """One kind of limit for each of m applications.

    - ``key``: int64 (m,), from 0, equal for those who are counted together; ``there``: the same, of
      those at one offering;
    - ``seats``: int64 (m,), how many, ``LAST`` (at most) or 0 (first of all) where none is stated;
    - ``names`` by ``named``, int64 (m,): the limit's name; ``whom``: who is counted, given an
      application, in words.
    """

    key: Numbers
    there: Numbers
    seats: Numbers
    names: Sequence[str]
    named: Numbers
    whom: Callable[[int], str]

    def name(self, row: int) -> str:
        """The limit on an application, by name."""
        return self.names[int(self.named[row])]

    def exceeded(self, case: Case) -> Iterator[str]:
        """Where more hold offers than ``seats``, in words."""
        _, first, counts = np.unique(self.key[case.holders], return_index=True, return_counts=True)
        rows = case.holders[first]
        for at in np.flatnonzero(counts > self.seats[rows]):
            row = int(rows[at])
            yield Noted(
                "exceeded",
                n=counts[at], whom=self.whom(row), limit=self.name(row), seats=self.seats[row],
            )  # fmt: skip


def maxima_at_offerings(case: Case) -> list[Bound]:
    """At most so many of a service, of a municipality, and of a region, at one offering."""
    limits, offering = case.limits, case.offering
    found = []
    if (limits.service_maximum < LAST).any():
        seats = np.where(case.service > 0, limits.service_maximum[offering], LAST)
        key, names = together(offering, case.service), limits.named("service-maximum")
        found.append(Bound(key, key, seats, names, offering, _from_service(case)))
    if (limits.municipality_maximum < LAST).any():
        seats = np.where(case.municipality > 0, limits.municipality_maximum[offering], LAST)
        key, names = together(offering, case.municipality), limits.named("municipality-maximum")
        found.append(Bound(key, key, seats, names, offering, _from_municipality(case)))
    if (limits.region_maximum < LAST).any():
        seats = limits.region_maximum[offering, case.region]
        key, names = together(offering, case.region), limits.named("region-maximum")
        found.append(Bound(key, key, seats, names, offering, _from_region(case)))
    return found


def away(case: Case, services: Flags) -> list[Bound]:
    """At most so many of a service in all, for those that ``services`` (s,) marks."""
    limits = case.limits
    seats = np.where(services, limits.max_students, LAST)
    if (seats == LAST).all():
        return []
    names = [Noted("max-students", service=service) for service in limits.services]
    return [
        Bound(
            case.service, together(case.offering, case.service), seats[case.service], names,
            case.service,
            lambda row: Noted("from", place=limits.services[case.service[row]]),
        )
    ]  # fmt: skip


def quotas(case: Case) -> list[Bound]:
    """At most so many at several offerings together, one bound a quota."""
    found = []
    for quota in case.limits.quotas:
        inside = np.isin(case.offering, quota.offerings)
        where = Noted("at", offerings=both(case.offerings[number] for number in quota.offerings))
        found.append(
            Bound(
                inside.astype(np.int64), case.offering, np.where(inside, quota.seats, LAST),
                [quota.id], np.zeros_like(case.offering),
                lambda _, where=where: where,  # type: ignore[misc]
            )
        )  # fmt: skip
    return found


def reserves(case: Case) -> Bound | None:
    """The seats that go first to the best of a region, or of a service; None where there are none.

    Where several limits choose together, ``who_goes`` tells who goes for whom.

    Whoever has no service comes with the best of every service.
    """
    limits, offering = case.limits, case.offering
    if not limits.reserved.any():
        return None
    apart = ~case.together[offering]
    by_service = (limits.service_first[offering] > 0) & apart
    by_region = (limits.region_minimum.max(axis=1) > 0)[offering] & apart
    first = np.where(case.service > 0, limits.service_first[offering], LAST)
    minimum = limits.region_minimum[offering, case.region]
    from_service, from_region = _from_service(case), _from_region(case)
    pairs = zip(limits.named("service-first"), limits.named("region-minimum"), strict=True)
    group = np.where(by_service, case.service, np.where(by_region, case.region, 0))
    key = together(offering, group)
    return Bound(
        key=key,
        there=key,
        seats=np.where(by_service, first, np.where(by_region, minimum, 0)),
        names=[one or other for one, other in pairs],
        named=offering,
        whom=lambda row: (from_service if by_service[row] else from_region)(row),
    )


def _from_service(case: Case) -> Callable[[int], str]:
    def whom(row: int) -> str:
        service = case.limits.services[case.service[row]]
        offering = case.offerings[case.offering[row]]
        if not service:
            return Noted("without-service", offering=offering)
        return Noted("from-at", place=service, offering=offering)

    return whom


def _from_municipality(case: Case) -> Callable[[int], str]:
    return lambda row: Noted("from-municipality", offering=case.offerings[case.offering[row]])


def _from_region(case: Case) -> Callable[[int], str]:
    return lambda row: Noted(
        "from-at",
        place=REGIONS[case.region[row] - 1],
        offering=case.offerings[case.offering[row]],
    )


def chosen(
    case: Case,
    number: int,
    kept: Collection[int],
    asking: Collection[int],
    offers: int | None = None,
) -> list[int]:
    """Whom of the applications ``asking`` the offering chooses beside those it has ``kept``.

    ``offers``: how many it may have, where that is not the offers to make.

    1. By rank, those within their service's and their municipality's maximum. 2. Tier by tier the
    first ones of each service come before all others; then rank decides. 3. By that order, those
    within their region's maximum. 4. The seats that no region has, where these are filled first;
    then, tier by tier, a region's reserve; 5. and whoever is next.
    """
    free = max((int(case.offers[number]) if offers is None else offers) - len(kept), 0)
    line = _within_region_maximum(case, number, kept, _within_maxima(case, number, kept, asking))
    left = _reserved(case, number, kept)
    seats = max(free - sum(left), 0) if case.limits.open_first[number] else 0
    opened, unreserved = line[:seats], dict.fromkeys(line[seats:], True)
    for row in line[seats:]:
        region = int(case.region[row])
        unreserved[row] = left[region] <= 0
        left[region] -= 1
    by_tier = sorted(line[seats:], key=lambda row: (int(case.tier[row]), unreserved[row]))
    return (opened + by_tier)[:free]


def _within_maxima(
    case: Case, number: int, kept: Collection[int], asking: Collection[int]
) -> list[int]:
    """Those of ``asking`` whom service and municipality have room for, in the order of step 2."""
    limits, first = case.limits, case.limits.service_first[number]
    colleagues = Counter(case.service[list(kept)].tolist())
    living_there = Counter(case.municipality[list(kept)].tolist())
    order: list[tuple[int, bool, int]] = []
    for row in sorted(asking, key=lambda row: int(case.place[row])):
        service, municipality = int(case.service[row]), int(case.municipality[row])
        if service and colleagues[service] >= limits.service_maximum[number]:
            continue
        if municipality and living_there[municipality] >= limits.municipality_maximum[number]:
            continue
        later = bool(first and service and colleagues[service] >= first)
        order.append((int(case.tier[row]), later, row))
        colleagues[service] += 1
        living_there[municipality] += 1
    return [row for _, _, row in sorted(order, key=lambda one: one[:2])]


def _within_region_maximum(
    case: Case, number: int, kept: Collection[int], order: Iterable[int]
) -> list[int]:
    """Those of ``order`` whom their region has room for."""
    neighbours = Counter(case.region[list(kept)].tolist())
    line = []
    for row in order:
        region = int(case.region[row])
        if neighbours[region] < case.limits.region_maximum[number, region]:
            neighbours[region] += 1
            line.append(row)
    return line


def _reserved(case: Case, number: int, kept: Collection[int]) -> list[int]:
    """How many seats each region still has for itself."""
    there = Counter(case.region[list(kept)].tolist())
    minima = case.limits.region_minimum[number].tolist()
    return [max(seats - there[region], 0) for region, seats in enumerate(minima)]


def who_goes(case: Case, row: int, holders: Collection[int], *, full: bool) -> int:
    """The holder whom the offering would let go for ``row``; ``NOBODY`` where all have a seat.

    ``NOT_CHOSEN`` where it would not choose ``row`` itself. ``full``: it may have no more holders
    than now, though offers are unused.
    """
    both = [*holders, row]
    offers = len(holders) if full else None
    found = set(chosen(case, int(case.offering[row]), (), both, offers))
    if row not in found:
        return NOT_CHOSEN
    gone = [one for one in both if one not in found]
    return max(gone, key=lambda one: int(case.place[one]), default=NOBODY)


@dataclass(frozen=True, eq=False)
class Excuse:
    """Which of the wanted applications, bool (w,), and the limit: ``names`` by ``named`` (m,)."""

    flags: Flags
    names: Sequence[str]
    named: Numbers


def excuses(case: Case) -> list[Excuse]:
    """Those of the coordinated mechanism.

    1. The offering is closed: it has a minimum class size, and nobody holds an offer there.
    2. At least so many of the service were to go there together, and nobody does.
    3. At least as many colleagues as the service can spare stand ahead in its own order, and hold
    offers.
    """
    return [*_closed(case), *_nobody_together(case), *_colleagues_ahead(case)]


def _closed(case: Case) -> list[Excuse]:
    closed = (case.limits.class_minimum > 0) & (case.used == 0)
    if not closed.any():
        return []
    names = case.limits.named("class-minimum")
    return [Excuse(closed[case.offering[case.wanted]], names, case.offering)]


def _nobody_together(case: Case) -> list[Excuse]:
    limits = case.limits
    if not limits.groups:
        return []
    pair = case.offering * len(limits.services) + case.service
    groups = [group.offering * len(limits.services) + group.service for group in limits.groups]
    there = count_in(together(case.offering, case.service), case.holders, case.wanted)
    names = [Noted("leader-groups", service=service) for service in limits.services]
    return [Excuse(np.isin(pair[case.wanted], groups) & (there == 0), names, case.service)]


def _colleagues_ahead(case: Case) -> list[Excuse]:
    limits, persons = case.limits, len(case.persons)
    most = np.where(limits.ordered, limits.max_students, LAST)
    if (most == LAST).all():
        return []
    service, standing = case.service, limits.standing[case.person]
    line = service * persons + standing
    away = np.unique(line[case.holders])
    rows = case.wanted
    ahead = np.searchsorted(away, line[rows]) - np.searchsorted(away, service[rows] * persons)
    names = [Noted("max-students", service=name) for name in limits.services]
    return [Excuse(ahead >= most[service[rows]], names, service)]
