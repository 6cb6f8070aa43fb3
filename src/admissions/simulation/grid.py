"""A grid file: parameters over lists and ranges, and what is measured at each of their points."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from admissions.model.errors import DataError
from admissions.model.messages import Message, message
from admissions.model.seeds import LARGEST_SEED
from admissions.model.toml_files import TomlError, toml_table
from admissions.rulebooks.scenario import ResolvedScenario, resolve
from admissions.rulebooks.scenario_files import load_scenario
from admissions.simulation.measures import MEASURES, Key, keys
from admissions.simulation.paired import AGREEMENT
from admissions.simulation.parameters import at_value

MOST_POINTS = 500
MOST_DRAWS = 2000
"""Kept draws take half a megabyte each."""
_KEYS = ("base", "draws", "seed", "measures", "best", "parameters")
_RANGE = {"from", "to", "step"}

Direction = Literal["highest", "lowest"]
Point = tuple[Any, ...]
"""A value of each parameter, in the order of the grid's."""


@dataclass(frozen=True)
class ParameterGrid:
    """What a grid file states.

    ``parameters``: the values of each, by its name (``all.leader-share.percent``); ``measures``:
    by the name that the file calls them; ``best``: which end of a measure is the better one.
    """

    base: ResolvedScenario
    draws: int
    seed: int
    measures: Mapping[str, Key]
    best: Mapping[str, Direction]
    parameters: Mapping[str, tuple[Any, ...]]

    @property
    def points(self) -> tuple[Point, ...]:
        """Every combination, the last parameter running fastest."""
        return tuple(itertools.product(*self.parameters.values()))

    def scenario(self, point: Point) -> ResolvedScenario:
        """The base at ``point``. Raises DataError naming the parameter that cannot be so."""
        found = self.base
        for name, value in zip(self.parameters, point, strict=True):
            found = at_value(found, name, value)
        return found


def read_grid(path: Path) -> ParameterGrid:
    """The grid in the file ``path``. Raises DataError naming key, value and what was expected."""
    try:
        table = toml_table(path.read_bytes())
    except TomlError as error:
        raise DataError(message("problems.no-toml", file=path.name, fault=error.fault)) from None
    try:
        return _grid(table, path.parent)
    except DataError as error:
        raise DataError(message("problems.at", place=path.name, said=error.message)) from None


def _grid(table: Mapping[str, Any], folder: Path) -> ParameterGrid:
    unknown = [key for key in table if key not in _KEYS]
    if unknown:
        raise DataError(message("exploring.no-key", key=unknown[0], known=_KEYS))
    base = _base(table.get("base"), folder)
    measures = _measures(table.get("measures"), base)
    grid = ParameterGrid(
        base,
        _whole("draws", table.get("draws"), 1, MOST_DRAWS),
        _whole("seed", table.get("seed"), 0, LARGEST_SEED),
        measures,
        _best(table.get("best", {}), measures),
        _parameters(table.get("parameters")),
    )
    for name, values in grid.parameters.items():
        for value in values:
            at_value(base, name, value)
    return grid


def _wrong(key: str, value: object, expected: Message) -> DataError:
    given = message("exploring.given", value=str(value))
    said = message("exploring.missing") if value is None else given
    return DataError(message("exploring.wrong", key=key, given=said, expected=expected))


def _base(value: object, folder: Path) -> ResolvedScenario:
    if not isinstance(value, str):
        raise _wrong("base", value, message("exploring.a-scenario"))
    beside = folder / value
    own = value.endswith(".toml") and beside.is_file()
    return resolve(load_scenario(beside if own else value))


def _whole(key: str, value: object, least: int, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise _wrong(key, value, message("exploring.a-whole", least=least, most=most))
    return value


def _measures(value: object, base: ResolvedScenario) -> dict[str, Key]:
    if not isinstance(value, list) or not value:
        raise _wrong("measures", value, message("exploring.measures"))
    known = set(keys(tuple(base.versions)))
    found: dict[str, Key] = {}
    for name in value:
        key = Key(*name.split("/", 2)) if isinstance(name, str) else None
        if key is None or key not in known or key.measure in AGREEMENT:
            ids = [one.id for one in MEASURES if one.id not in AGREEMENT]
            raise _wrong("measures", name, message("exploring.a-measure", known=ids))
        if name in found:
            raise _wrong("measures", name, message("exploring.once"))
        found[name] = key
    return found


def _best(value: object, measures: Mapping[str, Key]) -> dict[str, Direction]:
    if not isinstance(value, dict):
        raise _wrong("best", value, message("exploring.best"))
    found: dict[str, Direction] = {}
    for name, direction in value.items():
        if name not in measures:
            raise _wrong("best", name, message("exploring.one-of-measures", known=list(measures)))
        if direction not in ("highest", "lowest"):
            raise _wrong(f"best.{name}", direction, message("exploring.a-direction"))
        found[name] = direction
    return found


def _parameters(value: object) -> dict[str, tuple[Any, ...]]:
    if not isinstance(value, dict) or not value:
        raise _wrong("parameters", value, message("exploring.parameters"))
    ranges = dict(_leaves(value))
    points = math.prod(count for count, _ in ranges.values())
    if points > MOST_POINTS:
        raise DataError(message("exploring.too-many", points=points, most=MOST_POINTS))
    return {name: tuple(values) for name, (_, values) in ranges.items()}


def _leaves(table: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, tuple[int, Any]]]:
    """Each parameter with how many values it has, and these, not yet made."""
    for part, value in table.items():
        name = f"{above}{part}"
        if isinstance(value, dict) and not _RANGE & set(value):
            if not value:
                raise _wrong(name, value, message("exploring.values"))
            yield from _leaves(value, f"{name}.")
        elif isinstance(value, dict):
            yield name, _range(name, value)
        else:
            if not isinstance(value, list) or not value:
                raise _wrong(name, value, message("exploring.values"))
            twice = [one for n, one in enumerate(value) if one in value[:n]]
            if twice:
                raise _wrong(name, twice[0], message("exploring.once"))
            yield name, (len(value), value)


def _range(name: str, table: Mapping[str, Any]) -> tuple[int, Iterator[int | Decimal]]:
    ends = [table.get(key) for key in ("from", "to", "step")]
    if set(table) != _RANGE or not all(map(_finite, ends)):
        raise _wrong(name, table, message("exploring.a-range"))
    first, last, step = ends
    if step <= 0 or last < first:  # type: ignore[operator]  # all are numbers
        raise _wrong(name, table, message("exploring.a-range"))
    try:
        count = int((last - first) // step) + 1  # type: ignore[operator]
    except ArithmeticError:  # more steps than a decimal has digits for
        raise _wrong(name, table, message("exploring.a-range")) from None
    return count, (first + step * n for n in range(count))  # type: ignore[operator]


def _finite(value: object) -> bool:
    return (isinstance(value, int) and not isinstance(value, bool)) or (
        isinstance(value, Decimal) and value.is_finite()
    )
