"""Offerings that choose by rank alone: lines of places, each with a cutoff that only moves up.

Deferred acceptance needs little of an offering: whom it turns away when more people ask. Where it
chooses by rank within its offers alone, these are the last in its line, and a *cutoff*, a rank
behind which nobody can be chosen any more, only ever moves forward (Azevedo & Leshno 2016). So
everything here is a scatter, a gather, or a look at the places in front of a cutoff; nothing is
sorted by rank, and no offering is looked at in a round in which nobody asks it.
"""

from __future__ import annotations

import numpy as np

from admissions.allocation.problem import Problem
from admissions.model.facts import Numbers


def ranges(first: Numbers, count: Numbers) -> Numbers:
    """``first``, ``first + 1`` …, so many as ``count`` says, one range after another."""
    end = np.cumsum(count)
    return np.repeat(first - (end - count), count) + np.arange(count.sum())


class Lines:
    """Every offering's line and who of it holds an offer.

    An application's *place* is where its offering's line begins plus its rank: ranks are whole and
    strict, so that this numbers the applications offering by offering, best first, without a sort.
    Where ranks have gaps (applications left out of a whole ranking) some places stay empty.
    """

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        length = np.zeros(len(problem.offers), dtype=np.int64)
        np.maximum.at(length, problem.offering, problem.rank)
        self._before = np.cumsum(length) - length - 1
        self._cutoff = np.where(problem.offers > 0, length, 0)
        self._holders = np.zeros_like(length)
        self._bytes = bytearray(int(length.sum()))
        self._taken = np.frombuffer(self._bytes, dtype=np.bool_)
        self._who = np.empty(len(self._bytes), dtype=np.min_scalar_type(problem.persons))

    def holders(self) -> Numbers:
        """The persons who hold an offer."""
        return self._who[np.flatnonzero(self._taken)].astype(np.int64)

    def turned_away(self, person: Numbers, application: Numbers) -> Numbers:
        """Whom the offerings turn away when each ``person`` asks by its ``application``.

        1. Whoever stands behind the cutoff is turned away at once. 2. The others take their places.
        3. Each offering with more holders than offers looks at some places in front of its cutoff,
        sends away the last holders there, and moves the cutoff up. 4. Those that still have too
        many look at twice as many places, until none has.

        Step 3 costs as many looks as holders are sent away and places passed for good (times a
        constant), so that all calls together look at O(m) places.
        """
        offering, rank = self._problem.offering[application], self._problem.rank[application]
        behind = rank > self._cutoff[offering]
        gone = [person[behind]]
        person, offering, rank = person[~behind], offering[~behind], rank[~behind]
        place = self._before[offering] + rank
        self._taken[place] = True
        self._who[place] = person
        np.add.at(self._holders, offering, 1)
        over = np.unique(offering[self._excess(offering) > 0])
        looks = 4 * self._excess(over) + 16
        while len(over):
            gone.append(self._send_away(over, looks))
            still = self._excess(over) > 0
            over, looks = over[still], 2 * looks[still]
        return np.concatenate(gone)

    def _excess(self, offering: Numbers) -> Numbers:
        return self._holders[offering] - self._problem.offers[offering]

    def _send_away(self, over: Numbers, looks: Numbers) -> Numbers:
        """The last holders, up to the excess, within ``looks`` places in front of each cutoff.

        The cutoff moves up to the next holder, or past all places looked at: an offering with too
        many holders never gets fewer than its offers.
        """
        excess, cutoff = self._excess(over), self._cutoff[over]
        looks = np.minimum(looks, cutoff)
        place = ranges(self._before[over] + cutoff - looks + 1, looks)
        found = np.flatnonzero(self._taken[place])
        at, place = np.repeat(np.arange(len(over)), looks)[found], place[found]
        count = np.bincount(at, minlength=len(over))
        from_last = np.cumsum(count)[at] - np.arange(len(at)) - 1
        gone = place[from_last < excess[at]]
        self._taken[gone] = False
        self._holders[over] -= np.minimum(count, excess)
        next_ = np.flatnonzero(from_last == excess[at])
        cutoff -= looks
        cutoff[at[next_]] = place[next_] - self._before[over[at[next_]]]
        self._cutoff[over] = cutoff
        return self._who[gone].astype(np.int64)

    def settle(self, free: Numbers, asking: Numbers, end: Numbers) -> Numbers:
        """Those of ``free`` and of whom they displace that end with nothing left to ask for.

        The same steps for one person at a time, who goes on asking until seated; whoever has to
        leave for them goes on next. ``asking`` (persons,), the application each person is at, is
        moved on; ``end``, the one past the last.
        """
        problem, taken = self._problem, self._bytes
        offering_of, rank_of = problem.offering.data, problem.rank.data
        offers, holders = problem.offers.data, self._holders.data
        before, cutoff, who = self._before.data, self._cutoff.data, self._who.data
        at_of, end_of = asking.data, end.data
        done: list[int] = []
        waiting: list[int] = free.tolist()
        while waiting:
            person = waiting.pop()
            at = at_of[person]
            while at < end_of[person]:
                offering, rank = offering_of[at], rank_of[at]
                if rank > cutoff[offering]:
                    at += 1
                    continue
                at_of[person] = at
                start = before[offering]
                taken[start + rank], who[start + rank] = True, person
                if holders[offering] < offers[offering]:
                    holders[offering] += 1
                    break
                last = taken.rfind(True, start + 1, start + cutoff[offering] + 1)
                taken[last], cutoff[offering] = False, last - start - 1
                person = who[last]
                at = at_of[person] + 1
            else:
                at_of[person] = at
                done.append(person)
        return np.array(done, dtype=np.int64)
