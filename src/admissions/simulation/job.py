"""A simulation's work: draws of people, each decided under every scenario and counted."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

from admissions.allocation.build_problem import not_side_by_side
from admissions.ranking.tables import RankedAtOffering, rank_rounds
from admissions.rulebooks.rulebook import programmes
from admissions.rulebooks.scenario import ResolvedScenario
from admissions.rules.base import Rule
from admissions.rules.registry import across_rows
from admissions.simulation import counting
from admissions.simulation.drawn import AT_ONCE, Drawn, Source, drawn
from admissions.simulation.measures import Key, keys
from admissions.simulation.process import ReadyScenario
from admissions.simulation.sources import KeptPeople
from admissions.simulation.yields import Chances, Willing


@dataclass(frozen=True, eq=False)
class Job:
    """Which draws of which people, under which cases.

    ``sources``: of the people; ``source_of``: each case's position in it. ``against``: the case
    that each is held against, by position; that of the first is itself; ``asked``:
    how many cases, the first ones, were asked for. Cases with the same rules
    and people share one ranking: ``variants`` are those that differ (source, scenario), and
    ``variant_of`` and ``without_leaders`` the position in it of each case, and of the same case
    without leader influence (None where it has none).
    """

    seed: int
    cases: tuple[ReadyScenario, ...]
    sources: tuple[Source, ...]
    source_of: tuple[int, ...]
    against: tuple[int, ...]
    asked: int
    variants: tuple[tuple[int, ResolvedScenario], ...]
    variant_of: tuple[int, ...]
    without_leaders: tuple[int | None, ...]

    @property
    def keys(self) -> tuple[Key, ...]:
        """The keys that every draw has a value for, in order."""
        return keys(self.cases[0].offerings)

    def draws(self, first: int, past: int) -> NDArray[np.int64]:
        """The draws ``first`` … ``past`` - 1, int64 (draws, cases, keys)."""
        at_once = self.at_once
        values = np.zeros((past - first, len(self.cases), len(self.keys)), dtype=np.int64)
        for start in range(first, past, at_once):
            numbers = range(start, min(start + at_once, past))
            values[start - first : start - first + len(numbers)] = self._together(numbers)
        return values

    @property
    def at_once(self) -> int:
        """How many draws are decided together."""
        return AT_ONCE if self._side_by_side else 1

    @cached_property
    def _side_by_side(self) -> bool:
        return all(
            side_by_side(case.scenario, self.sources[source])
            for case, source in zip(self.cases, self.source_of, strict=True)
        )

    def _together(self, numbers: Sequence[int]) -> NDArray[np.int64]:
        """Every measure of each case in the draws ``numbers``, int64 (draws, cases, keys).

        1. People, their willingness and the lottery are drawn, the same for all cases. 2. Each
        distinct set of rules ranks them. 3. Each case is decided. 4. Each is counted, and held
        against another.
        """
        people = [self._people(source, numbers) for source in self.sources]
        return self._values(self._counted(self.cases, people, self.source_of))

    def as_it_stands(self) -> NDArray[np.int64]:
        """What ``allocate`` gives for a real round, int64 (cases, keys).

        Its own people and the scenario's own lottery; as many offers as the scenario states, and
        everyone accepts, meets and completes. Nothing is drawn but what employers would say of
        programmes that were not applied for.
        """
        (source,) = self.sources
        if not isinstance(source, KeptPeople):
            raise TypeError("only a real round stands as it is")
        real = dataclasses.replace(source, left_out_percent=0)
        people = []
        for case in self.cases:
            one = self._people(real, [0], [case.scenario.scenario.seed])
            sure = np.zeros(len(one.rounds.ids), dtype=np.int64)
            people.append(dataclasses.replace(one, will=Willing(sure, sure, sure, sure)))
        cases = [_certain(case) for case in self.cases]
        values = self._values(self._counted(cases, people, range(len(cases))))
        return values.reshape(values.shape[1:])

    def _values(self, found: Sequence[counting.CountsByKey]) -> NDArray[np.int64]:
        columns = [counting.columns(counts, self.keys) for counts in found]
        values: NDArray[np.int64] = np.stack(columns, axis=1)
        return values

    def _counted(
        self, cases: Sequence[ReadyScenario], people: Sequence[Drawn], people_of: Sequence[int]
    ) -> list[counting.CountsByKey]:
        """Every measure of ``cases``; ``people_of``: where each one's are in ``people``."""

        @cache
        def ranked(at: int, variant: int) -> Mapping[str, RankedAtOffering]:
            return rank_rounds(people[at].rounds, self.variants[variant][1])

        @cache
        def agreed(at: int, variant: int) -> counting.CountsByKey:
            return people[at].agreement(self.variants[variant][1], ranked(at, variant))

        outcomes = [
            people[at].outcome(case, ranked(at, variant))
            for case, at, variant in zip(cases, people_of, self.variant_of, strict=True)
        ]
        told = []
        for n, (case, outcome) in enumerate(zip(cases, outcomes, strict=True)):
            at, variant, other = people_of[n], self.variant_of[n], self.against[n]
            whose = people[at].people
            found = counting.counted(case, whose, outcome) | agreed(at, variant)
            if self.source_of[n] == self.source_of[other]:
                found |= counting.held_against(whose, outcome, outcomes[other])
            else:
                found |= counting.not_held_against(whose)
            without, plain = outcome, self.without_leaders[n]
            if plain is not None:
                without = people[at].outcome(unled(case), ranked(at, plain))
            told.append(found | counting.by_leaders(whose, outcome, without))
        return told

    def _people(
        self, source: Source, numbers: Sequence[int], lottery: Sequence[int] | None = None
    ) -> Drawn:
        codes = programmes(self.cases[0].scenario.rulebooks, source.offerings)
        return drawn(
            source, self.seed, numbers, codes, lottery=lottery, alone=not self._side_by_side
        )


