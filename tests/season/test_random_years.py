"""Drawn years: no promise broken, nobody worse off. ``many_years`` plays as many as one likes."""

from __future__ import annotations

import pytest

from tests.season.random_years import play


@pytest.mark.parametrize("first", range(0, 60, 15))
def test_no_promise_is_broken_in_drawn_years(first: int) -> None:
    years = [play(seed) for seed in range(first, first + 15)]
    assert not [year.broken for year in years if year.broken]
    assert sum(year.worse_off for year in years) == 0
    assert sum(year.offers for year in years) > 20, "the years must be eventful enough to tell"
