"""The specification is true: every example works, and no answer is one that it does not name."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from admissions.intake import read_round
from admissions.model.resources import offering_ids, shipped
from admissions_api.parts import packed_part, part_of
from admissions_api.tokens import ROLES, Role
from admissions_api.uploads import CSV, MEDIA_TYPES
from tests.api.installation import DATABASES, Api, running
from tests.api.rounds import worked, zipped

OWN: dict[Role, str] = {
    "office": "uis", "leader": "S002", "coordinator": "", "analyst": "", "applicant": "P0029",
    "auditor": "",
}  # fmt: skip
CASES = 6
"""Requests made up for each operation and role."""


@schemathesis.serializer(CSV, *MEDIA_TYPES)
def as_it_is(_context: Any, value: Any) -> bytes:
    """A made-up upload: bytes that are no zip."""
    return value if isinstance(value, bytes) else str(value).encode()


@pytest.fixture(scope="module", params=DATABASES)
def api(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    folder = tmp_path_factory.mktemp("specified")
    with running(folder, request.param, rate_limit="1000000/minute") as one:
        yield one


@pytest.fixture(scope="module")
def served(api: Api) -> Iterator[str]:
    """The application behind a real server in a thread of its own; its address."""
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(api.client.app, lifespan="off", log_level="critical")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join()
    listening.close()


def operations(api: Api) -> Iterator[tuple[str, str, dict[str, Any]]]:
    specification = api.client.get("/v1/openapi.json").json()
    for path, methods in specification["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def example(parameter: dict[str, Any]) -> Any:
    return next(iter(parameter["examples"].values()))["value"]


def test_every_operation_has_what_a_reader_needs_to_try_it(api: Api) -> None:
    specification = api.client.get("/v1/openapi.json").json()
    schemas = specification["components"]["schemas"]
    count = 0
    for method, path, operation in operations(api):
        where = f"{method} {path}"
        count += 1
        assert operation["summary"], where
        assert len(operation["description"]) > 30, where
        for parameter in operation.get("parameters", ()):
            if parameter["required"]:
                assert parameter["examples"], where
        for kind, body in operation.get("requestBody", {}).get("content", {}).items():
            if kind == "application/json":
                name = body["schema"]["$ref"].rsplit("/", 1)[1]
                assert schemas[name]["examples"], where
        (good,) = [a for code, a in operation["responses"].items() if code.startswith("2")]
        for content in good["content"].values():
            assert {"example", "schema", "itemSchema"} & set(content), where
        for code, answer in operation["responses"].items():
            if code >= "400":
                assert "application/problem+json" in answer["content"], where
    assert count > 35


def test_the_documentation_can_be_tried_from_top_to_bottom_with_the_shipped_round(
    api: Api,
) -> None:
    """But what would take away what comes after it; nothing clashes, and nothing is closed yet.

    That everybody be explained, or get a letter, is cancelled: leaders have a say in the round, and
    it takes minutes.
    """
    place = shipped("scenarios") / "rounds" / "2019"
    whole = read_round(place, offerings=offering_ids())
    person = "P0496"
    wishes = whole.applications[whole.applications["person_id"] == person]
    pairs = zip(wishes["offering_id"], wishes["preference"], strict=True)
    rows = [f"{person},{offering},{number}" for offering, number in pairs]
    uploads = {
        "/v1/rounds/2019/register": zipped(
            {name: (place / name).read_bytes() for name in ("services.csv", "municipalities.csv")}
        ),
        "/v1/rounds/2019/wishes": "\n".join(["person_id,offering_id,preference", *rows]).encode(),
    }
    tried = 0
    for method, path, operation in operations(api):
        headers = headers_for(api, path, operation["x-roles"])
        path = addressed(path, operation)
        body: dict[str, Any] = {}
        for kind, content in operation.get("requestBody", {}).get("content", {}).items():
            if kind == "application/json":
                name = content["schema"]["$ref"].rsplit("/", 1)[1]
                body["json"] = schema(api, name)["examples"][0]
            elif kind == "application/zip":
                body["content"] = uploads.get(path, packed_part(part_of(whole, "uis")))
        if path.endswith(("/withdraw", "/unpublish")):
            continue
        answer = api.client.request(method, path, headers=headers, **body)
        where = f"{method} {path}: {answer.status_code} {answer.text[:300]}"
        assert str(answer.status_code) in operation["responses"], where
        if path.endswith(("/reopen", "/settle", "/published/comparison-2019")):
            continue
        if path.endswith("/explanations") and answer.status_code == 202:
            api.client.delete(answer.headers["location"], headers=headers)
            tried += 1
            continue
        waits_for = not_yet(path)
        if waits_for:
            assert waits_for in answer.text
            continue
        assert answer.status_code < 300, where
        worked_but_for_explanations(api)
        tried += 1
    assert tried > 35


def addressed(path: str, operation: dict[str, Any]) -> str:
    """The path with the examples of its parameters."""
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "path":
            path = path.replace(f"{{{parameter['name']}}}", str(example(parameter)))
    return path


def not_yet(path: str) -> str:
    """What is answered where nobody is explained and no letters are made; "" for other paths."""
    if path.startswith("/v1/allocations") and path.endswith(("/explanations", "/letters")):
        return "not all explained"
    return "such letters of yours" if "/letters/letters-1" in path else ""


def headers_for(api: Api, path: str, roles: list[str]) -> dict[str, str]:
    """Of the first of ``roles``, but of the coordinator where jobs and allocations are theirs."""
    if not roles:
        return {}
    own = "job_id" in path or (path.startswith("/v1/allocations") and "coordinator" in roles)
    role = "coordinator" if own else roles[0]
    return api.headers(role, OWN[role])  # type: ignore[arg-type, index]


def worked_but_for_explanations(api: Api) -> None:
    api.client.delete("/v1/jobs/letters-1", headers=api.headers("coordinator"))
    worked(api, later=False)
    api.client.delete("/v1/jobs/explanations-1", headers=api.headers("coordinator"))
    worked(api)


def schema(api: Api, name: str) -> dict[str, Any]:
    found: dict[str, Any] = api.client.get("/v1/openapi.json").json()["components"]["schemas"][name]
    return found


@pytest.mark.slow
@pytest.mark.parametrize("role", [*ROLES, None])
def test_whatever_is_asked_the_answer_is_one_that_the_specification_names(
    api: Api, served: str, role: Role | None
) -> None:
    specification = api.client.get("/v1/openapi.json").json()
    loaded = schemathesis.openapi.from_dict(specification)
    headers = api.headers(role, OWN[role]) if role else {}
    count = 0
    for found in loaded.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        if operation.path.endswith("/events"):
            continue

        @settings(
            max_examples=CASES,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @_given(operation)
        def ask(case: Any) -> None:
            response = case.call(headers=headers, base_url=served)
            assert response.status_code < 500, f"{case.method} {case.path}: {response.text}"
            try:
                case.validate_response(
                    response,
                    checks=[
                        status_code_conformance,
                        content_type_conformance,
                        response_headers_conformance,
                        response_schema_conformance,
                    ],
                )
            except FailureGroup as group:
                raise AssertionError([str(failure) for failure in group.exceptions]) from None

        ask()
        count += 1
    assert count > 35


def _given(operation: Any) -> Callable[[Callable[..., None]], Callable[[], None]]:
    return given(case=operation.as_strategy())
