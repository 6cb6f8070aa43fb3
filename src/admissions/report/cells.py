"""Cells of result tables as people read them: codes as words, numbers as a language has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from admissions.model.output_table import HIDDEN, TOTAL, OutputColumn, OutputTable, Value
from admissions.report.words import Words
from admissions.rulebooks.scenario import ResolvedScenario


@dataclass(frozen=True)
class Cells:
    """Turns a table's codes into words.

    ``names`` has the words that a round or a scenario brings with it (offerings, rules, scenarios)
    by section and code; the rest are those of the reports.
    """

    words: Words
    names: Mapping[str, Mapping[str, str]]

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
        return self.words.of("column", column.id).unescape()

    def group_head(self, column: OutputColumn) -> str:
        """The words for what the column and those beside it belong to."""
        return self.code(column.group_section, column.group)

    def numeric(self, column: OutputColumn) -> bool:
        """Whether the column's cells stand to the right."""
        return column.kind in ("count", "decimal")

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
