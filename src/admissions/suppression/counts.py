"""Counts of people, and everything that ties them together: what a reader can calculate with."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field

Cell = Hashable
"""The name of one count: a text, or a tuple such as (table, row, column, scenario)."""


@dataclass(frozen=True)
class Sum:
    """``total`` is the sum of ``parts``, as every reader knows."""

    total: Cell
    parts: tuple[Cell, ...]


@dataclass(frozen=True)
class Counts:
    """The counts of one publication: all its tables at once, of all its scenarios.

    - ``values``: each cell's number of people, whole and not negative, totals included;
    - ``sums``: how cells add up, within a table, between tables and between scenarios;
    - ``together``: cells that share their fate (the same cell under each scenario): where one is
      hidden, all are but zeros;
    - ``derivable``: cells that are not printed but can be worked out from others (those who kept
      their seat, where who had one and who lost it are printed);
    - ``most`` and ``least``: what every reader knows that a cell cannot exceed (as many hold a seat
      as there are seats), or fall below; no further bound where a cell is not named;
    - ``known``: cells that were published before: they cannot be hidden any more;
    - ``withheld``: cells that are not printed, and were hidden where they were published before;
    - ``between``: cells that are not printed and only bound others (how many more one count is than
      another): what they are may become known.

    Raises ValueError for a negative count, one beyond its bound, a sum that is not true, or a cell
    without a value.
    """

    values: Mapping[Cell, int]
    sums: Sequence[Sum] = ()
    together: Sequence[Collection[Cell]] = ()
    derivable: Collection[Cell] = frozenset()
    most: Mapping[Cell, int] = field(default_factory=dict)
    least: Mapping[Cell, int] = field(default_factory=dict)
    known: Collection[Cell] = frozenset()
    withheld: Collection[Cell] = frozenset()
    between: Collection[Cell] = frozenset()

    def __post_init__(self) -> None:
        self._refuse_unknown()
        for cell, value in self.values.items():
            if value < 0:
                raise ValueError(f"{cell!r} counts {value} people; expected 0 or more")
        for stated in self.sums:
            got = sum(self.values[part] for part in stated.parts)
            if got != self.values[stated.total]:
                raise ValueError(
                    f"the parts of {stated.total!r} add up to {got}, "
                    f"not to its {self.values[stated.total]}"
                )
        for cell, most in self.most.items():
            if self.values[cell] > most:
                raise ValueError(f"{cell!r} counts {self.values[cell]} people; at most {most} can")
        for cell, least in self.least.items():
            if self.values[cell] < least:
                raise ValueError(f"{cell!r} counts {self.values[cell]} people; at least {least} do")

    def _refuse_unknown(self) -> None:
        for stated in self.sums:
            for cell in (stated.total, *stated.parts):
                if cell not in self.values:
                    raise ValueError(f"{cell!r} stands in a sum and has no value")
        unprinted = {*self.derivable, *self.withheld, *self.between}
        grouped = (cell for group in self.together for cell in group)
        for cell in (*unprinted, *grouped, *self.most, *self.least, *self.known):
            if cell not in self.values:
                raise ValueError(f"{cell!r} has no value")
        for cell in self.known:
            if cell in unprinted:
                raise ValueError(f"{cell!r} was published, and is not printed")


def crossed(
    name: Hashable, counts: Mapping[tuple[str, str], int], total: str = "total"
) -> tuple[dict[Cell, int], list[Sum]]:
    """A table of rows by columns with its totals, as cells (name, row, column) and their sums.

    ``counts`` has every pair of a row and a column. The row and the column of sums are called
    ``total``.
    """
    rows = list(dict.fromkeys(row for row, _ in counts))
    columns = list(dict.fromkeys(column for _, column in counts))
    values: dict[Cell, int] = {
        (name, row, column): counts[row, column] for row in rows for column in columns
    }
    sums = [Sum((name, row, total), tuple((name, row, c) for c in columns)) for row in rows]
    sums += [
        Sum((name, total, c), tuple((name, row, c) for row in rows)) for c in (*columns, total)
    ]
    for stated in sums:
        values[stated.total] = sum(values[part] for part in stated.parts)
    return values, sums
