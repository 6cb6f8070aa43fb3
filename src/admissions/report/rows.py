"""The lines of the report's tables: outcomes, certificate, rules and assumptions. No persons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import pandas as pd
from markupsafe import Markup

from admissions.allocation.problem import SolverReport
from admissions.explanation.citations import citation
from admissions.explanation.decisions import Outcome
from admissions.ranking.tables import RankingTable
from admissions.report.words import Words
from admissions.rulebooks.limits import Limit
from admissions.rulebooks.rulebook import Version
from admissions.rulebooks.scenario import Scenario
from admissions.rules.base import Assumption, Rule
from admissions.verification import ByLimit


class PropertyLike(Protocol):
    """A property that was verified: ``holds`` is None where the mechanism does not promise it."""

    @property
    def id(self) -> str: ...  # noqa: D102
    @property
    def statement(self) -> str: ...  # noqa: D102
    @property
    def holds(self) -> bool | None: ...  # noqa: D102
    @property
    def counted(self) -> Mapping[str, int]: ...  # noqa: D102


@dataclass(frozen=True)
class OutcomeRow:
    """How many applications came to one outcome for one reason."""

    outcome: str
    reason: str
    count: int


def outcome_rows(decisions: pd.DataFrame) -> tuple[OutcomeRow, ...]:
    """The outcomes that occur, offered first, the most frequent reason of each first."""
    pairs = zip(decisions["outcome"], decisions["reason"], strict=True)
    rows = [OutcomeRow(outcome, reason, n) for (outcome, reason), n in Counter(pairs).items()]
    order = list(Outcome)
    return tuple(
        sorted(rows, key=lambda row: (order.index(Outcome(row.outcome)), -row.count, row.reason))
    )


@dataclass(frozen=True)
class PropertyRow:
    """One property in words; ``state`` is ``holds``, ``broken`` or ``not-promised``.

    ``excused``: how many exceptions stand beside what holds, in words; None where there is none.
    """

    id: str
    statement: Markup
    state: str
    excused: Markup | None
    counted: tuple[tuple[Markup, str], ...]


def property_rows(properties: Sequence[PropertyLike], words: Words) -> tuple[PropertyRow, ...]:
    """The certificate's lines; what breaks or is excused is counted, never named."""
    states = {True: "holds", False: "broken", None: "not-promised"}
    return tuple(
        PropertyRow(
            id=found.id,
            statement=words.of("property", found.id, otherwise=found.statement),
            state=states[found.holds],
            excused=_excused(found, words),
            counted=tuple(
                (_counted(name, words), words.number(count))
                for name, count in found.counted.items()
            ),
        )
        for found in properties
    )


def _excused(found: PropertyLike, words: Words) -> Markup | None:
    count = found.counted.get("excused", 0) if found.holds else 0
    return words("excused-beside", count=words.number(count)) if count else None


def _counted(name: str, words: Words) -> Markup:
    """What was counted; of a limit that excuses or forces, with its name."""
    if isinstance(name, ByLimit):
        return words(f"{name.why}-by", limit=name.limit)
    return words.of("counted", name)


@dataclass(frozen=True)
class SolverRow:
    """What one solver says of its plan, in words."""

    name: Markup
    status: Markup
    reduced: Markup | None
    objectives: tuple[tuple[Markup, str], ...]
    unique: str
    agrees: str
    alone: Markup | None


def solver_rows(solvers: Sequence[SolverReport], words: Words) -> tuple[SolverRow, ...]:
    """A line a solver."""

    def told(value: bool | None) -> str:
        return str(words("nothing")) if value is None else words.value(value)

    return tuple(
        SolverRow(
            name=words.of("solver-name", report.solver),
            status=words.of("status", report.status),
            reduced=(
                words("reduced", n=words.number(report.left_out or 0))
                if report.model == "reduced"
                else None
            ),
            objectives=tuple(
                (words.of("objective", objective.name), words.number(objective.value))
                for objective in report.objectives
            ),
            unique=told(report.unique),
            agrees=told(report.agrees),
            alone=words.of("alone", report.alone) if report.alone else None,
        )
        for report in solvers
    )


@dataclass(frozen=True)
class RuleRow:
    """One column of a ranking table, a part of a sum, or a limit: what it is and from where."""

    id: str
    title: str
    role: str
    source: str | None
    assumed: bool
    parts: tuple[RuleRow, ...] = ()


def rule_rows(table: RankingTable, words: Words) -> tuple[RuleRow, ...]:
    """The columns of ``table`` in order, then the limits that hold there."""
    rules = {rule.id: rule for rule in table.version.rules()}
    columns = [
        _rule_row(rules[column], rules[column].role, words)
        if column in rules
        else RuleRow(column, str(words("slot")), "slot", None, assumed=False)
        for column in table.columns
    ]
    limits = [_rule_row(limit, "limit", words) for limit in table.version.limits]
    return (*columns, *limits)


def _rule_row(rule: Rule | Limit, role: str, words: Words) -> RuleRow:
    return RuleRow(
        id=rule.id,
        title=rule.title.in_(words.language),
        role=role,
        source=rule.source and citation(rule.source, words.language),
        assumed=bool(rule.assumptions),
        parts=tuple(_rule_row(part, role, words) for part in rule.summands()),
    )


@dataclass(frozen=True)
class AssumptionRow:
    """One assumption with everything it applies to; ``parameter`` is None for a whole rule."""

    about: str
    parameter: str | None
    value: str | None
    range: str
    why: str
    offerings: tuple[str, ...] = ()


def assumption_rows(
    versions: Mapping[str, Version], scenario: Scenario, words: Words
) -> tuple[AssumptionRow, ...]:
    """The scenario's assumptions, then the rulebooks', equal ones of several offerings in one."""
    found: dict[AssumptionRow, list[str]] = {}
    for offering, version in versions.items():
        parts = [part for rule in version.rules() for part in rule.summands()]
        told = _told(str(words("rulebook")), {"valid_from": version.valid_from}, version, words)
        rules: tuple[Rule | Limit, ...] = (*version.rules(), *parts, *version.limits)
        for rule in rules:
            told += _told(rule.title.in_(words.language), rule.model_dump(), rule, words)
        for row in told:
            found.setdefault(row, []).append(offering)
    own = _told(str(words("scenario")), scenario.model_dump(), scenario, words)
    return (*own, *(replace(row, offerings=tuple(at)) for row, at in found.items()))


def _told(
    about: str, values: Mapping[str, object], holder: _HasAssumptions, words: Words
) -> list[AssumptionRow]:
    return [
        AssumptionRow(
            about=about,
            parameter=None if name == "rule" else name,
            value=words.value(values[name]) if name in values else None,
            range=words.value(assumption.range),
            why=assumption.why.in_(words.language),
        )
        for name, assumption in holder.assumptions.items()
    ]


class _HasAssumptions(Protocol):
    @property
    def assumptions(self) -> Mapping[str, Assumption]: ...
