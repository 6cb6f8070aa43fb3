"""The result of a sensitivity analysis as files."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

from admissions.model.files import Files, MadeFiles
from admissions.model.output_table import OutputColumn, OutputTable, Value
from admissions.model.version import __version__
from admissions.model.vocabulary import Language
from admissions.model.words import words
from admissions.report.sensitivity import SensitivityReport
from admissions.results.files import json_file
from admissions.results.simulation import as_numbers, named, with_error
from admissions.simulation.joint import Joint
from admissions.simulation.measures import Key, decimals
from admissions.simulation.sensitivity import SensitivityResult, survival
from admissions.simulation.statistics import decimal
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
SURVIVAL_COLUMNS = (
    *(OutputColumn(name, "code") for name in ("measure", "offering", "group", "unit")),
    *(OutputColumn(name, "decimal") for name in ("mean", "se", "p5", "p95")),
    *(OutputColumn(name, "decimal") for name in ("one_at_a_time_low", "one_at_a_time_high")),
    OutputColumn("values_tried", "count"),
    OutputColumn("values_that_turn_the_sign", "count"),
    *(OutputColumn(f"joint_{name}", "decimal") for name in ("low", "p5", "p95", "high", "se")),
    *(OutputColumn(f"points_{name}", "count") for name in ("tried", "above_0", "below_0")),
)
SHARE_COLUMNS = (
    *(OutputColumn(name, "code") for name in ("measure", "offering", "group", "unit", "kind")),
    *(
        OutputColumn(name, "decimal")
        for name in ("first_order", "first_order_error", "total", "total_error")
    ),
)
ASSUMPTION_COLUMNS = (*_ASSUMED, OutputColumn("varied", "code"), OutputColumn("why_not", "text"))


def sensitivity_files(result: SensitivityResult, *, language: Language) -> Files:
    """The files of a sensitivity analysis, each made when it is asked for."""
    report = SensitivityReport(result, language)
    tables = [effect_rows(result), assumption_rows(result)]
    tables += [survival_rows(result)] if result.against or result.joint else []
    tables += [share_rows(result)] if result.joint else []
    return MadeFiles(
        {
            **{f"{table.id}.csv": table.csv_file for table in tables},
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


def survival_rows(result: SensitivityResult) -> OutputTable:
    """``survival.csv``: what draws, years and assumptions each leave open of a measure."""
    return OutputTable("survival", SURVIVAL_COLUMNS, tuple(_survival_rows(result)))


def share_rows(result: SensitivityResult) -> OutputTable:
    """``shares.csv``: each kind of assumption's shares in the variance of the joint design."""
    return OutputTable("shares", SHARE_COLUMNS, tuple(_share_rows(result)))


def sensitivity_table(result: SensitivityResult) -> dict[str, Any]:
    """What ``sensitivity.json`` says: what the numbers follow from."""
    joint = {} if result.joint is None else _joint_table(result.joint)
    return {
        "program": {"name": "admissions", "version": __version__},
        "scenario": result.scenario.scenario.id,
        **({"against": result.against.scenario.id} if result.against else {}),
        "seed": result.seed,
        "draws": result.draws,
        "varied": len(result.effects),
        "not_varied": len(result.left_out),
        **joint,
        "sha256": dict(result.sha256),
    }


def _joint_table(joint: Joint) -> dict[str, Any]:
    return {"joint_points": joint.points, "values_left_beside_others": joint.left}


def _survival_rows(result: SensitivityResult) -> Iterator[tuple[Value, ...]]:
    for key, of in result.base.items():
        found = survival(result, key)
        row = (*named(key), *with_error(key, of), _mean(key, found.low), _mean(key, found.high))
        opened = None if result.joint is None else result.joint.measures[key]
        joint: tuple[Value, ...] = (None,) * 8
        if opened is not None:
            ends = (opened.low, opened.p5, opened.p95, opened.high, opened.se)
            counts = (opened.points, opened.above, opened.below)
            joint = (*(_mean(key, end) for end in ends), *counts)
        turned = len(found.turned) if found.sign else None
        yield *row, found.tried, turned, *joint


def _mean(key: Key, value: Fraction | None) -> Value:
    """A mean as a cell of a table, with the decimals of means."""
    shown = decimals(key.measure)
    return None if value is None else Decimal(decimal(value, shown, max(2, shown)))


def _share_rows(result: SensitivityResult) -> Iterator[tuple[Value, ...]]:
    if result.joint is None:
        return
    for key, opened in result.joint.measures.items():
        for share in opened.shares:
            parts = (share.first, share.first_error, share.total, share.total_error)
            yield *named(key), share.group, *(_share(part) for part in parts)


def _share(value: float | None) -> Value:
    return None if value is None else Decimal(f"{value:.2f}")


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
