"""What an installation is deployed with: settings by file, and files that say what is so."""

from __future__ import annotations

import configparser
import json
import re
from pathlib import Path

import pytest
import yaml

from admissions.model.errors import UsageError
from admissions_api.settings import (
    PREFIX,
    Settings,
    environment_of,
    settings_from,
    without_settings,
)
from tests.api.installation import Api

DEPLOY = Path(__file__).parents[2] / "deploy"


def test_settings_come_from_a_file_and_variables_win(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text('workers = 3\nrate_limit = "10/minute"\ncors_origins = ["https://a.example"]\n')
    secret = tmp_path / "url"
    secret.write_text("postgresql://admissions:secret@database/admissions\n")
    found = settings_from(
        {
            "ADMISSIONS_SETTINGS": str(file),
            "ADMISSIONS_DATABASE_FILE": str(secret),
            "ADMISSIONS_RATE_LIMIT": "20/minute",
        }
    )
    assert (found.workers, found.rate_limit) == (3, "20/minute")
    assert found.cors_origins == ("https://a.example",)
    assert found.database == "postgresql://admissions:secret@database/admissions"


@pytest.mark.parametrize(
    ("stated", "says"),
    [
        ({"ADMISSIONS_WORKRES": "2"}, "ADMISSIONS_WORKRES is no setting. Maybe ADMISSIONS_WORKERS"),
        ({"ADMISSIONS_DATABASE_FILE": "/none"}, "/none cannot be read"),
        ({"ADMISSIONS_ROOT_PATH": "opptak"}, "root_path"),
        ({"ADMISSIONS_KEEP_ROUNDS_DAYS": "0"}, "keep_rounds_days"),
    ],
)
def test_a_setting_that_is_none_is_refused(stated: dict[str, str], says: str) -> None:
    with pytest.raises(UsageError, match=re.escape(says)):
        settings_from(stated)


def test_a_name_in_the_file_that_is_none_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    for text, says in (("worker = 3", "Maybe workers"), ("workers = ", "settings.toml")):
        file.write_text(text)
        with pytest.raises(UsageError, match=says):
            settings_from({"ADMISSIONS_SETTINGS": str(file)})


def test_a_worker_gets_the_settings_as_they_are_whatever_said_them() -> None:
    held = Settings(keep_answers_days=None, keep_rounds_days=9, root_path="/opptak")
    given = {"ADMISSIONS_SETTINGS": "/x", "ADMISSIONS_DATABASE_FILE": "/y", "PATH": "/bin"}
    environment = {**without_settings(given), **environment_of(held)}
    assert "ADMISSIONS_SETTINGS" not in environment
    assert environment["PATH"] == "/bin"
    again = settings_from(environment)
    assert again == held.model_copy(update={"home": held.home.resolve()})


def stated_in(text: str) -> dict[str, str]:
    """Every setting that a file of deploying states."""
    return dict(re.findall(rf"({PREFIX}[A-Z_]+)\s*[:=]\s*\"?([^\s\"\\]*)", text))


@pytest.mark.parametrize("name", ["Containerfile", "compose.yaml", "admissions.service"])
def test_the_settings_that_are_deployed_with_are_settings(name: str, tmp_path: Path) -> None:
    stated = stated_in((DEPLOY / name).read_text())
    assert stated
    for variable in stated:
        if variable.endswith("_FILE") or variable == f"{PREFIX}SETTINGS":
            stated[variable] = str(tmp_path / "file")
    (tmp_path / "file").write_text("" if f"{PREFIX}SETTINGS" in stated else "sqlite://")
    settings_from(stated)


def test_the_container_runs_as_nobody_and_its_health_is_asked() -> None:
    lines = (DEPLOY / "Containerfile").read_text().replace("\\\n", " ").splitlines()
    steps = [line.split(None, 1) for line in lines if line and line[0] not in "# "]
    of = {word: [rest for name, rest in steps if name == word] for word, _ in steps}
    assert of["USER"][-1] == "10001:10001"
    assert "/ready" in of["HEALTHCHECK"][0]
    assert "ADD" not in of
    assert all(":" in image.split(" AS ")[0] for image in of["FROM"])
    assert not any(":latest" in image for image in of["FROM"])
    assert of["CMD"][-1].startswith('["admissions", "serve"')
    for word in ("CMD", "HEALTHCHECK", "USER"):
        assert len(of[word]) == 1, f"the last {word} alone counts"
    assert json.loads(of["CMD"][0]), "no shell stands between, so that it gets the signals"
    assert json.loads(of["HEALTHCHECK"][0].partition("CMD")[2])
    assert all(place.startswith("/") for place in of["WORKDIR"])
    assert all("--no-cache-dir" in step for step in of["RUN"] if "pip install" in step)
    assert not any(word in step for step in of["RUN"] for word in ("sudo", "apt-get upgrade"))
    assert not [
        name for line in of["ENV"] for name in ("PASSWORD", "SECRET", "KEY") if name in line
    ]
    ignored = (DEPLOY / "Containerfile.dockerignore").read_text().split()
    assert {".git", "**/.venv", "**/admissions-data"} <= set(ignored)


def test_the_services_are_confined() -> None:
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    own = services["admissions"]
    assert own["read_only"]
    assert own["cap_drop"] == ["ALL"]
    assert all(port.startswith("127.0.0.1:") for port in own["ports"])
    assert "ports" not in services["database"], "the database is reached by the service alone"
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(DEPLOY / "admissions.service")
    assert unit["Service"]["User"] == "admissions"
    assert unit["Service"]["ProtectSystem"] == "strict"
    assert unit["Service"]["StateDirectory"] == "admissions"
    assert int(unit["Service"]["TimeoutStopSec"].removesuffix("s")) > 30


def test_alerts_name_what_is_counted(api: Api) -> None:
    api.client.get("/health")
    counted = set(re.findall(r"^(admissions_\w+)\{", api.client.get("/metrics").text, re.M))
    groups = yaml.safe_load((DEPLOY / "alerts.yaml").read_text())["groups"]
    rules = [rule for group in groups for rule in group["rules"]]
    named = set(re.findall(r"admissions_\w+", " ".join(rule["expr"] for rule in rules)))
    assert named <= counted, named - counted
    assert len(rules) == len({rule["alert"] for rule in rules})
    runbook = (DEPLOY.parent / "docs" / "how-to" / "run-service.md").read_text()
    for rule in rules:
        for about in re.findall(r"Runbook: ([\w ]+)\.", rule["annotations"]["summary"]):
            assert f"| {about}" in runbook, about
