"""Maxima over several offerings: quotas, and services whose leader orders offerings apart."""

from __future__ import annotations

from collections.abc import Callable

from ortools.sat.python.cp_model_helper import Literal

from admissions.allocation.cp_sat.model import PlanModel, Rows
from admissions.allocation.problem import Problem


def constrain_quotas(plans: PlanModel, problem: Problem) -> None:
    """At most so many offers over several offerings together.

    A full quota forbids an offer that is unused; not the seat of somebody behind.
    """
    offering = problem.offering.tolist()
    for quota in problem.quotas:
        rows = [a for a, o in enumerate(offering) if o in quota.offerings]
        keep_maximum(plans, problem, rows, quota.seats, plans.fill_quota)


def keep_maximum(
    plans: PlanModel,
    problem: Problem,
    rows: Rows,
    maximum: int,
    forbid: Callable[[int, Literal], None],
) -> None:
    """At most ``maximum`` of ``rows``; that forbids whoever holds none of them one more.

    Whoever holds one already leaves it: an exchange of theirs adds nothing.
    """
    plans.model.add(plans.total(rows) <= maximum)
    full = plans.at_least(rows, maximum)
    counted: dict[int, Rows] = {}
    for a in rows:
        counted.setdefault(int(problem.person[a]), []).append(a)
    for own in counted.values():
        if len(own) > 1:
            without_own = plans.new()
            plans.model.add_implication(without_own, full)
            for b in own[1:]:
                plans.model.add_implication(without_own, ~plans.held[b])
            for a in own[:-1]:
                forbid(a, without_own)
        forbid(own[-1], full)
