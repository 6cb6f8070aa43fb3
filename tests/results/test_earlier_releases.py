"""A result outlives the program that made it: a folder sealed by each release still verifies."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.acceptance.command import run
from tests.results.seal import ROUND, SEALED

RELEASES = sorted(path.name for path in SEALED.iterdir() if path != ROUND)


def test_the_first_release_is_among_those_kept() -> None:
    assert "0.1.0" in RELEASES


@pytest.mark.parametrize("release", RELEASES)
def test_an_untouched_result_of_an_earlier_release_verifies(release: str) -> None:
    certificate = json.loads((SEALED / release / "certificate.json").read_text(encoding="utf-8"))
    assert certificate["program"]["version"] == release
    ran = run("verify", SEALED / release, "--round", ROUND)
    assert ran.code == 0, ran.said


def test_a_seat_given_to_another_in_an_earlier_release_s_result_is_found(tmp_path: Path) -> None:
    out = Path(shutil.copytree(SEALED / "0.1.0", tmp_path / "out"))
    decisions = out / "decisions.csv"
    text = decisions.read_text(encoding="utf-8-sig")
    decisions.write_text(text.replace(",offered,", ",waiting,", 1), encoding="utf-8-sig")
    ran = run("verify", out, "--round", ROUND)
    assert ran.code == 1
    assert "P12" in ran.said


def test_other_words_in_an_earlier_release_s_certificate_are_not_compared(tmp_path: Path) -> None:
    out = Path(shutil.copytree(SEALED / "0.1.0", tmp_path / "out"))
    certificate = json.loads((out / "certificate.json").read_text(encoding="utf-8"))
    certificate["properties"]["P2"]["statement"] = "No person holds two offers."
    (out / "certificate.json").write_text(json.dumps(certificate), encoding="utf-8")
    assert run("verify", out, "--round", ROUND).code == 0


def test_a_failure_that_an_earlier_release_stated_is_not_passed_over(tmp_path: Path) -> None:
    out = Path(shutil.copytree(SEALED / "0.1.0", tmp_path / "out"))
    certificate = json.loads((out / "certificate.json").read_text(encoding="utf-8"))
    certificate["properties"]["P2"]["holds"] = False
    (out / "certificate.json").write_text(json.dumps(certificate), encoding="utf-8")
    ran = run("verify", out, "--round", ROUND)
    assert ran.code == 1
    assert "P0" in ran.said


@pytest.mark.parametrize("release", RELEASES)
def test_a_year_can_be_begun_and_called_after_an_earlier_releases_decision(
    release: str, tmp_path: Path
) -> None:
    season = tmp_path / "season"
    began = run("season", "start", SEALED / release, "--out", season, "--on", "2019-06-03")
    assert began.code == 0, began.said
    called = run("season", "call", season, "--on", "2019-07-01")
    assert called.code == 0, called.said
    held = run("season", "verify", season)
    assert held.code == 0, held.said
