"""Cells read as their author sees them, and notes of those that are seen otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from admissions.intake.cell_styles import Style
from admissions.intake.cell_values import Value, is_filled, is_whole, text_of
from admissions.intake.findings import Findings
from admissions.model.messages import Message, message

FIRST_NAMED = 5
"""So many rows of a kind are named; the others are counted."""


def as_shown(value: Value, style: Style | None, *, code: bool) -> Value:
    """A number as its author sees it where the cell's format says what it is.

    In a percent format 0.8 is ``80%``; a code in the format 0000 is ``0301`` for 301.
    """
    if style is None or isinstance(value, bool) or not isinstance(value, int | float):
        return value
    if style.percent:
        return f"{(Decimal(f'{value:.15g}') * 100).normalize():f}%"
    if code and is_whole(value):
        return style.padded(int(value)) or value
    return value


def note_seen_otherwise(
    columns: Sequence[Sequence[Value]],
    styled: Mapping[tuple[int, int], Style],
    first_row: int,
    label: str | Message,
    findings: Findings,
) -> None:
    """Notes of cells that are used, and that their author struck through or does not see."""
    filled = [
        (row, style)
        for (row, index), style in sorted(styled.items())
        if row >= 0 and index < len(columns) and is_filled(_at(columns[index], row))
    ]
    kinds = {
        "intake.struck": {row for row, style in filled if style.struck},
        "intake.unseen": {row for row, style in filled if style.unseen},
    }
    for code, rows in kinds.items():
        if rows:
            told = tuple(row + first_row for row in sorted(rows)[:FIRST_NAMED])
            findings.note(label, message(code, count=len(rows), rows=told))


def note_rounded(
    values: Sequence[Value],
    styles: Mapping[int, Style],
    first_row: int,
    title: str,
    label: str | Message,
    findings: Findings,
) -> None:
    """One note where a column's numbers are shown with fewer decimals than they have."""
    rows = [
        row
        for row, style in sorted(styles.items())
        if isinstance(value := _at(values, row), float) and style.rounds(value)
    ]
    if rows:
        findings.note(
            label,
            message("intake.shown-rounded", count=len(rows)),
            row=first_row + rows[0],
            column=title.strip(),
            value=text_of(values[rows[0]]),
        )


def _at(values: Sequence[Value], row: int) -> Value:
    return values[row] if 0 <= row < len(values) else None
