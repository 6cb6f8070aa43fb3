"""Equals treated together: P3, P5, P6 and blocking pairs against the definitions, plan by plan."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace

import numpy as np
import pytest

from admissions.model.vocabulary import Ties
from admissions.verification import offers, promises, stability
from admissions.verification.calls import calls_repeated
from admissions.verification.case import Case
from admissions.verification.exchanges import Exchanges
from tests.verification import oracle
from tests.verification.test_definitions import passing, with_plan

FEATURES = ("class-minimum", "group", "away")
POLICIES: tuple[Ties, ...] = ("accept-all", "reject-all")


def with_equals(seed: int, ties: Ties) -> Case:
    """A small case where about every second applicant is equal to the one before."""
    draw = random.Random(seed)
    features = [feature for n, feature in enumerate(FEATURES) if seed >> n & 1]
    case = oracle.random_case(draw, features)
    rank = case.rank.copy()
    for o in range(len(case.offerings)):
        here = np.flatnonzero((case.offering == o) & case.qualified)
        here = here[np.argsort(rank[here])]
        for before, a in itertools.pairwise(here):
            rank[a] = rank[before] if draw.random() < 0.5 else rank[a]
    return replace(case, rank=rank, ties=ties)


def within(case: Case, plan: oracle.Plan, o: int) -> bool:
    """Within the offers; under accept-all over them by those who are equal to the last alone."""
    there = oracle.holders(case, plan, o)
    if case.ties == "reject-all":
        return len(there) <= int(case.offers[o])
    return all(sum(case.rank[b] < case.rank[a] for b in there) < case.offers[o] for a in there)


def blocks(case: Case, plan: oracle.Plan, a: int) -> bool:
    """Somebody equal or behind holds; or the score limit can be lowered to ``a``."""
    if not oracle.wants(case, plan, a) or oracle.excused(case, plan, a):
        return False
    there = oracle.holders(case, plan, int(case.offering[a]))
    if any(case.rank[h] >= case.rank[a] for h in there):
        return True
    coming = [
        b
        for b in range(len(case.person))
        if case.offering[b] == case.offering[a] and case.rank[b] <= case.rank[a]
        if oracle.wants(case, plan, b) and not oracle.excused(case, plan, b)
    ]
    more = len(coming) if case.ties == "reject-all" else 1
    return bool(len(there) + more <= case.offers[case.offering[a]])


def keeps_other_limits(case: Case, plan: oracle.Plan) -> bool:
    plenty = replace(case, offers=np.full(len(case.offerings), 99))
    return oracle.limits_hold(plenty, plan)


@pytest.mark.parametrize("ties", POLICIES)
def test_blocking_pairs_and_stability_are_those_of_the_definition(ties: Ties) -> None:
    found = over = without = excused = 0
    for seed in range(160):
        case = with_equals(seed, ties)
        stable = 0
        for plan in oracle.plans(case):
            if not all(case.qualified[a] for a in plan):
                continue
            tried = with_plan(case, plan)
            exchanges = Exchanges(tried)
            fits = all(within(case, plan, o) for o in range(len(case.offerings)))
            p3 = offers.within_offers(tried)
            assert p3.holds == fits, (seed, plan)
            if not fits:
                continue
            over += p3.counted.get("over", 0)
            blocking = [a for a in range(len(case.person)) if blocks(case, plan, a)]
            assert stability.blocking_pairs(exchanges) == len(blocking), (seed, plan)
            right = not blocking and keeps_other_limits(case, plan)
            assert passing(exchanges) == right, (seed, plan)
            p6 = stability.no_offer_unused(exchanges, promised=True)
            excused += p6.counted.get("excused by ties = reject-all", 0)
            found += len(blocking)
            stable += right
        without += not stable
        if promises.stable_plan_exists(case):
            assert stable, seed
        assert not promises.best_plan_is_shown(case)
    assert found > 1000
    assert (over > 50) == (ties == "accept-all")
    assert (excused > 50) == (ties == "reject-all")


@pytest.mark.parametrize("ties", POLICIES)
def test_calls_take_equals_together(ties: Ties) -> None:
    """Block by block: accepted while an offer is left, rejected where they do not all fit."""
    together = 0
    for seed in range(0, 160, 8):
        case = with_equals(seed, ties)
        held, called = called_in_blocks(case, 2)
        right = replace(with_plan(case, held), mechanism="independent")
        right.declined[list(called - held)] = True
        assert calls_repeated(right, 2).holds, seed
        for a in range(len(case.person)):
            wrong = replace(with_plan(case, held ^ {a}), mechanism="independent")
            wrong.declined[list(called - held - {a})] = True
            assert not calls_repeated(wrong, 2).holds
        together += len(called)
    assert together > 20


def called_in_blocks(case: Case, call_rounds: int) -> tuple[set[int], set[int]]:
    held: set[int] = set()
    called: set[int] = set()
    for _ in range(call_rounds):
        new: set[int] = set()
        for o in range(len(case.offerings)):
            here = {a for a in held if case.offering[a] == o}
            while True:
                left = [a for a in range(len(case.person)) if case.offering[a] == o
                        and case.qualified[a] and a not in called | new]  # fmt: skip
                best = min((case.rank[a] for a in left), default=0)
                block = {a for a in left if case.rank[a] == best}
                needed = len(here) + (len(block) if case.ties == "reject-all" else 1)
                if not block or needed > case.offers[o]:
                    break
                here |= block
                new |= block
        held |= new
        called |= new
        for a in set(held):
            rivals = [b for b in held if case.person[b] == case.person[a]]
            if any(case.preference[b] < case.preference[a] for b in rivals):
                held.discard(a)
    return held, called
