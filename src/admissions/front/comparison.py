"""A round under several scenarios, held against each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from admissions.comparison.runs import Comparison
from admissions.comparison.runs import compare as compared
from admissions.comparison.tables import aggregate_tables, applications_moved, person_table
from admissions.front.allocation import Allocation
from admissions.front.frames import frame_of
from admissions.front.opening import (
    RoundLike,
    ScenarioLike,
    known_language,
    read_round,
    resolved,
    several,
)
from admissions.model.files import Files
from admissions.model.vocabulary import Language
from admissions.results.comparison import comparison_files
from admissions.results.published import read_ledger


@dataclass(frozen=True, eq=False)
class ScenarioComparison:
    """One round under a base scenario, the first, and others. ``compared`` is the engine's own."""

    compared: Comparison

    @cached_property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """The tables without a row of a person's, by their files' names: ``by-sector``, ``causes``.

        A column of one scenario's is called ``scenario:column``.
        """
        return {table.id: frame_of(table) for table in aggregate_tables(self.compared)}

    @cached_property
    def persons(self) -> pd.DataFrame:
        """A row a person: groups, the seat under each scenario, and what changed."""
        return frame_of(person_table(self.compared))

    @cached_property
    def changes(self) -> pd.DataFrame:
        """A row an application whose offer another scenario gives or takes, and why."""
        return frame_of(applications_moved(self.compared))

    @cached_property
    def allocations(self) -> Mapping[str, Allocation]:
        """The allocation under each scenario, by its id."""
        return {run.id: Allocation(run.run) for run in self.compared.runs}

    def files(
        self,
        language: Language = "nb",
        *,
        public: bool = False,
        published: Sequence[Path | str] | Mapping[str, Files] = (),
    ) -> Files:
        """The files of the comparison, each made when it is asked for.

        ``public``: without persons, and with small counts hidden; ``published``: folders that were
        published of the same round before (paths, or their files by the folder's name), which bear
        on what has to be hidden. Raises UsageError for one that was not.
        """
        if isinstance(published, Mapping):
            ledger = read_ledger(self.compared.round, published)
        else:
            ledger = read_ledger(self.compared.round, [Path(folder) for folder in published])
        spoken = known_language(language)
        return comparison_files(self.compared, language=spoken, public=public, ledger=ledger)

    def __repr__(self) -> str:
        base, *others = [run.id for run in self.compared.runs]
        return f"<ScenarioComparison of {base} with {', '.join(others)}>"

    def _repr_html_(self) -> str:
        html: str = self.tables["by-sector"].to_html(index=False, border=0, na_rep="")
        return html


def compare(round_: RoundLike, scenarios: Iterable[ScenarioLike]) -> ScenarioComparison:
    """``round_`` decided under each of ``scenarios``; the first is the base.

    Raises UsageError for fewer than two scenarios, or two of one id.

    Example::

        found = admissions.compare(round_, ["current-2019", "harmonised-2023"])
        found.tables["by-sector"]
    """
    read = read_round(round_)
    day = read.settings.rules_on
    rules = [resolved(one, rules_on=day) for one in several(scenarios)]
    return ScenarioComparison(compared(read, rules))
