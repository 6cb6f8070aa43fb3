"""The ways into an offering that reserves seats: for a region, or for the first ones of a service.

Whom the offering chooses is told in ``choice.Choice.best``; limits on services and on regions are
nested here (each service's applicants share a region). An applicant ``a`` whom it would choose
beside its holders blocks. Whom it turns away depends on what is tight:

- a service's maximum: the last of the service by rank;
- else a region's maximum: the last of the region in the order, in which the first ones of each
  service come before all others;
- else, all offers being out: the last in the order of all regions that would hold more than their
  reserves (besides the open seats, where these are filled first), or of everybody, where none does.

So ``a`` is turned away where nobody is behind it in those, and each clause forbids one way in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ortools.sat.python import cp_model
from ortools.sat.python.cp_model_helper import Literal

from admissions.allocation.problem import NO_LIMIT

if TYPE_CHECKING:
    from admissions.allocation.cp_sat.stability import Offering

Rows = list[int]


class Reserves:
    """The clauses of one offering with reserved seats."""

    def __init__(self, offering: Offering, full: Literal) -> None:
        self._at, self._all, self._full = offering, offering.all, full
        self._rows, self._service = offering.rows, offering.service
        minima = offering.region_minimum
        self._regional = any(minima) or any(n != NO_LIMIT for n in offering.region_maximum)
        self._region = offering.region if self._regional else dict.fromkeys(self._rows, 0)
        self._first = offering.service_first
        self._tight_services = offering.tight(offering.by(self._service), offering.service_maxima())
        regions = dict(enumerate(offering.region_maximum))
        self._tight_regions = offering.tight(offering.by(offering.region), regions)
        open_seats = offering.offers - sum(minima)
        self._open = open_seats if offering.open_first and open_seats > 0 else 0
        self._in_open: dict[int, Literal] = {}
        self._past_open: dict[int, Literal] = {}
        if self._open:
            self._fill_open_seats()

    def _fill_open_seats(self) -> None:
        """The first holders by rank take the open seats; ``a`` may be past all of them."""
        model, before = self._all.model, self._all.new()
        for a in self._rows:
            here, past = self._all.new(), self._all.new()
            model.add_implication(before, past)
            model.add_bool_or([~self._all.held[a], here, past])
            model.add_implication(here, self._all.held[a])
            model.add_implication(here, ~past)
            self._in_open[a], self._past_open[a], before = here, past, past
        held_there = cp_model.LinearExpr.sum(list(self._in_open.values()))
        model.add(held_there <= self._open)
        model.add(held_there >= self._open).only_enforce_if(before)

    def _beside_open_seats(self, rows: Rows) -> cp_model.LinearExprT:
        """How many of ``rows`` hold a seat that is not an open one."""
        opened = [~self._in_open[a] for a in rows if a in self._in_open]
        held = [self._all.held[a] for a in rows]
        return cp_model.LinearExpr.sum([*held, *opened]) - len(opened)

    def constrain(self) -> None:
        """For each way in, the clause that forbids it."""
        self._count()
        behind = self._at.behind
        colleagues = self._behind_within(self._service)
        neighbours = self._behind_within(self._region)
        by_service = {a: self._service_within[a] for a in self._rows}
        by_region = {a: self._region_within[a] for a in self._rows}
        either = {a: by_service[a] + by_region[a] for a in self._rows}
        second_near = self._behind_within(self._region, by_service)
        anybody, second = behind(self._rows), behind(self._rows, by_service)
        over, second_over = behind(self._rows, by_region), behind(self._rows, either)
        for a in self._rows:
            service, filled = self._tight_of(a), self._service_filled[a]
            tight = [*service, *self._tight_region_of(a)]
            quotas = [*self._all.forbidding(a), *self._all.full_quotas(a)]
            self._all.unless(a, [self._full, *quotas, *tight])
            if self._service[a] != NO_LIMIT and (service or self._first != NO_LIMIT):
                self._unless_nobody(a, colleagues, [])
            self._unless_nobody(a, neighbours, [*filled, *service])
            if self._first != NO_LIMIT:
                self._unless_nobody(a, second_near, service)
                self._all.unless(a, [*filled, self._all_first[self._region[a]], *service])
            if not self._regional:
                continue
            full_region = self._region_filled[a]
            self._all.unless(a, [*full_region, *self._none_over, *tight])
            self._unless_nobody(a, over, [*filled, *tight])
            self._unless_nobody(a, anybody, [*full_region, *filled, *tight])
            if self._open:
                self._all.unless(a, [self._past_open[a], *tight])
            if self._first != NO_LIMIT:
                self._unless_nobody(a, second_over, tight)
                self._unless_nobody(a, second, [*full_region, *tight])
                self._all.unless(a, [*filled, self._first_where_over, *tight])
                self._all.unless(a, [*filled, *full_region, self._all_first[None], *tight])

    def _count(self) -> None:
        """Literals that imply how many hold seats, of each region and service, by application.

        Whoever has no service is always one of its first: nothing bounds their literal.
        """
        at_most, at_least = self._all.at_most, self._all.at_least
        self._region_within: dict[int, list[Literal]] = {}
        self._region_filled: dict[int, list[Literal]] = {}
        self._service_within: dict[int, list[Literal]] = {}
        self._service_filled: dict[int, list[Literal]] = {}
        within: list[Literal] = []
        for region, rows in self._at.by(self._region).items():
            seats = self._at.region_minimum[region] if region != NO_LIMIT else 0
            beside = self._beside_open_seats(rows)
            few, many = self._all.new(), self._all.new()
            self._all.model.add(beside <= seats).only_enforce_if(few)
            self._all.model.add(beside >= seats).only_enforce_if(many)
            within.append(few)
            few_, many_ = [few], [many]
            self._region_within |= dict.fromkeys(rows, few_)
            self._region_filled |= dict.fromkeys(rows, many_)
        self._none_over = [] if self._open else [self._implying(within)]
        for service, rows in self._at.by(self._service).items():
            limited = self._first != NO_LIMIT and service != NO_LIMIT
            spare = [at_most(rows, self._first) if limited else self._all.new()]
            enough = [at_least(rows, self._first)] if limited else []
            self._service_within |= dict.fromkeys(rows, spare)
            self._service_filled |= dict.fromkeys(rows, enough)
        if self._first != NO_LIMIT:
            self._all_first = {
                region: self._implying([x for a in rows for x in self._service_within[a]])
                for region, rows in (*self._at.by(self._region).items(), (None, self._rows))
            }
            self._first_where_over = self._all.new()
            for a in self._rows:
                ways = [*self._service_within[a], *self._region_within[a]]
                self._all.model.add_bool_or([~self._first_where_over, *ways])

    def _implying(self, literals: Sequence[Literal]) -> Literal:
        every = self._all.new()
        for literal in literals:
            self._all.model.add_implication(every, literal)
        return every

    def _behind_within(
        self, group: Mapping[int, int], spared: Mapping[int, list[Literal]] | None = None
    ) -> dict[int, Literal]:
        found: dict[int, Literal] = {}
        for rows in self._at.by(group).values():
            found |= self._at.behind(rows, spared)
        return found

    def _unless_nobody(
        self, a: int, behind: Mapping[int, Literal], literals: Sequence[Literal]
    ) -> None:
        if a in behind:
            self._all.unless(a, [~behind[a], *literals])

    def _tight_of(self, a: int) -> list[Literal]:
        tight = self._tight_services.get(self._service[a])
        return [] if tight is None else [tight]

    def _tight_region_of(self, a: int) -> list[Literal]:
        tight = self._tight_regions.get(self._at.region[a])
        return [] if tight is None else [tight]
