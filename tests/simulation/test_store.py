"""What an interrupted run keeps, and what is taken up again."""

import numpy as np
import pytest

from admissions.model.errors import UsageError
from admissions.simulation.store import CHUNK, DrawStore


def opened(place, draws, resume=True, overwrite=False, seed=1):
    store = DrawStore(place / "out", {"seed": seed}, draws)
    store.open(resume=resume, overwrite=overwrite)
    return store


def drawn(first, past):
    """Two cases with three keys each; the first key of the first case is the draw's number."""
    values = np.zeros((past - first, 2, 3), dtype=np.int64)
    values[:, 0, 0] = np.arange(first, past)
    return values


def test_what_is_kept_is_not_drawn_again_and_comes_back_in_order(tmp_path):
    store = opened(tmp_path, 2 * CHUNK + 1)
    assert store.missing() == [0, 1, 2]
    store.keep(1, drawn(CHUNK, 2 * CHUNK))
    again = opened(tmp_path, 2 * CHUNK + 1)
    assert again.missing() == [0, 2]
    again.keep(2, drawn(2 * CHUNK, 2 * CHUNK + 1))
    again.keep(0, drawn(0, CHUNK))
    assert again.missing() == []
    assert again.values(0, 0, 1)[:, 0].tolist() == list(range(2 * CHUNK + 1))
    assert again.values(1, 1, 3).shape == (2 * CHUNK + 1, 2)


def test_a_run_is_continued_to_more_draws_and_an_incomplete_chunk_drawn_again(tmp_path):
    store = opened(tmp_path, CHUNK + 5)
    store.keep(0, drawn(0, CHUNK))
    store.keep(1, drawn(CHUNK, CHUNK + 5))
    assert opened(tmp_path, 3 * CHUNK).missing() == [1, 2]


def test_a_run_is_continued_to_fewer_draws(tmp_path):
    store = opened(tmp_path, CHUNK)
    store.keep(0, drawn(0, CHUNK))
    fewer = opened(tmp_path, 3)
    assert fewer.missing() == []
    assert fewer.values(0, 0, 1)[:, 0].tolist() == [0, 1, 2]


def test_a_chunk_half_written_does_not_count(tmp_path):
    store = opened(tmp_path, CHUNK)
    (store.folder / ".0.partial").write_bytes(b"half")
    assert opened(tmp_path, CHUNK).missing() == [0]


def test_draws_of_another_seed_are_neither_used_nor_thrown_away(tmp_path):
    store = opened(tmp_path, CHUNK)
    store.keep(0, drawn(0, CHUNK))
    with pytest.raises(UsageError, match="its seed is 1, and now it is 2"):
        opened(tmp_path, CHUNK, seed=2)
    with pytest.raises(UsageError, match="interrupted run"):
        opened(tmp_path, CHUNK, resume=False)
    assert opened(tmp_path, CHUNK).missing() == []
    assert opened(tmp_path, CHUNK, resume=False, overwrite=True, seed=2).missing() == [0]


def test_an_error_before_the_first_chunk_leaves_nothing_and_one_after_it_leaves_all(tmp_path):
    store = opened(tmp_path, CHUNK)
    with pytest.raises(RuntimeError), store.kept():
        raise RuntimeError
    assert not store.folder.exists()
    store = opened(tmp_path, CHUNK)
    store.keep(0, drawn(0, CHUNK))
    with pytest.raises(RuntimeError), store.kept():
        raise RuntimeError
    assert store.folder.exists()
