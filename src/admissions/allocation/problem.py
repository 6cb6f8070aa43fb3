"""The allocation problem and its outcome as arrays: what solvers read and write."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from admissions.model.messages import Message
from admissions.model.vocabulary import VOCABULARIES, Ties
from admissions.model.wishes import best_wish
from admissions.rulebooks.limits import Limit, Shared
from admissions.rulebooks.objectives import STANDARD, ObjectiveName, absent, merit_first, pursued

NO_LIMIT = -1
"""Stands in arrays of maxima where there is none."""


@dataclass(frozen=True, eq=False)
class OfferingLimits:
    """What bounds who can hold seats together at each of k offerings; r regions.

    - ``service_maximum``, ``service_first``: int64 (k,), per service, ``NO_LIMIT`` where none;
      ``municipality_maximum``: the same, per municipality;
    - ``region_maximum``: int64 (k, r + 1), ``NO_LIMIT`` where none; ``region_minimum``: the same
      shape, 0 where none; the last column is for whoever has no region;
    - ``class_minimum``: int64 (k,), 0 where none;
    - ``open_first``: bool (k,), whether open seats are filled before ``region_minimum``'s.
    """

    service_maximum: NDArray[np.int64]
    municipality_maximum: NDArray[np.int64]
    service_first: NDArray[np.int64]
    region_maximum: NDArray[np.int64]
    region_minimum: NDArray[np.int64]
    class_minimum: NDArray[np.int64]
    open_first: NDArray[np.bool_]

    def repeated(self, times: int) -> OfferingLimits:
        """The limits of the same offerings, so many times one after another."""
        each = ((f.name, getattr(self, f.name)) for f in fields(self))
        return OfferingLimits(
            **{name: np.tile(of, (times,) + (1,) * (of.ndim - 1)) for name, of in each}
        )


def offering_limits(stated: Sequence[Sequence[Limit]]) -> OfferingLimits:
    """The limits of k offerings, given each one's list, as arrays."""
    regions = VOCABULARIES["region"]
    shape = (len(stated), len(regions) + 1)
    arrays = OfferingLimits(
        service_maximum=np.full(len(stated), NO_LIMIT, dtype=np.int64),
        municipality_maximum=np.full(len(stated), NO_LIMIT, dtype=np.int64),
        service_first=np.full(len(stated), NO_LIMIT, dtype=np.int64),
        region_maximum=np.full(shape, NO_LIMIT, dtype=np.int64),
        region_minimum=np.zeros(shape, dtype=np.int64),
        class_minimum=np.zeros(len(stated), dtype=np.int64),
        open_first=np.zeros(len(stated), dtype=np.bool_),
    )
    for offering, limits in enumerate(stated):
        for limit in limits:
            arrays.open_first[offering] |= limit.open_first()
            array = getattr(arrays, limit.kind.replace("-", "_"))
            for region, seats in limit.bounds():
                at = offering if region is None else (offering, regions.index(region))
                array[at] = seats
    return arrays


@dataclass(frozen=True)
class QuotaLimit:
    """At most ``seats`` offers over ``offerings`` (positions) together."""

    offerings: tuple[int, ...]
    seats: int
    across_tiers: bool = False


@dataclass(frozen=True)
class AwayLimit:
    """At most ``maximum`` of a service's people hold offers in all.

    ``order``: its persons (positions), who goes first by the leader's one order over all offerings,
    those not named after by how far up they stand; None where the leader orders offerings apart, so
    that no one order decides. ``exempt``: persons who are away already by what they hold beside the
    problem; they stand in no order.
    """

    service: int
    maximum: int
    order: tuple[int, ...] | None
    exempt: frozenset[int] = frozenset()


@dataclass(frozen=True)
class GroupLimit:
    """At least ``at_least`` from one service at one offering, or none."""

    service: int
    offering: int
    at_least: int


@dataclass(frozen=True, eq=False)
class Worth:
    """What the first, second, … offer to a group is worth for an objective.

    ``group``: int64 (m,), each application's, -1 where it counts in none; ``steps``: int64 (g, s),
    never rising along a row; whatever a group holds beyond s is worth nothing.
    """

    group: NDArray[np.int64]
    steps: NDArray[np.int64]

    def among(self, rows: NDArray[np.bool_] | NDArray[np.int64]) -> Worth:
        """The same for the applications ``rows`` alone: bool (m,), or their positions."""
        return Worth(self.group[rows], self.steps)

    def of(self, held: NDArray[np.bool_]) -> int:
        """The worth of the plan ``held``, bool (m,)."""
        counted = self.group[held]
        number = np.bincount(counted[counted >= 0], minlength=len(self.steps))
        return int(self.steps[np.arange(self.steps.shape[1]) < number[:, None]].sum())


