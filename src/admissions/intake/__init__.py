"""Intake: a round folder or workbook, or one applicant's facts, as a checked ``Round``."""

from __future__ import annotations

from admissions.intake.one_applicant import read_applicant
from admissions.intake.reading import read_round

__all__ = ["read_applicant", "read_round"]
