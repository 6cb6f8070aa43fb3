"""Draws: the same numbers everywhere, and only whole numbers."""

import numpy as np
import pytest

from admissions.pool.country import shared_out
from admissions.pool.draws import Draws, ManyDraws, WeightTable, one_row


def test_a_draw_is_the_upper_half_of_pcg64s_raw_number_times_the_bound():
    raw = np.random.PCG64(5).random_raw(4)
    expected = [(int(number) >> 32) * 7 >> 32 for number in raw]
    assert Draws(5).below(7, 4).tolist() == expected


def test_pcg64s_raw_numbers_are_those_of_every_numpy_version():
    # NumPy's own reference data for PCG64 (numpy/random/tests/data/pcg64-testset-1.csv).
    assert int(np.random.PCG64(0xDEADBEAF).random_raw()) == 0x60D24054E17A0698


def test_bounds_are_kept_and_reached():
    drawn = Draws(1).between(3, 5, 500)
    assert sorted(set(drawn.tolist())) == [3, 4, 5]


def test_a_bound_for_each():
    drawn = Draws(1).below([1, 2, 1000], 3)
    assert drawn[0] == 0
    assert drawn[1] in (0, 1)


def test_a_chance_of_none_and_of_all():
    assert not Draws(1).chance(0, 100, 50).any()
    assert Draws(1).chance(100, 100, 50).all()


def test_columns_come_as_often_as_their_weights_say():
    table = WeightTable([[1, 0, 3], [5, 5, 0]])
    rows = np.repeat([0, 1], 20_000)
    drawn = table.draw(Draws(2), rows)
    first = np.bincount(drawn[:20_000], minlength=3)
    second = np.bincount(drawn[20_000:], minlength=3)
    assert first[1] == 0
    assert second[2] == 0
    assert abs(first[0] - 5_000) < 300
    assert abs(second[0] - 10_000) < 400


@pytest.mark.parametrize("weights", [[0, 0], [-1, 2], [2**31]])
def test_weights_that_cannot_be_drawn_from_are_refused(weights):
    with pytest.raises(ValueError, match="weights"):
        one_row(weights)


def test_shuffled_is_every_number_once():
    assert sorted(Draws(3).shuffled(100).tolist()) == list(range(100))


def test_parts_add_up_and_the_largest_remainders_get_what_is_left():
    assert shared_out(10, [1, 1, 1]).tolist() == [4, 3, 3]
    assert shared_out(7, [10, 20, 30]).tolist() == [1, 2, 4]  # 1 1/6, 2 1/3, 3 1/2


def test_streams_side_by_side_give_what_each_gives_alone():
    counts, bounds = np.array([3, 0, 5]), np.arange(2, 10)
    together = ManyDraws([7, 8, 9]).split(counts)
    alone = [Draws(seed) for seed in (7, 8, 9)]
    for _ in range(2):
        found = together.below(bounds, 8).tolist()
        assert found[:3] == alone[0].below(bounds[:3], 3).tolist()
        assert found[3:] == alone[2].below(bounds[3:], 5).tolist()
    mixed = together.shuffled(8).tolist()
    assert mixed[:3] == alone[0].shuffled(3).tolist()
    assert mixed[3:] == [3 + n for n in alone[2].shuffled(5).tolist()]


def test_streams_are_not_asked_for_more_than_they_are_split_into():
    with pytest.raises(ValueError, match="9 numbers"):
        ManyDraws([1, 2]).split(np.array([4, 4])).below(3, 9)
