"""Synthetic rounds of a year, from a seed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from admissions.model.round import Round
from admissions.pool.country import build_country
from admissions.pool.draws import Draws, ManyDraws
from admissions.pool.frames import RoundFrames
from admissions.pool.people import PeopleTables
from admissions.pool.population import Population, population_of
from admissions.ranking.rounds import RoundsAsOne


class Pool:
    """A population to draw rounds from; the country and the tables are built once."""

    def __init__(self, population: Population) -> None:
        country = build_country(population.country)
        self.population = population
        self.country = country
        self._people = PeopleTables(population, country)
        self._frames = RoundFrames(population, country, self._people.offerings)

    def round(self, seed: int) -> Round:
        """The round of ``seed``: the same one on every machine, for ever."""
        draws = Draws(seed)
        return self._frames.round_of(self._people.draw(draws), draws, seed)

    def rounds(self, seeds: Sequence[int]) -> RoundsAsOne:
        """The rounds of ``seeds``, one after another."""
        draws = ManyDraws(seeds)
        return self._frames.rounds_of(self._people.draw(draws), draws, seeds)


@cache
def shipped_pool(year: int) -> Pool:
    """The pool of the shipped population of ``year``. Raises UsageError where there is none."""
    return Pool(population_of(year))


def synthetic_round(year: int, seed: int) -> Round:
    """A round of people who do not exist, with the counts of statusmåling 2, Table 3-3.

    Every fact is drawn from ``scenarios/population/<year>.toml``; applicants, applications,
    municipalities and services come out as that file says, whatever the seed (0 or more).
    Raises UsageError for a year without a population.
    """
    return shipped_pool(year).round(seed)
