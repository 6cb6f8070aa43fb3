"""Equals treated together: each offering admits down to a score limit (Biró & Kiselgof 2015).

Everyone down to the limit is admitted, nobody below it. ``accept-all`` admits all who are equal to
the last one who fits (Chile: limits are *L-stable*), ``reject-all`` none of those who do not all
fit (Hungary: *H-stable*).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from admissions.allocation.problem import Problem
from admissions.model.wishes import BEHIND_ALL

Applications = NDArray[np.int64]
Mask = NDArray[np.bool_]


def people_optimal(problem: Problem) -> Mask:
    """Who holds an offer under the lowest stable score limits, bool (m,).

    1. No offering has a limit. 2. Everyone asks for the most wanted offering whose limit they
    reach. 3. Each offering raises its limit until it can admit all who ask and reach it. 4. Again
    from 2, until no limit rises.

    Limits only rise, and none above one of any stable limits, so these are the lowest: the best for
    every person (Biró & Kiselgof 2015, theorem 3). At most one round for each rank at each
    offering, in practice some dozens; a round is linear but for a sort of those who ask.
    """
    lowest = np.full(len(problem.offers), BEHIND_ALL)
    while True:
        reaching = np.flatnonzero(problem.rank <= lowest[problem.offering])
        person = problem.person[reaching]
        asking = reaching[np.flatnonzero(np.append(True, person[1:] != person[:-1]))[: len(person)]]
        turned_away = asking[~admitted_together(problem, asking, problem.offers)]
        if not len(turned_away):
            held = np.zeros(len(problem.person), dtype=np.bool_)
            held[asking] = True
            return held
        np.minimum.at(lowest, problem.offering[turned_away], problem.rank[turned_away] - 1)


def admitted_together(problem: Problem, asking: Applications, offers: NDArray[np.int64]) -> Mask:
    """Which of ``asking``, shape (a,), their offerings admit by rank to so many ``offers`` (k,)."""
    offering, rank = problem.offering[asking], problem.rank[asking]
    order = np.lexsort((rank, offering))
    line, place = offering[order], rank[order]
    begins = np.searchsorted(line, line)
    new = np.append(True, (line[1:] != line[:-1]) | (place[1:] != place[:-1]))[: len(line)]
    first = np.flatnonzero(new)
    sizes = np.diff(np.append(first, len(line)))
    ahead = np.repeat(first, sizes) - begins
    fits = ahead < offers[line]
    if problem.ties == "reject-all":
        fits = ahead + np.repeat(sizes, sizes) <= offers[line]
    admitted = np.empty(len(asking), dtype=np.bool_)
    admitted[order] = fits
    return admitted
