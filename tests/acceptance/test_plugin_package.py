"""Another package, installed as packages are, brings a rule kind, and the command ranks with it."""

from __future__ import annotations

import csv
import os
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
    target = tmp_path_factory.mktemp("site")
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
         "--no-deps", "--no-build-isolation", "--target", target, package],
        check=True,
    )  # fmt: skip
    return target


def test_a_third_partys_kind_ranks_by_the_installed_command(site: Path, tmp_path: Path) -> None:
    folder = tmp_path / "round"
    folder.mkdir()
    (folder / "applicants.csv").write_text(APPLICANTS, encoding="utf-8")
    (folder / "services.csv").write_text("service_id\nS1\n", encoding="utf-8")
    wishes = "".join(f"{person},vid-minoritet,1\n" for person in "ABC")
    (folder / "applications.csv").write_text("person_id,offering_id,preference\n" + wishes)
    (tmp_path / "scenario.toml").write_text(SCENARIO, encoding="utf-8")
    out = tmp_path / "out"
    words = ["rank", folder, "--scenario", tmp_path / "scenario.toml", "--out", out]
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
