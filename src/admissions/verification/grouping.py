"""How many, and who stands last, among those who share a group.

A group is a whole number from 0 for each application, ``key`` of shape (m,).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from admissions.model.facts import Numbers

Rows = NDArray[np.int64]


def together(one: Numbers, other: Numbers) -> Numbers:
    """The groups of those who share both, numbered densely enough to count by."""
    key = one * (int(other.max(initial=0)) + 1) + other
    if key.max(initial=0) <= 8 * len(key):
        return key
    number: Numbers = np.unique(key, return_inverse=True)[1].reshape(-1)
    return number


def count_in(key: Numbers, among: Rows, rows: Rows) -> Numbers:
    """How many of ``among`` share the group of each of ``rows``, (rows,)."""
    counts = np.bincount(key[among], minlength=int(key.max(initial=-1)) + 1)
    found: Numbers = counts[key[rows]]
    return found


def last_of(group: Numbers, place: Numbers, groups: int) -> Numbers:
    """The highest ``place`` in each of so many ``groups``, 0 where nobody is in it, (groups,).

    ``group`` and ``place`` are int64 (a,), of those who count; places from 1.
    """
    last = np.zeros(groups, dtype=np.int64)
    np.maximum.at(last, group, place)
    return last


def up_to_equals(group: Numbers, rank: Numbers) -> Numbers:
    """How many of the group of each are ranked ahead or equal, the one itself included, (n,)."""
    order = np.lexsort((rank, group))
    line, place = group[order], rank[order]
    last = np.flatnonzero(np.append((line[1:] != line[:-1]) | (place[1:] != place[:-1]), True))
    last = last[: len(line)]
    begins = np.searchsorted(line, line)
    found = np.empty(len(line), dtype=np.int64)
    found[order] = np.repeat(last, np.diff(np.append(-1, last))) + 1 - begins
    return found
