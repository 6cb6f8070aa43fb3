"""Paired draws that are kept: one scenario after another is tried on the same people.

What no scenario changes is made once: people, facts, answers, lottery, and what becomes of them
under the base. A scenario that changes one parameter is ranked anew at the offerings whose rules
change, and called, answered and counted.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from admissions.model.facts import Numbers
from admissions.ranking.tables import RankedAtOffering, rank_rounds
from admissions.rulebooks.rulebook import programmes
from admissions.rulebooks.scenario import ResolvedScenario
from admissions.simulation import counting
from admissions.simulation.drawn import AT_ONCE, Drawn, Source, drawn
from admissions.simulation.job import settings_alike, side_by_side, unled
from admissions.simulation.measures import COMPARED, UNDEFINED, Key, keys
from admissions.simulation.process import ReadyScenario, RoundOutcome, case_of
from admissions.simulation.statistics import Difference, Summary, difference, summary
from admissions.simulation.yields import YieldModel

AGREEMENT = tuple(
    f"agreement-{of}{what}"
    for of in ("if-all-applied", "of-applicants")
    for what in ("", "-people")
)
"""The measures for which everyone is ranked everywhere: half of a draw's time."""


@dataclass(frozen=True, eq=False)
class Tried:
    """A scenario on the kept draws, beside the base.

    ``keys``: what was counted; ``values``, ``base``: int64 (draws, keys), in the smallest steps of
    the measures (``measures.decimals``), ``UNDEFINED`` where a draw has no value.
    """

    scenario: ResolvedScenario
    keys: tuple[Key, ...]
    values: NDArray[np.int64]
    base: NDArray[np.int64]

    def summary(self, key: Key) -> Summary:
        """Mean and range of ``key`` under the scenario."""
        return summary(self.values[:, self.keys.index(key)])

    def base_summary(self, key: Key) -> Summary:
        """Mean and range of ``key`` under the base."""
        return summary(self.base[:, self.keys.index(key)])

    def difference(self, key: Key) -> Difference:
        """How far ``key`` is from what it is under the base, draw by draw.

        Who wins and loses is counted against the base itself.
        """
        at = self.keys.index(key)
        own, base = self.values[:, at], self.base[:, at]
        if key.measure in COMPARED:
            base = np.where(own == UNDEFINED, UNDEFINED, 0)
        return difference(own, base)


@dataclass(frozen=True, eq=False)
class _Kept:
    """Some draws' people, and what becomes of them under the base."""

    drawn: Drawn
    rankings: Mapping[str, RankedAtOffering]
    outcome: RoundOutcome


class DrawsUnderBase:
    """So many ``draws`` of ``seed``, the same as ``simulate`` draws, kept under ``base``.

    ``one_by_one``: each draw by itself, as some scenarios need it (``job.side_by_side``). Raises
    DataError where seats or chances of an offering are not stated.
    """

    def __init__(
        self,
        seed: int,
        base: ResolvedScenario,
        source: Source,
        yields: YieldModel,
        draws: int,
        *,
        one_by_one: bool = False,
    ) -> None:
        self.base = base
        self.draws = draws
        self._seed = seed
        self._yields = yields
        self._offerings = source.offerings
        self._source = source
        self._together = side_by_side(base, source) and not one_by_one
        at_once = AT_ONCE if self._together else 1
        self._case = case_of(base.scenario.id, base, yields, self._offerings)
        codes = programmes(base.rulebooks, self._offerings)
        parts = (range(n, min(n + at_once, draws)) for n in range(0, draws, at_once))
        self._kept = [
            self._keep(drawn(source, seed, part, codes, alone=not self._together)) for part in parts
        ]
        self._counts: dict[bool, NDArray[np.int64]] = {}

    def under(self, scenario: ResolvedScenario, *, agreement: bool = False) -> Tried:
        """The same draws under ``scenario``; ``agreement``: how alike sites rank is counted too."""
        if self._together and not side_by_side(scenario, self._source):
            return self._one_by_one.under(scenario, agreement=agreement)
        case = case_of(scenario.scenario.id, scenario, self._yields, self._offerings)
        order = self._keys(agreement)
        changed = self._changed(scenario)
        found = []
        for kept in self._kept:
            rankings = self._ranked(kept, scenario, changed)
            outcome = kept.drawn.outcome(case, rankings)
            found.append(self._columns(kept, case, rankings, outcome, order))
        return Tried(scenario, order, np.concatenate(found), self._base(agreement))

    @cached_property
    def _one_by_one(self) -> DrawsUnderBase:
        return DrawsUnderBase(
            self._seed, self.base, self._source, self._yields, self.draws, one_by_one=True
        )

    def _keep(self, people: Drawn) -> _Kept:
        rankings = rank_rounds(people.rounds, self.base)
        return _Kept(people, rankings, people.outcome(self._case, rankings))

    def _keys(self, agreement: bool) -> tuple[Key, ...]:
        return tuple(
            key for key in keys(self._offerings) if agreement or key.measure not in AGREEMENT
        )

    def _base(self, agreement: bool) -> NDArray[np.int64]:
        if agreement not in self._counts:
            order = self._keys(agreement)
            self._counts[agreement] = np.concatenate(
                [self._columns(k, self._case, k.rankings, k.outcome, order) for k in self._kept]
            )
        return self._counts[agreement]

    def _changed(self, scenario: ResolvedScenario) -> Collection[str]:
        """The offerings that have to be ranked anew: those with other rules, or all of them."""
        counts_all = any(
            rule.group is not None and rule.scope == "round"
            for version in scenario.versions.values()
            for rule in version.criteria
        )
        if counts_all or not settings_alike(scenario, self.base):
            return self._offerings
        own, base = scenario.versions, self.base.versions
        return [name for name in self._offerings if own.get(name) != base.get(name)]

    def _ranked(
        self, kept: _Kept, scenario: ResolvedScenario, changed: Collection[str]
    ) -> Mapping[str, RankedAtOffering]:
        if not changed:
            return kept.rankings
        rounds = kept.drawn.rounds
        return {
            **kept.rankings,
            **rank_rounds(rounds, scenario, rounds.applicants(scenario, changed)),
        }

    def _columns(
        self,
        kept: _Kept,
        case: ReadyScenario,
        rankings: Mapping[str, RankedAtOffering],
        outcome: RoundOutcome,
        order: tuple[Key, ...],
    ) -> Numbers:
        people, without = kept.drawn.people, outcome
        if case.scenario.scenario.leader != "none":
            plain = unled(case)
            ranked = rank_rounds(kept.drawn.rounds, plain.scenario)
            without = kept.drawn.outcome(plain, ranked)
        found = counting.counted(case, people, outcome)
        found |= counting.held_against(people, outcome, kept.outcome)
        found |= counting.by_leaders(people, outcome, without)
        if any(key.measure in AGREEMENT for key in order):
            found |= kept.drawn.agreement(case.scenario, rankings)
        return counting.columns(found, order)
