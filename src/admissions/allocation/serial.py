"""Serial by site: one site after the other fills its seats with those who have none yet.

The baseline of what rounds without a common date come to. The order of the sites is the scenario's
to state: no source gives one. That everyone takes the first seat offered is an assumption too.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from admissions.allocation.choice import Choice
from admissions.allocation.problem import Plan, Problem, not_kept_down_a_list
from admissions.model.errors import UsageError
from admissions.model.messages import message


def fill(problem: Problem, declines: NDArray[np.bool_] | None = None) -> Plan:
    """Who holds an offer when each offering has had its turn, in the order of ``problem.turns``.

    In its turn an offering 1. offers its seats by its own rules to the qualified who hold no seat
    yet, whatever else they want; 2. everyone takes the seat, but for what ``declines``, bool (m,),
    marks (None: nothing); 3. so again from 1, until no offer is left or nobody to make one to.
    Who has taken a seat is passed over from then on; who declined waits for the sites still to
    come.

    Raises UsageError where an offering bounds services, municipalities or regions that overlap.
    """
    offering = not_kept_down_a_list(problem)
    if offering is not None:
        raise UsageError(message("solving.overlapping-in-a-list", offering=offering))
    choice = Choice(problem)
    held, called = (np.zeros(len(problem.person), dtype=np.bool_) for _ in range(2))
    seated = np.zeros(problem.persons, dtype=np.bool_)
    site = problem.offering % (len(problem.offerings) // problem.rounds)
    for turn in problem.turns:
        while True:
            asked = (site == turn) & ~called & ~seated[problem.person]
            new = choice.next_called(np.flatnonzero(held), np.flatnonzero(asked))
            if not len(new):
                break
            called[new] = True
            taken = new if declines is None else new[~declines[new]]
            held[taken] = True
            seated[problem.person[taken]] = True
    return Plan(held=held, released=called & ~held)
