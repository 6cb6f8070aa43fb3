"""Means, middle nine tenths and standard errors, against values by hand and by SciPy."""

from fractions import Fraction

import numpy as np
import pytest
from scipy.stats import sem

from admissions.simulation.measures import UNDEFINED, Key, keys
from admissions.simulation.statistics import Summary, decimal, difference, summary


def values(*numbers):
    return np.array(numbers, dtype=np.int64)


def test_the_middle_nine_tenths_are_of_the_draws_themselves():
    """Of 1 … 20 one draw in twenty is 1, and nineteen in twenty do not exceed 19."""
    assert summary(values(*range(20, 0, -1))) == Summary(
        20, Fraction(21, 2), 1, 19, Fraction(13228, 10000)
    )


def test_a_single_draw_is_all_there_is():
    assert summary(values(7)) == Summary(1, Fraction(7), 7, 7)


def test_draws_without_a_value_do_not_count():
    assert summary(values(4, UNDEFINED, 8)) == Summary(2, Fraction(6), 4, 8, Fraction(2))
    assert summary(values(UNDEFINED)) == Summary(0, None, None, None)


def test_a_difference_is_of_pairs():
    """5-1, 3-3, 0-9 and one pair without a value: +4, 0, -9."""
    found = difference(values(5, 3, 0, UNDEFINED), values(1, 3, 9, 2))
    assert (found.draws, found.mean, found.p5, found.p95) == (3, Fraction(-5, 3), -9, 4)
    assert (found.above, found.below) == (1, 1)


def test_the_standard_error_by_hand():
    """1, 3, 5: variance (4 + 0 + 4) / 2 = 4 of one draw, 4 / 3 of the mean; its root is 1.1547."""
    assert summary(values(1, 3, 5)).se == Fraction(11547, 10000)
    assert difference(values(2, 6, 10), values(1, 3, 5)).se == Fraction(11547, 10000)
    assert summary(values(9, 9, 9)).se == 0
    assert summary(values(9)).se is None


def test_the_standard_error_is_that_of_scipy_and_shrinks_with_the_root_of_the_draws():
    drawn = np.random.Generator(np.random.PCG64(3)).integers(-(10**6), 10**8, 4000)
    whole, quarter = summary(drawn).se, summary(drawn[:1000]).se
    assert whole is not None
    assert quarter is not None
    assert float(whole) == pytest.approx(sem(drawn), rel=1e-9)
    assert float(quarter) == pytest.approx(2 * sem(drawn), rel=0.1)


@pytest.mark.parametrize(
    ("value", "stored", "shown", "text"),
    [
        (Fraction(1, 3), 0, 2, "0.33"),
        (Fraction(-1, 2), 0, 0, "-1"),
        (4567, 2, 2, "45.67"),
        (4567, 2, 1, "45.7"),
        (-5, 4, 4, "-0.0005"),
        (Fraction(-1, 1000), 0, 2, "0.00"),
        (12, 0, 0, "12"),
    ],
)
def test_numbers_are_written_exactly(value, stored, shown, text):
    assert decimal(value, stored, shown) == text


def test_no_key_stands_twice_and_every_offering_has_its_own():
    found = keys(["oslomet-juss", "uis-juss", "ntnu-ledelse"])
    assert len(set(found)) == len(found)
    assert Key("met", "uis-juss") in found
    assert Key("admitted", "uis-juss", "sector/state") in found
    assert Key("municipalities-share", "all", "centrality/6") in found
    assert Key("experience-share", "oslomet-juss+uis-juss", "experience/under-5") in found
    assert Key("agreement-of-applicants", "oslomet-juss", "uis-juss") in found
    assert Key("municipalities-share") not in found
