"""France's call order against its definition, one place at a time (design §4)."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from admissions.rules.minimum_share import call_order


def by_definition(order: list[int], shares: list[tuple[set[int], int]]) -> list[int]:
    called: list[int] = []
    while len(called) < len(order):
        left = [row for row in order if row not in called]
        chosen = left[0]
        for members, percent in shares:
            would_be = [*called, left[0]]
            count = len([row for row in would_be if row in members])
            members_left = [row for row in left if row in members]
            if members_left and 100 * count < percent * len(would_be):
                chosen = members_left[0]
                break
        called.append(chosen)
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


def test_members_keep_their_order_among_themselves() -> None:
    assert call([3, 1, 2, 0], [({0, 1, 2, 3}, 30)]) == [3, 1, 2, 0]
