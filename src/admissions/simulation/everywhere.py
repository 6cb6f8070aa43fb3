"""How alike the sites rank: everyone in the round is ranked everywhere, and the orders compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from admissions.comparison.agreement import Agreement
from admissions.model.facts import Flags, Numbers
from admissions.model.hundredths import NOT_DOCUMENTED
from admissions.model.vocabulary import VOCABULARIES
from admissions.pool.draws import Draws
from admissions.pool.employers import Recommending
from admissions.ranking.rounds import RoundsAsOne
from admissions.ranking.tables import RankedAtOffering, rank_rounds
from admissions.rulebooks.scenario import ResolvedScenario

_NOT_APPLIED = 1000
"""Added to the preference of who did not apply, so that real wishes come first."""
_FINE = 2**30
_IN_SPRING = 3_01
"""The first of March, as the end of a date: no rule reads more of it than the year."""
_MUNICIPAL = VOCABULARIES["sector"].index("municipal")
_WORD = 64

Everywhere = Mapping[str, NDArray[Any]]
"""What n persons' applications to all of k offerings state, by the name of the fact, (k, n)."""


def applied_everywhere(
    rounds: RoundsAsOne, programmes: Sequence[int], recommending: Recommending, draws: Draws
) -> Everywhere:
    """``rounds`` as if everyone had applied to every offering.

    Real wishes keep their preference and come first. What an employer says of a person for a
    programme holds at each of its sites (``programmes``: each offering's, as
    ``rulebook.programmes`` has them). For the other programmes it is drawn as the round's own were:

    1. The employer thinks alike of every programme with the chance that what is stated leaves:
       none where the answers differ; a / (a + (1 - a) p^(k-1)) where all k are the same, a the
       assumed share and p that answer's chance (Bayes). 2. If so, the answer is that of the first
       wish. 3. If not, each programme has an answer of its own.
    """
    of = np.array(programmes, dtype=np.int64)
    persons, count = len(rounds.ids), len(rounds.offerings)
    found = _assessed_facts(rounds)
    preference = np.repeat(_NOT_APPLIED + np.arange(count), persons).reshape(count, persons)
    preference[rounds.offering, rounds.person] = rounds.applications["preference"]
    stated = _stated(rounds, of[rounds.offering], int(of.max()) + 1)
    recommended, dated = _answers(rounds, stated, recommending, draws)
    answers = {
        "employer_recommended": np.ascontiguousarray(recommended[:, of].T),
        "recommendation_date": np.ascontiguousarray(dated[:, of].T),
    }
    return {**found, "preference": preference, **answers}


def _assessed_facts(rounds: RoundsAsOne) -> dict[str, NDArray[Any]]:
    """The facts that offices assessed for their own offering, resolved (see ``Round``).

    What an office assessed holds at its offering alone; elsewhere the applicant's own facts do.
    """
    found = {}
    for name, stated in rounds.applications.items():
        if name in rounds.persons:
            found[name] = np.tile(rounds.persons[name], (len(rounds.offerings), 1))
            found[name][rounds.offering, rounds.person] = stated
    return found


@dataclass(frozen=True, eq=False)
class _Statements:
    """What employers state in the applications, by person and programme, shape (n, k).

    ``known``: whether anything; ``yes`` and ``date``: of the wish that is wanted most; ``first``:
    int64 (n,), the programme of each person's first wish.
    """

    known: Flags
    yes: Flags
    date: Numbers
    first: Numbers


def _stated(rounds: RoundsAsOne, programme: Numbers, k: int) -> _Statements:
    """Applications are by person, then preference: the last one written is wanted most."""
    persons = len(rounds.ids)
    person, at = rounds.person[::-1], programme[::-1]
    known, yes = np.zeros((persons, k), dtype=np.bool_), np.zeros((persons, k), dtype=np.bool_)
    date = np.full((persons, k), NOT_DOCUMENTED, dtype=np.int64)
    first = np.zeros(persons, dtype=np.int64)
    known[person, at] = True
    yes[person, at] = rounds.applications["employer_recommended"][::-1]
    date[person, at] = rounds.applications["recommendation_date"][::-1]
    first[person] = at
    return _Statements(known, yes, date, first)


