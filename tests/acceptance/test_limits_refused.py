"""Limits of the round that cannot be kept as stated are refused, with what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.command import run, write_round

ROUND = {
    "applicants.csv": """person_id,sector,service_id,bachelor_ects,bachelor_grade
a1,municipal,S1,180,4.5
a2,municipal,S1,90,4.4
""",
    "applications.csv": """person_id,offering_id,preference
a1,uit-veiledning,1
a2,uit-veiledning,1
""",
    "services.csv": "service_id,max_students\nS1,1\n",
}


EQUALS = """
id = "equals"
extends = "coordinated-2019"
ties = "accept-all"
"""


@pytest.mark.parametrize(
    ("setting", "says"),
    [
        ("", "does not go together with region-minimum (regions) at uit-veiledning"),
        ('leader = "tie-break"', 'leader = "tie-break" puts applicants into places one by one'),
        (
            """[[changes]]
            offerings = ["uit-veiledning"]
            limits = []
            [[changes]]
            offerings = ["vid-minoritet"]
            add = { id = "share", kind = "minimum-share", percent = 20, centralities = [5, 6], \
                not_documented = "not-member", title = { nb = "-", nn = "-", en = "-" }, \
                source = "made up" }""",
            "the minimum share share of vid-minoritet-2019 puts applicants into places one by one",
        ),
        (
            """[[changes]]
            offerings = ["uit-veiledning"]
            limits = []
            [[quotas]]
            id = "budget"
            title = { nb = "-", nn = "-", en = "-" }
            offerings = ["uit-veiledning"]
            seats = 1""",
            "does not go together with the quota budget",
        ),
    ],
    ids=["reserved seats", "leaders", "a minimum share", "a quota"],
)
def test_equals_are_kept_together_only_where_nothing_chooses_between_them(
    setting: str, says: str, tmp_path: Path
) -> None:
    (tmp_path / "scenario.toml").write_text(EQUALS + setting, encoding="utf-8")
    round_ = write_round(tmp_path / "round", ROUND)
    ran = run("allocate", round_, "--scenario", tmp_path / "scenario.toml", "--out", tmp_path / "o")
    assert ran.code == 2
    assert says in " ".join(ran.said.split())
    assert "Maybe" in ran.said
    assert not (tmp_path / "o").exists()


@pytest.mark.parametrize(
    ("limits", "says"),
    [
        (
            "kind = 'service-maximum'\nseats = 1",
            "applicants of one service want different regions there",
        ),
        ("kind = 'region-maximum'\nseats = { oslo = 1 }", "allows 1. Maybe raise the maximum"),
        (
            "kind = 'municipality-maximum'\nseats = 1",
            "municipality-maximum cannot stand beside regions, which reserves seats",
        ),
    ],
    ids=["a service's maximum", "a region's maximum below its minimum", "a municipality's"],
)
def test_limits_that_overlap_or_contradict_reserved_seats(
    limits: str, says: str, tmp_path: Path
) -> None:
    title = "title = { nb = '-', nn = '-', en = '-' }"
    scenario = f"""
id = "overlap"
extends = "coordinated-2019"
[[changes]]
offerings = ["uit-veiledning"]
[[changes.limits]]
kind = "region-minimum"
id = "regions"
{title}
seats = {{ oslo = 2 }}
[[changes.limits]]
id = "other"
{title}
{limits}
"""
    (tmp_path / "scenario.toml").write_text(scenario, encoding="utf-8")
    applicants = "\n".join(
        [
            "person_id,sector,service_id,bachelor_ects,region,supervisor_responsibility",
            "a1,municipal,S1,180,oslo,yes",
            "a2,municipal,S1,180,bergen,yes",
        ]
    )
    round_ = write_round(tmp_path / "round", {**ROUND, "applicants.csv": applicants + "\n"})
    ran = run("allocate", round_, "--scenario", tmp_path / "scenario.toml", "--out", tmp_path / "o")
    assert ran.code == 2
    assert says in " ".join(ran.said.split())
    assert "Maybe" in ran.said
    assert not (tmp_path / "o").exists()


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (
            {
                "services.csv": "service_id\nS1\n",
                "leader_groups.csv": "service_id,offering_id,at_least\nS1,uit-veiledning,2\n",
            },
            "at least 2 from S1 shall hold uit-veiledning, but 1 qualified applicant is theirs",
        ),
        (
            {
                "leader_preferences.csv": "service_id,offering_id,person_id,rank\n"
                "S1,uit-veiledning,a1,1\n"
            },
            "S1 has max_students and orders offerings apart",
        ),
    ],
    ids=["a group larger than its qualified", "orders apart where seats are reserved"],
)
def test_is_refused_and_nothing_is_written(more: dict[str, str], says: str, tmp_path: Path) -> None:
    round_ = write_round(tmp_path / "round", {**ROUND, **more})
    scenario = tmp_path / "leaders.toml"
    scenario.write_text(
        'id = "leaders"\nextends = "coordinated-2019"\nleader = "tie-break"\n', encoding="utf-8"
    )
    ran = run("allocate", round_, "--scenario", scenario, "--out", tmp_path / "out")
    assert ran.code == 2
    assert says in ran.said
    assert "Maybe" in ran.said
    assert not (tmp_path / "out").exists()
