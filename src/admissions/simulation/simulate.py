"""From scenarios and people to a result: the work is stated, done, and summed up."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from admissions.model.errors import UsageError
from admissions.model.messages import message
from admissions.model.version import __version__
from admissions.rulebooks.apart import effect_of, with_between
from admissions.rulebooks.scenario import ResolvedScenario
from admissions.rulebooks.scenario_files import rules_tomls, scenario_toml
from admissions.simulation import workers as work
from admissions.simulation.calibration import SCENARIO as CALIBRATED
from admissions.simulation.calibration import Calibrated, calibrated
from admissions.simulation.drawn import Source
from admissions.simulation.job import Job, job_of
from admissions.simulation.measures import COMPARED, UNDEFINED, Key
from admissions.simulation.process import ReadyScenario, case_of
from admissions.simulation.result import Fill, ScenarioResult, SimulationResult
from admissions.simulation.sources import KeptPeople, SyntheticPeople
from admissions.simulation.statistics import Difference, Summary, difference, summary
from admissions.simulation.store import DrawStore, KeptDraws
from admissions.simulation.yields import YieldModel, chance_of_more, chances_of, offers_at_risk

RISKS = (5, 10)
"""Per cent of too many, for which the offers to make are worked out."""
_VALUES_AT_ONCE = 2**22
"""So many values are summed up together, of all cases: 32 MiB."""


def scenario_job(
    seed: int, scenarios: Sequence[ResolvedScenario], source: Source, yields: YieldModel
) -> Job:
    """The job of ``scenarios`` on the same people. Raises UsageError for a scenario named twice.

    Each is held against what differs from it in one thing: rules, mechanism or seats. Where a
    scenario differs from the first in more, others stand between them (``apart.between``): cases of
    their own, after those asked for, where they are not among these.
    """
    names = [scenario.scenario.id for scenario in scenarios]
    for name in names:
        if names.count(name) > 1:
            raise UsageError(message("drawing.named-twice", scenario=name))
    offerings = source.offerings
    for scenario in scenarios:
        for offering in offerings:
            scenario.offers_to_make(offering)
    found, against = with_between(scenarios, offerings)
    cases = [case_of(s.scenario.id, s, yields, offerings) for s in found]
    return job_of(seed, [(case, source) for case in cases], against, len(scenarios))


def hashes(job: Job, yields: YieldModel) -> dict[str, str]:
    """SHA-256 of everything that the numbers follow from, by name."""
    found = {
        f"scenario {case.id}": _sha256(
            without_words(scenario_toml(case.scenario))
            + "".join(map(without_words, rules_tomls(case.scenario).values()))
        )
        for case in job.cases
    }
    names = ["people", *(f"people {n}" for n in range(2, len(job.sources) + 1))]
    found |= {name: source.sha256 for name, source in zip(names, job.sources, strict=True)}
    return {**found, "yields": _sha256(json.dumps(_bare(yields.model_dump(mode="json"))))}


_WORDS = frozenset({"title", "why", "note", "source", "sources", "assumptions"})
"""What people read of rules, scenarios and yields, and no number follows from."""


def without_words(toml: str) -> str:
    """What the numbers follow from of a TOML text: a spelling mended in it changes no hash."""
    return json.dumps(_bare(tomllib.loads(toml)), default=str)


def _bare(found: Any) -> Any:
    if isinstance(found, Mapping):
        return {name: _bare(held) for name, held in found.items() if name not in _WORDS}
    return [_bare(held) for held in found] if isinstance(found, list | tuple) else found


def simulate(
    job: Job,
    yields: YieldModel,
    store: KeptDraws,
    *,
    workers: int = 1,
    scheduler: str | None = None,
    told: work.Told = lambda done: None,
) -> SimulationResult:
    """Draws what ``store`` lacks and sums up. The store must be open, and stays."""
    work.run(job, store, workers=workers, scheduler=scheduler, told=told)
    source = job.sources[0]
    stands = job.as_it_stands() if isinstance(source, KeptPeople) else None
    scenarios = _scenario_results(job, store, stands)
    calibration: tuple[Calibrated, ...] = ()
    for found in scenarios:
        if found.id == CALIBRATED and isinstance(source, SyntheticPeople):
            calibration = calibrated(found.summaries, source.population, yields)
    return SimulationResult(
        seed=job.seed,
        draws=store.draws,
        people=source.name,
        real=isinstance(source, KeptPeople),
        offerings=job.cases[0].offerings,
        scenarios=scenarios,
        calibration=calibration,
        sha256=hashes(job, yields),
    )


class _Sums:
    """What is summed up of one case, key by key."""

    def __init__(self) -> None:
        self.summaries: dict[Key, Summary] = {}
        self.differences: dict[Key, Difference] = {}
        self.can_call: dict[str, NDArray[np.int64]] = {}

    def add(self, key: Key, own: NDArray[np.int64], other: NDArray[np.int64] | None) -> None:
        """Adds the values of ``key``, and those of the case that it is held against."""
        self.summaries[key] = summary(own)
        if other is not None:
            if key.measure in COMPARED:
                other = np.where(own == UNDEFINED, UNDEFINED, 0)
            self.differences[key] = difference(own, other)
        if key.measure == "offers-without-too-many":
            self.can_call[key.offering] = np.sort(own)


def _scenario_results(
    job: Job, store: KeptDraws, stands: NDArray[np.int64] | None
) -> tuple[ScenarioResult, ...]:
    sums = [_Sums() for _ in job.cases]
    at_once = max(1, _VALUES_AT_ONCE // (store.draws * len(job.cases)))
    for first in range(0, len(job.keys), at_once):
        keys = job.keys[first : first + at_once]
        values = [store.values(n, first, first + len(keys)).T for n in range(len(job.cases))]
        for column, key in enumerate(keys):
            for n, one in enumerate(sums):
                other = values[job.against[n]][column] if n else None
                one.add(key, values[n][column], other)
    return tuple(
        _scenario_result(job, n, found, None if stands is None else stands[n])
        for n, found in enumerate(sums)
    )


def _scenario_result(
    job: Job, number: int, sums: _Sums, stands: NDArray[np.int64] | None
) -> ScenarioResult:
    other, case = job.against[number], job.cases[number]
    fills = tuple(
        _fill(case, at, risk, sums.can_call[offering])
        for at, offering in enumerate(case.offerings)
        for risk in RISKS
    )
    known = [] if stands is None else zip(job.keys, stands.tolist(), strict=True)
    return ScenarioResult(
        case.scenario,
        sums.summaries,
        sums.differences,
        fills,
        against=job.cases[other].id if number else "",
        effect=effect_of(case.scenario, job.cases[other].scenario, case.offerings),
        asked=number < job.asked,
        stands={key: None if value == UNDEFINED else value for key, value in known},
    )


def _fill(
    case: ReadyScenario, at: int, percent: int, can_call: np.ndarray[Any, np.dtype[np.int64]]
) -> Fill:
    """The offers to send at once at one offering; ``can_call`` is sorted, one entry a draw."""
    seats, meets = case.seats[at], case.chances[at].meets()
    offers = offers_at_risk(seats, meets, Fraction(percent, 100))
    sent = offers or 0
    expected = sent * meets
    empty = sum(
        (seats - met) * chance for met, chance in enumerate(chances_of(sent, meets)) if met < seats
    )
    too_many_in = len(can_call) * percent // 100
    return Fill(
        offering=case.offerings[at],
        seats=seats,
        risk_percent=percent,
        by_model=offers,
        chance_of_too_many=_hundredths(100 * chance_of_more(sent, seats, meets)),
        one_more=_hundredths(100 * chance_of_more(sent + 1, seats, meets)),
        expected_met=_hundredths(expected),
        expected_empty=_hundredths(Fraction(empty)),
        by_simulation=int(can_call[too_many_in]),
        offers_made=case.offers[at],
    )


def _hundredths(value: Fraction) -> int:
    return (200 * value.numerator + value.denominator) // (2 * value.denominator)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def open_store(
    out: Path, seed: int, sha256: Mapping[str, str], draws: int, *, resume: bool, overwrite: bool
) -> DrawStore:
    """The store beside ``out`` of the draws that follow from ``sha256`` and ``seed``, opened."""
    store = DrawStore(out, {"program": __version__, "seed": seed, **sha256}, draws)
    store.open(resume=resume, overwrite=overwrite)
    return store
