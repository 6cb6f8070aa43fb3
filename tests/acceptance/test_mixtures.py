"""The program's own proven plan never fails its own check, whatever limits meet which objectives.

A part of ``many_mixtures``: each of its 66 mixtures once.
"""

from __future__ import annotations

from collections import Counter

import pytest

from tests.acceptance.many_mixtures import LIMITS, MIXTURES, ORDERS, one_round


def test_there_is_a_mixture_for_each_limit_and_each_order() -> None:
    assert len(MIXTURES) == len(LIMITS) * len(ORDERS) == 66


@pytest.mark.parametrize("order", range(len(ORDERS)))
def test_a_plan_keeps_what_it_promises_in_every_mixture(order: int) -> None:
    """At least half of the rounds are proven, or little would have been tried."""
    numbers = range(order, len(MIXTURES), len(ORDERS))
    endings = Counter(one_round(number) for number in numbers)
    assert endings["proven"] >= len(numbers) / 2
