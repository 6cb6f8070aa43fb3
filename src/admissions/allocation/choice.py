"""How offerings choose among applications: by rank, within maxima, reserved seats first."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from admissions.allocation.problem import NO_LIMIT, Problem
from admissions.allocation.score_limits import admitted_together
from admissions.model.sorting import in_order
from admissions.ranking.running_index import running_index

Applications = NDArray[np.int64]
Mask = NDArray[np.bool_]


def by_rank_alone(problem: Problem) -> Mask:
    """Which offerings choose by rank within their offers, whoever asks: bool (k,)."""
    limits = problem.limits
    by_rank: Mask = (
        (limits.service_maximum == NO_LIMIT)
        & (limits.municipality_maximum == NO_LIMIT)
        & (limits.service_first == NO_LIMIT)
        & (limits.region_maximum == NO_LIMIT).all(axis=1)
        & (limits.region_minimum == 0).all(axis=1)
    )
    return by_rank


@dataclass(frozen=True)
class _Stated:
    """Which kinds of limit are stated at any offering; what is stated nowhere is not looked for."""

    service_maximum: bool
    municipality_maximum: bool
    service_first: bool
    region_maximum: bool

    @classmethod
    def in_(cls, problem: Problem) -> _Stated:
        """Those of ``problem``."""
        limits = problem.limits
        return cls(
            **{f.name: bool((getattr(limits, f.name) != NO_LIMIT).any()) for f in fields(cls)}
        )


class Choice:
    """Every offering's choice function over one problem's applications."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._services = int(problem.service.max(initial=0)) + 2
        self._municipalities = int(problem.municipality.max(initial=0)) + 2
        self._stated = _Stated.in_(problem)

    def best(self, considered: Applications) -> Applications:
        """Those of ``considered`` (positions) that their offerings choose, each on its own.

        1. By rank, nobody beyond a service's maximum, nor a municipality's. 2. In each sector tier
        the first ones of each service come before all others, elsewhere rank alone decides: the
        *order*. 3. By it, nobody beyond a region's maximum. 4. By it, a region's best take its
        reserved seats; where open seats are filled first, these go by it before. 5. The offers to
        make go, tier by tier, to all of those, then to the others, each by the order.
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
        behind = (np.arange(len(both)) >= len(ahead)).astype(np.int64)
        line = both[in_order(problem.offering[both], behind, problem.rank[both])]
        if self._stated.service_maximum:
            line = self._within_service_maxima(line)
        if self._stated.municipality_maximum:
            line = self._within_municipality_maxima(line)
        first_class = self._first_of_service(line)
        waits = np.ones_like(first_class)
        if held is not None:
            of_all = np.zeros(len(problem.person), dtype=np.bool_)
            of_all[considered] = True
            waits = of_all[line]
        tier = problem.tier[line]
        classes = tier * 2 + ~first_class
        order = in_order(
            problem.offering[line], waits.astype(np.int64), classes, problem.rank[line]
        )
        line, waits = line[order], waits[order]
        line = line[self._within_region_maxima(line) & waits]
        offering, region = problem.offering[line], problem.region[line]
        place = np.arange(len(line))
        in_open = running_index(offering, place) < self._open_seats(minima, free)[offering]
        kept = np.flatnonzero(~in_open)
        by_region = running_index(self._region_group(line), kept)
        first = in_open | (by_region < minima[offering, region])
        order = in_order(offering, problem.tier[line] * 2 + ~first, place)
        chosen: Applications = line[running_index(offering, order) < free[offering]]
        return chosen

    def _open_seats(self, minima: NDArray[np.int64], free: NDArray[np.int64]) -> Applications:
        """How many go by rank before a region's reserve is filled, int64 (k,)."""
        open_seats = np.maximum(free - minima.sum(axis=1), 0)
        return np.where(self._problem.limits.open_first, open_seats, 0)

    def _within_service_maxima(self, line: Applications) -> Applications:
        """``line`` (by offering, best first) without those beyond a service's maximum."""
        limits, problem = self._problem.limits, self._problem
        maximum = limits.service_maximum[problem.offering[line]]
        limited = (maximum != NO_LIMIT) & (problem.service[line] != NO_LIMIT)
        place = running_index(self._service_group(line), np.arange(len(line)))
        within: Mask = ~limited | (place < maximum)
        return line[within]

    def _within_municipality_maxima(self, line: Applications) -> Applications:
        """``line`` (by offering, best first) without those beyond a municipality's maximum."""
        limits, problem = self._problem.limits, self._problem
        maximum = limits.municipality_maximum[problem.offering[line]]
        own = problem.municipality[line]
        group = problem.offering[line] * self._municipalities + own + 1
        place = running_index(group, np.arange(len(line)))
        within: Mask = (maximum == NO_LIMIT) | (own == NO_LIMIT) | (place < maximum)
        return line[within]

    def _within_region_maxima(self, line: Applications) -> Mask:
        """Which of ``line`` are within their region's maximum."""
        if not self._stated.region_maximum:
            return np.ones(len(line), dtype=np.bool_)
        problem = self._problem
        maximum = problem.limits.region_maximum[problem.offering[line], problem.region[line]]
        place = running_index(self._region_group(line), np.arange(len(line)))
        within: Mask = (maximum == NO_LIMIT) | (place < maximum)
        return within

    def _first_of_service(self, line: Applications) -> Mask:
        if not self._stated.service_first:
            return np.ones(len(line), dtype=np.bool_)
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
