"""A region that the office of one offering assessed counts there, in plan and verification."""

from __future__ import annotations

from pathlib import Path

from tests.acceptance.command import read_csv, run, write_round

ROUND = {
    "services.csv": "service_id\nA\n",
    "applicants.csv": """
person_id,sector,service_id,bachelor_ects,bachelor_grade,region
a,municipal,A,180,5,oslo
b,municipal,A,180,4,oslo
c,municipal,A,180,3,oslo
""",
    "applications.csv": """
person_id,offering_id,preference,region
a,vid-minoritet,1,
b,vid-minoritet,1,
c,vid-minoritet,1,tromso
""",
}
SCENARIO = """
id = "one-from-tromso"
extends = "coordinated-2019"
[seats]
vid-minoritet = 2
[[changes]]
offerings = ["vid-minoritet"]
[[changes.limits]]
kind = "region-minimum"
id = "one"
title = { nb = "Én", nn = "Éin", en = "One" }
seats = { tromso = 1 }
source = "a round by hand"
"""


def test_the_one_whom_the_office_counts_in_tromso_gets_the_reserved_seat(tmp_path: Path) -> None:
    write_round(tmp_path / "round", ROUND)
    (tmp_path / "scenario.toml").write_text(SCENARIO, encoding="utf-8")
    out = tmp_path / "out"
    ran = run(
        "allocate", tmp_path / "round", "--scenario", tmp_path / "scenario.toml", "--out", out
    )
    assert ran.code == 0, ran.said
    _, rows = read_csv(out / "decisions.csv")
    assert {row["person_id"] for row in rows if row["outcome"] == "offered"} == {"a", "c"}
    assert run("verify", out, "--round", tmp_path / "round").code == 0
