"""What a plan is worth for each objective."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from admissions.allocation.problem import Problem
from admissions.rulebooks.objectives import ObjectiveName


def counts(problem: Problem, name: ObjectiveName) -> NDArray[np.int64]:
    """How much each application counts where it is held, for an objective that sums over holders.

    Shape (m,). Not for those that count by group, blocking pairs, or whom a group sets aside.
    """
    match name:
        case "offers-used":
            return np.ones(len(problem.person), dtype=np.int64)
        case "municipal-first":
            return problem.municipal.astype(np.int64)
        case "service-order":
            return _places(problem)
        case "preferences":
            return problem.preference
        case "draw":
            return problem.drawn
        case "tie":
            return problem.weight
        case _:
            raise ValueError(f"{name} is not a sum over holders")


def value(problem: Problem, name: ObjectiveName, held: NDArray[np.bool_]) -> int:
    """What the plan ``held``, bool (m,), is worth for any objective but blocking pairs."""
    if name in problem.worth:
        return problem.worth[name].of(held)
    if name == "set-aside":
        return _set_aside(problem, held)
    return int(counts(problem, name)[held].sum())


def group_rows(problem: Problem, service: int, offering: int) -> NDArray[np.int64]:
    """The applications of one service at one offering."""
    return np.flatnonzero((problem.service == service) & (problem.offering == offering))


def _set_aside(problem: Problem, held: NDArray[np.bool_]) -> int:
    """How many of a group wait where nobody of it holds an offer."""
    best = np.full(problem.persons, np.iinfo(np.int64).max)
    np.minimum.at(best, problem.person[held], problem.preference[held])
    wanted = problem.preference < best[problem.person]
    groups = (group_rows(problem, one.service, one.offering) for one in problem.groups)
    return sum(int(wanted[rows].sum()) for rows in groups if not held[rows].any())


def _places(problem: Problem) -> NDArray[np.int64]:
    """Each application's place in its service's own order, 1 = first; 0 where it has none, (m,).

    Who of a service goes is its leader's to say: without it a colleague behind could go in a plan
    that is as stable, because lottery or wish numbers prefer it.
    """
    place = np.zeros(problem.persons, dtype=np.int64)
    for limit in problem.away:
        if limit.order is not None:
            place[list(limit.order)] = np.arange(1, len(limit.order) + 1)
    return place[problem.person]
