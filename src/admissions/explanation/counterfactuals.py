"""What would have changed a decision: one fact of the person, as little as possible."""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from admissions.allocation.run import Run
from admissions.explanation.alterations import (
    as_number,
    changeable_facts,
    numbers_of,
    other_values,
)
from admissions.explanation.build import OfferingNames
from admissions.explanation.orders import first_of_each
from admissions.explanation.reasons import FactChange, FactValue
from admissions.explanation.reruns import PersonReruns, RankedOtherwise, Reruns
from admissions.model.fact import Range
from admissions.model.facts import Flags, Numbers
from admissions.model.facts_described import FACTS
from admissions.model.wishes import BEHIND_ALL


def what_would_have_changed(run: Run, application_row: int) -> tuple[FactChange, ...]:
    """What ``Counterfactuals`` finds for one application."""
    return Counterfactuals(run).changes(application_row)


class Counterfactuals:
    """What would have changed the decisions of one run; what they share is worked out once."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._shared = Reruns(run)
        self._held = run.problem.application[run.plan.held]
        self._person = run.round.applications["person"].to_numpy()
        self._reruns: PersonReruns | None = None
        self._of = -1

    def changes(self, application_row: int) -> tuple[FactChange, ...]:
        """Single facts that, changed by the smallest step, give this offering or one wanted more.

        For an application that is waiting or not qualified; in the order in which the rules of this
        offering read the facts, then those of the person's others (a better wish may be met, and
        limits tie offerings together). All else and the seed are fixed. Empty: not by this alone
        (or there is nothing to wish for, the person holding this offering or a better one). Each
        change returned has been confirmed by a rerun of the ranking and the allocation, and no
        value nearer to the present one does it.
        """
        reruns = self._reruns_of(int(self._person[application_row]))
        if np.isin(self._held, reruns.wanted(application_row)).any():
            return ()
        own = reruns.own[application_row]
        tables = (own.table, *(other.table for other in reruns.own.values()))
        facts = changeable_facts([table.version for table in tables])
        search = _Search(reruns, application_row)
        return tuple(change for fact in facts if (change := search.change(fact)) is not None)

    def _reruns_of(self, person: int) -> PersonReruns:
        """Those of ``person``, kept for the person's next application."""
        if self._reruns is None or self._of != person:
            self._reruns, self._of = self._shared.of(person), person
        return self._reruns


class _Search:
    """For the nearest value of a fact that gives the person what they want."""

    def __init__(self, reruns: PersonReruns, application_row: int) -> None:
        self._reruns = reruns
        self._row = application_row
        self._run = reruns.run

    def change(self, fact: str) -> FactChange | None:
        """The nearest value of ``fact`` that does it, confirmed by a rerun."""
        own = self._reruns.own[self._row]
        present = own.table.facts.value(fact, own.row)
        after: FactValue
        if isinstance(FACTS[fact].changes, Range):
            after = self._nearest_number(fact, present)
        else:
            year = self._run.round.settings.year or self._run.scenario.year
            values = other_values(fact, present, year)
            after = next((value for value in values if self._does(fact, value)), None)
        got = None if after is None else self._reruns.got(self._row, fact, after)
        if got is None:
            return None
        return FactChange(fact, present, after, OfferingNames(self._run).of(got))

    def _does(self, fact: str, value: FactValue) -> bool:
        return self._reruns.got(self._row, fact, value) is not None

    def _nearest_number(self, fact: str, present: FactValue) -> int | None:
        """The number nearest to ``present`` that does it; the smallest where none is documented.

        Upwards, then downwards: 1. Of values outwards that give the same cells only the nearest is
        kept. 2. Of those with the same standing at all the person's offerings, which have the same
        outcome, likewise. 3. Of these, the first that does it.
        """
        number = as_number(present)
        start = Decimal(-1) if number is None else number
        found = []
        for steps in self._outward(fact, present, int(start)):
            value = self._first_that_does(fact, steps) if len(steps) else None
            if value is not None:
                found.append(value)
        return min(found, key=lambda value: (abs(value - start), value), default=None)

    def _outward(self, fact: str, present: FactValue, start: int) -> tuple[Numbers, Numbers]:
        """The nearest of each run of values with the same cells, above ``start`` and not above."""
        every = numbers_of(fact)
        breaks = self._reruns.breaks(self._row, fact)
        above = np.append(start + 1, breaks[breaks > start + 1])
        # Downwards a run is met at its upper end, one below where the next begins.
        top = min(start - 1 if isinstance(present, int) else start, int(every[-1]))
        below = np.append(top, breaks[breaks <= top][::-1] - 1)
        kept = [each[(each >= every[0]) & (each <= every[-1])] for each in (above, below)]
        return kept[0], kept[1]

    def _first_that_does(self, fact: str, values: Numbers) -> int | None:
        """The first of ``values`` (outwards) that does it.

        Where the person's move leaves the others' order as it is, the places alone are tried, and
        what is found is confirmed by a rerun. There, in a coordinated admission, a person who
        moves up never gets less (Balinski & Sönmez 1999; with reserved seats Kominers & Sönmez
        2016): where all places only rise outwards, bisect; where they only fall, the nearest
        decides.
        """
        alone = self._reruns.moves_nobody_else
        tried = _Standing(self._reruns, self._row, fact, values, places_alone=alone)
        if not alone:
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
    """The first step that does it, given that all after one that does do so too.

    Begins at the first that may do it at all, which most often does.
    """
    low, high = 0, len(tried.values) - 1
    while low < high and not tried.may(low):
        low += 1
    middle = low
    while low < high:
        if tried.does(middle):
            high = middle
        else:
            low = middle + 1
        middle = (low + high) // 2
    return low


