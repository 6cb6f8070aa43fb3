"""Applicants over HTTP: the order of own wishes until the deadline, and own facts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import update

from admissions_api.clock import now, stamp
from admissions_api.store.audit import verify
from admissions_api.store.tables import RoundRow
from tests.api.installation import Api, running
from tests.api.rounds import filled

WISHES = "/v1/rounds/vaar/applicants/{}/wishes"


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with running(tmp_path_factory.mktemp("applicants")) as one:
        filled(one)
        yield one


def put(api: Api, person: str, offerings: list[str], as_who: str | None = None) -> Any:
    own = api.headers("applicant", as_who or person)
    return api.client.put(WISHES.format(person), json={"offering_ids": offerings}, headers=own)


def own(api: Api, person: str) -> Any:
    where = f"/v1/rounds/vaar/applicants/{person}"
    return api.client.get(where, headers=api.headers("applicant", person)).json()


def order(api: Api, person: str) -> list[str]:
    return [wish["offering_id"] for wish in own(api, person)["wishes"]]


def test_an_applicant_puts_own_wishes_into_another_order_and_no_other_s(api: Api) -> None:
    assert order(api, "p1") == ["uis-juss", "vid-minoritet"]
    assert put(api, "p1", ["vid-minoritet", "uis-juss"]).status_code == 200
    assert order(api, "p1") == ["vid-minoritet", "uis-juss"]
    assert order(api, "p3") == ["vid-minoritet", "uis-juss"]
    assert put(api, "p3", ["uis-juss", "vid-minoritet"]).status_code == 200
    assert order(api, "p1") == ["vid-minoritet", "uis-juss"]
    assert order(api, "p3") == ["uis-juss", "vid-minoritet"]
    assert put(api, "p3", ["vid-minoritet", "uis-juss"], "p1").status_code == 403
    clashes = api.client.get("/v1/rounds/vaar/clashes", headers=api.headers("coordinator")).json()
    assert clashes["items"] == []
    with api.installation.store.reading() as session:
        assert verify(session).findings == ()


@pytest.mark.parametrize(
    "offerings",
    [["uis-juss"], ["uis-juss", "uis-juss"], ["uis-juss", "oslomet-juss"], []],
)
def test_what_is_wished_for_stays_what_it_is(api: Api, offerings: list[str]) -> None:
    before = order(api, "p1")
    assert put(api, "p1", offerings).status_code == 422
    assert order(api, "p1") == before


def test_whoever_has_not_applied_has_nothing_to_order(api: Api) -> None:
    assert put(api, "p9", ["uis-juss"]).status_code == 404


def test_own_facts_are_told_and_nobody_else_s(api: Api) -> None:
    found = own(api, "p1")
    facts = {fact["name"]: fact["value"] for fact in found["facts"] if not fact["offering_id"]}
    assert facts["sector"] == "municipal"
    assert facts["service_id"] == "T1"
    assert found["institutions"] == ["uis", "vid"]
    stated = [fact["value"] for fact in found["facts"] if fact["name"] == "bachelor_grade"]
    assert stated
    assert set(stated) == {"4.1"}


def test_after_the_deadline_the_order_stands(api: Api) -> None:
    before = order(api, "p1")
    with api.installation.store.writing() as session:
        passed = stamp(now() - dt.timedelta(minutes=1))
        session.execute(update(RoundRow).values(deadline=passed))
    assert put(api, "p1", before[::-1]).status_code == 409
    assert order(api, "p1") == before
