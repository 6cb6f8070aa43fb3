"""The result folder of a simulation: its tables as CSV, and what they follow from as JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from admissions import __version__
from admissions.model.vocabulary import Language
from admissions.pool.assumed import Assumptions
from admissions.results.files import whole_folder, write_texts
from admissions.rulebooks.scenario import rules_tomls, scenario_toml
from admissions.simulation.calibration import Calibrated
from admissions.simulation.measures import Key, decimals, measure
from admissions.simulation.result import SimulationResult
from admissions.simulation.statistics import Summary, decimal

SIGN = "simulation.json"
"""The file that a simulation's result folder has and no other."""

MEASURE_COLUMNS = (
    "scenario", "measure", "offering", "group", "unit", "draws", "mean", "p5", "p95",
)  # fmt: skip
DIFFERENCE_COLUMNS = (
    "scenario", "against", "measure", "offering", "group", "unit", "draws", "mean", "p5", "p95",
    "above_percent", "below_percent", "p_value",
)  # fmt: skip
CALIBRATION_COLUMNS = ("figure", "source", "target", "mean", "p5", "p95", "fits", "note")
OFFER_COLUMNS = (
    "scenario", "offering", "seats", "offers_made", "risk_percent", "offers_by_model",
    "too_many_percent", "too_many_percent_of_one_more", "expected_met", "expected_empty",
    "offers_by_simulation",
)  # fmt: skip


def write_simulation(
    result: SimulationResult,
    out: Path,
    *,
    overwrite: bool,
    source: Path | None = None,
    language: Language = "nb",
    models: Sequence[Assumptions] = (),
    public: bool = False,
) -> None:
    """Writes the result folder ``out`` whole or not at all; ``source`` is the round resampled.

    ``models`` are what people and answers are drawn from; ``public``: ``result`` is that of
    ``public.public_result``.
    """
    from admissions.report.simulation import SimulationReport

    report = SimulationReport(result, language, models, public and result.real)
    with whole_folder(out, overwrite=overwrite, sign=SIGN, unlike=source) as folder:
        (folder / "report.xlsx").write_bytes(report.workbook())
        write_texts({"report.html": report.html()}, folder)
        for name, columns, rows in tables(result):
            (folder / f"{name}.csv").write_bytes(csv_text(columns, rows).encode("utf-8-sig"))
        text = json.dumps(simulation_table(result), ensure_ascii=False, indent=2) + "\n"
        write_texts({SIGN: text}, folder)
        scenarios = folder / "scenarios"
        scenarios.mkdir()
        for found in result.scenarios:
            write_texts({"scenario.toml": scenario_toml(found.scenario)}, scenarios / found.id)
            rules = {f"{o}.toml": text for o, text in rules_tomls(found.scenario).items()}
            write_texts(rules, scenarios / found.id / "rules")


def simulation_table(result: SimulationResult) -> dict[str, Any]:
    """What ``simulation.json`` says: what the numbers follow from."""
    return {
        "program": {"name": "admissions", "version": __version__},
        "seed": result.seed,
        "draws": result.draws,
        "people": result.people,
        "real_people": result.real,
        "reference": result.reference.id,
        "scenarios": [found.id for found in result.scenarios],
        "offerings": list(result.offerings),
        "sha256": dict(result.sha256),
    }


def tables(
    result: SimulationResult,
) -> Iterator[tuple[str, Sequence[str], Iterable[Sequence[str]]]]:
    """Each table's name, columns and rows of text, for CSV files."""
    yield "measures", MEASURE_COLUMNS, _measure_rows(result)
    yield "differences", DIFFERENCE_COLUMNS, _difference_rows(result)
    yield "offers", OFFER_COLUMNS, _offer_rows(result)
    if result.calibration:
        yield "calibration", CALIBRATION_COLUMNS, calibration_rows(result.calibration)


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table as CSV text, lines ended by a line feed."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue()


def numbers(key: Key, of: Summary) -> tuple[str, str, str]:
    """Mean, p5 and p95 as text; empty where no draw has a value. Means have two decimals or more.

    ``of`` can be a difference too.
    """
    stored = decimals(key.measure)
    if of.mean is None or of.p5 is None or of.p95 is None:
        return "", "", ""
    mean = decimal(of.mean, stored, max(2, stored))
    return mean, decimal(of.p5, stored, stored), decimal(of.p95, stored, stored)


def named(key: Key) -> tuple[str, str, str, str]:
    """The columns that say which measure of whom a row has, and its unit."""
    return key.measure, key.offering, key.group, measure(key.measure).unit


def _measure_rows(result: SimulationResult) -> Iterator[Sequence[str]]:
    for found in result.scenarios:
        for key, of in found.summaries.items():
            yield found.id, *named(key), str(of.draws), *numbers(key, of)


def _difference_rows(result: SimulationResult) -> Iterator[Sequence[str]]:
    for found in result.scenarios:
        for key, of in found.differences.items():
            shares = [
                decimal(Fraction(100 * n, of.draws), 0, 2) if of.draws else ""
                for n in (of.above, of.below)
            ]
            yield (
                found.id, result.reference.id, *named(key), str(of.draws), *numbers(key, of),
                *shares, decimal(of.p_value, 0, 4),
            )  # fmt: skip


def calibration_rows(calibration: Iterable[Calibrated]) -> Iterator[Sequence[str]]:
    """Each printed figure beside the simulated one; ``fits`` is empty where nothing corresponds."""
    words = {True: "yes", False: "no", None: ""}
    for row in calibration:
        target, got = "", ("", "", "")
        if row.key is not None and row.got is not None and row.target is not None:
            stored = decimals(row.key.measure)
            target, got = decimal(row.target, stored, 0), numbers(row.key, row.got)
        yield row.figure, row.source, target, *got, words[row.fits], row.note


def _offer_rows(result: SimulationResult) -> Iterator[Sequence[str]]:
    for found in result.scenarios:
        for fill in found.fills:
            yield (
                found.id, fill.offering, str(fill.seats), str(fill.offers_made),
                str(fill.risk_percent), "" if fill.by_model is None else str(fill.by_model),
                *(
                    decimal(n, 2, 2)
                    for n in (
                        fill.chance_of_too_many, fill.one_more,
                        fill.expected_met, fill.expected_empty,
                    )
                ),
                str(fill.by_simulation),
            )  # fmt: skip
