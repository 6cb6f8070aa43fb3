"""The folder of a frontier between merit and spread."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from admissions.comparison.spread_frontier import Frontier
from admissions.model.vocabulary import Language
from admissions.report.frontier import frontier_html
from admissions.results.files import whole_folder, write_texts
from admissions.rulebooks.scenario import rules_tomls, scenario_toml

SIGN = "frontier.csv"
"""The file that tells a frontier's folder from others."""


def write_frontier(
    frontier: Frontier,
    out: Path,
    *,
    language: Language,
    overwrite: bool = False,
    source: Path | None = None,
) -> None:
    """Writes the folder ``out``: the points as CSV, a page, and the scenario with its rules."""
    scenario = frontier.merit.scenario
    with whole_folder(out, overwrite=overwrite, sign=SIGN, unlike=source) as folder:
        (folder / SIGN).write_bytes(frontier_csv(frontier).encode("utf-8-sig"))
        page = frontier_html(frontier, language)
        write_texts({"report.html": page, "scenario.toml": scenario_toml(scenario)}, folder)
        rules = {f"{name}.toml": text for name, text in rules_tomls(scenario).items()}
        write_texts(rules, folder / "rules")


def frontier_csv(frontier: Frontier) -> str:
    """A line a point: municipalities, the least loss, and how much more than one before."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(("municipalities", "loss", "more"))
    before = frontier.points[0].loss
    for point in frontier.points:
        rows.writerow((point.municipalities, point.loss, point.loss - before))
        before = point.loss
    return out.getvalue()
