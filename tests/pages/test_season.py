"""The year after publication on pages: answers, calls, what is recorded, and who reads what."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.api.installation import Api
from tests.api.rounds import UIS, VID, allocated, opened, upload, worked
from tests.pages.site import Browser, as_role, pages, seen

PLACE = "/coordinator/vaar/season"
OFFICE = "/office/vaar/season"
ONE_SEAT = {"uis": "offering_id,seats\nuis-juss,1\n", "vid": "offering_id,seats\nvid-minoritet,1\n"}
"""p1, p2 and p3 want the one seat at UiS, in this order by points; p4 has the one at VID."""


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with pages(tmp_path_factory.mktemp("season")) as one:
        opened(one)
        upload(one, "uis", {**UIS, "offerings.csv": ONE_SEAT["uis"]})
        upload(one, "vid", {**VID, "offerings.csv": ONE_SEAT["vid"]})
        made = allocated(one, "vaar", publish=False)
        own = one.headers("coordinator")
        where = f"/v1/allocations/{made}/publish"
        assert one.client.post(where, json={"reason": "one seat"}, headers=own).status_code == 200
        yield one


def answered(browser: Browser, **fields: Any) -> Any:
    page = f"{OFFICE}/applications"
    keys = [f"uis-juss:{person}" for person in ("p1", "p2", "p3")]
    return browser.press(page, page, {"key": keys, **fields})


def tried(browser: Browser, place: str, **fields: Any) -> Any:
    return browser.press(f"{place}/records", f"{place}/records", fields)


def confirmed(browser: Browser, place: str, shown: Any, **fields: Any) -> Any:
    """Presses what a trial's page offers, with what stands in its form."""
    mark = re.search(r'name="confirmed" value="(\w+)"', shown.text)
    assert mark
    return tried(browser, place, **fields, confirmed=mark[1])


def test_a_season_is_begun_answered_called_and_told_to_each(api: Api) -> None:
    coordinator, office = as_role(api, "coordinator"), as_role(api, "office")
    applicant = as_role(api, "applicant", "p2")
    assert "si når vedtakene ble gjort kjent" in seen(coordinator.get("/"))
    wrong = coordinator.press(PLACE, PLACE, {"own-policy": "yes", "answer_days": "mange"})
    assert wrong.status_code == 422
    assert "answer_days" in seen(wrong)
    assert coordinator.press(PLACE, PLACE).headers["location"] == PLACE
    assert "tilbud er ikke besvart i Opptak våren" in seen(office.get("/"))
    assert "p1" in seen(office.get(f"{OFFICE}/applications"))

    refused = answered(office, **{"answer:uis-juss:p1": "accept", "answer:uis-juss:p3": "accept"})
    assert refused.status_code == 422
    assert "ett svar kan ikke brukes" in seen(refused)
    row = re.search(r'name="answer:uis-juss:p3".*?</td>', refused.text, re.DOTALL)
    assert row
    assert "ds-validation-message" in row[0]
    assert 'value="accept" selected' in refused.text.replace("\n", "")
    taken = answered(office, pick=["uis-juss:p1"], **{"for-all": "decline"})
    assert "Ett svar er registrert" in seen(taken)
    assert "sagt nei" in seen(office.get(f"{OFFICE}/people/p1"))
    assert "Ingen svar er fylt inn" in seen(answered(office))

    assert "1 ledig plass å gi videre" in seen(coordinator.get("/"))
    job = coordinator.press(PLACE, f"{PLACE}/calls", {"try": "yes"}).headers["location"]
    worked(api)
    trial = re.search(r'class="ds-button" href="([^"]+)"', coordinator.get(job).text)
    assert trial
    told = seen(coordinator.get(trial[1]))
    opened(api, id="annen", title="En annen runde")
    elsewhere = trial[1].replace("/vaar/", "/annen/")
    assert coordinator.get(elsewhere).status_code == 404
    assert job.partition("?")[0] in coordinator.get("/coordinator/vaar").text
    assert "/jobs/" not in coordinator.get("/coordinator/annen").text
    assert "Dette er bare prøvd" in told
    assert re.search(r"p1 ga fra seg .* p2 får tilbud", told)
    assert "O1 Ingen som har et tilbud, er kommet dårligere ut" in told
    assert "ventelisten" in seen(applicant.get("/applicant/vaar"))
    coordinator.press(PLACE, f"{PLACE}/calls")
    worked(api)
    assert re.search(r"p1 ga fra seg .* p2 får tilbud", seen(coordinator.get(f"{PLACE}/calls/2")))

    assert "Svar på tilbudet ditt i Opptak våren Svar innen" in seen(applicant.get("/"))
    here = "/applicant/vaar"
    assert "Du fikk tilbud om plass fordi noen ga fra seg sin" in seen(applicant.get(here))
    sent = {"offering": "uis-juss", "answer": "accept"}
    assert "Svaret ditt er registrert" in seen(applicant.press(here, f"{here}/answer", sent))
    assert "sagt ja" in seen(applicant.get(here))
    again = applicant.press(here, f"{here}/answer", {"offering": "uis-juss", "answer": "decline"})
    assert again.status_code == 422
    assert "Ingenting er registrert" in seen(again)