def _nothing() -> NDArray[np.int64]:
    return np.empty(0, dtype=np.int64)


def _nobody() -> NDArray[np.bool_]:
    return np.empty(0, dtype=np.bool_)


@dataclass(frozen=True, eq=False)
class Problem:
    """Who wants what, in which order each offering ranks them, and how many offers it makes.

    With m qualified applications of n persons at k offerings; applications are by person, then
    preference:

    - ``person``, ``offering``: int64 (m,), positions 0…n-1 and 0…k-1 (``offerings`` has the ids);
    - ``preference``: int64 (m,), 1 = most wanted, strictly rising within a person;
    - ``rank``: int64 (m,), 1 = first at the offering; equals have different ranks by lottery, or,
      where ``ties`` treats them together, the same (1, 2, 2, 4);
    - ``weight``: int64 (m,), 32 bits of the lottery hash, for the tie objective;
    - ``application``: int64 (m,), the row in ``Round.applications``;
    - ``service``, ``region``, ``municipality``: int64 (m,), codes, -1 none;
    - ``tier``: int64 (m,), the sector tier that reserves keep to, 0 = the first; ranks never put a
      lower tier before a higher one;
    - ``municipal``: bool (m,), employed in municipal child welfare; ``drawn``: int64 (m,), the
      place in the draw;
    - ``offers``: int64 (k,), the offers to make;
    - ``turns``: the offerings (positions) in the order in which the serial mechanism fills them;
    - ``rounds``: how many rounds these are, each with applications and persons of its own, and
      with the same k / ``rounds`` offerings one after another, ``turns`` those of the first.

    ``objectives`` are pursued in that order; ``worth`` has those that count by group.
    """

    OF_APPLICATIONS: ClassVar = (
        "person", "offering", "preference", "rank", "weight", "application", "service", "region",
        "municipality", "tier", "municipal", "drawn",
    )  # fmt: skip
    """The arrays of shape (m,)."""

    persons: int
    offerings: tuple[str, ...]
    person: NDArray[np.int64]
    offering: NDArray[np.int64]
    preference: NDArray[np.int64]
    rank: NDArray[np.int64]
    weight: NDArray[np.int64]
    application: NDArray[np.int64]
    service: NDArray[np.int64]
    region: NDArray[np.int64]
    offers: NDArray[np.int64]
    limits: OfferingLimits
    quotas: tuple[QuotaLimit, ...] = ()
    away: tuple[AwayLimit, ...] = ()
    groups: tuple[GroupLimit, ...] = ()
    ties: Ties = "lottery"
    turns: tuple[int, ...] = ()
    rounds: int = 1
    objectives: tuple[ObjectiveName, ...] = STANDARD
    worth: Mapping[ObjectiveName, Worth] = field(default_factory=dict)
    municipality: NDArray[np.int64] = field(default_factory=_nothing)
    tier: NDArray[np.int64] = field(default_factory=_nothing)
    municipal: NDArray[np.bool_] = field(default_factory=_nobody)
    drawn: NDArray[np.int64] = field(default_factory=_nothing)

    def __post_init__(self) -> None:
        """No municipality, one tier, nobody municipal, and no draw, where these are not stated."""
        for name in ("municipality", "tier", "municipal", "drawn"):
            stated = getattr(self, name)
            if len(stated) != len(self.person):
                nothing = NO_LIMIT if name == "municipality" else 0
                unstated = np.full(len(self.person), nothing, dtype=stated.dtype)
                object.__setattr__(self, name, unstated)

    def among(self, rows: NDArray[np.bool_] | NDArray[np.int64]) -> Problem:
        """The same problem with the applications ``rows`` alone: bool (m,), or their positions."""
        fewer = {name: getattr(self, name)[rows] for name in self.OF_APPLICATIONS}
        worth = {name: worth.among(rows) for name, worth in self.worth.items()}
        return replace(self, **fewer, worth=worth)

    @property
    def maxima(self) -> dict[Shared, tuple[NDArray[np.int64], NDArray[np.int64]]]:
        """Whom each kind of maximum counts together, and how many it allows; int64 (m,) each.

        ``NO_LIMIT`` for whoever is in no group, and where none is stated.
        """
        limits, offering = self.limits, self.offering
        return {
            "service": (self.service, limits.service_maximum[offering]),
            "municipality": (self.municipality, limits.municipality_maximum[offering]),
            "region": (self.region, limits.region_maximum[offering, self.region]),
        }

    def best_wish(self, held: NDArray[np.bool_] | NDArray[np.int64]) -> NDArray[np.int64]:
        """The number of the best wish that each person has in ``held``; see ``best_wish``, (n,)."""
        return best_wish(self.persons, self.person, self.preference, held)

    @property
    def pursued(self) -> tuple[ObjectiveName, ...]:
        """The objectives that this problem has, in order."""
        return pursued(self.objectives, self._absent)

    @property
    def merit_first(self) -> bool:
        """Whether the objectives ask for the plan that deferred acceptance finds."""
        return merit_first(self.objectives, self._absent)

    @property
    def _absent(self) -> frozenset[ObjectiveName]:
        return absent(
            groups=bool(self.groups),
            quotas=any(not quota.across_tiers for quota in self.quotas),
            service_orders=any(limit.order is not None for limit in self.away),
            drawn=self.ties == "lottery",
        )


