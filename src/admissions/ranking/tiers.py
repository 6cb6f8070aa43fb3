"""Sector tiers: which sectors come before which, as the first columns of a table say it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile

import numpy as np
from numpy.typing import NDArray

from admissions.model.facts import Numbers
from admissions.model.sorting import dense
from admissions.rulebooks.rulebook import Version
from admissions.rules.base import Rule


def sector_tiers(version: Version, cells: Mapping[str, Numbers], rows: int) -> Numbers:
    """The sector tier of each of so many ``rows``, 0 = the first, shape (rows,).

    Whoever is equal in all leading criteria that put sectors into tiers is in the same one; all are
    in one tier where the rulebook does not begin with such a criterion.
    """
    columns = [cells[rule.id] for rule in _leading(version)]
    if not columns:
        return np.zeros(rows, dtype=np.int64)
    return dense(*(-column for column in columns))


def cut_where_another_begins(
    order: NDArray[np.int64], codes: Sequence[Numbers]
) -> list[NDArray[np.int64]]:
    """``order`` (rows, first rank first) cut where one of ``codes`` changes: a tier, a round."""
    changes = np.zeros(max(len(order) - 1, 0), dtype=np.bool_)
    for code in codes:
        changes |= np.diff(code[order]) != 0
    return np.split(order, np.flatnonzero(changes) + 1)


def _leading(version: Version) -> Iterator[Rule]:
    return takewhile(lambda rule: rule.by_sector, version.criteria)
