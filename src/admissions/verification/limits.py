"""The limits that the rulebooks, the scenario and the round state, as arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from admissions.model.facts import Flags, Numbers
from admissions.model.round import Round
from admissions.model.vocabulary import VOCABULARIES
from admissions.rulebooks.limits import Limit, RegionMinimum
from admissions.rulebooks.rulebook import Version
from admissions.rulebooks.scenario import ResolvedScenario
from admissions.verification.plain.draw import places_drawn

LAST = np.iinfo(np.int64).max
"""Behind every rank and preference number, and above every number of seats: no maximum."""

REGIONS = VOCABULARIES["region"]


@dataclass(frozen=True, eq=False)
class CommonQuota:
    """At most ``seats`` offers at ``offerings`` (positions) together."""

    id: str
    offerings: tuple[int, ...]
    seats: int


@dataclass(frozen=True, eq=False)
class Group:
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
    groups: tuple[Group, ...] = ()

    @property
    def reserved(self) -> Flags:
        """Whether an offering reserves seats, bool (k,)."""
        reserved: Flags = (self.service_first > 0) | (self.region_minimum.max(axis=1) > 0)
        return reserved

    def named(self, kind: str) -> list[str]:
        """The id of each offering's limit of that kind, "" where it has none."""
        return [names.get(kind, "") for names in self.names]


def read_limits(
    round_: Round, resolved: ResolvedScenario, versions: Mapping[str, Version]
) -> Limits:
    """The limits of ``round_`` under ``resolved``; ``versions`` are the rules by offering."""
    offerings = tuple(versions)
    groups = round_.leader_groups
    services = ("", *round_.services["service_id"])
    most = np.append(-1, round_.services["max_students"].to_numpy(dtype=np.int64))
    return Limits(
        **_at_offerings([version.limits for version in versions.values()]),
        services=services,
        max_students=np.where(most < 0, LAST, most),
        ordered=~np.isin(services, _ordering_apart(round_)),
        standing=_standing(round_, resolved.scenario.seed, limited=bool((most >= 0).any())),
        quotas=tuple(
            CommonQuota(
                quota.id,
                tuple(offerings.index(name) for name in quota.offerings if name in versions),
                quota.seats,
            )
            for quota in resolved.scenario.quotas
        ),
        groups=tuple(
            Group(services.index(service), offerings.index(offering), int(count))
            for service, offering, count in zip(
                groups["service_id"], groups["offering_id"], groups["at_least"], strict=True
            )
            if offering in versions
        ),
    )


def _at_offerings(stated: Sequence[Sequence[Limit]]) -> dict[str, Any]:
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
            if isinstance(limit, RegionMinimum):
                arrays["open_first"][offering] = limit.fill == "open-first"
            array = arrays[limit.kind.replace("-", "_")]
            for region, seats in limit.bounds():
                at = offering if region is None else (offering, 1 + REGIONS.index(region))
                array[at] = seats
    names = [{limit.kind: limit.id for limit in limits} for limits in stated]
    return {"names": names, **arrays}


def _ordering_apart(round_: Round) -> list[str]:
    """The services whose leader has a list for one offering alone."""
    lists = round_.leader_preferences
    return lists.loc[lists["offering_id"] != "", "service_id"].tolist()


def _standing(round_: Round, seed: int, *, limited: bool) -> Numbers:
    """Each person's place: those named for any offering by rank, then the others by the draw."""
    persons = round_.applicants["person_id"]
    if not limited:
        return np.arange(len(persons))
    named = np.full(len(persons), LAST)
    lists = round_.leader_preferences
    lists = lists[lists["offering_id"] == ""]
    at = pd.Index(persons).get_indexer(pd.Index(lists["person_id"]))
    named[at[at >= 0]] = lists["rank"].to_numpy(dtype=np.int64)[at >= 0]
    standing = np.empty(len(persons), dtype=np.int64)
    drawn = np.array(places_drawn(persons.tolist(), seed, None), dtype=np.int64)
    order = np.lexsort((drawn, named))
    standing[order] = np.arange(len(persons))
    return standing
