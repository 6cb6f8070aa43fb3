"""What is public over HTTP is what the commands show."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.api.installation import Api

ADMISSIONS = Path(sys.executable).with_name("admissions")


@pytest.fixture(scope="module")
def client(api: Api) -> TestClient:
    return api.client


def test_the_service_says_that_it_answers(client: TestClient) -> None:
    assert client.get("/health").json()["status"] == "ok"


def test_there_are_eight_offerings_of_which_seven_in_2018(client: TestClient) -> None:
    every = client.get("/v1/offerings").json()
    assert len(every) == 8
    then = client.get("/v1/offerings", params={"day": "2018-10-01"}).json()
    rules = {offering["id"]: offering["rules"] for offering in then}
    assert rules["ntnu-ledelse"] == ["ntnu-ledelse-2018"]
    assert rules["vid-minoritet"] == ["vid-minoritet-not-offered"]


def test_rules_are_those_that_the_command_shows(client: TestClient) -> None:
    shown = subprocess.run(
        [ADMISSIONS, "rules", "show", "uis-juss", "--json"], check=True, capture_output=True
    )
    (here,), (there,) = client.get("/v1/rulebooks/uis-juss").json(), json.loads(shown.stdout)
    assert here["id"] == there["id"] == "uis-juss-2019"
    assert [rule["id"] for rule in here["rules"]] == [rule["id"] for rule in there["rules"]]


def test_rules_can_be_had_as_a_text_to_publish(client: TestClient) -> None:
    (told,) = client.get("/v1/rulebooks/uis-juss/prose", params={"language": "nn"}).json()
    assert (told["id"], told["language"]) == ("uis-juss-2019", "nn")
    assert "Juss i barnevernfagleg arbeid" in told["text"]
    assert client.get("/v1/rulebooks/nowhere/prose").status_code == 404


def test_every_scenario_in_the_list_can_be_read(client: TestClient) -> None:
    listed = client.get("/v1/scenarios").json()
    assert len(listed) >= 15
    for scenario in listed:
        read = client.get(f"/v1/scenarios/{scenario['id']}")
        assert read.status_code == 200
        assert read.json()["scenario"]["id"] == scenario["id"]


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/v1/rulebooks/nowhere", "Maybe one of the offerings hvl-barnets-beste"),
        ("/v1/scenarios/nowhere", "Maybe one of: coordinated-2019"),
        ("/v1/scenarios/pyproject.toml", "Maybe one of: coordinated-2019"),
    ],
)
def test_what_is_not_there_is_a_problem_that_says_what_is(
    client: TestClient, path: str, says: str
) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["instance"] == path
    assert says in answer.json()["what_to_do"]


def test_no_path_leads_out_of_the_scenarios(client: TestClient) -> None:
    answer = client.get("/v1/scenarios/..%2F..%2Fpyproject.toml")
    assert answer.status_code == 404
    assert "build-system" not in answer.text
