"""The next call: the allocation problem again, holders first (Blum, Roth & Rothblum 1997).

Vacancy chains end in the stable plan that is best for those who ask, and nobody is worse off. More
offers than seats, corrections and late applicants break the theorem's premise; the holders'
guarantee mends it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from admissions.allocation.build_problem import build_problem
from admissions.allocation.problem import (
    NO_LIMIT,
    AwayLimit,
    GroupLimit,
    OfferingLimits,
    Problem,
    QuotaLimit,
    SolverReport,
)
from admissions.allocation.run import Solver, SolverOptions, plan_by
from admissions.model.errors import PromiseBrokenError
from admissions.model.messages import message
from admissions.model.round import Round
from admissions.ranking.tables import rank_round
from admissions.rulebooks.scenario import ResolvedScenario
from admissions.season.standing import Application, Key, Offer, Standing
from admissions.season.states import State


@dataclass(frozen=True, eq=False)
class CallPlan:
    """What a call gives: its ``offers``, by offering and frozen order, and how it was solved."""

    offers: tuple[Offer, ...]
    solvers: tuple[SolverReport, ...]


def next_call(
    round_: Round,
    resolved: ResolvedScenario,
    standing: Standing,
    target: Mapping[str, int],
    solver: Solver | None = None,
) -> CallPlan:
    """Whom the next call offers what; ``target``: how many offers each offering shall have out.

    ``round_`` is the season's with all that was corrected and came late. Raises NotProvenError, and
    PromiseBrokenError where a plan would take a seat from somebody.
    """
    full = build_problem(round_, resolved, rank_round(round_, resolved))
    moves = standing.policy.better_offer == "replace"
    asked = _Asked(full, round_, standing, moves=moves)
    problem = asked.problem(target)
    holders = tuple(sorted({*problem.person[asked.holds].tolist()}))
    plan, reports = plan_by(problem, resolved, SolverOptions(solver, placed=holders))
    held = {asked.keys[row] for row in np.flatnonzero(plan.held).tolist()}
    lost = {asked.keys[row] for row in np.flatnonzero(asked.holds).tolist()} - held
    better = {person for person, _ in held - asked.held_keys}
    worse = sorted(person for person, _ in lost if person not in better)
    if worse:
        raise PromiseBrokenError(message("season.takes-a-seat", person=worse[0]))
    return CallPlan(_offers(standing, held - asked.held_keys), reports)


def _offers(standing: Standing, new: set[Key]) -> tuple[Offer, ...]:
    place = {
        (person, offering): number
        for offering, persons in standing.order.items()
        for number, person in enumerate(persons)
    }
    replacing = standing.policy.better_offer == "replace"
    ordered = sorted(new, key=lambda key: (key[1], place[key]))
    return tuple(
        Offer(
            offering,
            person,
            "replaced" if replacing and any(o.holds for o in standing.of(person)) else "offered",
        )
        for person, offering in ordered
    )


def would_hold(
    round_: Round, resolved: ResolvedScenario, standing: Standing, person: str
) -> str | None:
    """What ``person`` would hold if all who hold and wait now shared the seats that are held.

    By the frozen order alone, nobody first for holding.
    """
    full = build_problem(round_, resolved, rank_round(round_, resolved))
    asked = _Asked(full, round_, standing, moves=True)
    plan, _ = plan_by(asked.shared_anew(), resolved, SolverOptions("fastest"))
    rows = np.flatnonzero(plan.held).tolist()
    return next((asked.keys[row][1] for row in rows if asked.keys[row][0] == person), None)


class _Asked:
    """Who is in the call's problem, with which applications.

    ``keys``: the applications in the problem, by its rows; ``holds``: bool (m,), those held.
    ``fixed``: seats that are held beside the problem: extra ones, those of whom a correction found
    not qualified, the less wanted of two that one person holds; all of them where nobody ``moves``,
    because a better offer is held beside the one before.
    """

    def __init__(self, full: Problem, round_: Round, standing: Standing, *, moves: bool) -> None:
        self._standing = standing
        ids = round_.applicants["person_id"].to_numpy()
        every = [
            (str(ids[person]), full.offerings[offering])
            for person, offering in zip(full.person.tolist(), full.offering.tolist(), strict=True)
        ]
        qualified = set(every)
        best = _held_best(standing) if moves else []
        normal = {one.key for one in best if one.key in qualified}
        waiting = {one.key for one in standing.applications.values() if one.state is State.WAITING}
        rows = np.array([key in normal or key in waiting for key in every], dtype=np.bool_)
        self._part = full.among(rows)
        self.keys = [key for key, kept in zip(every, rows.tolist(), strict=True) if kept]
        self.held_keys = normal
        self.holds = np.array([key in normal for key in self.keys], dtype=np.bool_)
        self._fixed = [
            one
            for one in standing.applications.values()
            if one.holds and one.key not in normal and one.offering_id in full.offerings
        ]
        self._service = dict(zip((key[0] for key in every), full.service.tolist(), strict=True))

    def problem(self, target: Mapping[str, int]) -> Problem:
        """The problem of the call.

        1. Only who waits and who holds takes part. 2. Holders come first, whatever is reserved;
        everybody else in the frozen order. 3. As many offers as the target, or as there are
        holders. 4. Groups reserve free seats only. 5. Limits across offerings let every holder
        stay.
        """
        part, holds = self._part, self.holds
        offerings = part.offerings
        rank = self._rank(holds)
        beyond = self._beyond_maxima(rank)
        holders = np.bincount(part.offering[holds], minlength=len(offerings))
        beside = Counter(one.offering_id for one in self._fixed if not one.extra)
        wanted = np.array([target[name] - beside[name] for name in offerings], dtype=np.int64)
        offers = np.maximum(np.maximum(wanted, 0), holders)
        return replace(
            part,
            rank=rank,
            tier=self._tier(rank, holds),
            offers=offers,
            limits=self._limits(offers - holders),
            quotas=tuple(self._quota(one, holders) for one in part.quotas),
            away=tuple(self._away(one, beyond["service"]) for one in part.away),
            region=np.where(beyond["region"], NO_LIMIT, part.region),
            service=np.where(beyond["service"], NO_LIMIT, part.service),
            municipality=np.where(beyond["municipality"], NO_LIMIT, part.municipality),
            groups=tuple(one for one in part.groups if not self._has_holders(one)),
        )

    def shared_anew(self) -> Problem:
        """The problem in which as many offers as are held go by the frozen order alone."""
        part = self._part
        offers = np.bincount(part.offering[self.holds], minlength=len(part.offerings))
        nobody = np.zeros_like(self.holds)
        rank = self._rank(nobody)
        return replace(part, rank=rank, tier=self._tier(rank, nobody), offers=offers)

    def _rank(self, ahead: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Who is ``ahead``, bool (m,), first; within both the frozen order."""
        standing = self._standing
        place: dict[Key, int] = {}
        for offering in standing.order:
            line = sorted(standing.at(offering), key=lambda one: not one.first)
            place |= {one.key: number for number, one in enumerate(line)}
        rank = np.zeros(len(self.keys), dtype=np.int64)
        for number in range(len(self._part.offerings)):
            rows = np.flatnonzero(self._part.offering == number)
            order = np.array([place[self.keys[row]] for row in rows.tolist()])
            sort = np.lexsort((order, ~ahead[rows]))
            rank[rows[sort]] = np.arange(1, len(rows) + 1)
        return rank

    def _tier(self, rank: NDArray[np.int64], ahead: NDArray[np.bool_]) -> NDArray[np.int64]:
        """The tier that reserves keep to: who is ``ahead`` before everybody, whatever is reserved.

        Then who is first in line, then the tiers along the frozen order: whoever came late and
        stands behind another tier goes with it.
        """
        part, standing = self._part, self._standing
        first = np.array([standing.applications[key].first for key in self.keys], dtype=np.bool_)
        tier = np.zeros_like(rank)
        for number in range(len(part.offerings)):
            rows = np.flatnonzero((part.offering == number) & ~ahead & ~first)
            rows = rows[np.argsort(rank[rows])]
            tier[rows] = 2 + np.maximum.accumulate(part.tier[rows])
        tier[first & ~ahead] = 1
        return tier

    def _beyond_maxima(self, rank: NDArray[np.int64]) -> dict[str, NDArray[np.bool_]]:
        """Holders beyond a maximum of their region, service or municipality, bool (m,) each.

        A correction can make them so. Each keeps the seat, and counts in no group for it.
        """
        part, limits = self._part, self._part.limits
        maxima = {
            "region": limits.region_maximum[part.offering, part.region],
            "service": limits.service_maximum[part.offering],
            "municipality": limits.municipality_maximum[part.offering],
        }
        found = {}
        for name, most in maxima.items():
            over = np.zeros_like(self.holds)
            inside: Counter[tuple[int, int]] = Counter()
            code = getattr(part, name)
            bound = self.holds & (most != NO_LIMIT) & (code != NO_LIMIT)
            rows = np.flatnonzero(bound)
            for row in rows[np.argsort(rank[rows], kind="stable")].tolist():
                group = (int(part.offering[row]), int(code[row]))
                inside[group] += 1
                over[row] = inside[group] > most[row]
            found[name] = over
        return found

    def _limits(self, free: NDArray[np.int64]) -> OfferingLimits:
        """Each group's reserve: its holders, and what it lacks, as far as free seats and people go.

        Groups are served in the rulebook's order.
        """
        part, limits = self._part, self._part.limits
        minimum = np.zeros_like(limits.region_minimum)
        class_minimum = limits.class_minimum.copy()
        for at in range(len(part.offerings)):
            here = part.offering == at
            held, waiting = here & self.holds, here & ~self.holds
            if held.any() or any(one.offering_id == part.offerings[at] for one in self._fixed):
                class_minimum[at] = 0
            left = int(free[at])
            for region, seats in enumerate(limits.region_minimum[at].tolist()):
                has = int(np.count_nonzero(part.region[held] == region))
                wait = int(np.count_nonzero(part.region[waiting] == region))
                more = min(max(seats - has, 0), wait, left)
                minimum[at, region] = has + more if seats else 0
                left -= more
        return replace(limits, region_minimum=minimum, class_minimum=class_minimum)

    def _quota(self, quota: QuotaLimit, holders: NDArray[np.int64]) -> QuotaLimit:
        names = {self._part.offerings[at] for at in quota.offerings}
        beside = sum(1 for one in self._fixed if one.offering_id in names)
        return replace(
            quota, seats=max(quota.seats - beside, int(holders[list(quota.offerings)].sum()))
        )

    def _away(self, away: AwayLimit, beyond: NDArray[np.bool_]) -> AwayLimit:
        part = self._part
        theirs = self.holds & (part.service == away.service)
        own = {*part.person[theirs & ~beyond].tolist()}
        beside = int(np.count_nonzero(theirs & beyond)) + sum(
            1 for one in self._fixed if self._service.get(one.person_id) == away.service
        )
        order = away.order
        if order is not None:
            order = (*(p for p in order if p in own), *(p for p in order if p not in own))
        return replace(away, maximum=max(away.maximum - beside, len(own)), order=order)

    def _has_holders(self, group: GroupLimit) -> bool:
        part = self._part
        there = (part.service == group.service) & (part.offering == group.offering) & self.holds
        return bool(there.any())


def _held_best(standing: Standing) -> list[Application]:
    """The seat of each holder that a better one can replace: not the extra ones."""
    found = []
    for person in standing.persons:
        held = [one for one in standing.of(person) if one.holds]
        if held and not held[0].extra:
            found.append(held[0])
    return found
