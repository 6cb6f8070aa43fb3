"""Do the sites rank the same people alike? Kendall's tau over those qualified at two offerings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from admissions.model.facts import Numbers
from admissions.ranking.tables import RankingTable

_BLOCK = 1024


@dataclass(frozen=True)
class Agreement:
    """How two rankings order the pairs of people that both of them rank.

    Of ``common`` people every pair is ``concordant`` (the same one first at both), ``discordant``
    (another first) or, where ranks are equal, tied. ``tau`` is Kendall's tau-a, (concordant -
    discordant) / all pairs, as an exact fraction: 1 the same order, -1 the reverse, None where
    there is no pair. Without equal ranks, which the lottery rules out, tau-b is the same.

    M. G. Kendall, "A new measure of rank correlation", Biometrika 30, 1938.
    """

    common: int
    concordant: int
    discordant: int

    @property
    def pairs(self) -> int:
        """All pairs of the common people."""
        return self.common * (self.common - 1) // 2

    @property
    def tau(self) -> Fraction | None:
        """Kendall's tau-a."""
        return _tau(self.concordant, self.discordant, self.pairs)


def agreement(one: Numbers, other: Numbers) -> Agreement:
    """The agreement of two rankings of the same n people, ranks int64 (n,), 1 = first.

    Cost: n^2 comparisons, in blocks of rows.
    """
    concordant = discordant = 0
    for start in range(0, len(one), _BLOCK):
        rows = slice(start, start + _BLOCK)
        product = np.sign(one[rows, None] - one) * np.sign(other[rows, None] - other)
        concordant += int((product > 0).sum())
        discordant += int((product < 0).sum())
    return Agreement(len(one), concordant // 2, discordant // 2)


def agreements(tables: Mapping[str, RankingTable]) -> dict[tuple[str, str], Agreement]:
    """The agreement of each pair of offerings that have two qualified applicants or more in common.

    By the offerings' ids, in the order of ``tables``.
    """
    ranked = {name: _ranks(table) for name, table in tables.items()}
    found = {}
    for one, other in combinations(ranked, 2):
        (people, ranks), (others, their_ranks) = ranked[one], ranked[other]
        _, at, there = np.intersect1d(people, others, assume_unique=True, return_indices=True)
        if len(at) >= 2:
            found[one, other] = agreement(ranks[at], their_ranks[there])
    return found


def _ranks(table: RankingTable) -> tuple[NDArray[np.int64], Numbers]:
    """The qualified persons of ``table`` and their ranks."""
    return table.person[table.qualified], table.rank[table.qualified]


def pooled_tau(found: Iterable[Agreement]) -> Fraction | None:
    """Tau over all pairs of people at all pairs of offerings; None where there is none."""
    counted = list(found)
    return _tau(
        sum(a.concordant for a in counted),
        sum(a.discordant for a in counted),
        sum(a.pairs for a in counted),
    )


def _tau(concordant: int, discordant: int, pairs: int) -> Fraction | None:
    return Fraction(concordant - discordant, pairs) if pairs else None
