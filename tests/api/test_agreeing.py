"""What parts agree in is worked out before it is written: nobody waits, and nothing is missed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from admissions.intake.merging import merged
from admissions_api.keeping.erasing import erase_person, persons_copy
from admissions_api.store.audit import Actor, verify
from tests.api.installation import Api
from tests.api.rounds import UIS, VID, filled, opened, upload, zipped

URL = "/v1/rounds/{}/parts/{}"
SLOW_SECONDS = 4.0
Meanwhile = Callable[[Callable[[], object]], None]


def other(files: dict[str, str], was: str, becomes: str) -> dict[str, str]:
    return {name: text.replace(was, becomes) for name, text in files.items()}


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Meanwhile:
    """Has something happen while parts are held against each other, the next time they are."""
    waiting: list[Callable[[], object]] = []

    def slowly(*parts: Any, **stated: Any) -> Any:
        found = merged(*parts, **stated)
        if waiting:
            waiting.pop()()
        return found

    monkeypatch.setattr("admissions_api.agreement.merged", slowly)
    return waiting.append


def test_while_parts_are_held_against_each_other_others_write(
    api: Api, meanwhile: Meanwhile
) -> None:
    filled(api, id="slow")
    begun, done = threading.Event(), threading.Event()

    def long() -> None:
        begun.set()
        done.wait(SLOW_SECONDS)

    meanwhile(long)
    uploading = threading.Thread(target=upload, args=(api, "uis", UIS, "slow"))
    uploading.start()
    assert begun.wait(60)
    began = time.monotonic()
    sent = api.client.put(
        "/v1/rounds/slow/services/T1/preferences",
        json={"orders": [], "max_students": 1},
        headers=api.headers("leader", "T1"),
    )
    opened(api, id="beside")
    assert time.monotonic() - began < SLOW_SECONDS / 2
    assert sent.status_code == 200
    assert uploading.is_alive(), "nobody waited for the upload"
    done.set()
    uploading.join()
    office = api.headers("office", "uis")
    assert api.client.get(URL.format("slow", "uis"), headers=office).json()["version"] == 2


def test_what_another_office_uploads_meanwhile_is_taken_into_account(
    api: Api, meanwhile: Meanwhile
) -> None:
    filled(api, id="both")
    state = other(VID, "p1,municipal,T1", "p1,state,T1")
    meanwhile(lambda: upload(api, "vid", state, "both"))
    assert upload(api, "uis", UIS, "both").status_code == 200
    coordinator = api.headers("coordinator")
    clashes = api.client.get("/v1/rounds/both/clashes", headers=coordinator).json()["items"]
    assert [(one["person"], one["field"]) for one in clashes] == [("p1", "sector")]


def test_a_part_that_was_replaced_meanwhile_is_not_replaced_unread(
    api: Api, meanwhile: Meanwhile
) -> None:
    filled(api, id="once")
    meanwhile(lambda: upload(api, "uis", other(UIS, "4.1", "4.2"), "once"))
    answer = api.client.put(
        URL.format("once", "uis"),
        content=zipped(UIS),
        headers={
            **api.headers("office", "uis"), "Content-Type": "application/zip", "If-Match": '"1"',
        },
    )  # fmt: skip
    assert answer.status_code == 412, answer.text


def test_who_is_erased_meanwhile_is_not_brought_back(api: Api, meanwhile: Meanwhile) -> None:
    filled(api, id="erasing")
    store = api.installation.store
    meanwhile(lambda: erase_person(store, "p4", "asked for", Actor("kari", "operator")))
    assert upload(api, "uis", UIS, "erasing").status_code == 200
    assert persons_copy(store, "p4") == []
    with store.reading() as session:
        assert verify(session).findings == ()


def test_a_round_is_closed_only_as_it_was_read(api: Api, meanwhile: Meanwhile) -> None:
    filled(api, id="closing")
    state = other(VID, "p1,municipal,T1", "p1,state,T1")
    meanwhile(lambda: upload(api, "vid", state, "closing"))
    answer = api.client.post(
        "/v1/rounds/closing/close", json={"early": True}, headers=api.headers("coordinator")
    )
    assert answer.status_code == 409, answer.text
    assert [error["column"] for error in answer.json()["errors"]] == ["sector"]
