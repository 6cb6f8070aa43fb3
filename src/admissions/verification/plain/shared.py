"""What each kind of rule says of all applications at one offering, where one depends on others.

A function a kind, named as the kind is: from the rows to a cell for each. ``index`` is each row's
place, from 0, in its group, counted as ``indices`` says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from admissions.verification.plain.rows import Row


def under_represented_gender(rows: Sequence[Row]) -> list[int]:
    """1 for the gender, of women and men, that fewer of the qualified have; 0 if equally many."""
    women, men = (
        sum(row["qualified"] and row["gender"] == gender for row in rows)
        for gender in ("female", "male")
    )
    fewer = {True: "male", False: "female"}[women > men] if women != men else None
    return [int(fewer is not None and row["gender"] == fewer) for row in rows]


def leader_order(rows: Sequence[Row]) -> list[int]:
    """The leader's first highest, by the longest list here; whoever is not named 0."""
    longest = max((row["leader_rank"] or 0 for row in rows), default=0)
    return [longest + 1 - row["leader_rank"] if row["leader_rank"] else 0 for row in rows]


def service_limit(rows: Sequence[Row], maximum: int, sectors: Sequence[str]) -> list[int]:
    """1 for the first so many of a service, 0 for those after; 1 for whoever is not counted."""
    return [int(not in_service(row, sectors) or row["index"] < maximum) for row in rows]


def in_service(row: Row, sectors: Sequence[str], **_: Any) -> bool:
    """Whether a service limit counts the applicant."""
    return row["service"] is not None and row["sector"] in sectors


def spread_breadth(rows: Sequence[Row], **_: Any) -> list[int]:
    """Minus the index in the municipality; whoever has none stands one behind everybody."""
    behind = max((row["index"] for row in rows), default=0) + 1
    return [-row["index"] if row["municipality"] is not None else -behind for row in rows]


def spread_proportional(rows: Sequence[Row], **_: Any) -> list[int]:
    """The place, smallest 1, of the municipality's employees / (2 · index + 1); unknown: 0."""
    return _places([_quotient(row, "municipality_employees") for row in rows])


def leader_proportional(rows: Sequence[Row]) -> list[int]:
    """The place, smallest 1, of the service's employees / (2 · index + 1); unknown: 0."""
    return _places([_quotient(row, "employees") for row in rows])


def _quotient(row: Row, employees: str) -> Fraction | None:
    group = {"employees": "service", "municipality_employees": "municipality"}[employees]
    if row[group] is None or row[employees] is None:
        return None
    return Fraction(row[employees], 2 * row["index"] + 1)


def _places(quotients: Sequence[Fraction | None]) -> list[int]:
    known = sorted({one for one in quotients if one is not None})
    place = {one: number for number, one in enumerate(known, start=1)}
    return [0 if one is None else place[one] for one in quotients]


SHARED: Mapping[str, Callable[..., list[int]]] = {
    function.__name__.replace("_", "-"): function
    for function in (
        under_represented_gender, leader_order, service_limit, spread_breadth, spread_proportional,
        leader_proportional,
    )
}  # fmt: skip
"""The kinds that need all applications at the offering, by name."""

COUNTED: Mapping[str, tuple[str, Callable[..., bool]]] = {
    "service-limit": ("service", in_service),
    "spread-breadth": ("municipality", lambda row, **_: row["municipality"] is not None),
    "spread-proportional": ("municipality", lambda row, **_: row["municipality"] is not None),
    "leader-proportional": (
        "service", lambda row: row["service"] is not None and row["leader_rank"] != 1,
    ),
}  # fmt: skip
"""The kinds that count an index: the fact whose equals form a group, and who is counted."""

BY_LEADER = frozenset({"leader-proportional"})
"""The kinds that count in the leader's order before the base order."""


def over_the_round(rule: Any) -> bool:
    """Whether a rule counts each person once over the whole round."""
    return bool(rule.parameters().get("counted_over") == "round")
