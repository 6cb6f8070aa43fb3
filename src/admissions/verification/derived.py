"""The ranking tables derived again from the rules, and sorted again without the program's sort."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from admissions.model.facts import Numbers
from admissions.model.round import Round
from admissions.ranking.tables import RankingTable, rank_round
from admissions.rulebooks.scenario import ResolvedScenario
from admissions.rules.lottery import Lottery
from admissions.verification.draw import places_drawn


@dataclass(frozen=True, eq=False)
class Ranked:
    """One offering's ranking table: its cells from the rules, the lottery and the ranks from here.

    ``cells`` int64 (n, c) as in ``table``, but for the lottery's column; ``rank`` int64 (n,),
    0 where not qualified, equal for equal rows; ``order`` the qualified rows, first rank first.
    """

    table: RankingTable
    cells: NDArray[np.int64]
    rank: Numbers
    order: NDArray[np.int64]


def derive(round_: Round, resolved: ResolvedScenario) -> dict[str, Ranked]:
    """The tables of every offering of the round, by offering id.

    1. The rules give the cells. 2. The draw is recomputed from the seed; where equals are treated
    together it is nobody's: 0. 3. The qualified rows are sorted by the columns from left to right,
    more first; equal rows have the rank of the first of them.
    """
    drawn = _drawn_once(round_, resolved)
    return {
        offering: _ranked(table, round_, resolved, drawn)
        for offering, table in rank_round(round_, resolved).items()
    }


def _drawn_once(round_: Round, resolved: ResolvedScenario) -> Numbers | None:
    if resolved.scenario.lottery == "per-offering" or resolved.scenario.ties != "lottery":
        return None
    return places_drawn(round_.applicants["person_id"].tolist(), resolved.scenario.seed, None)


def _ranked(
    table: RankingTable, round_: Round, resolved: ResolvedScenario, drawn: Numbers | None
) -> Ranked:
    if resolved.scenario.ties != "lottery":
        place = np.zeros(len(table.person), dtype=np.int64)
    elif drawn is None:
        persons = round_.applicants["person_id"].to_numpy()[table.person].tolist()
        place = places_drawn(persons, resolved.scenario.seed, table.offering)
    else:
        place = drawn[table.person]
    cells = table.cells.copy()
    for rule in table.version.ties:
        if isinstance(rule, Lottery):
            cells[:, table.columns.index(rule.id)] = -place
    rows = np.flatnonzero(table.qualified)
    order = rows[np.lexsort([-column for column in cells[rows].T[::-1]])]
    rank, sorted_cells = np.zeros(len(cells), dtype=np.int64), cells[order]
    new = np.append(True, (sorted_cells[1:] != sorted_cells[:-1]).any(axis=1))[: len(order)]
    first = np.flatnonzero(new)
    rank[order] = np.repeat(first + 1, np.diff(np.append(first, len(order))))
    return Ranked(table, cells, rank, order)
