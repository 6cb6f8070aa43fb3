"""Every combination of limits, against the definitions, on every plan of small cases."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator

import numpy as np
import pytest

from admissions.verification import promises, stability
from admissions.verification.case import Case
from admissions.verification.exchanges import Exchanges
from admissions.verification.limits_kept import limits_kept
from tests.verification import oracle
from tests.verification.test_definitions import checks, passing, rows, with_plan

FEATURES = (*oracle.AT_AN_OFFERING, *oracle.OVER_OFFERINGS)
COMBINATIONS = [
    frozenset(chosen) for size in range(len(FEATURES) + 1)
    for chosen in itertools.combinations(FEATURES, size)
]  # fmt: skip


def drawn(seed: int, *, opposed: bool = False) -> Case:
    """A case of the combination whose turn it is, every second time around with sector tiers."""
    features, tiers = COMBINATIONS[seed % len(COMBINATIONS)], seed // len(COMBINATIONS) % 2 == 1
    return oracle.random_case(random.Random(seed), sorted(features), opposed=opposed, tiers=tiers)


def some_plans(seed: int, case: Case, most: int) -> Iterator[oracle.Plan]:
    """Up to ``most`` plans that exceed nothing."""
    found = [
        plan
        for plan in oracle.plans(case, within=True)
        if oracle.maxima_hold(case, plan, ordered=False)
    ]
    yield from random.Random(seed).sample(found, min(most, len(found)))


@pytest.mark.parametrize("part", range(4))
def test_blocking_pairs_are_those_of_the_definition(part: int) -> None:
    """Four cases of each of the 512 combinations, and of each up to 12 plans."""
    found = 0
    for seed in range(part * len(COMBINATIONS), (part + 1) * len(COMBINATIONS)):
        case = drawn(seed, opposed=seed % 3 == 0)
        for plan in some_plans(seed, case, 12):
            blocks = [a for a in range(len(case.person)) if oracle.blocks(case, plan, a)]
            exchanges = Exchanges(with_plan(case, plan))
            assert stability.blocking_pairs(exchanges) == len(blocks), (seed, plan)
            assert passing(exchanges) == oracle.is_stable(case, plan), (seed, plan)
            found += len(blocks)
    assert found > 1000


def test_envy_and_waste_are_justified_or_excused_by_the_definition() -> None:
    """A leader's order for each offering apart, beside reserves, is judged by blocking pairs."""
    excuses = 0
    for seed in range(2 * len(COMBINATIONS)):
        case = drawn(seed)
        if case.limits.reserved.any() and not case.limits.ordered.all():
            continue
        for plan in some_plans(seed, case, 6):
            exchanges = Exchanges(with_plan(case, plan))
            found = exchanges.envy
            justified, excused = oracle.envy(case, plan)
            assert (rows(exchanges, found[0]), rows(exchanges, found[1])) == (justified, excused)
            waste = {a for a in range(len(case.person)) if oracle.wastes(case, plan, a)}
            assert rows(exchanges, exchanges.admissible) == waste
            p4, p5, p6 = checks(exchanges)
            assert p4.counted["broken"] == len(oracle.municipal_behind(case, plan))
            assert p5.counted["excused"] == len(excused)
            for one in (p4, p5, p6):
                named = {
                    name: n for name, n in one.counted.items() if name.startswith("excused by")
                }
                assert bool(named) == bool(one.counted["excused"])
                assert max(named.values(), default=0) <= one.counted["excused"]
                told = one.exceptions[one.counted["broken"] :]
                assert len(told) == one.counted["excused"]
                assert all(" the limit " in line and " forbids " in line for line in told)
            excuses += len(excused)
    assert excuses > 400


def test_p7_fails_exactly_where_a_limit_is_not_kept() -> None:
    """Every plan within the offers to make; reserves are tried as a part of stability."""
    kept = broken = 0
    for seed in range(2 * len(COMBINATIONS)):
        case = drawn(seed)
        if case.limits.reserved.any():
            continue
        for plan in oracle.plans(case, within=True):
            holds = limits_kept(Exchanges(with_plan(case, plan))).holds
            assert holds == oracle.limits_hold(case, plan), (seed, plan)
            kept, broken = kept + bool(holds), broken + (not holds)
    assert kept > 500
    assert broken > 500


def test_a_stable_plan_exists_wherever_it_is_promised() -> None:
    without = {True: 0, False: 0}
    tried = 0
    for seed in range(3 * len(COMBINATIONS)):
        case = drawn(seed, opposed=seed % 2 == 0)
        promised = promises.stable_plan_exists(case)
        stable = any(oracle.is_stable(case, plan) for plan in oracle.plans(case, within=True))
        without[promised] += not stable
        tried += promised
    assert without[True] == 0
    assert without[False] > 0
    assert tried > 300


def test_maxima_that_overlap_may_leave_no_stable_plan() -> None:
    """a and d are of one service and would join the groups of two regions; c and a of one region.

    At x one from each service and region may hold; a and c want z first, which ranks d, b, c, a.
    """
    wishes = {"a": "zxy", "b": "yzx", "c": "zxy", "d": "xyz"}
    line = {"x": "bcad", "y": "acdb", "z": "dbca"}
    home = {"a": 2, "b": 2, "c": 2, "d": 1}
    service = {"a": 1, "b": 0, "c": 2, "d": 1}
    rows_ = [(p, o, n) for p, wish in wishes.items() for n, o in enumerate(wish, start=1)]
    stated = oracle.limits(3, 4)
    stated.region_maximum[0, 1:3] = 1
    stated.service_maximum[0] = 1
    stated.region_maximum[1, 1] = 0
    case = Case(
        mechanism="coordinated",
        persons=np.array(list(wishes), dtype=object),
        offerings=("x", "y", "z"),
        person=np.array(["abcd".index(p) for p, _, _ in rows_]),
        offering=np.array(["xyz".index(o) for _, o, _ in rows_]),
        preference=np.array([n for _, _, n in rows_]),
        qualified=np.ones(12, dtype=np.bool_),
        rank=np.array([line[o].index(p) + 1 for p, o, _ in rows_]),
        region=np.array([home[p] for p, _, _ in rows_]),
        service=np.array([service[p] for p, _, _ in rows_]),
        municipal=np.ones(12, dtype=np.bool_),
        offers=np.array([2, 2, 1]),
        limits=stated,
        held=np.zeros(12, dtype=np.bool_),
        declined=np.zeros(12, dtype=np.bool_),
    )
    assert not promises.stable_plan_exists(case)
    assert not any(oracle.is_stable(case, plan) for plan in oracle.plans(case, within=True))
