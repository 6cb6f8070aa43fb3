"""Which assumptions move which measure: each is varied within its stated range, one at a time."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from admissions.rulebooks.scenario import ResolvedScenario
from admissions.simulation import workers as work
from admissions.simulation.drawn import Source
from admissions.simulation.factors import Factor, World, with_values
from admissions.simulation.job import Job, job_of
from admissions.simulation.joint import Joint, apart
from admissions.simulation.measures import CLASSES, EXPERIENCE, Key
from admissions.simulation.process import ReadyScenario, case_of
from admissions.simulation.simulate import hashes
from admissions.simulation.statistics import Difference, Summary, difference, summary
from admissions.simulation.store import KeptDraws
from admissions.simulation.variations import Varied, variations

MAIN_KEYS = (
    Key("offers"),
    Key("met"),
    Key("completed"),
    Key("seats-empty"),
    Key("municipalities"),
    Key("municipalities", "all", CLASSES[-1]),
    Key("municipalities-four-or-more"),
    Key("services"),
    Key("experience-share", "all", EXPERIENCE[0]),
    Key("experience-share", "all", EXPERIENCE[2]),
    Key("further-education-share"),
    Key("first-wish"),
    Key("leaders-first-wishes-share"),
    Key("agreement-if-all-applied"),
    Key("losers"),
    Key("grants"),
)
"""The measures whose movements are told."""


@dataclass(frozen=True)
class SensitivityResult:
    """How far each variation moves each of ``MAIN_KEYS``.

    ``base``: the scenario as it is, or, where there is one that it is held ``against``, how far it
    is from that one; ``effects``: for each variation that was made, in order, the differences from
    it draw by draw: the same lottery and answers, and the same people unless it is the population
    that is varied; ``means``: what the base then is. ``left_out``: what was not varied, and why;
    ``joint``: all assumptions at once, where asked for.
    """

    scenario: ResolvedScenario
    seed: int
    draws: int
    base: Mapping[Key, Summary]
    effects: tuple[tuple[Varied, Mapping[Key, Difference]], ...]
    left_out: tuple[Varied, ...]
    sha256: Mapping[str, str]
    against: ResolvedScenario | None = None
    means: tuple[Mapping[Key, Summary], ...] = ()
    joint: Joint | None = None


Tried = Sequence[tuple[Factor, int]]
"""Factors, each with the position of the other value that is tried."""


def one_at_a_time(found: Sequence[Factor]) -> Tried:
    """Every other value of every factor."""
    return [(factor, at) for factor in found for at in range(len(factor.tried))]


def sensitivity_job(seed: int, world: World, tried: Tried) -> Job:
    """The job of the scenarios of ``world`` as they are, then of each value that is ``tried``.

    Each scenario is held against the first of its own world.
    """
    cases = list[tuple[ReadyScenario, Source]]()
    against = list[int]()
    for number, one in enumerate((world, *(with_values(world, [value]) for value in tried))):
        first = len(cases)
        name = f"variation {number}" if number else "base"
        for side, scenario in enumerate(one.scenarios):
            ident = f"{name}, {side}" if side else name
            case = case_of(ident, scenario, one.yields, one.source.offerings)
            cases.append((case, one.source))
            against.append(first)
    return job_of(seed, cases, against)


def sensitivity_hashes(world: World) -> dict[str, str]:
    """SHA-256 of everything that the numbers follow from, by name."""
    base = sensitivity_job(0, world, [])
    texts = [
        f"{v.kind}|{v.where}|{v.parameter}|{v.value}"
        for scenario in world.scenarios
        for v in variations(scenario, world.population, world.yields)
    ]
    varied = hashlib.sha256("\n".join(texts).encode()).hexdigest()
    return {**hashes(base, world.yields), "variations": varied}


def analyse(
    job: Job,
    store: KeptDraws,
    tried: Tried,
    left_out: Sequence[Varied],
    sha256: Mapping[str, str],
    *,
    workers: int = 1,
    scheduler: str | None = None,
    told: work.Told = lambda done: None,
) -> SensitivityResult:
    """Draws what ``store`` lacks and sums up. The store must be open, and stays."""
    work.run(job, store, workers=workers, scheduler=scheduler, told=told)
    sides = len(job.cases) // (len(tried) + 1)
    places = [job.keys.index(key) for key in MAIN_KEYS]

    def values(number: int) -> NDArray[np.int64]:
        found = [
            np.hstack([store.values(number * sides + side, at, at + 1) for at in places])
            for side in range(sides)
        ]
        return found[0] if sides == 1 else apart(found[-1], found[0], MAIN_KEYS)

    base = values(0)
    effects, means = [], []
    for number, (factor, at) in enumerate(tried, start=1):
        own = values(number)
        moved = {key: difference(own[:, n], base[:, n]) for n, key in enumerate(MAIN_KEYS)}
        effects.append((factor.names[at], moved))
        means.append({key: summary(own[:, n]) for n, key in enumerate(MAIN_KEYS)})
    return SensitivityResult(
        scenario=job.cases[sides - 1].scenario,
        seed=job.seed,
        draws=store.draws,
        base={key: summary(base[:, n]) for n, key in enumerate(MAIN_KEYS)},
        effects=tuple(effects),
        left_out=tuple(left_out),
        sha256=sha256,
        against=job.cases[0].scenario if sides > 1 else None,
        means=tuple(means),
    )


@dataclass(frozen=True)
class Survival:
    """Whether the sign of a measure's mean stands when assumptions have other values.

    ``sign``: of the mean as it is, 0 where it is within two standard errors of nothing; ``tried``
    values one at a time, of which the mean has another sign at those of ``turned``, the farthest
    first; ``low`` and ``high``: the least and the greatest mean among them.
    """

    sign: int
    tried: int
    turned: tuple[Varied, ...]
    low: Fraction | None
    high: Fraction | None


def survival(result: SensitivityResult, key: Key) -> Survival:
    """How far the sign of ``key`` survives its assumptions, one at a time."""
    of = result.base[key]
    found = [(varied, means[key].mean) for (varied, _), means in _pairs(result)]
    known = [(varied, mean) for varied, mean in found if mean is not None]
    low = min((mean for _, mean in known), default=None)
    high = max((mean for _, mean in known), default=None)
    if of.mean is None or abs(of.mean) <= 2 * (of.se or 0):
        return Survival(0, len(known), (), low, high)
    sign = 1 if of.mean > 0 else -1
    turned = sorted((pair for pair in known if pair[1] * sign <= 0), key=lambda p: p[1] * sign)
    return Survival(sign, len(known), tuple(varied for varied, _ in turned), low, high)


def _pairs(
    result: SensitivityResult,
) -> Iterator[tuple[tuple[Varied, Mapping[Key, Difference]], Mapping[Key, Summary]]]:
    return zip(result.effects, result.means, strict=True)


def widest(result: SensitivityResult, key: Key, most: int) -> list[tuple[Varied, Difference]]:
    """The ``most`` variations that move ``key`` farthest on average, farthest first."""
    moved = [(found[key].mean or Fraction(0), n) for n, (_, found) in enumerate(result.effects)]
    farthest = sorted((-abs(mean), n) for mean, n in moved if mean)[:most]
    return [(varied, found[key]) for varied, found in (result.effects[n] for _, n in farthest)]
