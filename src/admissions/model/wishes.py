"""Which of their wishes people hold."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

BEHIND_ALL = int(np.iinfo(np.int64).max)
"""Stands for the number of a wish, a turn or a place that there is none of: after every other."""


def best_wish(
    persons: int,
    person: NDArray[np.int64],
    preference: NDArray[np.int64],
    held: NDArray[np.bool_] | NDArray[np.int64],
) -> NDArray[np.int64]:
    """The number of the best wish that each of ``persons`` holds, ``BEHIND_ALL`` if none, (n,).

    ``person`` and ``preference`` are by application; ``held`` says which of them are held.
    """
    best = np.full(persons, BEHIND_ALL, dtype=np.int64)
    np.minimum.at(best, person[held], preference[held])
    return best
