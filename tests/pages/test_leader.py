"""The leader's pages: an order of own staff by buttons, what it gives and why, and sending it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from admissions_pages import moving
from admissions_pages.leader import _why
from tests.api.installation import Api
from tests.api.rounds import UIS, allocated, done, filled, upload
from tests.pages.site import Browser, as_role, pages, seen

PAGE = "/leader/vaar"
WITHOUT_P2 = {
    name: "".join(line for line in UIS[name].splitlines(True) if not line.startswith("p2,"))
    for name in ("applicants.csv", "applications.csv")
}
"""UiS' part where p2 has not applied."""


def with_cut_offs(api: Api, **changed: Any) -> str:
    round_id = filled(api, **changed)
    own = api.headers("coordinator")
    url = f"/v1/rounds/{round_id}/cut-offs"
    done(api, api.client.post(url, json={"draws": 2}, headers=own), own)
    return round_id


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with pages(tmp_path_factory.mktemp("leader")) as one:
        with_cut_offs(one)
        with_cut_offs(one, id="senere", title="Opptak senere")
        filled(one, id="uten", title="Uten grenser")
        yield one


def order_on(answer: Any) -> list[str]:
    return re.findall(r'name="person" value="(\w+)"', answer.text)


def moved(browser: Browser, persons: list[str], move: str, **headers: str) -> Any:
    page = browser.get(PAGE).text
    token = re.search(r'name="form_token" value="(\w+)"', page)
    version = re.search(r'name="version" value="(\d+)"', page)
    assert token
    assert version
    data = {"form_token": token[1], "version": version[1], "person": persons, "move": move}
    return browser.client.post(
        f"{PAGE}/order", data=data, headers={"Origin": browser.base, **headers}
    )


@pytest.mark.parametrize(
    ("move", "then"),
    [
        ("up:b", "bac"), ("up:a", "abc"), ("down:b", "acb"), ("down:c", "abc"),
        ("first:c", "cab"), ("first:a", "abc"), ("up:z", "abc"), ("away:a", "abc"), ("", "abc"),
    ],
)  # fmt: skip
def test_a_button_moves_one_person_by_one_place_or_to_the_top(move: str, then: str) -> None:
    assert "".join(moving.moved("abc", move)) == then


@pytest.mark.parametrize(
    ("qualified", "was", "above", "seat", "why"),
    [
        (True, True, True, "o", "seat"),
        (True, False, True, "o", "colleague-behind"),
        (True, False, False, None, "below"),
        (True, True, False, None, "colleague-ahead"),
        (True, True, True, None, "maximum"),
        (False, False, False, None, "not-qualified"),
    ],
)
def test_the_page_says_why(
    *, qualified: bool, was: bool, above: bool, seat: str | None, why: str
) -> None:
    def person(*, clears: bool, holds: str | None) -> dict[str, Any]:
        wish = {"offering_id": "o", "qualified": qualified, "above_cut_off": clears}
        return {"seat": holds, "applications": [wish]}

    assert _why(person(clears=was, holds=None), person(clears=above, holds=seat)) == why


def test_own_staff_stand_on_one_page_with_points_and_cut_offs(api: Api) -> None:
    answer = as_role(api, "leader").get(PAGE)
    assert order_on(answer) == ["p1", "p2"]
    said = seen(answer)
    assert "p1 1. Juss i barnevernfaglig arbeid, Universitetet i Stavanger 4,10 –" in said
    assert "p3" not in said
    assert "p4" not in said


def test_moving_by_a_button_shows_the_new_order_and_sends_nothing(api: Api) -> None:
    browser = as_role(api, "leader")
    answer = moved(browser, ["p1", "p2"], "up:p2")
    assert order_on(answer) == ["p2", "p1"]
    assert "Den er ikke sendt" in seen(answer)
    assert "<html" in answer.text
    part = moved(browser, ["p1", "p2"], "up:p2", **{"HX-Request": "true"})
    assert "<html" not in part.text
    assert order_on(part) == ["p2", "p1"]
    assert order_on(browser.get(PAGE)) == ["p1", "p2"]


def test_a_person_of_another_service_is_left_out_of_what_is_tried(api: Api) -> None:
    answer = moved(as_role(api, "leader"), ["p3", "p2", "p1"], "")
    assert order_on(answer) == ["p2", "p1"]


