"""The folder of a sensitivity analysis."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from admissions import __version__
from admissions.model.vocabulary import Language
from admissions.report.sensitivity import SensitivityReport
from admissions.results.files import whole_folder, write_texts
from admissions.results.simulation import csv_text, named, numbers
from admissions.simulation.sensitivity import SensitivityResult
from admissions.simulation.statistics import decimal
from admissions.simulation.variations import Varied

SIGN = "sensitivity.json"
"""The file that a sensitivity analysis' result folder has and no other."""

EFFECT_COLUMNS = (
    "kind", "where", "parameter", "base_value", "value", "measure", "offering", "group", "unit",
    "base_mean", "difference", "p5", "p95", "p_value",
)  # fmt: skip
ASSUMPTION_COLUMNS = ("kind", "where", "parameter", "base_value", "value", "varied", "why_not")


def write_sensitivity(
    result: SensitivityResult,
    out: Path,
    *,
    overwrite: bool,
    source: Path | None = None,
    language: Language = "nb",
) -> None:
    """Writes the result folder ``out`` whole or not at all: tables, JSON, page and workbook."""
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
