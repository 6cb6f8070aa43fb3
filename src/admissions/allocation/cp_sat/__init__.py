"""CP-SAT: stability as constraints, objectives in order, each proven before the next.

The only package that imports OR-Tools.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from admissions.allocation.cp_sat.model import Pairs, PlanModel, Sought
from admissions.allocation.cp_sat.search import Search, sought
from admissions.allocation.cp_sat.stability import stability_model
from admissions.allocation.objectives import value
from admissions.allocation.problem import (
    NO_LIMIT,
    Objective,
    Plan,
    Problem,
    Reduction,
    SolverReport,
    Watch,
)
from admissions.rulebooks.objectives import SENSES, ObjectiveName


def solve(
    problem: Problem,
    *,
    workers: int | None = None,
    seconds: float = 600.0,
    watch: Watch | None = None,
    reduction: Reduction | None = None,
    hint: NDArray[np.bool_] | None = None,
    placed: Sequence[int] = (),
) -> tuple[Plan, SolverReport]:
    """The best plan by all objectives in order, and the proof that it is the only one.

    1. Where blocking pairs come first, a plan without one is asked for; only where none exists
    is their number minimised. Reserves are kept whatever comes first; where no plan keeps them all,
    as few people as can be lack a seat that is reserved for them. 2. Each further objective is
    optimised, proven, and fixed. 3. The
    plan found is forbidden, and that no other is as good must be proven. (After the first
    objective that is tried too, unless a hint says that plans are many: when no other plan is
    left, nothing is left to optimise.)

    ``seconds`` are for all of it; ``watch`` is told how far it is; what ``reduction`` proves
    impossible is left out of the model; ``hint``, bool (m,), is a plan to try first, which decides
    nothing; ``placed``: persons (positions) who hold something in every plan that is thought of.
    Raises NotProvenError (infeasible, timed out, unproven, stopped): none of these is an
    allocation.
    """
    everything = np.ones(len(problem.person), dtype=np.bool_)
    rows = everything if reduction is None else reduction.possible
    proven = [] if reduction is None else np.flatnonzero(reduction.placed).tolist()
    solving = _Solving(problem.among(rows), [*proven, *placed], (workers, seconds, watch))
    if hint is not None:
        solving.try_first(hint[rows])
    names = problem.pursued
    values = [solving.optimise(names[0])]
    unique = hint is None and solving.only()
    further = solving.value if unique else solving.optimise
    values += [further(name) for name in names[1:]]
    held = np.zeros(len(problem.person), dtype=np.bool_)
    held[rows] = solving.held
    report = SolverReport(
        "cp-sat",
        "OPTIMAL",
        tuple(Objective(n, SENSES[n], v) for n, v in zip(names, values, strict=True)),
        unique=unique or solving.only(),
        model="unreduced" if reduction is None else "reduced",
        left_out=int(np.count_nonzero(~rows)),
    )
    return Plan(held=held, released=np.zeros(len(held), dtype=np.bool_)), report


class _Solving:
    """The search for one problem's plan; ``held``, bool (m,), is the last one found."""

    def __init__(
        self,
        problem: Problem,
        placed: Sequence[int],
        means: tuple[int | None, float, Watch | None],
    ) -> None:
        self._problem = problem
        self._placed = placed
        self._proven: list[tuple[ObjectiveName, int]] = []
        self._search = Search(*means)
        self._lacking: int | None = None
        self.held = np.zeros(len(problem.person), dtype=np.bool_)
        first, minimum = problem.limits.service_first, problem.limits.region_minimum
        self._reserving = bool((first != NO_LIMIT).any() or minimum.any())
        fair = problem.pursued[0] == "blocking-pairs"
        self._plans = self._model(Pairs.FORBIDDEN if fair else Pairs.IGNORED)
        if not fair:
            self._keep_reserves(Pairs.IGNORED)

    def _model(self, pairs: Pairs, *, reserves_kept: bool = True) -> PlanModel:
        """The model to go on with; what is proven stays fixed."""
        plans = stability_model(self._problem, Sought(pairs, reserves_kept))
        plans.place(self._placed)
        self._search.take(plans.model, quick=pairs is Pairs.FORBIDDEN)
        for name, best in self._proven:
            self._search.fix(*plans.objective(name), best)
        return plans

    def _keep_reserves(self, pairs: Pairs) -> None:
        """Every reserve is a constraint; where no plan keeps all, as few lack seats as can be."""
        self._plans = self._model(pairs)
        if not self._reserving or self._lacking == 0:
            return
        if self._lacking is None and self._search.has_a_plan(sought("every-reserve")):
            self._lacking = 0
            return
        self._plans = self._model(pairs, reserves_kept=False)
        lacking = [one.index for one in self._plans.lacking], [1] * len(self._plans.lacking)
        if self._lacking is None:
            self._lacking = self._search.optimise(sought("fewest-lacking"), "min", *lacking)
        else:
            self._search.fix(*lacking, self._lacking)

    def try_first(self, held: NDArray[np.bool_]) -> None:
        """Begins the search at the plan ``held``, bool (m,)."""
        self._search.hint(held.astype(np.int64).tolist())

    def optimise(self, name: ObjectiveName) -> int:
        """The proven best value of the objective, which is fixed from here on."""
        if name == "blocking-pairs" and self._without_blocking_pairs():
            return 0
        found = self._search.optimise(sought(name), SENSES[name], *self._plans.objective(name))
        self.held = self._search.values(len(self.held))
        self._proven.append((name, found))
        return found

    def _without_blocking_pairs(self) -> bool:
        """Whether a plan has none; only where none has, they are counted from here on."""
        if self._plans.pairs is not Pairs.FORBIDDEN:
            self._plans = self._model(Pairs.FORBIDDEN)
        if self._search.has_a_plan(sought("no-pairs")):
            self.held = self._search.values(len(self.held))
            return True
        self._keep_reserves(Pairs.COUNTED)
        return False

    def value(self, name: ObjectiveName) -> int:
        """What the plan found is worth, where it is the only one."""
        if name == "blocking-pairs":
            return self.optimise(name)
        return value(self._problem, name, self.held)

    def only(self) -> bool:
        """Whether no other plan is as good as the one found. Raises NotProvenError if undecided."""
        other = np.where(self.held, ~np.arange(len(self.held)), np.arange(len(self.held)))
        return not self._search.has_another(other.tolist(), sought("no-other"))
