"""Runs CP-SAT on one model: within a time, watched, and so that Ctrl-C stops it."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from admissions.allocation.problem import Progress, Watch
from admissions.model.errors import NotProvenError
from admissions.model.messages import Message, message
from admissions.rulebooks.objectives import Sense

QUICK_EFFORT = 20.0
"""How long (in CP-SAT's deterministic seconds) one worker tries without presolve."""

WORKERS = 8
"""How many workers go on after that: as many as CP-SAT's strategies that complement each other."""

_TICK_SECONDS = 0.1


def sought(name: str) -> Message:
    """What is proven of ``name``, an objective or another entry of ``[sought]``, in words."""
    return message(f"solving.sought.{name}")


class Search:
    """Solves one model again and again, as constraints are added to it.

    Clauses that propagate well need no presolve, and most rounds are decided by propagation alone:
    so one worker without presolve tries first. What it cannot prove soon is left to CP-SAT's
    whole portfolio, from then on; so is what needs a bound and not propagation. Which of them
    proves a value cannot change it.
    """

    def __init__(self, workers: int | None, seconds: float, watch: Watch | None) -> None:
        self._watch = watch
        self._limit = self._left = seconds
        self._workers = workers
        self._solver = cp_model.CpSolver()
        self._gap: tuple[float, float] | None = None
        self.take(cp_model.CpModel(), quick=True)

    def take(self, model: cp_model.CpModel, *, quick: bool) -> None:
        """Goes on with another model, in the time that is left; ``quick``: first as above."""
        self._model = model
        self._quick = quick
        self._solver.parameters = (_quick if quick else _thorough)(self._workers)

    def has_a_plan(self, sought: Message) -> bool:
        """Whether any plan meets the model. Raises NotProvenError when that is undecided."""
        status = self._solved(self._model, sought)
        if status == cp_model.UNKNOWN:
            raise self._out_of_time(sought)
        if status == cp_model.INFEASIBLE:
            return False
        self.hint(list(self._solver.response_proto.solution))
        return True

    def has_another(self, literals: Sequence[int], sought: Message) -> bool:
        """Whether a plan meets the model and one of ``literals`` (positions; ~ negates) too."""
        with_more = self._model.clone()
        with_more.proto.constraints.add().bool_or.literals.extend(literals)
        status = self._solved(with_more, sought)
        if status == cp_model.UNKNOWN:
            raise self._out_of_time(sought)
        return status != cp_model.INFEASIBLE

    def optimise(
        self, sought: Message, sense: Sense, variables: Sequence[int], coefficients: Sequence[int]
    ) -> int:
        """The proven best sum of ``coefficients`` times ``variables``, fixed from here on.

        Raises NotProvenError: infeasible, out of time, unproven or stopped.
        """
        value = self.best(sought, sense, variables, coefficients)
        self.fix(variables, coefficients, value)
        return value

    def best(
        self, sought: Message, sense: Sense, variables: Sequence[int], coefficients: Sequence[int]
    ) -> int:
        """As ``optimise``, but nothing is fixed."""
        total = self._total(variables, coefficients)
        (self._model.maximize if sense == "max" else self._model.minimize)(total)
        status = self._solved(self._model, sought)
        if status == cp_model.INFEASIBLE:
            raise NotProvenError("infeasible", message("solving.infeasible"))
        if status != cp_model.OPTIMAL:
            if self._gap is None:
                raise self._out_of_time(sought)
            found, bound = self._gap
            raise NotProvenError(
                "unproven",
                message(
                    "solving.unproven", sought=sought, found=found, bound=bound, seconds=self._limit
                ),
            )
        value = round(self._solver.objective_value)
        self._model.clear_objective()  # type: ignore[no-untyped-call]
        self.hint(list(self._solver.response_proto.solution))
        return value

    def fix(self, variables: Sequence[int], coefficients: Sequence[int], value: int) -> None:
        """From here on the sum of ``coefficients`` times ``variables`` is ``value``."""
        self._model.add(self._total(variables, coefficients) == value)

    def at_least(self, variables: Sequence[int], coefficients: Sequence[int], least: int) -> None:
        """From here on the sum of ``coefficients`` times ``variables`` is at least ``least``."""
        self._model.add(self._total(variables, coefficients) >= least)

    def _total(self, variables: Sequence[int], coefficients: Sequence[int]) -> cp_model.LinearExprT:
        found = [self._model.get_int_var_from_proto_index(v) for v in variables]
        return cp_model.LinearExpr.weighted_sum(found, coefficients)

    def values(self, count: int) -> NDArray[np.bool_]:
        """Which of the first ``count`` variables are true in the last plan found."""
        return np.array(self._solver.response_proto.solution, dtype=np.bool_)[:count]

    def hint(self, solution: Sequence[int]) -> None:
        """Begins the next search at ``solution``, the values of the first variables."""
        self._model.clear_hints()  # type: ignore[no-untyped-call]
        hint = self._model.proto.solution_hint
        hint.vars.extend(range(len(solution)))
        hint.values.extend(solution)

    def _solved(self, model: cp_model.CpModel, sought: Message) -> cp_model.CpSolverStatus:
        self._gap = None
        status = self._run(model, sought)
        decided = status in (cp_model.OPTIMAL, cp_model.INFEASIBLE)
        if self._quick and not decided:
            self._keep_gap(status)
            self._quick = False
            self._solver.parameters = _thorough(self._workers)
            status = self._run(model, sought)
        self._keep_gap(status)
        if status == cp_model.MODEL_INVALID:
            raise AssertionError(model.validate())
        return status

    def _keep_gap(self, status: cp_model.CpSolverStatus) -> None:
        """Remembers the best plan found and the bound, and begins there when it goes on."""
        if status == cp_model.FEASIBLE:
            self._gap = self._solver.objective_value, self._solver.best_objective_bound
            self.hint(list(self._solver.response_proto.solution))

    def _run(self, model: cp_model.CpModel, sought: Message) -> cp_model.CpSolverStatus:
        """Solves in a thread, so that this one hears of Ctrl-C and tells how far the search is."""
        if self._left <= 0:
            raise self._out_of_time(sought)
        self._solver.parameters.max_time_in_seconds = self._left
        found = _Found()
        self._solver.best_bound_callback = found.bounded
        with ThreadPoolExecutor(1) as pool:
            solving = pool.submit(self._solver.solve, model, found)
            try:
                status = self._awaited(solving, sought, found)
            except BaseException as error:
                self._solver.stop_search()
                if isinstance(error, KeyboardInterrupt):
                    raise NotProvenError(
                        "stopped",
                        message("solving.stopped", sought=sought),
                    ) from None
                raise
        self._left -= self._solver.wall_time
        return status

    def _awaited(
        self, solving: Future[cp_model.CpSolverStatus], sought: Message, found: _Found
    ) -> cp_model.CpSolverStatus:
        waited = self._limit - self._left
        while True:
            try:
                return solving.result(timeout=_TICK_SECONDS)
            except TimeoutError:
                if solving.done():
                    raise
            waited += _TICK_SECONDS
            if self._watch is not None:
                self._watch(Progress(sought, found.best, found.bound, waited))

    def _out_of_time(self, sought: Message) -> NotProvenError:
        return NotProvenError(
            "timed-out",
            message("solving.timed-out", sought=sought, seconds=self._limit),
        )


class _Found(cp_model.CpSolverSolutionCallback):
    """The best value so far and the bound on it; told by the solver, from threads of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.best: float | None = None
        self.bound: float | None = None

    def on_solution_callback(self) -> None:
        self.best = self.objective_value

    def bounded(self, bound: float) -> None:
        self.bound = bound


def _quick(workers: int | None) -> cp_model.SatParameters:
    parameters = _thorough(workers or 1)
    parameters.cp_model_presolve = False
    parameters.linearization_level = 0
    parameters.symmetry_level = 0
    parameters.max_deterministic_time = QUICK_EFFORT
    return parameters


def _thorough(workers: int | None) -> cp_model.SatParameters:
    parameters = cp_model.CpSolver().parameters
    parameters.num_workers = workers or WORKERS
    parameters.random_seed = 0
    parameters.catch_sigint_signal = False
    return parameters
