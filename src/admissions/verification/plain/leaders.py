"""What leaders have a say in: their lists, the columns they add, and whom they move."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from admissions.model.round import Round
from admissions.rulebooks.rulebook import Version
from admissions.rulebooks.scenario import Scenario
from admissions.rules.base import Rule
from admissions.verification.plain.rows import Row

ANY_OFFERING = ""

Lists = Mapping[tuple[str, str], Mapping[str, int]]
"""Each leader's list, by service and offering: the place of each person named."""


@dataclass(frozen=True)
class Added:
    """A column that leader influence adds, read as a rule of ``kind`` with ``stated``."""

    id: str
    kind: str
    stated: Mapping[str, Any]

    role = "group"
    unit = "order"

    def parameters(self) -> dict[str, Any]:
        """What the scenario states for it."""
        return dict(self.stated)


Column = Rule | Added


def lists_of(round_: Round) -> Lists:
    """The leaders' lists in ``round_``."""
    found: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    stated = round_.leader_preferences
    names = ("service_id", "offering_id", "person_id", "rank")
    for service, offering, person, rank in zip(*(stated[n].tolist() for n in names), strict=True):
        found[service, offering][person] = rank
    return dict(found)


def give_leader_ranks(rows: Sequence[Row], lists: Lists, offering: str) -> None:
    """Sets ``leader_rank``: 1, 2 … among own qualified applicants here whom the leader names.

    A list for the offering stands in the place of the one for any. None for everybody else.
    """
    staff = _by_service(rows)
    for row in rows:
        row["leader_rank"] = None
    for service, own in staff.items():
        named = lists.get((service, offering)) or lists.get((service, ANY_OFFERING)) or {}
        there = [row for row in own if row["qualified"] and row["person_id"] in named]
        there.sort(key=lambda row: named[row["person_id"]])
        for number, row in enumerate(there, start=1):
            row["leader_rank"] = number


def criteria(version: Version, scenario: Scenario) -> list[Column]:
    """The rulebook's criteria with those that leader influence adds.

    ``employer-first``: after the last tier, the leader's first choice and then services in
    proportion to their employees. ``points``: where no criterion counts points, the leader's points
    after all others.
    """
    found: list[Column] = list(version.criteria)
    if scenario.leader == "employer-first":
        after = max((n for n, rule in enumerate(found, 1) if rule.role == "tier"), default=0)
        found[after:after] = [
            Added("leader-first-choice", "leader-first-choice", {}),
            Added("leader-proportional", "leader-proportional", {}),
        ]
    if scenario.leader == "points" and first_points(version) is None:
        found.append(Added("leader-points", "leader-points", {"points": scenario.leader_points}))
    return found


def first_points(version: Version) -> Rule | None:
    """The first criterion that counts points."""
    for rule in version.criteria:
        if rule.role == "points" and rule.unit == "points":
            return rule
    return None


def leader_points(row: Row, points: Sequence[int]) -> int:
    """The points that the leader's first, second … gets, 0 for everybody else."""
    rank = row["leader_rank"]
    return points[rank - 1] if rank is not None and rank <= len(points) else 0


def moved(order: Sequence[Row], blocks: Mapping[int, tuple[int, ...]]) -> list[Row]:
    """``order`` with each service's people put into its places as their leader wants.

    Within a block: those of ``order`` with equal ``blocks``, by application. The places that a
    service's people hold are kept; people not named come after those named, in their old order.
    Whoever has no service keeps the own place.
    """
    places: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for place, row in enumerate(order):
        if row["service"] is not None:
            places[row["service"], blocks[row["application"]]].append(place)
    found = list(order)
    for own in places.values():
        people = [order[place] for place in own]
        people.sort(key=lambda row: (row["leader_rank"] is None, row["leader_rank"] or 0))
        for place, row in zip(own, people, strict=True):
            found[place] = row
    return found


def _by_service(rows: Sequence[Row]) -> Mapping[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row["service"] is not None:
            found[row["service"]].append(row)
    return found
