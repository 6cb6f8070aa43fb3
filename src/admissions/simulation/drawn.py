"""The people of some draws: their facts, answers and lottery, the same under every scenario."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from admissions.pool.draws import ManyDraws
from admissions.ranking.rounds import RoundsAsOne
from admissions.ranking.tables import RankedAtOffering
from admissions.rulebooks.scenario import ResolvedScenario
from admissions.simulation import counting
from admissions.simulation.everywhere import (
    Everywhere,
    agreement_everywhere,
    agreement_of_applicants,
    applied_everywhere,
)
from admissions.simulation.people import People, people_of
from admissions.simulation.process import ReadyScenario, RoundOutcome, outcome_of
from admissions.simulation.sources import KeptPeople, SyntheticPeople
from admissions.simulation.yields import Willing, willing

Source = SyntheticPeople | KeptPeople

AT_ONCE = 25
"""So many draws are one big round: as many as fit the processor's caches."""


@dataclass(frozen=True, eq=False)
class Drawn:
    """The people of some draws of one source, side by side.

    ``programmes``: each offering's, as ``rulebook.programmes`` has them; ``employers``: the seeds
    of what employers say of programmes that were not applied for.
    """

    rounds: RoundsAsOne
    will: Willing
    source: Source
    programmes: tuple[int, ...]
    employers: tuple[int, ...]

    @cached_property
    def people(self) -> People:
        """The same people as groups and codes."""
        return people_of(self.rounds)

    @cached_property
    def everywhere(self) -> Everywhere:
        """The same people as if everyone had applied everywhere."""
        draws = ManyDraws(self.employers)
        return applied_everywhere(self.rounds, self.programmes, self.source.recommending, draws)

    def outcome(
        self, case: ReadyScenario, rankings: Mapping[str, RankedAtOffering]
    ) -> RoundOutcome:
        """What becomes of them under ``case``, so ranked."""
        return outcome_of(case, self.rounds, rankings, self.will)

    def agreement(
        self, scenario: ResolvedScenario, rankings: Mapping[str, RankedAtOffering]
    ) -> counting.CountsByKey:
        """How alike the sites rank them: all of them, and those who applied to both."""
        offerings = self.rounds.offerings
        all_of_them = agreement_everywhere(self.rounds, self.everywhere, scenario)
        applicants = agreement_of_applicants(self.rounds, rankings)
        return {
            **counting.agreed("agreement-if-all-applied", all_of_them, offerings),
            **counting.agreed("agreement-of-applicants", applicants, offerings),
        }


def drawn(
    source: Source,
    seed: int,
    numbers: Sequence[int],
    programmes: Sequence[int],
    *,
    lottery: Sequence[int] | None = None,
    alone: bool = False,
) -> Drawn:
    """The people of the draws ``numbers`` of ``source``.

    ``lottery``: the seeds of each draw's lottery; drawn where not given. ``alone``: of one draw
    with its ``Round`` at hand, for what cannot be decided side by side.
    """
    seeds = {
        what: tuple(seed_of(seed, what, number) for number in numbers)
        for what in ("people", "answers", "lottery", "employers")
    }
    rounds = source.rounds(seeds["people"]).drawn_by(lottery or seeds["lottery"])
    if alone and rounds.only is None:
        rounds = dataclasses.replace(rounds, only=source.round(seeds["people"][0]))
    answers = ManyDraws(seeds["answers"]).split(rounds.counts)
    will = willing(answers, len(rounds.ids))
    return Drawn(rounds, will, source, tuple(programmes), seeds["employers"])


def seed_of(seed: int, what: str, number: int) -> int:
    """The seed of one thing in one draw: 63 bits of SHA-256(``seed:what:number``)."""
    digest = hashlib.sha256(f"{seed}:{what}:{number}".encode()).digest()
    return int.from_bytes(digest[:8]) >> 1
