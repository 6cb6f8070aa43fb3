"""P15: no plan is better that differs in one closed class, or one group left out, or in neither.

Each is made here person by person, with nothing but the offerings' own choices: a check that a
better plan must fail, not a search for the best one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from admissions.model.facts import Flags
from admissions.verification.bounds import chosen
from admissions.verification.case import Case
from admissions.verification.grouping import count_in, together
from admissions.verification.limits import LAST, LeaderGroup
from admissions.verification.property import Noted, Property, judged


@dataclass(frozen=True, eq=False)
class _Alternative:
    """What is changed, in words, and which applications are then turned away, bool (m,)."""

    says: str
    barred: Flags


def nothing_left_out(case: Case, *, promised: bool, shown: bool) -> Property:
    """P15: no closed class could be run, no group that was left out could be together.

    And with the same classes and groups, the plan is the best for everybody.

    1. Closed offerings turn everybody away, groups left out and colleagues behind those whom a
    service can spare are turned away too. 2. The others ask in the order of their wishes; each
    offering chooses from all who have asked (deferred acceptance, one person at a time). 3. Once
    more for each closed class, with it open, and for each group left out, with it asking. 4. Such a
    plan counts where it keeps every limit and still turns away none but those whom a limit excuses;
    it is better with fewer set aside, then more offers used, then better wishes.

    Where each offering's choice is substitutable (``promises.can_try_alternatives``) such a plan
    has no blocking pair (Roth 1984), so it is one that could have been published. Several at once
    are not tried, and nothing where P11 has ``shown`` the plan to be the best. Cost: as many times
    as there are closed classes and groups left out, a sort of each offering's applicants for every
    round of refusals.
    """
    statement = (
        "No closed class could be run, no group left out could be together, and with the same "
        "classes and groups nobody could do better."
    )
    if not promised:
        return judged("P15", statement, promised=False, broken=0)
    tried = [] if shown else list(_alternatives(case))
    stated = _merit(case)
    better = [one.says for one in tried if _is_better(case, one, stated)]
    return judged(
        "P15", statement, promised=True, broken=len(better), lines=better, tried=len(tried)
    )


def _alternatives(case: Case) -> Iterator[_Alternative]:
    closed = (case.limits.class_minimum > 0) & (case.used == 0)
    spared, there = _colleagues_behind(case), closed[case.offering]
    aside = {group: _members(case, group) for group in _left_out(case)}
    none = np.zeros(len(case.person), dtype=np.bool_)
    everyone = sum(aside.values(), none) > 0
    yield _Alternative(Noted("could-do-better"), spared | there | everyone)
    for number in np.flatnonzero(closed).tolist():
        others = there & (case.offering != number)
        yield _Alternative(
            Noted("class-could-run", offering=case.offerings[number]),
            spared | others | everyone,
        )
    for group in aside:
        others = sum((own for one, own in aside.items() if one != group), none) > 0
        yield _Alternative(
            Noted(
                "group-could-be",
                service=case.limits.services[group.service],
                offering=case.offerings[group.offering],
            ),
            spared | there | others,
        )


def _left_out(case: Case) -> list[LeaderGroup]:
    """The groups of whom nobody holds an offer there, while somebody wants one."""
    wants = np.zeros(len(case.person), dtype=np.bool_)
    wants[case.wanted] = True
    return [
        group
        for group in case.limits.groups
        if (own := _members(case, group)).any() and not (own & case.held).any() and wants[own].any()
    ]


def _members(case: Case, group: LeaderGroup) -> Flags:
    members: Flags = (case.service == group.service) & (case.offering == group.offering)
    return members


def _colleagues_behind(case: Case) -> Flags:
    """Who has as many colleagues ahead, holding offers, as the service can spare; bool (m,)."""
    limits, persons = case.limits, len(case.persons)
    most = np.where(limits.ordered, limits.max_students, LAST)[case.service]
    line = case.service * persons + limits.standing[case.person]
    away = np.unique(line[case.holders])
    ahead = np.searchsorted(away, line) - np.searchsorted(away, case.service * persons)
    behind: Flags = ahead >= most
    return behind


def _is_better(case: Case, alternative: _Alternative, stated: tuple[int, int, int]) -> bool:
    """Whether the plan that it gives could have been published, and is better."""
    found = replace(case, held=_asked_in_order(case, alternative.barred))
    if not (_keeps_limits(found) and _excuses(found, alternative.barred)):
        return False
    merit = _merit(found)
    if _ordered(case) and not np.array_equal(_placed(found), _placed(case)):
        return merit[:2] < stated[:2]  # whose place in a service's order comes before wishes
    return merit < stated


def _ordered(case: Case) -> bool:
    """Whether a service's own order says who of it goes."""
    return bool(((case.limits.max_students < LAST) & case.limits.ordered).any())


