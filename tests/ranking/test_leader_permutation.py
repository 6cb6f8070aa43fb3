"""What leaders may do to an order, by its definition, person by person."""

from __future__ import annotations

import random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from admissions.ranking.leaders import leader_ranks, permuted
from admissions.ranking.running_index import running_index

rows = st.lists(
    st.tuples(
        st.integers(-1, 3),  # service
        st.integers(0, 2),  # block of equals
        st.one_of(st.just(-1), st.integers(1, 4)),  # rank stated by the leader
        st.booleans(),  # qualified
    ),
    max_size=12,
)


def column(values: list[int]) -> np.ndarray:
    return np.array(values, dtype=np.int64)


@given(rows)
def test_every_service_keeps_its_places_and_fills_them_as_its_leader_wants(
    people: list[tuple[int, int, int, bool]],
) -> None:
    service = column([p[0] for p in people])
    block = column([p[1] for p in people])
    wish = column([p[2] if p[0] >= 0 else -1 for p in people])
    order = column(sorted(range(len(people)), key=lambda n: (people[n][1], n)))
    moved = permuted(order, block, service, wish)
    assert service[moved].tolist() == service[order].tolist()
    assert block[moved].tolist() == block[order].tolist()
    for staff in set(service.tolist()):
        for equals in set(block.tolist()):
            own = [n for n in order.tolist() if service[n] == staff and block[n] == equals]
            named = sorted((n for n in own if wish[n] > 0), key=lambda n: wish[n])
            unnamed = [n for n in own if wish[n] < 0]
            now = [n for n in moved.tolist() if service[n] == staff and block[n] == equals]
            assert now == named + unnamed


@given(rows)
def test_leaders_rank_only_own_qualified_staff_and_without_gaps(
    people: list[tuple[int, int, int, bool]],
) -> None:
    service = column([p[0] for p in people])
    stated = column([p[2] for p in people])
    qualified = np.array([p[3] for p in people], dtype=np.bool_)
    ranks = leader_ranks(stated, service, qualified)
    for staff in set(service.tolist()):
        own = [n for n in range(len(people)) if service[n] == staff]
        named = [n for n in own if staff >= 0 and qualified[n] and stated[n] > 0]
        in_order = sorted(named, key=lambda n: (stated[n], n))
        assert [ranks[n] for n in in_order] == list(range(1, len(named) + 1))
        assert all(ranks[n] == -1 for n in own if n not in named)


@given(st.lists(st.integers(0, 4), max_size=15), st.randoms(use_true_random=False))
def test_an_index_counts_those_of_the_group_who_stand_before(
    groups: list[int], draw: random.Random
) -> None:
    order = list(range(len(groups)))
    draw.shuffle(order)
    order = order[: len(order) * 2 // 3]
    index = running_index(column(groups), column(order))
    for place, row in enumerate(order):
        assert index[row] == sum(groups[before] == groups[row] for before in order[:place])
