"""Sainte-Laguë's quotients, ordered exactly."""

from __future__ import annotations

import numpy as np

from admissions.model.facts import Numbers

_BITS = 31


def sainte_lague(sizes: Numbers, index: Numbers) -> Numbers:
    """The dense rank of the fraction size / (2·index + 1), shape (n,); 1 = the smallest.

    Sizes are 0 … 2^31 - 1, indices 0 … 2^30 - 1. Whole numbers throughout:

    1. Write each fraction as its whole part and two binary digits of 31 bits, by long division.
       Two different fractions with denominators under 2^31 lie more than 2^-62 apart, so these
       digits put them in order; equal fractions have equal digits.
    2. Multiply neighbours crosswise: only a true step up is a new rank.

    Sainte-Laguë's divisors 1, 3, 5 …: Balinski and Young, *Fair Representation* (2001).
    Cost n log n.
    """
    divisors = 2 * index + 1
    whole, rest = np.divmod(sizes, divisors)
    high, rest = np.divmod(rest << _BITS, divisors)
    order = np.lexsort(((rest << _BITS) // divisors, high, whole))
    size, divisor = sizes[order], divisors[order]
    rank = np.ones(len(order), dtype=np.int64)
    rank[order[1:]] += np.cumsum(size[1:] * divisor[:-1] > size[:-1] * divisor[1:])
    return rank
