"""How one person's rows stand to everybody else's, for every value of one fact at once.

The outcome of a rerun depends on a fact's value only through where the person's rows stand in each
prefix of the ranking columns. Values with the same standing have the same outcome, so one rerun
does for all of them.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from admissions.model.facts import Facts, Flags, Numbers
from admissions.ranking.leader_rules import first_points_criterion
from admissions.ranking.tables import RankingTable
from admissions.rulebooks.scenario import Scenario
from admissions.rules.base import Rule


@dataclass(frozen=True, eq=False)
class OwnRow:
    """The row of one person in one ranking table.

    ``fixed``: its facts are its own, and stay when the person is thought otherwise.
    """

    table: RankingTable
    row: int
    fixed: bool = False

    def clones(self, fact: str, values: NDArray[np.int64]) -> Facts:
        """The row's facts once for each of ``values``, with ``fact`` so; shape (values,)."""
        copies = self.table.facts.repeated(self.row, len(values))
        return copies if self.fixed else copies.with_value(fact, values)

    def changed(self, cells: Mapping[str, int | bool]) -> Facts:
        """The facts of the whole table with ``cells`` in this row."""
        facts, columns = self.table.facts, {}
        for name, cell in cells.items():
            if name in facts:
                columns[name] = facts.column(name).copy()
                columns[name][self.row] = cell
        return facts.with_columns(**columns)

    def otherwise(self, cells: Mapping[str, int | bool]) -> Facts:
        """The facts of this row alone with ``cells`` in it."""
        own = self.table.facts.take(np.array([self.row]))
        columns = {
            name: np.array([cell], dtype=own.column(name).dtype)
            for name, cell in cells.items()
            if name in own and not self.fixed
        }
        return own.with_columns(**columns)

    def reading(self, fact: str) -> list[Rule]:
        """The rules of the offering that read ``fact``."""
        return [rule for rule in self.table.version.rules() if fact in rule.reads()]

    def differs(self, fact: str, own: Facts) -> bool:
        """Whether a cell of the row is another with the facts ``own`` (``fact`` thought otherwise).

        Or whether it is qualified. A column that needs a whole group is taken to change.
        """
        reading = self.reading(fact)
        if any(rule.role == "group" for rule in reading):
            return True
        if self.qualified(own)[0] != self.table.qualified[self.row]:
            return True
        at = [self.table.columns.index(rule.id) for rule in reading]
        now: list[int] = self.table.cells[self.row, at].tolist()
        return [int(rule.column(own)[0]) for rule in reading] != now

    def qualified(self, clones: Facts) -> Flags:
        """Which of ``clones`` are qualified, shape (clones,)."""
        version = self.table.version
        met = np.ones(len(clones), dtype=np.bool_)
        for rule in version.requirements:
            met &= rule.column(clones) > 0
        for rule in version.criteria:
            met &= rule.qualifies(clones)
        return met

    def breaks(self, fact: str, every: Numbers) -> Numbers:
        """Where, of the rising values ``every`` of ``fact``, something else is read from it.

        The first value of each run that gives the same cells of the rules that read ``fact``, and
        by them the same qualification.
        """
        clones = self.clones(fact, every)
        reading = self.reading(fact)
        if self.fixed or not reading:
            return every[:1]
        demanding = [rule for rule in self.table.version.criteria if rule in reading]
        cells = [_column(rule, fact, clones) for rule in reading]
        qualifies = [rule.qualifies(clones).astype(np.int64) for rule in demanding]
        return every[first_of_each(np.column_stack([*cells, *qualifies]))]

    def read_beside(self, fact: str) -> tuple[object, ...]:
        """The row's facts that decide its ``breaks``, besides ``fact``."""
        names = sorted({n for rule in self.reading(fact) for n in rule.reads()} - {fact})
        facts = self.table.facts
        return tuple(facts.value(name, self.row) for name in names if name in facts)

    def place(self, fact: str, clones: Facts, scenario: Scenario) -> Numbers:
        """How many of the other qualified each of ``clones`` has ahead, shape (clones,).

        By the columns of the rules; a slot keeps the place of whoever has no colleague there. 1. In
        the line of the qualified, those that are equal in all columns before the first that reads
        ``fact``. 2. Among them, by that column. 3. Where others have the same cell there, by all
        columns. The own row is left out.
        """
        table = self.table
        rules = (*table.version.criteria, *table.version.ties)
        cells = -np.column_stack([self._cells(rule, fact, clones, scenario) for rule in rules])
        at = next((n for n, rule in enumerate(rules) if fact in rule.reads()), len(rules) - 1)
        before: list[int] = cells[0, :at].tolist()
        first = bisect_left(table.line_rows, before)
        past = bisect_right(table.line_rows, before, key=lambda row: row[:at])
        column = table.line[first:past, at]
        ahead = first + np.searchsorted(column, cells[:, at], side="left")
        upto = first + np.searchsorted(column, cells[:, at], side="right")
        for number in np.flatnonzero(ahead < upto).tolist():
            own, low, high = cells[number].tolist(), int(ahead[number]), int(upto[number])
            ahead[number] = bisect_left(table.line_rows, own, low, high)
        if not table.qualified[self.row]:
            return ahead
        columns = [table.columns.index(rule.id) for rule in rules]
        present = -table.cells[self.row, columns]
        return ahead - _before(present, cells)

    def standing(self, fact: str, clones: Facts, scenario: Scenario) -> Numbers:
        """Where each of ``clones`` stands among the other qualified, shape (clones, t + 2·c).

        First the cells of tiers, which leaders' blocks are made of, and of group columns. Then for
        each column that needs no group: how many others are ahead by the columns so far, and how
        many are equal.
        """
        rules = (*self.table.version.criteria, *self.table.version.ties)
        raw = [
            self._cells(rule, fact, clones, scenario)
            for rule in rules
            if rule.role in ("group", "tier")
        ]
        own = [rule for rule in rules if rule.role != "group"]
        return np.column_stack([*raw, *self._prefixes(own, fact, clones, scenario)])

    def _prefixes(
        self, rules: Sequence[Rule], fact: str, clones: Facts, scenario: Scenario
    ) -> list[Numbers]:
        """For each prefix of the columns of ``rules``: how many others are ahead, and equal."""
        others = self.table.qualified.copy()
        others[self.row] = False
        own_id = np.zeros(len(clones), dtype=np.int64)
        other_id = np.zeros(int(others.sum()), dtype=np.int64)
        found = []
        for rule in rules:
            cells = self._cells(rule, fact, clones, scenario)
            other = self.table.cells[others, self.table.columns.index(rule.id)]
            own_id, other_id = _refined(own_id, cells, other_id, other)
            line = np.sort(other_id)
            up_to = np.searchsorted(line, own_id, side="right")
            equal = up_to - np.searchsorted(line, own_id, side="left")
            found += [(len(line) - up_to).astype(np.int64), equal.astype(np.int64)]
        return found

    def _cells(self, rule: Rule, fact: str, clones: Facts, scenario: Scenario) -> Numbers:
        if fact not in rule.reads():
            cell = self.table.cells[self.row, self.table.columns.index(rule.id)]
            return np.full(len(clones), cell, dtype=np.int64)
        cells = _column(rule, fact, clones)
        rank = self.table.facts.value("leader_rank", self.row)
        if scenario.leader != "points" or rule != first_points_criterion(self.table.version):
            return cells
        if not isinstance(rank, int) or rank > len(scenario.leader_points):
            return cells
        return np.maximum(cells, 0) + scenario.leader_points[rank - 1]


