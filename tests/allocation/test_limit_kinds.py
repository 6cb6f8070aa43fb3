"""Every kind of limit is known wherever limits are counted or drawn at random."""

from __future__ import annotations

import random
from typing import get_args

from admissions.rulebooks.limits import Shared, limit_kinds
from tests.acceptance import many_mixtures
from tests.allocation.problems import AT_AN_OFFERING, random_problem
from tests.season import random_years

KINDS = {kind.kind_id() for kind in limit_kinds()}


def test_what_a_limit_counts_by_is_what_a_problem_counts_by() -> None:
    problem = random_problem(0)
    assert set(problem.maxima) == set(get_args(Shared))
    for name, (code, _) in problem.maxima.items():
        assert code is getattr(problem, name)


def test_random_problems_mixtures_and_years_draw_every_kind() -> None:
    draw = random.Random(0)
    assert {limit(draw).kind for limit in AT_AN_OFFERING.values()} == KINDS
    assert {kind for kinds in many_mixtures.LIMITS for kind in kinds} >= KINDS
    assert set(random_years.LIMITS) == KINDS
