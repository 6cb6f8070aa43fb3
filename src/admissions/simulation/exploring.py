"""The points of a grid on the same draws, and which of them are Pareto-best."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from admissions.simulation.grid import Direction, ParameterGrid, Point
from admissions.simulation.statistics import Difference, Summary


@dataclass(frozen=True)
class ExploredPoint:
    """A point with what was measured there, by the measures' names.

    ``best``: no other point is as good in every measure that a direction is stated for, and better
    in one; None where no direction is stated.
    """

    values: Point
    summaries: Mapping[str, Summary]
    differences: Mapping[str, Difference]
    best: bool | None = None


@dataclass(frozen=True)
class ExploredGrid:
    """A grid that was worked out; ``base``: the base's own summaries."""

    grid: ParameterGrid
    base: Mapping[str, Summary]
    points: tuple[ExploredPoint, ...]


def pareto_best(
    means: Sequence[Mapping[str, Fraction | None]], best: Mapping[str, Direction]
) -> list[bool]:
    """Which of ``means`` no other is better than: as good in all of ``best``, better in one.

    A point without a value of one of them is not among the best, and bests none.
    """
    signs = {name: 1 if direction == "highest" else -1 for name, direction in best.items()}
    goods: list[list[Fraction] | None] = []
    for point in means:
        values = [(signs[name], point[name]) for name in best]
        known = [sign * value for sign, value in values if value is not None]
        goods.append(known if len(known) == len(values) else None)
    return [good is not None and not _bested(good, goods) for good in goods]


def _bested(good: list[Fraction], others: Sequence[list[Fraction] | None]) -> bool:
    return any(
        other is not None
        and other != good
        and all(one >= own for one, own in zip(other, good, strict=True))
        for other in others
    )
