"""The checks against the definitions, on every plan of small cases."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from admissions.verification import offers, reserves, stability
from admissions.verification.calls import calls_repeated
from admissions.verification.case import Case
from admissions.verification.chains import people_optimal
from admissions.verification.objectives import offers_used, preferences
from tests.verification import oracle

draws = st.randoms(use_true_random=False)


def with_plan(case: Case, held: Iterable[int]) -> Case:
    """The case with a plan (a new object: nothing computed for another plan is left)."""
    flags = np.zeros(len(case.person), dtype=np.bool_)
    flags[list(held)] = True
    return replace(case, held=flags)


def some_plan(case: Case, draw: random.Random) -> oracle.Plan:
    rows = range(len(case.person))
    return frozenset(a for a in rows if draw.random() < 0.4)


@given(draws, st.booleans())
def test_envy_and_waste_are_those_found_pair_by_pair(draw: random.Random, reserved: bool) -> None:
    case = oracle.random_case(draw, reserved=reserved)
    plan = some_plan(case, draw)
    tried = with_plan(case, plan)
    justified, excused = oracle.envy(case, plan)
    found = stability.envying(tried)
    assert (set(found[0].tolist()), set(found[1].tolist())) == (justified, excused)
    waste = oracle.wasted(case, plan)
    assert set(stability.wasted(tried).tolist()) == waste
    p4, p5, p6 = (
        check(tried, promised=True)
        for check in (
            stability.municipal_first,
            stability.no_justified_envy,
            stability.no_offer_unused,
        )
    )
    assert p4.counted["broken"] == len(oracle.municipal_behind(case, plan))
    assert (p5.holds, p6.holds) == (not justified, not waste)
    assert len(p5.exceptions) == len(justified) + len(excused)
    assert all("limit regions" in line for line in p5.exceptions[len(justified) :])


@given(draws)
def test_offers_are_counted_person_by_person(draw: random.Random) -> None:
    case = oracle.random_case(draw, reserved=False)
    plan = some_plan(case, draw)
    tried = with_plan(case, plan)
    own = [[a for a in plan if case.person[a] == p] for p in range(len(case.persons))]
    there = [oracle.holders(case, plan, o) for o in range(len(case.offerings))]
    assert offers.only_qualified(tried).counted["broken"] == sum(
        not case.qualified[a] for a in plan
    )
    assert offers.one_offer_each(tried).counted["broken"] == sum(len(a) > 1 for a in own)
    assert offers.within_offers(tried).counted["broken"] == sum(
        len(a) > case.offers[o] for o, a in enumerate(there)
    )
    assert offers_used(tried) == len(plan)
    wishes = 0
    for a in plan & set(np.flatnonzero(case.qualified).tolist()):
        wishes += sum(
            case.qualified[b]
            for b in range(len(case.person))
            if case.person[b] == case.person[a] and case.preference[b] <= case.preference[a]
        )
    assert preferences(tried) == wishes


@pytest.mark.parametrize("reserved", [False, True], ids=["by rank", "reserves"])
@pytest.mark.parametrize("opposed", [False, True], ids=["any wishes", "opposed"])
def test_a_plan_passes_exactly_when_it_is_stable_and_p11_when_it_is_the_best(
    reserved: bool, opposed: bool
) -> None:
    """Every plan of 60 cases: P5, P6 and P7 together are stability, as offerings choose; and of
    the stable plans P11 accepts the one that everybody likes best.
    """
    several = rejected = 0
    for seed in range(60):
        case = oracle.random_case(random.Random(seed), reserved=reserved, opposed=opposed)
        stable = []
        for plan in oracle.plans(case, within=True):
            tried = with_plan(case, plan)
            passes = (
                stability.no_justified_envy(tried, promised=True).holds
                and stability.no_offer_unused(tried, promised=True).holds
                and reserves.reserves_kept(tried).holds
            )
            assert passes == oracle.is_stable(case, plan), (seed, plan)
            assert passes == (stability.blocking_pairs(tried) == 0)
            if passes:
                stable.append(plan)
            else:
                rejected += 1
        best = [min(met) for met in zip(*(oracle.wishes_met(case, p) for p in stable), strict=True)]
        for plan in stable:
            optimal = people_optimal(with_plan(case, plan), promised=True)
            assert optimal.holds == (oracle.wishes_met(case, plan) == best), (seed, plan)
        several += len(stable) > 1
    assert rejected > 100
    assert several > 10 or not opposed


def test_a_chain_of_three_is_named_in_order() -> None:
    """a gets x and leaves y, which b gets and leaves z, which c gets and leaves x."""
    case = Case(
        mechanism="coordinated",
        persons=np.array(["a", "b", "c"], dtype=object),
        offerings=("x", "y", "z"),
        person=np.array([0, 0, 1, 1, 2, 2]),
        offering=np.array([0, 1, 1, 2, 2, 0]),
        preference=np.array([1, 2, 1, 2, 1, 2]),
        qualified=np.ones(6, dtype=np.bool_),
        rank=np.array([2, 1, 2, 1, 2, 1]),
        region=np.zeros(6, dtype=np.int64),
        municipal=np.ones(6, dtype=np.bool_),
        offers=np.array([1, 1, 1]),
        reserved=np.zeros((3, 5), dtype=np.int64),
        limits=("", "", ""),
        held=np.array([False, True, False, True, False, True]),
        declined=np.zeros(6, dtype=np.bool_),
    )
    found = people_optimal(case, promised=True)
    assert found.exceptions == ("all could do better: a to x, b to y, c to z",)
    assert people_optimal(case, promised=False).holds is None


@given(draws, st.booleans(), st.integers(1, 3))
def test_calls_are_those_made_one_at_a_time(
    draw: random.Random, reserved: bool, call_rounds: int
) -> None:
    case = oracle.random_case(draw, reserved=reserved)
    held, called = called_one_by_one(case, call_rounds)
    right = replace(with_plan(case, held), mechanism="independent")
    right.declined[list(called - held)] = True
    assert calls_repeated(right, call_rounds).holds
    assert reserves.reserves_kept(right).holds
    for a in range(len(case.person)):
        wrong = replace(with_plan(case, held ^ {a}), mechanism="independent")
        wrong.declined[list(called - held - {a})] = True
        assert not calls_repeated(wrong, call_rounds).holds


def called_one_by_one(case: Case, call_rounds: int) -> tuple[set[int], set[int]]:
    """Each offering fills one seat after the other: reserves first, then whoever is next."""
    held: set[int] = set()
    called: set[int] = set()
    for _ in range(call_rounds):
        before = set(called)
        for o in range(len(case.offerings)):
            here = {a for a in held if case.offering[a] == o and a in before}
            while len(here) < case.offers[o]:
                line = [
                    a
                    for a in range(len(case.person))
                    if case.offering[a] == o and case.qualified[a] and a not in called
                ]
                if not line:
                    break
                short = [
                    a
                    for a in line
                    if sum(case.region[b] == case.region[a] for b in here)
                    < case.reserved[o, case.region[a]]
                ]
                chosen = min(short or line, key=lambda a: case.rank[a])
                here.add(chosen)
                held.add(chosen)
                called.add(chosen)
        for a in set(held):
            rivals = [b for b in held if case.person[b] == case.person[a]]
            if any(case.preference[b] < case.preference[a] for b in rivals):
                held.discard(a)
    return held, called
