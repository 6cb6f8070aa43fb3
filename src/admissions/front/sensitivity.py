"""Which assumptions move which measure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from admissions.front.frames import frame_of
from admissions.front.opening import (
    RoundLike,
    ScenarioLike,
    known_language,
    read_round,
    resolved,
    resolved_for,
)
from admissions.front.simulation import POPULATION, checked_counts, people
from admissions.model.files import Files
from admissions.model.vocabulary import Language
from admissions.pool.population import population_of
from admissions.results.sensitivity import assumption_rows, effect_rows, sensitivity_files
from admissions.simulation.job import Job
from admissions.simulation.sensitivity import (
    SensitivityResult,
    analyse,
    sensitivity_hashes,
)
from admissions.simulation.sensitivity import sensitivity_job as job_of
from admissions.simulation.simulate import open_store
from admissions.simulation.store import DrawsInMemory, DrawStore, KeptDraws
from admissions.simulation.variations import Varied, variations
from admissions.simulation.workers import Told
from admissions.simulation.yields import shipped_yields


@dataclass(frozen=True, eq=False)
class SensitivityJob:
    """What is to be drawn for each assumption that is varied, and what the numbers follow from."""

    job: Job
    varied: Sequence[Varied]
    sha256: dict[str, str]

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
    ) -> Sensitivity:
        """Draws what ``store`` lacks and sums up."""
        return Sensitivity(
            analyse(
                self.job, store, self.varied, self.sha256,
                workers=workers, scheduler=scheduler, told=told,
            )
        )  # fmt: skip


def sensitivity_job(
    scenario: ScenarioLike, seed: int, round_: RoundLike | None = None
) -> SensitivityJob:
    """The job of ``scenario`` as it is and with each of its assumptions varied."""
    read = None if round_ is None else read_round(round_)
    rules = resolved(scenario) if read is None else resolved_for(read, scenario)
    yields, source = shipped_yields(), people(read)
    population = population_of(POPULATION) if read is None else None
    varied = list(variations(rules, population, yields))
    return SensitivityJob(
        job_of(seed, rules, source, yields, varied),
        varied,
        sensitivity_hashes(rules, source, yields, varied),
    )


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

    def files(self, language: Language = "nb") -> Files:
        """The files of the analysis, each made when it is asked for."""
        return sensitivity_files(self.result, language=known_language(language))

    def __repr__(self) -> str:
        found = self.result
        return (
            f"<Sensitivity of {found.scenario.scenario.id}: {len(found.effects)} variations, "
            f"{found.draws} draws>"
        )

    def _repr_html_(self) -> str:
        html: str = self.effects.to_html(index=False, border=0, na_rep="")
        return html


def sensitivity(
    scenario: ScenarioLike,
    *,
    draws: int,
    seed: int,
    round_: RoundLike | None = None,
    workers: int = 1,
    told: Told = lambda done: None,
) -> Sensitivity:
    """Varies every assumption within its stated range, one at a time, on the same draws.

    Those of the rules, the scenario, the yield model and, where no ``round_`` is resampled, the
    synthetic population. The draws stay in memory.

    Example::

        admissions.sensitivity("current-2019", draws=50, seed=1).effects
    """
    checked_counts(draws, workers)
    job = sensitivity_job(scenario, seed, round_)
    return job.run(DrawsInMemory(draws), workers=workers, told=told)
