"""CP-SAT: the stable plan as constraints, objectives in order, each proven before the next.

The only module that imports OR-Tools. A plan is stable exactly when cutoffs exist that explain it
(Azevedo & Leshno 2016): whoever stands above the cutoff of an offering could have had it, and
everyone holds the most wanted offering they could have had. So for each application ``a``:

- ``could[a]``: its person could have had the offering; down each list (at an offering with
  reserved seats: down each region's list) it never turns true again once it is false;
- ``held[a]``: could, and could not have had anything wanted more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from admissions.errors import NotProvenError
from admissions.plan import Objective, Plan, Problem, SolverReport

TIME_LIMIT_SECONDS = 600.0

Literal = cp_model.IntVar


@dataclass(frozen=True)
class _Goal:
    name: str
    sense: str
    coefficients: NDArray[np.int64]


def solve(
    problem: Problem, *, workers: int = 1, seconds: float = TIME_LIMIT_SECONDS
) -> tuple[Plan, SolverReport]:
    """The best stable plan by all objectives in order, and the proof that it is the only one.

    1. Every stable plan is a solution of the model; blocking pairs are 0 by constraint. 2. Each
    objective is optimised, proven, and fixed. 3. The plan found is forbidden, and that no other is
    as good must be proven.

    Raises NotProvenError (infeasible, timed out, unproven): none of these is an allocation.
    """
    model = _Model(problem, workers, seconds)
    ones = np.ones(len(problem.person), dtype=np.int64)
    goals = (
        _Goal("offers-used", "max", ones),
        _Goal("preferences", "min", problem.preference),
        _Goal("tie", "max", problem.weight),
    )
    proven = [Objective(goal.name, goal.sense, model.optimise(goal)) for goal in goals]
    held = model.plan()
    unique = model.no_other_than(held)
    plan = Plan(held=held, released=np.zeros(len(held), dtype=np.bool_))
    return plan, SolverReport(
        "cp-sat", "OPTIMAL", (Objective("blocking-pairs", "min", 0), *proven), unique=unique
    )


class _Model:
    """The model of one problem, its solver, and the last plan found."""

    def __init__(self, problem: Problem, workers: int, seconds: float) -> None:
        self._problem = problem
        self._model = cp_model.CpModel()
        self._solver = cp_model.CpSolver()
        self._solver.parameters.num_workers = workers
        self._solver.parameters.random_seed = 0
        self._solver.parameters.max_time_in_seconds = seconds
        count = len(problem.person)
        new = self._model.new_bool_var
        self._held = [new("") for _ in range(count)]
        self._could = [new("") for _ in range(count)]
        self._persons_take_the_best_they_could_have()
        minima = problem.region_minima()
        for offering in range(len(problem.offerings)):
            self._cutoffs(offering, minima[offering])

    def _persons_take_the_best_they_could_have(self) -> None:
        add = self._model.add_bool_or
        starts = self._problem.preference == 1
        better: list[Literal] = []
        for a, begins in enumerate(starts):
            better = [] if begins else better
            held, could = self._held[a], self._could[a]
            self._model.add_implication(held, could)
            for wanted_more in better:
                self._model.add_implication(held, ~wanted_more)
            add([held, ~could, *better])
            better = [*better, could]

    def _cutoffs(self, offering: int, minima: NDArray[np.int64]) -> None:
        problem, model = self._problem, self._model
        rows = np.flatnonzero(problem.offering == offering)
        rows = rows[np.argsort(problem.rank[rows], kind="stable")]
        offers = int(problem.offers[offering])
        model.add(self._total(rows) <= offers)
        if not len(rows):
            return
        if minima.any():
            self._cutoffs_by_region(rows, offers, minima)
            return
        self._never_again(self._could, rows)
        model.add(self._total(rows) + offers * self._could[rows[-1]] >= offers)

    def _cutoffs_by_region(
        self, rows: NDArray[np.int64], offers: int, minima: NDArray[np.int64]
    ) -> None:
        """Reserved seats first: a region's own cutoff may lie below the common one.

        It may do so only while the region holds no more than its reserve; and a region turns
        people away only with its reserve full. Where the reserves exceed the offers, a region
        whose reserve is not full turns away only whom every holder, all in reserves, outranks.
        """
        model, new = self._model, self._model.new_bool_var
        region = self._problem.region[rows]
        groups = {int(r): rows[region == r] for r in np.unique(region)}
        reserve = {r: min(int(minima[r]), len(members)) for r, members in groups.items()}
        common = {int(a): new("") for a in rows}
        self._never_again(common, rows)
        for a in rows:
            model.add_implication(common[int(a)], self._could[a])
        scarce = sum(reserve.values()) > offers
        outranked = {int(a): new("") for a in rows} if scarce else {}
        all_reserved = new("")
        if scarce:
            self._never_again(outranked, rows)
            for a in rows:
                model.add_implication(self._held[a], outranked[int(a)])
        for r, members in groups.items():
            total, last = self._total(members), self._could[members[-1]]
            self._never_again(self._could, members)
            model.add(self._total(rows) + offers * last >= offers)
            below = new("")
            for a in members:
                model.add_bool_or([~self._could[a], common[int(a)], below])
            model.add(total <= reserve[r]).only_enforce_if(below)
            full = new("")
            model.add(total >= reserve[r]).only_enforce_if(full)
            if not scarce:
                model.add_bool_or([last, full])
                continue
            model.add(total <= reserve[r]).only_enforce_if(all_reserved)
            for a in members:
                model.add_bool_or([self._could[a], full, all_reserved])
                model.add_bool_or([self._could[a], full, ~outranked[int(a)]])

    def _never_again(
        self, chain: Sequence[Literal] | dict[int, Literal], rows: NDArray[np.int64]
    ) -> None:
        for above, below in pairwise(rows.tolist()):
            self._model.add_implication(chain[below], chain[above])

    def _total(self, rows: NDArray[np.int64]) -> cp_model.LinearExprT:
        return cp_model.LinearExpr.sum([self._held[a] for a in rows])

    def optimise(self, goal: _Goal) -> int:
        """The proven best value of ``goal``, which is fixed from here on."""
        total = cp_model.LinearExpr.weighted_sum(self._held, goal.coefficients.tolist())
        (self._model.maximize if goal.sense == "max" else self._model.minimize)(total)
        status = self._solve()
        if status == cp_model.INFEASIBLE:
            raise NotProvenError("infeasible", "No plan meets all limits; nothing is allocated.")
        if status != cp_model.OPTIMAL:
            outcome = "unproven" if status == cp_model.FEASIBLE else "timed-out"
            raise NotProvenError(
                outcome,
                f"The objective {goal.name!r} was not proven in "
                f"{self._solver.parameters.max_time_in_seconds:g} s"
                f" (bound {self._solver.best_objective_bound:g}); nothing is allocated.",
            )
        value = sum(int(c) for c, h in zip(goal.coefficients, self.plan(), strict=True) if h)
        self._model.add(total == value)
        self._model.clear_hints()  # type: ignore[no-untyped-call]
        for var, chosen in zip(self._held, self.plan(), strict=True):
            self._model.add_hint(var, bool(chosen))
        return value

    def no_other_than(self, held: NDArray[np.bool_]) -> bool:
        """True when no other plan is as good on every objective.

        Raises NotProvenError when that is undecided.
        """
        self._model.clear_objective()  # type: ignore[no-untyped-call]
        self._model.add_bool_or(
            [~var if chosen else var for var, chosen in zip(self._held, held, strict=True)]
        )
        status = self._solve()
        if status not in (cp_model.INFEASIBLE, cp_model.FEASIBLE, cp_model.OPTIMAL):
            raise NotProvenError(
                "timed-out", "That no other plan is as good was not proven; nothing is allocated."
            )
        return bool(status == cp_model.INFEASIBLE)

    def plan(self) -> NDArray[np.bool_]:
        """The last plan found, bool (m,)."""
        return np.array([bool(self._solver.value(var)) for var in self._held], dtype=np.bool_)

    def _solve(self) -> cp_model.CpSolverStatus:
        return self._solver.solve(self._model)
