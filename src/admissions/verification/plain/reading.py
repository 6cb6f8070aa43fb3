"""A rule's cells, by its kind and its parameters alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from admissions.rules.base import Rule
from admissions.verification.plain.leaders import Column
from admissions.verification.plain.own import OWN, grade_is_demanded
from admissions.verification.plain.rows import Row
from admissions.verification.plain.shared import SHARED

SUM = "sum-of-points"


def is_read(rule: Rule) -> bool:
    """Whether there is a plain reading of the rule's kind; none of a kind from another package."""
    if rule.kind == SUM:
        return all(part.kind in OWN for part in _parts(rule))
    return rule.kind in OWN or rule.kind in SHARED


def cells(rule: Column, rows: Sequence[Row]) -> list[int]:
    """The rule's cell for each of ``rows``, all those at one offering."""
    parameters = rule.parameters()
    if rule.kind == SUM:
        columns = [cells(part, rows) for part in _parts(rule)]
        return [sum(max(points, 0) for points in row) for row in zip(*columns, strict=True)]
    if rule.kind in SHARED:
        return SHARED[rule.kind](rows, **parameters)
    reading = OWN[rule.kind]
    return [int(reading(row, **parameters)) for row in rows]


def is_met(rule: Rule, row: Row) -> bool:
    """Whether a criterion lets the applicant qualify: a fact that it demands is there."""
    if rule.kind == SUM:
        return all(is_met(part, row) for part in _parts(rule))
    return rule.kind != "grade-points" or grade_is_demanded(row, **rule.parameters())


def is_documented(rule: Rule, row: Row) -> bool:
    """Whether the facts that a criterion gives points for are there: a grade can be missing."""
    if rule.kind == SUM:
        return all(is_documented(part, row) for part in _parts(rule))
    stated = row["bachelor_passed"] or row["bachelor_grade"] is not None
    return rule.kind != "grade-points" or bool(stated)


def _parts(rule: Column) -> tuple[Rule, ...]:
    parts: tuple[Any, ...] = rule.parameters()["parts"]
    return parts
