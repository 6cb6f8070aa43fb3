"""The result folder of a comparison: written whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from admissions import __version__
from admissions.comparison.lottery import Redrawn, redrawn
from admissions.comparison.public import public_hashes, public_tables
from admissions.comparison.runs import Comparison
from admissions.comparison.tables import (
    SECTOR_TABLE,
    aggregate_tables,
    applications_moved,
    person_table,
    side_by_side,
)
from admissions.model.output_table import HIDDEN, OutputTable, Value
from admissions.model.vocabulary import Language
from admissions.report.comparison import ComparisonReport
from admissions.results.files import whole_folder, write_texts
from admissions.rulebooks.scenario import Scenario, rules_tomls, scenario_toml
from admissions.suppression import SMALL, SPAN

SIGN = "comparison.json"
"""The file that tells a comparison's folder from others."""


def write_comparison(
    comparison: Comparison,
    out: Path,
    *,
    language: Language,
    public: bool,
    overwrite: bool = False,
    source: Path | None = None,
) -> dict[str, Any]:
    """Writes the folder ``out``, and returns what its ``comparison.json`` says.

    Tables as CSV, ``report.html``, ``report.xlsx``, and each scenario with its rules. Not
    ``public``: persons, applications and the ranking rows side by side too. ``source`` is the round
    that was read, which is not replaced.
    """
    tables = public_tables(comparison) if public else aggregate_tables(comparison)
    drawn = redrawn(comparison)
    if public:
        sums = next(table for table in tables if table.id == SECTOR_TABLE).records()[-1]
        drawn = {name: one for name, one in drawn.items() if _tells_nothing_hidden(name, one, sums)}
    hashes = dict(sorted(comparison.round.sha256.items()))
    inputs = public_hashes(hashes) if public else hashes
    found = _contents(comparison, tables, drawn, inputs, public=public)
    report = ComparisonReport(comparison, tables, drawn, inputs, language, public)
    with whole_folder(out, overwrite=overwrite, sign=SIGN, unlike=source) as folder:
        texts = {f"{table.id}.csv": table.csv() for table in tables}
        if not public:
            for table in (person_table(comparison), applications_moved(comparison)):
                texts[f"{table.id}.csv"] = table.csv()
            sides = [side_by_side(comparison, name) for name in comparison.round.offerings]
            write_texts({f"{side.id}.csv": side.csv() for side in sides}, folder / "rankings")
        texts["report.html"] = report.html()
        texts[SIGN] = json.dumps(found, ensure_ascii=False, indent=2, default=str) + "\n"
        write_texts(texts, folder)
        (folder / "report.xlsx").write_bytes(report.workbook())
        for run in comparison.runs:
            place = folder / "scenarios" / run.id
            place.mkdir(parents=True)
            write_texts({"scenario.toml": scenario_toml(run.run.scenario)}, place)
            rules = rules_tomls(run.run.scenario)
            write_texts({f"{name}.toml": text for name, text in rules.items()}, place / "rules")
    return found


def _tells_nothing_hidden(name: str, drawn: Redrawn, sums: Mapping[str, Value]) -> bool:
    """Other lotteries come close to the counts of the drawn one: none may be small or hidden."""
    ends = (*drawn.won, *drawn.lost)
    shown = all(sums[f"{name}:{column}"] != HIDDEN for column in ("won", "lost"))
    return shown and not any(1 <= end <= SMALL for end in ends)


def _contents(
    comparison: Comparison,
    tables: tuple[OutputTable, ...],
    drawn: Mapping[str, Redrawn],
    inputs: Mapping[str, str],
    *,
    public: bool,
) -> dict[str, Any]:
    found: dict[str, Any] = {
        "program": {"name": "admissions", "version": __version__},
        "base": comparison.base.id,
        "scenarios": [_settings(run.run.scenario.scenario) for run in comparison.runs],
        "public": public,
        "inputs": inputs,
        "other_lotteries": {
            name: {"draws": one.draws, "won": one.won, "lost": one.lost}
            for name, one in drawn.items()
        },
        "tables": {table.id: table.records() for table in tables},
    }
    if public:
        found["hidden"] = {"sign": HIDDEN, "from": 1, "to": SMALL, "interval": SPAN}
    return found


def _settings(scenario: Scenario) -> dict[str, Any]:
    return scenario.model_dump(
        mode="json", include={"id", "rules_on", "mechanism", "leader", "seed", "seats", "offers"}
    )
