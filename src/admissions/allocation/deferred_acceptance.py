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

from admissions.allocation import score_limits
from admissions.allocation.choice import Choice, by_rank_alone
from admissions.allocation.lines import Lines, ranges
from admissions.allocation.objectives import value
from admissions.allocation.problem import (
    Plan,
    Problem,
    by_municipality_beside,
    not_kept_down_a_list,
    overlapping,
)
from admissions.model.errors import UsageError
from admissions.model.messages import Message, message
from admissions.rulebooks.objectives import SENSES

MOST_CLASS_MINIMA = 12
"""Up to so many, all sets of closed offerings are tried: 4,096 runs."""

FEW = 32
"""So many at most ask one at a time: a round of few costs as much as some thirty on their own."""


NOT_EXACT = (
    "objectives",
    "quota",
    "group",
    "orders-apart",
    "equals",
    "class-and-service",
    "many-classes",
    "overlapping",
    "municipalities",
)
"""Why deferred acceptance can fail to find the best plan: the codes of ``solving.not-exact``."""


def not_exact(problem: Problem) -> str | None:
    """The first code of ``NOT_EXACT`` that applies to ``problem``, or None."""
    minima = int(np.count_nonzero(problem.limits.class_minimum))
    applies = {
        "objectives": not problem.merit_first,
        "quota": bool(problem.quotas),
        "group": bool(problem.groups),
        "orders-apart": any(limit.order is None for limit in problem.away),
        "equals": problem.ties != "lottery" and bool(minima or problem.away),
        "class-and-service": bool(minima and problem.away),
        "many-classes": minima > MOST_CLASS_MINIMA,
        "overlapping": overlapping(problem) is not None,
        "municipalities": by_municipality_beside(problem) is not None,
    }
    return next((code for code, found in applies.items() if found), None)


def why_not_exact(problem: Problem) -> Message | None:
    """Why deferred acceptance is not exact for ``problem``, or None where it is."""
    code = not_exact(problem)
    return None if code is None else reason(code)


def reason(code: str) -> Message:
    """The words of a code of ``NOT_EXACT``."""
    return message(f"solving.not-exact.{code}", most=MOST_CLASS_MINIMA)


def solve(problem: Problem) -> Plan:
    """The best plan of ``problem`` by the objectives in order, where that is exact.

    Raises UsageError, with the reason, where it is not (``why_not_exact``).
    """
    why = why_not_exact(problem)
    if why is not None:
        raise UsageError(message("solving.not-exact-here", why=why))
    if problem.ties != "lottery":
        held = score_limits.people_optimal(problem)
    elif problem.limits.class_minimum.any():
        held = _best_of_open_sets(problem)
    else:
        held = _asked(problem)
    return Plan(held=held, released=np.zeros(len(held), dtype=np.bool_))


def a_stable_plan(problem: Problem) -> NDArray[np.bool_] | None:
    """Some stable plan, bool (m,), which need not be the best; None where none is known to exist.

    Where classes may close, also beside ``max_students`` and however many may: 1. Everyone asks.
    2. Of the open offerings that would run with too few, the one that has least of its minimum is
    closed. 3. Again from 1, until none would. Pairs at a closed offering are excused, so the plan
    is stable.
    """
    closing = not_exact(problem) in (None, "class-and-service", "many-classes")
    if not closing or problem.ties != "lottery" or _apart(problem):
        return None
    minimum, offers = problem.limits.class_minimum, problem.offers.copy()
    while True:
        held = _asked(dataclasses.replace(problem, offers=offers))
        count = np.bincount(problem.offering[held], minlength=len(offers))
        too_few = np.flatnonzero((count < minimum) & (offers > 0))
        if not len(too_few):
            return held
        share = count[too_few] * 1_000_000 // minimum[too_few]
        offers[too_few[np.argmin(share)]] = 0


def _apart(problem: Problem) -> bool:
    """Whether an offering bounds groups that are not nested."""
    return not_kept_down_a_list(problem) is not None


