"""A problem and a plan of it as verification sees them: a round's case, no solver's data."""

from __future__ import annotations

import numpy as np

from admissions.allocation.problem import NO_LIMIT, Problem
from admissions.rulebooks.limits import limit_kinds
from admissions.verification.case import Case
from admissions.verification.limits import LAST, CommonQuota, LeaderGroup, Limits

KINDS = tuple(kind.kind_id() for kind in limit_kinds())


def case_of(problem: Problem, held: list[int]) -> Case:
    """The case of ``problem`` where the applications ``held`` are offered."""
    count = len(problem.person)
    flags = np.zeros(count, dtype=np.bool_)
    flags[held] = True
    return Case(
        mechanism="coordinated",
        persons=np.array([f"p{p}" for p in range(problem.persons)], dtype=object),
        offerings=problem.offerings,
        person=problem.person,
        offering=problem.offering,
        preference=problem.preference,
        qualified=np.ones(count, dtype=np.bool_),
        rank=problem.rank,
        region=problem.region + 1,
        service=problem.service + 1,
        municipality=problem.municipality + 1,
        municipal=problem.municipal,
        offers=problem.offers,
        limits=limits_of(problem),
        held=flags,
        declined=np.zeros(count, dtype=np.bool_),
        ties=problem.ties,
        tier=problem.tier,
        drawn=problem.drawn,
    )


def limits_of(problem: Problem) -> Limits:
    stated = problem.limits
    offerings = range(len(problem.offerings))
    services = 2 + max([0, *problem.service.tolist(), *(limit.service for limit in problem.away),
                        *(group.service for group in problem.groups)])  # fmt: skip
    most = np.full(services, LAST)
    ordered = np.ones(services, dtype=np.bool_)
    standing = np.arange(problem.persons)
    for limit in problem.away:
        most[limit.service + 1] = limit.maximum
        ordered[limit.service + 1] = limit.order is not None
        standing[list(limit.order or ())] = np.sort(standing[list(limit.order or ())])
    return Limits(
        names=[{kind: f"{kind}-{o}" for kind in KINDS} for o in offerings],
        region_minimum=np.roll(stated.region_minimum, 1, axis=1),
        region_maximum=np.roll(maxima(stated.region_maximum), 1, axis=1),
        service_first=np.maximum(stated.service_first, 0),
        service_maximum=maxima(stated.service_maximum),
        municipality_maximum=maxima(stated.municipality_maximum),
        class_minimum=stated.class_minimum,
        open_first=stated.open_first,
        services=("", *(f"s{n}" for n in range(services - 1))),
        max_students=most,
        ordered=ordered,
        standing=standing,
        quotas=tuple(
            CommonQuota(f"quota-{n}", quota.offerings, quota.seats, quota.across_tiers)
            for n, quota in enumerate(problem.quotas)
        ),
        groups=tuple(
            LeaderGroup(group.service + 1, group.offering, group.at_least)
            for group in problem.groups
        ),
    )


def maxima(stated: np.ndarray) -> np.ndarray:
    return np.where(stated == NO_LIMIT, LAST, stated)