def _answers(
    rounds: RoundsAsOne, stated: _Statements, recommending: Recommending, draws: Draws
) -> tuple[Flags, Numbers]:
    """The employer's answer and its date of each person and programme, (n, k)."""
    persons, k = stated.known.shape
    by_person, by_programme = draws.split(rounds.counts), draws.split(rounds.counts * k)
    rows = np.arange(persons)
    prior = (rounds.persons["further_education_count"] > 0).astype(np.int64)
    percent = np.array(recommending.recommended, dtype=np.int64)[prior]
    percent[rounds.persons["sector"] != _MUNICIPAL] = 0
    first_yes = stated.yes[rows, stated.first]
    chances = _alike_chances(stated, first_yes, prior, recommending)
    alike = by_person.chance(chances, _FINE, persons)
    own = by_programme.below(100, persons * k).reshape(persons, k) < percent[:, None]
    before = by_programme.chance(recommending.year_before, 100, persons * k).reshape(persons, k)
    date = 10_000 * (rounds.year or 0) + _IN_SPRING - 10_000 * before
    yes = np.where(alike[:, None], first_yes[:, None], own)
    date = np.where(alike[:, None], stated.date[rows, stated.first][:, None], date)
    yes = np.where(stated.known, stated.yes, yes)
    date = np.where(stated.known, stated.date, date)
    return yes, np.where(yes, date, NOT_DOCUMENTED)


def _alike_chances(
    stated: _Statements, first_yes: Flags, prior: Numbers, recommending: Recommending
) -> Numbers:
    """The chance, in parts of ``_FINE``, that each person's employer thinks alike of all, (n,)."""
    number = stated.known.sum(axis=1)
    most = int(number.max(initial=0))
    chances = np.zeros((2, 2, most + 1), dtype=np.int64)
    share = Fraction(recommending.alike, 100)
    for further, percent in enumerate(recommending.recommended):
        for said in (False, True):
            p = Fraction(percent if said else 100 - percent, 100)
            for k in range(most + 1):
                other = (1 - share) * p ** max(k - 1, 0)
                chance = share / (share + other) if share else Fraction(0)
                chances[further, int(said), k] = int(_FINE * chance)
    alike = ~(stated.known & (stated.yes != first_yes[:, None])).any(axis=1)
    return np.where(alike, chances[prior, first_yes.astype(np.int64), number], 0)


@dataclass(frozen=True, eq=False)
class Agreements:
    """How alike each pair of offerings ranks the people that both rank, in each of many rounds.

    Int64 (rounds, pairs), the pairs in the order of ``combinations`` of the offerings: of so many
    people in ``common`` how many pairs are ``alike``, and in ``reverse`` (``agreement.Agreement``).
    """

    common: Numbers
    alike: Numbers
    reverse: Numbers

    def of(self, round_: int) -> list[Agreement]:
        """The agreement of each pair in one round."""
        columns = (self.common[round_], self.alike[round_], self.reverse[round_])
        return [Agreement(*(int(n) for n in one)) for one in zip(*columns, strict=True)]


def agreement_everywhere(
    rounds: RoundsAsOne, everywhere: Everywhere, scenario: ResolvedScenario
) -> Agreements:
    """The agreement of each pair of offerings over all whom both find qualified."""
    tables = rank_rounds(rounds, scenario, rounds.everyone(scenario, everywhere))
    ranks = np.array([table.rank for table in tables.values()]).astype(np.int32)
    strict = scenario.scenario.ties == "lottery"
    ends = np.cumsum(rounds.counts)
    parts = np.split(ranks, ends[:-1], axis=1)
    counts = np.array([concordance(own, strict=strict) for own in parts])
    known = [(own > 0).astype(np.float32) for own in parts]
    common = np.array([flags @ flags.T for flags in known]).astype(np.int64)
    a, b = np.triu_indices(len(tables), 1)
    return Agreements(common[:, a, b], counts[:, a, b], counts[:, b, a])


