"""CP-SAT: stability as constraints, objectives in order, each proven before the next.

The only package that imports OR-Tools.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from admissions.allocation.cp_sat.stability import StabilityModel
from admissions.errors import NotProvenError
from admissions.plan import Objective, Plan, Problem, SolverReport

TIME_LIMIT_SECONDS = 600.0


@dataclass(frozen=True)
class _Goal:
    name: str
    sense: str
    coefficients: NDArray[np.int64]


def solve(
    problem: Problem, *, workers: int = 1, seconds: float = TIME_LIMIT_SECONDS
) -> tuple[Plan, SolverReport]:
    """The best plan by all objectives in order, and the proof that it is the only one.

    1. A plan without a blocking pair is asked for; only where none exists is their number
    minimised. 2. Each further objective is optimised, proven, and fixed. 3. The plan found is
    forbidden, and that no other is as good must be proven.

    Raises NotProvenError (infeasible, timed out, unproven): none of these is an allocation.
    """
    model = _Solving(problem, workers, seconds, stable=True)
    blocking = 0
    if not model.has_a_plan():
        model = _Solving(problem, workers, seconds, stable=False)
        blocking = model.fewest_blocking_pairs()
    goals = (
        _Goal("offers-used", "max", np.ones(len(problem.person), dtype=np.int64)),
        *_service_order(problem),
        _Goal("preferences", "min", problem.preference),
        _Goal("tie", "max", problem.weight),
    )
    proven = [Objective(goal.name, goal.sense, model.optimise(goal)) for goal in goals]
    held = model.plan()
    report = SolverReport(
        "cp-sat",
        "OPTIMAL",
        (Objective("blocking-pairs", "min", blocking), *proven),
        unique=model.no_other_than(held),
    )
    return Plan(held=held, released=np.zeros(len(held), dtype=np.bool_)), report


def _service_order(problem: Problem) -> list[_Goal]:
    """Who of a service goes is its leader's to say: the least sum of places in the order.

    Only where a service with a maximum over all offerings has one order. Without it a colleague
    behind could go in a plan that is as stable, because lottery or wish numbers prefer it.
    """
    orders = [limit.order for limit in problem.away if limit.order is not None]
    if not orders:
        return []
    place = np.zeros(problem.persons, dtype=np.int64)
    for order in orders:
        place[list(order)] = np.arange(1, len(order) + 1)
    return [_Goal("service-order", "min", place[problem.person])]


class _Solving:
    """The model of one problem, its solver, and the last plan found."""

    def __init__(self, problem: Problem, workers: int, seconds: float, *, stable: bool) -> None:
        stability = StabilityModel(problem, stable=stable)
        self._model = stability.model
        self._held = stability.held
        self._blocking = stability.blocking
        self._solver = cp_model.CpSolver()
        self._solver.parameters.num_workers = workers
        self._solver.parameters.random_seed = 0
        self._solver.parameters.max_time_in_seconds = seconds
        self._solver.parameters.catch_sigint_signal = False

    def has_a_plan(self) -> bool:
        """Whether any plan meets the model. Raises NotProvenError when that is undecided."""
        status = self._solver.solve(self._model)
        if status not in (cp_model.INFEASIBLE, cp_model.FEASIBLE, cp_model.OPTIMAL):
            raise self._unproven("whether a plan exists", status)
        return bool(status != cp_model.INFEASIBLE)

    def fewest_blocking_pairs(self) -> int:
        """The proven least number of blocking pairs, which is fixed from here on."""
        pairs = cp_model.LinearExpr.sum(self._blocking)
        self._model.minimize(pairs)
        self._prove("blocking-pairs")
        fewest = sum(self._solver.boolean_value(pair) for pair in self._blocking)
        self._model.add(pairs == fewest)
        return fewest

    def optimise(self, goal: _Goal) -> int:
        """The proven best value of ``goal``, which is fixed from here on."""
        total = cp_model.LinearExpr.weighted_sum(self._held, goal.coefficients.tolist())
        (self._model.maximize if goal.sense == "max" else self._model.minimize)(total)
        self._prove(goal.name)
        value = int(goal.coefficients[self.plan()].sum())
        self._model.add(total == value)
        self._model.clear_hints()  # type: ignore[no-untyped-call]
        for var, chosen in zip(self._held, self.plan().tolist(), strict=True):
            self._model.add_hint(var, chosen)
        return value

    def no_other_than(self, held: NDArray[np.bool_]) -> bool:
        """True when no other plan is as good on every objective.

        Raises NotProvenError when that is undecided.
        """
        self._model.clear_objective()  # type: ignore[no-untyped-call]
        pairs = zip(self._held, held.tolist(), strict=True)
        self._model.add_bool_or([~var if chosen else var for var, chosen in pairs])
        return not self.has_a_plan()

    def plan(self) -> NDArray[np.bool_]:
        """The last plan found, bool (m,)."""
        return np.array([self._solver.boolean_value(var) for var in self._held], dtype=np.bool_)

    def _prove(self, name: str) -> None:
        status = self._solver.solve(self._model)
        if status == cp_model.INFEASIBLE:
            raise NotProvenError("infeasible", "No plan meets all limits; nothing is allocated.")
        if status != cp_model.OPTIMAL:
            raise self._unproven(name, status)

    def _unproven(self, name: str, status: cp_model.CpSolverStatus) -> NotProvenError:
        found = status == cp_model.FEASIBLE
        bound = f", bound {self._solver.best_objective_bound:g}" if found else ""
        return NotProvenError(
            "unproven" if found else "timed-out",
            f"{name}: not proven in {self._solver.parameters.max_time_in_seconds:g} s{bound}; "
            "nothing is allocated. Maybe use --solver deferred-acceptance where it is exact.",
        )
