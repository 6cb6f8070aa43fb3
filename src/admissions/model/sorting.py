"""Sorting by many columns of whole numbers as fast as by one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from admissions.model.facts import Numbers

_MOST = 2**62
"""What a packed key stays below."""


def in_order(*columns: Numbers) -> Numbers:
    """The positions of n rows, sorted by ``columns`` from left to right, smallest first.

    Each column is int64 (n,), more to the left weighs more; rows that are equal stay as they
    stand. The columns' ranges are packed into one number a row, with its position as the last
    part, so that the numbers themselves are sorted. Where one number does not hold them all, the
    columns are sorted one by one.
    """
    n = len(columns[0])
    if not n:
        return np.empty(0, dtype=np.int64)
    packed = list(_packed([*columns, np.arange(n)]))
    if len(packed) > 1:
        order: Numbers = np.lexsort(packed[::-1]).astype(np.int64)
        return order
    key = packed[0]
    key.sort()
    return key % n


def dense(*columns: Numbers) -> Numbers:
    """Each row's number among the different rows of ``columns``, sorted; int64 (n,), from 0."""
    n = len(columns[0])
    number = np.zeros(n, dtype=np.int64)
    if not n:
        return number
    packed = list(_packed(columns))
    order = in_order(*packed)
    new = np.zeros(n - 1, dtype=np.bool_)
    for key in packed:
        new |= key[order[1:]] != key[order[:-1]]
    number[order[1:]] = np.cumsum(new)
    return number


def _packed(columns: Sequence[Numbers]) -> Iterator[Numbers]:
    """Fewer columns that sort alike, each of them a new array or a column that fits no other."""
    key, most = None, 1
    for column in columns:
        low = int(column.min())
        span = int(column.max()) - low + 1
        if key is None or most * span >= _MOST:
            if key is not None:
                yield key
            key, most = (column - low, span) if span < _MOST else (column, _MOST)
            continue
        key = key * span
        key += column
        key -= low
        most *= span
    if key is not None:
        yield key
