"""Which plans keep every limit, and which pairs block each of them: every constraint, assembled."""

from __future__ import annotations

import numpy as np

from admissions.allocation.cp_sat.classes import constrain_class
from admissions.allocation.cp_sat.groups import constrain_groups
from admissions.allocation.cp_sat.max_students import constrain_away
from admissions.allocation.cp_sat.maxima import constrain_by_rank
from admissions.allocation.cp_sat.model import PlanModel, Sought
from admissions.allocation.cp_sat.offering import Offering
from admissions.allocation.cp_sat.quotas import constrain_quotas
from admissions.allocation.cp_sat.reserves import Reserves
from admissions.allocation.cp_sat.score_limits import constrain_together
from admissions.allocation.problem import Problem


def stability_model(problem: Problem, sought: Sought) -> PlanModel:
    """The plans of ``problem`` that keep every limit, with their blocking pairs.

    What excuses a pair stands before the offerings, whose clauses name it.
    """
    plans = PlanModel(problem, sought)
    constrain_quotas(plans, problem)
    constrain_away(plans, problem)
    constrain_groups(plans, problem)
    by_rank = np.lexsort((problem.rank, problem.offering))
    ends = np.searchsorted(problem.offering[by_rank], np.arange(1, len(problem.offerings)))
    for number, rows in enumerate(np.split(by_rank, ends)):
        if len(rows):
            _constrain(Offering(plans, problem, number, rows.tolist()), problem)
    return plans


def _constrain(at: Offering, problem: Problem) -> None:
    """The offering's limits and, for each way into it, the clause that forbids it."""
    constrain_class(at)
    if problem.ties != "lottery":
        ranks = {a: int(problem.rank[a]) for a in at.rows}
        constrain_together(at, ranks, accepting=problem.ties == "accept-all")
        return
    at.plans.model.add(at.plans.total(at.rows) <= at.offers)
    full = at.plans.at_least(at.rows, at.offers)
    if at.reserves:
        Reserves(at, full).constrain()
    else:
        constrain_by_rank(at, full)
