"""The row of one applicant, worked out by hand from the rulebooks as columns."""

from __future__ import annotations

import datetime as dt

from admissions.explanation.trial import TrialRow, try_rules
from admissions.rulebooks.scenario import resolve
from admissions.rulebooks.scenario_files import load_scenario

FACTS = {
    "sector": "state", "bachelor_ects": 180, "bachelor_grade": "4.2",
    "experience_state": "3.5", "education_ects": 95, "relevant_education_ects": 65,
    "employer_recommended": True, "post_percent": 60,
}  # fmt: skip


def cells(row: TrialRow) -> dict[str, int | None]:
    return {cell.column: cell.cell for cell in row.cells}


def test_the_row_at_every_offering_under_the_rules_of_2019() -> None:
    scenario = resolve(load_scenario("current-2019"))
    rows = {row.offering: row for row in try_rules(FACTS, scenario, tuple(scenario.versions)).rows}
    assert list(rows) == list(scenario.versions)
    # 10 x 4.20 + min(4, 95 // 30) = 45.00
    assert cells(rows["hvl-barnets-beste"])["points"] == 45_00
    assert rows["hvl-barnets-beste"].explanation.points == "45.0"
    # 4.20 + 3 x 0.25 + 2 x 0.25 = 5.45
    assert cells(rows["oslomet-juss"]) == {
        "bachelor": 1, "child-welfare-connection": 1, "documented-experience": 1, "sector": 1,
        "points": 5_45, "lottery": None,
    }  # fmt: skip
    assert cells(rows["uis-juss"])["experience-two-years"] == 1
    assert cells(rows["uis-juss"])["service-limit"] is None
    assert cells(rows["uis-juss"])["years"] == 3_50
    assert not rows["ntnu-ledelse"].qualified
    assert cells(rows["ntnu-ledelse"])["leader-position"] == 0


def test_the_same_person_under_other_rules() -> None:
    scenario = resolve(load_scenario("harmonised-2023"))
    (row,) = try_rules(FACTS, scenario, ("vid-relasjon",)).rows
    assert cells(row)["recommendation"] == 1  # state, 60 % post: the last of three tiers
    scenario = resolve(
        load_scenario("current-2019").model_copy(update={"rules_on": dt.date(2025, 8, 1)})
    )
    (row,) = try_rules(FACTS, scenario, ("uit-veiledning",)).rows
    assert row.explanation.rules.version == "uit-veiledning-2025"
    assert cells(row)["three-years"] == 1
    assert cells(row)["under-represented-gender"] is None
