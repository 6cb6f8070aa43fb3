"""The limits that the rulebooks, the scenario and the round state, as arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from admissions.model.facts import Flags, Numbers
from admissions.model.round import Round
from admissions.model.vocabulary import VOCABULARIES
from admissions.rulebooks.limits import Limit
from admissions.rulebooks.scenario import ResolvedScenario
from admissions.verification.plain.draw import places_drawn
from admissions.verification.ranked import Ranked

LAST = np.iinfo(np.int64).max
"""Behind every rank and preference number, and above every number of seats: no maximum."""

REGIONS = VOCABULARIES["region"]


@dataclass(frozen=True, eq=False)
class CommonQuota:
    """At most ``seats`` offers at ``offerings`` (positions) together."""

    id: str
    offerings: tuple[int, ...]
    seats: int
    across_tiers: bool = False


@dataclass(frozen=True, eq=False)
class LeaderGroup:
    """At least ``at_least`` of one service at one offering (positions), or none."""

    service: int
    offering: int
    at_least: int


@dataclass(frozen=True, eq=False)
class Limits:
    """Every limit, with k offerings and n persons.

    Regions and services are counted from 1; place 0 stands for having none.

    - ``names``: each offering's limits, id by kind;
    - ``region_minimum``: int64 (k, 1 + regions), 0 where none; ``region_maximum``: the same shape,
      ``LAST`` where none;
    - ``open_first``: bool (k,), whether open seats are filled before the regions' minima;
    - ``service_first``, ``class_minimum``: int64 (k,), 0 where none; ``service_maximum``: int64
      (k,), ``LAST`` where none; ``municipality_maximum``: the same;
    - ``services``: s ids, the first ""; ``max_students``: int64 (s,), ``LAST`` where none;
      ``ordered``: bool (s,), whether one order decides who of the service goes; ``standing``: int64
      (n,), each person's place in it, from 0 = first, no two equal.
    """

    names: Sequence[Mapping[str, str]]
    region_minimum: NDArray[np.int64]
    region_maximum: NDArray[np.int64]
    service_first: Numbers
    service_maximum: Numbers
    municipality_maximum: Numbers
    class_minimum: Numbers
    open_first: Flags
    services: tuple[str, ...]
    max_students: Numbers
    ordered: Flags
    standing: Numbers
    quotas: tuple[CommonQuota, ...] = ()
    groups: tuple[LeaderGroup, ...] = ()

    @property
    def reserved(self) -> Flags:
        """Whether an offering reserves seats, bool (k,)."""
        reserved: Flags = (self.service_first > 0) | (self.region_minimum.max(axis=1) > 0)
        return reserved

    def named(self, kind: str) -> list[str]:
        """The id of each offering's limit of that kind, "" where it has none."""
        return [names.get(kind, "") for names in self.names]


def read_limits(round_: Round, resolved: ResolvedScenario, ranked: Mapping[str, Ranked]) -> Limits:
    """The limits of ``round_`` under ``resolved``; ``ranked`` are the tables by offering."""
    offerings = tuple(ranked)
    groups = round_.leader_groups
    services = ("", *round_.services["service_id"])
    most = np.append(-1, round_.services["max_students"].to_numpy(dtype=np.int64))
    return Limits(
        **at_offerings([one.version.limits for one in ranked.values()]),
        services=services,
        max_students=np.where(most < 0, LAST, most),
        ordered=~np.isin(services, _ordering_apart(round_, resolved)),
        standing=_standing(round_, resolved, ranked, limited=bool((most >= 0).any())),
        quotas=tuple(
            CommonQuota(
                quota.id,
                tuple(offerings.index(name) for name in quota.offerings if name in ranked),
                quota.seats,
                quota.across_tiers,
            )
            for quota in resolved.scenario.quotas
        ),
        groups=tuple(
            LeaderGroup(services.index(service), offerings.index(offering), int(count))
            for service, offering, count in zip(
                groups["service_id"], groups["offering_id"], groups["at_least"], strict=True
            )
            if offering in ranked
        ),
    )


def at_offerings(stated: Sequence[Sequence[Limit]]) -> dict[str, Any]:
    """What ``Limits`` has of each offering, given each one's list, by field."""
    count, wide = len(stated), (len(stated), 1 + len(REGIONS))
    arrays = {
        "region_minimum": np.zeros(wide, dtype=np.int64),
        "region_maximum": np.full(wide, LAST),
        "service_first": np.zeros(count, dtype=np.int64),
        "service_maximum": np.full(count, LAST),
        "municipality_maximum": np.full(count, LAST),
        "class_minimum": np.zeros(count, dtype=np.int64),
        "open_first": np.zeros(count, dtype=np.bool_),
    }
    for offering, limits in enumerate(stated):
        for limit in limits:
            arrays["open_first"][offering] |= limit.open_first()
            array = arrays[limit.kind.replace("-", "_")]
            for region, seats in limit.bounds():
                at = offering if region is None else (offering, 1 + REGIONS.index(region))
                array[at] = seats
    names = [{limit.kind: limit.id for limit in limits} for limits in stated]
    return {"names": names, **arrays}


def _ordering_apart(round_: Round, resolved: ResolvedScenario) -> list[str]:
    """The services whose leader has a list for one offering alone, where leaders have a say."""
    lists = round_.leader_preferences
    if resolved.scenario.leader == "none":
        return []
    return lists.loc[lists["offering_id"] != "", "service_id"].tolist()


def _standing(
    round_: Round, resolved: ResolvedScenario, ranked: Mapping[str, Ranked], *, limited: bool
) -> Numbers:
    """Each person's place: those named for any offering by rank, where leaders have a say.

    Then the others, by the smallest rank ÷ offers at an offering that they are qualified for and
    that makes any; then those without one. Equal ones by the draw.
    """
    persons = round_.applicants["person_id"].tolist()
    if not limited:
        return np.arange(len(persons))
    named: dict[str, int] = {}
    if resolved.scenario.leader != "none":
        lists = round_.leader_preferences
        lists = lists[lists["offering_id"] == ""]
        named = dict(zip(lists["person_id"], lists["rank"].tolist(), strict=True))
    best = _smallest_fractions(resolved, ranked)
    drawn = places_drawn(persons, resolved.scenario.seed, None)
    keys = [
        (named.get(person, LAST), person in named or at not in best, best.get(at, 0), drawn[at])
        for at, person in enumerate(persons)
    ]
    standing = np.empty(len(persons), dtype=np.int64)
    standing[sorted(range(len(persons)), key=keys.__getitem__)] = np.arange(len(persons))
    return standing


def _smallest_fractions(
    resolved: ResolvedScenario, ranked: Mapping[str, Ranked]
) -> dict[int, Fraction]:
    """The smallest rank ÷ offers of each person who is qualified where offers are made."""
    found: dict[int, list[Fraction]] = {}
    for name, one in ranked.items():
        offers = resolved.offers_to_make(name)
        for person, rank in zip(one.person.tolist(), one.rank.tolist(), strict=True):
            if offers and rank:
                found.setdefault(person, []).append(Fraction(rank, offers))
    return {person: min(own) for person, own in found.items()}
