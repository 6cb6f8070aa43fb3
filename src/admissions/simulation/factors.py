"""Assumptions as factors of a design: several scenarios with any of their values put in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from admissions.model.errors import DataError
from admissions.pool.population import Population
from admissions.rulebooks.scenario import ResolvedScenario
from admissions.simulation.drawn import Source
from admissions.simulation.sources import synthetic
from admissions.simulation.variations import Varied, variations
from admissions.simulation.yields import YieldModel


@dataclass(frozen=True)
class World:
    """What is assumed in one point: the scenarios, the people and the yield model.

    ``left``: how many values could not be put in beside the others (a reading that replaces the
    rule that another value is about).
    """

    scenarios: tuple[ResolvedScenario, ...]
    population: Population | None
    source: Source
    yields: YieldModel
    left: int = 0


@dataclass(frozen=True, eq=False)
class Factor:
    """One assumption: ``tried`` are its other values, each as it is made in every scenario.

    A scenario that does not make the assumption has None. The scenarios' own settings of one name
    are one factor, as are rules of one id in rulebooks of one id.
    """

    kind: str
    where: str
    parameter: str
    tried: tuple[tuple[Varied | None, ...], ...]

    @property
    def names(self) -> tuple[Varied, ...]:
        """Each other value, as the first scenario that makes the assumption names it."""
        return tuple(next(v for v in sides if v is not None) for sides in self.tried)


def factors(world: World) -> tuple[tuple[Factor, ...], tuple[Varied, ...]]:
    """Every assumption that bears on a scenario of ``world``; and what is not varied, and why."""
    count = len(world.scenarios)
    found: dict[tuple[str, str, str], dict[str, list[Varied | None]]] = {}
    left_out: dict[tuple[str, ...], Varied] = {}
    for side, scenario in enumerate(world.scenarios):
        for varied in variations(scenario, world.population, world.yields):
            named = (varied.kind, varied.where, varied.parameter)
            if varied.why_not:
                left_out.setdefault((*named, varied.value), varied)
                continue
            own = varied.kind == "scenario"
            values = found.setdefault(("scenario", "", varied.parameter) if own else named, {})
            values.setdefault(varied.value, [None] * count)[side] = varied
    made = tuple(
        Factor(*name, tuple(tuple(sides) for sides in values.values()))
        for name, values in found.items()
    )
    return made, tuple(left_out.values())


def with_values(world: World, chosen: Iterable[tuple[Factor, int]]) -> World:
    """``world`` with the other value of each factor that ``chosen`` gives the position of.

    Values of parameters are put in first, readings of whole rules after them.
    """
    scenarios, left = list(world.scenarios), 0
    population, yields = world.population, world.yields
    ordered = sorted(chosen, key=lambda pair: pair[0].parameter == "rule")
    for factor, at in ordered:
        for side, varied in enumerate(factor.tried[at]):
            if varied is None or varied.edit is None:
                continue
            try:
                scenarios[side] = varied.edit.applied(scenarios[side])
            except DataError:
                left += 1
        data = factor.names[at]
        if data.population is not None and population is not None:
            population = population.varied(factor.parameter, _value(data.population, factor))
        if data.yields is not None:
            yields = yields.varied(factor.parameter, _value(data.yields, factor))
    same = population is world.population
    source = world.source if same or population is None else synthetic(population)
    return World(tuple(scenarios), population, source, yields, left)


def _value(data: Population | YieldModel, factor: Factor) -> object:
    """What ``factor`` is in data in which it was varied."""
    return dict(data.assumptions())[factor.parameter].value


def kinds(found: Sequence[Factor]) -> Mapping[str, int]:
    """How many factors there are of each kind: rules, scenario, population, yields."""
    order = dict.fromkeys(factor.kind for factor in found)
    return {kind: sum(factor.kind == kind for factor in found) for kind in order}
