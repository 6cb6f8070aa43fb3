"""What solvers, call rounds and verification say of one problem, held against the definitions."""

from __future__ import annotations

import random
from collections.abc import Iterator

import numpy as np

from admissions.allocation import cp_sat, deferred_acceptance, independent, reduction
from admissions.allocation.problem import Problem, Reduction, not_kept_down_a_list
from admissions.verification import offers, promises, stability
from admissions.verification.alternatives import nothing_left_out
from admissions.verification.chains import people_optimal
from admissions.verification.exchanges import Exchanges
from admissions.verification.limits_kept import limits_kept
from tests.allocation.oracle import Definitions, Plan, plan_of, rows_of
from tests.allocation.verified import case_of

PLANS_VERIFIED = 6
FEW_ENOUGH = 7
"""Persons, for all plans to be tried."""


def differences(problem: Problem) -> list[str]:
    """Every difference, in words; none where all is well."""
    by_definition = Definitions(problem)
    values, best = by_definition.best()
    return [
        *by_cp_sat(problem, values, best),
        *by_reduction(problem, by_definition, values, best),
        *by_deferred_acceptance(problem, best),
        *by_call_rounds(problem, by_definition),
        *by_verification(problem, by_definition, values, best),
    ]


def by_cp_sat(
    problem: Problem, values: dict[str, int], best: Plan, left: Reduction | None = None
) -> Iterator[str]:
    plan, report = cp_sat.solve(problem, reduction=left)
    if plan_of(plan.held) != best:
        yield f"CP-SAT holds {held(problem, plan_of(plan.held))}; the best is {held(problem, best)}"
    found = {one.name: one.value for one in report.objectives}
    if found != values:
        yield f"CP-SAT states {found}; by definition {values}"
    if (report.status, report.unique) != ("OPTIMAL", True):
        yield f"CP-SAT says {report.status}, unique {report.unique}"


def by_reduction(
    problem: Problem, by_definition: Definitions, values: dict[str, int], best: Plan
) -> Iterator[str]:
    """What large rounds leave out of CP-SAT's model is in no stable plan, and changes nothing."""
    if reduction.why_not_reduced(problem) is not None:
        return
    left = reduction.reduced(problem)
    for plan in by_definition.stable_plans():
        if plan & ~plan_of(left.possible):
            yield f"{held(problem, plan)} is stable, and not possible by the reduction"
        placed = {by_definition.person[a] for a in rows_of(plan)}
        if placed != set(np.flatnonzero(left.placed).tolist()):
            yield f"{held(problem, plan)} is stable, and places others than the reduction"
    yield from by_cp_sat(problem, values, best, left)


def by_deferred_acceptance(problem: Problem, best: Plan) -> Iterator[str]:
    if deferred_acceptance.why_not_exact(problem) is None:
        plan = plan_of(deferred_acceptance.solve(problem).held)
        if plan != best:
            yield (
                f"deferred acceptance holds {held(problem, plan)}; "
                f"the best is {held(problem, best)}"
            )


def by_call_rounds(problem: Problem, by_definition: Definitions) -> Iterator[str]:
    across = problem.quotas or problem.away or problem.groups
    if across or problem.limits.class_minimum.any() or not_kept_down_a_list(problem):
        return
    if not all(by_definition.calls_simply(o) for o in by_definition.offerings):
        return
    for call_rounds in (1, 2, 3):
        plan = independent.call(problem, call_rounds)
        found = plan_of(plan.held), plan_of(plan.released)
        expected = by_definition.called_down(call_rounds)
        if found != expected:
            names = [held(problem, one) for one in (*found, *expected)]
            yield "{} calls: held {}, released {}; expected {}, {}".format(call_rounds, *names)


def by_verification(
    problem: Problem, by_definition: Definitions, values: dict[str, int], best: Plan
) -> Iterator[str]:
    """P5-P7 together are stability; the blocking pairs are those of the definition; P11 accepts the
    stable plan that everybody likes best.
    """
    every = [*by_definition.plans()] if problem.persons <= FEW_ENOUGH else [best]
    some = random.Random(best).sample(every, min(PLANS_VERIFIED, len(every)))
    stable = [plan for plan in every if by_definition.stable(plan)]
    met = map(by_definition.wishes_met, stable)
    liked_best = tuple(map(min, zip(*met, strict=True)))
    for plan in (best, *stable[:PLANS_VERIFIED], *some):
        case = case_of(problem, rows_of(plan))
        exchanges = Exchanges(case)
        counted, expected = stability.blocking_pairs(exchanges), by_definition.blocking(plan)
        if counted != expected:
            yield f"{counted} pairs block {held(problem, plan)}; expected {expected}"
        broken = [
            one.id
            for one in (
                offers.within_offers(case),
                stability.no_justified_envy(exchanges, promised=True),
                stability.no_offer_unused(exchanges, promised=True),
                limits_kept(exchanges),
            )
            if not one.holds
        ]
        if by_definition.stable(plan) != (not broken):
            yield f"of {held(problem, plan)} verification rejects {broken or 'nothing'}"
        if plan in stable and len(every) > 1 and promises.best_plan_is_shown(case):
            accepted = people_optimal(exchanges, promised=True).holds
            if accepted != (by_definition.wishes_met(plan) == liked_best):
                yield f"P11 of {held(problem, plan)}: {accepted}; people like {liked_best} best"
    yield from by_alternatives(problem, best)
    ours = case_of(problem, rows_of(best))
    if limits_kept(Exchanges(ours), promises.unsettling(ours)).holds is False:
        yield f"P7 fails of the best plan {held(problem, best)}"
    promised = promises.stable_plan_exists(case_of(problem, rows_of(best)))
    if promised and len(every) > 1 and not stable:
        yield "verification promises a stable plan, and there is none"


def by_alternatives(problem: Problem, best: Plan) -> Iterator[str]:
    """P15 finds nothing better than the best plan."""
    case = case_of(problem, rows_of(best))
    if problem.merit_first and promises.can_try_alternatives(case):
        found = nothing_left_out(case, promised=True, shown=False)
        if not found.holds:
            yield f"P15 of the best plan {held(problem, best)}: {found.exceptions}"


def between_solvers(problem: Problem) -> Iterator[str]:
    """Of a problem too large for all plans, where both solvers are exact: CP-SAT, what it is given
    reduced, deferred acceptance and verification, held against one another.
    """
    if deferred_acceptance.why_not_exact(problem) is not None:
        return
    plan, report = cp_sat.solve(problem)
    best, values = plan_of(plan.held), {one.name: one.value for one in report.objectives}
    yield from by_deferred_acceptance(problem, best)
    if reduction.why_not_reduced(problem) is None:
        yield from by_cp_sat(problem, values, best, reduction.reduced(problem))
    yield from by_verification(problem, Definitions(problem), values, best)


def held(problem: Problem, plan: Plan) -> str:
    pairs = [
        f"p{problem.person[a]} {problem.offerings[problem.offering[a]]}" for a in rows_of(plan)
    ]
    return "(" + ", ".join(pairs) + ")"
