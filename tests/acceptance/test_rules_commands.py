"""Rules that people can read: as prose, as a matrix, and tried on one applicant."""

from __future__ import annotations

import json
from pathlib import Path

from tests.acceptance.command import run


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
    wrong = run("rules", "show", "uis-juss", "--date", "01.08.2019")
    assert (wrong.code, wrong.out) == (2, "")
    assert "'01.08.2019' is no date; expected one like 2019-08-01." in wrong.err


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
