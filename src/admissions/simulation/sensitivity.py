"""Which assumptions move which measure: each is varied within its stated range, one at a time."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from admissions.rulebooks.scenario import ResolvedScenario
from admissions.simulation import workers as work
from admissions.simulation.drawn import Source
from admissions.simulation.job import Job, job_of
from admissions.simulation.measures import CLASSES, EXPERIENCE, Key
from admissions.simulation.process import case_of
from admissions.simulation.simulate import hashes
from admissions.simulation.sources import synthetic
from admissions.simulation.statistics import Difference, Summary, difference, summary
from admissions.simulation.store import KeptDraws
from admissions.simulation.variations import Varied
from admissions.simulation.yields import YieldModel

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

    ``base``: the scenario as it is; ``effects``: for each variation that was made, in order, the
    differences from it draw by draw: the same lottery and answers, and the same people unless it is
    the population that is varied. ``left_out``: what was not varied, and why.
    """

    scenario: ResolvedScenario
    seed: int
    draws: int
    base: Mapping[Key, Summary]
    effects: tuple[tuple[Varied, Mapping[Key, Difference]], ...]
    left_out: tuple[Varied, ...]
    sha256: Mapping[str, str]


def sensitivity_job(
    seed: int,
    scenario: ResolvedScenario,
    source: Source,
    yields: YieldModel,
    variations: Sequence[Varied],
) -> Job:
    """The job of ``scenario`` as it is, then of each variation that can be made."""
    cases = [(case_of("base", scenario, yields, source.offerings), source)]
    for number, varied in enumerate(made(variations), start=1):
        people: Source = source if varied.population is None else synthetic(varied.population)
        case = case_of(
            f"variation {number}", varied.scenario or scenario, varied.yields or yields,
            source.offerings,
        )  # fmt: skip
        cases.append((case, people))
    return job_of(seed, cases)


def made(variations: Sequence[Varied]) -> list[Varied]:
    """Those of ``variations`` that can be made."""
    return [varied for varied in variations if not varied.why_not]


def sensitivity_hashes(
    scenario: ResolvedScenario, source: Source, yields: YieldModel, variations: Sequence[Varied]
) -> dict[str, str]:
    """SHA-256 of everything that the numbers follow from, by name."""
    base = job_of(0, [(case_of("base", scenario, yields, source.offerings), source)])
    text = "\n".join(f"{v.kind}|{v.where}|{v.parameter}|{v.value}" for v in variations)
    return {**hashes(base, yields), "variations": hashlib.sha256(text.encode()).hexdigest()}


def analyse(
    job: Job,
    store: KeptDraws,
    variations: Sequence[Varied],
    sha256: Mapping[str, str],
    *,
    workers: int = 1,
    scheduler: str | None = None,
    told: work.Told = lambda done: None,
) -> SensitivityResult:
    """Draws what ``store`` lacks and sums up. The store must be open, and stays."""
    work.run(job, store, workers=workers, scheduler=scheduler, told=told)
    places = {key: job.keys.index(key) for key in MAIN_KEYS}
    base = {key: store.values(0, at, at + 1)[:, 0] for key, at in places.items()}
    effects = []
    for number, varied in enumerate(made(variations), start=1):
        found = {
            key: difference(store.values(number, at, at + 1)[:, 0], base[key])
            for key, at in places.items()
        }
        effects.append((varied, found))
    return SensitivityResult(
        scenario=job.cases[0].scenario,
        seed=job.seed,
        draws=store.draws,
        base={key: summary(values) for key, values in base.items()},
        effects=tuple(effects),
        left_out=tuple(varied for varied in variations if varied.why_not),
        sha256=sha256,
    )


def widest(result: SensitivityResult, key: Key, most: int) -> list[tuple[Varied, Difference]]:
    """The ``most`` variations that move ``key`` farthest on average, farthest first."""
    moved = [(found[key].mean or Fraction(0), n) for n, (_, found) in enumerate(result.effects)]
    farthest = sorted((-abs(mean), n) for mean, n in moved if mean)[:most]
    return [(varied, found[key]) for varied, found in (result.effects[n] for _, n in farthest)]
