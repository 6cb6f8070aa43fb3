"""The definitions, tried on every plan of a small problem. Shares nothing with the solvers.

A plan is a set of held applications, written as a whole number: bit ``a`` is application ``a``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain

import numpy as np

from admissions.allocation.problem import NO_LIMIT, Problem

Plan = int

MOST = ("offers-used", "municipal-first", "spread-breadth", "tie")
"""The objectives of which more is better."""


def plan_of(held: np.ndarray) -> Plan:
    """The plan that a solver writes as bool (m,)."""
    return bits(np.flatnonzero(held).tolist())


def bits(rows: Iterable[int]) -> Plan:
    return sum(1 << a for a in rows)


def rows_of(plan: Plan) -> list[int]:
    return [a for a in range(plan.bit_length()) if plan >> a & 1]


class Definitions:
    """What ``docs/allocation.md`` says of the plans of one problem."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.person: list[int] = problem.person.tolist()
        self.offering: list[int] = problem.offering.tolist()
        self.preference: list[int] = problem.preference.tolist()
        self.rank: list[int] = problem.rank.tolist()
        self.weight: list[int] = problem.weight.tolist()
        self.service: list[int] = problem.service.tolist()
        self.region: list[int] = problem.region.tolist()
        self.tier: list[int] = problem.tier.tolist()
        self.rows = range(len(self.person))
        self.offerings = range(len(problem.offerings))
        self.at = [self.having(self.offering, o) for o in self.offerings]
        self.own = [self.having(self.person, p) for p in range(problem.persons)]
        self.no_better = [
            bits(
                b
                for b in self.rows
                if self.person[b] == self.person[a] and self.preference[b] <= self.preference[a]
            )
            for a in self.rows
        ]
        self.behind = [
            bits(
                b
                for b in self.rows
                if self.offering[b] == self.offering[a] and self.rank[b] > self.rank[a]
            )
            for a in self.rows
        ]
        self.ahead = [
            bits(
                b
                for b in self.rows
                if self.offering[b] == self.offering[a] and self.rank[b] < self.rank[a]
            )
            for a in self.rows
        ]
        self.maxima_at = [[*self._maxima_at(o)] for o in self.offerings]
        self.maxima = [*chain.from_iterable(self.maxima_at), *self._over_offerings()]
        self.counting = [[one for one in self.maxima if one[0] >> a & 1] for a in self.rows]
        self.spared = [
            (self.having(self.service, limit.service), limit.maximum)
            for limit in problem.away
            if limit.order is not None
        ]
        self.place = [self._place(p) for p in range(problem.persons)]
        self.groups = [*self._groups()]
        self.minima = [*self._classes(), *self.groups]
        self.colleagues_ahead = [[*self._colleagues_ahead(a)] for a in self.rows]

    def having(self, column: Sequence[int], value: int) -> Plan:
        """The applications with ``value`` in ``column``."""
        return bits(a for a in self.rows if column[a] == value)

    def _maxima_at(self, o: int) -> Iterator[tuple[Plan, int]]:
        """Of those in the first, at most so many as the second may hold."""
        limits, here = self.problem.limits, self.at[o]
        if self.problem.ties != "accept-all":
            yield here, int(self.problem.offers[o])
        if limits.service_maximum[o] != NO_LIMIT:
            for s in set(self.service) - {NO_LIMIT}:
                from_service = self.having(self.service, s)
                yield here & from_service, int(limits.service_maximum[o])
        if limits.municipality_maximum[o] != NO_LIMIT:
            for m in set(self.problem.municipality.tolist()) - {NO_LIMIT}:
                living_in = self.having(self.problem.municipality.tolist(), m)
                yield here & living_in, int(limits.municipality_maximum[o])
        for r, most in enumerate(limits.region_maximum[o].tolist()):
            if most != NO_LIMIT:
                yield here & self.having(self.region, r), most

    def _over_offerings(self) -> Iterator[tuple[Plan, int]]:
        """Likewise, but for services with one order: there the first in order may come."""
        for quota in self.problem.quotas:
            inside = set(quota.offerings)
            yield bits(a for a in self.rows if self.offering[a] in inside), quota.seats
        for limit in self.problem.away:
            if limit.order is None:
                yield self.having(self.service, limit.service), limit.maximum

    def _classes(self) -> Iterator[tuple[Plan, int]]:
        """Of those in the first, at least so many as the second hold, or nobody."""
        for o, least in enumerate(self.problem.limits.class_minimum.tolist()):
            if least:
                yield self.at[o], least

    def _groups(self) -> Iterator[tuple[Plan, int]]:
        """Likewise."""
        for group in self.problem.groups:
            staff = self.having(self.service, group.service)
            yield staff & self.at[group.offering], group.at_least

    def _place(self, p: int) -> int:
        """The place of ``p`` in the service's one order, 1 = first; 0 where it has none."""
        orders = [limit.order for limit in self.problem.away if limit.order is not None]
        return next((order.index(p) + 1 for order in orders if p in order), 0)

    def _colleagues_ahead(self, a: int) -> Iterator[tuple[Plan, int]]:
        """Those whom the leader's order puts before the person of ``a``, and how many may go."""
        for limit in self.problem.away:
            if limit.service == self.service[a] and limit.order is not None:
                ahead = limit.order[: limit.order.index(self.person[a])]
                yield bits(b for b in self.rows if self.person[b] in ahead), limit.maximum

    def plans(self) -> Iterator[Plan]:
        """Every way to give each person one of the wishes or nothing that exceeds no maximum."""
        maxima = [*self.maxima, *self.spared]

        def given(p: int, plan: Plan) -> Iterator[Plan]:
            if any((plan & counted).bit_count() > most for counted, most in maxima):
                return
            if self.problem.ties == "accept-all" and self.beyond_equals(plan):
                return
            if p == len(self.own):
                yield plan
                return
            for a in rows_of(self.own[p]):
                yield from given(p + 1, plan | 1 << a)
            yield from given(p + 1, plan)

        yield from given(0, 0)

    def beyond_equals(self, plan: Plan) -> bool:
        """Whether somebody holds an offer whom those ranked ahead leave none."""
        return any(
            (plan & self.at[self.offering[a]] & self.ahead[a]).bit_count()
            >= self.problem.offers[self.offering[a]]
            for a in rows_of(plan)
        )

    def minima_hold(self, plan: Plan) -> bool:
        """Whether each class and each group is large enough or absent."""
        return all(
            not plan & counted or (plan & counted).bit_count() >= least
            for counted, least in self.minima
        )

    def blocks(self, plan: Plan, a: int) -> bool:
        """Moved there, and at most one lower-ranked holder removed, no maximum is exceeded.

        ``plan`` exceeds none, so that those alone can be exceeded that count ``a``. Minima bind
        nobody who leaves: they decide whether a class runs, and a group goes, and excuse then.
        """
        if plan & self.no_better[a]:
            return False
        if self.excused(plan, a):
            return False
        o = self.offering[a]
        here = plan & self.at[o]
        if self.problem.ties != "lottery":
            return self._blocks_with_equals(plan, here, a)
        moved = plan & ~self.own[self.person[a]] | 1 << a
        if self._fits(moved, a):
            return True
        if self.reserving(o):
            return self._chosen_there(plan, moved, a)
        return any(self._fits(moved & ~(1 << b), a) for b in rows_of(here & self.behind[a]))

    def excused(self, plan: Plan, a: int) -> bool:
        """A class or group that nobody is in, or enough colleagues ahead in the service's order."""
        if any(counted >> a & 1 and not plan & counted for counted, _ in self.minima):
            return True
        return any((plan & ahead).bit_count() >= most for ahead, most in self.colleagues_ahead[a])

    def _chosen_there(self, plan: Plan, moved: Plan, a: int) -> bool:
        """Whether the offering would choose ``a`` from its holders and ``a``, whoever goes then.

        Of all its offers; or, where something else allows no more, of as many as it has holders.
        """
        o = self.offering[a]
        here = plan & self.at[o]
        for offers in (int(self.problem.offers[o]), here.bit_count()):
            chosen = self.chosen(o, rows_of(here | 1 << a), offers)
            if chosen >> a & 1 and self._fits(moved & ~(here & ~chosen), a):
                return True
        return False

    def _blocks_with_equals(self, plan: Plan, here: Plan, a: int) -> bool:
        """Somebody equal or behind holds, or the score limit can be lowered to ``a``."""
        if here & ~self.ahead[a]:
            return True
        offers = int(self.problem.offers[self.offering[a]])
        if self.problem.ties == "accept-all":
            return here.bit_count() < offers
        asking = [
            b
            for b in rows_of(self.at[self.offering[a]] & ~self.behind[a])
            if not plan & self.no_better[b] and not self.excused(plan, b)
        ]
        return here.bit_count() + len(asking) <= offers

    def _fits(self, plan: Plan, a: int) -> bool:
        return all((plan & counted).bit_count() <= most for counted, most in self.counting[a])

    def reserving(self, o: int) -> bool:
        limits = self.problem.limits
        return bool(limits.region_minimum[o].any() or limits.service_first[o] != NO_LIMIT)

    def chosen(self, o: int, considered: Iterable[int], offers: int | None = None) -> Plan:
        """Whom ``o`` chooses of ``considered``, in the five steps of docs/allocation.md."""
        limits = self.problem.limits
        offers = int(self.problem.offers[o]) if offers is None else offers
        line = sorted(considered, key=lambda a: self.rank[a])
        maximum, first = int(limits.service_maximum[o]), int(limits.service_first[o])
        if maximum != NO_LIMIT:
            line, _ = self._best_of(line, self.service, lambda s: maximum if s >= 0 else len(line))
        if first != NO_LIMIT:
            ahead, rest = self._best_of(
                line, self.service, lambda s: first if s >= 0 else len(line)
            )
            line = self.tier_by_tier(ahead + rest)
        most = limits.region_maximum[o].tolist()
        line, _ = self._best_of(
            line, self.region, lambda r: len(line) if most[r] == NO_LIMIT else most[r]
        )
        reserves = limits.region_minimum[o].tolist()
        open_seats = max(offers - sum(reserves), 0) if limits.open_first[o] else 0
        entitled, _ = self._best_of(line[open_seats:], self.region, lambda r: reserves[r])
        before = [a for a in line if a in line[:open_seats] or a in entitled]
        after = [a for a in line if a not in before]
        return bits(self.tier_by_tier(before + after)[:offers])

    def tier_by_tier(self, line: list[int]) -> list[int]:
        """``line`` with every higher sector tier before the lower ones."""
        return [a for tier in sorted(set(self.tier)) for a in line if self.tier[a] == tier]

    def lacks_a_reserved_seat(self, plan: Plan, a: int) -> bool:
        """Whether a reserve at the offering of ``a`` would seat it, whatever the ranks.

        ``a`` waits, and is short of a seat: its region has fewer than its reserve, or its service
        fewer than its first ones, those of lower tiers not counted. It lacks one where 1. the
        region is short and an offer is unused that no limit forbids; or somebody else of the same
        tier or a lower one holds a seat there who is not among the first of a service, or beyond
        the reserve of a region, as 2.-5. say.
        """
        o = self.offering[a]
        if plan & self.no_better[a] or self.excused(plan, a) or not self.reserving(o):
            return False
        limits, seats = self.problem.limits, _Seats(self, o, plan)
        maxima = [one for one in self.maxima_at[o][1:] if one[0] >> a & 1]
        reached = [counted for counted, most in maxima if (plan & counted).bit_count() >= most]
        by_service = any(counted & ~self.of_service(a) == 0 for counted in reached)
        most = limits.region_maximum[o].tolist()
        regional = any(limits.region_minimum[o]) or any(m != NO_LIMIT for m in most)
        short = regional and seats.in_region(a) < seats.reserved(a)
        moved = plan & ~self.own[self.person[a]] | 1 << a
        if short and self._fits(moved, a):
            return True  # 1
        for b in seats.here:
            if self.tier[b] < self.tier[a]:
                continue
            later = seats.is_first(a) and seats.is_later(b)
            near = not regional or self.region[a] == self.region[b]
            if later and near and not by_service:
                return True  # 2. a later one of a service, in the same region
            beyond = regional and seats.in_region(b) > seats.reserved(b)
            if not reached and ((short and (beyond or later)) or (later and beyond)):
                return True  # 3.-5. one beyond a region's reserve, or a later one
        return False

    def of_service(self, a: int) -> Plan:
        return self.having(self.service, self.service[a])

    def lacking(self, plan: Plan) -> int:
        """How many lack a seat that is reserved for them."""
        return sum(self.lacks_a_reserved_seat(plan, a) for a in self.rows)

    @staticmethod
    def _best_of(
        line: list[int], group: list[int], seats: Callable[[int], int]
    ) -> tuple[list[int], list[int]]:
        """The first so many of each group in ``line``, and the others, in order."""
        inside: list[int] = []
        for a in line:
            if sum(group[b] == group[a] for b in inside) < seats(group[a]):
                inside.append(a)
        return inside, [a for a in line if a not in inside]

    def blocking(self, plan: Plan, most: int | None = None) -> int:
        """How many pairs block ``plan``; counted up to ``most`` + 1 only."""
        count = 0
        for a in self.rows:
            count += self.blocks(plan, a)
            if most is not None and count > most:
                break
        return count

    def value(self, name: str, plan: Plan, most: int | None = None) -> int:
        """The value of an objective; of blocking pairs no more than ``most`` + 1 are counted."""
        held = rows_of(plan)
        if name == "blocking-pairs":
            return self.blocking(plan, most)
        if name == "offers-used":
            return len(held)
        if name == "reserves not kept":
            return self.lacking(plan)
        if name == "set-aside":
            return self.set_aside(plan)
        if name == "spread-breadth":
            return len({self.region[a] for a in held} - {NO_LIMIT})
        of_each = {
            "service-order": [self.place[p] for p in self.person],
            "municipal-first": self.problem.municipal.astype(int).tolist(),
            "preferences": self.preference,
            "draw": self.problem.drawn.tolist(),
            "tie": self.weight,
        }[name]
        return sum(of_each[a] for a in held)

    def set_aside(self, plan: Plan) -> int:
        """How many of those who shall go together wait where nobody of them holds an offer."""
        return sum(
            not plan & counted and not plan & self.no_better[a]
            for counted, _ in self.groups
            for a in rows_of(counted)
        )

    def best(self) -> tuple[dict[str, int], Plan]:
        """The best plan by the objectives in order, each with its value.

        Before all others stands that as few as can be lack a reserved seat.
        """
        names, found = ("reserves not kept", *self.problem.pursued), 0
        best: list[int] = []
        for plan in self.plans():
            if not self.minima_hold(plan):
                continue
            least: list[int] = []
            for name in names:
                equal = least == best[: len(least)] and bool(best)
                value = self.value(name, plan, best[len(least)] if equal else None)
                least.append(-value if name in MOST else value)
                if best and least > best[: len(least)]:
                    break
            else:
                best, found = least, plan
        return {name: self.value(name, found) for name in names[1:]}, found

    def stable(self, plan: Plan) -> bool:
        """Whether ``plan``, which exceeds no maximum, keeps the minima and nobody blocks it."""
        return self.minima_hold(plan) and not any(self.blocks(plan, a) for a in self.rows)

    def stable_plans(self) -> list[Plan]:
        return [plan for plan in self.plans() if self.stable(plan)]

    def wishes_met(self, plan: Plan) -> tuple[int, ...]:
        """Each person's wish number; one more than the last wish for nothing."""
        met = [own.bit_count() + 1 for own in self.own]
        for a in rows_of(plan):
            met[self.person[a]] = self.preference[a]
        return tuple(met)

    def called_down(self, call_rounds: int, declines: Plan = 0) -> tuple[Plan, Plan]:
        """The independent mechanism, one call at a time: who holds and who gave up an offer."""
        held = called = 0
        for _ in range(call_rounds):
            new = 0
            for o in self.offerings:
                here = held & self.at[o]
                if self.problem.ties != "lottery":
                    new |= self._called_together(o, here, called)
                    continue
                while True:
                    line = [a for a in rows_of(self.at[o] & ~(called | new))
                            if self._fits_at(o, here | 1 << a)]  # fmt: skip
                    if not line:
                        break
                    line.sort(key=lambda a: self.rank[a])
                    line = [a for a in line if self.tier[a] == self.tier[line[0]]]
                    first = next((a for a in line if self._short(o, here, a)), line[0])
                    here |= 1 << first
                    new |= 1 << first
            called |= new
            held |= new
            for own in self.own:
                rivals = sorted(rows_of(held & own), key=lambda a: self.preference[a])
                held &= ~bits(rivals[1:])
            held &= ~declines
        return held, called & ~held

    def calls_simply(self, o: int) -> bool:
        """Whether ``called_down`` tells how ``o`` calls: reserves first, and beside no other."""
        limits = self.problem.limits
        reserves = [limits.region_minimum[o].any(), limits.service_first[o] != NO_LIMIT]
        maxima = [
            limits.service_maximum[o] != NO_LIMIT,
            limits.municipality_maximum[o] != NO_LIMIT,
            (limits.region_maximum[o] != NO_LIMIT).any(),
        ]
        return not limits.open_first[o] and (not any(reserves) or sum(reserves + maxima) == 1)

    def _called_together(self, o: int, here: Plan, called: Plan) -> Plan:
        """Equals after equals, while an offer is left for the first (or for all) of them."""
        left, found = int(self.problem.offers[o]) - here.bit_count(), 0
        line = rows_of(self.at[o] & ~called)
        for rank in sorted({self.rank[a] for a in line}):
            equals = bits(a for a in line if self.rank[a] == rank)
            need = 1 if self.problem.ties == "accept-all" else equals.bit_count()
            if found.bit_count() + need > left:
                break
            found |= equals
        return found

    def _fits_at(self, o: int, plan: Plan) -> bool:
        return all((plan & counted).bit_count() <= most for counted, most in self.maxima_at[o])

    def _short(self, o: int, here: Plan, a: int) -> bool:
        """Whether the reserve of the group of ``a`` has a seat left."""
        limits = self.problem.limits
        if limits.region_minimum[o].any():
            region = self.region[a]
            there = sum(self.region[b] == region for b in rows_of(here))
            return region != NO_LIMIT and there < limits.region_minimum[o, region]
        if limits.service_first[o] != NO_LIMIT:
            service = self.service[a]
            there = sum(self.service[b] == service for b in rows_of(here))
            return service == NO_LIMIT or there < limits.service_first[o]
        return True


