"""Small cells: which counts of people to hide in statistics that leave the office.

``hidden_cells`` is a pure function over counts and how they add up; nothing here knows of rounds.
"""

from admissions.suppression.counts import Counts, Sum, crossed
from admissions.suppression.intervals import SMALL, SPAN, feasible_interval
from admissions.suppression.pattern import hidden_cells

__all__ = [
    "SMALL",
    "SPAN",
    "Counts",
    "Sum",
    "crossed",
    "feasible_interval",
    "hidden_cells",
]
