"""A round from its opening to its decisions, each office with its own part alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text as sql

from admissions_api.store.audit import verify
from tests.acceptance.command import run
from tests.api.installation import DATABASES, Api, running
from tests.api.rounds import (
    UIS,
    VID,
    allocated,
    closed,
    done,
    filled,
    opened,
    upload,
    zipped,
)


def test_each_office_uploads_its_own_part(api: Api) -> None:
    round_id = opened(api, id="own-part")
    answer = upload(api, "uis", UIS, round_id)
    assert answer.status_code == 200
    part = answer.json()
    assert (part["applicants"], part["applications"], part["version"]) == (3, 3, 1)
    assert upload(api, "uis", UIS, round_id).json()["version"] == 2
    listed = api.client.get(f"/v1/rounds/{round_id}/parts", headers=api.headers("coordinator"))
    assert [row["institution"] for row in listed.json()] == ["uis"]


def test_every_error_of_a_part_comes_back_as_a_list_and_nothing_is_stored(api: Api) -> None:
    round_id = opened(api, id="errors")
    applicants = UIS["applicants.csv"].replace("municipal,T2,180,3.7", "county,T2,180,7.9")
    others = VID["applications.csv"]
    answer = upload(api, "uis", {**UIS, "applicants.csv": applicants}, round_id)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    places = sorted((e["file"], e["row"], e["column"], e["value"]) for e in answer.json()["errors"])
    assert places == [
        ("applicants.csv", 4, "bachelor_grade", "7.9"),
        ("applicants.csv", 4, "sector", "county"),
    ]
    answer = upload(api, "uis", {**UIS, "applications.csv": others}, round_id)
    assert {e["value"] for e in answer.json()["errors"]} == {"vid-minoritet", "p4"}
    own = api.headers("office", "uis")
    assert api.client.get(f"/v1/rounds/{round_id}/parts/uis", headers=own).status_code == 404


def test_a_check_says_what_an_upload_would_and_stores_nothing(api: Api) -> None:
    round_id = opened(api, id="check")
    own = api.headers("office", "uis")
    url = f"/v1/rounds/{round_id}/parts/uis"
    answer = api.client.post(f"{url}/check", content=zipped(UIS), headers=own)
    assert answer.json() == {
        "applicants": 3, "applications": 3, "offerings": ["uis-juss"], "notes": [],
    }  # fmt: skip
    assert api.client.get(url, headers=own).status_code == 404


def test_a_workbook_is_read_as_a_zip_is(api: Api, tmp_path_factory: pytest.TempPathFactory) -> None:
    import openpyxl

    path = tmp_path_factory.mktemp("book") / "round.xlsx"
    assert run("template", "--out", path).code == 0
    book = openpyxl.load_workbook(path)
    for name, text in UIS.items():
        sheet = book[name.removesuffix(".csv")]
        header = [str(cell.value) for cell in sheet[1]]
        names, *rows = [line.split(",") for line in text.splitlines()]
        for number, row in enumerate(rows, start=2):
            for column, value in zip(names, row, strict=True):
                at = next(i for i, title in enumerate(header, 1) if title == column)
                sheet.cell(number, at).value = value
    book.save(path)
    round_id = opened(api, id="workbook")
    answer = api.client.put(
        f"/v1/rounds/{round_id}/parts/uis",
        content=path.read_bytes(),
        headers=api.headers("office", "uis"),
    )
    assert answer.status_code == 200, answer.text
    assert answer.json()["applications"] == 3


def test_a_part_that_was_replaced_meanwhile_is_not_replaced_again(api: Api) -> None:
    round_id = opened(api, id="replaced")
    first = upload(api, "uis", UIS, round_id)
    upload(api, "uis", UIS, round_id)
    headers = {**api.headers("office", "uis"), "If-Match": first.headers["etag"]}
    url = f"/v1/rounds/{round_id}/parts/uis"
    assert api.client.put(url, content=zipped(UIS), headers=headers).status_code == 412
    current = api.client.get(url, headers=headers)
    headers["If-Match"] = current.headers["etag"]
    assert api.client.put(url, content=zipped(UIS), headers=headers).json()["version"] == 3


def test_nothing_is_uploaded_once_the_round_is_closed(api: Api) -> None:
    round_id = filled(api, id="closed")
    assert closed(api, round_id).json()["state"] == "closed"
    assert upload(api, "uis", UIS, round_id).status_code == 409
    assert closed(api, round_id).status_code == 409


def test_a_round_is_allocated_published_and_verified_again(api: Api) -> None:
    round_id = filled(api, id="whole")
    allocation = allocated(api, round_id, publish=False)
    url = f"/v1/allocations/{allocation}"
    coordinator, uis = api.headers("coordinator"), api.headers("office", "uis")
    assert api.client.get(url, headers=uis).status_code == 404, "not published yet"
    assert api.client.get(f"{url}/decisions", headers=uis).status_code == 404
    assert api.client.post(f"{url}/publish", headers=coordinator).status_code == 200
    shown = api.client.get(url, headers=uis).json()
    assert set(shown["inputs"]) == {
        "applicants.csv", "applications.csv", "round.toml", "services.csv",
    }  # fmt: skip
    assert {"uis-juss.toml", "vid-minoritet.toml"} <= set(shown["rulebooks"])
    assert all(len(sha256) == 64 for sha256 in shown["rulebooks"].values())
    assert False not in shown["properties"].values()
    again = api.client.post(f"{url}/verifications", headers=uis)
    job = done(api, again, uis)
    result = api.client.get(job["result"], headers=uis).json()
    assert result["holds"] is True
    assert result["made_with"] == result["verified_with"]
    round_row = api.client.get(f"/v1/rounds/{round_id}", headers=uis).json()
    assert (round_row["state"], round_row["published"]) == ("published", allocation)


def test_an_office_reads_its_own_decisions_alone(api: Api) -> None:
    allocation = allocated(api, filled(api, id="own"))
    uis, vid = api.headers("office", "uis"), api.headers("office", "vid")
    url = f"/v1/allocations/{allocation}"
    rows = api.client.get(f"{url}/decisions", headers=uis).json()["items"]
    # p3's first wish, at the other institution, is met: here the application lapses.
    assert {(r["person_id"], r["offering_id"], r["outcome"]) for r in rows} == {
        ("p1", "uis-juss", "offered"), ("p2", "uis-juss", "offered"), ("p3", "uis-juss", "lapsed"),
    }  # fmt: skip
    assert [r["rank"] for r in rows] == [1, 2, 3]
    for path in ("decisions?offering=vid-minoritet", "rankings/vid-minoritet"):
        assert api.client.get(f"{url}/{path}", headers=uis).status_code == 403
    table = api.client.get(f"{url}/rankings/uis-juss", headers=uis)
    assert table.text.splitlines()[1].startswith("1,p1,T1,yes")
    assert set(api.client.get(f"{url}/summary", headers=uis).json()["offerings"]) == {"uis-juss"}
    everything = api.client.get(f"{url}/summary", headers=api.headers("coordinator")).json()
    assert set(everything["offerings"]) == {"uis-juss", "vid-minoritet"}
    letter = api.client.get(f"{url}/explanations/p4", headers=vid).json()
    assert len(letter) == 1
    assert "Minoritetskompetanse" in letter[0]["text"]
    assert api.client.get(f"{url}/explanations/p4", headers=uis).status_code == 404


def test_the_certificate_names_no_person(api: Api) -> None:
    allocation = allocated(api, filled(api, id="certificate"))
    url = f"/v1/allocations/{allocation}/certificate"
    answer = api.client.get(url, headers=api.headers("office", "uis"))
    assert answer.json()["properties"]["P5"]["holds"] is True
    assert not any(person in answer.text for person in ("p1", "p2", "p3", "p4", "T1", "T2"))


def test_an_office_ranks_its_own_part_before_anybody_allocates(api: Api) -> None:
    round_id = filled(api, id="rank")
    own = api.headers("office", "uis")
    url = f"/v1/rounds/{round_id}/parts/uis/rankings"
    job = done(api, api.client.post(url, json={}, headers=own), own)
    rankings = api.client.get(job["result"], headers=own).json()["rankings"]
    table = rankings["uis-juss"]
    person, rank = table["columns"].index("person_id"), table["columns"].index("rank")
    assert [(row[person], row[rank]) for row in table["rows"]] == [
        ("p1", "1"), ("p2", "2"), ("p3", "3"),
    ]  # fmt: skip
    assert api.client.get(job["result"], headers=api.headers("office", "vid")).status_code == 404


def test_the_parts_of_the_shipped_round_are_that_round_again(api: Api) -> None:
    round_id = opened(api, id="shipped", shipped="2019", scenario="coordinated-2019")
    parts = api.client.get(
        f"/v1/rounds/{round_id}/parts", headers=api.headers("coordinator")
    ).json()
    assert {part["institution"]: part["applications"] for part in parts} == {
        "hvl": 72, "ntnu": 83, "oslomet": 360, "uis": 57, "uit": 121, "vid": 127,
    }  # fmt: skip
    allocation = allocated(api, round_id)
    summary: dict[str, Any] = api.client.get(
        f"/v1/allocations/{allocation}/summary", headers=api.headers("coordinator")
    ).json()
    offered = {o: row["offered"]["total"] for o, row in summary["offerings"].items()}
    assert offered == {
        "hvl-barnets-beste": 32, "ntnu-ledelse": 32, "oslomet-barnets-beste": 32,
        "oslomet-juss": 32, "uis-juss": 32, "uit-veiledning": 50, "vid-minoritet": 32,
        "vid-relasjon": 32,
    }  # fmt: skip


def test_an_idempotency_key_opens_one_round_however_often_it_is_sent(api: Api) -> None:
    new = {
        "id": "once", "title": "Én gang", "scenario": "coordinated-2019",
        "deadline": "2099-01-01T00:00:00Z",
    }  # fmt: skip
    headers = {**api.headers("coordinator"), "Idempotency-Key": "k1"}
    first = api.client.post("/v1/rounds", json=new, headers=headers)
    second = api.client.post("/v1/rounds", json=new, headers=headers)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.text == second.text
    assert second.headers["idempotency-replayed"] == "true"
    other = api.client.post("/v1/rounds", json={**new, "id": "other"}, headers=headers)
    assert other.status_code == 422
    assert "new key" in other.json()["what_to_do"]
    without = api.client.post("/v1/rounds", json=new, headers=api.headers("coordinator"))
    assert without.status_code == 409


@pytest.mark.parametrize("kind", DATABASES)
@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE rounds SET deadline = '2098'", "rounds/stands, deadline: is not what"),
        ("UPDATE rounds SET state = 'open'", "rounds/stands, state: is not what"),
        (
            "UPDATE preferences SET sha256 = (SELECT max(sha256) FROM parts)",
            "rounds/stands/services/T1, version 1: is not what",
        ),
        ("DELETE FROM preferences", "rounds/stands/services/T1, version 1: the chain names it"),
        (
            "UPDATE parts SET version = 7 WHERE institution = 'vid'",
            "rounds/stands/parts/vid, version 7: is not what",
        ),
        (
            "UPDATE allocations SET folder = (SELECT max(sha256) FROM parts)",
            "allocations/allocation-1, result folder: is not what",
        ),
    ],
)
def test_what_stands_otherwise_than_the_chain_says_is_found(
    tmp_path: Path, kind: str, statement: str, says: str
) -> None:
    with running(tmp_path, kind) as one:
        round_id = filled(one, id="stands")
        url = f"/v1/rounds/{round_id}/services/T1/preferences"
        said = {"orders": [{"offering_id": None, "person_ids": ["p2", "p1"]}]}
        assert one.client.put(url, json=said, headers=one.headers("leader", "T1")).is_success
        allocated(one, round_id)
        with one.installation.store.reading() as session:
            assert verify(session).findings == ()
        with one.installation.store.writing() as session:
            session.execute(sql(statement))
        with one.installation.store.reading() as session:
            assert any(f.startswith(says) for f in verify(session).findings)


def test_an_open_and_a_published_round_are_not_allocated_and_the_advice_fits(api: Api) -> None:
    round_id, own = filled(api, id="advice"), api.headers("coordinator")
    url = f"/v1/rounds/{round_id}/allocations"
    early = api.client.post(url, json={}, headers=own)
    allocated(api, round_id)
    late = api.client.post(url, json={}, headers=own)
    assert (early.status_code, late.status_code) == (409, 409)
    assert "close it first" in early.json()["what_to_do"]
    assert "close it first" not in late.json()["what_to_do"]


def test_who_is_kept_out_is_told_to_the_office_alone(api: Api) -> None:
    opened(api, id="notes")
    more = {**UIS, "applicants.csv": UIS["applicants.csv"] + "p7,state,,180,4.0,0\n"}
    assert "p7" in upload(api, "uis", more, "notes").text
    url = "/v1/rounds/notes/parts"
    own = api.headers("office", "uis")
    assert "p7" in api.client.get(f"{url}/uis", headers=own).text
    for language, left_out in (
        ("nb", "utenfor runden"),
        ("nn", "utanfor runden"),
        ("en", "out of the round"),
    ):
        told = api.client.get(f"{url}/uis", headers={**own, "Accept-Language": language}).json()
        assert any(note.endswith(left_out) for note in told["notes"])
    for path in (url, f"{url}/uis"):
        told = api.client.get(path, headers=api.headers("coordinator"))
        assert told.status_code == 200
        assert "p7" not in told.text


def test_hashes_of_files_of_persons_are_for_whoever_may_see_these(api: Api) -> None:
    url = f"/v1/allocations/{allocated(api, filled(api, id='hashes'))}"
    for role, scope, shown in (
        ("coordinator", "", True), ("office", "uis", True), ("leader", "T1", False),
        ("analyst", "", False),
    ):  # fmt: skip
        found = api.client.get(url, headers=api.headers(role, scope)).json()  # type: ignore[arg-type]
        assert ("applicants.csv" in found["inputs"]) is shown, role


def test_pages_go_through_all_decisions_once(api: Api) -> None:
    allocation = allocated(api, filled(api, id="pages"))
    own = api.headers("office", "uis")
    url: str | None = f"/v1/allocations/{allocation}/decisions?limit=2"
    seen = []
    while url is not None:
        page = api.client.get(url, headers=own).json()
        seen += [row["person_id"] for row in page["items"]]
        assert page["total"] == 3
        url = page["next"]
    assert seen == ["p1", "p2", "p3"]


def test_no_file_of_persons_lies_in_a_temporary_folder_in_passing(
    api: Api, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """An upload is read, a round allocated, verified, explained and compared with no such place."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "there-is-none"))
    round_id = filled(api, id="no-folder")
    allocation = allocated(api, round_id)
    own, office = api.headers("coordinator"), api.headers("office", "uis")
    asking = api.client.post(f"/v1/allocations/{allocation}/verifications", headers=own)
    assert done(api, asking, own)["state"] == "done"
    told = api.client.get(f"/v1/allocations/{allocation}/explanations/p1", headers=office)
    assert told.status_code == 200, told.text
    compared = api.client.post(
        "/v1/comparisons",
        json={"round": round_id, "scenarios": ["current-2019", "leader-within-service"]},
        headers=own,
    )
    assert done(api, compared, own)["state"] == "done"
