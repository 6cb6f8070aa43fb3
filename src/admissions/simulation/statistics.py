"""What many draws say: mean, middle nine tenths, and a test on pairs; whole numbers all the way."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from admissions.simulation.measures import UNDEFINED

Values = NDArray[np.int64]


@dataclass(frozen=True)
class Summary:
    """A measure over the draws that have a value for it, in the measure's smallest step.

    ``p5`` and ``p95``: nearest rank, the smallest value that at least 5 (95) per cent of the draws
    do not exceed; None, as ``mean``, where no draw has a value.
    """

    draws: int
    mean: Fraction | None
    p5: int | None
    p95: int | None


@dataclass(frozen=True)
class Difference(Summary):
    """A measure minus that of the first scenario, draw by draw.

    ``above`` and ``below``: in how many draws it is more, or less; in the rest it is the same.
    ``p_value``: of the exact sign test: how likely a split of the draws that differ at least as
    uneven would be, were more and less equally likely; 1 where none differs. The test asks nothing
    of the values' distribution, and most of them are counts with many equal pairs.
    """

    above: int
    below: int
    p_value: Fraction


def summary(values: Values) -> Summary:
    """The summary of one key's ``values``, int64 (draws,), ``UNDEFINED`` where there is none."""
    known = np.sort(values[values != UNDEFINED])
    count = len(known)
    if not count:
        return Summary(0, None, None, None)
    return Summary(
        count, Fraction(int(known.sum()), count), _nearest_rank(known, 5), _nearest_rank(known, 95)
    )


def difference(values: Values, reference: Values) -> Difference:
    """The difference of one key's ``values`` from the ``reference``, paired draw by draw."""
    both = (values != UNDEFINED) & (reference != UNDEFINED)
    apart = values[both] - reference[both]
    of = summary(apart)
    above, below = int((apart > 0).sum()), int((apart < 0).sum())
    return Difference(of.draws, of.mean, of.p5, of.p95, above, below, sign_test(above, below))


def _nearest_rank(ordered: Values, percent: int) -> int:
    return int(ordered[-(-percent * len(ordered) // 100) - 1])


@lru_cache(maxsize=4096)
def sign_test(above: int, below: int) -> Fraction:
    """The two-sided p-value of the exact sign test (Arbuthnot 1710): twice the smaller tail."""
    n, fewer = above + below, min(above, below)
    ways, tail = 1, 0
    for k in range(fewer + 1):
        tail += ways
        ways = ways * (n - k) // (k + 1)
    return min(Fraction(1), Fraction(2 * tail, 2**n))


def decimal(value: Fraction | int, stored: int, shown: int) -> str:
    """``value`` in steps of 10**-``stored``, written with ``shown`` decimals, half away from 0."""
    scaled = Fraction(value) * 10**shown / 10**stored
    whole = (2 * abs(scaled.numerator) + scaled.denominator) // (2 * scaled.denominator)
    digits = f"{whole:0{shown + 1}d}"
    text = f"{digits[:-shown]}.{digits[-shown:]}" if shown else digits
    return f"-{text}" if scaled < 0 and whole else text
