"""The ranking table of each offering of a round, before anything is allocated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from admissions.front.frames import frame_of
from admissions.front.opening import RoundLike, ScenarioLike, read_round, resolved_for
from admissions.model.errors import UsageError
from admissions.model.files import Files
from admissions.model.messages import message
from admissions.model.output_table import OutputTable
from admissions.model.round import Round
from admissions.ranking.tables import RankingTable, rank_round
from admissions.results.allocation import ranking_files, ranking_rows


@dataclass(frozen=True, eq=False)
class Rankings:
    """Who is ranked where, by offering; ``ranked`` is what the engine works with."""

    round: Round
    ranked: Mapping[str, RankingTable]

    @cached_property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """The ranking table of each offering: sort by its columns, and the ranks are there."""
        return {name: frame_of(self.rows(name)) for name in self.ranked}

    def rows(self, offering: str) -> OutputTable:
        """The table of ``offering`` as its file has it."""
        return ranking_rows(offering, self.ranked[offering], self.round)

    def files(self) -> Files:
        """``rankings/<offering>.csv`` of each offering, each made when it is asked for."""
        return ranking_files(self.ranked, self.round)

    def __repr__(self) -> str:
        return f"<Rankings of {', '.join(self.ranked)}>"


def rank(
    round_: RoundLike,
    scenario: ScenarioLike,
    *,
    offering: str | None = None,
    seed: int | None = None,
) -> Rankings:
    """Ranks ``round_`` under ``scenario`` at each offering, or at ``offering`` alone.

    ``seed``: of the lottery [the scenario's]. Raises UsageError for an offering that is not in the
    round.

    Example::

        admissions.rank("my-round", "coordinated-2019").tables["uis-juss"]
    """
    read = read_round(round_)
    if offering is not None and offering not in read.offerings:
        raise UsageError(message("front.not-in-round", offering=offering, known=read.offerings))
    wanted = None if offering is None else [offering]
    return Rankings(read, rank_round(read, resolved_for(read, scenario, seed), wanted))
