"""What excuses a waiting application, whatever exchange it wants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from admissions.model.facts import Flags, Numbers
from admissions.verification.case import Case
from admissions.verification.grouping import count_in, together
from admissions.verification.limits import LAST


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
    names = [f"leader_groups of {service}" for service in limits.services]
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
    names = [f"max_students of {name}" for name in limits.services]
    return [Excuse(ahead >= most[service[rows]], names, service)]
