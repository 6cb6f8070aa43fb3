"""An analyst gets figures: of synthetic people, or of a round with small cells hidden."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from admissions.front.comparison import compare
from admissions.results.files import unpacked
from admissions.results.published import folder_sha256
from admissions_api.agreement import whole_round
from admissions_api.rounds import find_round
from tests.api.installation import Api, running
from tests.api.rounds import UIS, closed, done, filled, opened, upload, worked, zipped


def test_a_simulation_gives_means_and_differences(api: Api) -> None:
    own = api.headers("analyst")
    asked: dict[str, Any] = {
        "scenarios": ["current-2019", "harmonised-2023"], "draws": 3, "seed": 1,
    }  # fmt: skip
    job = done(api, api.client.post("/v1/simulations", json=asked, headers=own), own)
    assert job["progress"] == {"done": 3, "total": 3}
    found = api.client.get(job["result"], headers=own).json()
    assert (found["draws"], found["reference"], found["real_people"]) == (3, "current-2019", False)
    means = {
        (row["scenario"], row["measure"]): row["mean"]
        for row in found["tables"]["measures"]
        if row["group"] in ("", "all") and row["offering"] in ("", "all")
    }
    between = "current-2019-coordinated"
    assert {scenario for scenario, _ in means} == {*asked["scenarios"], between}
    assert {row["against"] for row in found["tables"]["differences"]} == {"current-2019", between}
    assert not list((api.settings.home / "draws").iterdir()), "the draws are taken away"


def test_a_comparison_hides_small_cells_and_names_nobody(api: Api) -> None:
    round_id = opened(api, id="compared", shipped="2019", scenario="coordinated-2019")
    own, coordinator = api.headers("analyst"), api.headers("coordinator")
    asked = {"round": round_id, "scenarios": ["current-2019", "harmonised-2023"]}
    assert api.client.post("/v1/comparisons", json=asked, headers=own).status_code == 403
    assert api.client.post("/v1/comparisons", json=asked, headers=coordinator).status_code == 409
    closed(api, round_id)
    asking = api.client.post("/v1/comparisons", json=asked, headers=coordinator)
    job = done(api, asking, coordinator)
    answer = api.client.get(job["result"], headers=own)
    found = answer.json()
    assert found["public"] is True
    hidden = found["hidden"]
    assert (hidden["from"], hidden["to"]) == (1, 4)
    # Every count of people is at least 5, zero, or hidden; τ and offers are no counts of people.
    assert hidden["sign"] in json.dumps(found["tables"], ensure_ascii=False)
    people = [
        value
        for rows in found["tables"].values()
        for row in rows
        for name, value in _flat(row)
        if isinstance(value, int) and name.rsplit(".", 1)[-1] != "offers"
    ]
    assert len(people) > 100
    assert [value for value in people if 0 < value < 5] == []
    report = api.client.get(f"{job['result']}/report", headers=own)
    assert report.headers["content-type"].startswith("text/html")
    for text in (answer.text, report.text):
        assert "P0185" not in text
        assert "S002" not in text


def test_two_comparisons_of_a_round_cannot_be_held_against_each_other(api: Api) -> None:
    # 269 seats under current-2019 and 274 under coordinated-2019, each harmless beside a third
    # scenario, give away the 5 whose counts by group a comparison of the two must hide.
    round_id = filled(api, id="twice")
    closed(api, round_id)
    own = api.headers("coordinator")
    asked = {"round": round_id, "scenarios": ["current-2019", "harmonised-2023"]}
    done(api, api.client.post("/v1/comparisons", json=asked, headers=own), own)
    other = {**asked, "scenarios": ["current-2019", "coordinated-2019"]}
    refused = api.client.post("/v1/comparisons", json=other, headers=own)
    assert refused.status_code == 409
    assert "current-2019, harmonised-2023" in refused.json()["detail"]
    again = api.client.post("/v1/comparisons", json={**asked, "language": "nn"}, headers=own)
    assert again.status_code == 202, "the same counts in another language tell nothing more"
    worked(api)


def crowd(*, first: int, count: int, called: str = "x") -> dict[str, str]:
    """``count`` people at UiS, from x``first`` on, each with facts of their own."""
    people = range(first, first + count)
    rows = "".join(f"{called}{n},private,,180,{3 + n / 100:.2f},{n}\n" for n in people)
    return {
        "applicants.csv": UIS["applicants.csv"].splitlines()[0] + "\n" + rows,
        "applications.csv": "person_id,offering_id,preference\n"
        + "".join(f"{called}{n},uis-juss,1\n" for n in people),
    }


def test_a_corrected_round_and_another_of_nearly_the_same_people_are_one_release(
    api: Api,
) -> None:
    own = api.headers("coordinator")
    scenarios = ["current-2019", "harmonised-2023"]

    def asked(round_id: str) -> Any:
        said = {"round": round_id, "scenarios": scenarios}
        return api.client.post("/v1/comparisons", json=said, headers=own)

    for round_id, people in (
        ("first", crowd(first=0, count=20)),
        ("corrected", crowd(first=1, count=20)),
        ("renamed", crowd(first=0, count=20, called="y")),
        ("next-year", crowd(first=15, count=25)),
    ):
        opened(api, id=round_id)
        assert upload(api, "uis", people, round_id).status_code == 200
        assert closed(api, round_id).status_code == 200
    done(api, asked("first"), own)
    for other in ("corrected", "renamed"):
        refused = asked(other)
        assert refused.status_code == 409, other
        assert "of nearly the same people" in refused.json()["detail"]
    done(api, asked("next-year"), own)  # 5 of 20 people again: a quarter
    why = {"reason": "a grade was wrong"}
    api.client.post("/v1/rounds/first/reopen", json=why, headers=own)
    assert closed(api, "first").status_code == 200
    refused = asked("first")
    assert refused.status_code == 409
    assert "before it was corrected" in refused.json()["detail"]


def test_what_was_published_before_joins_the_ledger_of_the_round(tmp_path: Path) -> None:
    with running(tmp_path) as api:
        ledger_of(api, filled(api, id="ledger"))


def ledger_of(api: Api, round_id: str) -> None:
    closed(api, round_id)
    own, analyst = api.headers("coordinator"), api.headers("analyst")
    texts = whole_texts(api, round_id)
    earlier = compare(texts, ["current-2019", "harmonised-2023"]).files("nb", public=True)
    url = f"/v1/rounds/{round_id}/published"
    name = "report-in-march"
    assert api.client.put(f"{url}/{name}", content=b"x", headers=own).status_code == 415
    none = zipped({"a.csv": "x"})
    assert api.client.put(f"{url}/{name}", content=none, headers=own).status_code == 422
    inside = zipped({f"{name}/{path}": earlier[path] for path in earlier})
    added = api.client.put(f"{url}/{name}", content=inside, headers=own)
    assert added.json()["folder_sha256"] == folder_sha256(earlier)
    again = api.client.put(f"{url}/{name}", content=inside, headers=own)
    assert again.status_code == 409
    asked = {"round": round_id, "scenarios": ["current-2019", "coordinated-2019"]}
    job = done(api, api.client.post("/v1/comparisons", json=asked, headers=own), own)
    found = api.client.get(job["result"], headers=analyst).json()
    assert found["published"] == {name: folder_sha256(earlier)}
    late = api.client.put(f"{url}/later", content=inside, headers=own)
    assert late.status_code == 409, "the comparison did not reckon with it"
    listed = api.client.get(url, headers=analyst).json()
    assert [(row["name"], row["made_here"]) for row in listed] == [
        (job["id"], True), (name, False),
    ]  # fmt: skip
    taken = api.client.get(f"{url}/{job['id']}", headers=analyst)
    assert folder_sha256(unpacked(taken.content)) == listed[0]["folder_sha256"]


def whole_texts(api: Api, round_id: str) -> Any:
    with api.installation.store.reading() as session:
        return whole_round(session, find_round(session, round_id))


def _flat(row: object, name: str = "") -> list[tuple[str, object]]:
    if isinstance(row, dict):
        return [pair for key, value in row.items() for pair in _flat(value, f"{name}.{key}")]
    return [(name, row)]


@pytest.mark.parametrize(
    "scenarios",
    [["current-2019"], ["current-2019", "current-2019"], ["current-2019", "../pyproject.toml"]],
)
def test_scenarios_are_two_or_more_different_shipped_ones(api: Api, scenarios: list[str]) -> None:
    own = api.headers("analyst")
    asked = {"scenarios": scenarios, "draws": 3}
    assert api.client.post("/v1/simulations", json=asked, headers=own).status_code == 422


def test_an_analyst_sees_no_person(api: Api) -> None:
    round_id = filled(api, id="no-person")
    own = api.headers("analyst")
    for path in (
        f"/v1/rounds/{round_id}/parts",
        f"/v1/rounds/{round_id}/parts/uis",
        f"/v1/rounds/{round_id}/services/T1",
        "/v1/allocations/x/decisions",
        "/v1/allocations/x/explanations/p1",
        "/v1/allocations/x/summary",
        "/v1/allocations/x/certificate",
        "/v1/allocations/x/rankings/uis-juss",
    ):
        assert api.client.get(path, headers=own).status_code == 403, path