def by_municipality_beside(problem: Problem) -> str | None:
    """An offering that bounds municipalities, and services or regions too; or None."""
    limits = problem.limits
    others = (limits.service_maximum != NO_LIMIT) | (limits.region_maximum != NO_LIMIT).any(axis=1)
    both = np.flatnonzero(others & (limits.municipality_maximum != NO_LIMIT))
    return problem.offerings[int(both[0])] if len(both) else None


def not_kept_down_a_list(problem: Problem) -> str | None:
    """An offering whose limits nobody can keep who goes down its list; or None."""
    return overlapping(problem) or by_municipality_beside(problem)


def overlapping(problem: Problem, *, reserves: bool = False) -> str | None:
    """An offering whose limits on services and on regions are not nested, or None.

    They are nested where each service's applicants share one region; elsewhere no choice by rank
    keeps both and is best. ``reserves``: only where one of them reserves seats.
    """
    limits = problem.limits
    on_services = (limits.service_maximum != NO_LIMIT) | (limits.service_first != NO_LIMIT)
    maxima = (limits.region_maximum != NO_LIMIT).any(axis=1)
    minima = (limits.region_minimum > 0).any(axis=1)
    both = on_services & (maxima | minima)
    if reserves:
        both &= minima | (limits.service_first != NO_LIMIT)
    if not both.any():
        return None
    offering, service, region = problem.offering, problem.service, problem.region
    rows = np.flatnonzero(both[offering] & (service != NO_LIMIT))
    rows = rows[np.lexsort((region[rows], service[rows], offering[rows]))]
    one, other = rows[:-1], rows[1:]
    colleagues = (offering[one] == offering[other]) & (service[one] == service[other])
    apart = one[colleagues & (region[one] != region[other])]
    return problem.offerings[int(offering[apart[0]])] if len(apart) else None


@dataclass(frozen=True, eq=False)
class Reduction:
    """What stable plans can have: the ``possible`` applications, bool (m,).

    ``placed``: bool (n,), who holds an offer in every one of them.
    """

    possible: NDArray[np.bool_]
    placed: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Plan:
    """Who holds which offer.

    ``held``: bool (m,), True where the application holds an offer at the end; ``released``:
    bool (m,), True where it held one and gave it up: for a better one, or, where answers are given,
    because the person declined it.
    """

    held: NDArray[np.bool_]
    released: NDArray[np.bool_]


@dataclass(frozen=True)
class Objective:
    """One objective of a solver: its value, proven best among plans as good on those before it."""

    name: str
    sense: str
    value: int


@dataclass(frozen=True)
class SolverReport:
    """What a solver says of its plan; ``status`` is ``OPTIMAL`` (CP-SAT) or ``EXACT``.

    ``model``: whether CP-SAT's had every application, or is ``reduced`` by the ``left_out`` that
    deferred acceptance proves to be in no stable plan. ``alone``: why CP-SAT proved the plan by
    itself, deferred acceptance not being exact, as a code of ``NOT_EXACT`` there.
    """

    solver: str
    status: str
    objectives: tuple[Objective, ...] = ()
    unique: bool | None = None
    agrees: bool | None = None
    model: Literal["unreduced", "reduced"] | None = None
    left_out: int | None = None
    alone: str | None = None


@dataclass(frozen=True)
class Point:
    """One point of the frontier between merit and spread.

    So many ``municipalities`` represented cost at least a ``loss`` in ranking.
    """

    municipalities: int
    loss: int


@dataclass(frozen=True)
class Progress:
    """How far a solver is: what it proves now, the best value so far and the bound on it."""

    sought: Message
    best: float | None
    bound: float | None
    seconds: float


Watch = Callable[[Progress], None]
"""Is told now and then how far a solver is."""