def test_what_is_recorded_is_tried_first(api: Api) -> None:
    coordinator, office = as_role(api, "coordinator"), as_role(api, "office")
    correction = {
        "event": "correct", "person_id": "p3", "fact": "bachelor_grade", "value": "5",
        "because": "vitnemål", "reason": "office-error",
    }  # fmt: skip
    page = tried(coordinator, PLACE, **correction)
    assert "Ingenting er registrert ennå" in seen(page)
    change = "p3, Juss i barnevernfaglig arbeid, Universitetet i Stavanger: på venteliste →"
    assert change in seen(page)
    assert tried(office, OFFICE, **correction).status_code == 403
    placed = {"event": "place", "person_id": "p3", "offering_id": "uis-juss"}
    wrong = tried(office, OFFICE, **placed)
    assert wrong.status_code == 422
    assert 'value="p3"' in wrong.text
    assert 'name="confirmed"' not in wrong.text
    placed["reason"] = "office-error"
    first = tried(office, OFFICE, **placed)
    assert "på venteliste → tilbud, ikke besvart" in seen(first)
    other = confirmed(office, OFFICE, first, **{**placed, "on": "2099-01-01"})
    assert "Registrert. Dette ble endret" not in seen(other)
    assert "Plass gitt for hånd p3" not in seen(office.get(f"{OFFICE}/records"))
    done = confirmed(office, OFFICE, first, **placed)
    assert "Registrert. Dette ble endret: p3" in seen(done)
    last = seen(office.get(f"{OFFICE}/records"))
    assert re.search(r"Plass gitt for hånd p3 .* office uis feil hos kontoret", last)


def test_an_office_sees_nobody_of_another_s(api: Api) -> None:
    office = as_role(api, "office")
    assert office.get(f"{OFFICE}/people/p4").status_code == 404
    for page in ("applications", "records"):
        assert not re.search(r"\bp4\b", office.get(f"{OFFICE}/{page}").text)
    assert office.get(PLACE).status_code == 403
    taken = office.press(
        f"{OFFICE}/applications",
        f"{OFFICE}/applications",
        {"key": "vid-minoritet:p4", "answer:vid-minoritet:p4": "decline"},
    )
    assert taken.status_code == 403
    applicant = as_role(api, "applicant", "p1")
    sent = {"offering": "vid-minoritet", "answer": "accept"}
    assert applicant.press("/applicant/vaar", "/applicant/vaar/answer", sent).status_code == 422


def test_an_applicant_orders_wishes_until_the_deadline(api: Api) -> None:
    opened(api, id="neste", title="Neste opptak")
    upload(api, "uis", UIS, "neste")
    upload(api, "vid", VID, "neste")
    applicant, here = as_role(api, "applicant"), "/applicant/neste"
    wishes = ["uis-juss", "vid-minoritet"]
    shown = re.compile(r'name="wish" value="([^"]+)"')
    assert shown.findall(applicant.get(here).text) == wishes
    moved = applicant.press(here, here, {"wish": wishes, "move": "up:vid-minoritet"})
    assert shown.findall(moved.text) == wishes[::-1]
    assert "ikke lagret ennå" in seen(moved)
    assert shown.findall(applicant.get(here).text) == wishes
    saved = applicant.press(here, here, {"wish": wishes[::-1], "save": "yes"})
    assert "Rekkefølgen er lagret" in seen(saved)
    assert shown.findall(applicant.get(here).text) == wishes[::-1]
    short = applicant.press(here, here, {"wish": ["uis-juss"], "save": "yes"})
    assert short.status_code == 422
    assert "Nevn kanskje hvert av dine egne ønsker én gang" in seen(short)
    said = seen(applicant.get(here))
    assert "Sektor kommunal" in said
    assert not re.search(r"\bp[234]\b", said)


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        ({}, ("Du beholder plassen på", "går denne plassen videre", "mister du både tilbudet og")),
        (
            {"waiting_needs_yes": "yes", "better_offer": "choose", "silence": "lose-offer"},
            ("unntatt dem du krysser av", "velger du selv", "ventelistene beholder du"),
        ),
    ],
)
def test_what_a_yes_means_follows_the_policy(
    tmp_path: Path, policy: dict[str, str], said: tuple[str, ...]
) -> None:
    with pages(tmp_path) as one:
        opened(one)
        upload(one, "uis", {**UIS, "offerings.csv": ONE_SEAT["uis"]})
        upload(one, "vid", {**VID, "offerings.csv": ONE_SEAT["vid"]})
        made = allocated(one, "vaar", publish=False)
        where = f"/v1/allocations/{made}/publish"
        own = one.headers("coordinator")
        assert one.client.post(where, json={"reason": "one seat"}, headers=own).status_code == 200
        stated = {
            "own-policy": "yes", "answer_days": "8", "reminder_days": "2", "risk_percent": "10",
            "better_offer": "replace", "silence": "lose-all", "target": "seats", "late": "behind",
            "appeal": "extra-seat", **policy,
        }  # fmt: skip
        assert as_role(one, "coordinator").press(PLACE, PLACE, stated).status_code == 303
        shown = seen(as_role(one, "applicant", "p1").get("/applicant/vaar"))
    assert all(sentence in shown for sentence in said)
    assert ("Du beholder plassen" in shown) == (policy.get("waiting_needs_yes") is None)
