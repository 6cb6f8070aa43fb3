"""A year on arrays: the same states, policy and calls as in a season folder, for drawn answers.

What a season does with one application after the other by its events (``standing``), this does
with all that the same happens to at once. Nothing is corrected and nobody comes late.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from admissions.allocation.problem import Problem
from admissions.allocation.run import SolverOptions, plan_by
from admissions.model.policy import Policy
from admissions.model.sorting import in_order
from admissions.rulebooks.scenario import ResolvedScenario
from admissions.season import lists as arrays
from admissions.season.states import HOLDING, NEXT, State, of_others

Flags = NDArray[np.bool_]
Numbers = NDArray[np.int64]
STATES = tuple(State)
CODE: Mapping[State, int] = {state: code for code, state in enumerate(STATES)}
_IMPOSSIBLE = -1


class DrawnYear:
    """A season of one problem's m applications.

    ``state``: int64 (m,), positions in ``STATES``; ``call``: the last one, 0 before the first;
    ``offered_in``: int64 (m,), in which call the offer was made, 0 where none was.
    """

    def __init__(self, problem: Problem, resolved: ResolvedScenario, policy: Policy) -> None:
        self.problem = problem
        self.policy = policy
        self.call = 0
        self.state = np.full(len(problem.person), CODE[State.WAITING], dtype=np.int64)
        self.offered_in = np.zeros(len(problem.person), dtype=np.int64)
        self._resolved = resolved
        self._known: dict[str, Numbers] = {}
        order = in_order(problem.rank, problem.person)
        self._place = np.empty_like(order)
        self._place[order] = np.arange(len(order))

    def in_state(self, *states: State) -> Flags:
        """Which applications are in one of ``states``, bool (m,)."""
        wanted = np.zeros(len(STATES), dtype=np.bool_)
        wanted[[CODE[state] for state in states]] = True
        found: Flags = wanted[self.state]
        return found

    @property
    def holds(self) -> Flags:
        """Which applications hold a seat, bool (m,)."""
        return self.in_state(*HOLDING)

    def begin(self, target: Numbers) -> None:
        """The first call: the plan that ``allocate`` makes, with ``target`` offers, (k,)."""
        offers = np.asarray(target, dtype=np.int64)
        posed = replace(self.problem, offers=offers)
        plan, _ = plan_by(posed, self._resolved, SolverOptions("fastest"))
        self.call = 1
        self._offer(plan.held)

    def next_call(self, target: Numbers, where: Flags | None = None) -> None:
        """One more call, that aims at ``target`` offers, int64 (k,).

        ``where``: bool (rounds,), in which of several rounds there is one; None: in all.
        """
        lists = self._lists()
        if where is not None:
            per_round = len(self.problem.offerings) // self.problem.rounds
            lists = replace(lists, waits=lists.waits & where[self.problem.offering // per_round])
        called = arrays.call(lists, target, self._resolved, SolverOptions("fastest"))
        if len(called.worse):
            raise AssertionError("a call takes a seat from nobody")
        self.call += 1
        self._offer(called.held & ~lists.holds)

    def happen(self, event: str, rows: Flags) -> None:
        """``event`` happens to each application of ``rows``, bool (m,); one of a person at most."""
        after = _after(event)[self.state[rows]]
        if (after == _IMPOSSIBLE).any():
            raise AssertionError(f"{event} is not possible for all of them")
        self._others(event, rows, np.zeros(self.problem.persons, dtype=np.int64))
        self.state[rows] = after

    def _offer(self, rows: Flags) -> None:
        wish = self.problem.best_wish(rows)
        self._others("offered", rows, wish)
        self.state[rows] = CODE[State.OFFERED]
        self.offered_in[rows] = self.call

    def _others(self, event: str, rows: Flags, beyond: Numbers) -> None:
        """What ``event`` does to the others of the same persons.

        Of those who wait, to those wanted less than the wish ``beyond`` of the person, int64 (n,).
        """
        to = self._effects(event)
        concerned = np.zeros(self.problem.persons, dtype=np.bool_)
        concerned[self.problem.person[rows]] = True
        others = concerned[self.problem.person] & ~rows
        waiting = self.state == CODE[State.WAITING]
        others &= ~waiting | (self.problem.preference > beyond[self.problem.person])
        new = to[self.state]
        others &= new != _IMPOSSIBLE
        self.state[others] = new[others]

    def _effects(self, event: str) -> Numbers:
        """To which state ``event`` leads the person's others, from each of ``STATES``."""
        if event not in self._known:
            self._known[event] = _codes(of_others(event, self.policy))
        return self._known[event]

    def _lists(self) -> arrays.Lists:
        """The lists that the next call begins with.

        Where a better offer replaces the held one, whoever holds takes part with it; where people
        choose, what they hold stays beside the call.
        """
        problem, held = self.problem, self.holds
        nobody = np.zeros_like(held)
        moves = self.policy.better_offer == "replace"
        best = held & (problem.preference == problem.best_wish(held)[problem.person])
        fixed = held & ~best if moves else held
        k = len(problem.offerings)
        beside = np.bincount(problem.offering[fixed], minlength=k)
        services = np.unique(problem.service[fixed], return_counts=True)
        return arrays.Lists(
            problem=problem,
            holds=best if moves else nobody,
            waits=self.in_state(State.WAITING),
            place=self._place,
            first=nobody,
            beside=beside,
            beside_target=beside,
            beside_service=dict(zip(*(found.tolist() for found in services), strict=True)),
            counted=fixed,
            away=np.isin(problem.person, problem.person[fixed]),
        )


@cache
def _after(event: str) -> Numbers:
    """To which state ``event`` leads from each of ``STATES``; ``_IMPOSSIBLE`` where to none."""
    return _codes(NEXT[event])


def _codes(ways: Mapping[State, State]) -> Numbers:
    return np.array([CODE[ways[s]] if s in ways else _IMPOSSIBLE for s in STATES], dtype=np.int64)
