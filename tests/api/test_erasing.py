"""A person, or a round's, are taken out of everything stored; the chain holds and says so."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from pathlib import Path

import pytest
from sqlalchemy import select

from admissions.results.files import packed, unpacked
from admissions_api.jobs.queue import take
from admissions_api.jobs.task import JobResult, Task
from admissions_api.jobs.work import KINDS
from admissions_api.jobs.worker import work_on
from admissions_api.keeping.content import ERASED, Person
from admissions_api.keeping.erasing import erase_person, erase_round, persons_copy
from admissions_api.sessions import begin, invite
from admissions_api.store.audit import Actor, verify
from admissions_api.store.tables import (
    AllocationRow,
    AuditRow,
    Base,
    Blob,
    ExplanationsRow,
    PartRow,
    RoundRow,
    SeasonEventRow,
)
from admissions_api.tokens import Caller
from tests.api.installation import Api, running
from tests.api.rounds import allocated, closed, done, filled, worked

KARI = Actor("kari", "operator")
HOUR = dt.timedelta(hours=1)
OF_P3 = ("vid-minoritet", "uis-juss")
REASON = "asked for on 2026-11-20"


@pytest.fixture(scope="module")
def lived(api: Api) -> Api:
    """Two rounds with all that is stored of p3: parts, an order, a ranking, a plan, answers.

    In the second p3 has wishes of their own, one of which clashes.
    """
    for round_id in ("first", "second"):
        filled(api, id=round_id)
        own = {**api.headers("leader", "T2"), "Idempotency-Key": f"order-{round_id}"}
        said = {"orders": [{"offering_id": None, "person_ids": ["p4", "p3"]}]}
        url = f"/v1/rounds/{round_id}/services/T2/preferences"
        assert api.client.put(url, json=said, headers=own).status_code == 200
        office = api.headers("office", "uis")
        ranked = api.client.post(
            f"/v1/rounds/{round_id}/parts/uis/rankings", json={}, headers=office
        )
        done(api, ranked, office)
    wishes = "person_id,offering_id,preference\n" + "".join(
        f"p3,{offering},{n}\n" for n, offering in enumerate(("vid-relasjon", *OF_P3), 1)
    )
    put = api.client.put(
        "/v1/rounds/second/wishes", content=wishes, headers=api.headers("coordinator")
    )
    assert put.json()["clashes"] == 1
    allocated(api, "first")
    return api


def everything(api: Api) -> str:
    """All that is stored, unpacked, as one text."""
    texts = []
    with api.installation.store.reading() as session:
        for blob in session.scalars(select(Blob)):
            files = unpacked(blob.data) if blob.data[:2] == b"PK" else {"": blob.data}
            for name, content in files.items():
                if name.endswith(".xlsx"):
                    texts += [t.decode(errors="replace") for t in unpacked(content).values()]
                texts += [name, content.decode(errors="replace")]
        for table in Base.metadata.sorted_tables:
            if table is not Blob.__table__:
                texts += [str(row) for row in session.execute(select(table))]
    return "\n".join(texts)


def test_a_person_is_taken_out_of_everything_and_the_chain_holds(lived: Api) -> None:
    store = lived.installation.store
    assert Person("p3").named_in(everything(lived))
    copy = persons_copy(store, "p3")
    files = {one["file"] for one in copy}
    assert {"applicants.csv", "applications.csv", "decisions.csv", "vid-minoritet.jsonl"} <= files
    assert any(one["where"].startswith("preferences/") for one in copy)
    assert not any("p4" in json.dumps(one["held"]) for one in copy), "nothing of others"
    with store.reading() as session:
        names = {row.sha256 for row in session.scalars(select(PartRow))}
    erased = erase_person(store, "p3", REASON, KARI)
    assert erased.anything
    assert not Person("p3").named_in(everything(lived))
    assert persons_copy(store, "p3") == []
    assert Person("p1").named_in(everything(lived)), "others stay"
    with store.reading() as session:
        found = verify(session)
        assert found.findings == ()
        assert len(found.erased) == 1
        assert f"by kari ({REASON})" in found.erased[0]
        assert {row.sha256 for row in session.scalars(select(PartRow))} == names
    assert not erase_person(store, "p3", REASON, KARI).anything, "twice is once"
    with store.reading() as session:
        assert len(verify(session).erased) == 1


def test_nothing_is_left_in_the_files_of_the_database(tmp_path: Path) -> None:
    """What was stored of a person is packed: it is looked for as it was, in files and their log."""
    with running(tmp_path) as api:
        filled(api)
        store = api.installation.store
        with store.reading() as session:
            parts = [row.data for row in session.scalars(select(Blob)) if row.data[:2] == b"PK"]
        probes = {part[100:400] for part in parts}
        assert all(any(probe in held for held in stored_in(tmp_path)) for probe in probes)
        assert erase_round(store, "vaar", REASON, KARI).anything
        assert not any(probe in held for held in stored_in(tmp_path) for probe in probes)


def stored_in(folder: Path) -> list[bytes]:
    return [file.read_bytes() for file in folder.rglob("*") if file.is_file()]


def test_the_round_goes_on_without_the_person(lived: Api) -> None:
    office = lived.headers("office", "vid")
    allocation = lived.client.get("/v1/allocations", headers=office).json()["items"][0]["id"]
    url = f"/v1/allocations/{allocation}"
    people = lived.client.get(f"{url}/decisions", headers=office).json()["items"]
    assert [row["person_id"] for row in people] == ["p1", "p4"]
    assert lived.client.get(f"{url}/explanations/p3", headers=office).status_code == 404
    assert lived.client.get(f"{url}/explanations/p4", headers=office).status_code == 200
    again = lived.client.post(f"{url}/verifications", headers=office)
    assert (again.status_code, "erased" in again.json()["detail"]) == (409, True)
    allocated(lived, "second")
    with lived.installation.store.reading() as session:
        folder = session.scalars(select(AllocationRow).order_by(AllocationRow.at.desc())).first()
        assert folder is not None
        decisions = unpacked(session.get_one(Blob, folder.folder).data)["decisions.csv"].decode()
    assert "p3" not in decisions
    assert "p4" in decisions


def test_what_was_there_cannot_be_guessed_back(lived: Api) -> None:
    """Whoever knows all but the person's grade could try each grade, were it not for the salt."""
    store = lived.installation.store
    filled(lived, id="third")
    with store.reading() as session:
        before = {blob.sha256: bytes(blob.data) for blob in session.scalars(select(Blob))}
    erase_person(store, "p4", REASON, KARI)
    with store.reading() as session:
        for blob in session.scalars(select(Blob).where(Blob.stands_as.is_not(None))):
            data = before[blob.sha256]
            assert blob.sha256 not in (
                hashlib.sha256(data).hexdigest(),
                hashlib.sha256(bytes.fromhex(blob.salt) + data).hexdigest(),
            )


