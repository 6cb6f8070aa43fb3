"""What spread costs in ranking: the command on a round worked out by hand."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import admissions as ad
from tests.acceptance.command import run, write_round
from tests.acceptance.test_objectives import ROUND


@pytest.fixture
def arguments(tmp_path: Path) -> list[object]:
    """Two seats, ranked a b c e d; a and b of Oslo, c and e of Stavanger, d of Sokndal."""
    write_round(tmp_path / "round", ROUND)
    (tmp_path / "own.toml").write_text(
        'id = "own"\nextends = "coordinated-2019"\n[seats]\nvid-minoritet = 2\n', encoding="utf-8"
    )
    return ["frontier", tmp_path / "round", "--scenario", tmp_path / "own.toml", "--out"]


def test_c_for_b_adds_a_municipality_and_costs_one_rank(
    arguments: list[object], tmp_path: Path
) -> None:
    ran = run(*arguments, tmp_path / "out", "--language", "en")
    assert ran.code == 0, ran.said
    csv = (tmp_path / "out" / "frontier.csv").read_text(encoding="utf-8-sig")
    assert csv == "municipalities,loss,more\n1,0,0\n2,1,1\n"
    assert "at most 2 of 3 can be, at a loss of 1 rank" in ran.out


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_the_page_opens_offline_and_tells_the_picture_in_words(
    language: str, arguments: list[object], tmp_path: Path
) -> None:
    assert run(*arguments, tmp_path / "out", "--language", language).code == 0
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert f'<html lang="{language}">' in page
    assert not re.findall(r'(?:src|href)="(?!#)', page)
    assert re.search(r"<desc [^>]*>[^<]*\b1\b[^<]*\b2\b", page)
    assert "{" not in re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)


def test_a_program_reads_the_points(arguments: list[object], tmp_path: Path) -> None:
    ran = run(*arguments, tmp_path / "out", "--json")
    assert json.loads(ran.out) == [
        {"municipalities": 1, "loss": 0},
        {"municipalities": 2, "loss": 1},
    ]


def test_what_cannot_be_shown_is_refused_or_unproven(
    arguments: list[object], tmp_path: Path
) -> None:
    independent = tmp_path / "independent.toml"
    independent.write_text('id = "i"\nextends = "current-2019"\n', encoding="utf-8")
    ran = run(*arguments[:2], "--scenario", independent, "--out", tmp_path / "out")
    assert ran.code == 2
    assert "coordinated" in ran.err
    ran = run(*arguments, tmp_path / "out", "--time-limit", 0)
    assert ran.code == 3
    assert not (tmp_path / "out").exists()


RESERVED = {
    "applicants.csv": """
person_id,sector,service_id,bachelor_ects,bachelor_grade,experience_municipal,region
m0,municipal,S1,180,4,10,oslo
m1,municipal,S1,180,4,9,oslo
m2,municipal,S1,180,4,8,oslo
m3,municipal,S1,180,4,7,oslo
m4,municipal,S1,180,4,6,oslo
m5,municipal,S1,180,4,5,oslo
b,municipal,S1,180,4,,bergen
""",
    "applications.csv": "\nperson_id,offering_id,preference\n"
    + "".join(f"{person},uit-veiledning,1\n" for person in (*(f"m{n}" for n in range(6)), "b")),
    "services.csv": "\nservice_id,municipality_no,employees\nS1,1101,5\n",
}
SIX_SEATS = """
id = "six-seats"
extends = "coordinated-2019"
[seats]
uit-veiledning = 6
"""


def test_a_reserve_is_kept_in_every_point_so_that_the_loss_begins_at_0(tmp_path: Path) -> None:
    """b, ranked seventh, has Bergen's seat; m5, ranked sixth, would rank better by 1."""
    round_ = write_round(tmp_path / "round", RESERVED)
    (tmp_path / "scenario.toml").write_text(SIX_SEATS, encoding="utf-8")
    ran = run(
        "frontier", round_, "--scenario", tmp_path / "scenario.toml",
        "--out", tmp_path / "out", "--json",
    )  # fmt: skip
    assert ran.code == 0
    assert json.loads(ran.out) == [{"municipalities": 1, "loss": 0}]


def test_from_python_it_is_the_same_table_with_the_rounds_own_seats(tmp_path: Path) -> None:
    """The two seats are stated by the offering itself; the scenario has more."""
    own = {"offerings.csv": "offering_id,seats\nvid-minoritet,2\n"}
    write_round(tmp_path / "round", {**ROUND, **own})
    found = ad.frontier(tmp_path / "round", "coordinated-2019")
    assert found.table.to_dict("list") == {"municipalities": [1, 2], "loss": [0, 1], "more": [0, 1]}
    assert repr(found) == "<MeritAndSpread from 1 to 2>"
    assert "<table" in found._repr_html_()
    assert found.files("en")["frontier.csv"].endswith(b"\n1,0,0\n2,1,1\n")
