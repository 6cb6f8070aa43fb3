"""P13: the calls of sites that admit on their own, made again."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from admissions.model.facts import Flags
from admissions.verification.bounds import chosen
from admissions.verification.case import Case
from admissions.verification.limits import LAST
from admissions.verification.property import Noted, Property, judged


def calls_repeated(case: Case, call_rounds: int) -> Property:
    """P13: offers held and released are exactly those that the sites' own calls make.

    Under the independent mechanism, in each round 1. all offerings at once call down their lists to
    the offers to make, whatever those called hold elsewhere: nobody beyond a maximum, and first
    those for whom a reserve that is not filled has a seat; 2. everyone keeps the offer they want
    most and releases the rest. Under the serial one each offering in its turn does 1. among those
    who hold nothing yet. Where equals are treated together, all who are equal to the last one
    called are called, or none where they are more than the offers left.
    """
    statement = "Offers held and released are those that the sites' own calls make."
    if case.coordinated:
        return judged("P13", statement, promised=False, broken=0)
    if case.mechanism == "serial":
        held = called = _Lists(case).filled_in_turn()
    else:
        held, called = _Lists(case).called(call_rounds)
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
        fate = "calls-keep" if held[row] else "calls-release" if called[row] else "calls-pass"
        yield Noted(fate, who=case.who(row))


class _Lists:
    """Every offering's list of qualified applicants, best first."""

    def __init__(self, case: Case) -> None:
        self._case = case
        qualified = np.flatnonzero(case.qualified)
        by_rank = qualified[np.lexsort((case.rank[qualified], case.offering[qualified]))]
        ends = np.searchsorted(case.offering[by_rank], np.arange(len(case.offerings) + 1))
        self._lists = [by_rank[ends[n] : ends[n + 1]] for n in range(len(case.offerings))]

    def called(self, call_rounds: int) -> tuple[Flags, Flags]:
        """Who holds an offer after so many rounds, and who was called at all; bool (m,)."""
        case = self._case
        held, called = (np.zeros(len(case.person), dtype=np.bool_) for _ in range(2))
        for _ in range(call_rounds):
            new = []
            for number, line in enumerate(self._lists):
                new += self._next(number, line[held[line]].tolist(), line[~called[line]].tolist())
            if not new:
                break
            called[new] = held[new] = True
            holders = np.flatnonzero(held)
            best = np.full(len(case.persons), LAST)
            np.minimum.at(best, case.person[holders], case.preference[holders])
            held[holders] = case.preference[holders] == best[case.person[holders]]
        return held, called

    def filled_in_turn(self) -> Flags:
        """Who holds an offer when each offering has had its turn, bool (m,)."""
        case = self._case
        held = np.zeros(len(case.person), dtype=np.bool_)
        seated = np.zeros(len(case.persons), dtype=np.bool_)
        for number in case.turns:
            line = self._lists[number]
            new = self._next(number, [], line[~seated[case.person[line]]].tolist())
            held[new] = True
            seated[case.person[new]] = True
        return held

    def _next(self, number: int, kept: list[int], waiting: list[int]) -> list[int]:
        """Whom an offering calls beside those it has ``kept``."""
        if self._case.ties == "lottery":
            return chosen(self._case, number, kept, waiting)
        free = max(int(self._case.offers[number]) - len(kept), 0)
        return waiting[: _called_of(self._case, waiting, free)]


def _called_of(case: Case, waiting: list[int], free: int) -> int:
    """How many of ``waiting`` are called for so many offers: equals stay together."""
    if not 0 < free < len(waiting):
        return free
    after = case.rank[waiting[free]]
    if case.rank[waiting[free - 1]] != after:
        return free
    equals = [case.rank[row] == after for row in waiting]
    first = equals.index(True)
    return first if case.ties == "reject-all" else first + sum(equals)
