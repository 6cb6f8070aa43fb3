"""P13: the independent mechanism's calls, made again."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from admissions.facts import Flags
from admissions.verification.case import LAST, Case
from admissions.verification.property import Property, judged


def calls_repeated(case: Case, call_rounds: int) -> Property:
    """P13: offers held and released are exactly those that the independent mechanism's calls make.

    In each round 1. all offerings at once call down their lists to the offers to make, whatever
    those called hold elsewhere, regions whose reserve is not filled first; 2. everyone keeps the
    offer they want most and releases the rest.
    """
    statement = "Offers held and released are those that the call rounds make (independent)."
    if case.mechanism != "independent":
        return judged("P13", statement, promised=False, broken=0)
    held, called = _called(case, call_rounds)
    wrong = np.flatnonzero((held != case.held) | ((called & ~held) != case.declined))
    return judged(
        "P13",
        statement,
        broken=len(wrong),
        lines=_lines(case, wrong, held, called),
        called=int(np.count_nonzero(called)),
        released=int(np.count_nonzero(called & ~held)),
    )


def _lines(case: Case, wrong: NDArray[np.int64], held: Flags, called: Flags) -> Iterator[str]:
    for row in wrong:
        fate = "keeps an offer" if held[row] else "releases it" if called[row] else "is not called"
        yield f"{case.who(row)}, {fate} by the calls; decisions.csv says otherwise"


def _called(case: Case, call_rounds: int) -> tuple[Flags, Flags]:
    held, called = (np.zeros(len(case.person), dtype=np.bool_) for _ in range(2))
    qualified = np.flatnonzero(case.qualified)
    by_rank = qualified[np.lexsort((case.rank[qualified], case.offering[qualified]))]
    bounds = np.searchsorted(case.offering[by_rank], np.arange(len(case.offerings) + 1))
    lists = [by_rank[bounds[n] : bounds[n + 1]] for n in range(len(case.offerings))]
    for _ in range(call_rounds):
        new = [_next(case, number, line, held, called) for number, line in enumerate(lists)]
        for rows in new:
            called[rows] = held[rows] = True
        holders = np.flatnonzero(held)
        best = np.full(len(case.persons), LAST)
        np.minimum.at(best, case.person[holders], case.preference[holders])
        held[holders] = case.preference[holders] == best[case.person[holders]]
    return held, called


def _next(
    case: Case, offering: int, line: NDArray[np.int64], held: Flags, called: Flags
) -> list[int]:
    kept = line[held[line]]
    width = case.reserved.shape[1]
    lacking = (case.reserved[offering] - np.bincount(case.region[kept], minlength=width)).tolist()
    by_reserve, others = [], []
    for row in line[~called[line]].tolist():
        region = int(case.region[row])
        if lacking[region] > 0:
            lacking[region] -= 1
            by_reserve.append(row)
        else:
            others.append(row)
    return (by_reserve + others)[: max(int(case.offers[offering]) - len(kept), 0)]
