"""A grid of parameters, every point of it on the same drawn rounds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from admissions.front.paired import paired_draws
from admissions.simulation.exploring import ExploredGrid, ExploredPoint, pareto_best
from admissions.simulation.grid import ParameterGrid, read_grid


def explore(source: str | Path | ParameterGrid) -> ExploredGrid:
    """Every point of the grid file ``source`` on the same draws, beside the base.

    Raises DataError naming key, value and what was expected; every point's scenario is made before
    anything is drawn.
    """
    grid = source if isinstance(source, ParameterGrid) else read_grid(Path(source))
    scenarios = [grid.scenario(point) for point in grid.points]
    kept = paired_draws(grid.base, draws=grid.draws, seed=grid.seed)
    base = kept.under(grid.base)
    found = []
    for point, scenario in zip(grid.points, scenarios, strict=True):
        tried = kept.under(scenario)
        found.append(
            ExploredPoint(
                point,
                {name: tried.summary(key) for name, key in grid.measures.items()},
                {name: tried.difference(key) for name, key in grid.measures.items()},
            )
        )
    summaries = {name: base.base_summary(key) for name, key in grid.measures.items()}
    return ExploredGrid(grid, summaries, _marked(grid, found))


def _marked(grid: ParameterGrid, points: list[ExploredPoint]) -> tuple[ExploredPoint, ...]:
    """The points, each with whether it is Pareto-best, where directions are stated."""
    if not grid.best:
        return tuple(points)
    means = [{name: of.mean for name, of in point.summaries.items()} for point in points]
    marks = pareto_best(means, grid.best)
    return tuple(replace(point, best=mark) for point, mark in zip(points, marks, strict=True))
