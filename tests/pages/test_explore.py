"""The page to explore: settings in the address, what they give, and what is taken further."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import admissions
from admissions.model.words import wordings
from admissions_pages.exploring import BASES, WHOLE, Explored, parameters, query_of, read, table_of
from admissions_pages.mapping import BOUNDARIES, VIEW, areas, band, counted
from tests.api.installation import Api
from tests.api.rounds import worked
from tests.pages.site import Browser, as_role, pages, seen

PAGE = "/analyst/explore"
THREE = {"uis-juss:service-limit:maximum": "3"}


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with pages(tmp_path_factory.mktemp("explore")) as one:
        yield one


@pytest.fixture(scope="module")
def analyst(api: Api) -> Browser:
    return as_role(api, "analyst")


def test_every_setting_stands_in_the_address_and_is_read_again() -> None:
    tried = Explored(
        "harmonised-2023", "points", "spread-need", further=True, seats=-2, share=20, together=2,
        values=(("vid-relasjon:grade:decimals", "1"),),
    )  # fmt: skip
    assert read(query_of(tried)).tried == tried
    assert query_of(Explored()) == {"base": "coordinated-2019"}


def test_every_number_of_the_rules_has_a_name_and_an_origin() -> None:
    said = wordings("pages-explore")
    for scenario in BASES:
        for one in parameters(scenario).values():
            assert f"parameter.{one.name}" in said
            assert one.source or one.why


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ({"base": "none"}, "base"),
        ({"leader": "all"}, "leader"),
        ({"spread": "no-service-limit"}, "spread"),
        ({"seats": "mange"}, "seats"),
        ({"seats": "21"}, "seats"),
        ({"seats": "-11"}, "seats"),
        ({"share": "1.5"}, "share"),
        ({"together": "99999999999999"}, "together"),
        ({"uis-juss:service-limit:maximum": "-1"}, "uis-juss:service-limit:maximum"),
        ({"uis-juss:service-limit:maximum": "1001"}, "uis-juss:service-limit:maximum"),
        ({"uis-juss:service-limit:maximum": "1e3"}, "uis-juss:service-limit:maximum"),
        ({"uis-juss:no-rule:maximum": "1"}, "uis-juss:no-rule:maximum"),
    ],
)
def test_what_is_no_setting_is_told_and_the_base_s_stands(
    analyst: Browser, query: dict[str, str], wrong: str
) -> None:
    found = read(query)
    assert list(found.wrong) == [wrong]
    assert found.tried == Explored()
    answer = analyst.client.get(PAGE, params=query)
    assert answer.status_code == 422
    assert "kan ikke brukes" in seen(answer)


@pytest.mark.parametrize("most", [True, False])
@pytest.mark.parametrize("name", WHOLE)
def test_the_ends_of_a_slider_can_be_set(name: str, *, most: bool) -> None:
    assert not read({name: str(WHOLE[name][most])}).wrong


def test_a_number_may_have_a_decimal_comma() -> None:
    found = read({"hvl-barnets-beste:points.education:points": "0,5"})
    assert dict(found.tried.values) == {"hvl-barnets-beste:points.education:points": "0.5"}


def test_a_form_made_for_another_base_changes_no_number_by_itself() -> None:
    shown = {one.key: str(one.value) for one in parameters("coordinated-2019").values()}
    found = read({**shown, "of": "coordinated-2019", "base": "harmonised-points"})
    assert found.tried == Explored("harmonised-points")
    assert not found.wrong


def test_a_long_address_leads_to_the_short_one(analyst: Browser) -> None:
    answer = analyst.get(f"{PAGE}?base=coordinated-2019&seats=0&share=0&leader=none&further=")
    assert answer.headers["location"] == f"{PAGE}?base=coordinated-2019&offering=hvl-barnets-beste"


def test_nothing_changed_shows_the_base_alone(analyst: Browser) -> None:
    said = seen(analyst.get(PAGE))
    assert "Du har ikke endret noe ennå" in said
    assert "Forskjell" not in said
    assert "Som i reglene: 10." in said
    assert "Antakelse: Ikke oppgitt for 2019." in said


def test_more_seats_take_more_people_and_make_hardly_anybody_lose(analyst: Browser) -> None:
    answer = analyst.get(f"{PAGE}?base=coordinated-2019&seats=5&offering=uis-juss")
    said = seen(answer)
    winners, losers = re.findall(r"(\d+,\d) \(\d+ til \d+\)", said)[:2]
    assert float(winners.replace(",", ".")) > 20
    assert float(losers.replace(",", ".")) < 1
    assert "Regnet ut av 100 trukne år" in said
    assert re.search(r"Møtte ved start [^+]*\+\d+,\d \(\+\d+ til \+\d+\)", said)


def test_only_the_part_that_changes_is_sent_to_a_script_with_its_address(analyst: Browser) -> None:
    answer = analyst.get(f"{PAGE}?base=coordinated-2019&share=30", **{"HX-Request": "true"})
    assert "<html" not in answer.text
    assert 'hx-swap-oob="innerHTML"' in answer.text
    pushed = answer.headers["hx-push-url"]
    assert pushed == f"{PAGE}?base=coordinated-2019&share=30&offering=hvl-barnets-beste"
    whole = analyst.get(pushed, **{"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert "<html" in whole.text


def test_what_rules_refuse_is_told_with_the_reason(analyst: Browser) -> None:
    answer = analyst.get(f"{PAGE}?base=coordinated-2019&uis-juss:service-limit:maximum=0")
    assert answer.status_code in (303, 422)
    if answer.status_code == 303:
        answer = analyst.get(answer.headers["location"])
    assert answer.status_code == 422
    assert "Slik kan det ikke være: " in seen(answer)


def test_the_file_is_a_scenario_that_every_command_takes(analyst: Browser, tmp_path: Path) -> None:
    answer = analyst.get(f"{PAGE}/scenario.toml?seats=1&uis-juss:service-limit:maximum=3")
    assert answer.headers["content-disposition"] == 'attachment; filename="explored.toml"'
    place = tmp_path / "explored.toml"
    place.write_bytes(answer.content)
    found = admissions.scenario(place)
    assert found.seats["uis-juss"] == 33
    assert found.id == "explored"
    assert tomllib.loads(answer.text)["changes"] == [
        {"offerings": ["uis-juss"], "rule": "service-limit", "set": {"maximum": 3}}
    ]


def test_what_is_tried_is_simulated_at_length_as_a_job(api: Api, analyst: Browser) -> None:
    fields = {"base": "coordinated-2019", "together": "1"}
    job = analyst.press("/", f"{PAGE}/simulate", fields)
    assert job.headers["location"] == "/jobs/simulation-1"
    asked = api.client.get("/v1/jobs/simulation-1", headers=api.headers("analyst"))
    assert asked.json()["state"] == "queued"
    api.client.delete("/v1/jobs/simulation-1", headers=api.headers("analyst"))


def test_a_scenario_of_one_s_own_is_simulated_beside_shipped_ones(api: Api) -> None:
    own = {**table_of(Explored(seats=3)), "id": "three-more"}
    asked = {"scenarios": ["coordinated-2019"], "own": own, "draws": 2, "seed": 1}
    headers = api.headers("analyst")
    answer = api.client.post("/v1/simulations", json=asked, headers=headers)
    assert answer.status_code == 202
    worked(api)
    found = api.client.get(f"/v1/simulations/{answer.json()['id']}", headers=headers).json()
    assert found["scenarios"] == ["coordinated-2019", "three-more"]


@pytest.mark.parametrize(
    "own",
    [
        {"id": "mine", "extends": "../key"},
        {"id": "mine", "extends": "no-such"},
        {"id": "mine"},
        {"id": "mine", "extends": "coordinated-2019", "seats": {"uis-juss": -4}},
        {"id": "current-2019", "extends": "coordinated-2019", "seats": {"uis-juss": 4}},
        {"id": "mine", "extends": "coordinated-2019", "nonsense": 1},
    ],
)
def test_a_scenario_that_is_none_is_refused(api: Api, own: dict[str, object]) -> None:
    asked = {"scenarios": ["coordinated-2019"], "own": own, "draws": 2, "seed": 1}
    answer = api.client.post("/v1/simulations", json=asked, headers=api.headers("analyst"))
    assert answer.status_code == 422


def test_one_scenario_alone_is_refused(api: Api) -> None:
    asked = {"scenarios": ["coordinated-2019"], "draws": 2, "seed": 1}
    answer = api.client.post("/v1/simulations", json=asked, headers=api.headers("analyst"))
    assert answer.status_code == 422


def test_the_map_draws_every_municipality_and_the_table_says_how_many(analyst: Browser) -> None:
    answer = analyst.get(f"{PAGE}/map?base=coordinated-2019&together=1")
    assert answer.text.count("<path ") == 356
    assert answer.headers["content-encoding"] == "gzip"
    assert int(answer.headers["content-length"]) < 60_000
    plain = analyst.get(f"{PAGE}/map?base=coordinated-2019", **{"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    said = seen(answer)
    assert "Kommunegrenser 2020: Kartverket, CC BY 4.0, forenklet." in said
    assert re.search(r"Trondheim \d+ \d+", said)


def test_the_seats_of_all_municipalities_add_up() -> None:
    found = counted(Explored(seats=2))
    assert sum(found.before.values()) == 274
    assert sum(found.after.values()) == 274 + 2 * 8


@pytest.mark.parametrize(
    ("count", "colour"), [(0, 0), (1, 1), (2, 2), (3, 2), (4, 3), (9, 3), (10, 4), (99, 4)]
)
def test_a_count_has_a_colour(count: int, colour: int) -> None:
    assert band(count) == colour


def test_the_boundaries_are_small_and_lie_within_the_picture() -> None:
    assert BOUNDARIES.stat().st_size < 110_000
    width, height = map(int, VIEW.split()[2:])
    for one in areas().values():
        for part in one.path.split("M")[1:]:
            x, y = map(int, part.partition("l")[0].split())
            assert 0 <= x <= width
            assert 0 <= y <= height