def _before(row: Numbers, others: Numbers) -> Flags:
    """Which of the rows ``others`` ``row`` comes before, column by column; shape (others,)."""
    differs = others != row
    at = differs.argmax(axis=1)
    rows = np.arange(len(others))
    before: Flags = differs[rows, at] & (row[at] < others[rows, at])
    return before


def first_of_each(rows: NDArray[Any]) -> NDArray[np.intp]:
    """Where a new run of equal ``rows`` begins."""
    return np.flatnonzero(np.append(True, (rows[1:] != rows[:-1]).any(axis=1)))


def _column(rule: Rule, fact: str, clones: Facts) -> Numbers:
    """The column of ``rule``; the fact itself where the column needs a whole group."""
    return clones.numbers(fact) if rule.role == "group" else rule.column(clones)


def _refined(
    own_id: Numbers, own: Numbers, other_id: Numbers, other: Numbers
) -> tuple[Numbers, Numbers]:
    """New ids, rising with (id, cell), equal where both are; for the clones and for the others."""
    before, cell = np.append(own_id, other_id), np.append(own, other)
    order = np.lexsort((cell, before))
    before, cell = before[order], cell[order]
    new = np.append(False, (before[1:] != before[:-1]) | (cell[1:] != cell[:-1]))
    ids = np.empty(len(order), dtype=np.int64)
    ids[order] = np.cumsum(new)
    return ids[: len(own_id)], ids[len(own_id) :]
