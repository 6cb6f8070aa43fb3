"""The round as the rules put it, beside what the result says of it, as arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from admissions.model.facts import Flags, Numbers
from admissions.model.round import Round
from admissions.model.vocabulary import VOCABULARIES, Ties
from admissions.rulebooks.objectives import STANDARD, ObjectiveName, absent
from admissions.rulebooks.scenario import Mechanism, ResolvedScenario
from admissions.verification.grouping import last_of
from admissions.verification.limits import LAST, REGIONS, Limits, read_limits
from admissions.verification.outcomes import Outcomes
from admissions.verification.property import Noted
from admissions.verification.ranked import Ranked


def _nothing() -> Numbers:
    return np.empty(0, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Case:
    """Who wants what, where each stands, and who holds what.

    With m applications of n persons at k offerings, in the order of ``Round.applications`` (by
    person, then preference):

    - ``persons``, ``offerings``: their ids, object (n,) and k texts;
    - ``person``, ``offering``: int64 (m,), positions; ``preference``: int64 (m,), 1 = most wanted;
    - ``qualified``: bool (m,); ``rank``: int64 (m,), 1 = first, equal where ``ties`` treats equals
      together, 0 where not qualified;
    - ``region``: int64 (m,), 0 = none, else 1 + the position in the vocabulary; ``service``: int64
      (m,), the position in ``limits.services``, 0 = none; ``municipality``: int64 (m,), from 1, 0 =
      none;
    - ``municipal``: bool (m,), employed in municipal child welfare; ``tier``: int64 (m,), the
      sector tier that reserves keep to, 0 = the first; ``drawn``: int64 (m,), the place in the
      draw;
    - ``offers``: int64 (k,), the offers to make; ``limits``: whatever else bounds them;
    - ``held``, ``declined``: bool (m,), what the result says;
    - ``turns``: the offerings (positions) in the order in which the serial mechanism fills them;
    - ``objectives``: what the plan shall be best at, in that order.
    """

    mechanism: Mechanism
    persons: NDArray[Any]
    offerings: tuple[str, ...]
    person: Numbers
    offering: Numbers
    preference: Numbers
    qualified: Flags
    rank: Numbers
    region: Numbers
    service: Numbers
    municipal: Flags
    offers: Numbers
    limits: Limits
    held: Flags
    declined: Flags
    ties: Ties = "lottery"
    objectives: tuple[ObjectiveName, ...] = STANDARD
    turns: tuple[int, ...] = ()
    municipality: Numbers = field(default_factory=_nothing)
    tier: Numbers = field(default_factory=_nothing)
    drawn: Numbers = field(default_factory=_nothing)

    def __post_init__(self) -> None:
        """No municipality, one tier, and no draw, where these are not stated."""
        for name in ("municipality", "tier", "drawn"):
            if len(getattr(self, name)) != len(self.person):
                object.__setattr__(self, name, np.zeros(len(self.person), dtype=np.int64))

    @cached_property
    def absent(self) -> frozenset[ObjectiveName]:
        """The objectives that count nothing here."""
        limits = self.limits
        return absent(
            groups=bool(limits.groups),
            quotas=any(not quota.across_tiers for quota in limits.quotas),
            service_orders=bool(((limits.max_students < LAST) & limits.ordered).any()),
            drawn=self.ties == "lottery",
        )

    @property
    def coordinated(self) -> bool:
        """Whether the mechanism keeps limits that no site can keep alone."""
        return self.mechanism == "coordinated"

    @cached_property
    def holders(self) -> NDArray[np.int64]:
        """The applications that hold an offer."""
        return np.flatnonzero(self.held)

    @cached_property
    def place(self) -> Numbers:
        """The rank, and ``LAST`` for those not qualified, (m,)."""
        return np.where(self.qualified, self.rank, LAST)

    @cached_property
    def better(self) -> NDArray[np.int64]:
        """The qualified applications that are wanted more than what is held."""
        best = np.full(len(self.persons), LAST)
        np.minimum.at(best, self.person[self.holders], self.preference[self.holders])
        return np.flatnonzero(self.qualified & (self.preference < best[self.person]))

    @cached_property
    def wanted(self) -> NDArray[np.int64]:
        """Those of ``better`` that are still wanted: not declined."""
        rows: NDArray[np.int64] = self.better
        return rows[~self.declined[rows]] if self.declined.any() else rows

    @cached_property
    def passed_over(self) -> Flags:
        """Whether the person had a seat before the offering's turn came (serial), bool (m,)."""
        turn = np.full(len(self.offerings), LAST)
        turn[list(self.turns)] = np.arange(len(self.turns))
        seated = np.full(len(self.persons), LAST)
        np.minimum.at(seated, self.person[self.holders], turn[self.offering[self.holders]])
        found: Flags = seated[self.person] < turn[self.offering]
        return found

    @cached_property
    def together(self) -> Flags:
        """Where several limits choose together, or open seats are filled first, bool (k,)."""
        limits = self.limits
        kinds = (
            (limits.region_minimum.max(axis=1) > 0).astype(np.int64)
            + (limits.service_first > 0)
            + (limits.region_maximum.min(axis=1) < LAST)
            + (limits.service_maximum < LAST)
        )
        found: Flags = limits.reserved & ((kinds > 1) | limits.open_first)
        return found

    @cached_property
    def used(self) -> Numbers:
        """The offers held per offering, (k,)."""
        return np.bincount(self.offering[self.holders], minlength=len(self.offerings))

    def last_at(self, holders: NDArray[np.int64]) -> Numbers:
        """The highest place among ``holders`` at each offering, 0 where there is none, (k,)."""
        place = np.where(self.qualified[holders], self.rank[holders], LAST)
        return last_of(self.offering[holders], place, len(self.offerings))

    def who(self, row: int) -> str:
        """The person and the offering of an application, in words."""
        person, offering = self.persons[self.person[row]], self.offerings[self.offering[row]]
        if not self.qualified[row]:
            return Noted("who-unqualified", person=person, offering=offering)
        return Noted("who", person=person, rank=int(self.rank[row]), offering=offering)


