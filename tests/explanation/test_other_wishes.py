"""A fact that only another wish's rules read can change a decision too, and is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from admissions.allocation.run import allocate_fast
from admissions.explanation.counterfactuals import what_would_have_changed
from admissions.intake import read_round
from admissions.model.resources import offering_ids
from admissions.rulebooks.scenario import Scenario, resolve

# minoritet ranks by the grade; uit by supervisor responsibility first, by years after its tiers.
# p wants uit most, then minoritet, and holds neither; q holds uit, r minoritet.
APPLICANTS = """person_id,sector,service_id,bachelor_ects,bachelor_grade,supervisor_responsibility,\
experience_municipal
p,municipal,S1,180,3,no,1
q,municipal,S2,180,2,yes,0
r,municipal,S3,180,4,no,0
"""
APPLICATIONS = """person_id,offering_id,preference
p,uit-veiledning,1
p,vid-minoritet,2
q,uit-veiledning,1
r,vid-minoritet,1
"""


@pytest.mark.parametrize("place", ["first wish", "second wish"])
def test_what_gives_a_wish_wanted_more_is_named(place: str, tmp_path: Path) -> None:
    (tmp_path / "applicants.csv").write_text(APPLICANTS, encoding="utf-8")
    (tmp_path / "applications.csv").write_text(APPLICATIONS, encoding="utf-8")
    (tmp_path / "services.csv").write_text("service_id\nS1\nS2\nS3\n", encoding="utf-8")
    round_ = read_round(tmp_path, offerings=offering_ids())
    scenario = Scenario.model_validate(
        {"id": "two", "rules_on": "2019-08-01", "mechanism": "coordinated", "seed": 1,
         "seats": {"uit-veiledning": 1, "vid-minoritet": 1}}
    )  # fmt: skip
    run = allocate_fast(round_, resolve(scenario))
    row = 0 if place == "first wish" else 1
    found = {change.fact: change for change in what_would_have_changed(run, row)}
    # With supervisor responsibility p is ahead of q by a year: uit, for either wish.
    assert found["supervisor_responsibility"].gets.id == "uit-veiledning"
    if place == "second wish":
        # With 4.00 p is equal to r and drawn first: sha256("1:p") = 00…, sha256("1:r") = c3….
        assert found["bachelor_grade"].after == 400
        assert found["bachelor_grade"].gets.id == "vid-minoritet"
    else:
        assert "bachelor_grade" not in found
