"""What an interrupted run keeps, and what is taken up again."""

import numpy as np
import pytest

from admissions.model.errors import UsageError
from admissions.simulation.measures import UNDEFINED
from admissions.simulation.store import DrawsInMemory, DrawStore, in_columns

CHUNK = 20


def opened(place, draws, resume=True, overwrite=False, seed=1):
    store = DrawStore(place / "out", {"seed": seed}, draws)
    store.open(resume=resume, overwrite=overwrite)
    return store


def drawn(first, past):
    """Two cases with three keys each; the first key of the first case is the draw's number."""
    values = np.zeros((past - first, 2, 3), dtype=np.int64)
    values[:, 0, 0] = np.arange(first, past)
    return in_columns(values)


def test_what_is_kept_is_not_drawn_again_and_comes_back_in_order(tmp_path):
    store = opened(tmp_path, 41)
    assert store.missing() == [(0, 41)]
    store.keep(20, drawn(20, 33))
    again = opened(tmp_path, 41)
    assert again.missing() == [(0, 20), (33, 41)]
    again.keep(33, drawn(33, 41))
    again.keep(0, drawn(0, 20))
    assert again.missing() == []
    assert again.values(0, 0, 1)[:, 0].tolist() == list(range(41))
    assert again.values(1, 1, 3).shape == (41, 2)
    in_order = [(first, len(values)) for first, values in again.each_chunk()]
    assert in_order == [(0, 20), (20, 13), (33, 8)]


def test_a_run_is_continued_to_more_draws(tmp_path):
    store = opened(tmp_path, 25)
    store.keep(0, drawn(0, 20))
    store.keep(20, drawn(20, 25))
    assert opened(tmp_path, 60).missing() == [(25, 60)]


def test_a_run_is_continued_to_fewer_draws(tmp_path):
    store = opened(tmp_path, 40)
    store.keep(0, drawn(0, 20))
    store.keep(20, drawn(20, 40))
    fewer = opened(tmp_path, 3)
    assert fewer.missing() == []
    assert fewer.values(0, 0, 1)[:, 0].tolist() == [0, 1, 2]
    assert [values[:, 0, 0].tolist() for _, values in fewer.each_chunk()] == [[0, 1, 2]]


def test_a_piece_half_written_does_not_count(tmp_path):
    store = opened(tmp_path, CHUNK)
    (store.folder / ".0.partial").write_bytes(b"half")
    assert opened(tmp_path, CHUNK).missing() == [(0, 20)]


@pytest.mark.parametrize("largest", [2**31 - 1, 2**31, 2**62])
def test_every_value_comes_back_and_so_does_none(tmp_path, largest):
    """Values that fit into 32 bits are kept in these."""
    values = np.array([[[UNDEFINED, -largest, largest]], [[0, 1, UNDEFINED]]])
    for store in (opened(tmp_path, 2), DrawsInMemory(2)):
        store.keep(0, in_columns(values))
        assert store.values(0, 0, 3).tolist() == values[:, 0].tolist()
    assert in_columns(values).dtype == (np.int32 if largest < 2**31 else np.int64)


def test_draws_of_another_seed_are_neither_used_nor_thrown_away(tmp_path):
    store = opened(tmp_path, CHUNK)
    store.keep(0, drawn(0, CHUNK))
    with pytest.raises(UsageError, match="its seed is 1, and now it is 2"):
        opened(tmp_path, CHUNK, seed=2)
    with pytest.raises(UsageError, match="interrupted run"):
        opened(tmp_path, CHUNK, resume=False)
    assert opened(tmp_path, CHUNK).missing() == []
    assert opened(tmp_path, CHUNK, resume=False, overwrite=True, seed=2).missing() == [(0, 20)]


def test_an_error_before_the_first_piece_leaves_nothing_and_one_after_it_leaves_all(tmp_path):
    store = opened(tmp_path, CHUNK)
    with pytest.raises(RuntimeError), store.kept():
        raise RuntimeError
    assert not store.folder.exists()
    store = opened(tmp_path, CHUNK)
    store.keep(0, drawn(0, CHUNK))
    with pytest.raises(RuntimeError), store.kept():
        raise RuntimeError
    assert store.folder.exists()