def side_by_side(scenario: ResolvedScenario, source: Source) -> bool:
    """Whether many draws can be one big round; see ``build_problem.not_side_by_side``."""
    return not (
        source.limits_across
        or not_side_by_side(scenario)
        or any(across_rows(rule) for rule in _rules(scenario))
    )


def _rules(scenario: ResolvedScenario) -> Iterator[Rule]:
    for version in scenario.versions.values():
        for rule in version.rules():
            yield from rule.with_summands()


def _certain(case: ReadyScenario) -> ReadyScenario:
    """``case`` where nobody says no, stays away or drops out, and offers are those stated."""
    sure = Chances(Fraction(0), Fraction(0), Fraction(0), Fraction(1), Fraction(1))
    return dataclasses.replace(
        case,
        offers=tuple(case.scenario.offers_to_make(o) for o in case.offerings),
        chances=tuple(
            dataclasses.replace(sure, granted=Fraction(chances.granted > 0))
            for chances in case.chances
        ),
    )


def job_of(
    seed: int,
    cases: Sequence[tuple[ReadyScenario, Source]],
    against: Sequence[int] | None = None,
    asked: int | None = None,
) -> Job:
    """The job of ``cases``, each with its people; all of the same offerings.

    ``against``: the position of the case that each is held against; the first where not given.
    ``asked``: how many of the cases, the first ones, were asked for; all where not given.
    """
    sources: list[Source] = []
    variants: list[tuple[int, ResolvedScenario]] = []
    source_of, variant_of, without = [], [], []
    for case, source in cases:
        known = [n for n, other in enumerate(sources) if other is source]
        at = known[0] if known else len(sources)
        if not known:
            sources.append(source)
        source_of.append(at)
        variant_of.append(_position(variants, at, case.scenario))
        led = case.scenario.scenario.leader != "none"
        without.append(_position(variants, at, _unled(case.scenario)) if led else None)
    return Job(
        seed, tuple(case for case, _ in cases), tuple(sources), tuple(source_of),
        tuple(against or [0] * len(cases)), asked or len(cases),
        tuple(variants), tuple(variant_of), tuple(without),
    )  # fmt: skip


def _position(
    variants: list[tuple[int, ResolvedScenario]], source: int, scenario: ResolvedScenario
) -> int:
    for n, (of, other) in enumerate(variants):
        if of == source and _ranks_alike(scenario, other):
            return n
    variants.append((source, scenario))
    return len(variants) - 1


_NOT_FOR_RANKS = {
    "id", "title", "why", "sources", "rules_on", "seed", "mechanism", "call_rounds", "turns",
    "seats", "offers", "quotas", "policy", "changes", "assumptions",
}  # fmt: skip
"""What a scenario states that no ranking reads (the lottery's seed is drawn, the same for all)."""


def _ranks_alike(one: ResolvedScenario, other: ResolvedScenario) -> bool:
    """Whether both rank any round alike, the seed apart."""
    return settings_alike(one, other) and dict(one.versions) == dict(other.versions)


def settings_alike(one: ResolvedScenario, other: ResolvedScenario) -> bool:
    """Whether both rank alike wherever their rules are the same, the seed apart."""
    stated = [found.scenario.model_dump(exclude=_NOT_FOR_RANKS) for found in (one, other)]
    return stated[0] == stated[1] and one.year == other.year


def unled(case: ReadyScenario) -> ReadyScenario:
    """``case`` without leader influence."""
    return dataclasses.replace(case, scenario=_unled(case.scenario))


def _unled(scenario: ResolvedScenario) -> ResolvedScenario:
    return scenario.with_settings(leader="none")
