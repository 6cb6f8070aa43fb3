"""The objectives of an allocation by name, and the order in which they are pursued."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal, get_args

from admissions.model.messages import MessageError, message

ObjectiveName = Literal[
    "blocking-pairs",
    "set-aside",
    "offers-used",
    "municipal-first",
    "service-order",
    "preferences",
    "spread-breadth",
    "spread-proportional",
    "spread-need",
    "leaders-wishes",
    "draw",
    "tie",
]
"""What a plan can be best at.

- ``blocking-pairs``: waiting applications that could have the offer, by rank and limits (fewest);
- ``set-aside``: waiting applications of those whom a leader wants together there, and of whom
  nobody holds an offer there (fewest);
- ``offers-used``: offers held (most);
- ``municipal-first``: offers held by employees of municipal child welfare, where a quota bounds
  several offerings together (most);
- ``service-order``: the sum over holders of their place in their service's own order, where a
  service with ``max_students`` has one (least);
- ``preferences``: the sum over holders of the number of the wish they got (least);
- ``spread-breadth``: municipalities with at least one holder (most);
- ``spread-proportional``: the sum over holders of the place of their municipality's next quotient
  employees / 1, 3, 5 … among all of them, the smallest being place 1 (most);
- ``spread-need``: the sum over holders of their service's need, in hundredths (most);
- ``leaders-wishes``: services whose leader's first choice at some offering holds it (most);
- ``draw``: the sum over holders of their places in the draw, where the draw decides (least);
- ``tie``: the sum of the 32-bit weights of what is held (most), so that one plan is best.
"""

Sense = Literal["min", "max"]

SENSES: dict[ObjectiveName, Sense] = {
    name: "min"
    if name in ("blocking-pairs", "set-aside", "service-order", "preferences", "draw")
    else "max"
    for name in get_args(ObjectiveName)
}
"""Whether the least or the most is best."""

STANDARD: tuple[ObjectiveName, ...] = (
    "blocking-pairs", "set-aside", "offers-used", "municipal-first", "service-order",
    "preferences", "draw", "tie",
)  # fmt: skip
"""The order in which a round is allocated unless its scenario says otherwise."""


def refuse_disorder(names: Sequence[ObjectiveName]) -> None:
    """Raises ValueError for an order that does not decide on one plan."""
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise MessageError(message("rulebooks.objective-twice", name=twice[0]))
    if not names or names[-1] != "tie":
        raise MessageError(message("rulebooks.tie-last"))


def absent(
    *, groups: bool, quotas: bool, service_orders: bool, drawn: bool
) -> frozenset[ObjectiveName]:
    """The objectives that count nothing in a round.

    ``groups``: a leader wants several together; ``quotas``: one that is not across the tiers bounds
    several offerings; ``service_orders``: a service with ``max_students`` has one order; ``drawn``:
    the draw decides between equals.
    """
    counts: dict[ObjectiveName, bool] = {
        "set-aside": groups,
        "municipal-first": quotas,
        "service-order": service_orders,
        "draw": drawn,
    }
    return frozenset(name for name, counted in counts.items() if not counted)


def pursued(
    names: Sequence[ObjectiveName], without: Collection[ObjectiveName]
) -> tuple[ObjectiveName, ...]:
    """``names`` without those that count nothing."""
    return tuple(name for name in names if name not in without)


def fairness_first(names: Sequence[ObjectiveName]) -> bool:
    """Whether nothing stands before having the fewest blocking pairs."""
    return names[0] == "blocking-pairs"


def merit_first(names: Sequence[ObjectiveName], without: Collection[ObjectiveName]) -> bool:
    """Whether nothing stands before fairness, offers used and wishes, in that order.

    The plan is then the one that deferred acceptance finds where it is exact; ``without``: the
    objectives that count nothing.
    """
    fair = STANDARD[: STANDARD.index("preferences") + 1]
    first = pursued(fair, without)
    return pursued(names, without)[: len(first)] == first
