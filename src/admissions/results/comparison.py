"""The result of a comparison as files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from admissions.comparison.lottery import Redrawn, redrawn
from admissions.comparison.public import Ledger, public_hashes, public_tables
from admissions.comparison.runs import Comparison
from admissions.comparison.tables import (
    SECTOR_TABLE,
    aggregate_tables,
    applications_moved,
    person_table,
    side_by_side,
)
from admissions.model.files import Files, MadeFiles
from admissions.model.output_table import HIDDEN, OutputTable, Value
from admissions.model.version import __version__
from admissions.model.vocabulary import Language
from admissions.report.comparison import ComparisonReport
from admissions.results.files import json_file, scenario_files
from admissions.rulebooks.scenario import Scenario
from admissions.suppression import SMALL, SPAN

SIGN = "comparison.json"
"""The file that tells a comparison's folder from others."""


def comparison_files(
    comparison: Comparison, *, language: Language, public: bool, ledger: Ledger | None = None
) -> Files:
    """The files of a comparison, each made when it is asked for.

    Tables as CSV, ``report.html``, ``report.xlsx``, and each scenario with its rules. Not
    ``public``: persons, applications and the ranking rows side by side too. ``ledger``: what was
    published of the round before, and bears on what can be.
    """
    ledger = ledger or Ledger()
    earlier = ledger.publications
    tables = public_tables(comparison, earlier) if public else aggregate_tables(comparison)
    drawn = redrawn(comparison)
    if public:
        sums = next(table for table in tables if table.id == SECTOR_TABLE).records()[-1]
        drawn = {name: one for name, one in drawn.items() if _tells_nothing_hidden(name, one, sums)}
    hashes = dict(sorted(comparison.round.sha256.items()))
    inputs = public_hashes(hashes) if public else hashes
    report = ComparisonReport(
        comparison, tables, drawn, inputs, language, public, dict(ledger.sha256)
    )
    makers: dict[str, bytes | Callable[[], bytes]] = {
        f"{table.id}.csv": table.csv_file for table in tables
    }
    if not public:
        for name, table in (("persons", person_table), ("changes", applications_moved)):
            makers[f"{name}.csv"] = partial(_table_file, table, comparison)
        for name in comparison.round.offerings:
            makers[f"rankings/{name}.csv"] = partial(_side_file, comparison, name)
    makers["report.html"] = lambda: report.html().encode()
    makers["report.xlsx"] = report.workbook
    told = partial(_contents, comparison, tables, drawn, inputs)
    makers[SIGN] = lambda: json_file(told(ledger.sha256 if public else None))
    for run in comparison.runs:
        own = scenario_files(run.run.scenario)
        makers |= {f"scenarios/{run.id}/{name}": content for name, content in own.items()}
    return MadeFiles(makers)


def _table_file(table: Callable[[Comparison], OutputTable], comparison: Comparison) -> bytes:
    return table(comparison).csv_file()


def _side_file(comparison: Comparison, offering: str) -> bytes:
    return side_by_side(comparison, offering).csv_file()


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
    published: Mapping[str, str] | None,
) -> dict[str, Any]:
    """What ``SIGN`` says; ``published`` is None where the comparison stays in the office."""
    found: dict[str, Any] = {
        "program": {"name": "admissions", "version": __version__},
        "base": comparison.base.id,
        "against": {run.id: comparison.against[run.id] for run in comparison.others},
        "effects": {run.id: comparison.effect(run).value for run in comparison.others},
        "scenarios": [_settings(run.run.scenario.scenario) for run in comparison.runs],
        "public": published is not None,
        "inputs": inputs,
        "other_lotteries": {
            name: {"draws": one.draws, "won": one.won, "lost": one.lost}
            for name, one in drawn.items()
        },
        "tables": {table.id: table.records() for table in tables},
    }
    if published is None:
        found["changes_nobody"] = [r.id for r in comparison.others if comparison.changes_nobody(r)]
    else:
        found["published"] = published
        found["hidden"] = {"sign": HIDDEN, "from": 1, "to": SMALL, "interval": SPAN}
    return found


def _settings(scenario: Scenario) -> dict[str, Any]:
    return scenario.model_dump(
        mode="json", include={"id", "rules_on", "mechanism", "leader", "seed", "seats", "offers"}
    )
