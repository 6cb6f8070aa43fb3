"""P4-P6: municipal first, no justified envy, no wanted offer unused.

Each check scatters the holders by offering (and region), then holds every waiting application
against one number of its offering: linear, no sort.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from admissions.facts import Flags
from admissions.verification import reserves
from admissions.verification.case import Case
from admissions.verification.property import Property, judged


def municipal_first(case: Case, *, promised: bool) -> Property:
    """P4: municipal employees first.

    Nobody outside municipal child welfare holds an offer that a qualified municipal applicant wants
    more than what they have, unless a named limit forbids the exchange.
    """
    rows = case.wanted[case.municipal[case.wanted]]
    outside = case.holders[~case.municipal[case.holders]]
    free, anybody = reserves.last_to_displace(case, rows, outside)
    broken, excused = rows[free > 0], rows[(free == 0) & (anybody > 0)]
    return judged(
        "P4",
        "Nobody outside municipal child welfare holds an offer that a qualified municipal "
        "applicant wants more than what they have, unless a named limit forbids the exchange.",
        promised=promised,
        broken=len(broken),
        lines=_lines(case, broken, excused, outside),
        excused=len(excused),
    )


def envying(case: Case) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The waiting applications ranked ahead of a holder: with justified envy, and excused."""
    rows = case.wanted
    free, anybody = reserves.last_to_displace(case, rows, case.holders)
    justified: Flags = free > case.rank[rows]
    return rows[justified], rows[~justified & (anybody > case.rank[rows])]


def no_justified_envy(case: Case, *, promised: bool) -> Property:
    """P5: no justified envy.

    Nobody waiting for an offering they want more than what they have is ranked ahead of somebody
    holding an offer there, unless a named limit forbids the exchange. Somebody who holds an offer
    without being qualified stands behind everyone.
    """
    broken, excused = envying(case)
    return judged(
        "P5",
        "Nobody waiting for an offering they want more than what they have is ranked ahead of "
        "somebody holding an offer there, unless a named limit forbids the exchange.",
        promised=promised,
        broken=len(broken),
        lines=_lines(case, broken, excused, case.holders),
        excused=len(excused),
    )


def wasted(case: Case) -> NDArray[np.int64]:
    """The waiting applications at offerings with an offer unused."""
    unused = case.used < case.offers
    rows: NDArray[np.int64] = case.wanted[unused[case.offering[case.wanted]]]
    return rows


def no_offer_unused(case: Case, *, promised: bool) -> Property:
    """P6: no offer is unused that a qualified applicant wants more than what they have.

    No limit of today excuses one: a reserve without applicants goes to others.
    """
    broken = wasted(case)
    lines = (f"{case.who(row)}, waits while an offer there is unused" for row in broken)
    return judged(
        "P6",
        "No offer is unused that a qualified applicant wants more than what they have, "
        "unless a named limit forbids it.",
        promised=promised,
        broken=len(broken),
        lines=lines,
        unused=int(np.maximum(case.offers - case.used, 0).sum()),
    )


def blocking_pairs(case: Case) -> int:
    """How many waiting applications block the plan: by envy, waste or an unmet reserve."""
    blocks = np.zeros(len(case.person), dtype=np.bool_)
    blocks[envying(case)[0]] = True
    blocks[wasted(case)] = True
    claims = reserves.unmet(case)[case.offering[case.wanted], case.region[case.wanted]]
    blocks[case.wanted[claims]] = True
    return int(np.count_nonzero(blocks))


def _lines(
    case: Case,
    broken: NDArray[np.int64],
    excused: NDArray[np.int64],
    holders: NDArray[np.int64],
) -> Iterator[str]:
    for row in broken:
        there = holders[case.offering[holders] == case.offering[row]]
        rival = _last(case, there[~reserves.forbidden(case, row, there)])
        yield f"{case.who(row)}, waits; {case.who(rival)}, holds an offer"
    for row in excused:
        there = holders[case.offering[holders] == case.offering[row]]
        rival = _last(case, there[reserves.forbidden(case, row, there)])
        yield (
            f"{case.who(row)}, waits; {case.who(rival)}, holds an offer that the limit "
            f"{case.limits[case.offering[row]]} reserves"
        )


def _last(case: Case, holders: NDArray[np.int64]) -> int:
    return int(holders[np.argmax(case.place[holders])])
