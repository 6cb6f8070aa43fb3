"""P1-P3: who may hold offers, and how many."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from admissions.model.facts import Numbers
from admissions.verification.case import Case
from admissions.verification.property import Noted, Property, both, judged


def only_qualified(case: Case, strays: tuple[str, ...] = ()) -> Property:
    """P1: everyone who holds an offer is qualified for it and applied for it.

    ``strays`` are the published offers to people who did not apply.
    """
    wrong = case.holders[~case.qualified[case.holders]]

    def lines() -> Iterator[str]:
        yield from (Noted("holds", who=case.who(row)) for row in wrong)
        yield from strays

    return judged(
        "P1",
        "Only qualified applicants hold offers.",
        broken=len(wrong) + len(strays),
        lines=lines(),
        offers=len(case.holders) + len(strays),
    )


def one_offer_each(case: Case) -> Property:
    """P2: nobody holds two offers.

    Under the independent mechanism too: in each call everyone keeps one offer and releases the
    others.
    """
    held = np.bincount(case.person[case.holders], minlength=len(case.persons))
    wrong = np.flatnonzero(held > 1)

    def lines() -> Iterator[str]:
        for person in wrong:
            own = case.holders[case.person[case.holders] == person]
            names = both(case.offerings[case.offering[row]] for row in own)
            yield Noted("holds-several", person=case.persons[person], offerings=names)

    return judged(
        "P2",
        "Nobody holds two offers.",
        broken=len(wrong),
        lines=lines(),
        holders=int(np.count_nonzero(held)),
    )


def within_offers(case: Case) -> Property:
    """P3: no offering has more holders than the offers it makes.

    Where all equals are accepted, it may: by those who are equal to the last of them.
    """
    over = case.used > case.offers
    if case.ties == "accept-all":
        over &= _ahead_of_the_last(case) >= case.offers
    wrong = np.flatnonzero(over)
    counted = {"used": int(case.used.sum()), "offers": int(case.offers.sum())}
    if case.ties == "accept-all":
        counted["over"] = int(np.maximum(case.used - case.offers, 0).sum())
    lines = (
        Noted("too-many", offering=case.offerings[n], used=case.used[n], offers=case.offers[n])
        for n in wrong
    )
    statement = "No offering exceeds its offers to make."
    return judged("P3", statement, broken=len(wrong), lines=lines, promised=True, **counted)


def _ahead_of_the_last(case: Case) -> Numbers:
    """How many of each offering's holders are ahead of its last one, not equal to them, (k,)."""
    offering = case.offering[case.holders]
    ahead = offering[case.place[case.holders] < case.last_at(case.holders)[offering]]
    return np.bincount(ahead, minlength=len(case.offerings))
