"""Every route by every role: who is let in, and that nobody reaches what is another's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.routing import APIRoute

from admissions_api.access import roles_of
from admissions_api.documentation import api_routes
from admissions_api.tokens import ROLES, Role
from tests.api.installation import Api, running
from tests.api.rounds import ROUND, allocated, done, filled

PUBLIC = {
    "/health", "/ready", "/metrics", "/v1/offerings", "/v1/rulebooks/{name}",
    "/v1/rulebooks/{name}/prose", "/v1/scenarios", "/v1/scenarios/{name}",
}  # fmt: skip
OWN: dict[Role, str] = {
    "office": "uis", "leader": "T1", "coordinator": "", "analyst": "", "applicant": "p1",
    "auditor": "",
}  # fmt: skip
"""Whom each role's token is for: the office of UiS, the leader of T1, the applicant p1."""
OTHERS: dict[Role, tuple[str, ...]] = {
    "office": ("p4",), "leader": ("p3", "p4", "T2"), "analyst": ("p1", "p3", "p4", "T1", "T2"),
}  # fmt: skip
"""Who has nothing to do with each: p4 applied at VID alone, p3 with T2 at both."""


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with running(tmp_path_factory.mktemp("walked")) as one:
        yield one


@pytest.fixture(scope="module")
def ids(api: Api) -> dict[str, str]:
    """Things that are there, all of another's where a thing can be somebody's."""
    round_id = filled(api)
    own = api.headers("coordinator")
    url = f"/v1/rounds/{round_id}/cut-offs"
    done(api, api.client.post(url, json={"draws": 2}, headers=own), own)
    job = allocated(api, round_id)
    begun = api.client.post(f"/v1/rounds/{round_id}/season", json={}, headers=own)
    assert begun.status_code == 201, begun.text
    return {
        "round_id": round_id,
        "institution": "vid",
        "service_id": "T2",
        "offering_id": "vid-minoritet",
        "person_id": "p4",
        "allocation_id": job,
        "simulation_id": job,
        "comparison_id": job,
        "job_id": job,
        "call_number": "2",
        "letters_id": "letters-1",
        "name": "uis-juss",
        "number": "1",
    }


def routes(api: Api) -> Iterator[tuple[str, APIRoute]]:
    for route in api_routes(api.client.app):  # type: ignore[arg-type]
        if route.include_in_schema:
            for method in sorted(route.methods or ()):
                yield method, route


BODIES: dict[str, Any] = {
    "/v1/rounds": {**ROUND, "id": "walk"},
    "/v1/rounds/{round_id}": {"reason": "walked", "title": "Opptak"},
    "/v1/rounds/{round_id}/close": {"early": True},
    "/v1/rounds/{round_id}/reopen": {"reason": "walked"},
    "/v1/rounds/{round_id}/clashes/{number}/settle": {"take": "vid", "reason": "walked"},
    "/v1/rounds/{round_id}/parts/{institution}/withdraw": {"reason": "walked"},
    "/v1/allocations/{allocation_id}/unpublish": {"reason": "walked"},
    "/v1/rounds/{round_id}/allocations": {},
    "/v1/rounds/{round_id}/cut-offs": {},
    "/v1/rounds/{round_id}/parts/{institution}/rankings": {},
    "/v1/rounds/{round_id}/services/{service_id}/previews": {"orders": []},
    "/v1/rounds/{round_id}/services/{service_id}/preferences": {"orders": []},
    "/v1/rounds/{round_id}/applicants/{person_id}/wishes": {"offering_ids": ["uis-juss"]},
    "/v1/rounds/{round_id}/season": {},
    "/v1/rounds/{round_id}/calls": {"dry_run": True},
    "/v1/rounds/{round_id}/answers": {
        "answers": [{"person_id": "p4", "offering_id": "vid-minoritet", "answer": "accept"}]
    },
    "/v1/rounds/{round_id}/events": {
        "events": [{"event": "appeal-received", "person_id": "p4", "reason": "letter"}]
    },
    "/v1/simulations": {"scenarios": ["current-2019", "seats-2020"], "draws": 1},
    "/v1/comparisons": {"round": "vaar", "scenarios": ["current-2019", "seats-2020"]},
}


def called(
    api: Api, method: str, route: APIRoute, ids: dict[str, str], headers: dict[str, str]
) -> Any:
    path = re.sub(r"\{(\w+)\}", lambda name: ids[name.group(1)], route.path)
    body = BODIES.get(route.path)
    return api.client.request(method, path, json=body, headers=headers)


def test_every_route_that_is_not_public_names_its_roles(api: Api) -> None:
    for _, route in routes(api):
        assert bool(roles_of(route)) == (route.path not in PUBLIC), route.path


def test_without_a_token_only_what_is_public_answers(api: Api, ids: dict[str, str]) -> None:
    for method, route in routes(api):
        answer = called(api, method, route, ids, {})
        if route.path in PUBLIC:
            assert answer.status_code in (200, 404), route.path
        else:
            assert answer.status_code == 401, (method, route.path)


@pytest.mark.parametrize("role", ROLES)
def test_a_role_reaches_its_routes_and_never_what_is_anothers(
    api: Api, ids: dict[str, str], role: Role
) -> None:
    headers = api.headers(role, OWN[role])
    walked = 0
    for method, route in routes(api):
        if route.path in PUBLIC or route.path.endswith("{job_id}/events"):
            continue
        answer = called(api, method, route, ids, headers)
        where = (method, route.path, answer.status_code, answer.text)
        assert answer.status_code < 500, where
        if role not in roles_of(route):
            assert answer.status_code == 403, where
        elif role in ("office", "leader"):
            mine = {"{institution}", "{service_id}", "{offering_id}"}
            if any(name in route.path for name in mine):
                assert answer.status_code == 403, where
            if "{person_id}" in route.path or "{job_id}" in route.path:
                assert answer.status_code == 404, where
        elif role == "applicant" and "{person_id}" in route.path:
            assert answer.status_code == 403, where
        if role in OTHERS:
            said = answer.text if answer.status_code < 300 else ""
            assert not re.search(rf'"({"|".join(OTHERS[role])})"', said), where
        walked += 1
    assert walked > 25


def test_what_each_role_may_is_written_in_the_specification(api: Api) -> None:
    paths = api.client.get("/v1/openapi.json").json()["paths"]
    may = {role: set() for role in ROLES}  # type: dict[str, set[str]]
    for path, operations in paths.items():
        for method, operation in operations.items():
            for role in operation["x-roles"]:
                may[role].add(f"{method} {path}")
    assert "get /v1/allocations/{allocation_id}/decisions" in may["office"]
    assert "get /v1/allocations/{allocation_id}/decisions" not in may["coordinator"]
    assert not [o for o in may["analyst"] if "services" in o or "parts" in o or "decisions" in o]
    assert {o for o in may["leader"] if "services" in o} == {
        o for o in may["leader"] if o.split("/v1/rounds/{round_id}/")[-1].startswith("services")
    }
