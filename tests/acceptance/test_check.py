"""``check`` says of each offering how many would qualify, and what stops the others."""

from __future__ import annotations

import json
from pathlib import Path

from tests.acceptance.command import run, write_round

PEOPLE = """
person_id,sector,service_id,bachelor_ects,bachelor_grade,experience_documented
p1,municipal,T1,180,4.0,yes
p2,municipal,T1,180,3.0,no
p3,municipal,T1,120,5.0,no
p4,none,,180,4.0,yes
"""
WISHES = """
person_id,offering_id,preference
p1,uis-juss,1
p2,uis-juss,1
p3,uis-juss,1
p4,uis-juss,1
p1,vid-minoritet,2
"""
SERVICES = "service_id,employees\nT1,10\n"


def _round(folder: Path, people: str = PEOPLE, wishes: str = WISHES, toml: str = "") -> Path:
    tables = {"applicants.csv": people, "applications.csv": wishes, "services.csv": SERVICES}
    return write_round(folder / "round", {**tables, "round.toml": toml or "year = 2019\n"})


def test_each_requirement_is_counted_where_it_stops(tmp_path: Path) -> None:
    ran = run("check", _round(tmp_path))

    # p2: experience; p3: bachelor and experience; p4: no child welfare, and no experience in it
    assert ran.code == 0
    assert "By the rulebooks of 2019-08-01, so many would qualify:" in ran.out
    (line,) = [line for line in ran.out.splitlines() if line.startswith("  uis-juss: ")]
    assert line.startswith("  uis-juss: 1 of 4; ")
    assert '"Bachelor\'s degree of at least three years" stops 1' in line
    assert '"Work in child welfare" stops 1' in line
    assert '"Documented relevant experience" stops 2' in line
    assert "  vid-minoritet: 1 of 1\n" in ran.out


def test_a_fact_that_is_empty_for_all_is_named(tmp_path: Path) -> None:
    people = PEOPLE.replace(",180", ",").replace(",120", ",")

    english = run("check", _round(tmp_path, people))
    nynorsk = run("check", tmp_path / "round", "--language", "nn")

    assert "stops 4 (bachelor_ects is empty for all 4: nobody qualifies)" in english.out
    assert "stansar 4 (bachelor_ects er tom for alle 4: ingen er kvalifisert)" in nynorsk.out


def test_the_rules_are_those_of_the_round_s_day(tmp_path: Path) -> None:
    later = run("check", _round(tmp_path, toml="year = 2024\n"))
    stated = run("check", _round(tmp_path, toml="year = 2019\nrules_on = 2018-08-01\n"))

    assert "By the rulebooks of 2024-08-01" in later.out
    assert "By the rulebooks of 2018-08-01" in stated.out
    assert "  vid-minoritet: no rules on that day" in stated.out


def test_a_program_reads_the_same(tmp_path: Path) -> None:
    told = json.loads(run("check", _round(tmp_path), "--json").out)

    by_offering = {one["offering"]: one for one in told["qualification"]}
    assert told["rules_on"] == "2019-08-01"
    assert by_offering["uis-juss"]["version"] == "uis-juss-2019"
    assert (by_offering["uis-juss"]["applications"], by_offering["uis-juss"]["qualified"]) == (4, 1)
    stopping = {one["count"] for one in by_offering["uis-juss"]["stopping"]}
    assert stopping == {1, 2}


def test_what_a_base_alone_states_is_said_aloud(tmp_path: Path) -> None:
    folder = _round(tmp_path)
    own = tmp_path / "own.toml"
    own.write_text('id = "own"\nextends = "coordinated-2019"\n[seats]\nuis-juss = 2\n')

    ran = run("rank", folder, "--scenario", own, "--out", tmp_path / "a")

    assert ran.code == 0
    assert "it is from coordinated-2019: the seats (vid-minoritet 32), " in ran.err
    assert "the lottery's seed (2019), the day of the rules (2019-08-01)" in ran.err

    own.write_text(
        'id = "own"\nextends = "coordinated-2019"\nseed = 7\nrules_on = 2019-08-01\n'
        "[seats]\nuis-juss = 2\nvid-minoritet = 1\n"
    )
    assert run("rank", folder, "--scenario", own, "--out", tmp_path / "b").err == ""


def test_a_wish_for_several_together_can_cost_a_seat_and_is_noted(tmp_path: Path) -> None:
    round_ = _round(tmp_path)
    assert "Such a wish can cost" not in run("check", round_).said
    group = "service_id,offering_id,at_least\nT1,uis-juss,2\n"
    (round_ / "leader_groups.csv").write_text(group, encoding="utf-8")
    said = {language: run("check", round_, "--language", language) for language in ("en", "nn")}
    assert said["en"].code == 0
    assert "leader_groups.csv" in said["en"].said
    assert "Such a wish can cost a member of staff the seat" in said["en"].said
    assert "Eit slikt ønske kan koste ein tilsett plassen" in said["nn"].said