def build_case(
    round_: Round, resolved: ResolvedScenario, ranked: Mapping[str, Ranked], outcomes: Outcomes
) -> Case:
    """The case of ``round_`` under ``resolved``, with the plan that ``outcomes`` tell.

    Raises DataError where the scenario states no seats for an offering of the round.
    """
    count = len(round_.applications)
    person = round_.applications["person"].to_numpy()
    sector = round_.applicants["sector"].to_numpy()[person]
    offering, rank, region, tier, drawn = (np.zeros(count, dtype=np.int64) for _ in range(5))
    qualified = np.zeros(count, dtype=np.bool_)
    regions = (None, *REGIONS)
    for number, one in enumerate(ranked.values()):
        rows = one.application
        offering[rows], rank[rows] = number, one.rank
        qualified[rows] = one.qualified
        region[rows] = [regions.index(row["region"]) for row in one.rows]
        tier[rows] = 0 if one.version.across_tiers else one.tier
        drawn[rows] = [row["lottery_place"] for row in one.rows]
    limits = read_limits(round_, resolved, ranked)
    services = pd.Index(limits.services, dtype=object)
    service = services.get_indexer(pd.Index(round_.applicants["service_id"], dtype=object))[person]
    return Case(
        mechanism=resolved.scenario.mechanism,
        persons=round_.applicants["person_id"].to_numpy(dtype=object),
        offerings=tuple(ranked),
        person=person,
        offering=offering,
        preference=round_.applications["preference"].to_numpy(),
        qualified=qualified,
        rank=rank,
        region=region,
        service=np.maximum(service, 0).astype(np.int64),
        municipal=sector == VOCABULARIES["sector"].index("municipal"),
        offers=np.array([resolved.offers_to_make(name) for name in ranked], dtype=np.int64),
        limits=limits,
        held=outcomes.held,
        declined=outcomes.declined,
        ties=resolved.scenario.ties,
        objectives=resolved.scenario.objectives,
        turns=_turns(resolved, ranked),
        municipality=_municipality(round_)[person],
        tier=tier,
        drawn=drawn,
    )  # fmt: skip


def _municipality(round_: Round) -> Numbers:
    """Each person's municipality, from 1, 0 = none, (n,)."""
    numbers = round_.applicants["municipality_no"].tolist()
    code = {number: at for at, number in enumerate(sorted({*numbers} - {""}), start=1)}
    return np.array([code.get(number, 0) for number in numbers], dtype=np.int64)


def _turns(resolved: ResolvedScenario, ranked: Mapping[str, Ranked]) -> tuple[int, ...]:
    names = list(ranked)
    serial = resolved.scenario.mechanism == "serial"
    return tuple(names.index(n) for n in resolved.scenario.turns if n in ranked) if serial else ()
