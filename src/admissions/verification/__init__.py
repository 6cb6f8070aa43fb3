"""Verification: what a published result promises, checked without any solver."""

from __future__ import annotations

from admissions.verification.property import ByLimit, Property
from admissions.verification.provenance import property_table
from admissions.verification.published import Published, UnreadableResultError, read_published
from admissions.verification.ranked import taken_as_published
from admissions.verification.verify import best_plan_is_shown, verify

__all__ = [
    "ByLimit",
    "Property",
    "Published",
    "UnreadableResultError",
    "best_plan_is_shown",
    "property_table",
    "read_published",
    "taken_as_published",
    "verify",
]
