"""Whose data is whose: what an office assessed stays its own, and what must agree is told."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.installation import Api
from tests.api.rounds import SERVICES, UIS, VID, allocated, closed, filled, opened, upload, zipped

WITHOUT_SERVICES = {name: text for name, text in UIS.items() if name != "services.csv"}
VID_WITHOUT = {name: text for name, text in VID.items() if name != "services.csv"}
REGISTER = "service_id,name,municipality_no,centrality,employees\nT1,Tjeneste 1,0301,1,40\n"


def changed(files: dict[str, str], name: str, old: str, new: str) -> dict[str, str]:
    assert old in files[name]
    return {**files, name: files[name].replace(old, new)}


def put(api: Api, round_id: str, what: str, text: str | bytes, **headers: str) -> Any:
    return api.client.put(
        f"/v1/rounds/{round_id}/{what}",
        content=text,
        headers={**api.headers("coordinator"), "Content-Type": "text/csv", **headers},
    )


def clashes(api: Api, round_id: str) -> list[dict[str, Any]]:
    answer = api.client.get(f"/v1/rounds/{round_id}/clashes", headers=api.headers("coordinator"))
    assert answer.status_code == 200
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def fields(api: Api, round_id: str) -> list[tuple[Any, ...]]:
    return [
        (c["person"], c["service"], c["offering"], c["field"], c["institutions"])
        for c in clashes(api, round_id)
    ]


def points(api: Api, allocation: str, institution: str) -> dict[str, str]:
    url = f"/v1/allocations/{allocation}/decisions"
    rows = api.client.get(url, headers=api.headers("office", institution)).json()["items"]
    return {row["person_id"]: row["points"] for row in rows}


def test_two_offices_judge_a_fact_differently_and_each_decides_by_its_own(api: Api) -> None:
    round_id = filled(api, id="judged")
    other = changed(VID, "applicants.csv", "p1,municipal,T1,180,4.1", "p1,municipal,T1,180,4.5")
    assert upload(api, "vid", other, round_id).json()["notes"] == []
    allocation = allocated(api, round_id)
    assert points(api, allocation, "uis")["p1"] == "4.10"
    assert points(api, allocation, "vid")["p1"] == "4.50"


def test_nobody_reads_anothers_assessment_by_leaving_a_cell_empty(api: Api) -> None:
    round_id = opened(api, id="empty")
    bare = {
        "applicants.csv": "person_id,sector,service_id\np1,municipal,T1\np3,municipal,T2\n",
        "applications.csv": "person_id,offering_id,preference\np1,uis-juss,3\np3,uis-juss,3\n",
        "services.csv": SERVICES,
    }
    assert upload(api, "vid", VID, round_id).status_code == 200
    assert upload(api, "uis", bare, round_id).json()["notes"] == []
    allocation = allocated(api, round_id)
    assert set(points(api, allocation, "uis").values()) == {""}
    uis = api.headers("office", "uis")
    url = f"/v1/allocations/{allocation}"
    told = [
        api.client.get(f"{url}/{path}", headers=uis).text
        for path in ("decisions", "rankings/uis-juss", "explanations/p1", "explanations/p3")
    ]
    for stated in ("4.1", "4,1", "410", "3.7", "3,7", "370"):
        assert not any(stated in text for text in told)


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("p1,municipal,T1,180,4.1", "p1,municipal,T2,180,4.1", "service_id"),
        ("p1,municipal,T1,180,4.1", "p1,state,T1,180,4.1", "sector"),
    ],
)
def test_what_must_agree_of_a_person_is_told_to_both_and_closing_waits(
    api: Api, old: str, new: str, field: str
) -> None:
    round_id = filled(api, id=f"clash-{field.replace('_', '-')}")
    answer = upload(api, "vid", changed(VID, "applicants.csv", old, new), round_id)
    (note,) = answer.json()["notes"]
    assert note.startswith(f"p1, {field}: another office's part states something else")
    first = api.client.get(f"/v1/rounds/{round_id}/parts/uis", headers=api.headers("office", "uis"))
    assert first.json()["notes"] == answer.json()["notes"]
    url, nynorsk = f"/v1/rounds/{round_id}/parts/uis", {"Accept-Language": "nn"}
    told = api.client.get(url, headers={**api.headers("office", "uis"), **nynorsk}).json()["notes"]
    assert told[0].startswith(f"p1, {field}: delen frå eit anna kontor oppgir noko anna")
    seen = api.client.get(f"/v1/rounds/{round_id}/parts", headers=api.headers("coordinator"))
    assert [part["notes"] for part in seen.json()] == [[], []]
    assert fields(api, round_id) == [("p1", None, None, field, ["uis", "vid"])]
    refused = closed(api, round_id)
    assert refused.status_code == 409
    assert [(e["column"], e["value"]) for e in refused.json()["errors"]] == [(field, "p1")]
    assert upload(api, "vid", VID, round_id).json()["notes"] == []
    assert clashes(api, round_id) == []
    assert closed(api, round_id).status_code == 200


def test_a_clash_is_settled_with_a_reason_until_somebody_says_something_else(api: Api) -> None:
    round_id = filled(api, id="settled")
    other = changed(VID, "applicants.csv", "p3,municipal", "p3,state")
    upload(api, "vid", other, round_id)
    (clash,) = clashes(api, round_id)
    url = f"/v1/rounds/{round_id}/clashes/{clash['number']}/settle"
    own = api.headers("coordinator")
    assert api.client.post(url, json={"take": "vid"}, headers=own).status_code == 422
    said = {"take": "ntnu", "reason": "seen the contract"}
    assert api.client.post(url, json=said, headers=own).status_code == 422
    settled = api.client.post(url, json={**said, "take": "vid"}, headers=own)
    assert (settled.json()["taken"], settled.json()["reason"]) == ("vid", "seen the contract")
    url_of_part = f"/v1/rounds/{round_id}/parts/uis"
    assert api.client.get(url_of_part, headers=api.headers("office", "uis")).json()["notes"] == []
    upload(api, "uis", changed(UIS, "applicants.csv", "p3,municipal", "p3,private"), round_id)
    (again,) = clashes(api, round_id)
    assert (again["taken"], again["number"]) == (None, clash["number"] + 1)
    assert api.client.post(url, json={**said, "take": "vid"}, headers=own).status_code == 404
    upload(api, "uis", UIS, round_id)
    assert closed(api, round_id).status_code == 409, "a settlement that ended does not come back"
    (third,) = clashes(api, round_id)
    url = f"/v1/rounds/{round_id}/clashes/{third['number']}/settle"
    assert api.client.post(url, json={**said, "take": "uis"}, headers=own).status_code == 200
    rows = api.client.get(
        f"/v1/allocations/{allocated(api, round_id)}/rankings/uis-juss",
        headers=api.headers("office", "uis"),
    ).text
    assert ",p3,T2,yes," in rows


def test_two_parts_that_both_say_1_are_a_clash_and_wishes_settle_it(api: Api) -> None:
    round_id = filled(api, id="wishes")
    both = changed(VID, "applications.csv", "p1,vid-minoritet,2", "p1,vid-minoritet,1")
    (note,) = upload(api, "vid", both, round_id).json()["notes"]
    assert note.startswith("p1, preference: another office's part")
    assert fields(api, round_id) == [("p1", None, None, "preference", ["uis", "vid"])]
    wishes = "person_id,offering_id,preference\np1,vid-minoritet,1\np1,uis-juss,2\n"
    answer = put(api, round_id, "wishes", wishes)
    assert (answer.status_code, answer.json()["rows"], answer.json()["clashes"]) == (200, 2, 0)
    allocation = allocated(api, round_id)
    url = f"/v1/allocations/{allocation}/decisions"
    rows = {
        (row["person_id"], row["offering_id"]): (row["preference"], row["outcome"])
        for office in ("uis", "vid")
        for row in api.client.get(url, headers=api.headers("office", office)).json()["items"]
    }
    assert rows["p1", "vid-minoritet"] == (1, "offered")
    assert rows["p1", "uis-juss"] == (2, "lapsed")


def test_a_wish_and_an_application_without_each_other_are_told_to_the_office_concerned(
    api: Api,
) -> None:
    round_id = filled(api, id="without")
    wishes = "person_id,offering_id,preference\np1,vid-relasjon,1\np1,uis-juss,2\n"
    assert put(api, round_id, "wishes", wishes).json()["clashes"] == 2
    assert sorted(fields(api, round_id), key=str) == [
        ("p1", None, "vid-minoritet", "preference", ["vid", "wishes"]),
        ("p1", None, "vid-relasjon", "offering_id", ["wishes"]),
    ]
    url = f"/v1/rounds/{round_id}/parts"
    vid = api.client.get(f"{url}/vid", headers=api.headers("office", "vid")).json()["notes"]
    assert len(vid) == 2
    assert "has no such application" in "".join(vid)
    assert "own wishes do not have this offering" in "".join(vid)
    assert api.client.get(f"{url}/uis", headers=api.headers("office", "uis")).json()["notes"] == []
    assert closed(api, round_id).status_code == 409


def test_wishes_and_registers_are_checked_and_every_error_is_told(api: Api) -> None:
    round_id = opened(api, id="checked")
    wishes = "person_id,offering_id,preference\np1,uis-juss,1\np1,uis-jus,1\np1,uis-juss,x\n"
    answer = put(api, round_id, "wishes", wishes)
    assert answer.status_code == 422
    places = {(e["row"], e["column"], e["value"]) for e in answer.json()["errors"]}
    assert {(3, "offering_id", "uis-jus"), (4, "preference", "x")} <= places
    register = "service_id,municipality_no\nT1,301\nT1,0301\n"
    told = put(api, round_id, "register", register).json()["errors"]
    assert {(e["row"], e["column"]) for e in told} == {(2, "municipality_no"), (3, "service_id")}
    assert put(api, round_id, "register", b"").status_code == 422
    assert put(api, round_id, "register", b"PK\x03\x04 broken").status_code == 415
    for what in ("register", "wishes"):
        url = f"/v1/rounds/{round_id}/{what}"
        assert api.client.get(url, headers=api.headers("coordinator")).status_code == 404


def test_the_register_counts_and_what_parts_say_of_services_does_not(api: Api) -> None:
    round_id = opened(api, id="register")
    other = SERVICES.replace("T2,Tjeneste 2,1103,2,12", "T2,Tjeneste 2,1103,2,900")
    upload(api, "uis", UIS, round_id)
    (note,) = upload(api, "vid", {**VID, "services.csv": other}, round_id).json()["notes"]
    assert note.startswith("T2, employees: another office's part states something else")
    assert fields(api, round_id) == [(None, "T2", None, "employees", ["uis", "vid"])]
    answer = put(api, round_id, "register", REGISTER)
    assert answer.json()["rows"] == 1
    assert {(c["person"], c["field"]) for c in clashes(api, round_id)} == {
        ("p3", "service_id"), ("p4", "service_id"),
    }  # fmt: skip
    assert all(c["choices"] == [] for c in clashes(api, round_id)), "T2 is not in the register"
    refused = upload(api, "uis", WITHOUT_SERVICES, round_id)
    assert [(e["value"], e["column"]) for e in refused.json()["errors"]] == [("T2", "service_id")]
    zipped_register = zipped({"services.csv": SERVICES, "applicants.csv": "of no concern"})
    assert put(api, round_id, "register", zipped_register).json()["clashes"] == 0
    assert upload(api, "uis", WITHOUT_SERVICES, round_id).status_code == 200
    (note,) = upload(api, "vid", {**VID, "services.csv": other}, round_id).json()["notes"]
    assert "the coordinator's register counts" in note
    assert closed(api, round_id).status_code == 200


def test_a_part_that_speaks_for_leaders_is_refused_with_what_to_do(api: Api) -> None:
    round_id = opened(api, id="leaders-alone")
    spoken_for = {
        **UIS,
        "services.csv": "service_id,max_students\nT1,1\nT2,\n",
        "leader_preferences.csv": "service_id,offering_id,person_id,rank\nT1,,p2,1\nT1,,p1,2\n",
        "leader_groups.csv": "service_id,offering_id,at_least\nT1,uis-juss,2\n",
    }
    answer = upload(api, "uis", spoken_for, round_id)
    assert answer.status_code == 422
    errors = answer.json()["errors"]
    assert [(e["file"], e["row"]) for e in errors] == [
        ("leader_groups.csv", 2), ("leader_preferences.csv", 2), ("services.csv", 2),
    ]  # fmt: skip
    assert all("leader" in e["expected"] and "PUT" in e["expected"] for e in errors)


def test_how_many_may_be_away_stands_in_the_register_until_the_leader_sends_it(api: Api) -> None:
    round_id = opened(api, id="away")
    put(api, round_id, "register", "service_id,max_students\nT1,1\nT2,\n")
    upload(api, "uis", WITHOUT_SERVICES, round_id)
    url = f"/v1/rounds/{round_id}/services/T1/preferences"
    own = api.headers("leader", "T1")
    assert api.client.get(url, headers=own).json()["preferences"]["max_students"] == 1
    api.client.put(url, json={"orders": [], "max_students": 2}, headers=own)
    assert api.client.get(url, headers=own).json()["preferences"]["max_students"] == 2
    allocation = allocated(api, round_id)
    rows = api.client.get(
        f"/v1/allocations/{allocation}/decisions", headers=api.headers("office", "uis")
    ).json()["items"]
    assert {row["person_id"] for row in rows if row["outcome"] == "offered"} == {"p1", "p2", "p3"}


def test_an_offering_states_its_own_seats_and_no_part_speaks_for_anothers(api: Api) -> None:
    round_id = opened(api, id="seats")
    own = {**VID, "offerings.csv": "offering_id,seats\nvid-minoritet,1\n"}
    assert upload(api, "vid", own, round_id).status_code == 200
    others = {**UIS, "offerings.csv": "offering_id,seats\nvid-minoritet,9\n"}
    refused = upload(api, "uis", others, round_id)
    assert [e["value"] for e in refused.json()["errors"]] == ["vid-minoritet"]


def test_the_same_register_is_not_put_over_one_that_was_not_read(api: Api) -> None:
    round_id = opened(api, id="versions-of-register")
    first = put(api, round_id, "register", REGISTER)
    assert (first.json()["version"], first.headers["etag"]) == (1, '"1"')
    second = put(api, round_id, "register", REGISTER, **{"If-Match": '"1"'})
    assert second.json()["version"] == 2
    assert put(api, round_id, "register", REGISTER, **{"If-Match": '"1"'}).status_code == 412
    keyed = {"Idempotency-Key": "register-1"}
    third = put(api, round_id, "register", REGISTER, **keyed)
    again = put(api, round_id, "register", REGISTER, **keyed)
    assert (third.json(), again.headers["idempotency-replayed"]) == (again.json(), "true")
    closed(api, round_id)
    assert put(api, round_id, "register", REGISTER).status_code == 409
