"""What would have changed decisions in small rounds in which it is easily said wrongly."""

from __future__ import annotations

from admissions.explanation.counterfactuals import what_would_have_changed

from .hand_made import decided
from .rounds import row_of


def test_every_member_of_a_group_gets_an_explanation() -> None:
    """One of the two thought not qualified leaves too few for the group, a round that is refused.

    So that is not by this; the decisions are explained all the same.
    """
    run = decided("group-of-two")
    for person_id in ("p", "q", "z"):
        found = what_would_have_changed(run, row_of(run.round, person_id, "vid-minoritet"))
        assert "bachelor_ects" not in {change.fact for change in found}


def test_the_sector_can_be_thought_otherwise_without_a_service() -> None:
    """Nina works outside child welfare, which nobody is admitted from; a seat is free."""
    run = decided("outside-child-welfare")
    found = what_would_have_changed(run, row_of(run.round, "nina", "vid-minoritet"))
    assert [(change.fact, change.before, change.after) for change in found] == [
        ("sector", "none", "private")
    ]