def _placed(case: Case) -> Flags:
    """Who holds an offer, bool (n,)."""
    placed = np.zeros(len(case.persons), dtype=np.bool_)
    placed[case.person[case.holders]] = True
    return placed


def _asked_in_order(case: Case, barred: Flags) -> Flags:
    """Who holds an offer when everybody but the ``barred`` asks in the order of their wishes."""
    rows = np.flatnonzero(case.qualified & ~barred)
    rows = rows[np.lexsort((case.preference[rows], case.person[rows]))]
    wishes: dict[int, list[int]] = defaultdict(list)
    for row in rows[::-1].tolist():
        wishes[int(case.person[row])].append(row)
    holders: list[list[int]] = [[] for _ in case.offerings]
    asking = list(wishes)
    while asking:
        asked: dict[int, list[int]] = defaultdict(list)
        for person in asking:
            if wishes[person]:
                row = wishes[person].pop()
                asked[int(case.offering[row])].append(row)
        asking = []
        for number, new in asked.items():
            before = [*holders[number], *new]
            holders[number] = chosen(case, number, (), before)
            kept = set(holders[number])
            asking += [int(case.person[row]) for row in before if row not in kept]
    held = np.zeros(len(case.person), dtype=np.bool_)
    held[[row for own in holders for row in own]] = True
    return held


def _keeps_limits(case: Case) -> bool:
    """Whether classes, groups and services are as the limits want them.

    A service without one order must stay below its limit: at it, who may take whose place is
    another question.
    """
    limits = case.limits
    small = (case.used > 0) & (case.used < limits.class_minimum)
    away = np.bincount(case.service[case.holders], minlength=len(limits.services))
    spared = np.where(limits.ordered, limits.max_students, limits.max_students - 1)
    grouped = all(
        not 0 < int((_members(case, group) & case.held).sum()) < group.at_least
        for group in limits.groups
    )
    return grouped and not small.any() and not (away[1:] > spared[1:]).any()


def _excuses(case: Case, barred: Flags) -> bool:
    """Whether each of the ``barred`` who waits is still excused by a limit."""
    rows = case.wanted[barred[case.wanted]]
    limits = case.limits
    closed = ((limits.class_minimum > 0) & (case.used == 0))[case.offering[rows]]
    pair = case.offering * len(limits.services) + case.service
    groups = [group.offering * len(limits.services) + group.service for group in limits.groups]
    key = together(case.offering, case.service)
    alone = np.isin(pair[rows], groups) & (count_in(key, case.holders, rows) == 0)
    return bool((closed | alone | _colleagues_behind(case)[rows]).all())


def _merit(case: Case) -> tuple[int, int, int]:
    """What the plan is judged by, less being better: set aside, unused, wishes."""
    aside = np.zeros(len(case.person), dtype=np.bool_)
    for group in _left_out(case):
        aside |= _members(case, group)
    holds = _placed(case)
    wishes = np.count_nonzero(holds) + np.count_nonzero(holds[case.person[case.better]])
    return int(np.count_nonzero(aside[case.wanted])), -len(case.holders), int(wishes)
