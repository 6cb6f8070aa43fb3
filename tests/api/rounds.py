"""A round of two institutions and two leaders, and what a caller does with it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from typing import Any

from admissions_api.jobs.worker import work_on_next
from admissions_api.store.tables import AllocationRow, RoundRow
from tests.api.installation import Api

ROUND: dict[str, Any] = {
    "id": "vaar",
    "title": "Opptak våren",
    "scenario": "leader-within-service",
    "deadline": "2099-01-01T12:00:00+01:00",
    "year": 2019,
    "rules_on": "2019-08-01",
    "institution": "Samordnet opptak",
}
HEADER = "person_id,sector,service_id,bachelor_ects,bachelor_grade,experience_municipal\n"
SERVICES = """service_id,name,municipality_no,centrality,employees
T1,Tjeneste 1,0301,1,40
T2,Tjeneste 2,1103,2,12
"""
UIS: dict[str, str] = {
    "applicants.csv": HEADER
    + """p1,municipal,T1,180,4.1,5
p2,municipal,T1,180,3.9,6
p3,municipal,T2,180,3.7,7
""",
    "applications.csv": """person_id,offering_id,preference
p1,uis-juss,1
p2,uis-juss,1
p3,uis-juss,2
""",
    "services.csv": SERVICES,
}
VID: dict[str, str] = {
    "applicants.csv": HEADER
    + """p1,municipal,T1,180,4.1,5
p3,municipal,T2,180,3.7,7
p4,municipal,T2,180,4.9,1
""",
    "applications.csv": """person_id,offering_id,preference
p1,vid-minoritet,2
p3,vid-minoritet,1
p4,vid-minoritet,1
""",
    "services.csv": SERVICES,
}


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return file.getvalue()


def upload(api: Api, institution: str, files: Mapping[str, str], round_id: str = "vaar") -> Any:
    return api.client.put(
        f"/v1/rounds/{round_id}/parts/{institution}",
        content=zipped(files),
        headers={**api.headers("office", institution), "Content-Type": "application/zip"},
    )


def opened(api: Api, **changed: Any) -> str:
    new = {**ROUND, **changed}
    answer = api.client.post("/v1/rounds", json=new, headers=api.headers("coordinator"))
    assert answer.status_code == 201, answer.text
    return str(new["id"])


def filled(api: Api, **changed: Any) -> str:
    round_id = opened(api, **changed)
    for institution, files in (("uis", UIS), ("vid", VID)):
        answer = upload(api, institution, files, round_id)
        assert answer.status_code == 200, answer.text
    return round_id


def worked(api: Api, *, later: bool = True) -> None:
    while work_on_next(api.installation.store, api.settings, later=later):
        pass


def done(api: Api, answer: Any, headers: Mapping[str, str]) -> Any:
    """The job that ``answer`` accepted, once it is done."""
    assert answer.status_code == 202, answer.text
    worked(api)
    job = api.client.get(answer.headers["location"], headers=headers).json()
    assert job["state"] == "done", job
    return job


def closed(api: Api, round_id: str, **said: Any) -> Any:
    """What closing the round before its deadline answers."""
    url = f"/v1/rounds/{round_id}/close"
    return api.client.post(url, json={"early": True, **said}, headers=api.headers("coordinator"))


def allocated(api: Api, round_id: str, *, publish: bool = True, **asked: Any) -> str:
    """Closes and allocates the round, and returns the allocation's id."""
    own = api.headers("coordinator")
    answer = closed(api, round_id)
    assert answer.status_code in (200, 409), answer.text
    asking = api.client.post(f"/v1/rounds/{round_id}/allocations", json=asked, headers=own)
    result = done(api, asking, own)["result"]
    if publish:
        assert api.client.post(f"{result}/publish", headers=own).status_code == 200
    return str(result).rsplit("/", 1)[1]


def copied(api: Api, round_id: str, new: str) -> str:
    """The round, with its published allocation, once more as ``new``: allocating takes the time."""
    made = f"of-{new}"
    with api.installation.store.writing() as session:
        round_ = session.get_one(RoundRow, round_id)
        session.add(_again(round_, id=new, published=made))
        session.flush()
        own = session.get_one(AllocationRow, round_.published)
        session.add(_again(own, id=made, round_id=new))
    return new


def _again(row: Any, **other: Any) -> Any:
    values = {column.name: getattr(row, column.name) for column in type(row).__table__.columns}
    return type(row)(**{**values, **other})
