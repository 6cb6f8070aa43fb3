"""Explanations are made after the allocation; health waits for nobody."""

from __future__ import annotations

import csv
import io
import threading
import time
import zipfile
from typing import Any

import anyio
import httpx2
import pytest
from fastapi.concurrency import run_in_threadpool
from sqlalchemy import delete, select

from admissions_api.store.tables import ExplanationsRow, JobRow
from tests.api.installation import Api
from tests.api.rounds import allocated, done, filled, worked

POOL = 45
"""More than the threads that the framework shares among all requests."""


@pytest.fixture(scope="module")
def url(api: Api) -> str:
    return f"/v1/allocations/{allocated(api, filled(api))}"


def test_all_of_ones_own_are_read_a_page_at_a_time(api: Api, url: str) -> None:
    own = api.headers("office", "vid")
    first = api.client.get(f"{url}/explanations?limit=2&language=nn", headers=own).json()
    assert (first["total"], [one["person_id"] for one in first["items"]]) == (3, ["p1", "p3"])
    rest = api.client.get(first["next"], headers=own).json()
    assert [one["person_id"] for one in rest["items"]] == ["p4"]
    (alone,) = api.client.get(f"{url}/explanations/p4?language=nn", headers=own).json()
    assert rest["items"][0]["text"] == alone["text"], "the next page is in the same language"


def test_what_is_stored_is_what_is_explained_afresh(api: Api, url: str) -> None:
    own = api.headers("office", "uis")
    stored = {
        language: api.client.get(f"{url}/explanations/p3?language={language}", headers=own).json()
        for language in ("nb", "nn", "en")
    }
    with api.installation.store.writing() as session:
        kept = session.get_one(ExplanationsRow, url.rsplit("/", 1)[1]).sha256
        session.execute(delete(ExplanationsRow))
    for language, found in stored.items():
        path = f"{url}/explanations/p3?language={language}"
        assert api.client.get(path, headers=own).json() == found
    refused = api.client.get(f"{url}/explanations", headers=own)
    assert (refused.status_code, "each person" in refused.json()["what_to_do"]) == (409, True)
    with api.installation.store.writing() as session:
        session.add(ExplanationsRow(allocation_id=url.rsplit("/", 1)[1], sha256=kept))


def test_everybody_is_explained_by_a_job_that_a_rounds_work_does_not_wait_for(api: Api) -> None:
    allocation = allocated(api, filled(api, id="awaited"))
    url, own = f"/v1/allocations/{allocation}", api.headers("office", "vid")
    with api.installation.store.writing() as session:
        session.delete(session.get_one(ExplanationsRow, allocation))
        job = session.scalars(select(JobRow).where(JobRow.kind == "explanations")).all()[-1]
        job.state, job.result, job.ended_at = "queued", None, None
    awaited = api.client.get(f"{url}/explanations", headers=own)
    assert (awaited.status_code, "being explained" in awaited.text) == (409, True)
    assert api.client.get(f"{url}/explanations/p4", headers=own).status_code == 200
    assert api.client.post(f"{url}/explanations", headers=own).status_code == 409
    worked(api)
    assert api.client.get(f"{url}/explanations", headers=own).json()["total"] == 3


def test_letters_of_ones_own_are_a_zip_with_a_list(api: Api, url: str) -> None:
    answer = api.client.get(f"{url}/letters?language=en", headers=api.headers("office", "uis"))
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        listed = archive.read("letters.csv").decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(listed)))
        assert [(row["person_id"], row["offering_id"]) for row in rows] == [
            ("p1", "uis-juss"), ("p2", "uis-juss"), ("p3", "uis-juss")
        ]  # fmt: skip
        told = api.client.get(
            f"{url}/explanations/p2?language=en", headers=api.headers("office", "uis")
        )
        assert archive.read(rows[1]["file"]).decode() == told.json()[0]["text"]


@pytest.mark.parametrize("path", ["explanations", "letters", "explanations/p1"])
def test_no_other_role_reads_them(api: Api, url: str, path: str) -> None:
    for role, scope in (("coordinator", ""), ("analyst", ""), ("leader", "T1")):
        headers = api.headers(role, scope)  # type: ignore[arg-type]
        assert api.client.get(f"{url}/{path}", headers=headers).status_code == 403
    other = api.client.get(f"{url}/{path}", headers=api.headers("office", "hvl"))
    assert other.status_code == 404 if path.endswith("p1") else "p1" not in other.text


def test_before_publication_there_are_none(api: Api) -> None:
    allocation = allocated(api, filled(api, id="unpublished"), publish=False)
    answer = api.client.get(
        f"/v1/allocations/{allocation}/explanations", headers=api.headers("office", "uis")
    )
    assert answer.status_code == 404


def test_health_waits_for_nobody(api: Api) -> None:
    """With every shared thread taken, health and readiness answer as ever."""
    free = threading.Event()

    async def asked() -> list[float]:
        app: Any = api.client.app
        taken = []
        async with (
            httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://x") as client,
            anyio.create_task_group() as group,
        ):
            for _ in range(POOL):
                group.start_soon(run_in_threadpool, free.wait)
            await anyio.sleep(0.05)
            try:
                for path in ("/health", "/ready", "/metrics"):
                    began = time.monotonic()
                    with anyio.fail_after(20):
                        assert (await client.get(path)).status_code == 200
                    taken.append(time.monotonic() - began)
            finally:
                free.set()
        return taken

    assert max(anyio.run(asked)) < 10


def test_a_job_that_was_cancelled_is_asked_for_again(api: Api) -> None:
    allocation = allocated(api, filled(api, id="cancelled"), publish=False)
    url, own = f"/v1/allocations/{allocation}", api.headers("coordinator")
    assert api.client.post(f"{url}/explanations", headers=own).status_code == 409, "there they are"
    with api.installation.store.writing() as session:
        session.delete(session.get_one(ExplanationsRow, allocation))
        job = session.scalars(select(JobRow).where(JobRow.kind == "explanations")).all()[-1]
        job.state, job.result = "queued", None
        cancelled = job.id
    gone = api.client.delete(f"/v1/jobs/{cancelled}", headers=own)
    assert gone.json()["state"] == "cancelled"
    office = api.headers("office", "vid")
    assert api.client.post(f"{url}/explanations", headers=office).status_code == 404, "not yet"
    assert api.client.post(f"{url}/publish", headers=own).status_code == 200
    told = api.client.get(f"{url}/explanations", headers=office)
    assert (told.status_code, "POST" in told.json()["what_to_do"]) == (409, True)
    made = done(api, api.client.post(f"{url}/explanations", headers=office), office)
    assert made["result"] == f"{url}/explanations"
    assert api.client.get(made["result"], headers=office).json()["total"] == 3
    assert api.client.post(f"{url}/explanations", headers=api.headers("analyst")).status_code == 403
