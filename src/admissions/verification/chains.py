"""P11: the plan is the one that every person likes best among the stable ones."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from admissions.model.facts import Numbers
from admissions.verification.case import Case
from admissions.verification.exchanges import Exchanges, There
from admissions.verification.grouping import Rows, together
from admissions.verification.limits import LAST
from admissions.verification.property import Property, judged

NOBODY = -1


def people_optimal(exchanges: Exchanges, *, promised: bool) -> Property:
    """P11: no chain of people could all do better, each taking the seat that the next one leaves.

    1. A *vacancy* is an offering and the region or service, where a limit counts it, of a holder
    who would leave it. 2. It would go to the first by rank among those who want it more than what
    they hold and whom no maximum then keeps out; first of all to somebody whom a reserve would then
    seat. 3. Whoever gets it leaves a vacancy in turn, or held nothing, which ends the chain.
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
    vacancy = _vacancies(exchanges)
    cycles = _cycles(case, vacancy, _successors(exchanges, vacancy))

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


def _vacancies(exchanges: Exchanges) -> Numbers:
    """Each application's offering and the group that a limit counts there, numbered, (m,)."""
    key = exchanges.case.offering
    if exchanges.reserve is not None:
        key = together(key, exchanges.reserve.key)
    for bound, _ in exchanges.maxima:
        key = together(key, np.where(bound.seats < LAST, bound.key + 1, 0))
    return key


def _successors(exchanges: Exchanges, vacancy: Numbers) -> Rows:
    """The application next in line for each vacancy, ``NOBODY`` where there is none.

    Those whom a reserve would seat come before all others; the others are those whose maximum is
    not reached, or is by the one who leaves too.
    """
    case, rows, count = exchanges.case, exchanges.rows, int(vacancy.max(initial=-1)) + 1

    def first(group: Numbers, size: int, among: There) -> Rows:
        """Who of ``among`` is first by rank in each ``group`` (w,), or ``NOBODY``."""
        group, rank = group[among], exchanges.rank[among]
        best, found = np.full(size, LAST), np.full(size, NOBODY)
        np.minimum.at(best, group, rank)
        ahead = np.flatnonzero(rank == best[group])
        found[group[ahead]] = rows[among][ahead]
        return found

    own = first(vacancy[rows], count, slice(None))
    if not exchanges.maxima and exchanges.reserve is None:
        return own
    kept_out = np.zeros(len(rows), dtype=np.bool_)
    for _, reached in exchanges.maxima:
        kept_out |= reached
    at, offerings = np.zeros(count, dtype=np.int64), len(case.offerings)
    at[vacancy] = case.offering
    free = first(exchanges.offering, offerings, np.flatnonzero(~kept_out))[at]
    short = first(exchanges.offering, offerings, np.flatnonzero(exchanges.entitled))[at]
    protected = np.zeros(count, dtype=np.bool_)
    protected[vacancy[exchanges.protected]] = True
    by_reserve = _ahead(case, np.where(protected, own, NOBODY), short)
    return np.where(by_reserve == NOBODY, _ahead(case, own, free), by_reserve)


def _ahead(case: Case, one: Rows, other: Rows) -> Rows:
    """Of each two the one ranked ahead; nobody is behind everyone."""
    places = [np.where(row == NOBODY, LAST, case.rank[row]) for row in (one, other)]
    return np.where(places[0] <= places[1], one, other)


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
