"""What the coordinator takes back or corrects, with a reason; what others sent stays."""

from __future__ import annotations

import hashlib
from typing import Any

from admissions_api.store.audit import verify
from tests.api.installation import Api
from tests.api.rounds import ROUND, UIS, allocated, closed, done, filled, upload, worked

WHY = {"reason": "a part was the wrong file"}


def post(api: Api, path: str, body: Any = None) -> Any:
    return api.client.post(path, json=body, headers=api.headers("coordinator"))


def patched(api: Api, round_id: str, **said: Any) -> Any:
    url = f"/v1/rounds/{round_id}"
    return api.client.patch(url, json=said, headers=api.headers("coordinator"))


def holds(api: Api) -> None:
    with api.installation.store.reading() as session:
        assert verify(session).findings == ()


def test_closing_before_the_deadline_is_said_to_be_meant(api: Api) -> None:
    round_id = filled(api, id="early")
    refused = post(api, f"/v1/rounds/{round_id}/close")
    assert refused.status_code == 409
    assert '{"early": true}' in refused.json()["what_to_do"]
    assert post(api, f"/v1/rounds/{round_id}/close", {"early": True}).status_code == 200
    late = filled(api, id="late-closing", deadline="2020-01-01T00:00:00Z")
    assert post(api, f"/v1/rounds/{late}/close").status_code == 200


def test_a_round_is_reopened_with_a_reason_and_what_was_sent_stays(api: Api) -> None:
    round_id = filled(api, id="reopened")
    url = f"/v1/rounds/{round_id}/services/T1/preferences"
    own = api.headers("leader", "T1")
    said = {"orders": [{"offering_id": None, "person_ids": ["p2", "p1"]}]}
    assert api.client.put(url, json=said, headers=own).status_code == 200
    assert post(api, f"/v1/rounds/{round_id}/reopen", WHY).status_code == 409, "it is open"
    before = allocated(api, round_id, publish=False)
    assert post(api, f"/v1/rounds/{round_id}/reopen", {}).status_code == 422
    again = post(api, f"/v1/rounds/{round_id}/reopen", WHY)
    assert (again.json()["state"], again.json()["closed_at"]) == ("open", None)
    assert api.client.get(url, headers=own).json()["version"] == 1
    refused = post(api, f"/v1/allocations/{before}/publish")
    assert refused.status_code == 409, "the round is open"
    assert upload(api, "uis", UIS, round_id).json()["version"] == 2
    closed(api, round_id)
    refused = post(api, f"/v1/allocations/{before}/publish")
    assert refused.status_code == 409, "made from what was there before"
    after = allocated(api, round_id)
    assert after != before
    assert post(api, f"/v1/rounds/{round_id}/reopen", WHY).status_code == 409, "it is published"
    holds(api)


def test_an_allocation_that_was_asked_for_before_a_round_was_reopened_is_not_made(
    api: Api,
) -> None:
    round_id = filled(api, id="asked-before")
    closed(api, round_id)
    asking = post(api, f"/v1/rounds/{round_id}/allocations", {})
    post(api, f"/v1/rounds/{round_id}/reopen", WHY)
    closed(api, round_id)
    worked(api)
    own = api.headers("coordinator")
    job = api.client.get(asking.headers["location"], headers=own).json()
    assert (job["state"], job["problem"]["status"]) == ("failed", 409)


def test_title_deadline_and_settings_are_corrected_with_a_reason(api: Api) -> None:
    round_id = filled(api, id="corrected")
    changed = patched(
        api, round_id, reason="a week more", title="Opptak", deadline="2098-01-01T00:00:00Z",
        case="24/17", institution=None,
    )  # fmt: skip
    assert changed.status_code == 200, changed.text
    shown = changed.json()
    assert (shown["title"], shown["deadline"][:10]) == ("Opptak", "2098-01-01")
    assert shown["settings"] == {"year": 2019, "rules_on": "2019-08-01", "case": "24/17"}
    for wrong in ({"title": "x"}, {"reason": "only"}, {"reason": "why", "deadline": None},
                  {"reason": "why", "scenario": "current-2019"}):  # fmt: skip
        assert patched(api, round_id, **wrong).status_code == 422, wrong
    allocated(api, round_id)
    assert patched(api, round_id, reason="late", title="Nytt").status_code == 409
    holds(api)


def test_a_wrong_part_is_withdrawn_and_another_can_be_uploaded(api: Api) -> None:
    round_id = filled(api, id="withdrawn")
    url = f"/v1/rounds/{round_id}/parts/uis"
    gone = post(api, f"{url}/withdraw", WHY)
    assert (gone.json()["withdrawn"], gone.json()["version"]) == (True, 2)
    shown = api.client.get(url, headers=api.headers("office", "uis"))
    assert (shown.json()["withdrawn"], shown.headers["etag"]) == (True, '"2"')
    assert post(api, f"{url}/withdraw", WHY).status_code == 404
    asking = api.client.post(f"{url}/rankings", json={}, headers=api.headers("office", "uis"))
    assert asking.status_code == 409
    assert upload(api, "uis", UIS, round_id).json()["version"] == 3
    closed(api, round_id)
    assert post(api, f"{url}/withdraw", WHY).status_code == 409
    holds(api)


