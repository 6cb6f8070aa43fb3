"""Reruns of one run with one fact of one applicant changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from admissions.allocation.problem import Plan, Problem
from admissions.allocation.run import Run, SolverOptions, allocate_fast, plan_by
from admissions.explanation.alterations import altered
from admissions.explanation.orders import OwnRow
from admissions.explanation.reasons import FactValue
from admissions.model.errors import UsageError
from admissions.rules.base import GroupCriterion
from admissions.rules.minimum_share import MinimumShare


class Reruns:
    """``own`` are the person's applications, ``wanted`` those wanted at least as much as this."""

    def __init__(self, run: Run, application_row: int) -> None:
        self.run = run
        self.row = application_row
        applications = run.round.applications
        person = applications["person"].to_numpy()
        preference = applications["preference"].to_numpy()
        offerings = applications["offering_id"].to_numpy()
        own = np.flatnonzero(person == person[application_row])
        self.person = int(person[application_row])
        self.offering = str(offerings[application_row])
        self.own = [(str(offerings[row]), int(row)) for row in own]
        self._wanted = own[preference[own] <= preference[application_row]]
        self._got: dict[tuple[str, FactValue], int | None] = {}

    def rerun(self, fact: str, value: FactValue) -> Run:
        """Ranked and allocated anew with ``fact`` changed to ``value``."""
        changed = allocate_fast(altered(self.run.round, self.row, fact, value), self.run.scenario)
        self._got[fact, value] = self.held(changed.problem, changed.plan)
        return changed

    def got(self, fact: str, value: FactValue) -> int | None:
        """The application that gets an offer by such a rerun, wanted this much or more.

        None where there is none, or where such a round would be refused.
        """
        if (fact, value) not in self._got:
            try:
                self.rerun(fact, value)
            except UsageError:  # limits would not go together, or a group would be too small
                self._got[fact, value] = None
        return self._got[fact, value]

    def held(self, problem: Problem, plan: Plan) -> int | None:
        """The application, wanted this much or more, that holds an offer in ``plan``."""
        held = problem.application[plan.held]
        got = held[np.isin(held, self._wanted)]
        return int(got[0]) if len(got) else None

    def own_rows(self, run: Run) -> list[OwnRow]:
        """The person's row at each offering applied to, in ``run``'s tables."""
        tables = [(run.rankings[offering], row) for offering, row in self.own]
        return [OwnRow(t, int(np.searchsorted(t.application, row))) for t, row in tables]

    def placed(self, run: Run, ahead: Mapping[int, int]) -> bool:
        """Whether it does with so many ``ahead`` by application, all else as in ``run``."""
        problem = run.problem
        rank = problem.rank.copy()
        for application, before in ahead.items():
            at = int(np.flatnonzero(problem.application == application)[0])
            others = problem.offering == problem.offering[at]
            others[at] = False
            without = rank[others] - (rank[others] > rank[at])
            rank[others] = without + (without > before)
            rank[at] = before + 1
        moved = replace(problem, rank=rank)
        return (
            self.held(moved, plan_by(moved, self.run.scenario, SolverOptions("fastest"))[0])
            is not None
        )

    def moves_nobody_else(self) -> bool:
        """Whether a move of the person leaves the others' order as it is, at every offering.

        So it is as long as no group is counted over the round, and nobody applies to the same
        offering from a group counted there, or from the same service where leaders have a say; and
        where there is no minimum share and no tie-break that counts the qualified. No limits but
        reserved seats, too, so that deferred acceptance is exact; and a lottery between equals.
        """
        problem, tables = self.run.problem, self.run.rankings.values()
        if problem.quotas or problem.away or problem.groups or problem.ties != "lottery":
            return False
        if any(limit.kind != "region-minimum" for t in tables for limit in t.version.limits):
            return False
        round_wide = any(
            isinstance(rule, GroupCriterion) and rule.scope == "round"
            for table in tables
            for rule in table.version.criteria
        )
        return not round_wide and all(self._alone(own) for own in self.own_rows(self.run))

    def _alone(self, own: OwnRow) -> bool:
        rules = own.table.version.rules()
        if any(isinstance(rule, MinimumShare) or "qualified" in rule.reads() for rule in rules):
            return False
        groups = {rule.group for rule in rules if isinstance(rule, GroupCriterion)}
        if self.run.scenario.scenario.leader != "none":
            groups.add("service")
        codes = [own.table.facts.numbers(group) for group in sorted(groups)]
        return all(code[own.row] < 0 or (code == code[own.row]).sum() == 1 for code in codes)
