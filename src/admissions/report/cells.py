"""Cells of result tables as people read them: codes as words, numbers as a language has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from admissions.model.output_table import (
    HIDDEN,
    TOTAL,
    CellLine,
    OutputColumn,
    OutputTable,
    Value,
    lines_of,
)
from admissions.report.words import Words
from admissions.rulebooks.scenario import ResolvedScenario


@dataclass(frozen=True)
class Cells:
    """Turns a table's codes into words.

    ``names`` has the words that a round or a scenario brings with it (offerings, rules, scenarios)
    by section and code; the rest are those of the reports. ``heads``: the heads of columns and
    groups, by name, that are not among the reports' words for columns.
    """

    words: Words
    names: Mapping[str, Mapping[str, str]]
    heads: Mapping[str, str] = field(default_factory=dict)

    def label(self, column: OutputColumn, value: Value) -> str:
        """A cell's text."""
        if value is None:
            return str(self.words("nothing"))
        if value == HIDDEN:
            return HIDDEN
        if value == TOTAL:
            return str(self.words("total"))
        if isinstance(value, int):
            return self.words.number(value)
        if isinstance(value, Decimal):
            return self.words.points(str(value).replace("-", "−"))
        return self.code(column.section, value) if column.kind == "code" else value

    def code(self, section: str, code: str) -> str:
        """The words for a code of a section."""
        own = self.names.get(section)
        if own is not None:
            return own.get(code, code)
        return self.words.of(section, code).unescape()

    def head(self, column: OutputColumn) -> str:
        """The head of a column, without its scenario."""
        if column.name in self.heads:
            return self.heads[column.name]
        return self.words.of("column", column.id).unescape()

    def group_head(self, column: OutputColumn) -> str:
        """The words for what the column and those beside it belong to."""
        if column.group in self.heads:
            return self.heads[column.group]
        return self.code(column.group_section, column.group)

    def lines(self, value: Value) -> tuple[CellLine, ...]:
        """The lines of a cell that has some."""
        return lines_of(value)

    def style(self, column: OutputColumn, value: Value = None) -> str:
        """The names of the styles of a column's head, or of its cell ``value``; "" for none."""
        marks = [line.mark for line in lines_of(value) if line.mark]
        numeric = ["number"] if self.numeric(column) else []
        return " ".join([*numeric, *([column.shown] if column.shown else []), *marks])

    def numeric(self, column: OutputColumn) -> bool:
        """Whether the column's cells stand to the right."""
        return column.kind in ("count", "decimal")

    def parts(self, table: OutputTable) -> list[tuple[str, int, int]]:
        """Each heading over rows, with the number of the first and one past the last."""
        found, first = [], 0
        for heading, rows in table.parts:
            found.append((heading, first, first + rows))
            first += rows
        return found

    def spans(self, table: OutputTable) -> list[tuple[OutputColumn, int]]:
        """The first column of each group, and how many columns it has; of no group: each alone."""
        found: list[tuple[OutputColumn, int]] = []
        for column in table.columns:
            if column.group and found and found[-1][0].group == column.group:
                found[-1] = (found[-1][0], found[-1][1] + 1)
            else:
                found.append((column, 1))
        return found


def scenario_name(scenario: ResolvedScenario, words: Words) -> str:
    """The title of a scenario, or its id."""
    title = scenario.scenario.title
    return title.in_(words.language) if title else scenario.scenario.id


def offering_names(scenario: ResolvedScenario, words: Words) -> dict[str, str]:
    """Each offering as people call it: programme and site."""
    return {
        offering: f"{book.programme.in_(words.language)}, {book.site}"
        for offering, book in scenario.rulebooks.items()
    }


def rule_names(scenario: ResolvedScenario, words: Words) -> dict[str, str]:
    """The title of each rule by its id; where offerings name one id differently, the first."""
    names: dict[str, str] = {}
    for version in scenario.versions.values():
        for rule in version.rules():
            names.setdefault(rule.id, rule.title.in_(words.language))
    return names
