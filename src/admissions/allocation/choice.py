"""How offerings choose among applications: by rank, within maxima, reserved seats first."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from admissions.allocation.score_limits import admitted_together
from admissions.leaders import running_index
from admissions.plan import NO_LIMIT, Problem

Applications = NDArray[np.int64]
Mask = NDArray[np.bool_]


def overlapping_maxima(problem: Problem) -> str | None:
    """An offering whose service and region maxima are not nested, or None.

    They are nested where each service's applicants share one region; elsewhere no choice by rank
    keeps both and is best.
    """
    limits = problem.limits
    both = (limits.service_maximum != NO_LIMIT) & (limits.region_maximum != NO_LIMIT).any(axis=1)
    if not both.any():
        return None
    offering, service, region = problem.offering, problem.service, problem.region
    rows = np.flatnonzero(both[offering] & (service != NO_LIMIT))
    rows = rows[np.lexsort((region[rows], service[rows], offering[rows]))]
    one, other = rows[:-1], rows[1:]
    colleagues = (offering[one] == offering[other]) & (service[one] == service[other])
    apart = one[colleagues & (region[one] != region[other])]
    return problem.offerings[int(offering[apart[0]])] if len(apart) else None


def by_rank_alone(problem: Problem) -> Mask:
    """Which offerings choose by rank within their offers, whoever asks: bool (k,)."""
    limits = problem.limits
    by_rank: Mask = (
        (limits.service_maximum == NO_LIMIT)
        & (limits.service_first == NO_LIMIT)
        & (limits.region_maximum == NO_LIMIT).all(axis=1)
        & (limits.region_minimum == 0).all(axis=1)
    )
    return by_rank


class Choice:
    """Every offering's choice function over one problem's applications."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._services = int(problem.service.max(initial=0)) + 2

    def best(self, considered: Applications) -> Applications:
        """Those of ``considered`` (positions) that their offerings choose, each on its own.

        1. By rank, nobody beyond a service's or a region's maximum. 2. By rank, a group's best
        take its reserved seats (a region's minimum, a service's first ones). 3. The offers to make
        go to those in reserved seats, then to the others, each by rank.
        """
        minima = self._problem.limits.region_minimum
        return self._filled(considered, minima, self._problem.offers)

    def next_called(self, held: Applications, waiting: Applications) -> Applications:
        """Those of ``waiting`` to call so that the offers to make are out again.

        Regions whose reserve ``held`` does not fill come first; maxima count ``held`` too. Where
        ties are not broken, equals are called together.
        """
        problem = self._problem
        if problem.ties != "lottery":
            return self._called_together(held, waiting)
        minima = problem.limits.region_minimum.copy()
        np.subtract.at(minima, (problem.offering[held], problem.region[held]), 1)
        free = problem.offers - np.bincount(problem.offering[held], minlength=len(problem.offers))
        return self._filled(waiting, np.maximum(minima, 0), free, held)

    def _called_together(self, held: Applications, waiting: Applications) -> Applications:
        problem = self._problem
        free = problem.offers - np.bincount(problem.offering[held], minlength=len(problem.offers))
        chosen: Applications = waiting[admitted_together(problem, waiting, free)]
        return chosen

    def _filled(
        self,
        considered: Applications,
        minima: NDArray[np.int64],
        free: NDArray[np.int64],
        held: Applications | None = None,
    ) -> Applications:
        problem = self._problem
        ahead = np.empty(0, dtype=np.int64) if held is None else held
        both = np.concatenate([ahead, considered])
        line = both[np.lexsort((problem.rank[both], np.arange(len(both)) >= len(ahead),
                                problem.offering[both]))]  # fmt: skip
        line = self._within_maxima(line)
        first_class = self._first_of_service(line)
        waiting = np.isin(line, considered, assume_unique=True) if held is not None else slice(None)
        line, first_class = line[waiting], first_class[waiting]
        by_group = self._region_group(line)
        order = np.lexsort((problem.rank[line], ~first_class, problem.offering[line]))
        reserved = (
            running_index(by_group, order) < minima[problem.offering[line], problem.region[line]]
        )
        order = np.lexsort((problem.rank[line], ~first_class, ~reserved, problem.offering[line]))
        chosen = running_index(problem.offering[line], order) < free[problem.offering[line]]
        return line[chosen]

    def _within_maxima(self, line: Applications) -> Applications:
        """``line`` (by offering, best first) without those beyond a service's or region's maximum.

        Services first, then regions: the same as one by one where either alone is stated, and where
        each service's people share one region (then the two are nested).
        """
        limits, problem = self._problem.limits, self._problem
        maximum = limits.service_maximum[problem.offering[line]]
        limited = (maximum != NO_LIMIT) & (problem.service[line] != NO_LIMIT)
        place = running_index(self._service_group(line), np.arange(len(line)))
        within: Mask = ~limited | (place < maximum)
        line = line[within]
        maximum = limits.region_maximum[problem.offering[line], problem.region[line]]
        place = running_index(self._region_group(line), np.arange(len(line)))
        within = (maximum == NO_LIMIT) | (place < maximum)
        return line[within]

    def _first_of_service(self, line: Applications) -> Mask:
        first = self._problem.limits.service_first[self._problem.offering[line]]
        limited = (first != NO_LIMIT) & (self._problem.service[line] != NO_LIMIT)
        place = running_index(self._service_group(line), np.arange(len(line)))
        first_class: Mask = ~limited | (place < first)
        return first_class

    def _service_group(self, line: Applications) -> NDArray[np.int64]:
        place: Applications = self._problem.service[line] + 1
        group: Applications = self._problem.offering[line] * self._services + place
        return group

    def _region_group(self, line: Applications) -> NDArray[np.int64]:
        regions = self._problem.limits.region_minimum.shape[1]
        region: Applications = self._problem.region[line] % regions
        group: Applications = self._problem.offering[line] * regions + region
        return group