def agreement_of_applicants(
    rounds: RoundsAsOne, tables: Mapping[str, RankedAtOffering]
) -> Agreements:
    """The agreement of each pair of offerings over those who applied to both.

    Nobody is in common at a pair that has not two qualified applicants in common.
    """
    ranks = np.zeros((len(tables), len(rounds.ids)), dtype=np.int64)
    for row, table in enumerate(tables.values()):
        ranks[row, table.person] = table.rank
    found = [_in_common(rounds, ranks[a], ranks[b]) for a, b in combinations(range(len(tables)), 2)]
    common, alike, reverse = np.array(found).reshape(-1, 3, len(rounds)).transpose(1, 2, 0)
    return Agreements(np.where(common < 2, 0, common), alike, reverse)


def _in_common(
    rounds: RoundsAsOne, one: Numbers, other: Numbers
) -> tuple[Numbers, Numbers, Numbers]:
    """How many have ranks at both, and how many pairs of them are alike, and in reverse."""
    both = np.flatnonzero((one > 0) & (other > 0))
    draw = rounds.draw[both]
    common = np.bincount(draw, minlength=len(rounds))
    before = np.arange(len(both)) - (np.cumsum(common) - common)[draw]
    left = np.repeat(np.arange(len(both)), before)
    right = left - 1 - (np.arange(len(left)) - np.repeat(np.cumsum(before) - before, before))
    one, other = one[both], other[both]
    product = np.sign(one[left] - one[right]) * np.sign(other[left] - other[right])
    alike, reverse = (
        np.bincount(draw[left[which]], minlength=len(rounds))
        for which in (product > 0, product < 0)
    )
    return common, alike, reverse


def concordance(ranks: NDArray[np.int32], *, strict: bool = False) -> Numbers:
    """Pairs of people in the same order at two offerings, and in the reverse one.

    ``ranks``: (k, n), 1 = first, 0 where not qualified; the answer is int64 (k, k): above the
    diagonal [a, b] counts the pairs that a and b order alike, below it [b, a] those that they order
    in reverse. ``strict``: no two at an offering have the same rank, so that every pair is in one
    order or the other.

    Who stands behind each one is a row of bits: 1. one bit a rank, added up from the last rank to
    the first; 2. each person's row is that of the own rank; 3. pairs alike are bits set in the rows
    of both offerings. n x n pairs take n x n / 8 bytes an offering.
    """
    k, n = ranks.shape
    counts = np.zeros((k, k), dtype=np.int64)
    behind_from = _behind(ranks)
    offering = np.arange(k)[:, None]
    known = ranks > 0
    behind = behind_from[np.where(known, ranks + 1, n + 1), offering].reshape(k, -1)
    for a in range(k - 1):
        counts[a, a + 1 :] += _number(behind[a] & behind[a + 1 :])
    if strict:
        common = known.astype(np.float32) @ known.T.astype(np.float32)
        reverse = (common * (common - 1) / 2).astype(np.int64) - counts
        return counts + np.triu(reverse, 1).T
    all_of_them = behind_from[1][:, None]
    ahead = all_of_them ^ behind_from[np.where(known, ranks, 1), offering]
    ahead = ahead.reshape(k, -1)
    for a in range(k - 1):
        counts[a + 1 :, a] += _number(behind[a] & ahead[a + 1 :])
    return counts


def _behind(ranks: NDArray[np.int32]) -> NDArray[np.uint64]:
    """Who has a rank or one behind it, as bits: (n + 2, k, words), by rank from 0."""
    k, n = ranks.shape
    bits = np.zeros((n + 2, k, -(-n // _WORD)), dtype=np.uint64)
    offering, person = np.nonzero(ranks)
    bit = np.uint64(1) << (person % _WORD).astype(np.uint64)
    np.bitwise_or.at(bits, (ranks[offering, person], offering, person // _WORD), bit)
    found: NDArray[np.uint64] = np.bitwise_or.accumulate(bits[::-1], axis=0)[::-1]
    return found


def _number(bits: NDArray[np.uint64]) -> Numbers:
    """How many bits of each row are set."""
    number: Numbers = np.bitwise_count(bits).sum(axis=1, dtype=np.int64)
    return number
