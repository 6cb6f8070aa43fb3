"""Up to which place in line an offering would take one person, were all others placed without them.

Where deferred acceptance is exact, who asks when does not matter (McVitie & Wilson 1971), so the
person may ask last. An offering that would turn them away then turns them away in any case. One
that would take them may still send them away later, when those who leave for them ask elsewhere.
Where sites call down their lists, all others are called as if the person were not there, until a
site calls the person too; whom none would call gets nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from admissions.allocation import deferred_acceptance, independent
from admissions.allocation.choice import Choice, by_rank_alone
from admissions.allocation.problem import Problem


class Called:
    """The chances of one person where sites call down their lists in ``call_rounds`` rounds.

    ``wanted_less``: a wish wanted less counts too; who is called for it moves others on.
    """

    wanted_less = True

    def __init__(self, problem: Problem, person: int, call_rounds: int) -> None:
        self._others = problem.among(problem.person != person)
        plan = independent.call(self._others, call_rounds)
        self._called = np.bincount(
            self._others.offering[plan.held | plan.released], minlength=len(problem.offers)
        )
        self._line = np.bincount(self._others.offering, minlength=len(problem.offers))
        self._by_rank = by_rank_alone(problem)

    def most_ahead(self, offering: int, service: int, region: int) -> int:
        """The most others that may stand ahead of the person at ``offering`` (position); -1: none.

        Who ranks ahead of the last one called is called; where the list ran dry, anybody. Where
        limits are stated no bound is known.
        """
        called, line = int(self._called[offering]), int(self._line[offering])
        return line if called == line or not self._by_rank[offering] else called - 1


class Placed:
    """The chances of one person where the offers come by deferred acceptance."""

    wanted_less = False

    def __init__(self, problem: Problem, person: int) -> None:
        self._others = problem.among(problem.person != person)
        self._person = person
        held = deferred_acceptance.solve(self._others).held
        self._holders = np.flatnonzero(held)
        self._by_rank = by_rank_alone(problem)
        self._found: dict[tuple[int, int, int], int] = {}

    def most_ahead(self, offering: int, service: int, region: int) -> int:
        """The most others that may stand ahead of the person at ``offering`` (position); -1: none.

        ``service`` and ``region`` are the person's codes there.
        """
        key = offering, service, region
        if key not in self._found:
            self._found[key] = self._most_ahead(*key)
        return self._found[key]

    def _most_ahead(self, offering: int, service: int, region: int) -> int:
        others = self._others
        holders = self._holders[others.offering[self._holders] == offering]
        line = np.sort(others.rank[others.offering == offering])
        places = np.sort(np.searchsorted(line, others.rank[holders]))
        offers = int(others.offers[offering])
        if self._by_rank[offering]:
            if not offers:
                return -1
            return len(line) if len(holders) < offers else int(places[-1])
        taken = _Beside(others, holders, self._person, offering, service, region)
        tried: list[int] = [-1, *places.tolist(), len(line)]
        low, high = 0, len(tried) - 1
        while low < high:
            middle = (low + high + 1) // 2
            if taken.at(tried[middle]):
                low = middle
            else:
                high = middle - 1
        return tried[low]


class _Beside:
    """One offering's choice among those it holds and the person, at any place of theirs."""

    def __init__(
        self,
        others: Problem,
        holders: NDArray[np.int64],
        person: int,
        offering: int,
        service: int,
        region: int,
    ) -> None:
        own = {"person": person, "offering": offering, "service": service, "region": region}
        line = np.sort(others.rank[others.offering == offering])
        self._place = np.searchsorted(line, others.rank[holders])
        columns: dict[str, Any] = {
            name: np.append(getattr(others, name)[holders], own.get(name, 0))
            for name in Problem.OF_APPLICATIONS
        }
        self._problem = replace(others, worth={}, **columns)

    def at(self, ahead: int) -> bool:
        """Whether the person is chosen with so many of the others ahead."""
        rank = np.append(2 * self._place + 1, 2 * ahead)
        problem = replace(self._problem, rank=rank)
        chosen = Choice(problem).best(np.arange(len(rank)))
        return bool((chosen == len(rank) - 1).any())
