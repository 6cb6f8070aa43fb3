"""The frontier between merit and spread of one round."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from admissions.allocation.build_problem import build_problem
from admissions.allocation.problem import Point, Watch
from admissions.allocation.run import Run, allocate
from admissions.model.errors import UsageError
from admissions.model.messages import message
from admissions.model.round import Round
from admissions.rulebooks.scenario import ResolvedScenario


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
            message(
                "comparing.frontier-coordinated", scenario=settings.id, mechanism=settings.mechanism
            )
        )
    from admissions.allocation.cp_sat.frontier import frontier

    merit = allocate(round_, scenario, seconds=seconds, watch=watch)
    problem = build_problem(round_, _counting_municipalities(scenario), merit.rankings)
    points = frontier(problem, merit.plan.held, seconds=seconds, watch=watch)
    municipality = problem.worth["spread-breadth"].group
    return Frontier(merit, len(np.unique(municipality[municipality >= 0])), tuple(points))


def _counting_municipalities(scenario: ResolvedScenario) -> ResolvedScenario:
    return scenario.with_settings(objectives=("spread-breadth", "tie"))
