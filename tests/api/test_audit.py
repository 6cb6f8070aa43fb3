"""The chain says what was asked for and made; it is read by an auditor, and stamped by others."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from sqlalchemy import text

from admissions_api.store.audit import entry_hash, verify
from admissions_api.store.tables import AuditRow
from tests.acceptance.command import run
from tests.api.installation import Api, running
from tests.api.rounds import allocated, done, filled


@pytest.fixture(scope="module")
def lived(api: Api) -> Api:
    filled(api)
    own = api.headers("coordinator")
    asked = api.client.post("/v1/rounds/vaar/cut-offs", json={"draws": 2, "seed": 5}, headers=own)
    done(api, asked, own)
    allocated(api, "vaar", publish=False, seed=77)
    allocated(api, "vaar")
    return api


def test_the_chain_says_what_a_job_was_asked_for_and_what_it_made(lived: Api) -> None:
    auditor = lived.headers("auditor")
    page = lived.client.get("/v1/audit?limit=500", headers=auditor).json()
    assert page["total"] == len(page["items"])
    by_action = {entry["action"]: entry for entry in reversed(page["items"])}
    assert by_action["allocation.asked"]["details"]["request"]["seed"] == 77
    assert by_action["cut-offs.asked"]["details"]["request"]["draws"] == 2
    made = by_action["allocation.made"]
    assert made["details"]["scenario"] == "leader-within-service"
    assert made["details"]["properties"]["P5"] is True
    assert by_action["cut-offs.made"]["target"] == "rounds/vaar/cut-offs"
    for entry, following in zip(page["items"], page["items"][1:], strict=False):
        assert following["previous"] == entry["hash"]
        assert entry_hash(AuditRow(**entry)) == entry["hash"], "anyone can check it"
    head = lived.client.get("/v1/audit/head", headers=auditor).json()
    assert head["head"] == page["items"][-1]["hash"]
    assert "p3" not in str(page), "no applicant"


def test_an_auditor_reads_the_chain_and_nothing_of_persons(lived: Api) -> None:
    auditor = lived.headers("auditor")
    (row,) = lived.client.get("/v1/allocations", headers=auditor).json()["items"]
    url = f"/v1/allocations/{row['id']}"
    for path in ("decisions", "explanations", "letters", "results", "folder", "certificate"):
        assert lived.client.get(f"{url}/{path}", headers=auditor).status_code == 403
    for role, scope in (("office", "uis"), ("leader", "T1"), ("analyst", "")):
        headers = lived.headers(role, scope)  # type: ignore[arg-type]
        assert lived.client.get("/v1/audit", headers=headers).status_code == 403
        assert lived.client.get("/v1/reads", headers=headers).status_code == 403


def test_reads_of_persons_are_noted_and_whom_is_for_the_coordinator(lived: Api) -> None:
    office, own = lived.headers("office", "uis"), lived.headers("coordinator")
    listed = lived.client.get("/v1/allocations", headers=office).json()["items"]
    (row,) = (one for one in listed if one["published_at"])
    url = f"/v1/allocations/{row['id']}"
    assert lived.client.get(f"{url}/explanations/p3", headers=office).status_code == 200
    lived.client.get("/v1/rounds/vaar/services/T1", headers=lived.headers("leader", "T1"))
    newest = lived.client.get("/v1/reads?limit=2", headers=own).json()["items"]
    assert [(one["role"], one["scope"]) for one in newest] == [("leader", "T1"), ("office", "uis")]
    assert newest[1]["what"] == "/v1/allocations/{allocation_id}/explanations/{person_id}"
    assert newest[1]["about"] == {"allocation_id": row["id"], "person_id": "p3"}
    told = lived.client.get("/v1/reads?limit=2", headers=lived.headers("auditor"))
    assert told.json()["total"] == 2
    assert "p3" not in told.text
    lived.client.get(f"{url}/summary", headers=office)
    assert lived.client.get("/v1/reads", headers=own).json()["total"] == 2, "counts are no persons"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("UPDATE allocations SET properties = '{}'", "properties: is not what"),
        ("UPDATE allocations SET scenario = 'current-2019'", "scenario: is not what"),
        ("UPDATE allocations SET published_at = NULL", "names no published allocation"),
        ("DELETE FROM cut_offs", "rounds/vaar/cut-offs, version 1: the chain names it"),
    ],
)
def test_what_jobs_made_is_held_against_the_chain(lived: Api, change: str, says: str) -> None:
    store = lived.installation.store
    with store.engine.connect() as connection:
        outer = connection.begin()
        from sqlalchemy.orm import Session

        with Session(connection) as session:
            assert verify(session).findings == ()
            session.execute(text(change))
            findings = verify(session).findings
        outer.rollback()
    assert any(says in finding for finding in findings), findings


OPENSSL = shutil.which("openssl")
CONFIGURATION = """
[tsa]
default_tsa = one
[one]
serial = serial
signer_cert = tsa.pem
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_alg = sha256
[ext]
extendedKeyUsage = critical,timeStamping
keyUsage = critical,digitalSignature
"""


NEW_KEY = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"


def openssl(folder: Path, line: str) -> None:
    subprocess.run([str(OPENSSL), *line.split()], cwd=folder, check=True, capture_output=True)


@pytest.mark.skipif(OPENSSL is None, reason="openssl plays the third party")
def test_the_head_is_stamped_by_a_third_party(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ADMISSIONS_HOME", str(tmp_path / "data"))
    with running(tmp_path) as api:
        filled(api)
        (tmp_path / "tsa.cnf").write_text(CONFIGURATION)
        (tmp_path / "serial").write_text("01")
        for name in ("root", "other"):
            new = f"req -x509 {NEW_KEY} -keyout {name}.key -out {name}.pem -subj /CN={name}"
            openssl(tmp_path, new)
        openssl(tmp_path, f"req {NEW_KEY} -keyout tsa.key -out tsa.csr -subj /CN=tsa")
        signed = "x509 -req -in tsa.csr -CA root.pem -CAkey root.key -CAcreateserial -out tsa.pem"
        openssl(tmp_path, f"{signed} -extfile tsa.cnf -extensions ext")
        assert run("audit", "stamp-request", "--out", tmp_path / "head.tsq").code == 0
        openssl(tmp_path, "ts -reply -config tsa.cnf -queryfile head.tsq -out head.tsr")
        answer, root = tmp_path / "head.tsr", tmp_path / "root.pem"
        kept = run("audit", "stamp", answer, "--root", root, "--language", "en")
        assert kept.code == 0, kept.said
        assert "Entry 3 was there at" in kept.out
        again = run("audit", "stamp", tmp_path / "head.tsr", "--by", "kari", "--language", "en")
        assert "was not checked" in again.out
        assert run("audit", "verify").code == 0
        other = run("audit", "stamp", tmp_path / "head.tsr", "--root", tmp_path / "other.pem")
        assert other.code == 2, other.said
        assert run("audit", "stamp", tmp_path / "root.pem").code == 2
    monkeypatch.setenv("ADMISSIONS_HOME", str(tmp_path / "elsewhere"))
    strange = run("audit", "stamp", tmp_path / "head.tsr", "--language", "en")
    assert (strange.code, "no entry of this chain" in strange.err) == (2, True)
