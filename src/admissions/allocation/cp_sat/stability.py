"""The model: which plans keep every limit, and which pairs block each of them.

A pair (person, offering) blocks when the person wants the offering more than what they hold and
could have it: with at most one holder who ranks behind removed, every limit still holds
(design §5). Each way to have it must be forbidden by a literal that says why; a clause a way:

    satisfied ∨ blocking ∨ excused ∨ (nobody of that sort holds, or a limit forbids the exchange)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from ortools.sat.python import cp_model
from ortools.sat.python.cp_model_helper import Literal

from admissions.plan import NO_LIMIT, Problem

Rows = list[int]


class StabilityModel:
    """The plans of one problem that keep every limit, with their blocking pairs.

    ``held``: a literal for each application; ``blocking``: likewise, empty where ``stable`` plans
    alone are asked for. A literal that says "this is tight" only ever implies it: the solver may
    leave it false, never set it wrongly.
    """

    def __init__(self, problem: Problem, *, stable: bool) -> None:
        self._problem = problem
        self.model = cp_model.CpModel()
        count = len(problem.person)
        self.held = [self.new() for _ in range(count)]
        self.blocking = [] if stable else [self.new() for _ in range(count)]
        self._person = problem.person.tolist()
        self._offering = problem.offering.tolist()
        self._service = problem.service.tolist()
        self._region = problem.region.tolist()
        self._satisfied = self._satisfaction()
        self._excuses: list[list[Literal]] = [[] for _ in range(count)]
        self._forbidding: list[list[Literal]] = [[] for _ in range(count)]
        self._quotas()
        self._away()
        self._groups()
        for offering in range(len(problem.offerings)):
            rows = np.flatnonzero(problem.offering == offering)
            ordered = rows[np.argsort(problem.rank[rows], kind="stable")].tolist()
            _Offering(self, problem, offering, ordered).constrain()

    def new(self) -> Literal:
        """A fresh literal."""
        return self.model.new_bool_var("")

    def _satisfaction(self) -> list[Literal]:
        """For each application: its person holds it, or something wanted more."""
        found: list[Literal] = []
        for a, held in enumerate(self.held):
            if a and self._person[a] == self._person[a - 1]:
                either = self.new()
                self.model.add_bool_or([~either, found[-1], held])
                self.model.add_implication(found[-1], ~held)
                self.model.add_implication(found[-1], either)
                self.model.add_implication(held, either)
                found.append(either)
            else:
                found.append(held)
        return found

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
        blocking = self.blocking[a : a + 1]
        self.model.add_bool_or([self._satisfied[a], *blocking, *self._excuses[a], *literals])

    def forbidding(self, a: int) -> list[Literal]:
        """Limits across offerings that forbid ``a`` even where somebody behind is removed."""
        return self._forbidding[a]

    def excuse(self, a: int, literal: Literal) -> None:
        """Where ``literal`` holds, ``a`` cannot block."""
        self._excuses[a].append(literal)

    def _quotas(self) -> None:
        self.full_quotas: list[list[Literal]] = [[] for _ in self.held]
        for quota in self._problem.quotas:
            rows = [a for a, o in enumerate(self._offering) if o in quota.offerings]
            self.model.add(self.total(rows) <= quota.seats)
            for a in rows:
                others = [b for b in rows if self._person[b] != self._person[a]]
                self.full_quotas[a].append(self.at_least(others, quota.seats))

    def _away(self) -> None:
        for limit in self._problem.away:
            rows = [a for a, s in enumerate(self._service) if s == limit.service]
            self.model.add(self.total(rows) <= limit.maximum)
            place = {p: n for n, p in enumerate(limit.order or ())}
            for a in rows:
                own = self._person[a]
                if limit.order is None:
                    others = [b for b in rows if self._person[b] != own]
                    self._forbidding[a].append(self.at_least(others, limit.maximum))
                else:
                    above = [b for b in rows if place[self._person[b]] < place[own]]
                    self.excuse(a, self.at_least(above, limit.maximum))

    def _groups(self) -> None:
        for group in self._problem.groups:
            where = (group.service, group.offering)
            pairs = zip(self._service, self._offering, strict=True)
            rows = [a for a, pair in enumerate(pairs) if pair == where]
            placed = self.at_least(rows, group.at_least)
            for a in rows:
                self.model.add_implication(self.held[a], placed)
                self.excuse(a, ~placed)


class _Offering:
    """The constraints of one offering; ``rows`` are its applications, first rank first."""

    def __init__(
        self, stability: StabilityModel, problem: Problem, offering: int, rows: Rows
    ) -> None:
        self._all = stability
        self._rows = rows
        self._offers = int(problem.offers[offering])
        limits = problem.limits
        self._service = {a: int(problem.service[a]) for a in rows}
        self._region = {a: int(problem.region[a]) for a in rows}
        self._service_maximum = int(limits.service_maximum[offering])
        self._service_first = int(limits.service_first[offering])
        self._region_maximum = limits.region_maximum[offering].tolist()
        self._region_minimum = limits.region_minimum[offering].tolist()
        self._class_minimum = int(limits.class_minimum[offering])

    def constrain(self) -> None:
        """Adds the offering's limits and, for each way into it, the clause that forbids it."""
        if not self._rows:
            return
        stability = self._all
        stability.model.add(stability.total(self._rows) <= self._offers)
        if self._class_minimum:
            runs = stability.at_least(self._rows, self._class_minimum)
            for a in self._rows:
                stability.model.add_implication(stability.held[a], runs)
                stability.excuse(a, ~runs)
        if any(self._region_minimum):
            seats = {region: self._region_minimum[region] for region in self._region.values()}
            self._reserves(self._region, {**seats, NO_LIMIT: 0})
        elif self._service_first != NO_LIMIT:
            services = dict.fromkeys(self._service.values(), self._service_first)
            self._reserves(self._service, {**services, NO_LIMIT: len(self._rows)})
        else:
            self._maxima()

    def _behind(self, members: Rows) -> dict[int, Literal]:
        """For each application, where somebody may: one of ``members`` behind it holds."""
        model, inside = self._all.model, set(members)
        found: dict[int, Literal] = {}
        last: Literal | None = None
        for a in reversed(self._rows):
            if last is not None:
                found[a] = last
            if a in inside:
                somebody = self._all.new()
                model.add_implication(self._all.held[a], somebody)
                if last is not None:
                    model.add_implication(last, somebody)
                last = somebody
        return found

    def _by(self, group: dict[int, int]) -> dict[int, Rows]:
        found: dict[int, Rows] = {}
        for a in self._rows:
            found.setdefault(group[a], []).append(a)
        return found

    def _maxima(self) -> None:
        """Hard maxima: whoever shares every tight limit may be removed, if ranked behind."""
        stability = self._all
        full = stability.at_least(self._rows, self._offers)
        services = self._tight(self._by(self._service), self._service_maxima())
        regions = self._tight(self._by(self._region), dict(enumerate(self._region_maximum)))
        anybody = self._behind(self._rows)
        colleagues = {s: self._behind(self._by(self._service)[s]) for s in services}
        neighbours = {r: self._behind(self._by(self._region)[r]) for r in regions}
        both: dict[tuple[int, int], dict[int, Literal]] = {}
        for a in self._rows:
            service, region = self._service[a], self._region[a]
            by_service = [*stability.forbidding(a)]
            by_service += [services[service]] if service in services else []
            by_region = [regions[region]] if region in regions else []
            quotas = stability.full_quotas[a]
            stability.unless(a, [full, *by_service, *by_region, *quotas])
            self._unless_nobody(a, anybody, [*by_service, *by_region])
            if by_service:
                same = colleagues.get(service) or self._behind(self._by(self._service)[service])
                colleagues[service] = same
                self._unless_nobody(a, same, by_region)
            if by_region:
                self._unless_nobody(a, neighbours[region], by_service)
            if by_service and by_region:
                pair = (service, region)
                if pair not in both:
                    members = [b for b in self._by(self._service)[service]
                               if self._region[b] == region]  # fmt: skip
                    both[pair] = self._behind(members)
                self._unless_nobody(a, both[pair], [])

    def _unless_nobody(self, a: int, behind: dict[int, Literal], limits: list[Literal]) -> None:
        if a in behind:
            self._all.unless(a, [~behind[a], *limits])

    def _service_maxima(self) -> dict[int, int]:
        return {s: self._service_maximum for s in self._service.values() if s != NO_LIMIT}

    def _tight(self, groups: dict[int, Rows], maxima: dict[int, int]) -> dict[int, Literal]:
        """Keeps each group's maximum; a literal by group that implies that it is reached."""
        found = {}
        for group, members in groups.items():
            maximum = maxima.get(group, NO_LIMIT)
            if group != NO_LIMIT and maximum != NO_LIMIT:
                self._all.model.add(self._all.total(members) <= maximum)
                found[group] = self._all.at_least(members, maximum)
        return found

    def _reserves(self, group: dict[int, int], seats: dict[int, int]) -> None:
        """Reserved seats first: a group's best ``seats`` stand before all who are in none.

        ``a`` is turned away exactly when all offers are out, nobody of its group behind it holds,
        no other group that holds more than its reserve has anybody behind it, and: its own reserve
        is full, or every holder is in a reserve and ahead of it.
        """
        stability = self._all
        groups = self._by(group)
        full = stability.at_least(self._rows, self._offers)
        anybody = self._behind(self._rows)
        behind = {g: self._behind(members) for g, members in groups.items()}
        within = {g: stability.at_most(members, seats[g]) for g, members in groups.items()}
        filled = {
            g: stability.at_least(members, min(seats[g], len(self._rows) + 1))
            for g, members in groups.items()
        }
        all_within = stability.new()
        for literal in within.values():
            stability.model.add_implication(all_within, literal)
        for a in self._rows:
            own = group[a]
            quotas = [*stability.forbidding(a), *stability.full_quotas[a]]
            stability.unless(a, [full, *quotas])
            self._unless_nobody(a, behind[own], [])
            for other in groups:
                if other != own:
                    self._unless_nobody(a, behind[other], [within[other]])
            stability.unless(a, [filled[own], all_within])
            self._unless_nobody(a, anybody, [filled[own]])
