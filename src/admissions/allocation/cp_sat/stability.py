"""The model: which plans keep every limit, and which pairs block each of them.

A pair (person, offering) blocks when the person wants the offering more than what they hold and
could have it: with at most one holder who ranks behind removed, every limit still holds
(design §5). Each way to have it must be forbidden by a literal that says why; a clause a way:

    satisfied ∨ blocking ∨ excused ∨ (nobody of that sort holds, or a limit forbids the exchange)

A person is satisfied when they hold the offering or one wanted more; the clause spells that
out, since wish lists are short.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model
from ortools.sat.python.cp_model_helper import Literal

from admissions.allocation.cp_sat.reserves import Reserves
from admissions.allocation.cp_sat.score_limits import constrain_together
from admissions.allocation.problem import NO_LIMIT, Problem, Worth
from admissions.rulebooks.objectives import ObjectiveName

Rows = list[int]


class Pairs(Enum):
    """What a model makes of blocking pairs."""

    FORBIDDEN = "forbidden"
    COUNTED = "counted"
    IGNORED = "ignored"


class StabilityModel:
    """The plans of one problem that keep every limit, with their blocking pairs.

    ``held``: a literal for each application; ``blocking``: likewise, empty unless blocking pairs
    are counted. A literal that says "this is tight" only ever implies it: the solver may leave it
    false, never set it wrongly.
    """

    def __init__(self, problem: Problem, pairs: Pairs) -> None:
        self._problem = problem
        self.pairs = pairs
        self._rejecting = problem.ties == "reject-all"
        self.model = cp_model.CpModel()
        count = len(problem.person)
        self.held = [self.new() for _ in range(count)]
        self.blocking = [self.new() for _ in range(count)] if pairs is Pairs.COUNTED else []
        self._person = problem.person.tolist()
        self._offering = problem.offering.tolist()
        self._service = problem.service.tolist()
        self._own = self._one_each()
        self._excuses: list[list[Literal]] = [[] for _ in range(count)]
        self._not_excused: list[list[Literal]] = [[] for _ in range(count)]
        self._forbidding: list[list[Literal]] = [[] for _ in range(count)]
        self._full_quotas: list[list[Literal]] = [[] for _ in range(count)]
        self._quotas()
        self._away()
        self._groups()
        by_rank = np.lexsort((problem.rank, problem.offering))
        ends = np.searchsorted(problem.offering[by_rank], np.arange(1, len(problem.offerings)))
        for offering, rows in enumerate(np.split(by_rank, ends)):
            Offering(self, problem, offering, rows.tolist()).constrain()

    def new(self) -> Literal:
        """A fresh literal."""
        return self.model.new_bool_var("")

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
        literals = self.blocking if name == "blocking-pairs" else self.held
        if name == "offers-used" and self._problem.ties == "lottery":
            self.model.add(cp_model.LinearExpr.sum(self.held) <= int(self._problem.offers.sum()))
        return [literal.index for literal in literals], self.coefficients(name)

    def coefficients(self, name: ObjectiveName) -> list[int]:
        """How much each application counts for an objective that does not count by group."""
        problem = self._problem
        if name in ("blocking-pairs", "offers-used"):
            return [1] * len(problem.person)
        if name == "service-order":
            counts = _places(problem)
        else:
            counts = problem.preference if name == "preferences" else problem.weight
        return [int(number) for number in counts]

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
            self.model.add_bool_or([self.held[a] for a in self._own[person]])

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

    def unless(self, a: int, literals: Sequence[Literal]) -> None:
        """``a`` blocks, unless its person is satisfied, it is excused, or one of ``literals``."""
        if self.pairs is Pairs.IGNORED:
            return
        blocking = self.blocking[a : a + 1]
        self.model.add_bool_or([*self._satisfying(a), *blocking, *self._excuses[a], *literals])

    def forbidding(self, a: int) -> list[Literal]:
        """Limits across offerings that forbid ``a`` even where somebody behind is removed."""
        return self._forbidding[a]

    def full_quotas(self, a: int) -> list[Literal]:
        """Quotas that forbid ``a`` an unused offer."""
        return self._full_quotas[a]

    def excuse(self, a: int, literal: Literal) -> None:
        """Where ``literal`` holds, ``a`` cannot block."""
        self._excuses[a].append(literal)

    def wanting(self, a: int) -> Literal:
        """A literal that implies that ``a`` is wanted more than what is held, and not excused."""
        literal = self.new()
        for reason in (*self._satisfying(a), *self._excuses[a]):
            self.model.add_implication(literal, ~reason)
        for fewer in self._not_excused[a]:
            self.model.add_implication(literal, fewer)
        return literal

    def _satisfying(self, a: int) -> list[Literal]:
        """That the person of ``a`` holds it, or something wanted more."""
        own = self._own[self._person[a]]
        return [self.held[b] for b in own[: own.index(a) + 1]]

    def _quotas(self) -> None:
        for quota in self._problem.quotas:
            rows = [a for a, o in enumerate(self._offering) if o in quota.offerings]
            self._across(rows, quota.seats, self._full_quotas)

    def _away(self) -> None:
        members: dict[int, Rows] = {}
        for a, service in enumerate(self._service):
            members.setdefault(service, []).append(a)
        for limit in self._problem.away:
            rows = members.get(limit.service, [])
            if limit.order is None:
                self._across(rows, limit.maximum, self._forbidding)
            else:
                self.model.add(self.total(rows) <= limit.maximum)
                self._in_turn(limit.order, limit.maximum)

    def _across(self, rows: Rows, maximum: int, forbidding: list[list[Literal]]) -> None:
        """At most ``maximum`` of ``rows``; that forbids whoever holds none of them one more.

        Whoever holds one already leaves it: an exchange of theirs adds nothing.
        """
        self.model.add(self.total(rows) <= maximum)
        full = self.at_least(rows, maximum)
        counted: dict[int, Rows] = {}
        for a in rows:
            counted.setdefault(self._person[a], []).append(a)
        for own in counted.values():
            if len(own) > 1:
                without_own = self.new()
                self.model.add_implication(without_own, full)
                for b in own[1:]:
                    self.model.add_implication(without_own, ~self.held[b])
                for a in own[:-1]:
                    forbidding[a].append(without_own)
            forbidding[own[-1]].append(full)

    def _in_turn(self, order: Sequence[int], maximum: int) -> None:
        """Excuses each person of ``order`` while ``maximum`` of those before them hold offers."""
        before: Rows = []
        for place, person in enumerate(order):
            own = self._own.get(person, [])
            if place >= maximum and own:
                enough = self.at_least(before, maximum)
                fewer = [self.at_most(before, maximum - 1)] if self._rejecting else []
                for a in own:
                    self.excuse(a, enough)
                    self._not_excused[a] += fewer
            before += own

    def _groups(self) -> None:
        for group in self._problem.groups:
            where = (group.service, group.offering)
            pairs = zip(self._service, self._offering, strict=True)
            rows = [a for a, pair in enumerate(pairs) if pair == where]
            placed = self.at_least(rows, group.at_least)
            for a in rows:
                self.model.add_implication(self.held[a], placed)
                self.excuse(a, ~placed)


def _places(problem: Problem) -> NDArray[np.int64]:
    """Each application's place in its service's own order, 1 = first; 0 where it has none, (m,).

    Who of a service goes is its leader's to say: without it a colleague behind could go in a plan
    that is as stable, because lottery or wish numbers prefer it.
    """
    place = np.zeros(problem.persons, dtype=np.int64)
    for limit in problem.away:
        if limit.order is not None:
            place[list(limit.order)] = np.arange(1, len(limit.order) + 1)
    return place[problem.person]


class Offering:
    """The constraints of one offering; ``rows`` are its applications, first rank first."""

    def __init__(
        self, stability: StabilityModel, problem: Problem, offering: int, rows: Rows
    ) -> None:
        self.all = stability
        self.rows = rows
        self._problem, self._number = problem, offering
        self.offers = int(problem.offers[offering])
        limits = problem.limits
        self.service = {a: int(problem.service[a]) for a in rows}
        self.region = {a: int(problem.region[a]) for a in rows}
        self._municipality = {a: int(problem.municipality[a]) for a in rows}
        self._municipality_maximum = int(limits.municipality_maximum[offering])
        self._service_maximum = int(limits.service_maximum[offering])
        self.service_first = int(limits.service_first[offering])
        self.region_maximum = limits.region_maximum[offering].tolist()
        self.region_minimum = limits.region_minimum[offering].tolist()
        self._class_minimum = int(limits.class_minimum[offering])
        self.open_first = bool(limits.open_first[offering])
        self._in_quota = any(offering in quota.offerings for quota in problem.quotas)
        self._behind_sharing: dict[tuple[int | None, ...], dict[int, Literal]] = {}

    def constrain(self) -> None:
        """Adds the offering's limits and, for each way into it, the clause that forbids it."""
        if not self.rows:
            return
        stability = self.all
        if self._class_minimum:
            runs = stability.at_least(self.rows, self._class_minimum)
            for a in self.rows:
                stability.model.add_implication(stability.held[a], runs)
                stability.excuse(a, ~runs)
        if self._problem.ties != "lottery":
            constrain_together(stability, self._problem, self._number, self.rows)
            return
        stability.model.add(stability.total(self.rows) <= self.offers)
        full = stability.at_least(self.rows, self.offers)
        if any(self.region_minimum) or self.service_first != NO_LIMIT:
            Reserves(self, full).constrain()
        else:
            self._maxima(full)

    def behind(
        self,
        members: Rows,
        spared: Mapping[int, list[Literal]] | None = None,
        unused: Literal | None = None,
    ) -> dict[int, Literal]:
        """For each of ``members`` (by rank), where it may be: one of them behind it holds.

        Whoever has literals in ``spared`` counts only where none of them holds; where ``unused``
        holds there is always one.
        """
        model = self.all.model
        found: dict[int, Literal] = {}
        if self.all.pairs is Pairs.IGNORED:
            return found
        last = unused
        for a in reversed(members):
            if last is not None:
                found[a] = last
            somebody = self.all.new()
            unless = spared[a] if spared else []
            model.add_bool_or([~self.all.held[a], somebody, *unless])
            if last is not None:
                model.add_implication(last, somebody)
            last = somebody
        return found

    def by(self, group: Mapping[int, int]) -> dict[int, Rows]:
        """The applications of each group, first rank first."""
        found: dict[int, Rows] = {}
        for a in self.rows:
            found.setdefault(group[a], []).append(a)
        return found

    def _maxima(self, full: Literal) -> None:
        """Hard maxima: whoever shares every tight limit may be removed, if ranked behind.

        An offer unused is one more to remove, but where a quota can forbid it.
        """
        stability = self.all
        kinds = (self.service, self.region, self._municipality)
        tight = [
            self.tight(self.by(group), maxima)
            for group, maxima in zip(kinds, self._maxima_by_group(), strict=True)
        ]
        anybody = self.behind(self.rows, unused=None if self._in_quota else ~full)
        for a in self.rows:
            own = [group[a] for group in kinds]
            by_kind = [[held[g]] if g in held else [] for held, g in zip(tight, own, strict=True)]
            by_kind[0] = [*stability.forbidding(a), *by_kind[0]]
            if self._in_quota:
                every = [literal for one in by_kind for literal in one]
                stability.unless(a, [full, *every, *stability.full_quotas(a)])
            stated = [kind for kind, literals in enumerate(by_kind) if literals]
            for size in range(len(stated) + 1):
                for shared in combinations(stated, size):
                    others = [x for k in stated if k not in shared for x in by_kind[k]]
                    key = tuple(g if k in shared else None for k, g in enumerate(own))
                    self._unless_nobody(a, self._sharing(key) if shared else anybody, others)

    def _maxima_by_group(self) -> tuple[dict[int, int], ...]:
        """The maxima of services, regions and municipalities, each by the group's code."""
        most = self._municipality_maximum
        municipalities = {m: most for m in self._municipality.values() if m != NO_LIMIT}
        return self.service_maxima(), dict(enumerate(self.region_maximum)), municipalities

    def _sharing(self, key: tuple[int | None, ...]) -> dict[int, Literal]:
        """As ``behind``, of those who share what is not None; each only once."""
        if key not in self._behind_sharing:
            members = [
                a
                for a in self.rows
                if all(
                    own in (None, group[a])
                    for own, group in zip(
                        key, (self.service, self.region, self._municipality), strict=True
                    )
                )
            ]
            self._behind_sharing[key] = self.behind(members)
        return self._behind_sharing[key]

    def _unless_nobody(self, a: int, behind: dict[int, Literal], limits: list[Literal]) -> None:
        if a in behind:
            self.all.unless(a, [~behind[a], *limits])

    def service_maxima(self) -> dict[int, int]:
        """The maximum of each service."""
        return {s: self._service_maximum for s in self.service.values() if s != NO_LIMIT}

    def tight(self, groups: dict[int, Rows], maxima: dict[int, int]) -> dict[int, Literal]:
        """Keeps each group's maximum; a literal by group that implies that it is reached."""
        found = {}
        for group, members in groups.items():
            maximum = maxima.get(group, NO_LIMIT)
            if group != NO_LIMIT and maximum != NO_LIMIT:
                self.all.model.add(self.all.total(members) <= maximum)
                found[group] = self.all.at_least(members, maximum)
        return found
