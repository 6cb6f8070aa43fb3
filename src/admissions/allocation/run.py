"""One run: from a round and a scenario to a decided plan, in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from admissions.allocation.build_problem import build_problem
from admissions.allocation.problem import Plan, Problem, Reduction, SolverReport, Watch
from admissions.model.errors import PromiseBrokenError, UsageError
from admissions.model.messages import message
from admissions.model.round import Round
from admissions.ranking.tables import RankingTable, rank_round
from admissions.rulebooks.scenario import ResolvedScenario, with_own_seats

Solver = Literal["cp-sat", "deferred-acceptance"]
How = Solver | Literal["fastest"] | None
"""By which solver: the one named, the fastest that is exact, or both (None)."""

LARGE = 5_000
"""With more people, what deferred acceptance proves impossible is left out of CP-SAT's model."""


@dataclass(frozen=True, eq=False)
class Run:
    """A round decided under a scenario: rankings, the problem they pose, and its plan."""

    round: Round
    scenario: ResolvedScenario
    rankings: Mapping[str, RankingTable]
    problem: Problem
    plan: Plan
    solvers: tuple[SolverReport, ...]


@dataclass(frozen=True)
class SolverOptions:
    """What a run may use: one solver alone, how many seconds it may take, who watches it.

    ``fastest``: whichever exact solver is, and nothing is proven twice. ``placed``: the persons
    (positions) who hold something in every plan that is thought of, where a limit over several
    offerings could send them away for others.
    """

    solver: How = None
    seconds: float = 600.0
    watch: Watch | None = None
    placed: tuple[int, ...] = ()


def allocate(
    round_: Round,
    scenario: ResolvedScenario,
    solver: Solver | None = None,
    *,
    seconds: float = 600.0,
    watch: Watch | None = None,
) -> Run:
    """Ranks and allocates. Without ``solver``: CP-SAT, and deferred acceptance beside it if exact.

    CP-SAT may take ``seconds``; ``watch`` is told how far it is.

    Raises UsageError for an empty round, or a solver named for a mechanism without one;
    NotProvenError when CP-SAT proves no optimum; PromiseBrokenError when the two solvers disagree.
    """
    if not len(round_.applications):
        raise UsageError(message("solving.no-applications"))
    return _allocated(round_, scenario, SolverOptions(solver, seconds, watch))


def allocate_fast(round_: Round, scenario: ResolvedScenario) -> Run:
    """The same plan as ``decide``, by the fastest way that is exact; nothing is proven twice."""
    return _allocated(round_, scenario, SolverOptions("fastest"))


def _allocated(round_: Round, scenario: ResolvedScenario, options: SolverOptions) -> Run:
    scenario = with_own_seats(scenario, round_)
    rankings = rank_round(round_, scenario)
    problem = build_problem(round_, scenario, rankings)
    plan, solvers = plan_by(problem, scenario, options)
    return Run(round_, scenario, rankings, problem, plan, solvers)


def plan_by(
    problem: Problem, scenario: ResolvedScenario, options: SolverOptions
) -> tuple[Plan, tuple[SolverReport, ...]]:
    """The plan of ``problem`` and what its solvers say."""
    settings, solver = scenario.scenario, options.solver
    if settings.mechanism != "coordinated":
        if solver not in (None, "fastest"):
            named = {"scenario": settings.id, "mechanism": settings.mechanism}
            raise UsageError(message("solving.nothing-to-solve", **named))
        from admissions.allocation import independent, serial

        if settings.mechanism == "serial":
            return serial.fill(problem), ()
        return independent.call(problem, settings.call_rounds), ()
    from admissions.allocation import deferred_acceptance

    alone = deferred_acceptance.not_exact(problem)
    exact = alone is None
    if solver == "deferred-acceptance" or (solver == "fastest" and exact):
        return deferred_acceptance.solve(problem), (_exact(),)
    from admissions.allocation import cp_sat

    plan, report = cp_sat.solve(
        problem,
        seconds=options.seconds,
        watch=options.watch,
        reduction=_reduction(problem),
        placed=options.placed,
        hint=None if exact else deferred_acceptance.a_stable_plan(problem),
    )
    if solver is not None or not exact:
        return plan, (replace(report, alone=alone),)
    beside = deferred_acceptance.solve(problem)
    if not np.array_equal(plan.held, beside.held):
        raise PromiseBrokenError(message("solving.disagree"))
    return plan, (replace(report, agrees=True), replace(_exact(), agrees=True))


def _reduction(problem: Problem) -> Reduction | None:
    """What deferred acceptance proves of a round that is too large for the whole model."""
    from admissions.allocation import reduction

    if problem.persons <= LARGE or reduction.why_not_reduced(problem) is not None:
        return None
    return reduction.reduced(problem)


def _exact() -> SolverReport:
    return SolverReport("deferred-acceptance", "EXACT")
