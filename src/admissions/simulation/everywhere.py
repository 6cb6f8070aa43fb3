"""How alike the sites rank: everyone in the round is ranked everywhere, and the orders compared."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from admissions.comparison.agreement import Agreement
from admissions.model.facts import Flags, Numbers
from admissions.model.hundredths import NOT_DOCUMENTED
from admissions.model.round import ASSESSED, Round
from admissions.model.vocabulary import VOCABULARIES
from admissions.pool.draws import Draws
from admissions.pool.employers import Recommending
from admissions.ranking.tables import Persons, rank_round
from admissions.rulebooks.scenario import ResolvedScenario

_NOT_APPLIED = 1000
"""Added to the preference of who did not apply, so that real wishes come first."""
_FINE = 2**30
_IN_SPRING = 3_01
"""The first of March, as the end of a date: no rule reads more of it than the year."""
_MUNICIPAL = VOCABULARIES["sector"].index("municipal")
_BLOCK = 1024
_WORD = 64


def applied_everywhere(
    round_: Round, programmes: Sequence[int], recommending: Recommending, draws: Draws
) -> Round:
    """``round_`` as if everyone had applied to every offering.

    Real wishes keep their preference and come first. What an employer says of a person for a
    programme holds at each of its sites (``programmes``: each offering's, as
    ``rulebook.programmes`` has them). For the other programmes it is drawn as the round's own were:

    1. The employer thinks alike of every programme with the chance that what is stated leaves:
       none where the answers differ; a / (a + (1 - a) p^(k-1)) where all k are the same, a the
       assumed share and p that answer's chance (Bayes). 2. If so, the answer is that of the first
       wish. 3. If not, each programme has an answer of its own.
    """
    applications, persons = round_.applications, len(round_.applicants)
    count, k = len(round_.offerings), max(programmes) + 1
    person = applications["person"].to_numpy()
    offering = pd.Index(round_.offerings).get_indexer(pd.Index(applications["offering_id"]))
    preference = np.tile(_NOT_APPLIED + np.arange(count), (persons, 1))
    preference[person, offering] = applications["preference"].to_numpy()
    of = np.array(programmes, dtype=np.int64)
    stated = _stated(applications, of[offering], persons, k)
    recommended, dated = _answers(round_, stated, recommending, draws)
    who = np.repeat(np.arange(persons), count)
    everywhere = pd.DataFrame(
        {
            "person_id": round_.applicants["person_id"].array.take(who),
            "offering_id": pd.array(list(round_.offerings) * persons, dtype="str"),
            "preference": preference.reshape(-1),
            "employer_recommended": recommended[:, of].reshape(-1),
            "recommendation_date": dated[:, of].reshape(-1),
            "person": who,
            **_assessed_facts(round_, who, person * count + offering),
        }
    )
    return dataclasses.replace(round_, applications=everywhere)


def _assessed_facts(
    round_: Round, who: NDArray[np.int64], stated: NDArray[np.int64]
) -> dict[str, NDArray[Any]]:
    """The facts that offices assessed for their own offering, resolved (see ``Round``).

    ``who``: the person of each row; ``stated``: the row of each application that was sent. What an
    office assessed holds at its offering alone; elsewhere the applicant's own facts do.
    """
    own, found = round_.applications, {}
    for name in own.columns:
        if name in round_.applicants.columns and name != "person_id":
            found[name] = round_.applicants[name].to_numpy()[who]
        elif name.startswith(ASSESSED):
            found[name] = np.zeros(len(who), dtype=np.bool_)
        else:
            continue
        found[name][stated] = own[name].to_numpy()
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


def _stated(applications: pd.DataFrame, programme: Numbers, persons: int, k: int) -> _Statements:
    wanted = np.argsort(-applications["preference"].to_numpy(), kind="stable")
    person, at = applications["person"].to_numpy()[wanted], programme[wanted]
    known, yes = np.zeros((persons, k), dtype=np.bool_), np.zeros((persons, k), dtype=np.bool_)
    date = np.full((persons, k), NOT_DOCUMENTED, dtype=np.int64)
    first = np.zeros(persons, dtype=np.int64)
    known[person, at] = True
    yes[person, at] = applications["employer_recommended"].to_numpy()[wanted]
    date[person, at] = applications["recommendation_date"].to_numpy()[wanted]
    first[person] = at
    return _Statements(known, yes, date, first)


def _answers(
    round_: Round, stated: _Statements, recommending: Recommending, draws: Draws
) -> tuple[Flags, Numbers]:
    """The employer's answer and its date of each person and programme, (n, k)."""
    applicants = round_.applicants
    persons, k = stated.known.shape
    rows = np.arange(persons)
    prior = (applicants["further_education_count"].to_numpy() > 0).astype(np.int64)
    percent = np.array(recommending.recommended, dtype=np.int64)[prior]
    percent[applicants["sector"].to_numpy() != _MUNICIPAL] = 0
    first_yes = stated.yes[rows, stated.first]
    alike = draws.chance(_alike_chances(stated, first_yes, prior, recommending), _FINE, persons)
    own = draws.below(100, persons * k).reshape(persons, k) < percent[:, None]
    before = draws.chance(recommending.year_before, 100, persons * k).reshape(persons, k)
    date = 10_000 * (round_.settings.year or 0) + _IN_SPRING - 10_000 * before
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
    alike = ~(stated.known & (stated.yes != first_yes[:, None])).any(axis=1)
    share = Fraction(recommending.alike, 100)
    chances = np.zeros(len(number), dtype=np.int64)
    for further, percent in enumerate(recommending.recommended):
        for said in (False, True):
            p = Fraction(percent if said else 100 - percent, 100)
            for k in np.unique(number).tolist():
                rows = alike & (prior == further) & (first_yes == said) & (number == k)
                other = (1 - share) * p ** max(k - 1, 0)
                chance = share / (share + other) if share else Fraction(0)
                chances[rows] = int(_FINE * chance)
    return chances


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


def concordance(ranks: NDArray[np.int32]) -> Numbers:
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


def _bits(flags: Flags) -> NDArray[np.uint64]:
    return np.packbits(flags).view(np.uint64)
