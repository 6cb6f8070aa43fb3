"""A leader sees own staff alone, previews an order, and sends it before the deadline."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select

from admissions.preview.cut_offs import Snapshot
from admissions_api.clock import stamp
from admissions_api.store import get_blob, put_blob
from admissions_api.store.audit import verify
from admissions_api.store.tables import CutOffRow, PreferenceRow
from tests.api.installation import DATABASES, Api, running
from tests.api.rounds import UIS, VID, allocated, closed, done, filled, upload, zipped


def cut_offs(api: Api, round_id: str, **asked: Any) -> Any:
    own = api.headers("coordinator")
    asking = api.client.post(
        f"/v1/rounds/{round_id}/cut-offs", json={"draws": 20, **asked}, headers=own
    )
    return done(api, asking, own)


def service(api: Api, round_id: str, path: str = "", service_id: str = "T1") -> tuple[str, Any]:
    url = f"/v1/rounds/{round_id}/services/{service_id}{path}"
    return url, api.headers("leader", service_id)


def test_a_leader_sees_own_staff_and_nobody_else(api: Api) -> None:
    round_id = filled(api, id="own-staff")
    url, own = service(api, round_id)
    assert api.client.get(url, headers=own).status_code == 409, "no cut-offs yet"
    cut_offs(api, round_id)
    shown = api.client.get(url, headers=own)
    assert [person["person_id"] for person in shown.json()["staff"]] == ["p1", "p2"]
    first = shown.json()["staff"][0]
    assert first["seat"] == "uis-juss"
    assert first["chance"] == 100
    wishes = [(w["offering_id"], w["points"], w["cut_off_points"]) for w in first["applications"]]
    # Seats are left at both, so there is no cut-off.
    assert wishes == [("uis-juss", "4.10", None), ("vid-minoritet", "4.10", None)]
    assert not any(other in shown.text for other in ("p3", "p4", "T2"))


def test_another_services_leader_is_refused_whatever_is_asked(api: Api) -> None:
    round_id = filled(api, id="others")
    cut_offs(api, round_id)
    _, t2 = service(api, round_id, service_id="T2")
    for method, path, body in (
        ("GET", "", None),
        ("GET", "/preferences", None),
        ("GET", "/preferences/versions", None),
        ("PUT", "/preferences", {"orders": []}),
        ("POST", "/previews", {"orders": []}),
    ):
        for target in ("T1", "no-such-service"):
            url, _ = service(api, round_id, path, target)
            answer = api.client.request(method, url, json=body, headers=t2)
            assert answer.status_code == 403
            assert "p1" not in answer.text


def test_an_order_is_previewed_and_sent_and_then_allocated(api: Api) -> None:
    round_id = filled(api, id="sent", scenario="leader-within-service")
    cut_offs(api, round_id)
    url, own = service(api, round_id, "/preferences")
    before = api.client.get(url, headers=own)
    assert before.json()["version"] == 0
    said = {"orders": [{"offering_id": None, "person_ids": ["p2", "p1"]}], "max_students": 1}
    previews, _ = service(api, round_id, "/previews")
    shown = api.client.post(previews, json=said, headers=own).json()
    assert {p["person_id"]: p["seat"] for p in shown["now"]} == {"p1": "uis-juss", "p2": "uis-juss"}
    assert {p["person_id"]: p["seat"] for p in shown["then"]} == {"p1": None, "p2": "uis-juss"}
    assert api.client.get(url, headers=own).json()["version"] == 0, "a preview sends nothing"
    sent = api.client.put(url, json=said, headers={**own, "If-Match": before.headers["etag"]})
    assert sent.json()["version"] == 1
    stale = api.client.put(url, json=said, headers={**own, "If-Match": before.headers["etag"]})
    assert stale.status_code == 412
    allocated(api, round_id)
    final, _ = service(api, round_id)
    staff = api.client.get(final, headers=own).json()["staff"]
    outcomes = {p["person_id"]: {w["outcome"] for w in p["applications"]} for p in staff}
    assert outcomes["p2"] == {"offered"}
    assert "offered" not in outcomes["p1"]


def test_only_own_staff_can_be_named_and_no_answer_tells_who_else_exists(api: Api) -> None:
    round_id = filled(api, id="named")
    cut_offs(api, round_id)
    answers = []
    for person in ("p3", "nobody"):
        said = {"orders": [{"offering_id": None, "person_ids": [person]}]}
        for method, path in (("PUT", "/preferences"), ("POST", "/previews")):
            url, own = service(api, round_id, path)
            answer = api.client.request(method, url, json=said, headers=own)
            assert answer.status_code == 422
            answers.append(answer.text.replace(person, "X").replace(path, ""))
    assert len(set(answers)) == 1


def test_nothing_is_sent_after_the_deadline(api: Api) -> None:
    round_id = filled(api, id="late", deadline="2020-01-01T00:00:00Z")
    url, own = service(api, round_id, "/preferences")
    answer = api.client.put(url, json={"orders": []}, headers=own)
    assert answer.status_code == 409
    assert "deadline has passed" in answer.json()["detail"]


def test_a_repeat_of_what_was_sent_in_time_is_no_refusal(api: Api) -> None:
    round_id = filled(api, id="again")
    url, own = service(api, round_id, "/preferences")
    keyed = {**own, "Idempotency-Key": "order-1"}
    said = {"orders": [{"offering_id": None, "person_ids": ["p2", "p1"]}], "max_students": None}
    first = api.client.put(url, json=said, headers=keyed)
    assert closed(api, round_id).is_success
    again = api.client.put(url, json=said, headers=keyed)
    assert (again.status_code, again.json()) == (200, first.json())
    assert again.headers["idempotency-replayed"] == "true"
    other = api.client.put(url, json={"orders": []}, headers=keyed)
    assert other.status_code == 422, "another order is not what was sent in time"
    assert api.client.put(url, json=said, headers=own).status_code == 409


def test_every_version_is_kept(api: Api) -> None:
    round_id = filled(api, id="versions")
    url, own = service(api, round_id, "/preferences")
    for away in (1, 2, 3):
        api.client.put(url, json={"orders": [], "max_students": away}, headers=own)
    listed = api.client.get(f"{url}/versions?limit=2", headers=own).json()
    assert [row["version"] for row in listed["items"]] == [3, 2]
    assert listed["total"] == 3
    assert api.client.get(url, headers=own).json()["preferences"]["max_students"] == 3


def test_published_cut_offs_are_points_alone(api: Api) -> None:
    round_id = filled(api, id="public")
    cut_offs(api, round_id)
    answer = api.client.get(f"/v1/rounds/{round_id}/cut-offs", headers=api.headers("analyst"))
    assert answer.json()["offerings"]["uis-juss"] == {"seats": 32, "points": None}
    assert set(answer.json()) == {"version", "scenario", "draws", "offerings"}


@pytest.mark.parametrize("name", ["coordinated-2019", "leader-within-service", "leader-points"])
def test_previews_of_two_rounds_that_agree_in_own_staff_and_snapshot_are_equal_bytes(
    tmp_path: Path, name: str
) -> None:
    """Whatever else differs: other people, their grades, who else applies, other services."""
    other_uis = {
        **UIS,
        "applicants.csv": UIS["applicants.csv"]
        .replace("p3,municipal,T2,180,3.7,7", "p3,state,,180,5.0,20")
        + "p9,private,,180,4.8,9\np0,municipal,T2,180,4.0,5\n",
        "applications.csv": UIS["applications.csv"] + "p9,uis-juss,1\np0,uis-juss,1\n",
    }  # fmt: skip
    other_vid = {
        **VID,
        "applicants.csv": VID["applicants.csv"].replace("p3,municipal,T2,180,3.7,7\n", ""),
        "applications.csv": VID["applications.csv"].replace("p3,vid-minoritet,1\n", ""),
    }
    with running(tmp_path / "one") as one, running(tmp_path / "two") as two:
        filled(one, scenario=name)
        filled(two, scenario=name)
        assert upload(two, "uis", other_uis).status_code == 200
        assert upload(two, "vid", other_vid).status_code == 200
        cut_offs(one, "vaar", draws=10)
        same_snapshot(one, two)
        tried = set()
        url, _ = service(one, "vaar", "/previews")
        for order in (*itertools.permutations(["p1", "p2"], 2), ("p1",), ("p2",), ()):
            for offering in (None, "uis-juss", "vid-minoritet"):
                for away in (None, 0, 1, 2):
                    said = {
                        "orders": [{"offering_id": offering, "person_ids": list(order)}],
                        "max_students": away,
                    }
                    answers = [
                        api.client.post(url, json=said, headers=api.headers("leader", "T1"))
                        for api in (one, two)
                    ]
                    assert answers[0].status_code == 200
                    assert answers[0].content == answers[1].content
                    tried.add(answers[0].content)
        assert len(tried) > 1, "the orders tried make a difference"
        own = [api.client.get(url[: -len("/previews")], headers=api.headers("leader", "T1"))
               for api in (one, two)]  # fmt: skip
        assert own[0].content == own[1].content


def same_snapshot(one: Api, two: Api) -> None:
    with one.installation.store.reading() as session:
        row = session.scalars(select(CutOffRow)).one()
        data = get_blob(session, row.sha256)
    with two.installation.store.writing() as session:
        sha256 = put_blob(session, data)
        session.add(
            CutOffRow(
                round_id="vaar",
                version=row.version,
                scenario=row.scenario,
                sha256=sha256,
                at=stamp(),
            )
        )


@pytest.mark.parametrize("kind", DATABASES)
def test_of_a_hundred_leaders_who_write_at_once_every_accepted_write_is_there(
    tmp_path: Path, kind: str
) -> None:
    with running(tmp_path, kind) as api:
        round_id = filled(api)
        url, _ = service(api, round_id, "/preferences")
        headers = api.headers("leader", "T1")
        begin = threading.Barrier(100, timeout=60)

        def write(number: int) -> tuple[int, int, int]:
            begin.wait()
            said = {"orders": [], "max_students": number}
            answer = api.client.put(url, json=said, headers=headers)
            return number, answer.status_code, answer.json().get("version", 0)

        with ThreadPoolExecutor(100) as pool:
            written = list(pool.map(write, range(100)))
        assert {code for _, code, _ in written} == {200}
        with api.installation.store.reading() as session:
            rows = session.scalars(select(PreferenceRow).order_by(PreferenceRow.version)).all()
            assert [row.version for row in rows] == list(range(1, 101))
            kept = {
                row.version: f'"max_students":{number}}}' in get_blob(session, row.sha256).decode()
                for number, _, version in written
                for row in rows
                if row.version == version
            }
            assert len(kept) == 100
            assert all(kept.values())
            found = verify(session)
        assert found.findings == ()
        assert found.entries == 1 + 2 + 100, "opened, two parts, and each write"


def test_no_clash_of_others_touches_a_leader(api: Api) -> None:
    """A part that names one's staff for another service, or says otherwise of one's service."""
    round_id = filled(api, id="untouched")
    cut_offs(api, round_id)
    url, own = service(api, round_id)
    said = {"orders": [{"offering_id": None, "person_ids": ["p2", "p1"]}], "max_students": 1}
    preview, _ = service(api, round_id, "/previews")
    order, _ = service(api, round_id, "/preferences")

    def seen() -> list[bytes]:
        return [
            api.client.get(url, headers=own).content,
            api.client.post(preview, json=said, headers=own).content,
            api.client.get(order, headers=own).content,
        ]

    before = seen()
    strange = {
        "applicants.csv": "person_id,sector,service_id\np1,state,T2\np2,municipal,T2\np8,state,\n",
        "applications.csv": "person_id,offering_id,preference\n"
        "p1,ntnu-ledelse,1\np2,ntnu-ledelse,1\np8,ntnu-ledelse,1\n",
        "services.csv": "service_id,name,employees\nT1,Mitt,1\nT2,Ditt,9\n",
    }
    notes = upload(api, "ntnu", strange, round_id).json()["notes"]
    assert len(notes) > 4, "p1 and p2 are of T1, and T1 is called otherwise"
    assert seen() == before
    assert api.client.put(order, json=said, headers=own).status_code == 200
    t2 = service(api, round_id, service_id="T2")
    shown = api.client.get(t2[0], headers=t2[1])
    assert {person["person_id"] for person in shown.json()["staff"]} == {"p3", "p4"}


def test_what_is_agreed_again_is_seen_again(api: Api) -> None:
    round_id = filled(api, id="agreed-again")
    cut_offs(api, round_id)
    url, own = service(api, round_id)

    def staff() -> dict[str, list[str]]:
        people = api.client.get(url, headers=own).json()["staff"]
        return {p["person_id"]: [w["points"] for w in p["applications"]] for p in people}

    assert staff() == {"p1": ["4.10", "4.10"], "p2": ["3.90"]}
    moved = VID["applicants.csv"].replace("p1,municipal,T1,180,4.1", "p1,municipal,T2,180,4.6")
    upload(api, "vid", {**VID, "applicants.csv": moved}, round_id)
    assert staff() == {"p1": ["4.10", "4.10"], "p2": ["3.90"]}, "what was last agreed"
    mended = moved.replace("p1,municipal,T2", "p1,municipal,T1")
    upload(api, "vid", {**VID, "applicants.csv": mended}, round_id)
    assert staff() == {"p1": ["4.10", "4.60"], "p2": ["3.90"]}
    gone = UIS["applications.csv"].replace("p2,uis-juss,1\n", "")
    upload(api, "uis", {**UIS, "applications.csv": gone}, round_id)
    assert staff() == {"p1": ["4.10", "4.60"]}


def test_a_leaders_pages_take_no_longer_whatever_others_upload(api: Api) -> None:
    """Counted is what the store reads for them: as many bytes beside ten people as beside 3,000."""
    read = []
    for others in (10, 3000):
        round_id = filled(api, id=f"others-{others:04}")
        people = "".join(f"x{n},municipal,T3,180,3.5,4\n" for n in range(others))
        wishes = "".join(f"x{n},ntnu-ledelse,1\n" for n in range(others))
        crowd = {
            "applicants.csv": UIS["applicants.csv"].splitlines()[0] + "\n" + people,
            "applications.csv": f"person_id,offering_id,preference\n{wishes}",
            "services.csv": "service_id,municipality_no\nT3,5001\n",
        }
        assert upload(api, "ntnu", crowd, round_id).status_code == 200
        same_cut_offs(api, round_id)
        url, own = service(api, round_id)
        with bytes_read(api) as sizes:
            assert api.client.get(url, headers=own).status_code == 200
        read.append(sizes)
    assert read[0] == read[1]
    assert 500 < sum(read[0]) < 20_000


def same_cut_offs(api: Api, round_id: str) -> None:
    """Cut-offs that tell of nobody, so that only what is uploaded can differ."""
    made = Snapshot(scenario="leader-within-service", draws=0, seed=0, offerings={})
    with api.installation.store.writing() as session:
        sha256 = put_blob(session, made.model_dump_json().encode())
        session.add(
            CutOffRow(
                round_id=round_id, version=1, scenario=made.scenario, sha256=sha256, at=stamp()
            )
        )


@contextmanager
def bytes_read(api: Api) -> Iterator[list[int]]:
    """How much each row has that the database gives meanwhile."""
    sizes: list[int] = []

    def executed(_1: Any, cursor: Any, statement: str, *_more: object) -> None:
        if not statement.lstrip().upper().startswith("SELECT"):
            return
        rows = api_rows(api, statement, _more[0])
        sizes.extend(
            sum(len(cell) for cell in row if isinstance(cell, bytes | str)) for row in rows
        )

    event.listen(api.installation.store.engine, "after_cursor_execute", executed)
    yield sizes
    event.remove(api.installation.store.engine, "after_cursor_execute", executed)


def api_rows(api: Api, statement: str, parameters: Any) -> list[Any]:
    """What the statement gives, asked for again beside the application."""
    connection = api.installation.store.engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())
    finally:
        connection.close()


def test_a_leader_is_warned_of_a_wish_for_several_together(api: Api) -> None:
    round_id = filled(api, id="together")
    register = {
        "services.csv": UIS["services.csv"],
        "leader_groups.csv": "service_id,offering_id,at_least\nT1,uis-juss,2\n",
    }
    headers = {**api.headers("coordinator"), "Content-Type": "application/zip"}
    url = f"/v1/rounds/{round_id}/register"
    assert api.client.put(url, content=zipped(register), headers=headers).status_code == 200
    cut_offs(api, round_id)
    url, own = service(api, round_id)
    (group,) = api.client.get(url, headers={**own, "Accept-Language": "nn"}).json()["groups"]
    assert (group["offering_id"], group["at_least"], group["within"]) == (
        "uis-juss",
        2,
        ["p1", "p2"],
    )
    assert group["warning"].startswith("Tenesta ønskjer minst 2 saman ved Juss")
    preview, _ = service(api, round_id, "/previews")
    tried = api.client.post(preview, json={"orders": []}, headers=own).json()
    assert "none of them gets a seat there" in tried["groups"][0]["warning"]
    other, t2 = service(api, round_id, service_id="T2")
    assert api.client.get(other, headers=t2).json()["groups"] == []
