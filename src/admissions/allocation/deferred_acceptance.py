"""Deferred acceptance with choice functions, vectorised by rounds over arrays.

Gale & Shapley (1962); with choice functions that are substitutable the result is the stable plan
that every person likes best (Roth & Sotomayor 1990, theorem 6.8). Substitutable are: by rank within
nested maxima (a greedy matroid choice; Fleiner 2003), and reserved seats first (Hafalir, Yenmez &
Yildirim 2013). A service with a maximum over all offerings acts as one on the asking side: those
first in its leader's order ask, the next one only when one of them has nothing left to ask for.
"""

from __future__ import annotations

import dataclasses
from itertools import chain, combinations

import numpy as np
from numpy.typing import NDArray

from admissions.allocation.choice import Choice, overlapping_maxima
from admissions.errors import UsageError
from admissions.plan import Plan, Problem

MOST_CLASS_MINIMA = 12
"""Up to so many, all sets of closed offerings are tried: 4,096 runs."""


def why_not_exact(problem: Problem) -> str | None:
    """Why deferred acceptance is not exact for ``problem``, or None where it is (design §5)."""
    limits = problem.limits
    minima = np.count_nonzero(limits.class_minimum)
    if problem.quotas:
        return "a common quota bounds several offerings together"
    if problem.groups:
        return "a leader wants several of the staff together, or none"
    if any(limit.order is None for limit in problem.away):
        return "a leader orders offerings apart while max_students bounds them together"
    if minima and problem.away:
        return "a minimum class size stands beside max_students"
    if minima > MOST_CLASS_MINIMA:
        return f"more than {MOST_CLASS_MINIMA} offerings have a minimum class size"
    offering = overlapping_maxima(problem)
    if offering is not None:
        return f"{offering} bounds services and regions that overlap"
    return None


def solve(problem: Problem) -> Plan:
    """The best plan of ``problem`` by the objectives in order, where that is exact.

    Raises UsageError, with the reason, where it is not (``why_not_exact``).
    """
    reason = why_not_exact(problem)
    if reason is not None:
        raise UsageError(
            f"Deferred acceptance is not exact here: {reason}. Maybe use --solver cp-sat."
        )
    held = _best_of_open_sets(problem) if problem.limits.class_minimum.any() else _asked(problem)
    return Plan(held=held, released=np.zeros(len(held), dtype=np.bool_))


def _best_of_open_sets(problem: Problem) -> NDArray[np.bool_]:
    """Every set of offerings with a minimum class size is tried as the closed one.

    Of those whose open classes are large enough, the one with most offers used, then the wishes
    met best, then by lottery.
    """
    with_minimum = np.flatnonzero(problem.limits.class_minimum).tolist()
    best: tuple[tuple[int, int, int], NDArray[np.bool_]] | None = None
    sizes = range(len(with_minimum) + 1)
    for closed in chain.from_iterable(combinations(with_minimum, size) for size in sizes):
        offers = problem.offers.copy()
        offers[list(closed)] = 0
        held = _asked(dataclasses.replace(problem, offers=offers))
        count = np.bincount(problem.offering[held], minlength=len(offers))
        open_ = [offering for offering in with_minimum if offering not in closed]
        if (count[open_] < problem.limits.class_minimum[open_]).any():
            continue
        worth = (
            int(held.sum()),
            -int(problem.preference[held].sum()),
            int(problem.weight[held].sum()),
        )
        if best is None or worth > best[0]:
            best = (worth, held)
    if best is None:
        raise AssertionError("closing every offering with a minimum is always a plan")
    return best[1]


def _asked(problem: Problem) -> NDArray[np.bool_]:
    """Who holds an offer in the stable plan that every person likes best, bool (m,).

    1. Everyone without an offer who may ask, asks for the most wanted offering not yet asked for.
    2. Each offering chooses among those it holds and those who ask; the others are turned away.
    3. Again from 1, until nobody asks.

    Each application is asked for at most once: at most m rounds, in practice some dozens.
    """
    choice = Choice(problem)
    turns = _Turns(problem)
    asking, end = _bounds(problem)
    held = np.zeros(len(problem.person), dtype=np.bool_)
    free = turns.first
    while len(free):
        left = asking[free] < end[free]
        considered = np.concatenate([np.flatnonzero(held), asking[free[left]]])
        chosen = choice.best(considered)
        held[considered] = False
        held[chosen] = True
        turned_away = problem.person[considered[~held[considered]]]
        asking[turned_away] += 1
        free = np.concatenate([turned_away, turns.after(free[~left])])
    return held


class _Turns:
    """Who may ask: everyone, but of a service with a maximum only so many at a time."""

    def __init__(self, problem: Problem) -> None:
        self._service: dict[int, int] = {}
        self._queue: dict[int, list[int]] = {}
        may = np.ones(problem.persons, dtype=np.bool_)
        for limit in problem.away:
            order = list(limit.order or ())
            self._service |= dict.fromkeys(order, limit.service)
            self._queue[limit.service] = order[limit.maximum :]
            may[self._queue[limit.service]] = False
        self.first = np.flatnonzero(may)

    def after(self, done: NDArray[np.int64]) -> NDArray[np.int64]:
        """Whose turn it is now that ``done`` have nothing left to ask for."""
        queues = [self._queue[self._service[p]] for p in done.tolist() if p in self._service]
        return np.array([queue.pop(0) for queue in queues if queue], dtype=np.int64)


def _bounds(problem: Problem) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Each person's first application and the one past the last, shape (persons,)."""
    everyone = np.arange(problem.persons)
    first = np.searchsorted(problem.person, everyone, side="left").astype(np.int64)
    end = np.searchsorted(problem.person, everyone, side="right").astype(np.int64)
    return first, end
