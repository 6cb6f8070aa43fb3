"""Which applications a stable plan can have at all, proven by deferred acceptance from both sides.

Offerings choose *substitutably* (whom they turn away they would turn away from more applicants too)
and *consistently* (leaving out those not chosen changes nothing). Let C be an offering's choice.

**Nothing better.** Deferred acceptance with people asking gives everyone the best they have in any
stable plan (Roth & Sotomayor 1990, theorem 6.8), so what somebody wants more than what they hold
there, and everything of those who hold nothing there, is in no stable plan.

**Nothing worse.** Let the offerings ask: each chooses from those that have not turned it down, and
everyone turns down what they want less than the best they are asked by. By induction everyone has,
in every stable plan M, at least the best they were asked by so far. Say o asks p now, and p had
something worse in M. Whoever holds o in M has not turned it down, having nothing better; so M's
holders there and p are among those from whom o chose p, and by substitutability o would choose p
from M's holders and p: the pair would block M. (Gale & Shapley 1962 with the sides exchanged; the
lists that are left are those of Gusfield & Irving 1989, section 1.2.)

**Nothing lost.** A plan of what is left, stable among it, in which everyone holds something whom an
offering asked, is stable among all. What is worse than what they hold does not block. Let p want o
more than the best possible, let B be the holders of o in the plan that people like best, and H
those in this one. There o turned p down for B, so p is not in C(B + p), nor, by substitutability,
in C(H + B + p). Nobody of B outside H is in C(H + B), or they would block, since each wants o at
least as much as all else possible. So C(H + B + p) = H, and by consistency C(H + p) = H.
"""

from __future__ import annotations

import numpy as np

from admissions.allocation import deferred_acceptance
from admissions.allocation.choice import Choice
from admissions.allocation.problem import Problem, Reduction
from admissions.model.messages import Message
from admissions.model.wishes import BEHIND_ALL


def why_not_reduced(problem: Problem) -> Message | str | None:
    """Why stable plans are not known to lie between two, or None where they are."""
    reason = deferred_acceptance.why_not_exact(problem)
    if reason is not None:
        return reason
    if problem.limits.class_minimum.any():
        return "offerings with a minimum class size may close"
    if problem.away:
        return "a service sends its people in an order of its own"
    if problem.ties != "lottery":
        return "equals are treated together"
    return None


def reduced(problem: Problem) -> Reduction:
    """What of ``problem`` a stable plan can have, where ``why_not_reduced`` is None.

    1. Each person keeps what is wanted no more than what deferred acceptance gives them. 2. Each
    offering chooses among what is left; everyone drops what they want less than the best that
    chose them. 3. Again from 2, until nothing is dropped.
    """
    best = problem.best_wish(deferred_acceptance.solve(problem).held)
    left = problem.preference >= best[problem.person]
    left &= best[problem.person] < BEHIND_ALL
    choice = Choice(problem)
    while True:
        asking = np.zeros(len(left), dtype=np.bool_)
        asking[choice.best(np.flatnonzero(left))] = True
        worst = problem.best_wish(asking)
        kept = left & (problem.preference <= worst[problem.person])
        if (kept == left).all():
            return Reduction(possible=left, placed=worst < BEHIND_ALL)
        left = kept