def _best_of_open_sets(problem: Problem) -> NDArray[np.bool_]:
    """Every set of offerings with a minimum class size is tried as the closed one.

    Of those whose open classes are large enough, the best by the objectives in order: all are
    stable, as pairs at a closed offering are excused.
    """
    with_minimum = np.flatnonzero(problem.limits.class_minimum).tolist()
    sought = [name for name in problem.pursued if name != "blocking-pairs"]
    best: tuple[list[int], NDArray[np.bool_]] | None = None
    sizes = range(len(with_minimum) + 1)
    for closed in chain.from_iterable(combinations(with_minimum, size) for size in sizes):
        offers = problem.offers.copy()
        offers[list(closed)] = 0
        held = _asked(dataclasses.replace(problem, offers=offers))
        count = np.bincount(problem.offering[held], minlength=len(offers))
        open_ = [offering for offering in with_minimum if offering not in closed]
        if (count[open_] < problem.limits.class_minimum[open_]).any():
            continue
        worth = [
            value(problem, name, held) * (1 if SENSES[name] == "max" else -1) for name in sought
        ]
        if best is None or worth > best[0]:
            best = (worth, held)
    if best is None:
        raise AssertionError("closing every offering with a minimum is always a plan")
    return best[1]


def _asked(problem: Problem) -> NDArray[np.bool_]:
    """Who holds an offer in the stable plan that every person likes best, bool (m,).

    1. Everyone without an offer who may ask, asks for the most wanted offering not yet asked for.
    2. Each offering chooses among those it holds and those who ask; the others are turned away.
    3. Again from 1, until nobody asks. When few are left, they ask one at a time: who asks when
    does not matter (McVitie & Wilson 1971), and a round would cost more than they do.

    Each application is asked for at most once. Where offerings choose by rank alone all of this
    takes O(m) steps, in some dozens of rounds and then one by one; where limits are stated, a round
    also looks at all applications for the offerings asked.
    """
    turns = _Turns(problem)
    asking, end = _bounds(problem)
    lines, choosing = Lines(problem), _Choosing.where_limited(problem)
    free = turns.first
    while len(free):
        if choosing is None and len(free) <= FEW:
            free = turns.after(lines.settle(free, asking, end))
            continue
        left = asking[free] < end[free]
        done, free = free[~left], free[left]
        if choosing is None:
            gone = lines.turned_away(free, asking[free])
        else:
            gone = choosing.turned_away(free, asking[free], lines)
        asking[gone] += 1
        free = np.sort(np.concatenate([gone, turns.after(done)]))  # as they lie in memory: faster
    holders = lines.holders() if choosing is None else choosing.holders(lines)
    held = np.zeros(len(problem.person), dtype=np.bool_)
    held[asking[holders]] = True
    return held


class _Choosing:
    """Offerings that choose within limits, beside those whose lines decide.

    A limit can keep out whoever is ranked ahead of a holder, so that no cutoff tells whom an
    offering would turn away: its choice function does, from all it holds and all who ask.
    """

    def __init__(self, problem: Problem, limited: NDArray[np.bool_]) -> None:
        self._problem = problem
        self._limited = limited
        self._choice = Choice(problem)
        rows = np.flatnonzero(limited[problem.offering])
        self._rows = rows[np.argsort(problem.offering[rows], kind="stable")]
        self._count = np.bincount(problem.offering[rows], minlength=len(limited))
        self._first = np.cumsum(self._count) - self._count
        self._held = np.zeros(len(problem.person), dtype=np.bool_)

    @classmethod
    def where_limited(cls, problem: Problem) -> _Choosing | None:
        """None where every offering chooses by rank alone."""
        limited = ~by_rank_alone(problem)
        return cls(problem, limited) if limited.any() else None

    def turned_away(
        self, person: NDArray[np.int64], asking: NDArray[np.int64], lines: Lines
    ) -> NDArray[np.int64]:
        """Whom the offerings turn away when each ``person`` asks by the application ``asking``."""
        here = self._limited[self._problem.offering[asking]]
        asked = np.unique(self._problem.offering[asking[here]])
        rows = self._rows[ranges(self._first[asked], self._count[asked])]
        considered = np.concatenate([rows[self._held[rows]], asking[here]])
        self._held[considered] = False
        self._held[self._choice.best(considered)] = True
        own = self._problem.person[considered[~self._held[considered]]]
        return np.concatenate([own, lines.turned_away(person[~here], asking[~here])])

    def holders(self, lines: Lines) -> NDArray[np.int64]:
        """The persons who hold an offer."""
        own = self._problem.person[np.flatnonzero(self._held)]
        return np.concatenate([own, lines.holders()])


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
        if not self._service:
            return np.empty(0, dtype=np.int64)
        queues = [self._queue[self._service[p]] for p in done.tolist() if p in self._service]
        return np.array([queue.pop(0) for queue in queues if queue], dtype=np.int64)


def _bounds(problem: Problem) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Each person's first application and the one past the last, shape (persons,)."""
    count = np.bincount(problem.person, minlength=problem.persons)
    end = np.cumsum(count)
    return end - count, end
