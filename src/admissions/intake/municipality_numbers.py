"""The register of municipality numbers (beside this file, with source and licence)."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_suffix(".csv")
FIRST_YEAR, LAST_YEAR = 2018, 2024
"""The years that the register covers."""

MADE_UP_FROM = "9000"
"""No county's numbers begin so: such stand for "unknown", or for made-up municipalities."""


@dataclass(frozen=True)
class Number:
    """A municipality's number, the years it held, and the numbers that took over or stood before.

    ``first_year`` is None where it held before the register begins, ``last_year`` where it still
    held when the register ends.
    """

    no: str
    name: str
    first_year: int | None
    last_year: int | None
    successors: tuple[str, ...]
    predecessors: tuple[str, ...]

    def held_in(self, year: int) -> bool:
        """Whether it was a municipality's number in ``year``."""
        begun = self.first_year is None or self.first_year <= year
        return begun and (self.last_year is None or year <= self.last_year)


@cache
def numbers() -> Mapping[str, Number]:
    """Every number of the register."""
    lines = FILE.read_text(encoding="utf-8").splitlines()
    rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    before: dict[str, list[str]] = {}
    for row in rows:
        for successor in row["successors"].split():
            before.setdefault(successor, []).append(row["municipality_no"])
    return {
        row["municipality_no"]: Number(
            row["municipality_no"],
            row["name"],
            int(row["first_year"]) if row["first_year"] else None,
            int(row["last_year"]) if row["last_year"] else None,
            tuple(row["successors"].split()),
            tuple(before.get(row["municipality_no"], ())),
        )
        for row in rows
    }


def in_year(no: str, year: int) -> tuple[Number, ...]:
    """The numbers that stood in ``year`` for the municipality of ``no``, itself if it did.

    ``[n.no for n in in_year("0101", 2024)] == ["3101"]``: Halden was 0101, 3001 and then 3101.
    Empty where nobody knows the number.
    """
    number = numbers().get(no)
    if number is None:
        return ()
    if number.held_in(year):
        return (number,)
    ended = number.last_year is not None and number.last_year < year
    following = number.successors if ended else number.predecessors
    found = {other.no: other for one in following for other in in_year(one, year)}
    return tuple(found[name] for name in sorted(found))
