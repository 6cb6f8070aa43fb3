"""What the project says of itself agrees: extras, licence, versions of Python."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import requires
from pathlib import Path

import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from admissions import __version__
from admissions.cli.serve_command import API_NEEDS

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def _name(requirement: str) -> str:
    found = re.match(r"[a-z0-9_-]+", requirement)
    assert found, requirement
    return found.group().replace("-", "_")


def test_what_serve_asks_for_is_what_the_extra_brings() -> None:
    assert sorted(map(_name, PROJECT["optional-dependencies"]["api"])) == sorted(API_NEEDS)


def test_the_engine_needs_nothing_that_only_the_api_needs() -> None:
    assert not {*map(_name, PROJECT["dependencies"])} & {*API_NEEDS}


def test_every_dependency_has_its_reason_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    reasons = readme.partition("## Dependencies, and why")[2].partition("\n## ")[0]
    for requirement in (*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["api"]):
        name = _name(requirement).replace("_", "-")
        assert re.search(rf"(?<![\w-]){name}(?![\w-])", reasons), name


def _asked(requirements: list[str], extras: set[str]) -> Iterator[Requirement]:
    for asked in map(Requirement, requirements):
        if asked.marker is None or any(asked.marker.evaluate({"extra": e}) for e in ("", *extras)):
            yield asked


def test_the_pinned_versions_can_be_installed_together() -> None:
    """Every package that is needed is pinned once, to a version that all who need it accept."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pairs = [line.split("==") for line in lines if not line.startswith("#")]
    pins = {canonicalize_name(name): version for name, version in pairs}
    assert len(pins) == len(pairs)
    waiting = [
        ("admissions", asked)
        for part in (PROJECT["dependencies"], *PROJECT["optional-dependencies"].values())
        for asked in _asked(part, set())
        if asked.name != PROJECT["name"]
    ]
    seen = set()
    while waiting:
        who, asked = waiting.pop()
        name = canonicalize_name(asked.name)
        assert name in pins, f"{who} needs {asked}"
        assert asked.specifier.contains(pins[name]), f"{who} needs {asked}, pinned is {pins[name]}"
        if (name, *sorted(asked.extras)) not in seen:
            seen.add((name, *sorted(asked.extras)))
            waiting += [(name, one) for one in _asked(requires(name) or [], asked.extras)]
    assert len(seen) > len(PROJECT["dependencies"])


def test_the_files_about_the_project_name_one_licence() -> None:
    code = yaml.safe_load((ROOT / "publiccode.yml").read_text(encoding="utf-8"))
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert PROJECT["license"] == code["legal"]["license"] == citation["license"] == "Apache-2.0"
    licence = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in licence
    assert "Version 2.0, January 2004" in licence


def test_the_files_about_the_project_name_the_version() -> None:
    code = yaml.safe_load((ROOT / "publiccode.yml").read_text(encoding="utf-8"))
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert code["softwareVersion"] == str(citation["version"]) == __version__
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(rf"^## (Unreleased )?{re.escape(__version__)}$", changelog, re.MULTILINE)


def test_the_checks_run_on_every_python_that_the_package_names() -> None:
    workflow = yaml.safe_load((ROOT / ".github/workflows/checks.yml").read_text(encoding="utf-8"))
    run_on = workflow["jobs"]["checks"]["strategy"]["matrix"]["python"]
    named = [c.rpartition(" ")[2] for c in PROJECT["classifiers"] if ":: Python :: 3." in c]
    assert run_on == named == ["3.11", "3.12", "3.13", "3.14"]
    assert [step["run"] for step in workflow["jobs"]["checks"]["steps"] if "run" in step] == [
        ".ci/run"
    ]
