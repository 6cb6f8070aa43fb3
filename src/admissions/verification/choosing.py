"""Whom an offering chooses, person by person, by everything that its rulebook limits there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from admissions.verification.case import Case

NOBODY, NOT_CHOSEN = -1, -2


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
    limits = case.limits
    colleagues = Counter(case.service[list(kept)].tolist())
    living_there = Counter(case.municipality[list(kept)].tolist())
    order: list[tuple[int, bool, int]] = []
    for row in sorted(asking, key=lambda row: int(case.place[row])):
        service = int(case.service[row])
        if service and colleagues[service] >= limits.service_maximum[number]:
            continue
        municipality = int(case.municipality[row])
        if municipality and living_there[municipality] >= limits.municipality_maximum[number]:
            continue
        living_there[municipality] += 1
        first = limits.service_first[number]
        later = bool(first and service and colleagues[service] >= first)
        order.append((int(case.tier[row]), later, row))
        colleagues[service] += 1
    order.sort(key=lambda one: one[:2])
    neighbours = Counter(case.region[list(kept)].tolist())
    minima = limits.region_minimum[number].tolist()
    left = [max(seats - neighbours[region], 0) for region, seats in enumerate(minima)]
    line: list[int] = []
    for _, _, row in order:
        region = int(case.region[row])
        if neighbours[region] < limits.region_maximum[number, region]:
            neighbours[region] += 1
            line.append(row)
    free = max((int(case.offers[number]) if offers is None else offers) - len(kept), 0)
    seats = max(free - sum(left), 0) if limits.open_first[number] else 0
    opened, unreserved = line[:seats], dict.fromkeys(line[seats:], True)
    for row in line[seats:]:
        region = int(case.region[row])
        unreserved[row] = left[region] <= 0
        left[region] -= 1
    by_tier = sorted(line[seats:], key=lambda row: (int(case.tier[row]), unreserved[row]))
    return (opened + by_tier)[:free]


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
