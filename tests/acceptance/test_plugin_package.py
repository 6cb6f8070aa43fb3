"""Another package, installed as packages are, brings a rule kind, which ranks and speaks."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.acceptance.command import INSTALLED

PYPROJECT = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "walking-rules"
version = "1.0"

[project.entry-points."admissions.rules"]
many-courses = "walking_rules:ManyCourses"

[tool.hatch.build.targets.wheel]
packages = ["walking_rules"]
"""
MODULE = '''
from typing import ClassVar

import numpy as np
from pydantic import Field

from admissions.rules.base import Criterion


class ManyCourses(Criterion):
    """A point for each course beyond ``free``."""

    kind: ClassVar[str] = "many-courses"
    free: int = Field(ge=0)

    def reads(self):
        return ("competence_courses",)

    def column(self, facts):
        return np.maximum(facts.numbers("competence_courses") - self.free, 0) * 100
'''
WORDS = """
[name]
nb = "Mange kurs"
nn = "Mange kurs"
en = "Many courses"

[amount]
nb = "ut over {free}"
nn = "ut over {free}"
en = "beyond {free}"

[sentence]
nb = "Hvert kurs etter de første {free} gir ett poeng."
nn = "Kvart kurs etter dei første {free} gir eitt poeng."
en = "Each course after the first {free} gives one point."
"""
SCENARIO = """
id = "courses-first"
extends = "coordinated-2019"

[[changes]]
offerings = ["vid-minoritet"]
before = "grade"

[changes.add]
id = "many-courses"
kind = "many-courses"
title = { nb = "Mange kurs", nn = "Mange kurs", en = "Many courses" }
free = 1
source = "a third party"
"""
APPLICANTS = """person_id,sector,service_id,bachelor_ects,bachelor_grade,competence_courses
A,municipal,S1,180,5,1
B,municipal,S1,180,3,2
C,municipal,S1,180,2,4
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    package = tmp_path_factory.mktemp("package")
    (package / "walking_rules").mkdir()
    (package / "pyproject.toml").write_text(PYPROJECT, encoding="utf-8")
    (package / "walking_rules" / "__init__.py").write_text(MODULE, encoding="utf-8")
    (package / "walking_rules" / "words").mkdir()
    words = package / "walking_rules" / "words" / "many-courses.toml"
    words.write_text(WORDS, encoding="utf-8")
    target = tmp_path_factory.mktemp("site")
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
         "--no-deps", "--no-build-isolation", "--target", target, package],
        check=True,
    )  # fmt: skip
    return target


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("of-three") / "round"
    folder.mkdir()
    (folder / "applicants.csv").write_text(APPLICANTS, encoding="utf-8")
    (folder / "services.csv").write_text("service_id\nS1\n", encoding="utf-8")
    wishes = "".join(f"{person},vid-minoritet,1\n" for person in "ABC")
    (folder / "applications.csv").write_text("person_id,offering_id,preference\n" + wishes)
    (folder.parent / "scenario.toml").write_text(SCENARIO, encoding="utf-8")
    return folder


def test_a_third_partys_kind_ranks_by_the_installed_command(
    site: Path, folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    words: list[str | Path] = [
        "rank", folder, "--scenario", folder.parent / "scenario.toml", "--out", out,
    ]  # fmt: skip
    without = subprocess.run([INSTALLED, *words], capture_output=True, text=True)
    assert without.returncode == 2
    assert "unknown rule kind 'many-courses'" in without.stderr
    subprocess.run([INSTALLED, *words], check=True, env={**os.environ, "PYTHONPATH": str(site)})
    with (out / "rankings" / "vid-minoritet.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["person_id"], row["many-courses"]) for row in rows] == [
        ("C", "300"),  # four courses, one free
        ("B", "100"),
        ("A", "0"),  # the best grade, but no course beyond the free one
    ]


def test_a_third_partys_kind_speaks_in_letters_and_in_the_matrix(
    site: Path, folder: Path, tmp_path: Path
) -> None:
    out, with_plugin = tmp_path / "out", {**os.environ, "PYTHONPATH": str(site)}
    words: list[str | Path] = [
        "allocate", folder, "--scenario", folder.parent / "scenario.toml", "--out", out,
    ]  # fmt: skip
    subprocess.run([INSTALLED, *words], check=True, env=with_plugin)
    for language, said in (
        ("nb", "Mange kurs: 3,00 poeng. Hvert kurs etter de første 1 gir ett poeng."),
        ("nn", "Mange kurs: 3,00 poeng. Kvart kurs etter dei første 1 gir eitt poeng."),
        ("en", "Many courses: 3.00 points. Each course after the first 1 gives one point."),
    ):
        explain: list[str | Path] = ["explain", out, "--person", "C", "--language", language]
        run = subprocess.run(
            [INSTALLED, *explain], check=True, capture_output=True, text=True, env=with_plugin
        )
        assert said in run.stdout
    report = (out / "report.html").read_text(encoding="utf-8")
    assert "Mange kurs" in report


def test_the_cells_of_a_kind_that_no_plain_reading_knows_are_said_to_be_taken_as_published(
    site: Path, folder: Path, tmp_path: Path
) -> None:
    out, with_plugin = tmp_path / "out", {**os.environ, "PYTHONPATH": str(site)}
    words: list[str | Path] = [
        "allocate", folder, "--scenario", folder.parent / "scenario.toml", "--out", out,
    ]  # fmt: skip
    subprocess.run([INSTALLED, *words], check=True, env=with_plugin)
    certificate = json.loads((out / "certificate.json").read_text(encoding="utf-8"))
    assert certificate["taken_as_published"] == {"vid-minoritet": {"many-courses": "many-courses"}}
    assert certificate["properties"]["P8"]["counted"]["cells taken as published"] == 3
    again = subprocess.run(
        [INSTALLED, "verify", out, "--round", folder, "--language", "en"],
        capture_output=True, text=True, env=with_plugin,
    )  # fmt: skip
    assert again.returncode == 0, again.stderr
    assert "taken as published" in again.stdout
    assert "vid-minoritet: many-courses (many-courses)" in " ".join(again.stdout.split())


def test_a_kind_without_words_is_refused_with_the_file_that_is_missing(
    site: Path, tmp_path: Path
) -> None:
    silent = tmp_path / "silent"
    shutil.copytree(site, silent)
    (silent / "walking_rules" / "words" / "many-courses.toml").unlink()
    run = subprocess.run(
        [INSTALLED, "rules", "list"],
        capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(silent)},
    )  # fmt: skip
    assert run.returncode == 2
    assert "has no words for letters and rules: there is no words/many-courses.toml" in run.stderr
    assert "Traceback" not in run.stderr
