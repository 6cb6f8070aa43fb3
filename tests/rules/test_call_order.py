"""France's call order against its definition, one place at a time."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from admissions.rules.minimum_share import call_order


def by_definition(order: list[int], shares: list[tuple[set[int], int]]) -> list[int]:
    """At each place the best who counts for the first share that is short, and for the others too,
    as far as anybody does.
    """
    called: list[int] = []
    while len(called) < len(order):
        able = left = [row for row in order if row not in called]
        for members, percent in shares:
            count = len([row for row in called if row in members])
            both = [row for row in able if row in members]
            if both and 100 * count < percent * (len(called) + 1):
                able = both
        called.append(able[0] if able else left[0])
    return called


@st.composite
def cases(draw: st.DrawFn) -> tuple[list[int], list[tuple[set[int], int]]]:
    n = draw(st.integers(0, 14))
    order = draw(st.permutations(range(n)))
    group = st.sets(st.integers(0, max(n - 1, 0))) if n else st.just(set[int]())
    return order, draw(st.lists(st.tuples(group, st.integers(1, 100)), min_size=1, max_size=3))


def call(order: list[int], shares: list[tuple[set[int], int]]) -> list[int]:
    rows = np.array(order, dtype=np.int64)
    flags = [(np.isin(np.arange(len(order)), sorted(m)), percent) for m, percent in shares]
    before = rows.copy()
    called = call_order(rows, flags)
    assert (rows == before).all()
    return [int(row) for row in called]


@given(cases())
def test_equals_the_definition(case: tuple[list[int], list[tuple[set[int], int]]]) -> None:
    order, shares = case
    assert call(order, shares) == by_definition(order, shares)


@given(cases())
def test_every_prefix_keeps_a_single_share_while_it_lasts(
    case: tuple[list[int], list[tuple[set[int], int]]],
) -> None:
    order, shares = case
    members, percent = shares[0]
    called = call(order, [(members, percent)])
    assert sorted(called) == sorted(order)
    for length in range(1, len(called) + 1):
        count = len(members & set(called[:length]))
        assert 100 * count >= percent * length or count == len(members & set(order))


def test_one_in_five() -> None:
    """20 %: the first place already asks for 100 · 0 ≥ 20 · 1, so a member is called first."""
    assert call([0, 1, 2, 3, 4, 5, 6], [({5, 6}, 20)]) == [5, 0, 1, 2, 3, 6, 4]


def test_without_anybody_left_the_order_goes_on() -> None:
    assert call([0, 1, 2], [({2}, 100)]) == [2, 0, 1]


def test_of_two_shares_the_first_named_wins() -> None:
    assert call([0, 1, 2], [({2}, 50), ({1}, 50)]) == [2, 1, 0]
    assert call([0, 1, 2], [({1}, 50), ({2}, 50)]) == [1, 2, 0]


def test_where_two_shares_are_short_the_next_in_line_counts_for_the_first_named_only() -> None:
    """Row 0 is in the first share, row 1 in the second; neither is in both: 0 is called first."""
    assert call([0, 1], [({0}, 50), ({1}, 50)]) == [0, 1]
    assert call([0, 1], [({1}, 50), ({0}, 50)]) == [1, 0]


def test_where_two_shares_are_short_who_counts_for_both_is_called() -> None:
    """3 is in both: it comes before 1 and 2, who are ahead of it and in one each."""
    assert call([0, 1, 2, 3], [({1, 3}, 50), ({2, 3}, 50)]) == [3, 0, 1, 2]


def test_members_keep_their_order_among_themselves() -> None:
    assert call([3, 1, 2, 0], [({0, 1, 2, 3}, 30)]) == [3, 1, 2, 0]
