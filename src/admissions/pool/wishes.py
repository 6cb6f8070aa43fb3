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
    """The wishes of n persons, of one round or of rounds one after another.

    ``counts``: int64 (rounds,), the persons of each; ``sector``: int64 (n,), vocabulary codes;
    ``offering``: int64 (n, w), positions in the sorted offerings, first wish first, ``NO_WISH``
    after the last; ``documented``: bool (n,), False for those who do not document experience.
    """

    counts: Numbers
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
        of_all = self._combinations[:, :, None] == np.arange(len(self.offerings))
        self._asks = of_all.sum(axis=1)
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
        """The wishes of a round's persons, in no meaningful order; of a round for each stream.

        1. In each sector draw combinations, and leave out those for which an offering has no
        applicants left. 2. What an offering then lacks are persons who want it alone. 3. Those
        who do not document experience want their offering alone, besides.
        """
        rounds = np.arange(draws.streams)
        found = [self._of_sector(draws, column) for column in range(self._applicants.shape[1])]
        others_sector, offering, count = self._undocumented
        alone = self._alone(np.full(count * draws.streams, offering, dtype=np.int64))
        found.append((np.repeat(rounds, count), alone))
        sectors = [*range(self._applicants.shape[1]), others_sector]
        sizes = [len(wishes) for _, wishes in found]
        of = np.concatenate([which for which, _ in found])
        order = np.argsort(of, kind="stable")
        return Wishes(
            counts=np.bincount(of, minlength=draws.streams),
            sector=np.repeat(sectors, sizes)[order],
            offering=np.concatenate([wishes for _, wishes in found])[order],
            documented=(np.arange(len(of)) < len(of) - sizes[-1])[order],
        )

    def _of_sector(self, draws: Draws, column: int) -> tuple[Numbers, Numbers]:
        """The round of each person of a sector, and their wishes."""
        wanted, rounds = self._applicants[:, column], np.arange(draws.streams)
        count = int(wanted.sum()) * self._several // 1000
        each = np.full(draws.streams, count)
        rows = np.zeros(int(each.sum()), dtype=np.int64)
        drawn = self._weights.draw(draws.split(each), rows).reshape(draws.streams, count)
        asks = self._asks[drawn]
        fits = (np.cumsum(asks, axis=1) * asks <= wanted).all(axis=2)
        left = wanted - (asks * fits[:, :, None]).sum(axis=1)
        alone = np.repeat(np.tile(np.arange(len(wanted)), draws.streams), left.reshape(-1))
        of = [np.repeat(rounds, each) for each in (fits.sum(axis=1), left.sum(axis=1))]
        wishes = [self._combinations[drawn[fits]], self._alone(alone)]
        return np.concatenate(of), np.concatenate(wishes)

    def _alone(self, offering: Numbers) -> Numbers:
        rows = np.full((len(offering), self._longest), NO_WISH, dtype=np.int64)
        rows[:, 0] = offering
        return rows
