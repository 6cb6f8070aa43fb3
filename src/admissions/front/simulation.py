"""Many drawn rounds under several scenarios."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from admissions.front.frames import frame_of
from admissions.front.opening import (
    RoundLike,
    ScenarioLike,
    known_language,
    read_round,
    resolved,
    several,
)
from admissions.model.errors import UsageError
from admissions.model.files import Files
from admissions.model.messages import message
from admissions.model.vocabulary import Language
from admissions.pool.assumed import Assumptions
from admissions.pool.population import population_of
from admissions.results.draws import refuse_draws_file, shown, write_draws
from admissions.results.simulation import simulation_files, tables
from admissions.simulation.drawn import Source
from admissions.simulation.job import Job
from admissions.simulation.result import SimulationResult
from admissions.simulation.simulate import hashes, open_store, scenario_job
from admissions.simulation.simulate import simulate as drawn
from admissions.simulation.sources import kept, synthetic
from admissions.simulation.store import DrawsInMemory, DrawStore, KeptDraws
from admissions.simulation.workers import Told
from admissions.simulation.yields import YieldModel, shipped_yields

POPULATION = 2019
"""The year whose people are drawn where no round is resampled."""


@dataclass(frozen=True, eq=False)
class SimulationJob:
    """What is to be drawn, and what the numbers follow from."""

    job: Job
    yields: YieldModel
    models: tuple[Assumptions, ...]
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
    ) -> SimulationResult:
        """Draws what ``store`` lacks and sums up."""
        return drawn(self.job, self.yields, store, workers=workers, scheduler=scheduler, told=told)

    def write_draws(self, path: Path, store: KeptDraws) -> None:
        """Writes every draw that ``store`` holds to ``path``, in the long form."""
        write_draws(path, store, [case.id for case in self.job.cases], self.job.keys)


def people(round_: RoundLike | None, left_out_percent: int = 0) -> Source:
    """Where a simulation's people come from: those of ``round_``, or the synthetic population.

    Of a round's people ``left_out_percent`` are left out of each draw.
    """
    population = population_of(POPULATION)
    if round_ is None:
        return synthetic(population)
    alike = population.employers.alike_percent.value
    return kept(read_round(round_), left_out_percent, alike)


def simulation_job(
    scenarios: Iterable[ScenarioLike],
    seed: int,
    round_: RoundLike | None = None,
    *,
    left_out_percent: int = 0,
) -> SimulationJob:
    """The job of ``scenarios`` on the same people; the first is what others are held against."""
    read = None if round_ is None else read_round(round_)
    day = None if read is None else read.settings.rules_on
    yields, source = shipped_yields(), people(read, left_out_percent)
    rules = [resolved(one, rules_on=day) for one in several(scenarios)]
    job = scenario_job(seed, rules, source, yields)
    models = (yields,) if read is not None else (population_of(POPULATION), yields)
    return SimulationJob(job, yields, models, hashes(job, yields))


@dataclass(frozen=True, eq=False)
class Simulation:
    """What many drawn rounds say of scenarios; ``result`` is the engine's own."""

    job: SimulationJob
    result: SimulationResult
    _kept: KeptDraws

    @cached_property
    def measures(self) -> pd.DataFrame:
        """Mean and middle nine tenths of each measure, offering and group, by scenario."""
        return self._frames["measures"]

    @cached_property
    def differences(self) -> pd.DataFrame:
        """The same of each scenario minus the one it is held against, draw by draw."""
        return self._frames["differences"]

    @cached_property
    def _frames(self) -> dict[str, pd.DataFrame]:
        return {table.id: frame_of(table) for table in tables(self.result)}

    @cached_property
    def draws(self) -> pd.DataFrame:
        """A row a draw, scenario, measure, offering and group; missing where there is no value."""
        order = self.job.job.keys
        named = pd.DataFrame(
            [(key.measure, key.offering, key.group) for key in order],
            columns=["measure", "offering", "group"],
        ).astype("category")
        parts = []
        for number, found in enumerate(self.result.scenarios):
            values = self._kept.values(number, 0, len(order))
            part = pd.concat([named] * len(values), ignore_index=True)
            part.insert(0, "scenario", found.id)
            part.insert(0, "draw", np.repeat(np.arange(1, len(values) + 1), len(order)))
            parts.append(part.assign(value=shown(values, order).ravel()))
        return pd.concat(parts, ignore_index=True)

    def files(self, language: Language = "nb") -> Files:
        """The files of the simulation, each made when it is asked for."""
        return simulation_files(
            self.result, language=known_language(language), models=self.job.models
        )

    def write_draws(self, path: str | Path, *, overwrite: bool = False) -> None:
        """Writes ``draws`` to a file that ends in ``.parquet`` or ``.csv``."""
        place = Path(path)
        refuse_draws_file(place, overwrite=overwrite)
        self.job.write_draws(place, self._kept)

    def __repr__(self) -> str:
        names = ", ".join(found.id for found in self.result.scenarios)
        return f"<Simulation of {names}: {self.result.draws} draws of {self.result.people}>"

    def _repr_html_(self) -> str:
        everyone = self.measures["offering"].eq("all") & self.measures["group"].eq("all")
        html: str = self.measures[everyone].to_html(index=False, border=0, na_rep="")
        return html


def simulate(
    scenarios: Sequence[ScenarioLike],
    *,
    draws: int,
    seed: int,
    round_: RoundLike | None = None,
    workers: int = 1,
    told: Told = lambda done: None,
) -> Simulation:
    """Draws many rounds and decides each under every scenario, the same people and lotteries.

    ``round_``: resampled in place of the synthetic population. ``told`` hears how many are done.
    The draws stay in memory: some 20 kB a draw and scenario.

    Example::

        drawn = admissions.simulate(["current-2019", "harmonised-2023"], draws=200, seed=1)
        drawn.differences
    """
    checked_counts(draws, workers)
    job = simulation_job(scenarios, seed, round_)
    draws_kept = DrawsInMemory(draws)
    return Simulation(job, job.run(draws_kept, workers=workers, told=told), draws_kept)


def checked_counts(draws: int, workers: int) -> None:
    """Raises UsageError for what is no number of draws or of processes."""
    if not all(isinstance(n, int) and n >= 1 for n in (draws, workers)):
        raise UsageError(message("front.draws-and-workers", draws=draws, workers=workers))
