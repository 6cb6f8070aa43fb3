"""Limits as bounds: at most, or first of all, so many of those who share a group."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from admissions.model.facts import Flags, Numbers
from admissions.verification.case import Case
from admissions.verification.grouping import together
from admissions.verification.limits import LAST, REGIONS


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
            yield (
                f"{counts[at]} {self.whom(row)} hold offers; "
                f"the limit {self.name(row)} allows {self.seats[row]}"
            )


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
    names = [f"max_students of {service}" for service in limits.services]
    return [
        Bound(
            case.service, together(case.offering, case.service), seats[case.service], names,
            case.service,
            lambda row: f"from {limits.services[case.service[row]]}",
        )
    ]  # fmt: skip


def quotas(case: Case) -> list[Bound]:
    """At most so many at several offerings together, one bound a quota."""
    found = []
    for quota in case.limits.quotas:
        inside = np.isin(case.offering, quota.offerings)
        where = f"at {' and '.join(case.offerings[number] for number in quota.offerings)}"
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

    Where several limits choose together, ``choosing`` tells who goes for whom.

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
        who = f"from {service}" if service else "without a service"
        return f"{who} at {case.offerings[case.offering[row]]}"

    return whom


def _from_municipality(case: Case) -> Callable[[int], str]:
    return lambda row: f"from one municipality at {case.offerings[case.offering[row]]}"


def _from_region(case: Case) -> Callable[[int], str]:
    return lambda row: (
        f"from {REGIONS[case.region[row] - 1]} at {case.offerings[case.offering[row]]}"
    )
