"""What many draws say: mean, standard error, middle nine tenths; whole numbers all the way."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import isqrt

import numpy as np
from numpy.typing import NDArray

from admissions.simulation.measures import UNDEFINED

Values = NDArray[np.int64]


@dataclass(frozen=True)
class Summary:
    """A measure over the draws that have a value for it, in the measure's smallest step.

    ``p5`` and ``p95``: nearest rank, the smallest value that at least 5 (95) per cent of the draws
    do not exceed; None, as ``mean``, where no draw has a value. ``se`` is the standard error of the
    mean, how far it may be from that of endlessly many draws, cut to ten-thousandths of a step;
    None where there are fewer than two draws. The range does not shrink with more draws, the error
    does; neither says how far an assumption may be wrong.
    """

    draws: int
    mean: Fraction | None
    p5: int | None
    p95: int | None
    se: Fraction | None = None


@dataclass(frozen=True)
class Difference(Summary):
    """A measure minus that of the scenario it is held against, draw by draw.

    ``above`` and ``below``: in how many draws it is more, or less; in the rest it is the same.
    """

    above: int = 0
    below: int = 0


def summary(values: Values) -> Summary:
    """The summary of one key's ``values``, int64 (draws,), ``UNDEFINED`` where there is none."""
    known = np.sort(values[values != UNDEFINED])
    count = len(known)
    if not count:
        return Summary(0, None, None, None)
    mean = Fraction(int(known.sum()), count)
    ends = _nearest_rank(known, 5), _nearest_rank(known, 95)
    return Summary(count, mean, *ends, _standard_error(known, mean))


_PARTS = 10_000
"""A standard error is told in so many parts of a step."""


def _standard_error(known: Values, mean: Fraction) -> Fraction | None:
    """The square root of the variance (of n - 1) over n; deviations from a whole number near."""
    n = len(known)
    if n < 2:
        return None
    apart = known - int(mean)
    squares = n * int((apart * apart).sum()) - int(apart.sum()) ** 2
    return Fraction(isqrt(squares * _PARTS**2 // (n * n * (n - 1))), _PARTS)


def difference(values: Values, reference: Values) -> Difference:
    """The difference of one key's ``values`` from the ``reference``, paired draw by draw."""
    both = (values != UNDEFINED) & (reference != UNDEFINED)
    apart = values[both] - reference[both]
    of = summary(apart)
    above, below = int((apart > 0).sum()), int((apart < 0).sum())
    return Difference(of.draws, of.mean, of.p5, of.p95, of.se, above, below)


def _nearest_rank(ordered: Values, percent: int) -> int:
    return int(ordered[-(-percent * len(ordered) // 100) - 1])


def decimal(value: Fraction | int, stored: int, shown: int) -> str:
    """``value`` in steps of 10**-``stored``, written with ``shown`` decimals, half away from 0."""
    scaled = Fraction(value) * 10**shown / 10**stored
    whole = (2 * abs(scaled.numerator) + scaled.denominator) // (2 * scaled.denominator)
    digits = f"{whole:0{shown + 1}d}"
    text = f"{digits[:-shown]}.{digits[-shown:]}" if shown else digits
    return f"-{text}" if scaled < 0 and whole else text
