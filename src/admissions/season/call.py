"""The next call: the allocation problem again, holders first (Blum, Roth & Rothblum 1997).

Vacancy chains end in the stable plan that is best for those who ask, and nobody is worse off. More
offers than seats, corrections and late applicants break the theorem's premise; the holders'
guarantee mends it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from admissions.allocation.build_problem import build_problem
from admissions.allocation.problem import Problem, SolverReport
from admissions.allocation.run import How, SolverOptions, plan_by
from admissions.model.errors import PromiseBrokenError
from admissions.model.messages import message
from admissions.model.round import Round
from admissions.ranking.tables import RankingTable, rank_round
from admissions.rulebooks.scenario import ResolvedScenario
from admissions.season import lists as arrays
from admissions.season.lists import Lists
from admissions.season.standing import Application, Key, Offer, Standing
from admissions.season.states import State


@dataclass(frozen=True, eq=False)
class CallPlan:
    """What a call gives: its ``offers``, by offering and frozen order, and how it was solved."""

    offers: tuple[Offer, ...]
    solvers: tuple[SolverReport, ...]


@dataclass(frozen=True, eq=False)
class Posed:
    """What every call of a round shares: its rankings, the whole problem, and its rows' keys."""

    round: Round
    resolved: ResolvedScenario
    rankings: Mapping[str, RankingTable]
    problem: Problem
    keys: Sequence[Key]


def pose(round_: Round, resolved: ResolvedScenario) -> Posed:
    """The problem of ``round_``, from which each call takes who holds and who waits."""
    rankings = rank_round(round_, resolved)
    problem = build_problem(round_, resolved, rankings, begun=True)
    return Posed(round_, resolved, rankings, problem, _keys(problem, round_))


def next_call(
    posed: Posed,
    standing: Standing,
    target: Mapping[str, int],
    solver: How = None,
) -> CallPlan:
    """Whom the next call offers what; ``target``: how many offers each offering shall have out.

    ``posed``: of the season's round with all that was corrected and came late. Raises
    NotProvenError, and PromiseBrokenError where a plan would take a seat from somebody.
    """
    full, keys = posed.problem, posed.keys
    lists = _lists(full, keys, standing, moves=standing.policy.better_offer == "replace")
    aimed = np.array([target[name] for name in full.offerings], dtype=np.int64)
    called = arrays.call(lists, aimed, posed.resolved, SolverOptions(solver))
    if len(called.worse):
        ids = posed.round.applicants["person_id"].to_numpy()
        person = min(str(ids[one]) for one in called.worse.tolist())
        raise PromiseBrokenError(message("season.takes-a-seat", person=person))
    new = {keys[row] for row in np.flatnonzero(called.held & ~lists.holds).tolist()}
    return CallPlan(_offers(standing, new), called.solvers)


def would_hold(posed: Posed, standing: Standing, person: str) -> str | None:
    """What ``person`` would hold if all who hold and wait now shared the seats that are held.

    By the frozen order alone, nobody first for holding.
    """
    keys = posed.keys
    lists = _lists(posed.problem, keys, standing, moves=True)
    plan, _ = plan_by(arrays.shared_anew(lists), posed.resolved, SolverOptions("fastest"))
    rows = np.flatnonzero(lists.holds | lists.waits)[plan.held].tolist()
    return next((keys[row][1] for row in rows if keys[row][0] == person), None)


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


def _keys(full: Problem, round_: Round) -> list[Key]:
    """Each row's person and offering, by id."""
    ids = round_.applicants["person_id"].to_numpy()
    return [
        (str(ids[person]), full.offerings[offering])
        for person, offering in zip(full.person.tolist(), full.offering.tolist(), strict=True)
    ]


def _lists(full: Problem, keys: Sequence[Key], standing: Standing, *, moves: bool) -> Lists:
    """The ``standing`` as arrays; ``moves``: whether a better offer replaces the held one."""
    best = _held_best(standing) if moves else []
    qualified = set(keys)
    normal = {one.key for one in best if one.key in qualified}
    fixed = [
        one
        for one in standing.applications.values()
        if one.holds and one.key not in normal and one.offering_id in full.offerings
    ]
    place = {
        (person, offering): number
        for offering, line in standing.order.items()
        for number, person in enumerate(line)
    }
    service = dict(zip((person for person, _ in keys), full.service.tolist(), strict=True))
    every = [standing.applications.get(key) for key in keys]
    beside = {one.key for one in fixed if not one.extra}
    away = {one.person_id for one in fixed}
    return Lists(
        problem=full,
        holds=np.array([key in normal for key in keys], dtype=np.bool_),
        waits=np.array([one is not None and one.state is State.WAITING for one in every], np.bool_),
        place=np.array([place.get(key, 0) for key in keys], dtype=np.int64),
        first=np.array([one is not None and one.first for one in every], dtype=np.bool_),
        beside=_count(full, fixed),
        beside_target=_count(full, [one for one in fixed if not one.extra]),
        beside_service=Counter(service[o.person_id] for o in fixed if o.person_id in service),
        counted=np.array([key in beside for key in keys], dtype=np.bool_),
        away=np.array([person in away for person, _ in keys], dtype=np.bool_),
    )


def _count(full: Problem, seats: list[Application]) -> arrays.Numbers:
    counted = Counter(one.offering_id for one in seats)
    return np.array([counted[name] for name in full.offerings], dtype=np.int64)


def _held_best(standing: Standing) -> list[Application]:
    """The seat of each holder that a better one can replace: not the extra ones."""
    found = []
    for person in standing.persons:
        held = [one for one in standing.of(person) if one.holds]
        if held and not held[0].extra:
            found.append(held[0])
    return found
