"""The coordinated mechanism with answers: offers, answers, and the next offers (facts §8)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from admissions.allocation import deferred_acceptance
from admissions.allocation.problem import Plan, Problem
from admissions.model.errors import UsageError
from admissions.model.messages import message


def offer(problem: Problem, offer_rounds: int, declines: NDArray[np.bool_]) -> Plan:
    """Who holds and who gave up an offer after ``offer_rounds`` rounds of coordinated offers.

    In each round: 1. Everyone is offered the best they can have in a stable plan of the
    applications left. 2. Who is offered what ``declines``, bool (m,), marks gives it up, and what
    they want less has lapsed; they wait for what they want more (facts §8: one answer has one best
    offer, lower priorities lapse). What is empty after the last round, or after one in which
    nobody declines, stays empty.

    Nobody loses an offer that they took, but for one they want more: fewer ask and nobody asks for
    more, so deferred acceptance with substitutable choice gives all others the same or something
    better (Kelso & Crawford 1982; Gale & Sotomayor 1985).

    Raises UsageError where deferred acceptance is not exact, and beside a minimum class size, which
    could close an offering that people have accepted, or ``max_students``, which would let
    colleagues of somebody who declines ask for what others have accepted.
    """
    taking_back = {
        "solving.taking-back.class-minimum": problem.limits.class_minimum.any(),
        "solving.taking-back.max-students": problem.away,
    }
    for limit, stated in taking_back.items():
        if stated:
            raise UsageError(message("solving.taking-back", limit=message(limit)))
    held, offered, gone = (np.zeros(len(problem.person), dtype=np.bool_) for _ in range(3))
    for _ in range(offer_rounds):
        left = ~gone
        held[:] = False
        held[left] = deferred_acceptance.solve(problem.among(left)).held
        offered |= held
        refused = held & declines
        gone |= refused | _wanted_less(problem, refused)
        held &= ~declines
        if not refused.any():
            break
    return Plan(held=held, released=offered & ~held)


def _wanted_less(problem: Problem, refused: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The applications that their persons want less than the one ``refused``, bool (m,)."""
    less: NDArray[np.bool_] = problem.preference > problem.best_wish(refused)[problem.person]
    return less
