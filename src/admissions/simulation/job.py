"""A simulation's work: draws of people, each decided under every scenario and counted."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from admissions.comparison.agreement import Agreement
from admissions.model.round import Round
from admissions.pool.draws import Draws
from admissions.ranking.tables import Persons, RankingTable, persons_of, rank_round
from admissions.rulebooks.scenario import ResolvedScenario
from admissions.simulation import counting
from admissions.simulation.everywhere import agreement_everywhere, applied_everywhere
from admissions.simulation.measures import UNDEFINED, Key, keys
from admissions.simulation.people import People, people_of
from admissions.simulation.process import Case, Outcome, outcome_of
from admissions.simulation.sources import ResampledPeople, SyntheticPeople
from admissions.simulation.yields import Willing, willing

Source = SyntheticPeople | ResampledPeople


@dataclass(frozen=True, eq=False)
class _Drawn:
    """One draw's people of one source."""

    round: Round
    everywhere: Round
    persons: Persons
    people: People
    will: Willing

    def agreement(self, scenario: ResolvedScenario) -> dict[tuple[str, str], Agreement]:
        """How alike the sites rank them."""
        return agreement_everywhere(self.everywhere, scenario, self.persons)


@dataclass(frozen=True, eq=False)
class Job:
    """Which draws of which people, under which cases.

    ``sources``: of the people; ``source_of``: each case's position in it. Cases with the same rules
    and people share one ranking: ``variants`` are those that differ (source, scenario), and
    ``variant_of`` and ``without_leaders`` the position in it of each case, and of the same case
    without leader influence (None where it has none).
    """

    seed: int
    cases: tuple[Case, ...]
    sources: tuple[Source, ...]
    source_of: tuple[int, ...]
    variants: tuple[tuple[int, ResolvedScenario], ...]
    variant_of: tuple[int, ...]
    without_leaders: tuple[int | None, ...]

    @property
    def keys(self) -> tuple[Key, ...]:
        """The keys that every draw has a value for, in order."""
        return keys(self.cases[0].offerings)

    def draws(self, first: int, past: int) -> NDArray[np.int64]:
        """The draws ``first`` … ``past`` - 1, int64 (draws, cases, keys)."""
        order = self.keys
        return np.array(
            [
                [[found[key] for key in order] for found in self._draw(number)]
                for number in range(first, past)
            ],
            dtype=np.int64,
        ).reshape(past - first, len(self.cases), len(order))

    def _draw(self, number: int) -> Iterator[counting.Counts]:
        """Every measure of each case in one draw.

        1. People, their willingness and the lottery are drawn, the same for all cases. 2. Each
        distinct set of rules ranks them. 3. Each case is decided and counted, and held against the
        first.
        """
        drawn = [self._people(source, number) for source in self.sources]
        lottery = seed_of(self.seed, "lottery", number)
        scenarios = [_with_seed(scenario, lottery) for _, scenario in self.variants]
        rankings = [
            rank_round(drawn[source].round, scenario, persons=drawn[source].persons)
            for (source, _), scenario in zip(self.variants, scenarios, strict=True)
        ]
        agreed = {
            at: counting.agreed(drawn[self.variants[at][0]].agreement(scenarios[at]))
            for at in dict.fromkeys(self.variant_of)
        }
        reference: Outcome | None = None
        for n, case in enumerate(self.cases):
            people = drawn[self.source_of[n]]
            outcome = _outcome(case, people, rankings[self.variant_of[n]], lottery)
            found = counting.counted(case, people.people, outcome)
            found |= agreed[self.variant_of[n]]
            same_people = self.source_of[n] == self.source_of[0]
            reference = reference or outcome
            against = counting.held_against(
                people.people, outcome, reference if same_people else outcome
            )
            found |= against if same_people else dict.fromkeys(against, UNDEFINED)
            without = outcome
            other = self.without_leaders[n]
            if other is not None:
                unled = dataclasses.replace(case, scenario=_unled(case.scenario))
                without = _outcome(unled, people, rankings[other], lottery)
            yield found | counting.by_leaders(people.people, outcome, without)

    def _people(self, source: Source, number: int) -> _Drawn:
        round_ = source.round(seed_of(self.seed, "people", number))
        will = willing(Draws(seed_of(self.seed, "answers", number)), len(round_.applicants))
        persons = persons_of(round_)
        people = people_of(round_, persons.facts)
        return _Drawn(round_, applied_everywhere(round_), persons, people, will)


def _outcome(
    case: Case, people: _Drawn, rankings: dict[str, RankingTable], lottery: int
) -> Outcome:
    scenario = _with_seed(case.scenario, lottery)
    return outcome_of(case, scenario, people.round, rankings, people.will)


def job_of(seed: int, cases: Sequence[tuple[Case, Source]]) -> Job:
    """The job of ``cases``, each with its people; all of the same offerings."""
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
    "seats", "offers", "quotas", "changes", "assumptions",
}  # fmt: skip
"""What a scenario states that no ranking reads (the lottery's seed is drawn, the same for all)."""


def _ranks_alike(one: ResolvedScenario, other: ResolvedScenario) -> bool:
    """Whether both rank any round alike, the seed apart."""
    stated = [found.scenario.model_dump(exclude=_NOT_FOR_RANKS) for found in (one, other)]
    alike = stated[0] == stated[1] and one.year == other.year
    return alike and dict(one.versions) == dict(other.versions)


def _unled(scenario: ResolvedScenario) -> ResolvedScenario:
    return scenario.with_settings(leader="none")


def _with_seed(scenario: ResolvedScenario, seed: int) -> ResolvedScenario:
    return scenario.with_settings(seed=seed)


def seed_of(seed: int, what: str, number: int) -> int:
    """The seed of one thing in one draw: 63 bits of SHA-256(``seed:what:number``)."""
    digest = hashlib.sha256(f"{seed}:{what}:{number}".encode()).digest()
    return int.from_bytes(digest[:8]) >> 1
