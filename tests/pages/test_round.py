"""A round from its first part to its decisions, played on the pages by those whose job it is."""

from __future__ import annotations

import base64
import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import openpyxl
import pytest

from tests.api.installation import Api
from tests.api.rounds import UIS, VID, opened, worked, zipped
from tests.pages.site import Browser, as_role, pages, seen


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with pages(tmp_path_factory.mktemp("round")) as one:
        opened(one)
        yield one


def sent(browser: Browser, data: bytes, *, check: bool = False, name: str = "del.zip") -> Any:
    fields = {"check": "yes"} if check else {}
    return browser.press("/office/vaar", "/office/vaar", fields, files={"file": (name, data)})


@pytest.mark.parametrize("check", [True, False])
def test_a_wrong_file_is_told_with_each_place_and_nothing_is_stored(
    api: Api, *, check: bool
) -> None:
    wrong = {**UIS, "applications.csv": "person_id,offering_id,preference\np1,uis-juss,først\n"}
    browser = as_role(api, "office")
    answer = sent(browser, zipped(wrong), check=check)
    assert answer.status_code == 422
    said = seen(answer)
    assert "del.zip har" in said
    assert re.search(r"applications\.csv 2 preference først ", said)
    assert "Ingenting er lagret" in said
    assert "Du har ikke levert noe" in said


def test_a_wrong_workbook_comes_back_with_its_cells_marked(api: Api) -> None:
    book = openpyxl.Workbook()
    people = book.active
    assert people is not None
    people.title = "applicants"
    people.append(["person_id", "sector", "service_id", "bachelor_ects", "bachelor_grade"])
    people.append(["p1", "municipal", "T1", 180, 7])
    wishes = book.create_sheet("applications")
    wishes.append(["person_id", "offering_id", "preference"])
    wishes.append(["p1", "uis-juss", "først"])
    services = book.create_sheet("services")
    services.append(["service_id", "name", "municipality_no", "centrality", "employees"])
    services.append(["T1", "Tjeneste 1", "0301", 1, 40])
    file = io.BytesIO()
    book.save(file)
    answer = sent(as_role(api, "office"), file.getvalue(), check=True, name="del.xlsx")
    assert answer.status_code == 422
    assert "I arket applications" in seen(answer)
    found = re.search(r'href="data:[^,"]+base64,([^"]+)" download="del.xlsx"', answer.text)
    assert found
    back = openpyxl.load_workbook(io.BytesIO(base64.b64decode(found[1])))
    wrong = back["applications"]["C2"]
    assert wrong.value == "først"
    assert wrong.fill.fgColor.rgb == "FFFFC7CE"
    assert wrong.comment is not None
    assert wrong.comment.text
    grade = back["applicants"]["E2"].comment
    assert grade is not None
    assert back["applicants"]["A2"].comment is None


def test_what_is_no_workbook_or_no_file_is_told(api: Api) -> None:
    browser = as_role(api, "office")
    assert "verken et regneark" in seen(sent(browser, b"hei", name="brev.docx"))
    nothing = browser.press("/office/vaar", "/office/vaar", {"check": "yes"})
    assert "Velg en fil først" in seen(nothing)


def test_a_checked_file_is_not_uploaded(api: Api) -> None:
    browser = as_role(api, "office")
    assert "Den er bare kontrollert, ikke levert" in seen(sent(browser, zipped(UIS), check=True))
    assert "Lever din del av Opptak våren" in seen(browser.get("/"))


