"""How offerings choose among applications: by rank, reserved seats first."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from admissions.leaders import running_index
from admissions.plan import Problem

Applications = NDArray[np.int64]


class Choice:
    """Every offering's choice function over one problem's applications."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._minima = problem.region_minima()

    def best(self, considered: Applications) -> Applications:
        """Those of ``considered`` (positions) that their offerings choose, each on its own.

        1. By rank, a region's best take its reserved seats. 2. The offers to make go to those in
        reserved seats, then to the others, each by rank.
        """
        return self._filled(considered, self._minima, self._problem.offers)

    def next_called(self, held: Applications, waiting: Applications) -> Applications:
        """Those of ``waiting`` to call so that the offers to make are out again.

        Regions whose reserve ``held`` does not fill come first.
        """
        problem = self._problem
        minima = self._minima.copy()
        np.subtract.at(minima, (problem.offering[held], problem.region[held]), 1)
        free = problem.offers - np.bincount(problem.offering[held], minlength=len(problem.offers))
        return self._filled(waiting, np.maximum(minima, 0), free)

    def _filled(
        self, considered: Applications, minima: NDArray[np.int64], free: NDArray[np.int64]
    ) -> Applications:
        problem = self._problem
        offering, rank = problem.offering[considered], problem.rank[considered]
        region = problem.region[considered]
        by_rank = np.lexsort((rank, offering))
        group = offering * minima.shape[1] + region
        reserved = running_index(group, by_rank) < minima[offering, region]
        order = np.lexsort((rank, ~reserved, offering))
        chosen = running_index(offering, order) < free[offering]
        return considered[chosen]
