"""The checks against the definitions, on every plan of small cases."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from admissions.model.facts import Flags
from admissions.verification import Property, offers, promises, stability
from admissions.verification.calls import calls_repeated
from admissions.verification.case import Case
from admissions.verification.chains import people_optimal
from admissions.verification.exchanges import Exchanges
from admissions.verification.limits import CommonQuota, Limits
from admissions.verification.limits_kept import limits_kept
from admissions.verification.objectives import offers_used, preferences
from tests.verification import oracle

draws = st.randoms(use_true_random=False)


def with_plan(case: Case, held: Iterable[int]) -> Case:
    """The case with a plan (a new object: nothing computed for another plan is left)."""
    flags = np.zeros(len(case.person), dtype=np.bool_)
    flags[list(held)] = True
    return replace(case, held=flags)


def some_plan(case: Case, draw: random.Random) -> oracle.Plan:
    return frozenset(a for a in range(len(case.person)) if draw.random() < 0.4)


def checks(exchanges: Exchanges) -> tuple[Property, Property, Property]:
    return (
        stability.municipal_first(exchanges, promised=True),
        stability.no_justified_envy(exchanges, promised=True),
        stability.no_offer_unused(exchanges, promised=True),
    )


def rows(exchanges: Exchanges, flags: Flags) -> set[int]:
    return set(exchanges.rows[flags].tolist())


@given(draws, st.sampled_from([(), ("region-minimum",), ("service-first",)]))
def test_envy_and_waste_are_those_found_pair_by_pair_whatever_the_plan(
    draw: random.Random, features: tuple[str, ...]
) -> None:
    """Also where people hold several offers, are not qualified, or too many hold them."""
    case = oracle.random_case(draw, features)
    plan = some_plan(case, draw)
    envied = {
        (a, h)
        for a in range(len(case.person))
        for h in oracle.holders(case, plan, int(case.offering[a]))
        if oracle.wants(case, plan, a)
    }
    free = {(a, h) for a, h in envied if not oracle.reserved_from(case, plan, a, h)}
    justified = {a for a, h in free if oracle.ahead(case, a, h)}
    excused = {a for a, h in envied if oracle.ahead(case, a, h)} - justified
    behind = {a for a, h in free if case.municipal[a] and not case.municipal[h]}
    unused = {
        a
        for a in range(len(case.person))
        if oracle.wants(case, plan, a)
        and len(oracle.holders(case, plan, case.offering[a])) < case.offers[case.offering[a]]
    }
    exchanges = Exchanges(with_plan(case, plan))
    found = exchanges.envy
    assert (rows(exchanges, found[0]), rows(exchanges, found[1])) == (justified, excused)
    assert rows(exchanges, exchanges.admissible) == unused
    p4, p5, p6 = checks(exchanges)
    assert p4.counted["broken"] == len(behind)
    assert (p5.holds, p6.holds) == (not justified, not unused)
    assert len(p5.exceptions) == len(justified) + len(excused)
    assert all("forbids the exchange" in line for line in p5.exceptions[len(justified) :])


@given(draws)
def test_offers_are_counted_person_by_person(draw: random.Random) -> None:
    case = oracle.random_case(draw)
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
    for p, mine in enumerate(own):
        if mine:
            got = min(case.preference[a] for a in mine)
            more = [b for b in range(len(case.person)) if case.preference[b] < got]
            wishes += 1 + sum(case.qualified[b] for b in more if case.person[b] == p)
    assert preferences(tried) == wishes


@pytest.mark.parametrize("feature", [None, *oracle.AT_AN_OFFERING[:4]])
@pytest.mark.parametrize("opposed", [False, True], ids=["any wishes", "opposed"])
def test_a_plan_passes_exactly_when_it_is_stable_and_p11_when_it_is_the_best(
    feature: str | None, opposed: bool
) -> None:
    """Every plan of 60 cases: P5, P6 and P7 together are stability; and of the stable plans P11
    accepts the one that everybody likes best.
    """
    several = rejected = 0
    for seed in range(60):
        features = () if feature is None else (feature,)
        case = oracle.random_case(random.Random(seed), features, opposed=opposed)
        assert promises.best_plan_is_shown(case)
        stable = []
        for plan in oracle.plans(case, within=True):
            exchanges = Exchanges(with_plan(case, plan))
            passes = passing(exchanges)
            assert passes == oracle.is_stable(case, plan), (seed, plan)
            if passes:
                stable.append(plan)
            else:
                rejected += 1
        best = [min(met) for met in zip(*(oracle.wishes_met(case, p) for p in stable), strict=True)]
        for plan in stable:
            optimal = people_optimal(Exchanges(with_plan(case, plan)), promised=True)
            assert optimal.holds == (oracle.wishes_met(case, plan) == best), (seed, plan)
        several += len(stable) > 1
    assert rejected > 100
    assert several > 10 or not opposed


def passing(exchanges: Exchanges) -> bool:
    _, p5, p6 = checks(exchanges)
    return bool(p5.holds and p6.holds and limits_kept(exchanges).holds)


def by_hand(
    wishes: dict[str, str],
    line: dict[str, str],
    held: set[str],
    stated: Limits,
    service: dict[str, int],
    region: dict[str, int],
) -> Case:
    """One offer at each offering; ``held`` are as "a at x"."""
    rows = [(p, o) for p, wish in wishes.items() for o in wish]
    people = [*wishes]
    return Case(
        mechanism="coordinated",
        persons=np.array(people, dtype=object),
        offerings=tuple(line),
        person=np.array([people.index(p) for p, _ in rows]),
        offering=np.array([[*line].index(o) for _, o in rows]),
        preference=np.array([wishes[p].index(o) + 1 for p, o in rows]),
        qualified=np.ones(len(rows), dtype=np.bool_),
        rank=np.array([line[o].index(p) + 1 for p, o in rows]),
        region=np.array([region[p] for p, _ in rows]),
        service=np.array([service[p] for p, _ in rows]),
        municipal=np.ones(len(rows), dtype=np.bool_),
        offers=np.ones(len(line), dtype=np.int64),
        limits=stated,
        held=np.array([f"{p} at {o}" in held for p, o in rows]),
        declined=np.zeros(len(rows), dtype=np.bool_),
    )


def test_a_reserve_counts_all_of_its_region_whatever_another_offering_counts() -> None:
    """x keeps its offer for region 3, y takes one of a service at most. a has x and b has y; both
    want the other's. But were a to leave x, its offer goes to c, of region 3 too: no chain.
    """
    stated = oracle.limits(2, 3)
    stated.region_minimum[0, 3] = 1
    stated.service_maximum[1] = 1
    case = by_hand(
        {"a": "yx", "b": "xy", "c": "x"}, {"x": "abc", "y": "ba"}, {"a at x", "b at y"},
        stated, service={"a": 1, "b": 1, "c": 2}, region={"a": 3, "b": 0, "c": 3},
    )  # fmt: skip
    assert oracle.is_stable(case, frozenset(np.flatnonzero(case.held).tolist()))
    assert people_optimal(Exchanges(case), promised=True).holds


def test_colleagues_of_two_regions_could_both_do_better() -> None:
    """y puts one of each service first, and z bounds a region. a has y and b has x, and both want
    the other's; c, of another service, comes after b at y once a has left.
    """
    stated = oracle.limits(3, 3)
    stated.service_first[1] = 1
    stated.region_maximum[2, 3] = 1
    case = by_hand(
        {"a": "xy", "b": "yx", "c": "y"}, {"x": "ba", "y": "abc", "z": ""}, {"a at y", "b at x"},
        stated, service={"a": 1, "b": 1, "c": 2}, region={"a": 3, "b": 0, "c": 1},
    )  # fmt: skip
    found = people_optimal(Exchanges(case), promised=True)
    assert found.exceptions == ("all could do better: a to x, b to y",)


def test_a_quota_that_is_full_excuses_nobody_who_is_ranked_behind() -> None:
    """x reserves for colleagues and for a region, and could make two offers; a quota of two over x
    and y allows it one, beside the one at y. a stands ahead of b, who has it.
    """
    stated = oracle.limits(2, 3, quotas=(CommonQuota("both", (0, 1), 2),))
    stated.service_first[0] = 2
    stated.region_minimum[0, 3] = 2
    case = by_hand(
        {"a": "x", "b": "x", "c": "y"}, {"x": "ab", "y": "c"}, {"b at x", "c at y"},
        stated, service={"a": 1, "b": 1, "c": 1}, region={"a": 1, "b": 1, "c": 1},
    )  # fmt: skip
    case.offers[0] = 2
    p5 = stability.no_justified_envy(Exchanges(case), promised=True)
    assert p5.exceptions == ("a, rank 1 at x, waits; b, rank 2 at x, holds an offer",)


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
        service=np.zeros(6, dtype=np.int64),
        municipal=np.ones(6, dtype=np.bool_),
        offers=np.array([1, 1, 1]),
        limits=oracle.limits(3, 3),
        held=np.array([False, True, False, True, False, True]),
        declined=np.zeros(6, dtype=np.bool_),
    )
    found = people_optimal(Exchanges(case), promised=True)
    assert found.exceptions == ("all could do better: a to x, b to y, c to z",)
    assert people_optimal(Exchanges(case), promised=False).holds is None


@given(
    draws,
    st.sampled_from(
        [
            (), ("region-minimum",), ("service-first",), ("region-maximum",),
            ("service-maximum",), ("region-maximum", "service-maximum"),
        ]
    ),
    st.integers(1, 3),
)  # fmt: skip
def test_calls_are_those_made_one_at_a_time(
    draw: random.Random, features: tuple[str, ...], call_rounds: int
) -> None:
    case = oracle.random_case(draw, features)
    if len(features) > 1:  # a service's people share a region: else the sites refuse to call
        case = replace(case, region=np.where(case.service > 0, case.service, case.region))
    held, called = called_one_by_one(case, call_rounds)
    right = replace(with_plan(case, held), mechanism="independent")
    right.declined[list(called - held)] = True
    assert calls_repeated(right, call_rounds).holds
    assert limits_kept(Exchanges(right)).holds
    for a in range(len(case.person)):
        wrong = replace(with_plan(case, held ^ {a}), mechanism="independent")
        wrong.declined[list(called - held - {a})] = True
        assert not calls_repeated(wrong, call_rounds).holds


def called_one_by_one(case: Case, call_rounds: int) -> tuple[set[int], set[int]]:
    """Each offering fills one seat after the other: reserves first, then whoever is next."""
    held: set[int] = set()
    called: set[int] = set()
    for _ in range(call_rounds):
        new: set[int] = set()
        for o in range(len(case.offerings)):
            here = {a for a in held if case.offering[a] == o}
            line = [
                a
                for a in range(len(case.person))
                if case.offering[a] == o and case.qualified[a] and a not in called
            ]
            line.sort(key=lambda a: case.rank[a])
            while True:
                line = [
                    a
                    for a in line
                    if oracle.maxima_hold(case, frozenset(here | {a}), ordered=False)
                ]
                if not line:
                    break
                short = [
                    a
                    for a in line
                    if oracle.in_group(case, frozenset(here), a) < oracle.reserve(case, a)[1]
                ]
                chosen = (short or line)[0]
                line.remove(chosen)
                here.add(chosen)
                new.add(chosen)
        held |= new
        called |= new
        for a in set(held):
            rivals = [b for b in held if case.person[b] == case.person[a]]
            if any(case.preference[b] < case.preference[a] for b in rivals):
                held.discard(a)
    return held, called
