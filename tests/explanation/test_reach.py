"""Which changes a person could ever make: each bound below, at and above."""

from __future__ import annotations

import pytest

from admissions.explanation.reach import within_reach
from admissions.explanation.reasons import FactChange, FactValue, OfferingName
from admissions.model.wording import words

GETS = OfferingName("vid-minoritet", words("M", "M", "M"), "VID", 1)


@pytest.mark.parametrize(
    ("fact", "before", "after", "told"),
    [
        ("experience_municipal", 1_00, 5_99, True),
        ("experience_municipal", 1_00, 6_00, True),
        ("experience_municipal", 1_00, 6_01, False),
        ("relevant_education_ects", 0, 60_00, True),
        ("relevant_education_ects", 0, 60_50, False),
        ("bachelor_grade", 3_50, 4_00, True),
        ("bachelor_grade", 3_50, 4_01, False),
        ("bachelor_grade", "3.495", 4_00, False),
        ("bachelor_grade", "passed", 4_00, True),
        ("bachelor_grade", None, 4_90, True),
        ("competence_courses", 0, 2, True),
        ("competence_courses", 0, 3, False),
        ("further_education_count", 2, 1, False),
        ("post_percent", 40_00, 50_00, True),
        ("experience_documented", False, True, True),
        ("sector", "state", "municipal", True),
        ("personnel_responsibility", True, False, True),
    ],
)
def test_what_is_within_reach(fact: str, before: FactValue, after: FactValue, told: bool) -> None:
    change = FactChange(fact, before, after, GETS)
    assert within_reach([change]) == ((change,) if told else ())
