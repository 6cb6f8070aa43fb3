"""Intake: a round folder or workbook, checked, as a ``Round`` in canonical form."""

from __future__ import annotations

from admissions.intake.reading import read_round

__all__ = ["read_round"]
