"""Who is in which group: each limit below, at and above."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from admissions.comparison.groups import GROUPINGS, group_codes
from admissions.intake import read_round

PEOPLE = """person_id,sector,service_id,experience_municipal,further_education_count
p1,municipal,tiny,5.99,0
p2,municipal,ten,6,1
p3,municipal,below25,10.99,2
p4,municipal,at25,11,3
p5,municipal,below50,0,0
p6,municipal,at50,0.5,1
p7,state,,20,0
p8,municipal,unsaid,2,0
"""
SERVICES = """service_id,municipality_no,employees,centrality
tiny,0001,9.99,1
ten,0002,10,6
below25,0003,24.99,2
at25,0004,25,3
below50,0005,49.99,4
at50,0006,50,5
unsaid,0007,,
"""
MUNICIPALITIES = "municipality_no,centrality\n0007,3\n" + "".join(f"000{n},\n" for n in range(1, 7))
EXPECTED = {
    "sector": ["municipal"] * 6 + ["state", "municipal"],
    "centrality": ["1", "6", "2", "3", "4", "5", "unknown", "3"],
    "experience": ["up-to-5", "6-10", "6-10", "over-10", "up-to-5", "up-to-5", "over-10",
                   "up-to-5"],
    "further-education": ["none", "one", "several", "several", "none", "one", "none", "none"],
    "service-size": ["under-10", "10-24", "10-24", "25-49", "25-49", "50-or-more", "unknown",
                     "unknown"],
}  # fmt: skip


@pytest.fixture
def groups(tmp_path: Path) -> dict[str, list[str]]:
    applications = ["person_id,offering_id,preference"]
    people = [row["person_id"] for row in csv.DictReader(PEOPLE.splitlines())]
    applications += [f"{person},uis-juss,1" for person in people]
    for name, text in (
        ("applicants", PEOPLE),
        ("services", SERVICES),
        ("applications", "\n".join(applications)),
        ("municipalities", MUNICIPALITIES),
    ):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    codes = group_codes(read_round(tmp_path, offerings=["uis-juss"]))
    return {name: [GROUPINGS[name][code] for code in found] for name, found in codes.items()}


@pytest.mark.parametrize("grouping", list(GROUPINGS))
def test_everybody_is_in_the_group_that_their_facts_say(
    groups: dict[str, list[str]], grouping: str
) -> None:
    assert groups[grouping] == EXPECTED[grouping]
