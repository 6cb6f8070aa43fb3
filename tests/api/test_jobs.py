"""Jobs: state, progress, events, result, cancel, and what becomes of them when a server dies."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from admissions_api.jobs import queue
from admissions_api.store.audit import verify
from admissions_api.store.tables import JobRow
from tests.api.installation import DATABASES, Api, database
from tests.api.rounds import ROUND, UIS, filled, worked, zipped
from tests.api.serving import Served, serving, until


def asked(api: Api, round_id: str, closed: bool = True) -> str:
    """An allocation's job that is queued."""
    own = api.headers("coordinator")
    if closed:
        filled(api, id=round_id)
        api.client.post(f"/v1/rounds/{round_id}/close", json={"early": True}, headers=own)
    answer = api.client.post(f"/v1/rounds/{round_id}/allocations", json={}, headers=own)
    assert answer.status_code == 202
    return str(answer.headers["location"])


def state(api: Api, location: str) -> Any:
    return api.client.get(location, headers=api.headers("coordinator")).json()


def test_a_job_is_accepted_done_and_its_result_found(api: Api) -> None:
    location = asked(api, "accepted")
    own = api.headers("coordinator")
    before = state(api, location)
    assert (before["state"], before["result"]) == ("queued", None)
    early = api.client.get(f"{location}/result", headers=own)
    assert early.status_code == 409
    worked(api)
    after = state(api, location)
    assert (after["state"], after["progress"]) == ("done", {"done": 4, "total": 4})
    assert after["result"] == location.replace("/jobs/", "/allocations/")
    assert api.client.get(f"{location}/result", headers=own).json()["applications"] == 6


def test_events_tell_the_states_to_the_end(api: Api) -> None:
    location = asked(api, "events")
    worked(api)
    answer = api.client.get(f"{location}/events", headers=api.headers("coordinator"))
    assert answer.headers["content-type"].startswith("text/event-stream")
    told = [json.loads(line[6:]) for line in answer.text.splitlines() if line.startswith("data: ")]
    assert told[-1]["state"] == "done"
    missing = api.client.get("/v1/jobs/none/events", headers=api.headers("coordinator"))
    assert missing.status_code == 404


def test_a_job_is_its_owners_alone(api: Api) -> None:
    location = asked(api, "owners")
    for role, scope in (("office", "uis"), ("leader", "T1"), ("analyst", "")):
        headers = api.headers(role, scope)  # type: ignore[arg-type]
        assert api.client.get(location, headers=headers).status_code == 404
        assert api.client.delete(location, headers=headers).status_code == 404
        assert api.client.get("/v1/jobs", headers=headers).json()["total"] == 0
    worked(api)


def test_a_waiting_job_is_cancelled_at_once_and_stays_so(api: Api) -> None:
    location = asked(api, "cancelled")
    own = api.headers("coordinator")
    assert api.client.delete(location, headers=own).json()["state"] == "cancelled"
    worked(api)
    assert api.client.delete(location, headers=own).json()["state"] == "cancelled"
    assert state(api, location)["state"] == "cancelled"


def lose(api: Api, taken: queue.TakenJob) -> None:
    """As if its worker had died long ago."""
    with api.installation.store.writing() as session:
        session.execute(
            update(JobRow).where(JobRow.id == taken.id).values(beat="2020-01-01T00:00:00.000000Z")
        )


def test_a_lost_job_is_taken_up_again_and_the_lost_attempt_can_no_longer_end_it(api: Api) -> None:
    location = asked(api, "lost")
    store = api.installation.store
    first = queue.take(store)
    assert first is not None
    assert queue.take(store) is None, "nobody else takes it"
    assert queue.recover_lost(store) == 0, "its worker lives"
    lose(api, first)
    assert queue.recover_lost(store) == 1
    second = queue.take(store)
    assert second is not None
    assert (second.id, second.attempt) == (first.id, 2)
    assert not queue.beat(store, first)
    with store.writing() as session:
        assert not queue.finish(session, first, {"who": "first"}, None, "x")
    queue.fail(store, first, {"title": "late"})
    assert state(api, location)["state"] == "running"
    with store.writing() as session:
        assert queue.finish(session, second, {"who": "second"}, None, "x")
        assert not queue.finish(session, second, {"who": "again"}, None, "x")
    result = api.client.get(f"{location}/result", headers=api.headers("coordinator"))
    assert result.json() == {"who": "second"}


