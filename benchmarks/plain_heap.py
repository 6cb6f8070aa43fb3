"""Deferred acceptance as a textbook has it: one person at a time, a heap for each offering.

A yardstick for the program's own, and an oracle that shares nothing with it but the problem. Only
for offerings that choose by rank alone. Source: Gale & Shapley 1962; McVitie & Wilson 1971.
"""

from __future__ import annotations

import heapq

from admissions.allocation.problem import Problem


def solve(problem: Problem) -> set[int]:
    """The applications (positions) that hold an offer in the plan that people like best."""
    offering, rank, offers = (
        column.tolist() for column in (problem.offering, problem.rank, problem.offers)
    )
    wishes: list[list[int]] = [[] for _ in range(problem.persons)]
    for application, person in enumerate(problem.person.tolist()):
        wishes[person].append(application)
    for own in wishes:
        own.reverse()
    holders: list[list[tuple[int, int, int]]] = [[] for _ in offers]
    free = list(range(problem.persons))
    while free:
        person = free.pop()
        if not wishes[person]:
            continue
        application = wishes[person].pop()
        held = holders[offering[application]]
        heapq.heappush(held, (-rank[application], person, application))
        if len(held) > offers[offering[application]]:
            free.append(heapq.heappop(held)[1])
    return {application for held in holders for _, _, application in held}
