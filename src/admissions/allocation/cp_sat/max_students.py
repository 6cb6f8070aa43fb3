"""``max_students``: how many of a service can be away, and who of it goes first."""

from __future__ import annotations

from collections.abc import Sequence

from admissions.allocation.cp_sat.model import PlanModel, Rows
from admissions.allocation.cp_sat.quotas import keep_maximum
from admissions.allocation.problem import Problem


def constrain_away(plans: PlanModel, problem: Problem) -> None:
    """At most so many of a service hold offers in all.

    With one order, those behind are excused while enough of those before them are away; where the
    leader orders offerings apart, the limit is a maximum as any other.
    """
    members: dict[int, Rows] = {}
    for a, service in enumerate(problem.service.tolist()):
        members.setdefault(service, []).append(a)
    for limit in problem.away:
        every = members.get(limit.service, [])
        rows = [a for a in every if int(problem.person[a]) not in limit.exempt]
        if limit.order is None:
            keep_maximum(plans, problem, rows, limit.maximum, plans.forbid)
        else:
            plans.model.add(plans.total(rows) <= limit.maximum)
            _in_turn(plans, limit.order, limit.maximum, counted=problem.ties == "reject-all")


def _in_turn(plans: PlanModel, order: Sequence[int], maximum: int, *, counted: bool) -> None:
    """Excuses each person of ``order`` while ``maximum`` of those before them hold offers.

    ``counted``: who wants in is counted, so that who is not excused must be known too.
    """
    before: Rows = []
    for place, person in enumerate(order):
        own = plans.own.get(person, [])
        if place >= maximum and own:
            enough = plans.at_least(before, maximum)
            fewer = [plans.at_most(before, maximum - 1)] if counted else []
            for a in own:
                plans.excuse(a, enough)
                for literal in fewer:
                    plans.not_excused(a, literal)
        before += own
