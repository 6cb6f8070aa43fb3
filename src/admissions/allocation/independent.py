"""The independent mechanism: each site calls down its own list, as in 2019."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from admissions.allocation.choice import Choice
from admissions.allocation.problem import Plan, Problem, not_kept_down_a_list
from admissions.model.errors import UsageError
from admissions.model.messages import message


def call(problem: Problem, call_rounds: int, declines: NDArray[np.bool_] | None = None) -> Plan:
    """Who holds and who released an offer after ``call_rounds`` rounds of calls.

    In each round: 1. All offerings at once call down their lists to the offers to make, not
    knowing what else those called hold. 2. Everyone keeps the best offer held and releases the
    rest. 3. Who keeps an offer that ``declines``, bool (m,), marks gives it up; None: nobody does.
    What is empty after the last round, or after one in which nobody is called, stays empty.

    Nobody is called twice for one application, so a declined offer goes to others in the next
    round; who declined it waits where they were not called yet.

    Raises UsageError where an offering bounds services, municipalities or regions that overlap.
    """
    offering = not_kept_down_a_list(problem)
    if offering is not None:
        raise UsageError(message("solving.overlapping-in-a-list", offering=offering))
    choice = Choice(problem)
    held = np.zeros(len(problem.person), dtype=np.bool_)
    called = held.copy()
    for _ in range(call_rounds):
        new = choice.next_called(np.flatnonzero(held), np.flatnonzero(~called))
        if not len(new):
            break
        called[new] = held[new] = True
        holding = np.flatnonzero(held)
        best = problem.best_wish(holding)
        held[holding] = problem.preference[holding] == best[problem.person[holding]]
        if declines is not None:
            held &= ~declines
    return Plan(held=held, released=called & ~held)
