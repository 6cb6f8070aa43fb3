"""Rules that people can read: as prose, as a matrix, and tried on one applicant."""

from __future__ import annotations

import json

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
