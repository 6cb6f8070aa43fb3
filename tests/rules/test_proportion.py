"""Sainte-Laguë's quotients against exact fractions."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from admissions.rules.proportion import sainte_lague

SIZES = st.one_of(st.integers(0, 60), st.integers(0, 2**31 - 1))
INDICES = st.one_of(st.integers(0, 20), st.integers(0, 2**30 - 1))


@given(st.lists(st.tuples(SIZES, INDICES), max_size=60))
def test_equals_the_dense_rank_of_the_fractions(pairs: list[tuple[int, int]]) -> None:
    fractions = [Fraction(size, 2 * index + 1) for size, index in pairs]
    ranks = {value: place for place, value in enumerate(sorted(set(fractions)), start=1)}
    sizes, index = (np.array([pair[n] for pair in pairs], dtype=np.int64) for n in (0, 1))
    assert sainte_lague(sizes, index).tolist() == [ranks[value] for value in fractions]


def test_parts_fractions_that_are_equal_as_floating_point_numbers() -> None:
    sizes = np.array([2**31 - 4, 2**31 - 2], dtype=np.int64)
    index = np.array([2**30 - 2, 2**30 - 1], dtype=np.int64)
    divisors = 2 * index + 1
    assert sizes[0] / divisors[0] == sizes[1] / divisors[1]
    assert sainte_lague(sizes, index).tolist() == [1, 2]


def test_shares_ten_seats_by_the_quotients() -> None:
    """Of ten seats, 53, 24 and 23 votes get 6, 2 and 2.

    The quotients: 53, 17.67, 10.6, 7.57, 5.89, 4.82; 24, 8, 4.8; 23, 7.67, 4.6.
    """
    sizes = np.repeat(np.array([53, 24, 23], dtype=np.int64), 10)
    index = np.tile(np.arange(10, dtype=np.int64), 3)
    best = np.argsort(-sainte_lague(sizes, index), kind="stable")[:10]
    assert np.bincount(best // 10).tolist() == [6, 2, 2]