def test_what_is_sent_is_confirmed_stays_and_can_be_changed(api: Api) -> None:
    browser = as_role(api, "leader", "T2")
    later = "/leader/senere"
    fields = {"person": ["p4", "p3"], "away": "1", "version": "0"}
    sent = browser.press(later, f"{later}/send", fields)
    assert sent.headers["location"] == f"{later}/receipt"
    said = seen(browser.get(f"{later}/receipt"))
    assert "Versjon 1 er sendt" in said
    assert re.search(r"borte samtidig\? 1 .* p4 p3 .*Du kan endre dette til", said)
    assert order_on(browser.get(later)) == ["p4", "p3"]
    assert "fyller antallet som kan være borte" in seen(browser.get(later))
    again = browser.press(later, f"{later}/send", {**fields, "away": "", "version": "1"})
    assert again.status_code == 303
    assert "Versjon 2 er sendt" in seen(browser.get(f"{later}/receipt"))


def test_what_somebody_sent_meanwhile_is_not_overwritten_unseen(api: Api) -> None:
    browser = as_role(api, "leader", "T2")
    fields = {"person": ["p3", "p4"], "version": "0"}
    assert browser.press(PAGE, f"{PAGE}/send", fields).status_code == 303
    refused = browser.press(PAGE, f"{PAGE}/send", fields)
    assert refused.status_code == 412
    assert "Les på nytt før du sender" in seen(refused)


@pytest.mark.parametrize("away", ["-1", "to", "1.5", "9999999"])
def test_a_number_away_that_is_none_is_told_beside_its_field(api: Api, away: str) -> None:
    browser = as_role(api, "leader")
    fields = {"person": ["p1", "p2"], "away": away, "version": "0"}
    answer = browser.press(PAGE, f"{PAGE}/send", fields)
    assert f"«{away}» er ikke et helt tall" in seen(answer)
    assert 'aria-invalid="true"' in answer.text
    assert browser.get(f"{PAGE}/receipt").status_code == 404


def test_two_go_together_or_none_and_the_page_says_why(api: Api) -> None:
    """p1 and p2 of T1 both apply at UiS alone or first; two of them together, or one away."""
    browser = as_role(api, "leader")
    with_cut_offs(api, id="sammen", title="Sammen")
    page = "/leader/sammen"
    fields: dict[str, Any] = {"person": ["p1", "p2"], "version": "0", "together:uis-juss": "2"}
    tried = browser.press(page, f"{page}/order", fields)
    assert "over grensen" in seen(tried).lower()
    assert '<option value="2" selected' in tried.text
    few = browser.press(page, f"{page}/order", {**fields, "away": "1"})
    assert "Flere skal gå sammen enn det antallet som kan være borte" in seen(few)
    refused = browser.press(page, f"{page}/send", {**fields, "away": "1"})
    assert refused.status_code == 200
    sent = browser.press(page, f"{page}/send", fields)
    assert sent.headers["location"] == f"{page}/receipt"
    assert "Minst 2 sammen, eller ingen" in seen(browser.get(f"{page}/receipt"))
    many = browser.press(page, f"{page}/send", {**fields, "version": "1", "together:uis-juss": "3"})
    assert many.status_code == 422
    assert "Be kanskje om færre sammen" in seen(many)
    assert "så ønsket teller ikke" not in seen(browser.get(page))
    upload(api, "uis", {**UIS, **WITHOUT_P2}, "sammen")
    for where in (page, f"{page}/receipt"):
        assert "er 1 kvalifisert der nå, så ønsket teller ikke" in seen(browser.get(where))
    assert "kvar står for seg" in seen(browser.get(f"{page}/receipt?language=nn"))


def test_without_cut_offs_the_page_says_what_it_waits_for(api: Api) -> None:
    assert "ikke gjort poenggrensene kjent" in seen(as_role(api, "leader").get("/leader/uten"))


def test_the_first_page_counts_own_staff_and_says_the_deadline(api: Api) -> None:
    said = seen(as_role(api, "leader").get("/"))
    assert "2 ansatte har søkt i Opptak våren Du har ikke sendt noen rekkefølge. Frist: 1." in said


def test_afterwards_a_leader_sees_what_became_of_own_staff(api: Api) -> None:
    round_id = with_cut_offs(api, id="ferdig", title="Ferdig")
    allocated(api, round_id)
    browser = as_role(api, "leader")
    answer = browser.get("/leader/ferdig")
    assert order_on(answer) == []
    assert "Universitetet i Stavanger: tilbud om plass" in seen(answer)
    assert "2 tilbud til egne ansatte i Ferdig" in seen(browser.get("/"))
    own = api.headers("coordinator")
    assert api.client.post("/v1/rounds/ferdig/season", json={}, headers=own).status_code == 201
    yes = [{"person_id": "p1", "offering_id": "uis-juss", "answer": "accept"}]
    api.client.post("/v1/rounds/ferdig/answers", json={"answers": yes}, headers=own)
    assert "Universitetet i Stavanger: sagt ja" in seen(browser.get("/leader/ferdig"))
    late = browser.press("/", "/leader/ferdig/send", {"person": ["p2", "p1"], "version": "0"})
    assert late.status_code == 409
