"""Rules that people can read: as prose, as a matrix, and tried on one applicant."""

from __future__ import annotations

import json
import os
import pty
import subprocess
from pathlib import Path

import pytest

from tests.acceptance.command import INSTALLED, run, run_installed


def test_the_rules_of_a_day_are_told_in_the_language_asked_for() -> None:
    nynorsk = run("rules", "show", "vid-minoritet", "--prose", "--date", "2024-05-01",
                  "--language", "nn")  # fmt: skip
    assert nynorsk.code == 0, nynorsk.said
    assert nynorsk.out.startswith("# Opptaksreglar for Minoritetskompetanse i barnevernet ved VID")
    assert nynorsk.out.count("\n# ") == 0
    assert "Reglane gjeld frå 1. januar 2024." in nynorsk.out
    assert "tilrådd av arbeidsgivar" in nynorsk.out
    every = run("rules", "show", "vid-minoritet", "--prose", "--json")
    assert list(json.loads(every.out)) == [
        "vid-minoritet-not-offered", "vid-minoritet-2019", "vid-minoritet-2024",
    ]  # fmt: skip


def test_a_day_without_rules_and_a_day_that_is_none_are_named() -> None:
    early = run("rules", "show", "uis-juss", "--date", "2017-01-01")
    assert (early.code, early.out) == (2, "")
    assert "'uis-juss' has no rules on 2017-01-01; there is uis-juss-2019 from 2018" in early.err
    wrong = run("rules", "show", "uis-juss", "--date", "31.02.2019")
    assert (wrong.code, wrong.out) == (2, "")
    assert "'31.02.2019' is no date; expected one like 2019-08-01 or 1.8.2019." in wrong.err


def test_the_matrix_says_what_counts_where_and_what_differs(tmp_path: Path) -> None:
    page, book = tmp_path / "matrix.html", tmp_path / "matrix.xlsx"
    ran = run("rules", "matrix", "--date", "2019-08-01", "--against", "2024-08-01",
              "--html", page, "--excel", book, "--json")  # fmt: skip
    assert ran.code == 0, ran.said
    table = json.loads(ran.out)
    assert table["offerings"]["vid-minoritet"] == "vid-minoritet-2019"
    (limit,) = [row for row in table["rows"] if row["kind"] == "service-limit"]
    assert limit["counts"] == "1/8"
    assert list(limit["cells"]) == ["uis-juss"]
    changed = {change["offering"] for change in table["differences"]}
    assert changed == {
        "hvl-barnets-beste", "oslomet-barnets-beste", "oslomet-juss", "vid-minoritet",
    }  # fmt: skip
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert book.read_bytes()[:2] == b"PK"


def test_the_matrix_on_a_terminal_names_an_offering_that_did_not_exist() -> None:
    ran = run("rules", "matrix", "--date", "2018-09-01", "--language", "nb")
    assert ran.code == 0, ran.said
    assert "vid-minoritet: ikke tilbudt, 1. september 2018" in ran.out
    assert "Karakterer" in ran.out
    wrong = run("rules", "matrix", "--against", "2017-01-01")
    assert (wrong.code, wrong.out) == (2, "")
    assert "no rules are stated for 2017-01-01" in wrong.err


def test_the_rules_tried_on_facts_from_a_file(tmp_path: Path) -> None:
    facts = tmp_path / "facts.json"
    facts.write_text('{"sector": "kommunal", "bachelor_ects": 180, "bachelor_grade": 4.1}')
    ran = run("rules", "try", "vid-minoritet", "--facts", facts, "--language", "nb")
    assert ran.code == 0, ran.said
    assert ran.out.startswith("Minoritetskompetanse i barnevernet ved VID, Stavanger (vid-minorit")
    assert "Du er kvalifisert, fordi du oppfyller alle kravene. Du har 4,10 poeng." in ran.out
    assert "kommer an på de andre søkerne" in " ".join(ran.out.split())
    every = json.loads(run("rules", "try", "--facts", facts, "--json").out)
    assert [row["offering"] for row in every["rows"]].count("uis-juss") == 1
    assert len(every["rows"]) == 8
    later = json.loads(run("rules", "try", "vid-minoritet-2024", "--facts", facts, "--json").out)
    (row,) = later["rows"]
    assert row["version"] == "vid-minoritet-2024"
    assert {cell["column"]: cell["cell"] for cell in row["cells"]}["lottery"] is None


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"sector": "kommunal", "bachelor_grade": 7}', "column bachelor_grade: found '7'"),
        ("[]", "expected a JSON object"),
        ("{", "is no JSON"),
        ('{"sector": "state", "sector": "private"}', "expected 'sector' once"),
        ("[" * 100_000, "is no JSON"),
        (" " * 1_000_001, "too large"),
    ],
)
def test_facts_that_cannot_be_used_are_refused(content: str, said: str, tmp_path: Path) -> None:
    facts = tmp_path / "facts.json"
    facts.write_text(content)
    ran = run("rules", "try", "uis-juss", "--facts", facts)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_whoever_cannot_be_asked_is_told_what_to_give() -> None:
    ran = run_installed("rules", "try", "uis-juss", stdin="")
    assert (ran.code, ran.out) == (2, "")
    assert "Maybe give --facts FILE" in ran.err
    early = run("rules", "try", "vid-minoritet", "--date", "2018-09-01", "--facts", "-")
    assert "vid-minoritet is not offered on 2018-09-01" in early.err


def test_the_questions_are_those_that_the_rules_read_and_wrong_answers_are_asked_again() -> None:
    terminal, inside = pty.openpty()
    answers = ["komunal", "municipal", "180", "6", "4,5", ""]
    os.write(terminal, "".join(f"{answer}\n" for answer in answers).encode())
    done = subprocess.run(
        [INSTALLED, "rules", "try", "vid-minoritet"],
        stdin=inside, capture_output=True, text=True, encoding="utf-8", check=True,
    )  # fmt: skip
    os.close(terminal)
    os.close(inside)
    assert "sector: found 'komunal'; expected one of: municipal" in done.stderr
    assert "bachelor_grade: found '6'; expected a grade 1-5" in done.stderr
    assert "experience_municipal" not in done.stdout
    assert "You have 4.50 points." in done.stdout


def test_a_scenario_is_shown_with_its_changes_rule_by_rule() -> None:
    ran = run("scenarios", "show", "harmonised-points", "--language", "nn")
    assert ran.code == 0, ran.said
    assert "Endring 1 ved alle studietilbod: alle kriterium på nytt\n" in ran.out
    assert "      Karakterpoeng [grade, grade-points]\n        factor = 10, decimals = 2" in ran.out
    removed = run("scenarios", "show", "no-service-limit")
    assert "Change 1 at uis-juss: service-limit goes\n" in removed.out
    added = run("scenarios", "show", "spread-need")
    assert "a new rule" in added.out
    assert "[spread-need, need-index]" in added.out
