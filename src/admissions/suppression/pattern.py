"""Which cells to hide: the small ones, and as many others as it takes to keep them hidden."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from admissions.model.facts import Flags, Numbers
from admissions.suppression.counts import Cell, Counts
from admissions.suppression.intervals import SMALL, SPAN, System


def hidden_cells(counts: Counts) -> frozenset[Cell]:
    """The cells of ``counts`` to hide, so that nobody can work a small one out.

    1. Counts from 1 to ``SMALL`` are hidden, and zeros shown; but for a count that everybody knows
       to be ``SPAN`` at most, which is hidden whatever it is (``System.narrow``).
    2. While what is published leaves a hidden cell (or a withheld, or small derivable one) an
       interval of less than ``SPAN``: the cells are hidden that let it vary so much at the least
       cost, each change of a shown cell costing its value.
    3. What was hidden in step 2 is shown again, largest first, wherever the rest stays protected.
       So no cell could be shown in addition.

    Whenever a cell is hidden, all that it goes ``together`` with are, but zeros. Ends, because
    with everything hidden every count could be any multiple of itself; where a bound that
    everybody knows (``most``) forbids that, the cell is left as wide an interval as can be.

    Cost: two whole-number programs a hidden cell at most, each round of steps 2 and 3. After
    Fischetti & Salazar, "Complementary cell suppression", 2001; step 2 is Kelly's heuristic.
    """
    system = System(counts)
    groups = _groups(system, counts)
    small = (system.value >= 1) & (system.value <= SMALL)
    hidden = _spread((small | system.narrow) & system.printed, groups, system)
    first = hidden.copy()
    span = np.full(len(system.cells), SPAN)
    while (open_ := system.all_wide(hidden, _protected(system, hidden), span)) is not None:
        more = _cheapest(system, hidden, open_, int(span[open_]))
        if more is None:
            span[open_] -= 1
        else:
            hidden = _spread(hidden | more, groups, system)
    hidden = _shown_again(system, hidden, first, groups, span)
    return frozenset(system.cells[n] for n in np.flatnonzero(hidden))


def _groups(system: System, counts: Counts) -> Numbers:
    """A number a cell, int64 (n,): the same for cells that share their fate."""
    group = np.arange(len(system.cells))
    for cells in counts.together:
        places = [system.place[cell] for cell in cells]
        group[np.isin(group, group[places])] = group[places].min(initial=len(group))
    return group


def _spread(hidden: Flags, groups: Numbers, system: System) -> Flags:
    """``hidden`` and all that goes together with it, but zeros and what is not printed."""
    some = (system.value > 0) | system.narrow
    spread: Flags = np.isin(groups, groups[hidden]) & some & system.printed
    return spread


def _protected(system: System, hidden: Flags) -> list[int]:
    """The cells whose interval must be wide, smallest first: they are the likeliest to fail."""
    cells = np.flatnonzero(hidden | system.protected)
    ordered: list[int] = cells[np.argsort(system.value[cells], kind="stable")].tolist()
    return ordered


def _cheapest(system: System, hidden: Flags, cell: int, span: int) -> Flags | None:
    """The shown cells to hide so that ``cell`` can vary by ``span``, bool (n,); None if none do.

    Two tables are sought that readers could believe in, and that differ in ``cell`` by ``span``;
    each cell of a table is its true value, and so much up or down.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array, hstack, vstack

    some = (system.value > 0) | system.narrow | ~system.printed
    usable = np.flatnonzero(some & ~system.known)
    value = system.value[usable].astype(np.float64)
    shown = system.printed[usable] & ~hidden[usable]
    count = len(usable)
    part = system.matrix[:, usable]
    signed = hstack([part, -part])
    none = csr_array(signed.shape)
    apart = np.zeros(4 * count)
    at = int(np.searchsorted(usable, cell))
    apart[[at, 3 * count + at]] = 1
    apart[[count + at, 2 * count + at]] = -1
    rows = vstack([hstack([signed, none]), hstack([none, signed]), csr_array(apart[None, :])])
    limits = np.zeros(rows.shape[0])
    limits[-1] = span
    highest = np.where(np.arange(rows.shape[0]) < rows.shape[0] - 1, 0.0, np.inf)
    down = value - system.lowest[usable]
    up = np.minimum(_far(value), system.highest[usable] - value)
    found = milp(
        np.tile(np.where(shown, value, 0.0), 4),
        integrality=np.ones(4 * count),
        bounds=Bounds(np.zeros(4 * count), np.tile(np.concatenate([up, down]), 2)),
        constraints=LinearConstraint(rows, limits, highest),
    )
    if found.x is None:
        return None
    moved = np.rint(found.x).reshape(4, count).any(axis=0)
    chosen: Flags = np.zeros(len(system.cells), dtype=np.bool_)
    chosen[usable[moved & shown]] = True
    return chosen


def _far(value: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far up a cell may go: enough for a table that is a multiple of the true one."""
    return (SPAN + 1) * value + SPAN


def _shown_again(
    system: System, hidden: Flags, first: Flags, groups: Numbers, span: Numbers
) -> Flags:
    """``hidden`` without those groups beyond ``first`` that need not be."""
    extra = np.unique(groups[hidden & ~first])
    size = {int(g): int(system.value[(groups == g) & hidden].sum()) for g in extra}
    for group in sorted(size, key=lambda g: (-size[g], g)):
        fewer = hidden & (groups != group)
        if system.all_wide(fewer, _protected(system, fewer), span) is None:
            hidden = fewer
    return hidden