def test_a_round_is_erased_and_what_was_done_stays_in_the_chain(lived: Api) -> None:
    store = lived.installation.store
    office = lived.headers("office", "uis")
    own = lived.headers("coordinator")
    for one in lived.client.get("/v1/allocations?round=first", headers=own).json()["items"]:
        url = f"/v1/allocations/{one['id']}/explanations/p1"
        assert lived.client.get(url, headers=office).status_code == 200
    erase_round(store, "first", "ten years are over", KARI)
    reads = lived.client.get("/v1/reads?limit=500", headers=own).json()["items"]
    assert not [read for read in reads if read["about"].get("person_id") == "p1"]
    own = lived.headers("coordinator")
    assert lived.client.get("/v1/rounds/first", headers=own).status_code == 410
    listed = lived.client.get("/v1/rounds", headers=own).json()["items"]
    assert {row["id"]: row["state"] for row in listed}["first"] == "erased"
    for allocation in lived.client.get("/v1/allocations?round=first", headers=own).json()["items"]:
        answer = lived.client.get(f"/v1/allocations/{allocation['id']}/summary", headers=own)
        assert answer.status_code == 410
    assert lived.client.get("/v1/rounds/second", headers=own).status_code == 200
    with store.reading() as session:
        found = verify(session)
    assert found.findings == ()
    assert "rounds/first: erased on" in found.erased[-1]


def test_an_erasure_that_the_chain_does_not_know_is_found(lived: Api) -> None:
    store = lived.installation.store
    with store.reading() as session:
        blob = session.scalars(select(Blob.sha256).where(Blob.stands_as.is_(None))).first()
    with store.writing() as session:
        row = session.get_one(Blob, blob)
        kept, row.data, row.stands_as = row.data, b"", ""
    with store.reading() as session:
        assert any("the chain does not know" in one for one in verify(session).findings)
    with store.writing() as session:
        row = session.get_one(Blob, blob)
        row.data, row.stands_as = kept, None


