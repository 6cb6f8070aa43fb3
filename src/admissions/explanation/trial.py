"""The row of the ranking table that one applicant would get, at each offering, under a scenario."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from admissions.allocation.run import allocate_fast
from admissions.explanation import Explainer
from admissions.explanation.reasons import Explanation, RuleReason
from admissions.intake import read_applicant
from admissions.model.errors import Finding
from admissions.rulebooks.scenario import ResolvedScenario

OF_OTHERS = frozenset({"index", "leader_rank", "lottery_place", "qualified"})
"""Derived facts that no applicant has alone: they depend on who else applies."""


@dataclass(frozen=True)
class TrialCell:
    """One column of the row: its ``cell`` (more is better), None where it depends on others."""

    column: str
    cell: int | None
    reason: RuleReason


@dataclass(frozen=True)
class TrialRow:
    """The row at one offering; ``explanation`` has the facts, points and words' reasons."""

    offering: str
    qualified: bool
    cells: tuple[TrialCell, ...]
    explanation: Explanation


@dataclass(frozen=True)
class Trial:
    """The rows, and what reading the facts had to say (a number that was rounded)."""

    rows: tuple[TrialRow, ...]
    notes: tuple[Finding, ...]


def try_rules(
    facts: Mapping[str, object], scenario: ResolvedScenario, offerings: Sequence[str]
) -> Trial:
    """The row that an applicant with ``facts`` would get at each of ``offerings``.

    The applicant is ranked as a round of one person: the same rules, the same code. What depends on
    others (the draw, an order within the service or by its leader, a share of the list) is left
    open. Raises InputError for facts that cannot be read.
    """
    run = allocate_fast(read_applicant(facts, offerings), scenario)
    explainer = Explainer(run)
    found = []
    for row, offering in enumerate(run.round.applications["offering_id"]):
        table, explanation = run.rankings[offering], explainer.explain(row)
        reasons = (*explanation.requirements, *explanation.criteria, *explanation.ties)
        cells = (
            TrialCell(rule.id, None if OF_OTHERS & {*rule.reads()} else reason.cell, reason)
            for rule, reason in zip(table.version.rules(), reasons, strict=True)
        )
        found.append(TrialRow(offering, bool(table.qualified[0]), tuple(cells), explanation))
    return Trial(tuple(found), run.round.notes)