def test_a_round_is_played_to_its_end(api: Api) -> None:
    uis, vid = as_role(api, "office"), as_role(api, "office", "vid")
    coordinator = as_role(api, "coordinator")
    assert "6 deler mangler i Opptak våren" in seen(coordinator.get("/"))
    assert "er levert: 3 personer og 3 søknader" in seen(sent(uis, zipped(UIS)))
    assert sent(vid, zipped(VID)).status_code == 200
    assert "4 deler mangler" in seen(coordinator.get("/"))
    assert "uis 3 3 1" in seen(coordinator.get("/coordinator/vaar"))

    job = uis.press("/office/vaar", "/office/vaar/rank").headers["location"]
    assert "Venter på tur" in seen(uis.get(job))
    worked(api)
    ranking = re.search(r'class="ds-button" href="([^"]+)"', uis.get(job).text)
    assert ranking
    assert re.search(r"1 p1 ja .*2 p2 ja .*3 p3 ja ", seen(uis.get(ranking[1])))

    page = "/coordinator/vaar"
    coordinator.press(page, f"{page}/cut-offs")
    worked(api)
    assert "2 ansatte har søkt" in seen(as_role(api, "leader").get("/"))
    assert coordinator.press(page, f"{page}/close").status_code == 409
    assert coordinator.press(page, f"{page}/close", {"early": "yes"}).status_code == 303
    assert "Ja, åpne igjen" in seen(coordinator.get(page))
    coordinator.press(page, f"{page}/reopen", {"reason": "for tidlig"})
    assert "Ja, lukk nå" in seen(coordinator.get(page))
    coordinator.press(page, f"{page}/close", {"early": "yes"})
    assert "Fordel plassene i Opptak våren" in seen(coordinator.get("/"))
    job = coordinator.press(page, f"{page}/allocate").headers["location"]
    worked(api)
    found = re.search(r'class="ds-button" href="([^"]+)"', coordinator.get(job).text)
    assert found
    made = seen(coordinator.get(found[1]))
    assert "P1 Bare kvalifiserte søkere har tilbud. holder 0" in made
    assert "Juss i barnevernfaglig arbeid, Universitetet i Stavanger 32 3 2 0" in made
    assert "Ingenting venter" in seen(uis.get("/")) or "lukket og venter" in seen(uis.get("/"))
    assert "ikke avgjort ennå" in seen(as_role(api, "applicant").get("/applicant/vaar"))
    coordinator.press(found[1], f"{found[1]}/publish")
    coordinator.press(found[1], f"{found[1]}/unpublish", {"reason": "feil fordeling"})
    assert "Ja, kunngjør nå" in seen(coordinator.get(found[1]))
    coordinator.press(found[1], f"{found[1]}/publish")
    assert "Kunngjort" in seen(coordinator.get(found[1]))
    chain = seen(as_role(api, "auditor").get("/audit"))
    assert chain.index("allocation.unpublished") < chain.index("round.closed")


@pytest.fixture(scope="module")
def decisions(api: Api) -> str:
    """The office's page of decisions, once the round above is published."""
    first = as_role(api, "office").get("/")
    found = re.search(r'href="(/office/allocations/[^"]+)"', first.text)
    assert found
    return found[1]


def test_an_office_reads_its_decisions_and_filters_them(api: Api, decisions: str) -> None:
    browser = as_role(api, "office")
    said = seen(browser.get(decisions))
    assert "3 vedtak." in said
    assert "p1 Juss i barnevernfaglig arbeid, Universitetet i Stavanger 1 4,10 1 tilbud" in said
    assert "Ett vedtak." in seen(browser.get(f"{decisions}?outcome=lapsed"))
    assert "0 vedtak." in seen(browser.get(f"{decisions}?offering=vid-minoritet"))
    assert browser.get(f"{decisions}?page=99").status_code == 200


def test_a_decision_is_shown_as_the_person_reads_it_in_each_language(
    api: Api, decisions: str
) -> None:
    browser = as_role(api, "office")
    for language, said in (("nb", "tilbud om plass"), ("nn", "tilbod om plass"), ("en", "offer")):
        assert said in seen(browser.get(f"{decisions}/people/p1?language={language}"))
    assert browser.get(f"{decisions}/people/p4").status_code == 404


def test_what_an_office_downloads_is_its_own(api: Api, decisions: str) -> None:
    browser = as_role(api, "office")
    rows = browser.get(f"{decisions}/files/decisions.csv").content.decode("utf-8-sig").splitlines()
    assert rows[0].startswith("person_id,offering_id,preference,qualified,points,rank,outcome")
    assert [row.split(",")[:2] for row in rows[1:]] == [[p, "uis-juss"] for p in ("p1", "p2", "p3")]
    ranking = browser.get(f"{decisions}/files/uis-juss.csv")
    assert ranking.content.decode("utf-8-sig").splitlines()[1].startswith("1,p1,")
    letters = browser.get(f"{decisions}/files/letters.zip")
    assert len(zipfile.ZipFile(io.BytesIO(letters.content)).namelist()) == 4
    assert browser.get(f"{decisions}/files/certificate.json").json()["seed"] == 2019
    for other in ("vid-minoritet.csv", "report.html", "..%2Fkey"):
        assert browser.get(f"{decisions}/files/{other}").status_code == 404