@pytest.mark.parametrize(
    ("held", "left"),
    [
        ({"person_ids": ["a1", "a2"]}, {"person_ids": ["a2"]}),
        ([{"person_id": "a1", "x": 1}, {"person_id": "a2"}], [{"person_id": "a2"}]),
        ({"a1": 1, "a2": 2}, {"a2": 2}),
        (["row 3: a1 has no grade", "row 4: a10 has no grade"], ["row 4: a10 has no grade"]),
        ({"detail": "of a1"}, {"detail": ERASED}),
        (
            {"columns": ["rank", "person_id"], "rows": [["1", "a1"], ["2", "a2"]]},
            {"columns": ["rank", "person_id"], "rows": [["2", "a2"]]},
        ),
    ],
)
def test_plain_values_without_a_person(held: object, left: object) -> None:
    assert Person("a1").out_of(held) == left


def test_a_short_number_as_an_id_takes_no_numbers_out_of_sentences() -> None:
    assert Person("7").out_of({"person_id": "8", "says": "7 applicants"}) == {
        "person_id": "8",
        "says": "7 applicants",
    }
    assert Person("7").out_of(["7", "8"]) == ["8"]


def test_letters_that_a_list_calls_theirs_go_too() -> None:
    letters = packed(
        {
            "dispatch.csv": "person_id,file\na1,one.pdf\na2,two.pdf\n",
            "one.pdf": b"%PDF packed",
            "two.pdf": b"%PDF packed",
        }
    )
    without = Person("a1").taken_out(letters)
    assert without is not None
    assert sorted(unpacked(without)) == ["dispatch.csv", "two.pdf"]


def test_what_is_being_explained_is_kept_of_the_others(lived: Api) -> None:
    """The decisions that it explains cannot be derived again without whoever was erased."""
    allocation = allocated(lived, filled(lived, id="explaining"), publish=False)
    store, own = lived.installation.store, lived.headers("coordinator")
    with store.writing() as session:
        session.delete(session.get_one(ExplanationsRow, allocation))
    url = f"/v1/allocations/{allocation}"
    asked = lived.client.post(f"{url}/explanations", headers=own)
    taken = take(store)
    assert taken is not None
    work = KINDS["explanations"]

    def slowly(task: Task) -> JobResult:
        made = work(task)
        erase_person(store, "p4", REASON, KARI)
        return made

    with pytest.MonkeyPatch.context() as patched:
        patched.setitem(KINDS, "explanations", slowly)
        work_on(store, lived.settings, taken)
    assert lived.client.get(asked.headers["location"], headers=own).json()["state"] == "done"
    assert persons_copy(store, "p4") == []
    assert lived.client.post(f"{url}/publish", headers=own).status_code == 200
    office = lived.headers("office", "vid")
    kept = lived.client.get(f"{url}/explanations", headers=office).json()["items"]
    assert {one["person_id"] for one in kept} == {"p1", "p3"}
    with store.writing() as session:
        session.delete(session.get_one(ExplanationsRow, allocation))
    refused = lived.client.post(f"{url}/explanations", headers=own)
    assert (refused.status_code, "erased" in refused.json()["detail"]) == (409, True)


@pytest.mark.parametrize("kind", ["allocation", "ranking"])
def test_a_job_that_was_running_brings_nobody_back(lived: Api, kind: str) -> None:
    """Its result was made of what was stored before; it is made again."""
    filled(lived, id=f"running-{kind}")
    own = lived.headers("coordinator") if kind == "allocation" else lived.headers("office", "vid")
    if kind == "allocation":
        assert closed(lived, f"running-{kind}").status_code == 200
        url = f"/v1/rounds/running-{kind}/allocations"
    else:
        url = f"/v1/rounds/running-{kind}/parts/vid/rankings"
    asked = lived.client.post(url, json={}, headers=own)
    assert asked.status_code == 202, asked.text
    store = lived.installation.store
    taken = take(store)
    assert taken is not None
    work, erasing = KINDS[kind], [True]

    def slowly(task: Task) -> JobResult:
        made = work(task)
        if erasing and erasing.pop():
            erase_person(store, "p4", REASON, KARI)
        return made

    with pytest.MonkeyPatch.context() as patched:
        patched.setitem(KINDS, kind, slowly)
        work_on(store, lived.settings, taken)
        assert lived.client.get(asked.headers["location"], headers=own).json()["state"] == "queued"
        worked(lived)
    job = lived.client.get(asked.headers["location"], headers=own).json()
    assert (job["state"], job["attempt"]) == ("done", 2)
    assert persons_copy(store, "p4") == []


