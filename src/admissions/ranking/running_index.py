"""Counts rows within their groups, in an order: who is number one, two, three of a service."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from admissions.model.facts import Numbers
from admissions.model.sorting import in_order


def running_index(groups: Numbers, order: NDArray[np.int64]) -> Numbers:
    """Each row's index (0, 1, 2 …) among the rows of its group that stand before it in ``order``.

    ``groups`` has shape (n,); rows not in ``order`` get 0.
    """
    index = np.zeros(len(groups), dtype=np.int64)
    grouped = order[in_order(groups[order])]
    codes = groups[grouped]
    starts = np.flatnonzero(np.append(True, codes[1:] != codes[:-1])) if len(codes) else codes
    sizes = np.diff(np.append(starts, len(codes)))
    index[grouped] = np.arange(len(codes)) - np.repeat(starts, sizes)
    return index
