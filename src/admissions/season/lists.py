"""The next call on arrays: who holds, who waits, and the allocation problem that they pose.

An office's call fills the arrays from its season's events (``season.call``), a drawn year from
drawn answers (``season.drawn_year``): both pose the same problem.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from admissions.allocation.problem import (
    NO_LIMIT,
    AwayLimit,
    GroupLimit,
    OfferingLimits,
    Problem,
    QuotaLimit,
    SolverReport,
)
from admissions.allocation.run import SolverOptions, plan_by
from admissions.model.sorting import in_order
from admissions.ranking.running_index import running_index
from admissions.rulebooks.limits import Shared
from admissions.rulebooks.scenario import ResolvedScenario

Flags = NDArray[np.bool_]
Numbers = NDArray[np.int64]


def _nobody() -> Mapping[int, int]:
    return {}


def _none() -> Flags:
    return np.empty(0, dtype=np.bool_)


@dataclass(frozen=True, eq=False)
class Lists:
    """Every application of a season at one moment, by the rows of the problem of all of them.

    With m applications at k offerings:

    - ``holds``: bool (m,), a seat that a better one can replace; ``waits``: bool (m,);
    - ``place``: int64 (m,), in the frozen order of the offering, no two alike there;
    - ``first``: bool (m,), who gets the next free seat, whatever the order;
    - ``beside``: int64 (k,), seats that are held beside the problem: extra ones, those of whom a
      correction found not qualified, the less wanted of two that one person holds, all of them
      where a better offer is held beside the one before; ``beside_target``: int64 (k,), those of
      them that count against the target; ``beside_service``: how many of them a service has;
    - ``counted``: bool (m,), which rows of the problem are held so and count against the target:
      they count in the groups that limits bound as well;
    - ``away``: bool (m,), the rows of whoever holds a seat beside the problem: whatever else they
      are offered, their service has nobody more away.
    """

    problem: Problem
    holds: Flags
    waits: Flags
    place: Numbers
    first: Flags
    beside: Numbers
    beside_target: Numbers
    beside_service: Mapping[int, int] = field(default_factory=_nobody)
    counted: Flags = field(default_factory=_none)
    away: Flags = field(default_factory=_none)


@dataclass(frozen=True, eq=False)
class CalledInTurn:
    """What a call gives: who then ``held`` what, bool (m,), and how it was solved.

    ``worse``: the persons (positions) who would hold something less wanted than before, or nothing.
    """

    held: Flags
    worse: Numbers
    solvers: tuple[SolverReport, ...]


def call(
    lists: Lists, target: Numbers, resolved: ResolvedScenario, options: SolverOptions
) -> CalledInTurn:
    """The next call; ``target``, int64 (k,), is how many offers each offering shall have out."""
    rows = len(lists.problem.person)
    lists = _with_counted(lists)
    problem = call_problem(lists, target)
    kept = lists.holds | lists.waits
    holders = np.unique(problem.person[lists.holds[kept]])
    plan, reports = plan_by(problem, resolved, replace(options, placed=tuple(holders.tolist())))
    held = np.zeros_like(kept)
    held[kept] = plan.held
    before, after = (lists.problem.best_wish(found) for found in (lists.holds, held))
    return CalledInTurn(held[:rows], np.flatnonzero(after > before), reports)


def _with_counted(lists: Lists) -> Lists:
    """The lists in which each seat that is held beside the problem, and counts, is in it.

    Somebody new holds it, of the same service and region, who wants nothing else: so it counts
    against the offers and in every group that a limit bounds, and its person can be offered better.
    """
    whole, rows = lists.problem, np.flatnonzero(lists.counted)
    if not len(rows):
        return lists
    more = whole.among(np.concatenate([np.arange(len(whole.person)), rows]))
    person = more.person.copy()
    person[len(whole.person) :] = whole.persons + np.arange(len(rows))
    services = Counter(whole.service[rows].tolist())
    here = np.bincount(whole.offering[rows], minlength=len(whole.offerings))
    again = {
        name: np.append(getattr(lists, name), getattr(lists, name)[rows])
        for name in ("waits", "place", "first")
    }
    return replace(
        lists,
        problem=replace(more, person=person, persons=whole.persons + len(rows)),
        holds=np.append(lists.holds, np.ones(len(rows), dtype=np.bool_)),
        beside=lists.beside - here,
        beside_target=lists.beside_target - here,
        beside_service={s: n - services[s] for s, n in lists.beside_service.items()},
        counted=_none(),
        away=np.append(lists.away, np.zeros(len(rows), dtype=np.bool_)),
        **again,
    )


def call_problem(lists: Lists, target: Numbers) -> Problem:
    """The problem of the call, of those who wait and who hold.

    1. Holders come first, whatever is reserved; everybody else in the frozen order. 2. As many
    offers as the target, or as there are holders. 3. Groups reserve free seats only. 4. Limits
    across offerings let every holder stay.
    """
    kept = lists.holds | lists.waits
    part, holds = lists.problem.among(kept), lists.holds[kept]
    rank = _rank(lists, kept, part, holds)
    beyond = _beyond_maxima(part, holds, rank)
    holders = np.bincount(part.offering[holds], minlength=len(part.offerings))
    offers = np.maximum(np.maximum(target - lists.beside_target, 0), holders)
    return replace(
        part,
        rank=rank,
        tier=_tier(part, rank, holds, lists.first[kept]),
        offers=offers,
        limits=_limits(lists, part, holds, offers - holders),
        quotas=tuple(_quota(lists, one, holders) for one in part.quotas),
        away=tuple(_away(lists, part, holds, one, beyond["service"]) for one in part.away),
        groups=tuple(one for one in part.groups if not _has_holders(part, holds, one)),
        **_counted_in_no_group(part, beyond),
    )


def shared_anew(lists: Lists) -> Problem:
    """The problem in which as many offers as are held go by the frozen order alone."""
    kept = lists.holds | lists.waits
    part = lists.problem.among(kept)
    nobody = np.zeros(len(part.person), dtype=np.bool_)
    offers = np.bincount(part.offering[lists.holds[kept]], minlength=len(part.offerings))
    rank = _rank(lists, kept, part, nobody)
    tier = _tier(part, rank, nobody, lists.first[kept])
    return replace(part, rank=rank, tier=tier, offers=offers)


def _rank(lists: Lists, kept: Flags, part: Problem, ahead: Flags) -> Numbers:
    """Who is ``ahead`` first, then whose the next free seat is; within each the frozen order."""
    classes = 2 * ~ahead + ~lists.first[kept]
    order = in_order(part.offering, classes, lists.place[kept])
    return running_index(part.offering, order) + 1


def _tier(part: Problem, rank: Numbers, ahead: Flags, first: Flags) -> Numbers:
    """The tier that reserves keep to: who is ``ahead`` before everybody, whatever is reserved.

    Then who is first in line, then the tiers along the frozen order: whoever came late and stands
    behind another tier goes with it.
    """
    tier = np.zeros_like(rank)
    rows = np.flatnonzero(~ahead & ~first)
    rows = rows[in_order(part.offering[rows], rank[rows])]
    steps = int(part.tier.max(initial=0)) + 1
    along = np.maximum.accumulate(part.offering[rows] * steps + part.tier[rows])
    tier[rows] = 2 + along - part.offering[rows] * steps
    tier[first & ~ahead] = 1
    return tier


def _beyond_maxima(part: Problem, holds: Flags, rank: Numbers) -> dict[Shared, Flags]:
    """Holders beyond a maximum of what they share, bool (m,) each, by its name in the problem.

    A correction can make them so. Each keeps the seat, and counts in no group for it.
    """
    found: dict[Shared, Flags] = {}
    for name, (code, most) in part.maxima.items():
        over = np.zeros_like(holds)
        rows = np.flatnonzero(holds & (most != NO_LIMIT) & (code != NO_LIMIT))
        if len(rows):
            groups = part.offering * (int(code.max()) + 1) + code
            inside = running_index(groups, rows[np.argsort(rank[rows], kind="stable")])
            over[rows] = inside[rows] >= most[rows]
        found[name] = over
    return found


def _counted_in_no_group(part: Problem, beyond: Mapping[Shared, Flags]) -> dict[str, Any]:
    """What the applications of ``part`` share, without those who are ``beyond`` its maximum."""
    return {name: np.where(over, NO_LIMIT, getattr(part, name)) for name, over in beyond.items()}


def _limits(lists: Lists, part: Problem, holds: Flags, free: Numbers) -> OfferingLimits:
    """Each group's reserve: what holders fill of it, and what it lacks, as far as free seats go.

    Groups are served in the rulebook's order. Who holds beyond a reserve has a seat like any other:
    when they move on, it goes to the next in line. A class that somebody is in is not closed.
    """
    limits = part.limits
    minimum = np.zeros_like(limits.region_minimum)
    held_there = np.bincount(part.offering[holds], minlength=len(free)) + lists.beside > 0
    for at in np.flatnonzero((limits.region_minimum > 0).any(axis=1)).tolist():
        here = part.offering == at
        held, waiting = part.region[here & holds], part.region[here & ~holds]
        left = int(free[at])
        for region, seats in enumerate(limits.region_minimum[at].tolist()):
            has = int(np.count_nonzero(held == region))
            wait = int(np.count_nonzero(waiting == region))
            more = min(max(seats - has, 0), wait, left)
            minimum[at, region] = min(has, seats) + more
            left -= more
    return replace(
        limits,
        region_minimum=minimum,
        class_minimum=np.where(held_there, 0, limits.class_minimum),
    )


def _quota(lists: Lists, quota: QuotaLimit, holders: Numbers) -> QuotaLimit:
    over = list(quota.offerings)
    beside = int(lists.beside[over].sum())
    return replace(quota, seats=max(quota.seats - beside, int(holders[over].sum())))


def _away(lists: Lists, part: Problem, holds: Flags, away: AwayLimit, beyond: Flags) -> AwayLimit:
    theirs = holds & (part.service == away.service)
    own = {*part.person[theirs & ~beyond].tolist()}
    beside = int(np.count_nonzero(theirs & beyond)) + lists.beside_service.get(away.service, 0)
    exempt = frozenset(part.person[lists.away[lists.holds | lists.waits]].tolist()) - own
    order = away.order
    if order is not None:
        others, rest = sorted(own - {*order}), [p for p in order if p not in exempt]
        order = (*others, *(p for p in rest if p in own), *(p for p in rest if p not in own))
    most = max(away.maximum - beside, len(own))
    return replace(away, maximum=most, order=order, exempt=exempt)


def _has_holders(part: Problem, holds: Flags, group: GroupLimit) -> bool:
    there = (part.service == group.service) & (part.offering == group.offering) & holds
    return bool(there.any())
