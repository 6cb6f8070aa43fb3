"""Which waiting applications could have an offer, and which limits forbid it to the others.

An *exchange*: the person leaves what they hold and moves to the offering they want more, and at
most one holder there goes. A limit at its maximum forbids it, unless the one who goes is counted by
that limit too. Where seats are reserved, the one who goes is whom the offering would choose last:
in the lowest sector tier, by rank, those outside the reserves before those within. A holder is
*protected* while their group holds no more than its reserve, and an applicant *entitled* while it
holds less: those of a lower tier are not counted, and no reserve protects them from a higher one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce

import numpy as np

from admissions.model.facts import Flags, Numbers
from admissions.verification import bounds
from admissions.verification.bounds import NOBODY, Bound, Excuse, excuses, who_goes
from admissions.verification.case import Case
from admissions.verification.grouping import Rows, count_in, last_of, together, up_to_equals
from admissions.verification.limits import LAST
from admissions.verification.property import both

There = Rows | slice
"""Positions among the wanted applications; a slice stands for all of them."""


@dataclass(frozen=True, eq=False)
class Bar:
    """Where a limit forbids, bool (e,), and which: ``names`` by ``named`` (e,)."""

    names: Sequence[str]
    named: Numbers
    flags: Flags


class Exchanges:
    """The exchanges of one case; arrays have shape (w,), by ``rows``, the wanted applications."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.rows = case.wanted
        self.offering = case.offering[self.rows]
        self.rank = case.rank[self.rows]

    @cached_property
    def excuses(self) -> list[Excuse]:
        """What excuses applications whatever exchange they want."""
        return excuses(self.case) if self.case.coordinated else []

    @cached_property
    def excused(self) -> Flags:
        """Whether anything does."""
        found = np.zeros(len(self.rows), dtype=np.bool_)
        for excuse in self.excuses:
            found |= excuse.flags
        return found

    @cached_property
    def maxima(self) -> list[tuple[Bound, Flags]]:
        """The maxima that count some people of an offering only, and for whom each is reached."""
        case = self.case
        found = [(one, self._reached(one)) for one in bounds.maxima_at_offerings(case)]
        apart = bounds.away(case, ~case.limits.ordered) if case.coordinated else []
        return found + [(one, self._reached(one, self._own(one))) for one in apart]

    @cached_property
    def quotas(self) -> list[tuple[Bound, Flags]]:
        """The quotas, and for whom each is full."""
        case = self.case
        found = bounds.quotas(case) if case.coordinated else []
        return [(one, self._reached(one, self._own(one))) for one in found]

    @cached_property
    def reserve(self) -> Bound | None:
        """The reserved seats."""
        return bounds.reserves(self.case)

    def _reached(self, bound: Bound, own: Numbers | int = 0) -> Flags:
        """Whether the limit allows no more, ``own`` seats of the person apart."""
        counted = count_in(bound.key, self.case.holders, self.rows) - own
        reached: Flags = counted >= bound.seats[self.rows]
        return reached

    def _own(self, bound: Bound) -> Numbers:
        """How many of the seats that the person would leave the limit counts."""
        case = self.case
        counted = case.holders[bound.seats[case.holders] < LAST]
        own = np.bincount(case.person[counted], minlength=len(case.persons))
        found: Numbers = own[case.person[self.rows]]
        return found

    @cached_property
    def entitled(self) -> Flags:
        """Whether a reserve has a seat for them."""
        if self.reserve is None:
            return np.zeros(len(self.rows), dtype=np.bool_)
        entitled: Flags = self._used(self.reserve, self.rows) < self.reserve.seats[self.rows]
        return entitled

    @cached_property
    def would_be_entitled(self) -> Flags:
        """Whether a reserve would have a seat for them if somebody of their group left it."""
        if self.reserve is None:
            return np.zeros(len(self.rows), dtype=np.bool_)
        entitled: Flags = self._used(self.reserve, self.rows) <= self.reserve.seats[self.rows]
        return entitled

    def _used(self, reserve: Bound, rows: Rows) -> Numbers:
        """How many of the group of each of ``rows`` hold a seat in their tier or one before it."""
        case, found = self.case, np.zeros(len(rows), dtype=np.int64)
        tier, holds = case.tier[rows], case.tier[case.holders]
        for one in np.unique(tier).tolist():
            here = tier == one
            found[here] = count_in(reserve.key, case.holders[holds <= one], rows[here])
        return found

    @cached_property
    def protected(self) -> Flags:
        """Whether an application holds a seat that a reserve keeps, bool (m,)."""
        case, found = self.case, np.zeros(len(self.case.person), dtype=np.bool_)
        if self.reserve is not None:
            used = self._used(self.reserve, case.holders)
            found[case.holders] = used <= self.reserve.seats[case.holders]
        return found

    @cached_property
    def together(self) -> Flags:
        """Whether several limits choose together where they wait."""
        found: Flags = self.case.together[self.offering]
        return found

    @cached_property
    def goes(self) -> Numbers:
        """Who would go for them where several limits choose together; elsewhere nobody.

        An application, ``NOBODY`` (all have a seat), or ``NOT_CHOSEN`` (they themselves). Where a
        quota allows no more, an unused offer is none.
        """
        case, found = self.case, np.full(len(self.rows), NOBODY)
        barred = np.zeros(len(self.rows), dtype=np.bool_)
        for _, reached in self.quotas:
            barred |= reached
        for number in np.flatnonzero(case.together).tolist():
            holders = case.holders[case.offering[case.holders] == number].tolist()
            for at in np.flatnonzero(self.offering == number).tolist():
                full = bool(barred[at] and self.unused[at])
                found[at] = who_goes(case, int(self.rows[at]), holders, full=full)
        return found

    @cached_property
    def unused(self) -> Flags:
        """Whether an offer is unused where they wait."""
        found: Flags = (self.case.used < self.case.offers)[self.offering]
        return found

    @cached_property
    def turned_away_together(self) -> Flags:
        """Whether too few offers are unused for them, all their equals, and those ahead."""
        case, found = self.case, np.zeros(len(self.rows), dtype=np.bool_)
        if case.ties == "reject-all":
            asking = np.flatnonzero(~self.excused)
            offering = self.offering[asking]
            unused = (case.offers - case.used)[offering]
            found[asking] = up_to_equals(offering, self.rank[asking]) > unused
        return found

    @cached_property
    def admissible(self) -> Flags:
        """Whether they could have an unused offer, nobody else moving but their equals with them.

        Where equals are turned away together, those ahead come with them too.
        """
        found = self.unused & ~self.excused & ~self.turned_away_together
        for _, reached in (*self.maxima, *self.quotas):
            found = found & ~reached
        return found

    def last_to_go(self, holders: Rows) -> Numbers:
        """The highest place among ``holders`` whose seat nothing forbids them to take; 0: none."""
        found = np.zeros(len(self.rows), dtype=np.int64)
        for there, keys in self._by_maxima_reached():
            found[there] = self._last(keys, there, holders)
        if self.together.any():
            may_go = self.together & np.isin(self.goes, holders)
            found[self.together] = 0
            found[may_go] = self.case.place[self.goes[may_go]]
        found[self.excused | ~self._reserve_agrees] = 0
        return found

    def ahead_of(self, holders: Rows, place: Numbers | int) -> tuple[Flags, Flags]:
        """Who waits where one of ``holders`` stands at ``place`` (w,) or behind it.

        First those who could take such a seat, then those to whom a limit forbids it.
        """
        anybody: Flags = self.case.last_at(holders)[self.offering] >= place
        limited = self.maxima or self.reserve is not None or self.together.any()
        if not self.excuses and not limited:
            return anybody, np.zeros_like(anybody)
        free: Flags = self.last_to_go(holders) >= place
        return free, anybody & ~free

    @cached_property
    def envy(self) -> tuple[Flags, Flags]:
        """Who is ranked ahead of a holder there: with justified envy, and excused.

        Where equals are treated together, a holder of equal rank is envied as well: elsewhere there
        is none.
        """
        return self.ahead_of(self.case.holders, self.rank)

    @cached_property
    def claims(self) -> Flags:
        """Whether a reserve gives them the seat of somebody who is in none, whatever the ranks."""
        found = np.zeros(len(self.rows), dtype=np.bool_)
        if self.together.any():
            found = (self.goes >= 0) & ~self.excused
            found[found] = self.case.place[self.goes[found]] < self.rank[found]
        if self.reserve is None:
            return found
        of_several = found
        found = np.zeros(len(self.rows), dtype=np.bool_)
        for there, keys in self._by_maxima_reached():
            found[there] = self._last_outside(keys, there, self._not_before(there)) > 0
        found &= self.entitled & ~self.excused & self._reserve_agrees
        return of_several | (found & ~self.together)

    @cached_property
    def _reserve_agrees(self) -> Flags:
        """Whether the one who goes for a reserve's sake is counted by every maximum reached."""
        agrees = np.ones(len(self.rows), dtype=np.bool_)
        if self.reserve is None:
            return agrees
        reserved = self.case.limits.reserved[self.offering] & ~self.together
        for there, keys in self._by_maxima_reached():
            if keys:
                same = self._goes(keys, there) == self._goes([], there)
                agrees[there] = same | ~reserved[there]
        return agrees

    def _goes(self, keys: list[Numbers], there: There) -> Numbers:
        """The place of the one, of those who share ``keys``, whom the offering chooses last."""
        holders, own = self.case.holders, self._tier_of(there)
        tier = self.case.tier[holders]
        outside = self._last_outside(keys, there, holders[tier == own])
        last = self._last(keys, there, holders[tier <= own])
        found = np.where(self.entitled[there] & (outside > 0), outside, last)
        for lower in np.unique(tier[tier > own]).tolist():
            here = holders[tier == lower]
            outside = self._last_outside(keys, there, here)
            last = self._last_sharing(keys, there, here)
            found = np.where(outside > 0, outside, np.where(last > 0, last, found))
        return found

    def _by_maxima_reached(self) -> Iterator[tuple[There, list[Numbers]]]:
        """Those in one tier for whom the same maxima are reached, and whom each of these counts."""
        tier = self.case.tier[self.rows]
        if not self.maxima and not tier.any():
            yield slice(None), []
            return
        pattern = tier << len(self.maxima)
        for at, (_, reached) in enumerate(self.maxima):
            pattern = pattern | (reached.astype(np.int64) << at)
        for one in np.unique(pattern).tolist():
            keys = [bound.there for at, (bound, _) in enumerate(self.maxima) if one >> at & 1]
            yield np.flatnonzero(pattern == one), keys

    def _tier_of(self, there: There) -> int:
        """The one tier that those ``there`` are in."""
        return int(self.case.tier[self.rows[there]].max(initial=0))

    def _not_before(self, there: There) -> Rows:
        """The holders whose tier is not before that of those ``there``."""
        holders = self.case.holders
        found: Rows = holders[self.case.tier[holders] >= self._tier_of(there)]
        return found

    def _last(self, keys: list[Numbers], there: There, holders: Rows) -> Numbers:
        """The highest place among ``holders`` that share ``keys``, and whom no reserve keeps.

        None keeps somebody of a lower tier.
        """
        if self.reserve is None:
            return self._last_sharing(keys, there, holders)
        lower = self.case.tier[holders] > self._tier_of(there)
        below, holders = self._last_sharing(keys, there, holders[lower]), holders[~lower]
        everyone = self._last_sharing(keys, there, holders)
        within = self._last_sharing([*keys, self.reserve.there], there, holders)
        outside = self._last_outside(keys, there, holders)
        own = np.where(self.entitled[there], everyone, np.maximum(within, outside))
        return np.maximum(below, own)

    def _last_outside(self, keys: list[Numbers], there: There, holders: Rows) -> Numbers:
        return self._last_sharing(keys, there, holders[~self.protected[holders]])

    def _last_sharing(self, keys: list[Numbers], there: There, holders: Rows) -> Numbers:
        if not keys:
            found: Numbers = self.case.last_at(holders)[self.offering[there]]
            return found
        key = reduce(together, keys)
        last = last_of(key[holders], self.case.place[holders], int(key.max(initial=-1)) + 1)
        shared: Numbers = last[key[self.rows[there]]]
        return shared

    def forbidding(self, at: Rows, rivals: Rows) -> Iterator[Bar]:
        """What forbids that those at the positions ``at`` take the seats of ``rivals``."""
        rows = self.rows[at]
        yield from self._excusing(at)
        for bound, reached in self.maxima:
            apart = (bound.key[rivals] != bound.key[rows]) | ~self._reserve_agrees[at]
            yield Bar(bound.names, bound.named[rows], reached[at] & apart & ~self.together[at])
        if self.reserve is not None:
            apart = self.reserve.key[rivals] != self.reserve.key[rows]
            kept = self.protected[rivals] & apart & ~self.entitled[at] & ~self.together[at]
            kept &= self.case.tier[rivals] <= self.case.tier[rows]
            yield Bar(self.reserve.names, self.reserve.named[rows], kept)
        if self.together.any():
            others = self.together[at] & (self.goes[at] != rivals)
            yield Bar(self.all_names, self.offering[at], others)

    def barring(self, at: Rows) -> Iterator[Bar]:
        """What forbids that those at the positions ``at`` take an offer unused."""
        yield from self._excusing(at)
        for bound, reached in (*self.maxima, *self.quotas):
            yield Bar(bound.names, bound.named[self.rows[at]], reached[at])
        if self.case.ties == "reject-all":
            flags = self.turned_away_together[at]
            yield Bar(["ties = reject-all"], np.zeros_like(at), flags)

    @property
    def all_names(self) -> list[str]:
        """Every limit on services and regions that each offering has, by name; "" for none."""
        named = (
            [name for kind, name in names.items() if kind != "class-minimum"]
            for names in self.case.limits.names
        )
        return [both(names) if names else "" for names in named]

    def _excusing(self, at: Rows) -> Iterator[Bar]:
        for excuse in self.excuses:
            yield Bar(excuse.names, excuse.named[self.rows[at]], excuse.flags[at])
