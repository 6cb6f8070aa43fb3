"""How much of a comparison is the draw's doing: the same round with other lottery numbers."""

from __future__ import annotations

from dataclasses import dataclass

from admissions.comparison.runs import Comparison, SeatChange, compare
from admissions.model.seeds import LARGEST_SEED
from admissions.rulebooks.scenario import ResolvedScenario

DRAWS = 20
"""How many other draws are made."""

MOST_APPLICATIONS = 20_000
"""In larger rounds no other draws are made: a lottery decides little there, and it takes long."""


@dataclass(frozen=True)
class Redrawn:
    """The least and the most people who win, and who lose, a seat over other lotteries."""

    draws: int
    won: tuple[int, int]
    lost: tuple[int, int]


def redrawn(comparison: Comparison) -> dict[str, Redrawn]:
    """For each other scenario, by id: the comparison over the seeds 1 to ``DRAWS`` further on.

    Empty for a round of more than ``MOST_APPLICATIONS`` applications.
    """
    if len(comparison.round.applications) > MOST_APPLICATIONS:
        return {}
    counts: dict[str, list[tuple[int, int]]] = {run.id: [] for run in comparison.others}
    scenarios = [run.run.scenario for run in comparison.runs]
    for step in range(1, DRAWS + 1):
        again = compare(comparison.round, [_with_seed(scenario, step) for scenario in scenarios])
        for run in again.others:
            changes = again.changes(run)
            found = ((changes == SeatChange.WON).sum(), (changes == SeatChange.LOST).sum())
            counts[run.id].append((int(found[0]), int(found[1])))
    return {name: _ranges(found) for name, found in counts.items()}


def _with_seed(scenario: ResolvedScenario, step: int) -> ResolvedScenario:
    seed = (scenario.scenario.seed + step) % (LARGEST_SEED + 1)
    return scenario.with_settings(seed=seed)


def _ranges(counts: list[tuple[int, int]]) -> Redrawn:
    won, lost = zip(*counts, strict=True)
    return Redrawn(len(counts), (min(won), max(won)), (min(lost), max(lost)))