def test_a_job_that_is_lost_every_time_is_marked_as_interrupted(api: Api) -> None:
    location = asked(api, "interrupted")
    store = api.installation.store
    for _ in range(queue.MOST_ATTEMPTS):
        taken = queue.take(store)
        assert taken is not None
        lose(api, taken)
        queue.recover_lost(store)
    assert state(api, location)["state"] == "interrupted"
    assert queue.take(store) is None
    with store.reading() as session:
        assert verify(session).findings == ()


def test_a_fault_of_the_program_ends_its_job_alone_and_tells_nothing(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    location = asked(api, "fault")

    def broken(_task: object) -> None:
        raise ZeroDivisionError("P0001 has no grade")

    monkeypatch.setattr("admissions_api.jobs.worker.KINDS", {"allocation": broken})
    worked(api)
    told = state(api, location)
    assert (told["state"], told["problem"]["status"]) == ("failed", 500)
    assert "P0001" not in json.dumps(told)


@pytest.fixture(params=DATABASES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    with database(request.param, f"served_{abs(hash(tmp_path)) % 10**9}") as url:
        if url is not None:
            (tmp_path / "database-url").write_text(url)
        yield tmp_path


def open_small(served: Served, own: dict[str, str], round_id: str) -> None:
    new = {**ROUND, "id": round_id}
    assert served.request("POST", "/v1/rounds", json=new, headers=own).status_code == 201
    office = served.token("--role", "office", "--institution", "uis")
    url = f"/v1/rounds/{round_id}/parts/uis"
    part = served.request("PUT", url, content=zipped(UIS), headers=office)
    assert part.status_code == 200, part.text
    close = f"/v1/rounds/{round_id}/close"
    assert served.request("POST", close, json={"early": True}, headers=own).status_code == 200


def ask(served: Served, own: dict[str, str], round_id: str) -> str:
    url = f"/v1/rounds/{round_id}/allocations"
    answer = served.request("POST", url, json={}, headers=own)
    assert answer.status_code == 202
    return str(answer.headers["location"])


def ended(served: Served, own: dict[str, str], location: str) -> bool:
    return served.request("GET", location, headers=own).json()["state"] in queue.ENDED


def sealed(served: Served, own: dict[str, str], allocation: str) -> bytes:
    """The sealed folder of an allocation, as one zip."""
    answer = served.request("GET", f"/v1/allocations/{allocation}/folder", headers=own)
    assert answer.status_code == 200, answer.text
    return bytes(answer.content)


@pytest.mark.slow
def test_nothing_is_lost_or_done_twice_when_the_server_is_killed(place: Path) -> None:
    with serving(place) as first:
        own = first.token("--role", "coordinator")
        open_small(first, own, "killed")
        jobs = [ask(first, own, "killed") for _ in range(3)]

        def running() -> bool:
            state: str = first.request("GET", jobs[0], headers=own).json()["state"]
            return state != "queued"

        until(running, "the first job runs")
        first.killed()
    with serving(place) as second:
        for job in jobs:
            until(partial(ended, second, own, job), "the job has ended")
            assert second.request("GET", job, headers=own).json()["state"] == "done"
        listed = second.request("GET", "/v1/allocations", headers=own).json()
        assert listed["total"] == len(jobs), "each job made its allocation once"
        assert len({row["sha256"] for row in listed["items"]}) == len(jobs), "each with its salt"
        assert len({sealed(second, own, row["id"]) for row in listed["items"]}) == 1, "one content"
        assert second.stopped() == 0


@pytest.mark.slow
def test_a_stop_is_clean_and_the_running_job_goes_on_with_the_next_start(tmp_path: Path) -> None:
    with serving(tmp_path) as first:
        own = first.token("--role", "coordinator")
        open_small(first, own, "stopped")
        job = ask(first, own, "stopped")

        def running() -> bool:
            state: str = first.request("GET", job, headers=own).json()["state"]
            return state != "queued"

        until(running, "the job runs")
        assert first.stopped() == 0
    with serving(tmp_path) as second:
        until(lambda: ended(second, own, job), "the job has ended")
        assert second.request("GET", job, headers=own).json()["state"] == "done"
        assert second.stopped() == 0
    log = (tmp_path / "server.log").read_text()
    assert "Traceback" not in log
