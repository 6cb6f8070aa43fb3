"""Groups: so many of a service together at one offering, or none."""

from __future__ import annotations

from admissions.allocation.cp_sat.model import PlanModel
from admissions.allocation.objectives import group_rows
from admissions.allocation.problem import Problem


def constrain_groups(plans: PlanModel, problem: Problem) -> None:
    """Each group is large enough or absent; whom an absent one keeps waiting is excused.

    Whoever waits so is *set aside*; how many is an objective.
    """
    counted = "set-aside" in problem.pursued
    for group in problem.groups:
        rows = group_rows(problem, group.service, group.offering).tolist()
        placed = plans.at_least(rows, group.at_least)
        for a in rows:
            plans.model.add_implication(plans.held[a], placed)
            plans.excuse(a, ~placed)
            if counted:
                aside = plans.new()
                plans.model.add_bool_or([aside, placed, *plans.satisfying(a)])
                plans.aside.append(aside)
