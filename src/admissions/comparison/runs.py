"""The runs that are compared: one round decided under a base and under other scenarios."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from admissions.allocation.run import Run, allocate_fast
from admissions.explanation.decisions import decide_outcomes
from admissions.model.errors import UsageError
from admissions.model.facts import Flags, Numbers
from admissions.model.messages import message
from admissions.model.round import Round
from admissions.rulebooks.apart import Effect, effect_of, with_between
from admissions.rulebooks.scenario import ResolvedScenario

NO_SEAT = -1
"""Stands where a person holds no offer."""


class SeatChange(StrEnum):
    """What another scenario does to a person, held against the base."""

    KEPT = "kept"
    """A seat at the same offering."""
    MOVED = "moved"
    """A seat at another offering."""
    WON = "won"
    """A seat, and none under the base."""
    LOST = "lost"
    """No seat, and one under the base."""
    WITHOUT = "without"
    """No seat under either."""


@dataclass(frozen=True, eq=False)
class ComparedRun:
    """A run with what each person and application has under it."""

    run: Run

    @property
    def id(self) -> str:
        """The scenario's id."""
        return self.run.scenario.scenario.id

    @cached_property
    def decisions(self) -> pd.DataFrame:
        """A row an application, as ``decisions.decide_outcomes`` makes them."""
        return decide_outcomes(self.run)

    @cached_property
    def held(self) -> Flags:
        """Where an application holds an offer, bool (applications,)."""
        held = np.zeros(len(self.run.round.applications), dtype=np.bool_)
        held[self.run.problem.application] = self.run.plan.held
        return held

    @cached_property
    def seat(self) -> Numbers:
        """The position in ``Round.offerings`` of each person's seat, int64 (applicants,)."""
        problem, held = self.run.problem, self.run.plan.held
        seat = np.full(problem.persons, NO_SEAT, dtype=np.int64)
        seat[problem.person[held]] = problem.offering[held]
        return seat

    @cached_property
    def qualified(self) -> Flags:
        """Who is qualified somewhere, bool (applicants,)."""
        found = np.zeros(self.run.problem.persons, dtype=np.bool_)
        found[self.run.problem.person] = True
        return found


@dataclass(frozen=True, eq=False)
class Comparison:
    """One round under a base scenario and under others, the same people.

    ``against``: the id of the run that each, by id, is held against; the base's own for the base.
    """

    round: Round
    base: ComparedRun
    others: tuple[ComparedRun, ...]
    against: Mapping[str, str]

    def held_against(self, other: ComparedRun) -> ComparedRun:
        """What ``other`` is held against: one thing alone sets the two apart, where that can be."""
        return next(run for run in self.runs if run.id == self.against[other.id])

    def effect(self, other: ComparedRun) -> Effect:
        """What sets ``other`` apart from what it is held against."""
        theirs = self.held_against(other).run.scenario
        return effect_of(other.run.scenario, theirs, self.round.offerings)

    @property
    def runs(self) -> tuple[ComparedRun, ...]:
        """The base, then the others."""
        return (self.base, *self.others)

    def changes_nobody(self, other: ComparedRun) -> bool:
        """Whether everybody has under ``other`` what they have under what it is held against."""
        return bool((self.held_against(other).seat == other.seat).all())

    def changes(self, other: ComparedRun) -> NDArray[np.str_]:
        """The ``SeatChange`` of each person to ``other``, from what it is held against."""
        before, after = self.held_against(other).seat, other.seat
        had, has = before != NO_SEAT, after != NO_SEAT
        same = had & (before == after)
        return np.select(
            [same, had & has, has, had],
            [SeatChange.KEPT, SeatChange.MOVED, SeatChange.WON, SeatChange.LOST],
            SeatChange.WITHOUT,
        ).astype(np.str_)


def compare(round_: Round, scenarios: Sequence[ResolvedScenario]) -> Comparison:
    """Decides ``round_`` under each of ``scenarios``; the first is the base.

    Rules, mechanism and seats are told apart: what stands between the base and another is decided
    too, after those asked for (``apart.with_between``).
    By the fastest way that is exact: a comparison publishes no certificate. Raises UsageError for
    fewer than two scenarios, two of one id, or an empty round, and what ``run.decide`` raises.
    """
    named = Counter(scenario.scenario.id for scenario in scenarios)
    if len(scenarios) < 2:
        raise UsageError(message("comparing.one-scenario"))
    twice = [name for name, count in named.items() if count > 1]
    if twice:
        raise UsageError(message("comparing.scenario-twice", scenario=twice[0]))
    if not len(round_.applications):
        raise UsageError(message("solving.no-applications"))
    for scenario in scenarios:
        for offering in round_.offerings:
            scenario.offers_to_make(offering)
    found, against = with_between(scenarios, round_.offerings)
    base, *others = (ComparedRun(allocate_fast(round_, scenario)) for scenario in found)
    ids = [scenario.scenario.id for scenario in found]
    held = {name: ids[at] for name, at in zip(ids, against, strict=True)}
    return Comparison(round_, base, tuple(others), held)
