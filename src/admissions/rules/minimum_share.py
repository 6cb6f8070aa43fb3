"""Criterion: a named group gets at least a share of every part of the list, France's call order."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from admissions.model.facts import Facts, Flags, Numbers
from admissions.rules.base import Criterion, Role, Unit
from admissions.rules.parameters import AcrossTiers


class MinimumShare(Criterion):
    """1 for members of the group: services in one of ``centralities``; the cell alone moves nobody.

    With classes 5 and 6 and 20 percent, at least one of the first five called comes from such a
    service, two of the first ten, as long as the group lasts (``call_order``). Whose centrality is
    not documented is no member (``not-member``). Each sector tier is a list of its own; with
    ``across_tiers = true`` all are one, and a member of a lower tier can come before a higher one.
    """

    kind: ClassVar[str] = "minimum-share"
    role: ClassVar[Role] = "group"
    unit: ClassVar[Unit] = "yes-no"

    centralities: tuple[Annotated[int, Field(ge=1, le=6)], ...] = Field(min_length=1)
    percent: int = Field(ge=1, le=100)
    not_documented: Literal["not-member"]
    across_tiers: AcrossTiers = False

    @property
    def share(self) -> int:
        return self.percent

    def keeps_tiers(self) -> bool:
        return not self.across_tiers

    @property
    def of_others(self) -> bool:
        return True

    def reads(self) -> tuple[str, ...]:
        return ("centrality",)

    def column(self, facts: Facts) -> Numbers:
        return np.isin(facts.numbers("centrality"), self.centralities).astype(np.int64)


def call_order(order: NDArray[np.int64], shares: Sequence[tuple[Flags, int]]) -> NDArray[np.int64]:
    """``order`` (rows, first rank first) with every share's members called in time.

    ``shares`` are, in order of precedence, who belongs (bool by row) and how many percent. A share
    is *short* at a place where without a member there its percentage would be missed (100 · count <
    percent · places called), and a member is left. At each place: 1. if none is short, the next in
    line; 2. else the best member of the first share that is short, as named; 3. who counts for
    further short shares too, in the order named, comes before who does not.

    Source: Parcoursup's call order with minimum rates (algorithmes de Parcoursup, 2018). Cost: the
    number of rows times the number of ways to belong to shares.
    """
    belongs = np.zeros(len(order), dtype=np.int64)
    for share, (members, _) in enumerate(shares):
        belongs |= members[order].astype(np.int64) << share
    queues: dict[int, deque[int]] = {}
    for at, ways in enumerate(belongs.tolist()):
        queues.setdefault(ways, deque()).append(at)
    counts = [0] * len(shares)
    called: list[int] = []
    while queues:
        wanted = 0
        for share, (_, percent) in enumerate(shares):
            both = wanted | 1 << share
            short = 100 * counts[share] < percent * (len(called) + 1)
            if short and any(ways & both == both for ways in queues):
                wanted = both
        head, ways = min((q[0], ways) for ways, q in queues.items() if ways & wanted == wanted)
        queues[ways].popleft()
        if not queues[ways]:
            del queues[ways]
        called.append(head)
        counts = [count + (ways >> share & 1) for share, count in enumerate(counts)]
    return order[np.array(called, dtype=np.int64)]
