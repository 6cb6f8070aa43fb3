"""A full disk and a locked database are said, on either way: which it is, and what helps."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from admissions_api import storage_faults
from admissions_api.store import engine
from tests.api.installation import Api, running
from tests.api.rounds import ROUND, opened


@pytest.fixture
def quick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    """An installation whose writers wait for a second alone."""
    monkeypatch.setattr(engine, "BUSY_SECONDS", 1)
    monkeypatch.setattr(storage_faults, "READY_SECONDS", 1)
    with running(tmp_path) as one:
        yield one


def ready(api: Api) -> tuple[int, str]:
    answer = api.client.get("/ready")
    return answer.status_code, answer.json().get("detail", "")


def test_a_locked_database_is_said_and_free_again_is_ready(
    quick: Api, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ready(quick) == (200, "")
    path = quick.settings.home / "admissions.sqlite3"
    with sqlite3.connect(path, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        own = quick.headers("coordinator")
        answer = quick.client.post("/v1/rounds", json=ROUND, headers=own)
        assert answer.status_code == 503
        assert answer.json()["detail"] == "the database is locked by another program"
        assert answer.headers["retry-after"] == "5"
        assert ready(quick) == (503, "the database is locked by another program")
        assert quick.client.get("/v1/rounds", headers=own).status_code == 200, "it can be read"
        other.execute("ROLLBACK")
    other.close()
    assert ready(quick) == (200, "")
    assert "locked" in capsys.readouterr().out
    opened(quick)


def test_where_nobody_gets_a_turn_for_long_no_more_wait(
    quick: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "MOST_WRITERS", 1)
    monkeypatch.setattr(engine, "LONG_SECONDS", 0)
    store = quick.installation.store
    with sqlite3.connect(quick.settings.home / "admissions.sqlite3", isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        waits = threading.Thread(target=opened, args=(quick,))
        waits.start()
        while not store._waiting:
            time.sleep(0.01)
        own = quick.headers("coordinator")
        answer = quick.client.post("/v1/rounds", json={**ROUND, "id": "second"}, headers=own)
        other.execute("ROLLBACK")
    other.close()
    waits.join()
    assert (answer.status_code, answer.json()["detail"]) == (503, "too many write at once")
    opened(quick, id="second")


def test_a_full_disk_is_said(quick: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """As far as the database can tell: it may have no more pages than it has."""

    @event.listens_for(Engine, "begin")
    def no_more(connection: object) -> None:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")  # type: ignore[attr-defined]

    try:
        round_ = {**ROUND, "title": "x" * 200, "shipped": "2019"}
        answer = quick.client.post("/v1/rounds", json=round_, headers=quick.headers("coordinator"))
    finally:
        event.remove(Engine, "begin", no_more)
    assert (answer.status_code, answer.json()["detail"]) == (507, "the disk is full")
    quick.installation.store.engine.dispose()
    monkeypatch.setattr(storage_faults, "LEAST_FREE", 2**63)
    assert ready(quick) == (503, "the disk is full")


def test_head_is_get_without_the_body(quick: Api) -> None:
    for path in ("/health", "/v1/offerings", "/v1/rounds/none"):
        got, head = quick.client.get(path), quick.client.head(path)
        assert (head.status_code, head.content) == (got.status_code, b"")
        assert head.headers["content-type"] == got.headers["content-type"]
    assert quick.client.head("/v1/offerings").headers["etag"]


def test_allow_names_every_method_of_a_path(quick: Api) -> None:
    refused = quick.client.delete("/v1/rounds", headers=quick.headers("coordinator"))
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD, POST")
    refused = quick.client.post("/v1/rounds/vaar/services/T1/preferences")
    assert refused.headers["allow"] == "GET, HEAD, PUT"


COMPOSED, DECOMPOSED = "T\u00e5", "Ta\u030a"


def test_an_id_is_the_same_however_its_letters_are_composed(quick: Api) -> None:
    new = {**ROUND, "title": f"Opptak {DECOMPOSED}"}
    for body in (json.dumps(new), json.dumps(new, ensure_ascii=False)):
        own = {**quick.headers("coordinator"), "Content-Type": "application/json"}
        shown = quick.client.post("/v1/rounds", content=body.encode(), headers=own)
        assert shown.status_code in (201, 409)
    shown = quick.client.get("/v1/rounds/vaar", headers=quick.headers("coordinator"))
    assert shown.json()["title"] == f"Opptak {COMPOSED}"
    own = quick.headers("leader", COMPOSED)
    answer = quick.client.get(
        f"/v1/rounds/vaar/services/{DECOMPOSED}/preferences/versions", headers=own
    )
    assert answer.status_code == 200


def test_an_id_with_a_slash_is_reached(quick: Api) -> None:
    opened(quick)
    own = quick.headers("leader", "0301/2")
    url = "/v1/rounds/vaar/services/0301%2F2/preferences/versions"
    assert quick.client.get(url, headers=own).json()["total"] == 0
    wrong = quick.client.get("/v1/rounds/va%2Far", headers=own)
    assert (wrong.status_code, wrong.json()["instance"]) == (422, "/v1/rounds/va%2Far")


def test_an_empty_order_must_be_said(quick: Api) -> None:
    opened(quick)
    answer = quick.client.put(
        "/v1/rounds/vaar/services/T1/preferences",
        json={"max_students": 1},
        headers=quick.headers("leader", "T1"),
    )
    assert answer.status_code == 422
    assert [error["column"] for error in answer.json()["errors"]] == ["orders"]
