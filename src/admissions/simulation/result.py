"""What a simulation says: the numbers of its tables, for whoever writes or shows them.

The result folder holds these as ``simulation.json`` and CSV tables
(``admissions.results.simulation`` writes them; a report is built from the object).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from admissions.rulebooks.apart import Effect
from admissions.rulebooks.scenario import ResolvedScenario
from admissions.simulation.calibration import Calibrated
from admissions.simulation.measures import Key
from admissions.simulation.statistics import Difference, Summary


@dataclass(frozen=True)
class Fill:
    """How many offers an offering sends at once to fill its seats, at a stated risk of too many.

    ``by_model``: the largest number of offers with at most ``risk_percent`` per cent chance that
    more than ``seats`` meet, when each offer is taken up with the yield model's chance and nobody
    releases one (exact binomial); None where any number will do. ``chance_of_too_many`` is that
    number's chance and ``one_more`` that of one offer more, both in hundredths of a per cent;
    ``expected_met`` and ``expected_empty`` (hundredths of a person, of a seat) belong to it.
    ``by_simulation``: the largest number of a list's first that more than ``seats`` of would meet
    in at most that share of the draws: declines, better offers elsewhere and lists that run dry
    included. ``offers_made`` is what the simulation's call rounds fill up to.
    """

    offering: str
    seats: int
    risk_percent: int
    by_model: int | None
    chance_of_too_many: int
    one_more: int
    expected_met: int
    expected_empty: int
    by_simulation: int
    offers_made: int


@dataclass(frozen=True)
class ScenarioResult:
    """One scenario over all draws.

    ``summaries``: by key, in the order of ``measures.keys``; ``differences``: from the scenario
    ``against`` (an id; empty for the first), on pairs of draws, by key; ``effect``: what sets the
    two apart, so that the differences are its doing; ``fills``: two risks an offering.
    ``stands``: of a real round what ``allocate`` gives for it, by key, None where there is no
    value; empty for synthetic people. ``asked``: whether it was asked for, or stands between the
    first and another, so that the effect of rules is told apart from that of mechanism and seats.
    """

    scenario: ResolvedScenario
    summaries: Mapping[Key, Summary]
    differences: Mapping[Key, Difference]
    fills: tuple[Fill, ...]
    against: str = ""
    effect: Effect = Effect.NONE
    asked: bool = True
    stands: Mapping[Key, int | None] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The scenario's id."""
        return self.scenario.scenario.id

    def stands_apart(self, other: ScenarioResult | None, key: Key) -> int | None:
        """How far what stands here is from what stands under ``other``; None where unknown."""
        here, there = self.stands.get(key), other.stands.get(key) if other else None
        return None if here is None or there is None else here - there


@dataclass(frozen=True)
class SimulationResult:
    """A whole simulation; ``scenarios`` in the order asked for, the first is the reference.

    Those that stand between the first and another come after them.
    ``people``: what the rounds are, in words (``synthetic 2019``, or the real round's case);
    ``real``: True where they are a real round's people (small cells are not for everyone);
    ``calibration``: the report's figures beside those of ``current-2019``, where that is among the
    scenarios and the people are synthetic;
    ``sha256``: hashes of scenarios, rules, population, yield model and round, by name.
    """

    seed: int
    draws: int
    people: str
    real: bool
    offerings: tuple[str, ...]
    scenarios: tuple[ScenarioResult, ...]
    calibration: tuple[Calibrated, ...] = ()
    sha256: Mapping[str, str] = field(default_factory=dict)

    @property
    def reference(self) -> ScenarioResult:
        """The first scenario: the one that the others are held against."""
        return self.scenarios[0]

    @cached_property
    def by_id(self) -> Mapping[str, ScenarioResult]:
        """The scenarios by id."""
        return {found.id: found for found in self.scenarios}
