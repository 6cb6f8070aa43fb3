"""Grants over HTTP: worked out of the offers held; an office sees those at its own offerings."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.installation import Api
from tests.api.rounds import UIS, VID, allocated, opened, upload

ONE_SEAT = {"uis": "offering_id,seats\nuis-juss,1\n", "vid": "offering_id,seats\nvid-minoritet,1\n"}
"""p1 has the seat at UiS, which p2 wants too; p4 has the one at VID, which p3 wants most."""
URL = "/v1/rounds/midlar/grants"


@pytest.fixture(scope="module")
def held(api: Api) -> Api:
    """A season that began; nobody has answered."""
    opened(api, id="midlar")
    coordinator = api.headers("coordinator")
    assert api.client.get(URL, headers=coordinator).status_code == 409
    for institution, files in (("uis", UIS), ("vid", VID)):
        own = {**files, "offerings.csv": ONE_SEAT[institution]}
        assert upload(api, institution, own, "midlar").status_code == 200
    made = allocated(api, "midlar", publish=False)
    why = {"reason": "one seat each"}
    api.client.post(f"/v1/allocations/{made}/publish", json=why, headers=coordinator)
    url = "/v1/rounds/midlar/season"
    began = api.client.post(url, json={"on": "2019-06-03"}, headers=coordinator)
    assert began.status_code == 201, began.text
    return api


def rows(api: Api, role: Any, scope: str = "", **query: str) -> list[tuple[Any, ...]]:
    answer = api.client.get(URL, headers=api.headers(role, scope), params=query)
    assert answer.status_code == 200, answer.text
    names = ("person_id", "offering_id", "outcome", "refusal", "amount")
    return [tuple(one[name] for name in names) for one in answer.json()["items"]]


AT_UIS = [
    ("p1", "uis-juss", "granted", None, 100_000),
    ("p2", "uis-juss", "refused", "no-seat", 0),
]
AT_VID = [
    ("p3", "vid-minoritet", "refused", "no-seat", 0),
    ("p4", "vid-minoritet", "granted", None, 100_000),
]


def test_an_office_sees_its_own_and_the_coordinator_all(held: Api) -> None:
    assert rows(held, "office", "uis") == AT_UIS
    assert rows(held, "office", "vid") == AT_VID
    assert rows(held, "coordinator") == AT_UIS + AT_VID


def test_the_budget_is_the_coordinator_s(held: Api) -> None:
    told = held.client.get(f"{URL}/budget", headers=held.headers("coordinator")).json()
    assert (told["budget"], told["granted"], told["left"]) == (20_252_000, 200_000, 20_052_000)
    assert (told["counts"]["granted"], told["counts"]["no-seat"]) == (2, 2)
    assert held.client.get(
        f"{URL}/budget", headers=held.headers("office", "uis")
    ).status_code == 403  # fmt: skip


def test_a_refusal_is_put_into_words_in_each_language(held: Api) -> None:
    office = held.headers("office", "uis")
    for language, said in (
        ("nb", "ikke har tilbud om plass på Juss"), ("nn", "ikkje har tilbod om plass på Juss"),
        ("en", "has no offer of a seat in Law"),
    ):  # fmt: skip
        items = held.client.get(f"{URL}?language={language}", headers=office).json()["items"]
        assert said in items[1]["text"], items[1]["text"]


def test_no_file_of_the_server_is_read_as_a_rulebook(held: Api) -> None:
    office = held.headers("office", "uis")
    for name in ("../grants/grants-2019.toml", "/etc/hosts", "grants-1999"):
        answer = held.client.get(URL, headers=office, params={"rulebook": name})
        assert (answer.status_code, "use one of: grants-2018" in answer.text) == (404, True)
    assert rows(held, "office", "uis", rulebook="grants-2018") == AT_UIS


@pytest.mark.parametrize("role", ["leader", "analyst", "applicant", "auditor"])
def test_nobody_else_sees_them(held: Api, role: Any) -> None:
    own = held.headers(role, {"leader": "T1", "applicant": "p1"}.get(role, ""))
    assert held.client.get(URL, headers=own).status_code == 403
