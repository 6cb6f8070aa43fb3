"""The figures of a simulation's folder, looked up by name, and remembered once used."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

from admissions.model.errors import DataError
from docs.made.findings_assumed import DRAWS, read_assumed

COLUMNS = (
    "kind", "scenario", "measure", "offering", "group", "against", "unit", "mean", "se", "p5",
    "p95", "low", "high",
)  # fmt: skip
"""The columns of ``docs/findings/figures.csv``; ``kind`` is ``measure`` or ``difference``.

``low`` and ``high``: what the assumptions about people and answers leave open.
"""

_NAME = COLUMNS[:5]
CHANCE = "≈ "
HARDLY = Decimal("1.25")
"""Brackets that are at most so many times as wide as chance makes them are not told from it.

Their ends are quantiles of 80 designs, and known to some ten per cent themselves.
"""

_NINE_TENTHS = Decimal("1.645")
"""So many standard deviations to each side of a mean hold nine tenths of what chance gives."""


@dataclass(frozen=True)
class FoundFigure:
    """A mean over the draws, or a difference, with what chance and assumptions do to it.

    ``p5``, ``p95``: from round to round; ``low``, ``high``: the means that other values of the
    assumptions give, each over a design's draws; ``by_chance``: how far apart those draws alone
    would put the two.
    """

    unit: str
    mean: Decimal
    p5: Decimal
    p95: Decimal
    signed: bool
    low: Decimal
    high: Decimal
    by_chance: Decimal = Decimal(0)

    def __str__(self) -> str:
        low, high = self._told(self.p5, exact=True), self._told(self.p95, exact=True)
        return f"{self.short} ({low} to {high}) {self.assumed}"

    @property
    def assumed(self) -> str:
        """What the assumptions leave open, in square brackets; marked where chance may be all."""
        low, high = self._told(self.low, exact=False), self._told(self.high, exact=False)
        return f"[{CHANCE if self.is_chance and low != high else ''}{low} to {high}]"

    @property
    def is_chance(self) -> bool:
        """Whether the brackets are hardly wider than the draws of a design make them by chance."""
        return self.high - self.low <= self.by_chance * HARDLY

    @property
    def about(self) -> str:
        """The mean to three digits: "14,700"."""
        digits = max(0, self.mean.adjusted() - 2)
        return f"{int(round(self.mean, -digits)):,}"

    @property
    def short(self) -> str:
        """The mean alone."""
        return self._told(self.mean, exact=False)

    def _told(self, value: Decimal, *, exact: bool) -> str:
        decimals = {"percent": 1, "tau": 2}.get(self.unit, 0 if exact else 1)
        step = Decimal(1).scaleb(-decimals)
        rounded = value.quantize(step, rounding=ROUND_HALF_UP)
        text = f"{abs(rounded):,}"
        if rounded < 0:
            return f"−{text}"
        return f"+{text}" if self.signed and rounded else text


class Figures:
    """All figures by name; those that were looked up are remembered, in order of first use."""

    def __init__(self, rows: Iterable[Mapping[str, str]], draws: int) -> None:
        self._more = Decimal(draws) / DRAWS
        self._rows = {tuple(row[name] for name in _NAME): row for row in rows}
        self._used: dict[tuple[str, ...], Mapping[str, str]] = {}

    def mean(
        self, scenario: str, measure: str, offering: str = "all", group: str = "all"
    ) -> FoundFigure:
        """A measure under a scenario. Raises DataError where the simulation has none."""
        return self._figure("measure", scenario, measure, offering, group)

    def difference(
        self, scenario: str, measure: str, offering: str = "all", group: str = "all"
    ) -> FoundFigure:
        """How a measure differs from that of what the scenario is held against, draw by draw."""
        return self._figure("difference", scenario, measure, offering, group)

    def used(self) -> list[Sequence[str]]:
        """The rows that were looked up, under ``COLUMNS``."""
        return [[row[name] for name in COLUMNS] for row in self._used.values()]

    def _figure(self, *name: str) -> FoundFigure:
        row = self._rows.get(name)
        if row is None or not row["mean"] or not row["low"]:
            raise DataError(
                f"the simulation has no {' '.join(name)}. Maybe run the command that "
                "docs/findings.md shows, with all its scenarios."
            )
        self._used[name] = row
        mean, p5, p95, low, high = (
            Decimal(row[column]) for column in ("mean", "p5", "p95", "low", "high")
        )
        chance = 2 * _NINE_TENTHS * Decimal(row["se"]) * self._more.sqrt()
        return FoundFigure(row["unit"], mean, p5, p95, name[0] == "difference", low, high, chance)


def read_result(folder: Path) -> tuple[Figures, Mapping[str, Any]]:
    """The figures in a simulation's result folder, and what its ``simulation.json`` says."""
    assumed, rows = read_assumed(folder), list[Mapping[str, str]]()
    for kind in ("measure", "difference"):
        with (folder / f"{kind}s.csv").open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                named = {"against": "", **row, "kind": kind}
                ends = assumed.get(tuple(named[name] for name in _NAME), {"low": "", "high": ""})
                rows.append({**named, "low": ends["low"], "high": ends["high"]})
    run = _run(folder)
    return Figures(rows, run["draws"]), run


def read_used(folder: Path) -> tuple[Figures, Mapping[str, Any]]:
    """The figures in ``docs/findings``, and what its ``simulation.json`` says."""
    run = _run(folder)
    with (folder / "figures.csv").open(encoding="utf-8", newline="") as file:
        return Figures(csv.DictReader(file), run["draws"]), run


def _run(folder: Path) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads((folder / "simulation.json").read_text(encoding="utf-8"))
    return found
