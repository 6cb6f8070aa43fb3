"""The ways into an offering that reserves seats: for a region, or for the first ones of a service.

Whom the offering chooses is told in ``choice.Choice.best``; limits on services and on regions are
nested here (each service's applicants share a region). An applicant ``a`` whom it would choose
beside its holders blocks. Whom it turns away depends on what is tight:

- a service's maximum: the last of the service by rank;
- else a region's maximum: the last of the region in the order, in which the tiers come before one
  another, and in each the first ones of each service before all others;
- else, all offers being out: in the lowest tier that holds an offer, the last in the order of all
  regions that would hold more than their reserves (besides the open seats, where these are filled
  first), or of everybody, where none does.

So ``a`` is turned away where nobody is of a lower tier, and nobody of its own is behind it in
those; each clause forbids one way in. What counts towards a reserve, or as the first ones of a
service, in one tier are the holders of that tier and those before it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ortools.sat.python import cp_model
from ortools.sat.python.cp_model_helper import Literal

from admissions.allocation.cp_sat.model import Rows
from admissions.allocation.cp_sat.offering import Offering
from admissions.allocation.problem import NO_LIMIT


class Reserves:
    """The clauses of one offering with reserved seats."""

    def __init__(self, at: Offering, full: Literal) -> None:
        self._at, self._full = at, full
        maxima = any(n != NO_LIMIT for n in at.region_maximum)
        self._regional = any(at.region_minimum) or maxima
        self._region = at.region if self._regional else dict.fromkeys(at.rows, 0)
        self._services, self._regions = at.tight_services(), at.tight_regions()
        open_seats = at.offers - sum(at.region_minimum)
        self._open = _OpenSeats(at, open_seats if at.open_first else 0)

    def constrain(self) -> None:
        """For each way in, the clause that forbids it, tier by tier."""
        at, region = self._at, self._region
        self._unused_or_among_colleagues()
        tiers = sorted(at.by(at.tier).items())
        so_far: Rows = []
        found: list[_Tier] = []
        for _, rows in tiers:
            so_far = [*so_far, *rows]
            found.append(_Tier(at, region, self._open, rows, so_far))
        for place, tier in enumerate(found):
            lower = [a for other in found[place + 1 :] for a in other.rows]
            if lower:
                self._before_lower_tiers(tier.rows, lower)
            self._within(tier)
            for other in found[place:]:
                self._reserved(tier, other)

    def _unused_or_among_colleagues(self) -> None:
        """An offer is unused; or somebody of the same service is behind."""
        at = self._at
        colleagues: dict[int, Literal] = {}
        for rows in at.by(at.service).values():
            colleagues |= at.behind(rows)
        for a in at.rows:
            service = self._tight_service(a)
            at.plans.unless(a, self._used(a))
            if at.service[a] != NO_LIMIT and (service or at.service_first != NO_LIMIT):
                at.unless_nobody(a, colleagues, [])

    def _used(self, a: int) -> list[Literal]:
        """What forbids ``a`` an unused offer."""
        plans = self._at.plans
        across = [*plans.forbidding(a), *plans.full_quotas(a)]
        return [self._full, *across, *self._tight_service(a), *self._tight_region(a)]

    def _before_lower_tiers(self, rows: Rows, lower: Rows) -> None:
        """Somebody of a lower tier goes, at all or in the region that is at its maximum."""
        at = self._at
        nobody = at.plans.nobody(lower)
        near = {region: at.plans.nobody(own) for region, own in at.by(self._region, lower).items()}
        for a in rows:
            service, region = self._tight_service(a), self._tight_region(a)
            at.plans.unless(a, [nobody, *service, *region])
            if region and self._region[a] in near:
                at.plans.unless(a, [near[self._region[a]], *service])

    def _within(self, tier: _Tier) -> None:
        """Somebody behind in the same tier goes, by what is tight and by the reserves."""
        at, first = self._at, self._at.service_first != NO_LIMIT
        for a in tier.rows:
            service, filled = self._tight_service(a), tier.service_filled[a]
            tight = [*service, *self._tight_region(a)]
            at.unless_nobody(a, tier.neighbours, [*filled, *service])
            if first:
                at.unless_nobody(a, tier.second_near, service)
            if not self._regional:
                continue
            full_region = tier.region_filled[a]
            at.unless_nobody(a, tier.over, [*filled, *tight])
            at.unless_nobody(a, tier.anybody, [*full_region, *filled, *tight])
            if self._open.some:
                at.plans.unless(a, [self._open.past[a], *tight])
            if first:
                at.unless_nobody(a, tier.second_over, tight)
                at.unless_nobody(a, tier.second, [*full_region, *tight])

    def _reserved(self, tier: _Tier, other: _Tier) -> None:
        """A reserve that lacks somebody seats ``a``, whatever the ranks in the ``other`` tier."""
        at, first = self._at, self._at.service_first != NO_LIMIT
        for a in tier.rows:
            service, filled = self._tight_service(a), tier.service_filled[a]
            tight, full_region = [*service, *self._tight_region(a)], tier.region_filled[a]
            near = other.all_first.get(self._region[a])
            if first and near is not None:
                at.plans.reserved(a, [*filled, near, *service])
            if not self._regional:
                continue
            at.plans.reserved(a, [*full_region, *self._used(a)])
            at.plans.reserved(a, [*full_region, *other.none_over, *tight])
            if first:
                at.plans.reserved(a, [*filled, other.first_where_over, *tight])
                at.plans.reserved(a, [*filled, *full_region, other.all_first[None], *tight])

    def _tight_service(self, a: int) -> list[Literal]:
        tight = self._services.get(self._at.service[a])
        return [] if tight is None else [tight]

    def _tight_region(self, a: int) -> list[Literal]:
        tight = self._regions.get(self._at.region[a])
        return [] if tight is None else [tight]


class _OpenSeats:
    """The seats that no region has, where they are filled first: the first holders take them.

    ``past``: by application, that all of them have gone to others before it.
    """

    def __init__(self, at: Offering, seats: int) -> None:
        self._at, self.some = at, seats > 0
        self._in_open: dict[int, Literal] = {}
        self.past: dict[int, Literal] = {}
        if self.some:
            self._fill(seats)

    def _fill(self, seats: int) -> None:
        """By rank; somebody may be past all of them."""
        plans = self._at.plans
        before = plans.new()
        for a in self._at.rows:
            here, past = plans.new(), plans.new()
            plans.model.add_implication(before, past)
            plans.model.add_bool_or([~plans.held[a], here, past])
            plans.model.add_implication(here, plans.held[a])
            plans.model.add_implication(here, ~past)
            self._in_open[a], self.past[a], before = here, past, past
        taken = cp_model.LinearExpr.sum(list(self._in_open.values()))
        plans.model.add(taken <= seats)
        plans.model.add(taken >= seats).only_enforce_if(before)

    def beside(self, rows: Rows) -> cp_model.LinearExprT:
        """How many of ``rows`` hold a seat that is not an open one."""
        opened = [~self._in_open[a] for a in rows if a in self._in_open]
        held = [self._at.plans.held[a] for a in rows]
        return cp_model.LinearExpr.sum([*held, *opened]) - len(opened)


class _Tier:
    """Who holds seats in one tier, by region and service: literals, by application of ``rows``.

    ``so_far``: the applications of this tier and those before it, which count towards reserves.
    Whoever has no service is always one of its first: nothing bounds their literal.
    """

    def __init__(
        self,
        at: Offering,
        region: Mapping[int, int],
        opened: _OpenSeats,
        rows: Rows,
        so_far: Rows,
    ) -> None:
        self._at, self._region, self.rows = at, region, rows
        self.region_within: dict[int, list[Literal]] = {}
        self.region_filled: dict[int, list[Literal]] = {}
        self.service_within: dict[int, list[Literal]] = {}
        self.service_filled: dict[int, list[Literal]] = {}
        self._count_regions(opened, at.by(region, so_far))
        self._count_services(at.by(at.service, so_far))
        alone = len(at.by(at.tier)) == 1
        self.none_over = [] if opened.some and alone else [self._all(self.region_within, rows)]
        self._behind()
        self.all_first: dict[int | None, Literal] = {}
        if at.service_first != NO_LIMIT:
            for where, own in (*at.by(region, rows).items(), (None, rows)):
                self.all_first[where] = self._all(self.service_within, own)
            either = {a: self.service_within[a] + self.region_within[a] for a in rows}
            self.first_where_over = self._all(either, rows)

    def _count_regions(self, opened: _OpenSeats, groups: Mapping[int, Rows]) -> None:
        plans, minima = self._at.plans, self._at.region_minimum
        for region, own in self._at.by(self._region, self.rows).items():
            seats = minima[region] if region != NO_LIMIT else 0
            beside, few, many = opened.beside(groups[region]), plans.new(), plans.new()
            plans.model.add(beside <= seats).only_enforce_if(few)
            plans.model.add(beside >= seats).only_enforce_if(many)
            few_, many_ = [few], [many]
            self.region_within |= dict.fromkeys(own, few_)
            self.region_filled |= dict.fromkeys(own, many_)

    def _count_services(self, groups: Mapping[int, Rows]) -> None:
        plans, first = self._at.plans, self._at.service_first
        for service, own in self._at.by(self._at.service, self.rows).items():
            limited = first != NO_LIMIT and service != NO_LIMIT
            spare = [plans.at_most(groups[service], first) if limited else plans.new()]
            enough = [plans.at_least(groups[service], first)] if limited else []
            self.service_within |= dict.fromkeys(own, spare)
            self.service_filled |= dict.fromkeys(own, enough)

    def _behind(self) -> None:
        at, rows = self._at, self.rows
        by_service, by_region = self.service_within, self.region_within
        either = {a: by_service[a] + by_region[a] for a in rows}
        self.neighbours = self._behind_near()
        self.second_near = self._behind_near(by_service)
        self.anybody, self.second = at.behind(rows), at.behind(rows, by_service)
        self.over, self.second_over = at.behind(rows, by_region), at.behind(rows, either)

    def _behind_near(self, spared: Mapping[int, list[Literal]] | None = None) -> dict[int, Literal]:
        found: dict[int, Literal] = {}
        for rows in self._at.by(self._region, self.rows).values():
            found |= self._at.behind(rows, spared)
        return found

    def _all(self, ways: Mapping[int, Sequence[Literal]], rows: Rows) -> Literal:
        """A literal that implies that whoever of ``rows`` holds a seat has one of the ``ways``."""
        plans, every = self._at.plans, self._at.plans.new()
        for a in rows:
            plans.model.add_bool_or([~every, ~plans.held[a], *ways[a]])
        return every
