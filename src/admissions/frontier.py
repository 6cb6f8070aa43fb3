"""The frontier between merit and spread of one round, and the folder that holds it."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from admissions.errors import UsageError
from admissions.plan import Point, Watch
from admissions.problem import build_problem
from admissions.result import whole_folder, write_texts
from admissions.round import Round
from admissions.run import Run, decide
from admissions.scenario import ResolvedScenario, rules_tomls, scenario_toml
from admissions.vocabulary import Language

SIGN = "frontier.csv"
"""The file that tells a frontier's folder from others."""


@dataclass(frozen=True, eq=False)
class Frontier:
    """What it costs in ranking to represent more municipalities than the merit plan does.

    ``merit`` is the plan of the scenario; ``qualified`` the municipalities with a qualified
    applicant; ``points`` rise by one municipality each, from the merit plan's, and are all proven.
    """

    merit: Run
    qualified: int
    points: tuple[Point, ...]


def spread_frontier(
    round_: Round, scenario: ResolvedScenario, *, seconds: float = 600.0, watch: Watch | None = None
) -> Frontier:
    """The frontier of ``round_`` under ``scenario``, in ``seconds`` for each of its two parts.

    Raises UsageError for a mechanism that no solver serves, and NotProvenError.
    """
    settings = scenario.scenario
    if settings.mechanism != "coordinated":
        raise UsageError(
            f"scenario {settings.id!r} uses the {settings.mechanism} mechanism; the frontier needs "
            "the coordinated one. Maybe use --scenario coordinated-2019."
        )
    from admissions.allocation.cp_sat.frontier import frontier

    merit = decide(round_, scenario, seconds=seconds, watch=watch)
    problem = build_problem(round_, _counting_municipalities(scenario), merit.rankings)
    points = frontier(problem, merit.plan.held, seconds=seconds, watch=watch)
    municipality = problem.worth["spread-breadth"].group
    return Frontier(merit, len(np.unique(municipality[municipality >= 0])), tuple(points))


def _counting_municipalities(scenario: ResolvedScenario) -> ResolvedScenario:
    settings = scenario.scenario.model_copy(update={"objectives": ("spread-breadth", "tie")})
    return ResolvedScenario(settings, scenario.rules_on, scenario.rulebooks, scenario.versions)


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


def write_frontier(
    frontier: Frontier,
    out: Path,
    *,
    language: Language,
    overwrite: bool = False,
    source: Path | None = None,
) -> None:
    """Writes the folder ``out``: the points as CSV, a page, and the scenario with its rules."""
    from admissions.report.frontier import frontier_html

    scenario = frontier.merit.scenario
    with whole_folder(out, overwrite=overwrite, sign=SIGN, unlike=source) as folder:
        (folder / SIGN).write_bytes(frontier_csv(frontier).encode("utf-8-sig"))
        page = frontier_html(frontier, language)
        write_texts({"report.html": page, "scenario.toml": scenario_toml(scenario)}, folder)
        rules = {f"{name}.toml": text for name, text in rules_tomls(scenario).items()}
        write_texts(rules, folder / "rules")
