"""The result of a sensitivity analysis as files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from admissions.model.files import Files, MadeFiles
from admissions.model.output_table import OutputColumn, OutputTable, Value
from admissions.model.version import __version__
from admissions.model.vocabulary import Language
from admissions.model.words import words
from admissions.report.sensitivity import SensitivityReport
from admissions.results.files import json_file
from admissions.results.simulation import as_numbers, named, with_error
from admissions.simulation.sensitivity import SensitivityResult
from admissions.simulation.variations import Varied

SIGN = "sensitivity.json"
"""The file that a sensitivity analysis' result folder has and no other."""

_ASSUMED = tuple(
    OutputColumn(name, "code") for name in ("kind", "where", "parameter", "base_value", "value")
)
EFFECT_COLUMNS = (
    *_ASSUMED,
    *(OutputColumn(name, "code") for name in ("measure", "offering", "group", "unit")),
    *(OutputColumn(name, "decimal") for name in ("base_mean", "difference", "se", "p5", "p95")),
)
ASSUMPTION_COLUMNS = (*_ASSUMED, OutputColumn("varied", "code"), OutputColumn("why_not", "text"))


def sensitivity_files(result: SensitivityResult, *, language: Language) -> Files:
    """The files of a sensitivity analysis, each made when it is asked for."""
    report = SensitivityReport(result, language)
    effects, assumed = effect_rows(result), assumption_rows(result)
    return MadeFiles(
        {
            **{f"{table.id}.csv": table.csv_file for table in (effects, assumed)},
            SIGN: lambda: json_file(sensitivity_table(result)),
            "report.html": lambda: report.html().encode(),
            "report.xlsx": report.workbook,
        }
    )


def effect_rows(result: SensitivityResult) -> OutputTable:
    """``sensitivity.csv``: a row a varied assumption and measure."""
    return OutputTable("sensitivity", EFFECT_COLUMNS, tuple(_effect_rows(result)))


def assumption_rows(result: SensitivityResult) -> OutputTable:
    """``assumptions.csv``: a row an assumption and value, varied or not."""
    return OutputTable("assumptions", ASSUMPTION_COLUMNS, tuple(_assumption_rows(result)))


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


def _effect_rows(result: SensitivityResult) -> Iterator[tuple[Value, ...]]:
    for varied, found in result.effects:
        for key, of in found.items():
            base = as_numbers(key, result.base[key])[0]
            yield *_assumption(varied), *named(key), base, *with_error(key, of)


def _assumption_rows(result: SensitivityResult) -> Iterator[tuple[Value, ...]]:
    texts = words("report-simulation", "en")
    for varied in (*(varied for varied, _ in result.effects), *result.left_out):
        why = texts[f"why-not.{varied.why_not}"] if varied.why_not else ""
        yield *_assumption(varied), "no" if varied.why_not else "yes", why


def _assumption(varied: Varied) -> tuple[str, str, str, str, str]:
    return varied.kind, varied.where, varied.parameter, varied.base, varied.value