def test_cut_offs_of_a_closed_round_are_not_made_again(api: Api) -> None:
    round_id = filled(api, id="cut-off")
    url, own = f"/v1/rounds/{round_id}/cut-offs", api.headers("coordinator")
    done(api, post(api, url, {"draws": 2}), own)
    waiting = post(api, url, {"draws": 2})
    closed(api, round_id)
    worked(api)
    job = api.client.get(waiting.headers["location"], headers=own).json()
    assert (job["state"], job["problem"]["status"]) == ("failed", 409)
    assert post(api, url, {"draws": 2}).status_code == 409
    assert api.client.get(url, headers=own).json()["version"] == 1


def test_a_round_is_committed_when_it_opens_and_every_allocation_is_listed_for_offices(
    api: Api,
) -> None:
    round_id = filled(api, id="committed", seed=2**60 + 7)
    office = api.headers("office", "vid")
    url = f"/v1/rounds/{round_id}"
    opened_as = api.client.get(url, headers=office).json()
    assert opened_as["seed"] is None
    shopped = allocated(api, round_id, publish=False, seed=8)
    meant = allocated(api, round_id, publish=False)
    assert api.client.get(url, headers=office).json()["seed"] == 2**60 + 7
    listed = api.client.get(f"/v1/allocations?round={round_id}", headers=office).json()["items"]
    assert [(row["id"], row["as_committed"], row["asked_by"]) for row in listed] == [
        (meant, True, "coordinator-"), (shopped, False, "coordinator-"),
    ]  # fmt: skip
    assert listed[0]["digest"] == opened_as["commitment"]["digest"] != listed[1]["digest"]
    assert all(row["inputs"] == {} and row["published_at"] is None for row in listed)
    analyst = api.client.get(f"/v1/allocations?round={round_id}", headers=api.headers("analyst"))
    assert analyst.json()["items"] == []
    refused = post(api, f"/v1/allocations/{shopped}/publish")
    assert refused.status_code == 409
    assert opened_as["commitment"]["digest"] in refused.json()["detail"]
    why = {"reason": "the seed was told too early"}
    shown = post(api, f"/v1/allocations/{shopped}/publish", why).json()
    assert (shown["as_committed"], shown["reason"]) == (False, why["reason"])
    everybody = api.client.get(f"/v1/allocations/{shopped}", headers=api.headers("leader", "T1"))
    assert (everybody.json()["reason"], everybody.json()["asked_by"]) == (why["reason"], "")
    holds(api)


def test_a_commitment_may_stand_behind_a_salt_that_is_told_with_the_seed(api: Api) -> None:
    salt = "sixteen letters or more"
    new = {**ROUND, "id": "salted", "seed": 7}
    coordinator = api.headers("coordinator")
    short = api.client.post("/v1/rounds", json={**new, "salt": "short"}, headers=coordinator)
    assert short.status_code == 422
    filled(api, id="salted", seed=7, salt=salt)
    url = "/v1/rounds/salted"
    opened_as = api.client.get(url, headers=api.headers("office", "vid")).json()
    committed = opened_as["commitment"]
    assert (opened_as["salt"], committed["salted"]) == (None, True)
    assert committed["seed_sha256"] == hashlib.sha256(f"{salt}:7".encode()).hexdigest()
    meant = allocated(api, "salted")
    told = api.client.get(url, headers=coordinator).json()
    assert (told["seed"], told["salt"]) == (7, salt)
    shown = api.client.get(f"/v1/allocations/{meant}", headers=coordinator).json()
    assert (shown["as_committed"], shown["reason"]) == (True, None)
    behind = hashlib.sha256(f"{salt}:{shown['digest']}".encode()).hexdigest()
    assert committed["digest"] == behind
    holds(api)


def test_what_is_published_is_taken_back_before_the_first_answer(api: Api) -> None:
    round_id = filled(api, id="taken-back")
    first = allocated(api, round_id)
    url = f"/v1/allocations/{first}"
    assert post(api, f"{url}/unpublish", {}).status_code == 422
    back = post(api, f"{url}/unpublish", WHY)
    assert back.json()["published_at"] is None
    office = api.headers("office", "uis")
    assert api.client.get(f"{url}/decisions", headers=office).status_code == 404
    shown = api.client.get(f"/v1/rounds/{round_id}", headers=office).json()
    assert (shown["state"], shown["published"]) == ("closed", None)
    assert post(api, f"{url}/unpublish", WHY).status_code == 409
    holds(api)
    post(api, f"/v1/rounds/{round_id}/reopen", WHY)
    allocated(api, round_id)
    holds(api)
