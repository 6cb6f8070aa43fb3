"""The analyst's pages: scenarios in words, the matrix, a simulation and its report."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from admissions.rulebooks.scenario_files import scenario_ids
from tests.api.installation import Api
from tests.api.rounds import filled, worked
from tests.pages.site import as_role, pages, seen


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with pages(tmp_path_factory.mktemp("analyst")) as one:
        filled(one)
        yield one


def test_every_scenario_is_told_in_words_and_opens(api: Api) -> None:
    browser = as_role(api, "analyst")
    listed = browser.get("/analyst/scenarios").text
    for name in scenario_ids():
        assert f'href="/analyst/scenarios/{name}"' in listed
        answer = browser.get(f"/analyst/scenarios/{name}")
        assert answer.status_code == 200
        assert "Fordeling" in seen(answer)
    assert browser.get("/analyst/scenarios/none").status_code == 404


def test_the_matrix_says_what_counts_where(api: Api) -> None:
    said = seen(as_role(api, "analyst").get("/analyst/matrix"))
    assert "Hva teller hvor?, 2019" in said
    assert "8/8" in said


def test_a_simulation_is_asked_for_followed_and_read(api: Api) -> None:
    browser = as_role(api, "analyst")
    fields = {"scenario": ["current-2019", "seats-2020"], "draws": "2", "seed": "1"}
    job = browser.press("/analyst", "/analyst/simulate", fields).headers["location"]
    assert job == "/jobs/simulation-1"
    assert "Arbeid i gang: simulation-1" in seen(browser.get("/"))
    worked(api)
    assert 'href="/analyst/simulations/simulation-1"' in browser.get(job).text
    said = seen(browser.get("/analyst/simulations/simulation-1"))
    assert "2 runder med" in said
    assert "current-2019 seats-2020" in said


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"scenario": ["current-2019"]}, "Velg minst to scenarioer"),
        ({"scenario": []}, "Velg minst to scenarioer"),
        ({"draws": "mange"}, "Runder må være et helt tall"),
        ({"seed": "-1"}, "Runder må være et helt tall"),
    ],
)
def test_what_cannot_be_simulated_is_told(api: Api, changed: dict[str, object], said: str) -> None:
    fields = {"scenario": ["current-2019", "seats-2020"], "draws": "2", "seed": "1", **changed}
    answer = as_role(api, "analyst").press("/analyst", "/analyst/simulate", fields)
    assert answer.status_code == 422
    assert said in seen(answer)


def test_a_closed_round_s_comparison_opens_under_a_policy_of_its_own(api: Api) -> None:
    coordinator, analyst = as_role(api, "coordinator"), as_role(api, "analyst")
    page = "/coordinator/vaar"
    coordinator.press(page, f"{page}/close", {"early": "yes"})
    fields = {"scenario": ["coordinated-2019", "no-service-limit"]}
    job = coordinator.press(page, f"{page}/compare", fields).headers["location"]
    worked(api)
    where = "/analyst/comparisons/comparison-1/report"
    assert f'href="{where}"' in coordinator.get(job).text
    assert analyst.get("/analyst/comparison?comparison=comparison-1").headers["location"] == where
    report = analyst.get(where)
    assert "script-src" not in report.headers["content-security-policy"]
    assert "<script" not in report.text
    assert "ingen slik sammenligning" in seen(analyst.get("/analyst/comparison?comparison=x"))
