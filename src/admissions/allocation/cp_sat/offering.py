"""One offering in a model: its applications by rank, its limits, and who stands behind whom."""

from __future__ import annotations

from collections.abc import Mapping

from ortools.sat.python.cp_model_helper import Literal

from admissions.allocation.cp_sat.model import Pairs, PlanModel, Rows
from admissions.allocation.problem import NO_LIMIT, Problem


class Offering:
    """The offering ``number``; ``rows`` are its applications, first rank first."""

    def __init__(self, plans: PlanModel, problem: Problem, number: int, rows: Rows) -> None:
        self.plans = plans
        self.rows = rows
        self.offers = int(problem.offers[number])
        limits = problem.limits
        self.service = {a: int(problem.service[a]) for a in rows}
        self.region = {a: int(problem.region[a]) for a in rows}
        self.tier = {a: int(problem.tier[a]) for a in rows}
        self.municipality = {a: int(problem.municipality[a]) for a in rows}
        self._municipality_maximum = int(limits.municipality_maximum[number])
        self._service_maximum = int(limits.service_maximum[number])
        self.service_first = int(limits.service_first[number])
        self.region_maximum = limits.region_maximum[number].tolist()
        self.region_minimum = limits.region_minimum[number].tolist()
        self.class_minimum = int(limits.class_minimum[number])
        self.open_first = bool(limits.open_first[number])
        self.in_quota = any(number in quota.offerings for quota in problem.quotas)

    @property
    def reserves(self) -> bool:
        """Whether it reserves seats."""
        return any(self.region_minimum) or self.service_first != NO_LIMIT

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
        model = self.plans.model
        found: dict[int, Literal] = {}
        if self.plans.pairs is Pairs.IGNORED:
            return found
        last = unused
        for a in reversed(members):
            if last is not None:
                found[a] = last
            somebody = self.plans.new()
            unless = spared[a] if spared else []
            model.add_bool_or([~self.plans.held[a], somebody, *unless])
            if last is not None:
                model.add_implication(last, somebody)
            last = somebody
        return found

    def unless_nobody(self, a: int, behind: Mapping[int, Literal], limits: list[Literal]) -> None:
        """``a`` blocks where somebody ``behind`` it holds, unless one of ``limits`` is tight."""
        if a in behind:
            self.plans.unless(a, [~behind[a], *limits])

    def by(self, group: Mapping[int, int], rows: Rows | None = None) -> dict[int, Rows]:
        """The applications of each group (of ``rows`` alone), first rank first."""
        found: dict[int, Rows] = {}
        for a in self.rows if rows is None else rows:
            found.setdefault(group[a], []).append(a)
        return found

    def tight_services(self) -> dict[int, Literal]:
        """Keeps each service's maximum; a literal by service that implies that it is reached."""
        maxima = {s: self._service_maximum for s in self.service.values() if s != NO_LIMIT}
        return self._tight(self.by(self.service), maxima)

    def tight_regions(self) -> dict[int, Literal]:
        """Keeps each region's maximum; a literal by region that implies that it is reached."""
        return self._tight(self.by(self.region), dict(enumerate(self.region_maximum)))

    def tight_municipalities(self) -> dict[int, Literal]:
        """Keeps each municipality's maximum; a literal by municipality that it is reached."""
        most = self._municipality_maximum
        maxima = {m: most for m in self.municipality.values() if m != NO_LIMIT}
        return self._tight(self.by(self.municipality), maxima)

    def _tight(self, groups: dict[int, Rows], maxima: dict[int, int]) -> dict[int, Literal]:
        found = {}
        for group, members in groups.items():
            maximum = maxima.get(group, NO_LIMIT)
            if group != NO_LIMIT and maximum != NO_LIMIT:
                self.plans.model.add(self.plans.total(members) <= maximum)
                found[group] = self.plans.at_least(members, maximum)
        return found