def test_an_applicant_reads_own_decisions_alone(api: Api, decisions: str) -> None:
    assert decisions
    browser = as_role(api, "applicant")
    assert "Du har tilbud om plass: Juss i barnevernfaglig arbeid" in seen(browser.get("/"))
    said = seen(browser.get("/applicant/vaar"))
    assert re.search(r"1\. Juss .* tilbud om plass .*2\. Minoritetskompetanse .* falt bort", said)
    for other in ("p2", "p3", "p4"):
        assert not re.search(rf"\b{other}\b", said)
    assert as_role(api, "applicant", "nobody").get("/applicant/vaar").status_code == 404
    answer = api.client.get("/v1/rounds/vaar/applicants/p2", headers=api.headers("applicant", "p1"))
    assert answer.status_code == 403


def test_a_round_is_opened_and_corrected_on_pages(api: Api) -> None:
    coordinator = as_role(api, "coordinator")
    page = "/rounds/new"
    fields = {
        "id": "Neste Opptak", "title": "Neste opptak", "scenario": "coordinated-2019",
        "deadline": "2099-04-15T12:00", "year": "2019", "rules_on": "2019-08-01", "seed": "sju",
    }  # fmt: skip
    wrong = coordinator.press(page, page, fields)
    assert wrong.status_code == 422
    said = seen(wrong)
    assert "Kortnavn:" in said
    assert "Tall for loddtrekningen:" in said
    assert 'value="Neste opptak"' in wrong.text
    right = {**fields, "id": "neste", "seed": ""}
    assert coordinator.press(page, page, right).headers["location"] == "/coordinator/neste"
    again = coordinator.press(page, page, right)
    assert again.status_code == 409
    where = "/coordinator/neste"
    assert "15. april 2099 kl. 12.00" in seen(coordinator.get(where))
    moved = {"title": "Opptak to", "deadline": "2099-04-22T12:00", "reason": "en uke til"}
    assert coordinator.press(where, f"{where}/correct", moved).status_code == 303
    assert "22. april 2099 kl. 12.00" in seen(coordinator.get(where))
    assert "Opptak to" in seen(coordinator.get(where))
    nothing = {"title": "", "deadline": "", "reason": "x"}
    assert coordinator.press(where, f"{where}/correct", nothing).status_code == 422


def test_letters_are_made_read_and_released(api: Api, decisions: str) -> None:
    assert decisions
    office, applicant = as_role(api, "office"), as_role(api, "applicant")
    page = "/office/vaar/letters"
    wrong = office.press(page, page, files={"file": ("kontakter.csv", b"person_id,name\nzz,Ola\n")})
    assert wrong.status_code == 422
    assert "Ingen brev er laget" in seen(wrong)
    stated = {
        "decided_on": "2019-06-03", "signatory": "Åse Ødegård", "case": "2019/1",
        "answer_deadline": "2019-06-20", "appeal_body": "Klagenemnda",
    }  # fmt: skip
    job = office.press(page, page, stated, files={"file": ("", b"")}).headers["location"]
    worked(api)
    made = re.search(r'class="ds-button" href="([^"]+)"', office.get(job).text)
    assert made, seen(office.get(job))
    people = re.findall(rf'href="({made[1]}/persons/[^"]+)"', office.get(made[1]).text)
    assert [one.rsplit("/", 1)[1] for one in people] == ["p1", "p2", "p3"]
    assert office.get(people[0]).content.startswith(b"%PDF")
    assert "Brev til deg" not in seen(applicant.get("/applicant/vaar"))
    assert as_role(api, "office", "vid").get(made[1]).status_code == 404
    office.press(made[1], f"{made[1]}/release")
    assert "Hver søker kan lese sitt eget" in seen(office.get(made[1]))
    own = re.search(
        r'href="(/applicant/vaar/letters/[^"]+)"', applicant.get("/applicant/vaar").text
    )
    assert own
    assert applicant.get(own[1]).content == office.get(people[0]).content
    assert zipfile.ZipFile(io.BytesIO(office.get(f"{made[1]}/file").content)).testzip() is None
