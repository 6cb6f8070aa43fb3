"""Which kinds exist: refusals, and a kind that another package brings."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from admissions.model.errors import DataError
from admissions.rulebooks.rulebook import load_rulebook, read_rulebook, rulebook_toml
from admissions.rules import registry
from tests.rules.made_facts import facts

Install = Callable[[str, str], None]

WALKING = '''
"""A third party's rule."""

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


class SecondLottery(ManyCourses):
    kind: ClassVar[str] = "lottery"


not_a_rule = "text"
'''

WORDS = """
[name]
nb = "Mange kurs"
nn = "Mange kurs"
en = "Many courses"

[sentence]
nb = "Hvert kurs etter de første {free} gir ett poeng."
nn = "Kvart kurs etter dei første {free} gir eitt poeng."
en = "Each course after the first {free} gives one point."
"""


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Puts a distribution with one entry point on the path, as an installer does."""

    def installed(entry_name: str, target: str) -> None:
        (tmp_path / "walking_rules.py").write_text(WALKING, encoding="utf-8")
        (tmp_path / "words").mkdir()
        (tmp_path / "words" / "many-courses.toml").write_text(WORDS, encoding="utf-8")
        info = tmp_path / "walking_rules-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: walking-rules\nVersion: 1.0\n")
        entry = f"[admissions.rules]\n{entry_name} = {target}\n"
        (info / "entry_points.txt").write_text(entry, encoding="utf-8")
        monkeypatch.syspath_prepend(str(tmp_path))
        importlib.invalidate_caches()
        registry.kinds.cache_clear()

    yield installed
    registry.kinds.cache_clear()
    read_rulebook.cache_clear()
    sys.modules.pop("walking_rules", None)


RULEBOOK = """
offering = "walking"
site = "Somewhere"
programme = { nb = "x", nn = "x", en = "x" }

[[versions]]
id = "walking-2019"
valid_from = 2019-01-01
source = "nowhere"
requirements = []

[[versions.criteria]]
id = "courses"
kind = "many-courses"
title = { nb = "x", nn = "x", en = "x" }
free = 1
source = "nowhere"

[[versions.ties]]
id = "lottery"
kind = "lottery"
title = { nb = "x", nn = "x", en = "x" }
source = "nowhere"
"""


def test_another_packages_kind_is_used_by_a_rulebook(install: Install, tmp_path: Path) -> None:
    install("many-courses", "walking_rules:ManyCourses")
    path = tmp_path / "walking.toml"
    path.write_text(RULEBOOK, encoding="utf-8")
    rulebook = load_rulebook(path)
    rule = rulebook.versions[0].rule("courses")
    column = rule.column(facts([{"competence_courses": n} for n in (0, 1, 3)]))
    assert np.array_equal(column, [0, 0, 200])
    path.write_text(rulebook_toml(rulebook), encoding="utf-8")
    assert load_rulebook(path) == rulebook


def test_without_that_package_its_rulebook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "walking.toml"
    path.write_text(RULEBOOK, encoding="utf-8")
    with pytest.raises(DataError, match=r"unknown rule kind 'many-courses'; expected one of: .*"):
        load_rulebook(path)


@pytest.mark.parametrize(
    ("entry_name", "target", "message"),
    [
        ("many-courses", "walking_rules:Missing", "does not load"),
        ("many-courses", "no_such_module:Rule", "does not load"),
        ("many-courses", "walking_rules:not_a_rule", "not a subclass"),
        ("few-courses", "walking_rules:ManyCourses", "must be equal"),
        ("lottery", "walking_rules:SecondLottery", "exists already"),
    ],
)
def test_a_plugin_that_cannot_be_used_stops_the_program(
    install: Install, entry_name: str, target: str, message: str
) -> None:
    install(entry_name, target)
    with pytest.raises(DataError, match=message):
        registry.kinds()
    with pytest.raises(DataError, match=message):
        registry.kind("grade-points")


def test_an_unknown_kind_is_refused_with_the_known_ones() -> None:
    with pytest.raises(DataError, match=r"unknown rule kind 'grades'; .*grade-points"):
        registry.kind("grades")
