"""A simulation's work: draws of people, each decided under every scenario and counted."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from admissions.comparison.agreement import agreements
from admissions.model.round import Round
from admissions.pool.draws import Draws
from admissions.ranking.tables import Persons, RankingTable, persons_of, rank_round
from admissions.rulebooks.rulebook import programmes
from admissions.rulebooks.scenario import ResolvedScenario
from admissions.simulation import counting
from admissions.simulation.everywhere import agreement_everywhere, applied_everywhere
from admissions.simulation.measures import UNDEFINED, Key, keys
from admissions.simulation.people import People, people_of
from admissions.simulation.process import ReadyScenario, RoundOutcome, outcome_of
from admissions.simulation.sources import KeptPeople, SyntheticPeople
from admissions.simulation.yields import Chances, Willing, willing

Source = SyntheticPeople | KeptPeople


@dataclass(frozen=True, eq=False)
class _Drawn:
    """One draw's people of one source."""

    round: Round
    everywhere: Round
    persons: Persons
    people: People
    will: Willing

    def agreement(
        self, scenario: ResolvedScenario, rankings: Mapping[str, RankingTable]
    ) -> counting.CountsByKey:
        """How alike the sites rank them: all of them, and those who applied to both."""
        offerings = self.round.offerings
        all_of_them = agreement_everywhere(self.everywhere, scenario, self.persons)
        return {
            **counting.agreed("agreement-if-all-applied", all_of_them, offerings),
            **counting.agreed("agreement-of-applicants", agreements(rankings), offerings),
        }


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
        order = self.keys
        return np.array(
            [
                [[found[key] for key in order] for found in self._draw(number)]
                for number in range(first, past)
            ],
            dtype=np.int64,
        ).reshape(past - first, len(self.cases), len(order))

    def _draw(self, number: int) -> list[counting.CountsByKey]:
        """Every measure of each case in one draw.

        1. People, their willingness and the lottery are drawn, the same for all cases. 2. Each
        distinct set of rules ranks them. 3. Each case is decided. 4. Each is counted, and held
        against another.
        """
        drawn = [self._people(source, number) for source in self.sources]
        lottery = seed_of(self.seed, "lottery", number)
        return self._counted(self.cases, drawn, lottery)

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
        drawn = self._people(real, 0)
        sure = np.zeros(len(drawn.round.applicants), dtype=np.int64)
        drawn = dataclasses.replace(drawn, will=Willing(sure, sure, sure, sure))
        cases = [_certain(case) for case in self.cases]
        found = self._counted(cases, [drawn], None)
        return np.array([[counts[key] for key in self.keys] for counts in found], dtype=np.int64)

    def _counted(
        self, cases: Sequence[ReadyScenario], drawn: Sequence[_Drawn], lottery: int | None
    ) -> list[counting.CountsByKey]:
        scenarios = [_with_seed(scenario, lottery) for _, scenario in self.variants]
        rankings = [
            rank_round(drawn[source].round, scenario, persons=drawn[source].persons)
            for (source, _), scenario in zip(self.variants, scenarios, strict=True)
        ]
        agreed = {
            at: drawn[self.variants[at][0]].agreement(scenarios[at], rankings[at])
            for at in dict.fromkeys(self.variant_of)
        }
        outcomes = [
            _outcome(case, drawn[source], rankings[variant], lottery)
            for case, source, variant in zip(cases, self.source_of, self.variant_of, strict=True)
        ]
        told = []
        for n, (case, outcome) in enumerate(zip(cases, outcomes, strict=True)):
            people, other = drawn[self.source_of[n]], self.against[n]
            found = counting.counted(case, people.people, outcome) | agreed[self.variant_of[n]]
            same_people = self.source_of[n] == self.source_of[other]
            against = counting.held_against(
                people.people, outcome, outcomes[other] if same_people else outcome
            )
            found |= against if same_people else dict.fromkeys(against, UNDEFINED)
            without, unled = outcome, self.without_leaders[n]
            if unled is not None:
                plain = dataclasses.replace(case, scenario=_unled(case.scenario))
                without = _outcome(plain, people, rankings[unled], lottery)
            told.append(found | counting.by_leaders(people.people, outcome, without))
        return told

    def _people(self, source: Source, number: int) -> _Drawn:
        round_ = source.round(seed_of(self.seed, "people", number))
        will = willing(Draws(seed_of(self.seed, "answers", number)), len(round_.applicants))
        persons = persons_of(round_)
        people = people_of(round_, persons.facts)
        codes = programmes(self.cases[0].scenario.rulebooks, round_.offerings)
        draws = Draws(seed_of(self.seed, "employers", number))
        everywhere = applied_everywhere(round_, codes, source.recommending, draws)
        return _Drawn(round_, everywhere, persons, people, will)


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


def _outcome(
    case: ReadyScenario, people: _Drawn, rankings: Mapping[str, RankingTable], lottery: int | None
) -> RoundOutcome:
    scenario = _with_seed(case.scenario, lottery)
    return outcome_of(case, scenario, people.round, rankings, people.will)


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
    stated = [found.scenario.model_dump(exclude=_NOT_FOR_RANKS) for found in (one, other)]
    alike = stated[0] == stated[1] and one.year == other.year
    return alike and dict(one.versions) == dict(other.versions)


def _unled(scenario: ResolvedScenario) -> ResolvedScenario:
    return scenario.with_settings(leader="none")


def _with_seed(scenario: ResolvedScenario, seed: int | None) -> ResolvedScenario:
    """``scenario`` with the lottery ``seed``; its own where that is None."""
    return scenario if seed is None else scenario.with_settings(seed=seed)


def seed_of(seed: int, what: str, number: int) -> int:
    """The seed of one thing in one draw: 63 bits of SHA-256(``seed:what:number``)."""
    digest = hashlib.sha256(f"{seed}:{what}:{number}".encode()).digest()
    return int.from_bytes(digest[:8]) >> 1
