"""Those who complete, expected exactly: so many of each offering's offered, drawn by chance."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cache
from math import comb

import numpy as np
from numpy.typing import NDArray

from admissions.allocation.run import Run

Chosen = NDArray[np.bool_]
Table33 = Mapping[str, int]


class Completers:
    """The offers of a run, and how many of each offering's offered complete.

    ``completed`` is by offering; where more completed than hold offers, all who hold one do.
    ``person`` and ``offering`` have shape (offers,): rows in ``Round.applicants``, and ids.
    """

    def __init__(self, run: Run, completed: Table33) -> None:
        held = np.flatnonzero(run.plan.held)
        names = np.array(run.problem.offerings)
        self.person = run.problem.person[held]
        self.offering = names[run.problem.offering[held]]
        self._offers = {o: int((self.offering == o).sum()) for o in run.problem.offerings}
        self._complete = {o: min(completed.get(o, 0), n) for o, n in self._offers.items()}

    def expected(self, chosen: Chosen) -> Fraction:
        """How many of the ``chosen`` offers (bool, (offers,)) are expected to be completed."""
        return sum(
            (
                Fraction(self._complete[o] * int((self.offering[chosen] == o).sum()), n)
                for o, n in self._offers.items()
                if n
            ),
            Fraction(0),
        )

    def share(self, chosen: Chosen, among: Chosen) -> Fraction:
        """The expected ``chosen`` in per cent of those ``among``; 0 where nobody is."""
        whole = self.expected(among)
        return 100 * self.expected(chosen & among) / whole if whole else Fraction(0)

    def chance(self, chosen: Chosen, reached: Callable[[int], bool]) -> Fraction:
        """The chance that the number of ``chosen`` who complete has the property ``reached``."""
        numbers = [Fraction(1)]
        for offering, offers in self._offers.items():
            count = int((self.offering[chosen] == offering).sum())
            if count:
                drawn = _drawn(offers, count, self._complete[offering])
                numbers = _sum_of(numbers, drawn)
        return sum((chance for n, chance in enumerate(numbers) if reached(n)), Fraction(0))


@cache
def _drawn(offers: int, marked: int, complete: int) -> tuple[Fraction, ...]:
    """The chances of 0, 1 … ``marked`` among ``complete`` drawn from ``offers`` without return."""
    ways = comb(offers, complete)
    return tuple(
        Fraction(comb(marked, n) * comb(offers - marked, complete - n), ways)
        if n <= complete
        else Fraction(0)
        for n in range(marked + 1)
    )


def _sum_of(one: list[Fraction], other: tuple[Fraction, ...]) -> list[Fraction]:
    chances = [Fraction(0)] * (len(one) + len(other) - 1)
    for n, a in enumerate(one):
        for m, b in enumerate(other):
            chances[n + m] += a * b
    return chances
