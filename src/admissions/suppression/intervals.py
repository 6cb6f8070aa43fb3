"""What a reader can conclude of a hidden count from everything published: its feasible interval."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import numpy as np
from numpy.typing import NDArray

from admissions.model.facts import Flags, Numbers
from admissions.suppression.counts import Cell, Counts

SMALL = 4
"""A count from 1 to this is hidden."""

SPAN = 5
"""How many people a hidden count must leave open: its largest less its smallest possible value."""


class System:
    """The counts as n unknowns and their sums as m equations, ``matrix @ x == 0``.

    ``value``: int64 (n,), the true counts; ``printed``: bool (n,), those that can be hidden or
    shown; ``known``: bool (n,), those that are out; ``protected``: bool (n,), those not printed
    whose interval must be wide all the same; ``narrow``: bool (n,), those that everybody knows to
    be ``SPAN`` at most, as parts of such are: hidden whatever they are, zeros too, so that nothing
    is told beyond what everybody knows. A reader knows that counts are whole, and that a hidden one
    is at least ``lowest``, which is 1, as other zeros are shown, and at most ``highest``, float64
    (n,), infinite where no bound is known.
    """

    def __init__(self, counts: Counts) -> None:
        from scipy.sparse import csr_array  # SciPy takes longer to load than a round to allocate

        self.cells: tuple[Cell, ...] = tuple(counts.values)
        self.place = {cell: n for n, cell in enumerate(self.cells)}
        self.value: Numbers = np.array(list(counts.values.values()), dtype=np.int64)
        derivable, withheld, between, known = (
            np.array([cell in named for cell in self.cells], dtype=np.bool_)
            for named in map(set, (counts.derivable, counts.withheld, counts.between, counts.known))
        )
        small = (self.value >= 1) & (self.value <= SMALL)
        self.known: Flags = known
        self.printed: Flags = ~(derivable | withheld | between | known)
        self.protected: Flags = withheld | (derivable & small)
        self.highest: NDArray[np.float64] = np.array(
            [counts.most.get(cell, np.inf) for cell in self.cells], dtype=np.float64
        )
        self.narrow: Flags = self.printed & self._bounded(counts)
        told = (self.printed | withheld) & (self.value > 0) & ~self.narrow
        self.lowest: Numbers = np.where(told, 1, 0)
        for cell, least in counts.least.items():
            self.lowest[self.place[cell]] = max(self.lowest[self.place[cell]], least)
        entries = [
            (row, self.place[cell], sign)
            for row, stated in enumerate(counts.sums)
            for sign, cells in ((-1, (stated.total,)), (1, stated.parts))
            for cell in cells
        ]
        rows, columns, signs = zip(*entries, strict=True) if entries else ((), (), ())
        self.matrix = csr_array(
            (np.array(signs, dtype=np.float64), (rows, columns)),
            shape=(len(counts.sums), len(self.cells)),
        )

    def _bounded(self, counts: Counts) -> Flags:
        """The cells that can be somebody, and ``SPAN`` people at most, as everybody knows."""
        bound = self.highest.copy()
        for _ in counts.sums:
            before = bound.copy()
            for stated in counts.sums:
                for part in stated.parts:
                    at = self.place[part]
                    bound[at] = min(bound[at], bound[self.place[stated.total]])
            if (bound == before).all():
                break
        found: Flags = (bound >= 1) & (bound <= SPAN)
        return found

    def unknown(self, hidden: Flags) -> Flags:
        """The cells that nobody is told where the ``hidden`` ones are not shown, bool (n,)."""
        found: Flags = (hidden | ~self.printed) & ~self.known
        return found

    def tied(self, free: NDArray[np.intp]) -> Numbers:
        """For each of the unknown cells ``free`` a number: equal where sums tie cells together.

        What is known cuts the ties, so that few cells have to be looked at for one.
        """
        from scipy.sparse import csr_array, hstack, vstack
        from scipy.sparse.csgraph import connected_components

        part = self.matrix[:, free]
        sums = part.shape[0]
        graph = vstack(
            [hstack([csr_array((sums, sums)), part]), csr_array((len(free), sums + len(free)))]
        )
        found: Numbers = connected_components(graph, directed=False)[1][sums:]
        return found

    def farthest(self, free: NDArray[np.intp], cell: int, sign: int) -> Numbers:
        """The values of ``free`` that put ``cell`` farthest up or down.

        ``free`` are the unknown cells that are tied to ``cell``, in order. No further than ``SPAN``
        from its true value. ``sign`` is 1 (up) or -1 (down).
        """
        from scipy.optimize import Bounds, LinearConstraint, milp

        at = int(np.searchsorted(free, cell))
        low = self.lowest[free].astype(np.float64)
        high = self.highest[free]
        low[at] = max(low[at], self.value[cell] - SPAN)
        high[at] = min(high[at], self.value[cell] + SPAN)
        aim = np.zeros(len(free))
        aim[at] = -sign
        part = self.matrix[:, free]
        part = part[np.diff(part.indptr) > 0]
        known = part @ self.value[free].astype(np.float64)
        found = milp(
            aim,
            integrality=np.ones(len(free)),
            bounds=Bounds(low, high),
            constraints=LinearConstraint(part, known, known) if part.shape[0] else (),
        )
        if found.x is None:
            raise RuntimeError(f"no bound found for {self.cells[cell]!r}: {found.message}")
        values: Numbers = np.rint(found.x).astype(np.int64)
        return values

    def all_wide(self, hidden: Flags, cells: Iterable[int], span: Numbers) -> int | None:
        """The first of ``cells`` whose interval spans less than its ``span``; None if none does.

        ``span`` is int64 (n,). A solution found for one cell bounds the others too, which are not
        asked for again.
        """
        free = np.flatnonzero(self.unknown(hidden))
        ties = self.tied(free)
        least, most = self.value.copy(), self.value.copy()
        for cell in cells:
            near = free[ties == ties[np.searchsorted(free, cell)]]
            for sign in (1, -1):
                if most[cell] - least[cell] >= span[cell]:
                    break
                found = self.farthest(near, cell, sign)
                least[near] = np.minimum(least[near], found)
                most[near] = np.maximum(most[near], found)
            if most[cell] - least[cell] < span[cell]:
                return cell
        return None


def feasible_interval(counts: Counts, hidden: Collection[Cell], cell: Cell) -> tuple[int, int]:
    """The least and the most that ``cell`` can be, given all that is published but ``hidden``.

    By whole-number linear programming (HiGHS), looking no further than ``SPAN`` from the true
    value to each side. For a cell that is published both are its value.
    """
    system = System(counts)
    place = system.place[cell]
    unknown = system.unknown(np.array([name in hidden for name in system.cells], dtype=np.bool_))
    if not unknown[place]:
        return int(system.value[place]), int(system.value[place])
    free = np.flatnonzero(unknown)
    at = int(np.searchsorted(free, place))
    low, high = (int(system.farthest(free, place, sign)[at]) for sign in (-1, 1))
    return low, high
