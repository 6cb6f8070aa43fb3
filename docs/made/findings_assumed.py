"""What stated assumptions leave open: ``python -m docs.made.findings_assumed FOLDER``.

FOLDER is the result folder of a simulation; its ``assumed.csv`` is written. A joint design: in
each of ``DESIGNS`` every assumption about people and answers has a value of its range, all drawn
at once, each value alike. Each is simulated over the same ``DRAWS`` draws, under the scenarios of
FOLDER.
The assumptions of the rules are not in it; ``admissions sensitivity`` varies those.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray

from admissions.model.output_table import csv_text
from admissions.pool.draws import Draws
from admissions.pool.population import Population, population_of
from admissions.rulebooks.scenario import resolve
from admissions.rulebooks.scenario_files import load_scenario
from admissions.simulation.drawn import seed_of
from admissions.simulation.measures import COMPARED, UNDEFINED, Key, decimals
from admissions.simulation.simulate import scenario_job
from admissions.simulation.sources import synthetic
from admissions.simulation.yields import YieldModel, shipped_yields

DESIGNS = 80
DRAWS = 100
WORKERS = 2
COLUMNS = ("kind", "scenario", "measure", "offering", "group", "low", "high")

_Data = TypeVar("_Data", Population, YieldModel)


def designs(seed: int) -> Iterator[tuple[Population, YieldModel]]:
    """The ``DESIGNS`` of ``seed``: every assumption at a value of its range, drawn."""
    draws = Draws(seed_of(seed, "designs", 0))
    yields = shipped_yields()
    for _ in range(DESIGNS):
        yield _drawn(population_of(yields.year), draws), _drawn(yields, draws)


def _drawn(data: _Data, draws: Draws) -> _Data:
    for name, assumed in list(data.assumptions()):
        (at,) = draws.below(len(assumed.range), 1).tolist()
        data = data.varied(name, assumed.range[at])
    return data


def assumed_rows(names: Sequence[str], seed: int) -> Iterator[Sequence[str]]:
    """For each measure and difference of each scenario: 5 and 95 % of the designs' means."""
    scenarios = [resolve(load_scenario(name)) for name in names]
    found: list[NDArray[np.float64]] = []
    apart: list[NDArray[np.float64]] = []
    jobs = [
        scenario_job(seed, scenarios, synthetic(population), yields)
        for population, yields in designs(seed)
    ]
    job = jobs[0]
    compared = np.array([key.measure in COMPARED for key in job.keys])
    for values in Parallel(n_jobs=WORKERS)(delayed(one.draws)(0, DRAWS) for one in jobs):
        known = np.where(values == UNDEFINED, np.nan, values.astype(np.float64))
        found.append(_means(known))
        others = np.where(compared, 0, known[:, list(job.against)])
        apart.append(_means(known - others))
    for kind, means in (("measure", found), ("difference", apart)):
        low, high = np.nanpercentile(np.array(means), (5, 95), axis=0, method="nearest")
        for case, scenario in enumerate(job.cases):
            for at, key in enumerate(job.keys):
                if not np.isnan(low[case, at]):
                    ends = (_told(key, end[case, at]) for end in (low, high))
                    yield kind, scenario.id, *key, *ends


def _means(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Means over the draws that have a value."""
    counted = (~np.isnan(values)).sum(axis=0)
    with np.errstate(invalid="ignore"):
        means: NDArray[np.float64] = np.nansum(values, axis=0) / np.where(counted, counted, np.nan)
    return means


def _told(key: Key, value: float) -> str:
    stored = decimals(key.measure)
    step = Decimal(1).scaleb(-max(2, stored))
    return str((Decimal(repr(float(value))) / 10**stored).quantize(step))


def read_assumed(folder: Path) -> dict[tuple[str, ...], dict[str, Any]]:
    """The rows of ``assumed.csv`` by kind, scenario, measure, offering and group."""
    with (folder / "assumed.csv").open(encoding="utf-8", newline="") as file:
        return {tuple(row[name] for name in COLUMNS[:5]): row for row in csv.DictReader(file)}


if __name__ == "__main__":
    place = Path(sys.argv[1])
    run = json.loads((place / "simulation.json").read_text(encoding="utf-8"))
    text = csv_text(COLUMNS, assumed_rows(run["scenarios"], run["seed"]))
    (place / "assumed.csv").write_text(text, encoding="utf-8", newline="\n")
