"""Who applies where: persons whose wishes add up to the counts of each offering and sector."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from admissions.model.facts import Numbers
from admissions.model.vocabulary import VOCABULARIES
from admissions.pool.draws import Draws, WeightTable, one_row
from admissions.pool.population import Population

NO_WISH = -1
_SECTORS = VOCABULARIES["sector"]


@dataclass(frozen=True, eq=False)
class Wishes:
    """The wishes of n persons.

    ``sector``: int64 (n,), vocabulary codes; ``offering``: int64 (n, w), positions in the sorted
    offerings, first wish first, ``NO_WISH`` after the last; ``documented``: bool (n,), False for
    those who do not document experience.
    """

    sector: Numbers
    offering: Numbers
    documented: NDArray[np.bool_]


class WishTables:
    """A population's counts and combinations, ready to draw from."""

    def __init__(self, population: Population) -> None:
        counts = population.counts.by_offering()
        self.offerings = tuple(counts)
        combinations = population.wishes.combinations
        wishes = combinations.wishes()
        self._longest = max(len(wish) for wish in wishes)
        self._combinations = np.full((len(wishes), self._longest), NO_WISH, dtype=np.int64)
        for row, wish in enumerate(wishes):
            self._combinations[row, : len(wish)] = [self.offerings.index(o) for o in wish]
        self._weights: WeightTable = one_row(list(combinations.weights.values()))
        self._applicants = np.array(list(counts.values()), dtype=np.int64)
        self._several = population.wishes.several_per_1000.value
        undocumented = population.counts.undocumented
        self._undocumented = (
            _SECTORS.index(undocumented.sector),
            self.offerings.index(undocumented.offering),
            undocumented.applicants,
        )

    def draw(self, draws: Draws) -> Wishes:
        """The wishes of a round's persons, in no meaningful order.

        1. In each sector draw combinations, and leave out those for which an offering has no
        applicants left. 2. What an offering then lacks are persons who want it alone. 3. Those
        who do not document experience want their offering alone, besides.
        """
        parts = [self._of_sector(draws, column) for column in range(self._applicants.shape[1])]
        sector = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
        others_sector, offering, count = self._undocumented
        alone = self._alone(np.full(count, offering, dtype=np.int64))
        return Wishes(
            sector=np.concatenate([sector, np.full(count, others_sector)]),
            offering=np.concatenate([*parts, alone]),
            documented=np.arange(len(sector) + count) < len(sector),
        )

    def _of_sector(self, draws: Draws, column: int) -> Numbers:
        wanted = self._applicants[:, column]
        count = int(wanted.sum()) * self._several // 1000
        chosen = self._combinations[self._weights.draw(draws, np.zeros(count, dtype=np.int64))]
        asks = (chosen[:, :, None] == np.arange(len(wanted))).sum(axis=1)
        fits = (np.cumsum(asks, axis=0) * asks <= wanted).all(axis=1)
        left = wanted - asks[fits].sum(axis=0)
        return np.concatenate([chosen[fits], self._alone(np.repeat(np.arange(len(left)), left))])

    def _alone(self, offering: Numbers) -> Numbers:
        rows = np.full((len(offering), self._longest), NO_WISH, dtype=np.int64)
        rows[:, 0] = offering
        return rows
