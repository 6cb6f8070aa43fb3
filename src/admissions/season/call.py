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
    AwayLimit,
    GroupLimit,
    OfferingLimits,
    Problem,
    QuotaLimit,
    SolverReport,
)
from admissions.allocation.run import Solver, SolverOptions, plan_by
from admissions.model.errors import PromiseBrokenError
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
    plan, reports = plan_by(problem, resolved, SolverOptions(solver))
    held = {asked.keys[row] for row in np.flatnonzero(plan.held).tolist()}
    lost = {asked.keys[row] for row in np.flatnonzero(asked.holds).tolist()} - held
    better = {person for person, _ in held - asked.held_keys}
    worse = sorted(person for person, _ in lost if person not in better)
    if worse:
        raise PromiseBrokenError(
            f"The next call would take the seat of {worse[0]}; nothing is offered. "
            "This is a fault of the program: please report it with the scenario."
        )
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

        1. Only who waits and who holds takes part. 2. Holders come first, everybody else in the
        frozen order. 3. As many offers as the target, or as there are holders. 4. Groups reserve
        free seats only. 5. Limits across offerings let every holder stay.
        """
        part, holds = self._part, self.holds
        offerings = part.offerings
        holders = np.bincount(part.offering[holds], minlength=len(offerings))
        beside = Counter(one.offering_id for one in self._fixed if not one.extra)
        wanted = np.array([target[name] - beside[name] for name in offerings], dtype=np.int64)
        offers = np.maximum(np.maximum(wanted, 0), holders)
        return replace(
            part,
            rank=self._rank(holds),
            offers=offers,
            limits=self._limits(offers - holders),
            quotas=tuple(self._quota(one, holders) for one in part.quotas),
            away=tuple(self._away(one) for one in part.away),
            groups=tuple(one for one in part.groups if not self._has_holders(one)),
        )

    def shared_anew(self) -> Problem:
        """The problem in which as many offers as are held go by the frozen order alone."""
        part = self._part
        offers = np.bincount(part.offering[self.holds], minlength=len(part.offerings))
        return replace(part, rank=self._rank(np.zeros_like(self.holds)), offers=offers)

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

    def _limits(self, free: NDArray[np.int64]) -> OfferingLimits:
        """Each group's reserve: its holders, and what it lacks, as far as free seats and people go.

        Groups are served in the rulebook's order.
        """
        part, limits = self._part, self._part.limits
        minimum = np.zeros_like(limits.region_minimum)
        class_minimum = limits.class_minimum.copy()
        first = limits.service_first.copy()
        for at in range(len(part.offerings)):
            here = part.offering == at
            held, waiting = here & self.holds, here & ~self.holds
            if held.any() or any(one.offering_id == part.offerings[at] for one in self._fixed):
                class_minimum[at] = 0
            if first[at] > 0 and held.any():
                own = part.service[held]
                first[at] = max(first[at], int(np.bincount(own[own >= 0]).max(initial=0)))
            left = int(free[at])
            for region, seats in enumerate(limits.region_minimum[at].tolist()):
                has = int(np.count_nonzero(part.region[held] == region))
                wait = int(np.count_nonzero(part.region[waiting] == region))
                more = min(max(seats - has, 0), wait, left)
                minimum[at, region] = has + more if seats else 0
                left -= more
        return replace(
            limits, region_minimum=minimum, class_minimum=class_minimum, service_first=first
        )

    def _quota(self, quota: QuotaLimit, holders: NDArray[np.int64]) -> QuotaLimit:
        names = {self._part.offerings[at] for at in quota.offerings}
        beside = sum(1 for one in self._fixed if one.offering_id in names)
        return replace(
            quota, seats=max(quota.seats - beside, int(holders[list(quota.offerings)].sum()))
        )

    def _away(self, away: AwayLimit) -> AwayLimit:
        part = self._part
        own = {*part.person[self.holds & (part.service == away.service)].tolist()}
        beside = sum(1 for one in self._fixed if self._service.get(one.person_id) == away.service)
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
