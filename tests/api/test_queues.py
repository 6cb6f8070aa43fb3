"""Who waits for whom: a round's work before analyses, caps a caller, and what killed ones left."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

from admissions_api.jobs import queue
from admissions_api.temporary import sweep
from tests.api.installation import Api
from tests.api.rounds import filled, worked

SIMULATION = {"scenarios": ["current-2019", "coordinated-2019"], "draws": 1}


def simulations(api: Api, count: int, name: str) -> list[int]:
    headers = {"Authorization": f"Bearer {api.token('analyst', name=name)}"}
    asked = [
        api.client.post("/v1/simulations", json=SIMULATION, headers=headers) for _ in range(count)
    ]
    return [answer.status_code for answer in asked]


def cancel_all(api: Api) -> None:
    own = api.headers("coordinator")
    for job in api.client.get("/v1/jobs?limit=500", headers=own).json()["items"]:
        assert api.client.delete(f"/v1/jobs/{job['id']}", headers=own).status_code == 200


def test_a_rounds_work_comes_before_analyses_that_were_asked_for_earlier(api: Api) -> None:
    assert simulations(api, 2, "a") == [202, 202]
    filled(api)
    own = api.headers("coordinator")
    asked = api.client.post(
        "/v1/rounds/vaar/parts/uis/rankings", json={}, headers=api.headers("office", "uis")
    )
    assert asked.status_code == 202
    store = api.installation.store
    first = queue.take(store, later=False)
    assert first is not None
    assert first.kind == "ranking"
    assert queue.take(store, later=False) is None, "this worker stays free for rounds"
    second = queue.take(store)
    assert second is not None
    assert second.kind == "simulation"
    for taken in (first, second):
        api.client.delete(f"/v1/jobs/{taken.id}", headers=own)
        queue.stop(store, taken)
    cancel_all(api)


def test_the_head_of_events_comes_at_once_though_the_job_still_waits(api: Api) -> None:
    assert simulations(api, 1, "head") == [202]
    own = api.headers("coordinator")
    (job,) = (
        job
        for job in api.client.get("/v1/jobs", headers=own).json()["items"]
        if job["state"] == "queued"
    )
    head = api.client.head(f"/v1/jobs/{job['id']}/events", headers=own)
    assert head.status_code == 200
    assert head.headers["content-type"].startswith("text/event-stream")
    cancel_all(api)


def test_one_caller_cannot_fill_the_queue(api: Api) -> None:
    assert simulations(api, queue.MOST_EACH + 1, "greedy") == [202] * queue.MOST_EACH + [429]
    assert simulations(api, 1, "modest") == [202], "another analyst is not in the way of"
    cancel_all(api)
    assert simulations(api, 1, "greedy") == [202]
    cancel_all(api)


def test_the_coordinator_sees_and_cancels_all_and_reads_no_result_of_others(api: Api) -> None:
    filled(api, id="seen")
    own, office = api.headers("coordinator"), api.headers("office", "uis")
    asked = api.client.post("/v1/rounds/seen/parts/uis/rankings", json={}, headers=office)
    url = asked.headers["location"]
    seen = api.client.get(url, headers=own).json()
    assert (seen["role"], seen["scope"], seen["state"]) == ("office", "uis", "queued")
    worked(api)
    assert api.client.get(f"{url}/result", headers=office).status_code == 200
    assert api.client.get(f"{url}/result", headers=own).status_code == 404
    again = api.client.post("/v1/rounds/seen/parts/uis/rankings", json={}, headers=office)
    cancelled = api.client.delete(again.headers["location"], headers=own)
    assert cancelled.json()["state"] == "cancelled"
    assert api.client.get(again.headers["location"], headers=office).json()["state"] == "cancelled"
    other = api.headers("office", "vid")
    assert api.client.delete(url, headers=other).status_code == 404


HOLD = """
import sys
from pathlib import Path
from admissions_api.temporary import use_own_folder
folder = use_own_folder(Path(sys.argv[1]))
(folder / "passing").write_text("a person's")
print(folder, flush=True)
sys.stdin.read()
"""


def test_what_a_killed_process_left_is_swept_and_what_a_living_one_has_is_not(
    tmp_path: Path,
) -> None:
    holders = [
        subprocess.Popen(
            [sys.executable, "-c", HOLD, str(tmp_path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    folders = []
    for holder in holders:
        assert holder.stdout is not None
        folders.append(Path(holder.stdout.readline().strip()))
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in folders} == {0o700}
    assert stat.S_IMODE((tmp_path / "temporary").stat().st_mode) == 0o700
    holders[0].kill()
    holders[0].communicate()
    for name in ("simulation-1", "simulation-2"):
        (tmp_path / "draws" / name).mkdir(parents=True)
    assert sweep(tmp_path, {"simulation-2"}) == 2
    assert [folder.exists() for folder in folders] == [False, True]
    assert [path.name for path in (tmp_path / "draws").iterdir()] == ["simulation-2"]
    holders[1].communicate("")
    assert sweep(tmp_path, ()) == 2, "what is left when all have ended is swept too"
    assert sweep(tmp_path / "none", ()) == 0
