"""Letters over HTTP: an office makes its own, looks, releases; each person reads their own."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from typing import Any

import pikepdf
import pytest
from sqlalchemy import select

from admissions.results.files import unpacked
from admissions_api.keeping.erasing import erase_person, persons_copy
from admissions_api.store.audit import SYSTEM, verify
from admissions_api.store.letter_tables import LetterRow, LettersRow
from admissions_api.store.tables import Blob, JobRow, ReadRow
from tests.api.installation import Api
from tests.api.rounds import UIS, VID, allocated, copied, done, opened, upload, worked, zipped

DECIDED = {
    "uis": "offering_id,seats,institution,case,answer_deadline,appeal_body\n"
    "uis-juss,1,Universitetet i Stavanger,2019/1,2019-06-12,Klagenemnda ved UiS\n",
    "vid": "offering_id,seats,institution,case,answer_deadline,appeal_body\n"
    "vid-minoritet,1,VID,V-7,2019-06-14,Klagenemnda ved VID\n",
}
"""p1, p2 and p3 want the seat at UiS, p1 first by points; p4 has the one at VID before p3."""
TEMPLATE = """accent = "#7a1f5c"
logo = "logo.svg"
[logo_alt]
nb = "UiS: en fjord"
nn = "UiS: ein fjord"
en = "UiS: a fjord"
[decision]
decided_on = 2019-06-03
signatory = "Åse Ødegård"
"""
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><path d="M0 0h20v10z"/></svg>'
CONTACTS = "person_id;navn;adresse;postnr;poststed;målform\np1;Anne Aas;Aveien 1;4036;Sola;nn\n"
BESIDE: dict[str, str | bytes] = {
    "contacts.csv": CONTACTS,
    "template.toml": TEMPLATE,
    "logo.svg": SVG,
}


class Office:
    """An office that makes letters of one round."""

    def __init__(self, api: Api, round_id: str, institution: str = "uis") -> None:
        self.api, self.url = api, f"/v1/rounds/{round_id}/letters"
        self.headers = api.headers("office", institution)

    def ask(self, beside: Mapping[str, str | bytes] | bytes, **query: Any) -> Any:
        data = beside if isinstance(beside, bytes) else zipped(beside)
        return self.api.client.post(self.url, content=data, headers=self.headers, params=query)

    def made(self, beside: Mapping[str, str | bytes] | bytes, **query: Any) -> str:
        """The address of the letters, once they are made."""
        job = done(self.api, self.ask(beside, **query), self.headers)
        return str(job["result"])

    def get(self, url: str) -> Any:
        return self.api.client.get(url, headers=self.headers)


def decided(api: Api) -> str:
    round_id = opened(api, id="brev")
    for institution, files in (("uis", UIS), ("vid", VID)):
        own = {**files, "offerings.csv": DECIDED[institution]}
        assert upload(api, institution, own, round_id).status_code == 200
    made = allocated(api, round_id, publish=False)
    answer = api.client.post(
        f"/v1/allocations/{made}/publish",
        json={"reason": "one seat each"},
        headers=api.headers("coordinator"),
    )
    assert answer.status_code == 200, answer.text
    return round_id


@pytest.fixture(scope="module")
def uis(api: Api) -> Office:
    """The office of UiS, where letters can be made."""
    return Office(api, decided(api))


@pytest.fixture(scope="module")
def letters(uis: Office) -> str:
    """The address of its letters, made and not yet released."""
    return uis.made(BESIDE)


def text_of(pdf: bytes) -> str:
    """The alternative texts and the title of a letter: what of it is not set in glyphs."""
    with pikepdf.open(io.BytesIO(pdf)) as letter:
        alts = [str(one.Alt) for one in letter.objects
                if isinstance(one, pikepdf.Dictionary) and "/Alt" in one]  # fmt: skip
        return " ".join([*alts, str(letter.Root.Lang)])


def test_an_office_makes_the_letters_of_its_own_decisions(uis: Office, letters: str) -> None:
    listed = uis.get(letters).json()["items"]
    assert [(one["person_id"], one["language"], one["state"]) for one in listed] == [
        ("p1", "nn", "offered"), ("p2", "nb", "waiting"), ("p3", "nb", "waiting"),
    ]  # fmt: skip
    shown = uis.get(uis.url).json()["items"][0]
    assert (shown["letters"], shown["without_address"], shown["call"]) == (3, 2, 1)
    assert (shown["institution"], shown["released_at"], shown["current"]) == ("uis", None, True)


def test_one_is_looked_at_and_all_are_fetched(uis: Office, letters: str) -> None:
    answer = uis.get(f"{letters}/persons/p1")
    assert answer.headers["content-type"] == "application/pdf"
    assert text_of(answer.content) == "UiS: ein fjord nn-NO"
    files = unpacked(uis.get(f"{letters}/file").content)
    assert sorted(files) == [
        "arkivmelding.xml", "dispatch.csv", "letters/p1.pdf", "letters/p2.pdf", "letters/p3.pdf",
        "print.pdf",
    ]  # fmt: skip
    assert files["letters/p1.pdf"] == answer.content
    assert b"<postadresse>Aveien 1<" in files["arkivmelding.xml"]
    assert b"V-7" not in files["arkivmelding.xml"]
    rows = csv.DictReader(io.StringIO(files["dispatch.csv"].decode("utf-8-sig")))
    assert [row["file"] for row in rows] == [f"letters/p{n}.pdf" for n in (1, 2, 3)]


def test_names_and_addresses_stand_in_the_letters_alone(uis: Office, letters: str) -> None:
    assert uis.get(letters).status_code == 200
    with uis.api.installation.store.reading() as session:
        jobs = session.scalars(select(JobRow).where(JobRow.kind == "letters"))
        assert not any("Anne" in str(job.request) for job in jobs)
        assert set(session.scalars(select(LettersRow.beside))) == {None}
        assert not any(b"Anne Aas" in blob.data and b"navn" in blob.data
                       for blob in session.scalars(select(Blob)))  # fmt: skip


def test_another_office_sees_none_of_them(uis: Office, letters: str) -> None:
    vid = Office(uis.api, "brev", "vid")
    assert vid.get(vid.url).json()["items"] == []
    for url in (letters, f"{letters}/file", f"{letters}/persons/p1", f"{letters}/persons/p3"):
        assert vid.get(url).status_code == 404
    release = uis.api.client.post(f"{letters}/release", headers=vid.headers)
    assert release.status_code == 404
    own = vid.made({"template.toml": TEMPLATE.replace('logo = "logo.svg"\n', "")})
    assert [one["person_id"] for one in vid.get(own).json()["items"]] == ["p1", "p3", "p4"]
    assert uis.get(own).status_code == 404


@pytest.mark.parametrize("role", ["coordinator", "leader", "analyst", "auditor"])
def test_nobody_else_sees_them(uis: Office, letters: str, role: Any) -> None:
    own = uis.api.headers(role, "T1" if role == "leader" else "")
    for url in (uis.url, letters, f"{letters}/file", f"{letters}/persons/p1"):
        assert uis.api.client.get(url, headers=own).status_code == 403
    assert uis.api.client.post(uis.url, headers=own).status_code == 403


def test_a_person_reads_their_own_once_it_is_released(uis: Office) -> None:
    held = Office(uis.api, copied(uis.api, "brev", "sleppe"))
    made = held.made(BESIDE)
    p1, p4 = (held.api.headers("applicant", person) for person in ("p1", "p4"))
    client = held.api.client
    assert client.get(held.url, headers=p1).json()["items"] == []
    assert client.get(f"{made}/persons/p1", headers=p1).status_code == 404
    first = client.post(f"{made}/release", headers=held.headers)
    again = client.post(f"{made}/release", headers=held.headers)
    assert first.status_code == 200
    assert first.json()["released_at"] == again.json()["released_at"] is not None
    (seen,) = client.get(held.url, headers=p1).json()["items"]
    assert (seen["institution"], seen["letters"]) == ("uis", None)
    own = client.get(f"{made}/persons/p1", headers=p1)
    assert own.content == held.get(f"{made}/persons/p1").content
    assert client.get(f"{made}/persons/p2", headers=p1).status_code == 403
    assert client.get(f"{made}/file", headers=p1).status_code == 403
    assert client.get(held.url, headers=p4).json()["items"] == []
    assert client.get(f"{made}/persons/p4", headers=p4).status_code == 404
    with held.api.installation.store.reading() as session:
        entries = [one for one in verify(session).findings if "letters" in one]
        assert entries == []
        reads = session.scalars(select(ReadRow).where(ReadRow.what.like("%/persons/%"))).all()
    mine = [read for read in reads if read.about.get("round_id") == "sleppe"]
    assert [(read.role, read.about["person_id"]) for read in mine[:3]] == [
        ("applicant", "p1"), ("applicant", "p1"), ("office", "p1"),
    ]  # fmt: skip


def test_what_is_made_again_replaces_what_was_not_released(uis: Office) -> None:
    held = Office(uis.api, copied(uis.api, "brev", "om-att"))
    first = held.made(BESIDE)
    assert uis.api.client.post(f"{first}/release", headers=held.headers).status_code == 200
    second, third = held.made(BESIDE), held.made(BESIDE)
    assert held.get(second).status_code == 404
    names = [one["id"] for one in held.get(held.url).json()["items"]]
    assert [name.rsplit("/")[-1] for name in names] == [
        third.rsplit("/", 1)[1], first.rsplit("/", 1)[1],
    ]  # fmt: skip


def test_letters_of_decisions_that_were_taken_back_go_to_nobody(uis: Office) -> None:
    held = Office(uis.api, copied(uis.api, "brev", "tilbake"))
    made = held.made(BESIDE)
    client, coordinator = held.api.client, held.api.headers("coordinator")
    assert client.post(f"{made}/release", headers=held.headers).status_code == 200
    allocation = held.get(held.url).json()["items"][0]["allocation"]
    back = client.post(
        f"/v1/allocations/{allocation}/unpublish", json={"reason": "wrong"}, headers=coordinator
    )
    assert back.status_code == 200, back.text
    p1 = held.api.headers("applicant", "p1")
    assert client.get(held.url, headers=p1).json()["items"] == []
    assert client.get(f"{made}/persons/p1", headers=p1).status_code == 404
    assert client.post(f"{made}/release", headers=held.headers).status_code == 409
    assert held.ask(BESIDE).status_code == 409


def test_a_season_s_letters_tell_of_own_decisions_as_they_stand(uis: Office) -> None:
    held = Office(uis.api, copied(uis.api, "brev", "aarstid"))
    client, coordinator = held.api.client, held.api.headers("coordinator")
    url = "/v1/rounds/aarstid"
    assert client.post(
        f"{url}/season", json={"on": "2019-06-03"}, headers=coordinator
    ).status_code == 201  # fmt: skip
    said = {"person_id": "p1", "offering_id": "uis-juss", "answer": "decline",
            "answered_on": "2019-06-05"}  # fmt: skip
    assert client.post(
        f"{url}/answers", json={"answers": [said]}, headers=held.headers
    ).status_code == 200  # fmt: skip
    call = client.post(f"{url}/calls", json={"on": "2019-06-12"}, headers=coordinator)
    done(held.api, call, coordinator)
    made = held.made(BESIDE, changed_alone="true")
    states = [(one["person_id"], one["state"]) for one in held.get(made).json()["items"]]
    assert states == [("p2", "offered"), ("p3", "waiting")]
    assert held.get(held.url).json()["items"][0]["call"] == 2
    accepted = {**said, "person_id": "p2", "answer": "accept", "answered_on": "2019-06-13"}
    client.post(f"{url}/answers", json={"answers": [accepted]}, headers=held.headers)
    assert held.get(held.url).json()["items"][0]["current"] is False


def test_what_cannot_be_used_is_told_at_once_and_nothing_is_made(uis: Office) -> None:
    for beside, code, said in (
        (
            {"contacts.csv": "person_id,postcode\np4,403\n"},
            422,
            '"value":"p4","expected":"expected one in',
        ),
        ({"template.toml": 'logo = "../secret.svg"\n'}, 422, "../secret.svg is not there"),
        ({"template.toml": 'logo = "/etc/logo.svg"\n'}, 422, "/etc/logo.svg is not there"),
        ({"template.toml": "accent = 7\n"}, 422, "template.toml: accent"),
        (b"PK\x03\x04 no zip", 415, "neither a zip"),
    ):
        answer = uis.ask(beside)
        assert (answer.status_code, said in answer.text) == (code, True), answer.text
    assert uis.get("/v1/jobs?limit=1").json()["items"][0]["state"] != "queued"


def test_a_decision_that_lacks_something_is_told_by_the_job(uis: Office) -> None:
    asked = uis.ask(b"")
    assert asked.status_code == 202, asked.text
    worked(uis.api)
    job = uis.get(asked.headers["location"]).json()
    assert job["state"] == "failed"
    assert "decided_on, signatory" in job["problem"]["detail"]


def test_an_erased_person_s_letter_is_gone(uis: Office) -> None:
    held = Office(uis.api, copied(uis.api, "brev", "slette"))
    made = held.made(BESIDE)
    store = held.api.installation.store
    name = made.rsplit("/", 1)[1]
    copy = [one for one in persons_copy(store, "p1") if one["where"] == f"letter/{name}/p1"]
    assert any(one["file"] == "letters/p1.pdf" for one in copy)
    erase_person(store, "p1", "asked for", SYSTEM)
    assert held.get(f"{made}/persons/p1").status_code == 404
    files = unpacked(held.get(f"{made}/file").content)
    assert sorted(files) == ["dispatch.csv", "letters/p2.pdf", "letters/p3.pdf"]
    assert not re.search(rb"\bp1\b", files["dispatch.csv"])
    with store.reading() as session:
        assert session.get(LetterRow, (name, "p1")) is None
        wrong = [one for one in verify(session).findings if one.startswith(("stored", "entry"))]
        assert wrong == []
