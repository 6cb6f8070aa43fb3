"""All assumptions at once: a Sobol' design, and each kind's share of what it leaves open."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray

from admissions.model.errors import UsageError
from admissions.model.messages import message
from admissions.simulation.factors import Factor, World, with_values
from admissions.simulation.job import job_of
from admissions.simulation.measures import COMPARED, UNDEFINED, Key
from admissions.simulation.process import case_of
from admissions.simulation.statistics import Summary, summary

_MOST_SHARES = 2
Told = Callable[[int], None]


@dataclass(frozen=True)
class Share:
    """What one group of assumptions has in the variance between the points of a design.

    ``first``: alone; ``total``: with all that it does together with others; ``first_error`` and
    ``total_error``: half of their 95 % intervals, by resampling the points. None where no point
    differs from another.
    """

    group: str
    first: float | None
    first_error: float | None
    total: float | None
    total_error: float | None


@dataclass(frozen=True)
class Opened:
    """One measure over the points of a design.

    ``points``: how many have a mean; ``over``: mean, 5-95 % of the points' means and their error;
    ``low`` and ``high``: the least and the greatest; ``se``: the largest Monte Carlo error of a
    point's mean; ``above`` and ``below``: how many points lie above and below 0.
    """

    points: int
    low: Fraction | None
    p5: Fraction | None
    p95: Fraction | None
    high: Fraction | None
    se: Fraction | None
    above: int
    below: int
    shares: tuple[Share, ...]


@dataclass(frozen=True)
class Joint:
    """What a design of ``points`` says; ``left``: values that did not go beside others, in all."""

    points: int
    draws: int
    left: int
    measures: Mapping[Key, Opened]


@dataclass(frozen=True, eq=False)
class Design:
    """Points between 0 and 1, (points, factors), in the order that the shares are worked out of."""

    problem: Mapping[str, Any]
    points: NDArray[np.float64]


def design(groups: Sequence[str], points: int, seed: int) -> Design:
    """At most ``points`` points of Saltelli's scheme over a scrambled Sobol' sequence.

    ``groups``: each factor's group; a group is varied as one. Raises UsageError where ``points``
    are too few: the scheme needs a power of two, times the number of groups and two.
    """
    sobol = _salib("sample.sobol")
    count = len(dict.fromkeys(groups)) + 2
    base = points // count
    if base < _MOST_SHARES:
        raise UsageError(message("drawing.few-points", points=points, least=_MOST_SHARES * count))
    base = 1 << (base.bit_length() - 1)
    names = [f"factor {n}" for n in range(len(groups))]
    bounds = [[0.0, 1.0]] * len(groups)
    problem = {"num_vars": len(groups), "names": names, "bounds": bounds, "groups": list(groups)}
    found = sobol.sample(problem, base, calc_second_order=False, seed=seed % 2**32)
    return Design(problem, np.asarray(found, dtype=np.float64))


def shares(of: Design, values: Sequence[float]) -> tuple[Share, ...]:
    """Each group's first-order and total share of the variance of ``values``, one a point."""
    groups = tuple(dict.fromkeys(of.problem["groups"]))
    given = np.array(values, dtype=np.float64)
    if np.isnan(given).any() or np.ptp(given) == 0:
        return tuple(Share(group, None, None, None, None) for group in groups)
    analyze = _salib("analyze.sobol").analyze
    found = analyze(dict(of.problem), given, calc_second_order=False, seed=1)
    columns = [found[name].tolist() for name in ("S1", "S1_conf", "ST", "ST_conf")]
    return tuple(Share(group, *row) for group, *row in zip(groups, *columns, strict=True))


def chosen(point: NDArray[np.float64], found: Sequence[Factor]) -> list[tuple[Factor, int]]:
    """The other values that a point stands for; each of a factor's values has an equal part."""
    levels = [int(at * (len(f.tried) + 1)) - 1 for at, f in zip(point, found, strict=True)]
    return [(f, level) for f, level in zip(found, levels, strict=True) if level >= 0]


def opened(
    world: World,
    found: Sequence[Factor],
    keys: Sequence[Key],
    *,
    points: int,
    draws: int,
    seed: int,
    workers: int = 1,
    told: Told = lambda done: None,
) -> Joint:
    """Draws every point of a design, of the last scenario of ``world``, or of it minus the first.

    All points share the draws' seeds: with the same population the same people, answers, lottery.
    """
    of = design([factor.kind for factor in found], points, seed)
    worlds = [with_values(world, chosen(point, found)) for point in of.points]
    tasks = (delayed(values_of)(one, keys, draws, seed) for one in worlds)
    rows: list[NDArray[np.int64]] = []
    for row in Parallel(n_jobs=workers, return_as="generator")(tasks):
        rows.append(row)
        told(len(rows))
    columns = {key: [summary(row[:, n]) for row in rows] for n, key in enumerate(keys)}
    measures = {key: _opened(of, points) for key, points in columns.items()}
    return Joint(len(worlds), draws, sum(one.left for one in worlds), measures)


def values_of(world: World, keys: Sequence[Key], draws: int, seed: int) -> NDArray[np.int64]:
    """Each draw's value of each key, (draws, keys): of the last scenario, less the first's."""
    cases = [
        (case_of(f"side {n}", one, world.yields, world.source.offerings), world.source)
        for n, one in enumerate(world.scenarios)
    ]
    job = job_of(seed, cases)
    places = [job.keys.index(key) for key in keys]
    found = job.draws(0, draws)[:, :, places]
    return found[:, 0] if len(cases) == 1 else apart(found[:, -1], found[:, 0], keys)


def apart(
    own: NDArray[np.int64], other: NDArray[np.int64], keys: Sequence[Key]
) -> NDArray[np.int64]:
    """``own`` minus ``other``, (draws, keys); those who win or lose are counted against it."""
    counted = np.array([key.measure in COMPARED for key in keys])
    other = np.where(counted, np.where(own == UNDEFINED, UNDEFINED, 0), other)
    known = (own != UNDEFINED) & (other != UNDEFINED)
    found: NDArray[np.int64] = np.where(known, own - np.where(known, other, 0), UNDEFINED)
    return found


def _opened(of: Design, points: Sequence[Summary]) -> Opened:
    known = sorted(point.mean for point in points if point.mean is not None)
    if not known:
        return Opened(0, None, None, None, None, None, 0, 0, shares(of, [np.nan]))
    errors = [point.se for point in points if point.se is not None]
    p5, p95 = (known[-(-percent * len(known) // 100) - 1] for percent in (5, 95))
    means = [np.nan if point.mean is None else float(point.mean) for point in points]
    return Opened(
        len(known), known[0], p5, p95, known[-1], max(errors, default=None),
        sum(mean > 0 for mean in known), sum(mean < 0 for mean in known), shares(of, means),
    )  # fmt: skip


def _salib(name: str) -> Any:
    try:
        return importlib.import_module(f"SALib.{name}")
    except ImportError:
        raise UsageError(message("drawing.needs-salib")) from None
