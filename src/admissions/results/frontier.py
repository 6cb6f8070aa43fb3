"""The result of a frontier between merit and spread as files."""

from __future__ import annotations

from admissions.comparison.spread_frontier import Frontier
from admissions.model.files import Files, MadeFiles
from admissions.model.vocabulary import Language
from admissions.report.frontier import frontier_html, frontier_table
from admissions.results.files import scenario_files

SIGN = "frontier.csv"
"""The file that tells a frontier's folder from others."""


def frontier_files(frontier: Frontier, *, language: Language) -> Files:
    """The points as CSV, a page, and the scenario with its rules."""
    own = scenario_files(frontier.merit.scenario)
    return MadeFiles(
        {
            SIGN: frontier_table(frontier).csv_file,
            "report.html": lambda: frontier_html(frontier, language).encode(),
            **own,
        }
    )
