"""Someone who wants to know a hidden count: a linear program of its own over all that is printed.

Shares nothing with the program but the numbers: sums are plain lists, and the intervals are those
of real numbers, which are never narrower than those of whole ones.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from itertools import product

import numpy as np
from scipy.optimize import linprog

Values = Mapping[Hashable, int]
Sums = Sequence[tuple[Hashable, Sequence[Hashable]]]


def interval(
    values: Values, sums: Sums, unknown: Collection[Hashable], least: int, cell: Hashable
) -> tuple[float, float]:
    """What ``cell`` can be, when every unknown is known to be ``least`` or more."""
    names = sorted(unknown, key=repr)
    rows, right = [], []
    for total, parts in sums:
        row, known = [0.0] * len(names), 0.0
        for name, sign in [(total, -1.0), *((part, 1.0) for part in parts)]:
            if name in unknown:
                row[names.index(name)] += sign
            else:
                known -= sign * values[name]
        rows.append(row)
        right.append(known)
    ends = []
    for sign in (1.0, -1.0):
        aim = np.array([sign * (name == cell) for name in names])
        found = linprog(aim, A_eq=rows or None, b_eq=right or None, bounds=(least, None))
        assert found.status in (0, 3), found.message
        ends.append(sign * found.fun if found.status == 0 else -sign * math.inf)
    return ends[0], ends[1]


def tables(
    values: Values, sums: Sums, hidden: Collection[Hashable], most: int
) -> Iterator[dict[Hashable, int]]:
    """Every table of whole numbers from 1 to ``most`` in the hidden cells that is consistent."""
    names = sorted(hidden, key=repr)
    for guess in product(range(1, most + 1), repeat=len(names)):
        table = {**values, **dict(zip(names, guess, strict=True))}
        if all(table[total] == sum(table[part] for part in parts) for total, parts in sums):
            yield table