class _Seats:
    """Who holds the seats at one offering in a plan, by its reserves; tiers before count too."""

    def __init__(self, of: Definitions, offering: int, plan: Plan) -> None:
        self._of, limits = of, of.problem.limits
        self.here = rows_of(plan & of.at[offering])
        self._reserves = limits.region_minimum[offering].tolist()
        self._first = int(limits.service_first[offering])
        open_seats = max(int(of.problem.offers[offering]) - sum(self._reserves), 0)
        by_rank = sorted(self.here, key=lambda b: of.rank[b])
        self._beside = by_rank[open_seats if limits.open_first[offering] else 0 :]

    def reserved(self, a: int) -> int:
        return int(self._reserves[self._of.region[a]])

    def in_region(self, a: int) -> int:
        """How many seats of its reserve the region of ``a`` has; open ones are not of it."""
        return self._count(self._beside, self._of.region, a)

    def is_first(self, a: int) -> bool:
        """Whether one more of the service of ``a`` would be among its first ones."""
        of = self._of
        if self._first == NO_LIMIT:
            return False
        return of.service[a] < 0 or self._count(self.here, of.service, a) < self._first

    def is_later(self, b: int) -> bool:
        """Whether the holder ``b`` can go for a first one of another service."""
        of = self._of
        if self._first == NO_LIMIT or of.service[b] < 0:
            return False
        return self._count(self.here, of.service, b) > self._first

    def _count(self, among: list[int], group: list[int], a: int) -> int:
        same = [c for c in among if group[c] == group[a]]
        return sum(self._of.tier[c] <= self._of.tier[a] for c in same)
