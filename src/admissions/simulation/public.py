"""What a simulation of real people may say outside the office."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from admissions.simulation.measures import ALL, Key, measure
from admissions.simulation.result import SimulationResult
from admissions.simulation.statistics import Summary
from admissions.suppression import SMALL

_EXTREMES = ("largest-municipality", "largest-municipality-at-one-offering")
_OF_PEOPLE = ("applications", "offers", "people", "orders")


def public_result(result: SimulationResult) -> SimulationResult:
    """``result`` with what may leave the office; that of synthetic people is as it is.

    Of real people: figures of everyone at all offerings together only, and of them no extreme of
    one municipality and no count of people whose mean or 5 per cent is from 1 to ``SMALL`` under
    any scenario. There are no groups or offerings to subtract from each other; the same figures
    are left out under all scenarios.
    """
    if not result.real:
        return result
    shown = [key for key in result.reference.summaries if _may_be_shown(key, result)]
    scenarios = tuple(
        replace(
            found,
            summaries={key: found.summaries[key] for key in shown},
            differences={key: of for key, of in found.differences.items() if key in shown},
            fills=(),
        )
        for found in result.scenarios
    )
    return replace(result, scenarios=scenarios)


def _may_be_shown(key: Key, result: SimulationResult) -> bool:
    if key != Key(key.measure, ALL, ALL) or key.measure in _EXTREMES:
        return False
    if measure(key.measure).unit not in _OF_PEOPLE:
        return True
    return not any(_small(found.summaries, key) for found in result.scenarios)


def _small(summaries: Mapping[Key, Summary], key: Key) -> bool:
    of = summaries[key]
    return any(value is not None and 0 < value <= SMALL for value in (of.mean, of.p5))
