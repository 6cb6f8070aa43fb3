"""Sorting by many columns at once: against NumPy's own sort of one column after another."""

import numpy as np
import pytest

from admissions.model.sorting import dense, in_order
from admissions.model.wishes import BEHIND_ALL


def test_the_first_column_weighs_most_and_equals_stay_as_they_stand():
    tier, grade = np.array([1, 0, 1, 0, 1]), np.array([-5, -3, -5, -4, -6])
    assert in_order(tier, grade).tolist() == [3, 1, 4, 0, 2]


def test_rows_that_are_equal_have_the_same_number():
    assert dense(np.array([7, -2, 7, 9]), np.array([1, 1, 1, 0])).tolist() == [1, 0, 1, 2]


def test_nobody_is_in_order():
    assert in_order(np.empty(0, dtype=np.int64)).tolist() == []


@pytest.mark.parametrize("seed", range(20))
def test_columns_of_any_size_are_sorted_as_numpy_sorts_them(seed):
    """Small ranges fit into one number together; dates, hashes and "behind all" do not."""
    draw = np.random.Generator(np.random.PCG64(seed))
    ranges = [(0, 2), (-500, 500), (19_500_101, 20_001_231), (-(2**62), 2**62), (0, BEHIND_ALL)]
    chosen = draw.integers(0, 5, 1 + seed % 6).tolist()
    columns = [draw.integers(low, high, 200) for low, high in (ranges[n] for n in chosen)]
    columns.append(np.where(draw.integers(0, 2, 200), BEHIND_ALL, columns[0]))
    before = [column.copy() for column in columns]
    assert in_order(*columns).tolist() == np.lexsort(columns[::-1]).tolist()
    number = np.unique(np.column_stack(columns), axis=0, return_inverse=True)[1]
    assert dense(*columns).tolist() == number.reshape(-1).tolist()
    assert all((one == other).all() for one, other in zip(columns, before, strict=True))
