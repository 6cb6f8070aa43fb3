"""The rankings read once more, plainly: row by row, on Python numbers, from the rules' words.

A second ranker beside ``admissions.ranking``, and by another way: that one computes a column for
all applicants at once, this one a cell at a time, and neither imports the other. Here nothing is an
array, and a rule gives nothing but its kind and its parameters; what a kind means is said again in
``own`` and ``shared``, where each function's docstring is the rule.
"""

from __future__ import annotations

from admissions.verification.plain.reading import is_read
from admissions.verification.plain.rows import Row, read_rows
from admissions.verification.plain.tables import PlainTable, Taken, plain_tables

__all__ = ["PlainTable", "Row", "Taken", "is_read", "plain_tables", "read_rows"]
