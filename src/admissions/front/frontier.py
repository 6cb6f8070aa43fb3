"""What spread costs in ranking: the frontier between merit and spread of one round."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from admissions.comparison.spread_frontier import Frontier, spread_frontier
from admissions.front.frames import frame_of
from admissions.front.opening import (
    SECONDS,
    RoundLike,
    ScenarioLike,
    known_language,
    read_round,
    resolved_for,
)
from admissions.model.files import Files
from admissions.model.vocabulary import Language
from admissions.report.frontier import frontier_table
from admissions.results.frontier import frontier_files

if TYPE_CHECKING:
    from admissions.allocation.problem import Watch


@dataclass(frozen=True, eq=False)
class MeritAndSpread:
    """The least loss in ranking for each number of municipalities; ``found`` is the engine's."""

    found: Frontier

    @cached_property
    def table(self) -> pd.DataFrame:
        """A row a point: municipalities, the least loss, and how much more than one before."""
        return frame_of(frontier_table(self.found))

    def files(self, language: Language = "nb") -> Files:
        """The files of the frontier, each made when it is asked for."""
        return frontier_files(self.found, language=known_language(language))

    def __repr__(self) -> str:
        first, last = self.found.points[0], self.found.points[-1]
        return f"<MeritAndSpread from {first.municipalities} to {last.municipalities}>"

    def _repr_html_(self) -> str:
        html: str = self.table.to_html(index=False, border=0)
        return html


def frontier(
    round_: RoundLike,
    scenario: ScenarioLike,
    *,
    seed: int | None = None,
    seconds: float = SECONDS,
    watch: Watch | None = None,
) -> MeritAndSpread:
    """What each municipality more costs ``round_`` in ranking under ``scenario``, proven.

    Each of its two parts may take ``seconds``. Raises UsageError for a mechanism that no solver
    serves, and NotProvenError when no optimum is proven.

    Example::

        admissions.frontier("my-round", "coordinated-2019").table
    """
    read = read_round(round_)
    rules = resolved_for(read, scenario, seed)
    return MeritAndSpread(spread_frontier(read, rules, seconds=seconds, watch=watch))
