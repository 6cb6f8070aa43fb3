"""Criterion: a named group gets at least a share of every part of the list, France's call order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from admissions.model.facts import Facts, Flags, Numbers
from admissions.rules.base import Criterion, Role, Unit


class MinimumShare(Criterion):
    """1 for members of the group: services in one of ``centralities``; the cell alone moves nobody.

    With classes 5 and 6 and 20 percent, at least one of the first five called comes from such a
    service, two of the first ten, as long as the group lasts (``call_order``). Whose centrality is
    not documented is no member (``not-member``).
    """

    kind: ClassVar[str] = "minimum-share"
    role: ClassVar[Role] = "group"
    unit: ClassVar[Unit] = "yes-no"

    centralities: tuple[Annotated[int, Field(ge=1, le=6)], ...] = Field(min_length=1)
    percent: int = Field(ge=1, le=100)
    not_documented: Literal["not-member"]

    def reads(self) -> tuple[str, ...]:
        return ("centrality",)

    def column(self, facts: Facts) -> Numbers:
        return np.isin(facts.numbers("centrality"), self.centralities).astype(np.int64)


def call_order(order: NDArray[np.int64], shares: Sequence[tuple[Flags, int]]) -> NDArray[np.int64]:
    """``order`` (rows, first rank first) with every share's members called in time.

    ``shares`` are, in order of precedence, who belongs (bool by row) and how many percent. At each
    place: 1. take the next in line; 2. for the first share, as named, that still has a member left
    and would miss its percentage (100 · count < percent · places called) by that, take its best
    member instead.

    Source: Parcoursup's call order with minimum rates (algorithmes de Parcoursup, 2018). Cost: the
    number of rows times the number of shares.
    """
    line = order.tolist()
    belongs = [members[order].tolist() for members, _ in shares]
    percents = [percent for _, percent in shares]
    queues = [[at for at, member in enumerate(m) if member] for m in belongs]
    heads, counts = [0] * len(shares), [0] * len(shares)
    taken = [False] * len(line)
    called: list[int] = []
    front = 0
    while len(called) < len(line):
        while taken[front]:
            front += 1
        chosen = front
        for share, queue in enumerate(queues):
            while heads[share] < len(queue) and taken[queue[heads[share]]]:
                heads[share] += 1
            if heads[share] == len(queue):
                continue
            count = counts[share] + belongs[share][front]
            if 100 * count < percents[share] * (len(called) + 1):
                chosen = queue[heads[share]]
                break
        taken[chosen] = True
        called.append(line[chosen])
        for share, members in enumerate(belongs):
            counts[share] += members[chosen]
    return np.array(called, dtype=np.int64)
