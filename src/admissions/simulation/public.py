"""What a simulation of real people may say outside the office."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

from admissions.simulation.measures import ALL, DECIMALS, LEADERSHIP, Key, measure
from admissions.simulation.result import SimulationResult
from admissions.simulation.statistics import Summary
from admissions.suppression import SMALL

_EXTREMES = ("largest-municipality", "largest-municipality-at-one-offering")
_OF_PEOPLE = ("applications", "offers", "people", "orders")
_WHOLE = 100 * 10 ** DECIMALS["percent"]
"""A stored share of all."""


def public_result(result: SimulationResult) -> SimulationResult:
    """``result`` with what may leave the office; that of synthetic people is as it is.

    Of real people: figures of everyone at all offerings together only, and of them no extreme of
    one municipality, no count of people whose mean or 5 per cent is from 1 to ``SMALL`` under
    any scenario, and no share or sum that with the other means gives such a count. There are no
    groups or offerings to subtract from each other; the same figures are left out under all
    scenarios. Nor is the hash of the people told, against which a guess could be checked.

    The model's own answers (who declines, stays away, drops out) can be worked out; they are
    drawn, and are no real person's.
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
            stands={},
        )
        for found in result.scenarios
    )
    hashes = {name: digest for name, digest in result.sha256.items() if name != "people"}
    return replace(result, scenarios=scenarios, sha256=hashes)


def _may_be_shown(key: Key, result: SimulationResult) -> bool:
    if key != Key(key.measure, ALL, ALL) or key.measure in _EXTREMES:
        return False
    counts = [count for found in result.scenarios for count in _told(found.summaries, key)]
    return not any(0 < count <= SMALL for count in counts)


def _told(summaries: Mapping[Key, Summary], key: Key) -> Iterator[Fraction | int]:
    """The counts of people that ``key`` tells, alone or together with the other means."""
    of = summaries[key]
    if measure(key.measure).unit in _OF_PEOPLE:
        yield from (value for value in (of.mean, of.p5) if value is not None)
    met, grants, further, one, met_wishes, orders = (
        summaries[Key(name)].mean or Fraction(0)
        for name in (
            "met", "grants", "further-education-share", "one-further-education-share",
            "leaders-first-wishes", "leaders-first-wishes-share",
        )
    )  # fmt: skip
    leading = summaries.get(Key("met", LEADERSHIP))
    surveyed = met - ((leading.mean if leading else None) or 0)
    match key.measure:
        case "grants" | "grant-amount":
            yield from (grants, met - grants)
        case "further-education-share" | "further-education-share-of-answers":
            yield from _parts(surveyed, further)
        case "one-further-education-share":
            yield from _parts(surveyed * further / _WHOLE, one)
        case "agreement-if-all-applied" | "agreement-of-applicants":
            yield from (n for n in (summaries[Key(f"{key.measure}-people")].mean,) if n)
        case "leaders-first-wishes-share" if orders:
            yield from _parts(met_wishes * _WHOLE / orders, orders)


def _parts(whole: Fraction, share: Fraction) -> tuple[Fraction, Fraction]:
    """Those of ``whole`` that the stored ``share`` is of, and the others."""
    part = whole * share / _WHOLE
    return part, whole - part
