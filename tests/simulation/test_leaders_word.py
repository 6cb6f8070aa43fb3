"""What leaders' word does is measured against the same scenario, whatever else is simulated."""

from __future__ import annotations

from pathlib import Path

from admissions.pool.population import population_of
from admissions.rulebooks.scenario import resolve
from admissions.rulebooks.scenario_files import load_scenario
from admissions.simulation.measures import Key
from admissions.simulation.simulate import hashes, open_store, scenario_job, simulate
from admissions.simulation.sources import synthetic
from admissions.simulation.statistics import Summary
from admissions.simulation.yields import shipped_yields

KEYS = [Key(measure) for measure in ("changed-by-leaders", "lost-by-leaders")]


def by_leaders(folder: Path, *names: str) -> list[Summary]:
    yields = shipped_yields()
    scenarios = [resolve(load_scenario(name)) for name in names]
    job = scenario_job(5, scenarios, synthetic(population_of(2019)), yields)
    store = open_store(folder / names[0], 5, hashes(job, yields), 3, resume=False, overwrite=False)
    found = simulate(job, yields, store).by_id["leader-within-service"]
    return [found.summaries[key] for key in KEYS]


def test_a_scenario_that_ranks_alike_but_calls_otherwise_stands_in_for_nobody(
    tmp_path: Path,
) -> None:
    """current-2019 ranks as the coordinated scenario without leaders does, and calls in rounds."""
    alone = by_leaders(tmp_path, "leader-within-service")
    beside = by_leaders(tmp_path, "current-2019", "leader-within-service")
    assert beside == alone
