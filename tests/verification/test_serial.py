"""Serial by site: P13 and P7 against filling one seat after the other."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from admissions.verification.calls import calls_repeated
from admissions.verification.case import Case
from admissions.verification.exchanges import Exchanges
from admissions.verification.limits_kept import limits_kept
from tests.verification import oracle
from tests.verification.test_definitions import with_plan

LIMITS = [(), ("region-minimum",), ("service-first",), ("region-maximum",), ("service-maximum",)]


def filled(case: Case) -> set[int]:
    held: set[int] = set()
    for o in case.turns:
        here: set[int] = set()
        seated = {case.person[h] for h in held}
        while True:
            line = [
                a
                for a in range(len(case.person))
                if case.offering[a] == o and case.qualified[a] and case.person[a] not in seated
                if a not in here
                if oracle.maxima_hold(case, frozenset(here | {a}), ordered=False)
            ]
            if not line:
                break
            line.sort(key=lambda a: case.rank[a])
            there = frozenset(here)
            short = [
                a for a in line if oracle.in_group(case, there, a) < oracle.reserve(case, a)[1]
            ]
            here.add((short or line)[0])
        held |= here
    return held


@pytest.mark.parametrize("features", LIMITS, ids=" + ".join)
def test_only_the_plan_that_the_turns_make_passes(features: tuple[str, ...]) -> None:
    passed_over = 0
    for seed in range(60):
        draw = random.Random(seed)
        case = oracle.random_case(draw, features)
        turns = draw.sample(range(len(case.offerings)), len(case.offerings))
        case = replace(case, mechanism="serial", turns=tuple(turns))
        held = filled(case)
        right = with_plan(case, held)
        assert calls_repeated(right, 1).holds, seed
        assert limits_kept(Exchanges(right)).holds, seed
        passed_over += int(right.passed_over[right.wanted].sum())
        for a in range(len(case.person)):
            assert not calls_repeated(with_plan(case, held ^ {a}), 1).holds, (seed, a)
    assert passed_over > 5
