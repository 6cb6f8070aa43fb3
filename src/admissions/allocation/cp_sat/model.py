"""A model of the plans of one problem: a literal for each application, and what forbids each pair.

A pair (person, offering) blocks when the person wants the offering more than what they hold and
could have it: with at most one holder who ranks behind removed, every limit still holds
(``docs/allocation.md``). Each way to have it must be forbidden by a literal that says why; a clause
a way:

    satisfied ∨ blocking ∨ excused ∨ (nobody of that sort holds, or a limit forbids the exchange)

A person is satisfied when they hold the offering or one wanted more; the clause spells that
out, since wish lists are short.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
from ortools.sat.python import cp_model
from ortools.sat.python.cp_model_helper import Literal

from admissions.allocation.objectives import counts
from admissions.allocation.problem import Problem, Worth
from admissions.rulebooks.objectives import ObjectiveName

Rows = list[int]


class Pairs(Enum):
    """What a model makes of blocking pairs."""

    FORBIDDEN = "forbidden"
    COUNTED = "counted"
    IGNORED = "ignored"


@dataclass(frozen=True)
class Sought:
    """What a model makes of blocking pairs, and whether every reserve is kept or they are counted.

    Where pairs are forbidden, reserves are kept by that alone.
    """

    pairs: Pairs
    reserves_kept: bool = True


class PlanModel:
    """The plans of one problem: at most one offer each, and what constraints add.

    ``held``: a literal for each application; ``blocking``: likewise, empty unless blocking pairs
    are counted; ``lacking``: likewise, whom a reserve would seat, empty unless they are counted;
    ``aside``: those whom a group sets aside. A literal that says "this is tight" only ever implies
    it: the solver may leave it false, never set it wrongly.
    """

    def __init__(self, problem: Problem, sought: Sought) -> None:
        self._problem = problem
        self.pairs = sought.pairs
        self.model = cp_model.CpModel()
        count = len(problem.person)
        self.held = self._literals(count)
        self.blocking = self._literals(count if sought.pairs is Pairs.COUNTED else 0)
        self.lacking = self._literals(0 if sought.reserves_kept else count)
        self.aside: list[Literal] = []
        self._person = problem.person.tolist()
        self.own = self._one_each()
        self._excuses: dict[int, list[Literal]] = {}
        self._not_excused: dict[int, list[Literal]] = {}
        self._forbidding: dict[int, list[Literal]] = {}
        self._full_quotas: dict[int, list[Literal]] = {}

    def new(self) -> Literal:
        """A fresh literal."""
        return self.model.new_bool_var("")

    def _literals(self, count: int) -> list[Literal]:
        return [self.new() for _ in range(count)]

    def _one_each(self) -> dict[int, Rows]:
        """Each person's applications, most wanted first; at most one of them is held."""
        own: dict[int, Rows] = {}
        for a, person in enumerate(self._person):
            own.setdefault(person, []).append(a)
        for rows in own.values():
            if len(rows) > 1:
                self.model.add_at_most_one([self.held[a] for a in rows])
        return own

    def objective(self, name: ObjectiveName) -> tuple[list[int], list[int]]:
        """The variables (positions in the model) that ``name`` sums, and how much each counts."""
        if name in self._problem.worth:
            return self._by_group(self._problem.worth[name])
        if name in ("blocking-pairs", "set-aside"):
            literals = self.blocking if name == "blocking-pairs" else self.aside
            return [literal.index for literal in literals], [1] * len(literals)
        if name == "offers-used" and self._problem.ties == "lottery":
            self.model.add(cp_model.LinearExpr.sum(self.held) <= int(self._problem.offers.sum()))
        return [one.index for one in self.held], counts(self._problem, name).tolist()

    def _by_group(self, worth: Worth) -> tuple[list[int], list[int]]:
        """A literal for each step of each group: so many of its applications are held."""
        variables, coefficients = [], []
        for group, steps in enumerate(worth.steps.tolist()):
            rows = np.flatnonzero(worth.group == group).tolist()
            reached = [self.new() for step, _ in zip(steps, rows, strict=False) if step]
            self.model.add(cp_model.LinearExpr.sum(reached) <= self.total(rows))
            variables += [literal.index for literal in reached]
            coefficients += steps[: len(reached)]
        return variables, coefficients

    def place(self, persons: Iterable[int]) -> None:
        """Each of ``persons`` holds something."""
        for person in persons:
            self.model.add_bool_or([self.held[a] for a in self.own[person]])

    def total(self, rows: Iterable[int]) -> cp_model.LinearExprT:
        """How many of ``rows`` are held."""
        return cp_model.LinearExpr.sum([self.held[a] for a in rows])

    def at_least(self, rows: Rows, number: int) -> Literal:
        """A literal that implies that at least ``number`` of ``rows`` are held."""
        literal = self.new()
        self.model.add(self.total(rows) >= number).only_enforce_if(literal)
        return literal

    def at_most(self, rows: Rows, number: int) -> Literal:
        """A literal that implies that at most ``number`` of ``rows`` are held."""
        literal = self.new()
        self.model.add(self.total(rows) <= number).only_enforce_if(literal)
        return literal

    def nobody(self, rows: Iterable[int]) -> Literal:
        """A literal that implies that none of ``rows`` is held."""
        literal = self.new()
        for a in rows:
            self.model.add_implication(literal, ~self.held[a])
        return literal

    def unless(self, a: int, literals: Sequence[Literal]) -> None:
        """``a`` blocks, unless its person is satisfied, it is excused, or one of ``literals``."""
        if self.pairs is Pairs.IGNORED:
            return
        blocking = self.blocking[a : a + 1]
        self.model.add_bool_or(
            [*self.satisfying(a), *blocking, *self._excuses.get(a, []), *literals]
        )

    def reserved(self, a: int, literals: Sequence[Literal]) -> None:
        """A reserve would seat ``a``, whatever the ranks, unless as in ``unless``.

        That is a blocking pair too; where such pairs are allowed, reserves are kept all the same,
        or those whom one would seat are counted.
        """
        self.unless(a, literals)
        if self.pairs is not Pairs.FORBIDDEN:
            lacking = self.lacking[a : a + 1]
            self.model.add_bool_or(
                [*self.satisfying(a), *lacking, *self._excuses.get(a, []), *literals]
            )

    def forbid(self, a: int, literal: Literal) -> None:
        """Where ``literal`` holds, ``a`` cannot come in even if somebody behind is removed."""
        self._forbidding.setdefault(a, []).append(literal)

    def forbidding(self, a: int) -> list[Literal]:
        """Limits across offerings that forbid ``a`` even where somebody behind is removed."""
        return self._forbidding.get(a, [])

    def fill_quota(self, a: int, literal: Literal) -> None:
        """Where ``literal`` holds, a quota forbids ``a`` an unused offer."""
        self._full_quotas.setdefault(a, []).append(literal)

    def full_quotas(self, a: int) -> list[Literal]:
        """Quotas that forbid ``a`` an unused offer."""
        return self._full_quotas.get(a, [])

    def excuse(self, a: int, literal: Literal) -> None:
        """Where ``literal`` holds, ``a`` cannot block."""
        self._excuses.setdefault(a, []).append(literal)

    def not_excused(self, a: int, literal: Literal) -> None:
        """Only where ``literal`` holds, ``a`` counts as wanting (``wanting``)."""
        self._not_excused.setdefault(a, []).append(literal)

    def wanting(self, a: int) -> Literal:
        """A literal that implies that ``a`` is wanted more than what is held, and not excused."""
        literal = self.new()
        for reason in (*self.satisfying(a), *self._excuses.get(a, [])):
            self.model.add_implication(literal, ~reason)
        for fewer in self._not_excused.get(a, []):
            self.model.add_implication(literal, fewer)
        return literal

    def satisfying(self, a: int) -> list[Literal]:
        """That the person of ``a`` holds it, or something wanted more."""
        own = self.own[self._person[a]]
        return [self.held[b] for b in own[: own.index(a) + 1]]
