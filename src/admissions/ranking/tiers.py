"""Sector tiers: which sectors come before which, as the first columns of a table say it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import takewhile

import numpy as np
from numpy.typing import NDArray

from admissions.model.facts import Numbers
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
    tiers = np.unique(-np.column_stack(columns), axis=0, return_inverse=True)[1]
    return tiers.reshape(-1).astype(np.int64)


def by_tier(order: NDArray[np.int64], tier: Numbers) -> list[NDArray[np.int64]]:
    """``order`` (rows, first rank first) cut where another tier begins."""
    begins = np.flatnonzero(np.diff(tier[order])) + 1
    return np.split(order, begins)


def _leading(version: Version) -> Iterator[Rule]:
    return takewhile(lambda rule: rule.by_sector, version.criteria)
