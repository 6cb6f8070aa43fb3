"""P11: the plan is the one that every person likes best among the stable ones."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from admissions.verification import reserves
from admissions.verification.case import LAST, Case
from admissions.verification.property import Property, judged

NOBODY = -1


def people_optimal(case: Case, *, promised: bool) -> Property:
    """P11: no chain of people could all do better, each taking the seat that the next one leaves.

    1. A *vacancy* is an offering and the region of a holder who would leave it. 2. It would go to
    the first by rank among those who want it more than what they hold; first of all to somebody
    whom a reserve would then seat. 3. Whoever gets it leaves a vacancy in turn, or held nothing,
    which ends the chain. 4. Each vacancy leads to at most one other, so a chain of people who all
    do better is a cycle of this graph. Linear.

    Why no cycle means that no stable plan is better for anybody: let the plan be μ, stable, and ν
    the stable plan that everyone likes best. If they differ, take a holder y who leaves h for
    something better in ν. As many hold h in ν as in μ, and the same people are placed (rural
    hospitals; choices by rank with reserves first are substitutable and keep their size), so
    somebody who wants h more than μ gives comes in. Of those the one x who is next in line for y's
    seat must do better in ν: else x would still want h, be chosen beside ν's holders (a part of
    those x was chosen from), and ν would not be stable. So x leaves another seat, and so on; there
    are finitely many: a cycle. And a cycle, carried out, gives a stable plan better for its people.
    Sources: Gusfield & Irving 1989 (rotations); Erdil & Ergin 2008 (stable improvement cycles);
    Hatfield & Milgrom 2005 (substitutable choice). It is no proof with two limits at one offering.
    """
    successor = _successors(case)
    cycles = _cycles(case, successor)

    def lines() -> Iterator[str]:
        for cycle in cycles:
            moves = (
                f"{case.persons[case.person[row]]} to {case.offerings[case.offering[row]]}"
                for row in cycle
            )
            yield f"all could do better: {', '.join(moves)}"

    return judged(
        "P11",
        "The plan is the best stable one for every person: no chain of people could all do better.",
        promised=promised,
        broken=len(cycles),
        lines=lines(),
    )


def _successors(case: Case) -> NDArray[np.int64]:
    """The application next in line for each vacancy, ``NOBODY`` where there is none.

    Flat, shaped (k · regions,) like ``case.reserved``. Those whom a reserve would seat come before
    all others.
    """
    rows, cell = case.wanted, (case.offering[case.wanted], case.region[case.wanted])
    first = np.full(case.reserved.shape, LAST)
    np.minimum.at(first, cell, case.rank[rows])
    candidate = np.full(case.reserved.shape, NOBODY)
    at_first = case.rank[rows] == first[cell]
    candidate[case.offering[rows[at_first]], case.region[rows[at_first]]] = rows[at_first]
    short = np.where(reserves.entitled(case), first, LAST).min(axis=1)
    left = np.where(reserves.protected(case), first, LAST)
    by_reserve = np.minimum(left, short[:, None])
    rank = np.where(by_reserve < LAST, by_reserve, first.min(axis=1)[:, None])
    region = (first[:, None, :] == rank[:, :, None]).argmax(axis=2)
    return np.take_along_axis(candidate, region, axis=1).reshape(-1)


def _cycles(case: Case, successor: NDArray[np.int64]) -> list[list[int]]:
    """The cycles of vacancies, each as the applications that would get what they want more."""
    width = case.reserved.shape[1]
    seat = np.full(len(case.persons), NOBODY)
    seat[case.person[case.holders]] = (
        case.offering[case.holders] * width + case.region[case.holders]
    )
    leads = np.where(successor == NOBODY, NOBODY, seat[case.person[successor]]).tolist()
    walked = [0] * len(leads)
    cycles = []
    for number, start in enumerate(np.unique(seat[seat != NOBODY]).tolist(), start=1):
        vacancy = start
        while vacancy != NOBODY and not walked[vacancy]:
            walked[vacancy] = number
            vacancy = leads[vacancy]
        if vacancy != NOBODY and walked[vacancy] == number:
            cycle = [vacancy]
            while leads[cycle[-1]] != vacancy:
                cycle.append(leads[cycle[-1]])
            cycles.append([int(successor[at]) for at in cycle])
    return cycles
