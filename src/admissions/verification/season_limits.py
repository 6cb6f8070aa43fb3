"""Whether a limit kept somebody who waits from a seat that a call gave to another.

A call that limits bear on cannot be checked by the order alone: a reserve, a maximum, or a leader's
wish can let somebody pass. What is checked of it is *necessary*: had the one who waits ahead been
given the seat instead, a maximum would be exceeded, or a reserve be less filled. Where neither is
so, whoever waits was passed over. That no better plan exists is for allocating again to show.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never, cast

from admissions.model.round import Round
from admissions.model.vocabulary import VOCABULARIES, Region
from admissions.rulebooks.limits import (
    ClassMinimum,
    Limit,
    MunicipalityMaximum,
    RegionMaximum,
    RegionMinimum,
    ServiceFirst,
    ServiceMaximum,
)
from admissions.rulebooks.scenario import ResolvedScenario
from admissions.verification.season_replay import HOLDS, Key, Moment

Members = Mapping[Key, str]
"""The group of each application, "" for none."""


@dataclass(frozen=True)
class Bounds:
    """What bounds who can hold seats together, with the facts as they are now.

    ``limits``: by offering; ``groups``: by what they are of (region, service, municipality);
    ``spare``: how many of a service can be away, where that is bounded; ``together``: services and
    offerings at which a leader wants several or none. ``in_rounds``: each site calls by itself, so
    that a seat can be held for a round and then given back.
    """

    limits: Mapping[str, Sequence[Limit]]
    groups: Mapping[str, Members]
    spare: Mapping[str, int]
    together: frozenset[tuple[str, str]]
    in_rounds: bool = False


def bounds_of(round_: Round, resolved: ResolvedScenario) -> Bounds:
    """The limits of ``round_``, which is the season's with all corrections in it."""
    ids = round_.applicants["person_id"].to_numpy()
    persons = [str(ids[row]) for row in round_.applications["person"].tolist()]
    keys = list(zip(persons, round_.applications["offering_id"].tolist(), strict=True))
    regions = VOCABULARIES["region"]
    region = [regions[n] if n >= 0 else "" for n in round_.of_applications("region").tolist()]
    own = {
        "region": region,
        "service": round_.of_applications("service_id").tolist(),
        "municipality": round_.of_applications("municipality_no").tolist(),
    }
    services, groups = round_.services, round_.leader_groups
    most = zip(services["service_id"], services["max_students"].tolist(), strict=True)
    return Bounds(
        {name: version.limits for name, version in resolved.versions.items()},
        {name: dict(zip(keys, values, strict=True)) for name, values in own.items()},
        {service: number for service, number in most if number >= 0},
        frozenset(zip(groups["service_id"], groups["offering_id"], strict=True)),
        resolved.scenario.mechanism == "independent",
    )


@dataclass(frozen=True)
class Passed:
    """At an offering ``waits`` waits ahead of ``gets``, whom the call gave a seat.

    ``holders``: who holds a seat there then, whoever did before first, then in the frozen order;
    ``between``: who can have held one for a round of the call, and has something wanted more now.
    """

    offering: str
    waits: str
    gets: str
    holders: Sequence[str]
    between: Sequence[str] = ()

    def apart(self, members: Members) -> bool:
        """Whether the two are of different groups."""
        return members.get((self.waits, self.offering)) != members.get((self.gets, self.offering))

    def inside(self, members: Members, person: str) -> list[str]:
        """The holders who are of the group of ``person``, in their order."""
        return self._of_group(members, person, self.holders)

    def inside_at_most(self, members: Members, person: str) -> list[str]:
        """Those of the group of ``person`` who can have held a seat there in the same round."""
        return self._of_group(members, person, [*self.holders, *self.between])

    def _of_group(self, members: Members, person: str, among: Sequence[str]) -> list[str]:
        own = members.get((person, self.offering), "")
        return [p for p in among if members.get((p, self.offering), "") == own]


def kept_out(bounds: Bounds, after: Moment, passed: Passed) -> bool:
    """Whether some limit kept who ``waits`` from the seat.

    1. A maximum that their group has reached without who ``gets`` it. 2. A reserve that ``gets``
    fills. 3. A service that cannot spare one more. 4. A leader's wish for several together.
    """
    at = passed.offering
    service = bounds.groups["service"]
    return (
        any(_in_the_way(bounds, limit, passed) for limit in bounds.limits.get(at, ()))
        or _not_spared(bounds, after, passed)
        or any(
            (service.get((p, at), ""), at) in bounds.together for p in (passed.waits, passed.gets)
        )
    )


def _in_the_way(bounds: Bounds, limit: Limit, passed: Passed) -> bool:
    groups = bounds.groups
    match limit:
        case RegionMaximum():
            region = groups["region"].get((passed.waits, passed.offering), "")
            return _full(groups["region"], passed, limit.seats.get(cast("Region", region)))
        case ServiceMaximum():
            return _full(groups["service"], passed, limit.seats)
        case MunicipalityMaximum():
            return _full(groups["municipality"], passed, limit.seats)
        case RegionMinimum():
            region = groups["region"].get((passed.gets, passed.offering), "")
            seats = limit.seats.get(cast("Region", region), 0)
            inside = passed.inside(groups["region"], passed.gets)
            return passed.apart(groups["region"]) and inside.index(passed.gets) < seats
        case ServiceFirst():
            theirs = passed.inside_at_most(groups["service"], passed.waits)
            ahead = passed.inside(groups["service"], passed.gets).index(passed.gets)
            alone = not groups["service"].get((passed.waits, passed.offering), "")
            reserved = ahead < limit.seats and (alone or limit.seats <= len(theirs))
            return passed.apart(groups["service"]) and reserved
        case ClassMinimum():
            return False
        case _:
            assert_never(limit)


def _full(members: Members, passed: Passed, seats: int | None) -> bool:
    own = members.get((passed.waits, passed.offering), "")
    theirs = passed.inside_at_most(members, passed.waits)
    inside = [person for person in theirs if person != passed.gets]
    return bool(own) and seats is not None and len(inside) >= seats


def _not_spared(bounds: Bounds, after: Moment, passed: Passed) -> bool:
    service = bounds.groups["service"]
    own = service.get((passed.waits, passed.offering), "")
    if own not in bounds.spare:
        return False
    away = {
        person
        for (person, at), place in after.places.items()
        if place.state in HOLDS and person != passed.waits and service.get((person, at), "") == own
    }
    same = service.get((passed.gets, passed.offering), "") == own
    return same or len(away) >= bounds.spare[own]
