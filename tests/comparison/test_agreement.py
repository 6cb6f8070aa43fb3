"""Kendall's tau: by hand, and against scipy's."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kendalltau

from admissions.comparison.agreement import Agreement, agreement, agreements, pooled_tau
from admissions.pool import synthetic_round
from admissions.ranking.tables import rank_round
from admissions.rulebooks.scenario import resolve
from admissions.rulebooks.scenario_files import load_scenario


@pytest.mark.parametrize(
    ("one", "other", "counted", "tau"),
    [
        ([1, 2, 3], [1, 2, 3], (3, 0), Fraction(1)),
        ([1, 2, 3], [3, 2, 1], (0, 3), Fraction(-1)),
        ([1, 2, 3, 4], [1, 3, 2, 4], (5, 1), Fraction(2, 3)),
        ([10, 40, 70], [2, 9, 5], (2, 1), Fraction(1, 3)),
        ([1, 2, 2, 4], [1, 2, 3, 4], (5, 0), Fraction(5, 6)),
        ([7], [9], (0, 0), None),
    ],
)
def test_pairs_counted_by_hand(
    one: list[int], other: list[int], counted: tuple[int, int], tau: Fraction | None
) -> None:
    found = agreement(np.array(one), np.array(other))
    assert (found.concordant, found.discordant) == counted
    assert found.tau == tau


@given(st.permutations(range(1, 30)))
def test_tau_is_that_of_scipy(order: list[int]) -> None:
    ranks = np.arange(1, 30)
    found = agreement(ranks, np.array(order))
    assert found.tau is not None
    assert float(found.tau) == pytest.approx(kendalltau(ranks, order).statistic)


def test_many_people_are_counted_in_blocks() -> None:
    ranks = np.arange(3000)
    found = agreement(ranks, ranks[::-1])
    assert (found.concordant, found.discordant) == (0, 3000 * 2999 // 2)


def test_only_the_qualified_of_both_offerings_are_compared() -> None:
    tables = rank_round(synthetic_round(2019, 1), resolve(load_scenario("current-2019")))
    found = agreements(tables)
    for (one, other), counted in found.items():
        at = [set(tables[o].person[tables[o].qualified].tolist()) for o in (one, other)]
        assert counted.common == len(at[0] & at[1]) >= 2
    assert len(found) > 10


def test_the_pooled_tau_weighs_each_pair_of_people_alike() -> None:
    assert pooled_tau([Agreement(2, 1, 0), Agreement(3, 0, 3)]) == Fraction(-2, 4)
    assert pooled_tau([]) is None
