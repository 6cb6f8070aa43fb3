"""How one person's rows stand to everybody else's, for every value of one fact at once.

The outcome of a rerun depends on a fact's value only through where the person's rows stand in each
prefix of the ranking columns. Values with the same standing have the same outcome, so one rerun
does for all of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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

    def differs(self, fact: str, cells: Mapping[str, int | bool]) -> bool:
        """Whether ``cells`` of facts, ``fact`` the one thought otherwise, change a cell of the row.

        Or whether it is qualified. A column that needs a whole group is taken to change.
        """
        version = self.table.version
        reading = [rule for rule in version.rules() if fact in rule.reads()]
        if any(rule.role == "group" for rule in reading):
            return True
        own = self.changed(cells).take(np.array([self.row]))
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

    def cells(self, fact: str, clones: Facts) -> Numbers:
        """The columns of the rules that read ``fact``, and who is qualified, shape (clones, …)."""
        reading = [rule for rule in self.table.version.rules() if fact in rule.reads()]
        columns = [_column(rule, fact, clones) for rule in reading]
        return np.column_stack([*columns, self.qualified(clones)])

    def place(self, fact: str, clones: Facts, scenario: Scenario) -> Numbers:
        """How many of the other qualified each of ``clones`` has ahead, shape (clones,).

        By the columns of the rules; a slot keeps the place of whoever has no colleague there.
        """
        version = self.table.version
        columns = self._prefixes((*version.criteria, *version.ties), fact, clones, scenario)
        return columns[-2]

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
