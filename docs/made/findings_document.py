"""The document: prose in a template, every figure looked up in a simulation."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined

from admissions.pool.population import population_of
from admissions.rulebooks.scenario_files import load_scenario
from docs.made.findings_assumed import DESIGNS, DRAWS
from docs.made.findings_figures import Figures

_YEAR = 2019
_BASE = "coordinated-2019"
TEMPLATE = Path(__file__).with_name("findings.md.jinja")


def findings_document(figures: Figures, run: Mapping[str, Any]) -> str:
    """``docs/findings.md`` from the figures of a simulation and its ``simulation.json``.

    Raises DataError where the simulation lacks a scenario or measure that the text speaks of.
    """
    environment = Environment(  # noqa: S701  Markdown of our own, no HTML
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    template = environment.from_string(TEMPLATE.read_text(encoding="utf-8"))
    return template.render(
        mean=figures.mean,
        difference=figures.difference,
        title=_title,
        draws=f"{run['draws']:,}",
        seed=run["seed"],
        scenarios=run["scenarios"],
        reference=run["reference"],
        against=run["against"],
        designs=DESIGNS,
        design_draws=DRAWS,
        orders=_orders(figures),
        order_percent=population_of(_YEAR).employers.leaders_with_order_percent.value,
    )


def _orders(figures: Figures) -> int:
    """How many services state an order in a round, on average, to the nearest ten."""
    met = figures.mean(_BASE, "leaders-first-wishes").mean
    share = figures.mean(_BASE, "leaders-first-wishes-share").mean
    return int(round(100 * met / share, -1))


def _title(scenario: str) -> str:
    title = load_scenario(scenario).title
    return title.en if title else scenario
