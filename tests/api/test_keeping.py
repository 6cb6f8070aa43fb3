"""What is taken along, and what is kept no longer than is set."""

from __future__ import annotations

import io
import zipfile

import pytest
from sqlalchemy import text

from admissions.front.allocation import verify as verify_result
from admissions.results.files import unpacked
from admissions_api.keeping.retention import keep_no_longer
from admissions_api.store.audit import verify
from tests.api.installation import Api
from tests.api.rounds import allocated, done, filled, upload

LONG_AGO = "2010-01-01T00:00:00.000000Z"


@pytest.fixture(scope="module")
def allocation(api: Api) -> str:
    return allocated(api, filled(api))


def files(answer: object) -> dict[str, bytes]:
    assert answer.headers["content-type"] == "application/zip"  # type: ignore[attr-defined]
    return unpacked(answer.content)  # type: ignore[attr-defined]


def test_a_part_comes_back_as_it_counts_and_can_be_uploaded_again(
    api: Api, allocation: str
) -> None:
    url = "/v1/rounds/vaar/parts/uis/file"
    part = files(api.client.get(url, headers=api.headers("office", "uis")))
    assert b"p3" in part["applicants.csv"]
    assert b"p4" not in part["applicants.csv"]
    filled(api, id="again")
    texts = {name: content.decode() for name, content in part.items()}
    assert upload(api, "uis", texts, "again").status_code == 200
    for role, scope in (("office", "vid"), ("coordinator", ""), ("leader", "T1")):
        headers = api.headers(role, scope)  # type: ignore[arg-type]
        assert api.client.get(url, headers=headers).status_code == 403


def test_own_results_are_a_zip_without_others(api: Api, allocation: str) -> None:
    url = f"/v1/allocations/{allocation}/results"
    held = files(api.client.get(url, headers=api.headers("office", "uis")))
    assert sorted(held) == [
        "certificate.json", "decisions.csv", "rankings/uis-juss.csv", "summary.json"
    ]  # fmt: skip
    whole = b"\n".join(held.values())
    assert b"p3" in whole
    assert b"p4" not in whole
    assert b"vid-minoritet" not in held["decisions.csv"] + held["summary.json"]


def test_the_sealed_folder_verifies_offline(api: Api, allocation: str) -> None:
    url = f"/v1/allocations/{allocation}/folder"
    answer = api.client.get(url, headers=api.headers("coordinator"))
    assert verify_result(files(answer)).holds
    for role, scope in (("office", "uis"), ("analyst", "")):
        headers = api.headers(role, scope)  # type: ignore[arg-type]
        assert api.client.get(url, headers=headers).status_code == 403
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None


def test_what_is_older_than_set_is_erased_and_the_chain_holds(api: Api) -> None:
    filled(api, id="old")
    office = api.headers("office", "uis")
    url = "/v1/rounds/old/parts/uis/rankings"
    keyed = {**office, "Idempotency-Key": "once"}
    job = api.client.post(url, json={}, headers=keyed)
    done(api, job, office)
    result = f"{job.headers['location']}/result"
    store = api.installation.store
    settings = api.settings.model_copy(
        update={"keep_answers_days": 30, "keep_results_days": 90, "keep_rounds_days": 3650}
    )
    keep_no_longer(store, settings)
    assert api.client.get(result, headers=office).status_code == 200, "it is not old yet"
    api.client.post("/v1/rounds/old/close", headers=api.headers("coordinator"))
    with store.writing() as session:
        session.execute(text("UPDATE answered SET at = :at"), {"at": LONG_AGO})
        session.execute(text("UPDATE jobs SET ended_at = :at"), {"at": LONG_AGO})
        session.execute(
            text("UPDATE rounds SET closed_at = :at WHERE id = 'old'"), {"at": LONG_AGO}
        )
    keep_no_longer(store, settings)
    assert api.client.get(result, headers=office).status_code == 410
    assert api.client.get("/v1/rounds/old", headers=office).status_code == 410
    assert api.client.get("/v1/rounds/vaar", headers=office).status_code == 200
    with store.reading() as session:
        assert session.execute(text("SELECT count(*) FROM answered")).scalar() == 0
        found = verify(session)
    assert found.findings == ()
    assert any("kept for 3650 days" in one for one in found.erased)
