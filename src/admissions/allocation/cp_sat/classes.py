"""Minimum class sizes: an offering runs with enough, or is closed."""

from __future__ import annotations

from admissions.allocation.cp_sat.offering import Offering


def constrain_class(at: Offering) -> None:
    """Enough hold offers, or nobody does; whoever waits for a closed offering is excused."""
    if not at.class_minimum:
        return
    runs = at.plans.at_least(at.rows, at.class_minimum)
    for a in at.rows:
        at.plans.model.add_implication(at.plans.held[a], runs)
        at.plans.excuse(a, ~runs)
