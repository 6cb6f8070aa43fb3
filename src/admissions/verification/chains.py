"""P11: the plan is the one that every person likes best among the stable ones."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from admissions.model.facts import Numbers
from admissions.verification.case import Case
from admissions.verification.exchanges import Exchanges
from admissions.verification.grouping import Rows, together
from admissions.verification.limits import LAST
from admissions.verification.property import Noted, Property, judged

NOBODY = -1


def people_optimal(exchanges: Exchanges, *, promised: bool) -> Property:
    """P11: no chain of people could all do better, each taking the seat that the next one leaves.

    1. A *vacancy* is an offering, and the sector tier and the region or service, where a limit
    counts it, of a holder who would leave it. 2. It would go to the first by rank among those who
    want it more than what they hold and whom no maximum then keeps out; in the first tier of these
    first of all to somebody whom a reserve would then seat. 3. Whoever gets it leaves a vacancy in
    turn, or held nothing, which ends the chain.
    4. Each vacancy leads to at most one other, so a chain of people who all do better is a cycle of
    this graph. Linear up to a sort.

    Why no cycle means that no stable plan is better for anybody: let the plan be μ, stable, and ν
    the stable plan that everyone likes best. If they differ, take a holder y who leaves h for
    something better in ν. As many hold h in ν as in μ, and the same people are placed (rural
    hospitals; choices by rank, with reserves first, or within the maxima of one kind are
    substitutable and keep their size), so somebody who wants h more than μ gives comes in. Of those
    the one x who is next in line for y's seat must do better in ν: else x would still want h, be
    chosen beside ν's holders (a part of those x was chosen from), and ν would not be stable. (With
    maxima: the sets within them are a matroid. What outranks x in ν's set at h is in μ's without y,
    or kept out by it; so is x then, if x cannot replace anybody in ν's set, and x would not be next
    in line.) So x leaves another seat, and so on; there are finitely many: a cycle. And a cycle,
    carried out, gives a stable plan better for its people. Sources: Gusfield & Irving 1989
    (rotations); Erdil & Ergin 2008 (stable improvement cycles); Hatfield & Milgrom 2005
    (substitutable choice). It is no proof with two limits at one offering.
    """
    case = exchanges.case
    shared = _shared(exchanges)
    vacancy = together(shared, case.tier)
    cycles = _cycles(case, vacancy, _successors(exchanges, shared, vacancy))

    def lines() -> Iterator[str]:
        for cycle in cycles:
            moves = tuple(
                Noted(
                    "mover",
                    person=case.persons[case.person[row]],
                    offering=case.offerings[case.offering[row]],
                )
                for row in cycle
            )
            yield Noted("better-chain", moves=moves)

    return judged(
        "P11",
        "The plan is the best stable one for every person: no chain of people could all do better.",
        promised=promised,
        broken=len(cycles),
        lines=lines(),
    )


def _shared(exchanges: Exchanges) -> Numbers:
    """Each application's offering and the group that a limit counts there, numbered, (m,)."""
    key = exchanges.case.offering
    if exchanges.reserve is not None:
        key = together(key, exchanges.reserve.key)
    for bound, _ in exchanges.maxima:
        key = together(key, np.where(bound.seats < LAST, bound.key + 1, 0))
    return key


def _successors(exchanges: Exchanges, shared: Numbers, vacancy: Numbers) -> Rows:
    """The application next in line for each vacancy, ``NOBODY`` where there is none.

    ``vacancy``: ``shared`` and the tier of the one who leaves. In each tier those whom a reserve
    would seat come before all others: it has a seat for them, or would have that of the one who
    leaves. The others are those whose maximum is not reached, or is by the one who leaves too.
    """
    case, rows, count = exchanges.case, exchanges.rows, int(vacancy.max(initial=-1)) + 1
    behind = int(case.rank.max(initial=0)) + 1
    unreserved = exchanges.rank + (2 * case.tier[rows] + 1) * behind
    reserved = unreserved - behind
    offering, tier, group = (np.zeros(count, dtype=np.int64) for _ in range(3))
    offering[vacancy], tier[vacancy], group[vacancy] = case.offering, case.tier, shared
    kept_out = np.zeros(len(rows), dtype=np.bool_)
    for _, reached in exchanges.maxima:
        kept_out |= reached
    found = _First(count)
    found.offer(offering, exchanges.offering, np.where(kept_out, LAST, unreserved), rows)
    found.offer(offering, exchanges.offering, np.where(exchanges.entitled, reserved, LAST), rows)
    for one in np.unique(tier).tolist():
        own = np.where(exchanges.would_be_entitled & (case.tier[rows] >= one), reserved, unreserved)
        found.offer(np.where(tier == one, group, -1), shared[rows], own, rows)
    return found.row


class _First:
    """Who is first in line for each of so many vacancies; nobody to begin with."""

    def __init__(self, count: int) -> None:
        self.row = np.full(count, NOBODY)
        self._place = np.full(count, LAST)

    def offer(self, wanted: Numbers, group: Numbers, place: Numbers, rows: Rows) -> None:
        """To each vacancy the first in ``place`` of ``rows`` (w,) whose ``group`` is ``wanted``.

        ``wanted`` (vacancies,), -1 for none; whoever is at ``LAST`` is not in line.
        """
        size = max(int(group.max(initial=-1)), int(wanted.max(initial=-1))) + 1
        best, first = np.full(size, LAST), np.full(size, NOBODY)
        np.minimum.at(best, group, place)
        ahead = np.flatnonzero((place == best[group]) & (place < LAST))
        first[group[ahead]] = rows[ahead]
        asked = np.flatnonzero(wanted >= 0)
        asked = asked[best[wanted[asked]] < self._place[asked]]
        self._place[asked] = best[wanted[asked]]
        self.row[asked] = first[wanted[asked]]


def _cycles(case: Case, vacancy: Numbers, successor: Rows) -> list[list[int]]:
    """The cycles of vacancies, each as the applications that would get what they want more."""
    seat = np.full(len(case.persons), NOBODY)
    seat[case.person[case.holders]] = vacancy[case.holders]
    leads = np.where(successor == NOBODY, NOBODY, seat[case.person[successor]]).tolist()
    walked = [0] * len(leads)
    cycles = []
    begins = np.flatnonzero(np.bincount(seat[seat != NOBODY])).tolist()
    for number, start in enumerate(begins, start=1):
        at = start
        while at != NOBODY and not walked[at]:
            walked[at] = number
            at = leads[at]
        if at != NOBODY and walked[at] == number:
            cycle = [at]
            while leads[cycle[-1]] != at:
                cycle.append(leads[cycle[-1]])
            cycles.append([int(successor[one]) for one in cycle])
    return cycles
