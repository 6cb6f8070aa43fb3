"""Which assumptions move which measure: each is varied within its stated range, one at a time."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from admissions import __version__
from admissions.result import whole_folder, write_texts
from admissions.scenario import ResolvedScenario
from admissions.simulation import workers as work
from admissions.simulation.folder import csv_text, named, numbers
from admissions.simulation.job import Job, Source, job_of
from admissions.simulation.measures import CLASSES, EXPERIENCE, Key
from admissions.simulation.process import case_of
from admissions.simulation.simulate import hashes
from admissions.simulation.sources import synthetic
from admissions.simulation.statistics import Difference, Summary, decimal, difference, summary
from admissions.simulation.store import Store
from admissions.simulation.variations import Varied
from admissions.simulation.yields import YieldModel
from admissions.vocabulary import Language

SIGN = "sensitivity.json"
"""The file that a sensitivity analysis' result folder has and no other."""

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
    Key("agreement"),
    Key("losers"),
    Key("grants"),
)
"""The measures whose movements are told."""

EFFECT_COLUMNS = (
    "kind", "where", "parameter", "base_value", "value", "measure", "offering", "group", "unit",
    "base_mean", "difference", "p5", "p95", "p_value",
)  # fmt: skip
ASSUMPTION_COLUMNS = ("kind", "where", "parameter", "base_value", "value", "varied", "why_not")


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
    store: Store,
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


def write_sensitivity(
    result: SensitivityResult,
    out: Path,
    *,
    overwrite: bool,
    source: Path | None = None,
    language: Language = "nb",
) -> None:
    """Writes the result folder ``out`` whole or not at all: tables, JSON, page and workbook."""
    from admissions.report.sensitivity import SensitivityReport

    report = SensitivityReport(result, language)
    with whole_folder(out, overwrite=overwrite, sign=SIGN, unlike=source) as folder:
        for name, columns, rows in (
            ("sensitivity", EFFECT_COLUMNS, _effect_rows(result)),
            ("assumptions", ASSUMPTION_COLUMNS, _assumption_rows(result)),
        ):
            (folder / f"{name}.csv").write_bytes(csv_text(columns, rows).encode("utf-8-sig"))
        text = json.dumps(sensitivity_table(result), ensure_ascii=False, indent=2) + "\n"
        write_texts({SIGN: text, "report.html": report.html()}, folder)
        (folder / "report.xlsx").write_bytes(report.workbook())


def sensitivity_table(result: SensitivityResult) -> dict[str, Any]:
    """What ``sensitivity.json`` says: what the numbers follow from."""
    return {
        "program": {"name": "admissions", "version": __version__},
        "scenario": result.scenario.scenario.id,
        "seed": result.seed,
        "draws": result.draws,
        "varied": len(result.effects),
        "not_varied": len(result.left_out),
        "sha256": dict(result.sha256),
    }


def widest(result: SensitivityResult, key: Key, most: int) -> list[tuple[Varied, Difference]]:
    """The ``most`` variations that move ``key`` farthest on average, farthest first."""
    moved = [(found[key].mean or Fraction(0), n) for n, (_, found) in enumerate(result.effects)]
    farthest = sorted((-abs(mean), n) for mean, n in moved if mean)[:most]
    return [(varied, found[key]) for varied, found in (result.effects[n] for _, n in farthest)]


def _effect_rows(result: SensitivityResult) -> Iterator[Sequence[str]]:
    for varied, found in result.effects:
        for key, of in found.items():
            base = numbers(key, result.base[key])[0]
            yield (
                *_assumption(varied), *named(key), base, *numbers(key, of),
                decimal(of.p_value, 0, 4),
            )  # fmt: skip


def _assumption_rows(result: SensitivityResult) -> Iterator[Sequence[str]]:
    for varied in (*(varied for varied, _ in result.effects), *result.left_out):
        yield *_assumption(varied), "no" if varied.why_not else "yes", varied.why_not


def _assumption(varied: Varied) -> tuple[str, str, str, str, str]:
    return varied.kind, varied.where, varied.parameter, varied.base, varied.value