class _Standing:
    """Values of a fact with different standing, in the order given, and where they stand.

    ``place``, shape (values, own offerings): how many are ahead, ``BEHIND_ALL`` where the
    person is not qualified. Others' cells can depend on who is qualified, so for each set of
    offerings where the person is, they are read from a rerun. With ``places_alone`` that is all
    that is told apart.
    """

    def __init__(
        self,
        reruns: PersonReruns,
        application_row: int,
        fact: str,
        values: Numbers,
        *,
        places_alone: bool,
    ) -> None:
        self._reruns, self._row = reruns, application_row
        self._wanted = reruns.wanted(application_row)
        self._places_alone = places_alone
        own = reruns.own_rows(reruns.now, application_row, fact)
        qualified = np.column_stack([o.qualified(o.clones(fact, values)) for o in own])
        present = np.array([o.table.qualified[o.row] for o in own])
        patterns, at = _patterns(qualified)
        self.place = np.full(qualified.shape, BEHIND_ALL)
        self._ranked: list[RankedOtherwise | None] = []
        self._done: dict[int, bool] = {}
        same = np.zeros(len(values), dtype=np.int64)
        wanted = np.isin(list(reruns.own), self._wanted)
        for number, where in enumerate(patterns):
            members = np.flatnonzero(at == number)
            ranked: RankedOtherwise | None = None
            if (where & wanted).any():
                as_now = np.array_equal(where, present)
                first = int(values[members[0]])
                ranked = reruns.now if as_now else reruns.ranked(application_row, fact, first)
                same[members] = self._apart(ranked, fact, values[members], members, where)
            self._ranked.append(ranked)
        kept = first_of_each(np.column_stack([at, same]))
        self.values, self.place, self._pattern = values[kept], self.place[kept], at[kept]

    def _apart(
        self, ranked: RankedOtherwise, fact: str, values: Numbers, members: Numbers, where: Flags
    ) -> Numbers:
        """A number for each run of ``values`` with equal standing, as ``ranked``."""
        parts = [np.zeros((len(values), 1), dtype=np.int64)]
        own = self._reruns.own_rows(ranked, self._row, fact)
        scenario = self._reruns.run.scenario.scenario
        for number in np.flatnonzero(where):
            clones = own[number].clones(fact, values)
            self.place[members, number] = own[number].place(fact, clones, scenario)
            parts.append(self.place[members, number][:, None])
            if not self._places_alone:
                parts.append(own[number].standing(fact, clones, scenario))
        runs = np.zeros(len(values), dtype=np.int64)
        runs[first_of_each(np.column_stack(parts))] = 1
        return np.cumsum(runs)

    def may(self, step: int) -> bool:
        """Whether the value at ``step`` has a chance to do it."""
        return self._reruns.hopeful(self._ahead(step), self._wanted)

    def does(self, step: int) -> bool:
        """Whether the value at ``step`` does it, told from the places alone."""
        if step not in self._done:
            ranked, ahead = self._ranked[self._pattern[step]], self._ahead(step)
            self._done[step] = ranked is not None and self._reruns.placed(
                ranked, ahead, self._wanted
            )
        return self._done[step]

    def _ahead(self, step: int) -> dict[int, int]:
        """How many are ahead of each of the person's applications that are qualified."""
        places = zip(self._reruns.own, self.place[step].tolist(), strict=True)
        return {row: before for row, before in places if before != BEHIND_ALL}


def _patterns(flags: Flags) -> tuple[list[Flags], Numbers]:
    """The different rows of ``flags``, and which of them each row is."""
    starts = first_of_each(flags)
    found: dict[bytes, int] = {}
    runs = [found.setdefault(flags[start].tobytes(), len(found)) for start in starts]
    at = np.repeat(np.array(runs, dtype=np.int64), np.diff(np.append(starts, len(flags))))
    return [flags[int(np.argmax(at == number))] for number in range(len(found))], at
