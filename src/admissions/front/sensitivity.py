"""Which assumptions move which measure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import pandas as pd

from admissions.front.frames import frame_of
from admissions.front.opening import (
    RoundLike,
    ScenarioLike,
    known_language,
    one_or_several,
    read_round,
    resolved,
    resolved_for,
)
from admissions.front.simulation import POPULATION, checked_counts, people
from admissions.model.errors import UsageError
from admissions.model.files import Files
from admissions.model.messages import message
from admissions.model.vocabulary import Language
from admissions.pool.population import population_of
from admissions.results.sensitivity import (
    assumption_rows,
    effect_rows,
    sensitivity_files,
    share_rows,
    survival_rows,
)
from admissions.rulebooks.apart import Effect, effect_of, with_between
from admissions.simulation.factors import Factor, World, factors
from admissions.simulation.job import Job
from admissions.simulation.joint import design, opened
from admissions.simulation.sensitivity import (
    MAIN_KEYS,
    SensitivityResult,
    analyse,
    one_at_a_time,
    sensitivity_hashes,
)
from admissions.simulation.sensitivity import sensitivity_job as job_of
from admissions.simulation.simulate import open_store
from admissions.simulation.store import DrawsInMemory, DrawStore, KeptDraws
from admissions.simulation.variations import Varied
from admissions.simulation.workers import Told
from admissions.simulation.yields import shipped_yields


@dataclass(frozen=True, eq=False)
class SensitivityJob:
    """What is to be drawn for each assumption that is varied, and what the numbers follow from."""

    job: Job
    world: World
    factors: Sequence[Factor]
    left_out: Sequence[Varied]
    sha256: dict[str, str]
    joint: int = 0

    def __post_init__(self) -> None:
        if self.joint:
            design([factor.kind for factor in self.factors], self.joint, self.job.seed)

    def store(self, out: Path, draws: int, *, resume: bool, overwrite: bool) -> DrawStore:
        """The draws beside ``out``, which a run that is stopped leaves and one resumed takes up."""
        return open_store(
            out, self.job.seed, self.sha256, draws, resume=resume, overwrite=overwrite
        )

    def run(
        self,
        store: KeptDraws,
        *,
        workers: int = 1,
        scheduler: str | None = None,
        told: Told = lambda done: None,
        told_points: Told = lambda done: None,
    ) -> Sensitivity:
        """Draws what ``store`` lacks and sums up; then the points of the joint design, if any."""
        found = analyse(
            self.job, store, one_at_a_time(self.factors), self.left_out, self.sha256,
            workers=workers, scheduler=scheduler, told=told,
        )  # fmt: skip
        if self.joint:
            joint = opened(
                self.world, self.factors, MAIN_KEYS,
                points=self.joint, draws=store.draws, seed=self.job.seed,
                workers=workers, told=told_points,
            )  # fmt: skip
            found = replace(found, joint=joint)
        return Sensitivity(found)


def sensitivity_job(
    scenarios: ScenarioLike | Iterable[ScenarioLike],
    seed: int,
    round_: RoundLike | None = None,
    *,
    joint: int = 0,
) -> SensitivityJob:
    """The job of one scenario, or of how far a second is from a first, with all that is assumed.

    The second is held against what differs from it in one thing alone, as in a simulation: the
    rules of the first under its own mechanism and seats. ``joint``: how many points of a design in
    which all assumptions vary at once; none where 0.
    """
    read = None if round_ is None else read_round(round_)
    rules = [
        resolved(one) if read is None else resolved_for(read, one)
        for one in one_or_several(scenarios)
    ]
    if len(rules) > _MOST_SCENARIOS:
        raise UsageError(message("drawing.two-scenarios", count=len(rules)))
    yields, source = shipped_yields(), people(read)
    if len(rules) == _MOST_SCENARIOS:
        found, against = with_between(rules, source.offerings)
        rules = [found[against[1]], rules[1]]
        if effect_of(rules[1], rules[0], source.offerings) is Effect.NONE:
            raise UsageError(message("drawing.no-difference"))
    population = population_of(POPULATION) if read is None else None
    world = World(tuple(rules), population, source, yields)
    made, left_out = factors(world)
    job = job_of(seed, world, one_at_a_time(made))
    return SensitivityJob(job, world, made, left_out, sensitivity_hashes(world), joint)


_MOST_SCENARIOS = 2


@dataclass(frozen=True, eq=False)
class Sensitivity:
    """How far each assumption moves each measure; ``result`` is the engine's own."""

    result: SensitivityResult

    @cached_property
    def effects(self) -> pd.DataFrame:
        """A row a varied assumption and measure: mean before, the difference and its spread."""
        return frame_of(effect_rows(self.result))

    @cached_property
    def assumptions(self) -> pd.DataFrame:
        """A row an assumption and value: whether it was varied, and why not."""
        return frame_of(assumption_rows(self.result))

    @cached_property
    def survival(self) -> pd.DataFrame:
        """A row a measure: what draws, years and assumptions each leave open, never mixed."""
        return frame_of(survival_rows(self.result))

    @cached_property
    def shares(self) -> pd.DataFrame:
        """A row a measure and kind of assumption: its shares in what the joint design opens."""
        return frame_of(share_rows(self.result))

    def files(self, language: Language = "nb") -> Files:
        """The files of the analysis, each made when it is asked for."""
        return sensitivity_files(self.result, language=known_language(language))

    def __repr__(self) -> str:
        found = self.result
        held = f" against {found.against.scenario.id}" if found.against else ""
        return (
            f"<Sensitivity of {found.scenario.scenario.id}{held}: {len(found.effects)} variations, "
            f"{found.draws} draws>"
        )

    def _repr_html_(self) -> str:
        html: str = self.effects.to_html(index=False, border=0, na_rep="")
        return html


def sensitivity(
    scenario: ScenarioLike | Sequence[ScenarioLike],
    *,
    draws: int,
    seed: int,
    round_: RoundLike | None = None,
    joint: int = 0,
    workers: int = 1,
    told: Told = lambda done: None,
) -> Sensitivity:
    """Varies every assumption within its stated range, one at a time, on the same draws.

    Those of the rules, the scenario, the yield model and, where no ``round_`` is resampled, the
    synthetic population. Of two scenarios: how far the second is from the first, and whether that
    survives. ``joint``: the points of a design in which all of them vary at once. The draws stay in
    memory.

    Example::

        admissions.sensitivity("current-2019", draws=50, seed=1).effects
    """
    checked_counts(draws, workers)
    job = sensitivity_job(scenario, seed, round_, joint=joint)
    return job.run(DrawsInMemory(draws), workers=workers, told=told)
