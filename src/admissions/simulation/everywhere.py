"""How alike the sites rank: everyone in the round is ranked everywhere, and the orders compared."""

from __future__ import annotations

import dataclasses
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from admissions.comparison.agreement import Agreement
from admissions.model.hundredths import NOT_DOCUMENTED
from admissions.model.round import Round
from admissions.ranking.tables import Persons, rank_round
from admissions.rulebooks.scenario import ResolvedScenario

_NOT_APPLIED = 1000
"""Added to the preference of who did not apply, so that real wishes come first."""
_BLOCK = 1024
_WORD = 64


def applied_everywhere(round_: Round) -> Round:
    """``round_`` as if everyone had applied to every offering.

    Real wishes keep their preference and come first. Whoever is recommended somewhere is taken to
    be recommended everywhere, by the latest date.
    """
    applications, persons = round_.applications, len(round_.applicants)
    count = len(round_.offerings)
    person = applications["person"].to_numpy()
    offering = pd.Index(round_.offerings).get_indexer(pd.Index(applications["offering_id"]))
    preference = np.tile(_NOT_APPLIED + np.arange(count), (persons, 1))
    preference[person, offering] = applications["preference"].to_numpy()
    recommended = np.zeros(persons, dtype=np.bool_)
    np.logical_or.at(recommended, person, applications["employer_recommended"].to_numpy())
    dated = np.full(persons, NOT_DOCUMENTED, dtype=np.int64)
    np.maximum.at(dated, person, applications["recommendation_date"].to_numpy())
    who = np.repeat(np.arange(persons), count)
    everywhere = pd.DataFrame(
        {
            "person_id": round_.applicants["person_id"].array.take(who),
            "offering_id": pd.array(list(round_.offerings) * persons, dtype="str"),
            "preference": preference.reshape(-1),
            "employer_recommended": recommended[who],
            "recommendation_date": dated[who],
            "person": who,
        }
    )
    return dataclasses.replace(round_, applications=everywhere)


def agreement_everywhere(
    everywhere: Round, scenario: ResolvedScenario, persons: Persons
) -> dict[tuple[str, str], Agreement]:
    """The agreement of each pair of offerings over all whom both find qualified."""
    tables = rank_round(everywhere, scenario, persons=persons)
    ranks = np.zeros((len(tables), len(everywhere.applicants)), dtype=np.int32)
    for row, table in enumerate(tables.values()):
        ranks[row, table.person] = table.rank
    counts = concordance(ranks)
    found = {}
    for (a, one), (b, other) in combinations(enumerate(tables), 2):
        common = int(((ranks[a] > 0) & (ranks[b] > 0)).sum())
        found[one, other] = Agreement(common, int(counts[a, b]), int(counts[b, a]))
    return found


def concordance(ranks: NDArray[np.int32]) -> NDArray[np.int64]:
    """Pairs of people in the same order at two offerings, and in the reverse one.

    ``ranks``: (k, n), 1 = first, 0 where not qualified; the answer is int64 (k, k): above the
    diagonal [a, b] counts the pairs that a and b order alike, below it [b, a] those that they order
    in reverse. Bits, so that n x n pairs take n x n / 8 bytes, in blocks of rows.
    """
    k, n = ranks.shape
    counts = np.zeros((k, k), dtype=np.int64)
    kind = np.int16 if n < np.iinfo(np.int16).max else np.int32
    # Whoever is not qualified, and who fills up a row to whole words, is ahead of nobody and behind
    # nobody: as one of the pair last of all, as the other first of all.
    width = -(-n // _WORD) * _WORD
    last, first = np.full((k, width), n + 1, dtype=kind), np.zeros((k, width), dtype=kind)
    last[:, :n] = np.where(ranks > 0, ranks, n + 1)
    first[:, :n] = ranks
    for start in range(0, n, _BLOCK):
        rows = slice(start, min(start + _BLOCK, n))
        ahead = [_bits(last[a, rows, None] < first[a]) for a in range(k)]
        behind = [_bits(first[a, rows, None] > last[a]) for a in range(k)]
        for a, b in combinations(range(k), 2):
            counts[a, b] += np.bitwise_count(ahead[a] & ahead[b]).sum(dtype=np.int64)
            counts[b, a] += np.bitwise_count(ahead[a] & behind[b]).sum(dtype=np.int64)
    return counts


def _bits(flags: NDArray[np.bool_]) -> NDArray[np.uint64]:
    return np.packbits(flags).view(np.uint64)