HEX = re.compile(r"\b[0-9a-f]{64}\b")


def hashes(api: Api, *, but: tuple[str, ...] = ()) -> dict[str, str]:
    """Every SHA-256 that stands anywhere in the store, and where; ``but`` names columns."""
    found: dict[str, str] = {}
    with api.installation.store.reading() as session:
        for table in Base.metadata.sorted_tables:
            for row in session.execute(select(table)).mappings():
                for name, value in row.items():
                    where = f"{table.name}.{name}"
                    if where in but:
                        continue
                    packed_ = isinstance(value, bytes) and value[:2] == b"PK"
                    files = unpacked(value) if packed_ else {"": value}
                    for file, content in files.items():
                        held = content.decode(errors="replace") if packed_ else str(content)
                        found |= dict.fromkeys(HEX.findall(held), f"{where} {file}")
    return found


def test_no_hash_stays_that_could_be_guessed_back(tmp_path: Path) -> None:
    """Whoever has all that is left may try values until a hash fits; no such hash is left.

    Those that stay are salted with what is gone (names of stored bytes, a season's events), or of
    nobody's data: rules, a seed, the chain over these.
    """
    with running(tmp_path) as api:
        season_of_p3(api)
        store = api.installation.store
        salted = ("blobs.sha256", "blobs.salt", "audit.hash", "audit.previous", "audit_head.hash")
        with store.reading() as session:
            named = set(session.scalars(select(Blob.sha256)))
            rounds = list(session.scalars(select(RoundRow)))
            events = {row.details.get("rows") for row in session.scalars(select(AuditRow))}
            agreed = {row.agreed for row in rounds}
            of_rules = {row.digest for row in rounds} | {row.seed_sha256 for row in rounds}
            for made in session.scalars(select(AllocationRow)):
                of_rules |= {made.digest, *made.rulebooks.values()}
        before = hashes(api, but=salted)
        assert len(before) > len(named), "there is something to guess"
        assert erase_person(store, "p3", REASON, KARI).anything
        after = hashes(api, but=salted)
        wrong = before.keys() & after.keys() - named - events - agreed - of_rules
        assert {(before[one], after[one]) for one in wrong} == set()
        with store.reading() as session:
            salts = list(session.scalars(select(SeasonEventRow.salt)))
            assert "" in salts, "that of the erased one's event is gone"
            assert verify(session).findings == ()


def season_of_p3(api: Api) -> None:
    """A season in which p3 has declined, a call was made, and p3 has signed in."""
    own = api.headers("coordinator")
    filled(api)
    allocated(api, "vaar")
    url = "/v1/rounds/vaar"
    assert api.client.post(f"{url}/season", json={"on": "2019-06-03"}, headers=own).is_success
    offers = api.client.get(f"{url}/offers?state=offered", headers=own).json()["items"]
    (held,) = [one["offering_id"] for one in offers if one["person_id"] == "p3"]
    said = {"person_id": "p3", "offering_id": held, "answer": "decline"}
    answer = {"answers": [{**said, "answered_on": "2019-06-05"}]}
    keyed = {**own, "Idempotency-Key": "p3"}
    assert api.client.post(f"{url}/answers", json=answer, headers=keyed).is_success
    done(api, api.client.post(f"{url}/calls", json={"on": "2019-06-20"}, headers=own), own)
    begin(api.installation.store, [Caller("p3@example.no", "applicant", "p3")])


def test_an_applicant_who_signed_in_is_erased_too(tmp_path: Path) -> None:
    with running(tmp_path) as api:
        begin(api.installation.store, [Caller("p3@example.no", "applicant", "p3")])
        invite(api.installation.store, [Caller("p3@example.no", "applicant", "p3")], HOUR)
        assert erase_person(api.installation.store, "p3", REASON, KARI).rows == len(
            ("session", "invitation")
        )
        assert "p3" not in everything(api)
