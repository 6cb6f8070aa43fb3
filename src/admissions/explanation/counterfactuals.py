"""What would have changed a decision: one fact of the person, as little as possible (design §6)."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from admissions.allocation.run import Run
from admissions.explanation.alterations import (
    as_number,
    changeable_facts,
    numbers_around,
    other_values,
    present_value,
)
from admissions.explanation.build import offering_name
from admissions.explanation.reasons import FactChange, FactValue
from admissions.explanation.reruns import Reruns
from admissions.model.fact import Range
from admissions.model.facts import Flags, Numbers
from admissions.model.facts_described import FACTS

_NOT_QUALIFIED = np.iinfo(np.int64).max


def what_would_have_changed(run: Run, application_row: int) -> tuple[FactChange, ...]:
    """Single facts that, changed by the smallest step, give this offering or one wanted more.

    For an application that is waiting or not qualified; in the order in which the rules of this
    offering read the facts, then those of the person's others (a better wish may be met, and limits
    tie offerings together). All else and the seed are fixed. Empty: not by this alone (or there is
    nothing to wish for, the person holding this offering or a better one). Each change returned has
    been confirmed by a rerun of the ranking and the allocation, and no value nearer to the present
    one does it.
    """
    reruns = Reruns(run, application_row)
    if reruns.held(run.problem, run.plan) is not None:
        return ()
    service = run.round.applicants["service_id"].iat[reruns.person]
    applied = dict.fromkeys([reruns.offering, *(offering for offering, _ in reruns.own)])
    versions = [run.rankings[offering].version for offering in applied]
    facts = changeable_facts(versions, has_service=bool(service))
    search = _Search(reruns)
    return tuple(change for fact in facts if (change := search.change(fact)) is not None)


class _Search:
    """For the nearest value of a fact that gives the person what they want."""

    def __init__(self, reruns: Reruns) -> None:
        self._reruns = reruns
        self._run = reruns.run
        self._own = reruns.own_rows(reruns.run)
        self._moves_nobody_else = reruns.moves_nobody_else()

    def change(self, fact: str) -> FactChange | None:
        """The nearest value of ``fact`` that does it, confirmed by a rerun."""
        present = present_value(self._run.round, self._reruns.row, fact)
        after: FactValue
        if isinstance(FACTS[fact].changes, Range):
            after = self._nearest_number(fact, present)
        else:
            values = other_values(fact, present, self._run.scenario.year)
            after = next((value for value in values if self._does(fact, value)), None)
        got = None if after is None else self._reruns.got(fact, after)
        if got is None:
            return None
        return FactChange(fact, present, after, offering_name(self._run, got))

    def _does(self, fact: str, value: FactValue) -> bool:
        return self._reruns.got(fact, value) is not None

    def _nearest_number(self, fact: str, present: FactValue) -> int | None:
        """The number nearest to ``present`` that does it; the smallest where none is documented.

        Upwards, then downwards: 1. Of values outwards that give the same cells only the nearest is
        kept. 2. Of those with the same standing at all the person's offerings, which have the same
        outcome, likewise. 3. Of these, the first that does it.
        """
        values = numbers_around(fact, present)
        number = as_number(present)
        start = Decimal(-1) if number is None else number
        above = values > int(start)
        found = []
        for outward in (values[above], values[~above][::-1]):
            if not len(outward):
                continue
            cells = [own.cells(fact, own.clones(fact, outward)) for own in self._own]
            steps = outward[_first_of_each(np.column_stack(cells))]
            value = self._first_that_does(fact, steps)
            if value is not None:
                found.append(value)
        return min(found, key=lambda value: (abs(value - start), value), default=None)

    def _first_that_does(self, fact: str, values: Numbers) -> int | None:
        """The first of ``values`` (outwards) that does it.

        Where the person's move leaves the others' order as it is, the places alone are tried, and
        what is found is confirmed by a rerun. There, in a coordinated admission, a person who
        moves up never gets less (Balinski & Sönmez 1999; with reserved seats Kominers & Sönmez
        2016): where all places only rise outwards, bisect; where they only fall, the nearest
        decides.
        """
        tried = _Standing(self._reruns, fact, values, places_alone=self._moves_nobody_else)
        if not self._moves_nobody_else:
            return next((v for v in tried.values.tolist() if self._does(fact, v)), None)
        steps = range(len(tried.values))
        if self._run.scenario.scenario.mechanism == "coordinated":
            move = np.diff(tried.place, axis=0)
            if (move >= 0).all():
                steps = range(1)
            elif (move <= 0).all():
                steps = range(_bisected(tried), len(tried.values))
        found = next((int(tried.values[n]) for n in steps if tried.does(n)), None)
        if found is not None and not self._does(fact, found):
            raise AssertionError(f"{fact} = {found}: the places and the rerun disagree")
        return found


def _bisected(tried: _Standing) -> int:
    """The first step that does it, given that all after one that does do so too."""
    low, high = 0, len(tried.values) - 1
    while low < high:
        middle = (low + high) // 2
        if tried.does(middle):
            high = middle
        else:
            low = middle + 1
    return low


class _Standing:
    """Values of a fact with different standing, in the order given, and where they stand.

    ``place``, shape (values, own offerings): how many are ahead, ``_NOT_QUALIFIED`` where the
    person is not qualified. Others' cells can depend on who is qualified, so for each set of
    offerings where the person is, they are read from a rerun. With ``places_alone`` that is all
    that is told apart.
    """

    def __init__(self, reruns: Reruns, fact: str, values: Numbers, *, places_alone: bool) -> None:
        self._reruns = reruns
        self._places_alone = places_alone
        own = reruns.own_rows(reruns.run)
        qualified = np.column_stack([o.qualified(o.clones(fact, values)) for o in own])
        present = np.array([o.table.qualified[o.row] for o in own])
        patterns, at = np.unique(qualified, axis=0, return_inverse=True)
        at = at.reshape(-1)
        self.place = np.full(qualified.shape, _NOT_QUALIFIED)
        self._runs = []
        same = np.zeros(len(values), dtype=np.int64)
        for number, where in enumerate(patterns):
            members = np.flatnonzero(at == number)
            as_now = np.array_equal(where, present)
            run = reruns.run if as_now else reruns.rerun(fact, int(values[members[0]]))
            self._runs.append(run)
            same[members] = self._ranked(run, fact, values[members], members, where)
        first = _first_of_each(np.column_stack([at, same]))
        self.values, self.place, self._pattern = values[first], self.place[first], at[first]

    def _ranked(
        self, run: Run, fact: str, values: Numbers, members: Numbers, where: Flags
    ) -> Numbers:
        """A number for each run of ``values`` with equal standing in ``run``'s tables."""
        parts = [np.zeros((len(values), 1), dtype=np.int64)]
        own, scenario = self._reruns.own_rows(run), run.scenario.scenario
        for number in np.flatnonzero(where):
            clones = own[number].clones(fact, values)
            self.place[members, number] = own[number].place(fact, clones, scenario)
            parts.append(self.place[members, number][:, None])
            if not self._places_alone:
                parts.append(own[number].standing(fact, clones, scenario))
        runs = np.zeros(len(values), dtype=np.int64)
        runs[_first_of_each(np.column_stack(parts))] = 1
        return np.cumsum(runs)

    def does(self, step: int) -> bool:
        """Whether the value at ``step`` does it, told from the places alone."""
        ahead = {
            row: int(before)
            for (_, row), before in zip(self._reruns.own, self.place[step], strict=True)
            if before != _NOT_QUALIFIED
        }
        return self._reruns.placed(self._runs[self._pattern[step]], ahead)


def _first_of_each(rows: Numbers) -> NDArray[np.intp]:
    """Where a new run of equal ``rows`` begins."""
    return np.flatnonzero(np.append(True, (rows[1:] != rows[:-1]).any(axis=1)))
