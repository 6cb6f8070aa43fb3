"""Deferred acceptance with choice functions, vectorised by rounds over arrays.

Gale & Shapley (1962); with choice functions that are substitutable the result is the stable plan
that every person likes best (Roth & Sotomayor 1990, theorem 6.8). A choice by reserves filled
first is substitutable (Hafalir, Yenmez & Yildirim 2013).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from admissions.allocation.choice import Choice
from admissions.plan import Plan, Problem


def solve(problem: Problem) -> Plan:
    """The stable plan of ``problem`` that every person likes best.

    1. Everyone without an offer asks for the most wanted offering not yet asked for.
    2. Each offering chooses among those it holds and those who ask; the others are turned away.
    3. Again from 1, until nobody asks.

    Each application is asked for at most once: at most m rounds, in practice some dozens.
    """
    choice = Choice(problem)
    first, end = _bounds(problem)
    asking = first.copy()
    held = np.zeros(len(problem.person), dtype=np.bool_)
    free = np.flatnonzero(asking < end)
    while len(free):
        considered = np.concatenate([np.flatnonzero(held), asking[free]])
        chosen = choice.best(considered)
        held[considered] = False
        held[chosen] = True
        turned_away = problem.person[considered[~held[considered]]]
        asking[turned_away] += 1
        free = turned_away[asking[turned_away] < end[turned_away]]
    return Plan(held=held, released=np.zeros(len(held), dtype=np.bool_))


def _bounds(problem: Problem) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Each person's first application and the one past the last, shape (persons,)."""
    everyone = np.arange(problem.persons)
    first = np.searchsorted(problem.person, everyone, side="left").astype(np.int64)
    end = np.searchsorted(problem.person, everyone, side="right").astype(np.int64)
    return first, end
