"""What surrounds every request: limits, headers, ids, logs without persons, and faults."""

from __future__ import annotations

import io
import json
import logging
import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from admissions_api.edge import log_as_json
from admissions_api.settings import Settings, environment_of, settings_from
from tests.api.installation import Api, running
from tests.api.rounds import UIS, allocated, filled, opened, zipped


def part(api: Api, round_id: str) -> tuple[str, dict[str, str]]:
    return f"/v1/rounds/{round_id}/parts/uis", api.headers("office", "uis")


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Api]:
    """An installation with narrow limits."""
    with running(tmp_path, unpacked_bytes=100_000, upload_rows=50, rate_limit="20/minute") as one:
        yield one


def test_what_unpacks_to_too_much_is_refused_before_it_is_unpacked(small: Api) -> None:
    url, own = part(small, opened(small))
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("applicants.csv", b"0" * 100_000_000)
    assert len(bomb.getvalue()) < 200_000, "it comes in small"
    answer = small.client.put(url, content=bomb.getvalue(), headers=own)
    assert answer.status_code == 413
    assert "unpacks to 100000000 bytes" in answer.json()["detail"]
    lying = bytearray(bomb.getvalue())
    size = (100_000_000).to_bytes(4, "little")
    while size in lying:
        at = lying.index(size)
        lying[at : at + 4] = (1000).to_bytes(4, "little")
    answer = small.client.put(url, content=bytes(lying), headers=own)
    assert answer.status_code == 415, "a zip whose sizes are false is damaged"


def test_many_files_many_rows_and_no_zip_are_refused(small: Api) -> None:
    url, own = part(small, opened(small))
    many = zipped({f"{number}.txt": "" for number in range(201)})
    assert small.client.put(url, content=many, headers=own).status_code == 413
    rows = "".join(f"x{number},state,,180,4,1\n" for number in range(60))
    long = zipped({**UIS, "applicants.csv": UIS["applicants.csv"] + rows * 2})
    assert small.client.put(url, content=long, headers=own).status_code == 413
    for damaged in (b"", b"PK\x03\x04", b"person_id,sector\n", zipped(UIS)[:-30]):
        assert small.client.put(url, content=damaged, headers=own).status_code == 415
    twice = zipped({**UIS, "other/applicants.csv": UIS["applicants.csv"]})
    assert small.client.put(url, content=twice, headers=own).status_code == 422


def test_no_path_in_a_zip_leads_out_of_its_folder(small: Api, tmp_path: Path) -> None:
    url, own = part(small, opened(small))
    outside = zipped(
        {**UIS, "../../../../../../tmp/applicants-outside.csv": "x", "/round.toml": ""}
    )
    answer = small.client.put(url, content=outside, headers=own)
    assert answer.status_code == 200
    assert not Path("/tmp/applicants-outside.csv").exists()


def test_a_body_over_the_limit_is_refused(api: Api) -> None:
    own = api.headers("coordinator")
    answer = api.client.post("/v1/rounds", content=b" " * (2**20 + 1), headers=own)
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"
    url, office = part(api, "any")
    answer = api.client.put(url, content=b" " * (16 * 2**20 + 1), headers=office)
    assert answer.status_code == 413


def test_too_many_requests_of_one_token_are_refused_and_of_another_not(small: Api) -> None:
    first, second = small.headers("analyst"), small.headers("coordinator")
    codes = [small.client.get("/v1/me", headers=first).status_code for _ in range(21)]
    assert codes == [200] * 20 + [429]
    refused = small.client.get("/v1/me", headers=first)
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert small.client.get("/v1/me", headers=second).status_code == 200


def test_headers_keep_answers_from_being_misused(api: Api) -> None:
    answer = api.client.get("/v1/me", headers=api.headers("analyst"))
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "server" not in answer.headers
    origin = {"Origin": "https://elsewhere.example"}
    assert "access-control-allow-origin" not in api.client.get("/health", headers=origin).headers


def test_the_documentation_keeps_no_token_in_the_browser(api: Api) -> None:
    assert "persistAuthorization" not in api.client.get("/docs").text


def test_cors_is_for_the_origins_that_are_set(tmp_path: Path) -> None:
    with running(tmp_path, cors_origins=("https://bufdir.example",)) as api:
        for origin, allowed in (
            ("https://bufdir.example", "https://bufdir.example"),
            ("https://elsewhere.example", None),
        ):
            answer = api.client.get("/health", headers={"Origin": origin})
            assert answer.headers.get("access-control-allow-origin") == allowed


def test_an_answer_that_is_known_is_not_sent_again(api: Api) -> None:
    first = api.client.get("/v1/offerings")
    tag = first.headers["etag"]
    again = api.client.get("/v1/offerings", headers={"If-None-Match": f'"other", W/{tag}'})
    assert (again.status_code, again.content) == (304, b"")
    assert api.client.get("/v1/offerings", headers={"If-None-Match": '"x"'}).status_code == 200


def test_an_id_of_the_callers_own_goes_through_and_a_strange_one_does_not(api: Api) -> None:
    own = api.client.get("/health", headers={"X-Request-ID": "order-66"})
    assert own.headers["x-request-id"] == "order-66"
    strange = api.client.get("/health", headers={"X-Request-ID": "a b\tc" * 50})
    assert len(strange.headers["x-request-id"]) == 36


def test_metrics_count_routes_and_never_paths(api: Api) -> None:
    api.client.get("/v1/rulebooks/uis-juss")
    text = api.client.get("/metrics").text
    assert 'route="/v1/rulebooks/{name}",status="200"' in text
    assert "uis-juss" not in text


def test_a_method_of_ones_own_makes_no_new_counter(api: Api) -> None:
    assert api.client.request("PURGE-P0001", "/v1/me").status_code == 405
    text = api.client.get("/metrics").text
    assert 'method="ANY",route="/v1/me",status="405"' in text
    assert "P0001" not in text


@pytest.mark.parametrize(
    "body",
    [b"[" * 500_000, b'{"id": "\xff"}', b'{"year": ' + b"9" * 5000 + b"}", b"{"],
    ids=["nested", "not UTF-8", "a number of 5000 digits", "cut off"],
)
def test_a_body_that_is_no_json_is_a_problem_that_the_specification_knows(
    api: Api, body: bytes
) -> None:
    own = {**api.headers("coordinator"), "Content-Type": "application/json"}
    answer = api.client.post("/v1/rounds", content=body, headers=own)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


def test_half_a_character_is_told_as_a_wrong_value(api: Api) -> None:
    own = {**api.headers("coordinator"), "Content-Type": "application/json"}
    for body in (b'{"title": "\\ud800"}', b'{"\\ud800": 1}'):
        answer = api.client.post("/v1/rounds", content=body, headers=own)
        assert answer.status_code == 422, body
        assert any("?" in error["value"] + error["column"] for error in answer.json()["errors"])


def test_a_path_with_a_slash_too_many_leads_nowhere_else(api: Api) -> None:
    asked = {**api.headers("analyst"), "Host": "elsewhere.example"}
    answer = api.client.get("/v1/rounds/", headers=asked, follow_redirects=False)
    assert answer.status_code == 404
    assert "location" not in answer.headers


def test_a_fault_is_answered_with_its_id_and_tells_nothing(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("P0001 has no grade")

    monkeypatch.setattr("admissions_api.routes.caller.own_offerings", broken)
    headers = {**api.headers("office", "uis"), "X-Request-ID": "fault-1"}
    answer = api.client.get("/v1/me", headers=headers)
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-request-id"] == "fault-1"
    assert "P0001" not in answer.text


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What is logged, as a server logs it."""
    root, written = logging.getLogger(), io.StringIO()
    before = (root.handlers[:], root.level)
    monkeypatch.setattr(sys, "stderr", written)
    log_as_json()
    yield written
    structlog.reset_defaults()
    root.handlers[:], root.level = before


def test_no_persons_data_is_logged(lines: io.StringIO, tmp_path: Path) -> None:
    with running(tmp_path) as api:
        allocation = allocated(api, filled(api))
        own = api.headers("office", "vid")
        token = own["Authorization"].split()[1]
        url = f"/v1/allocations/{allocation}"
        assert api.client.get(f"{url}/explanations/p4", headers=own).status_code == 200
        api.client.get(f"{url}/explanations/p9", headers=own)
        api.client.get("/v1/rounds/vaar/services/T1", headers=api.headers("leader", "T2"))
        logging.getLogger("uvicorn.error").error("a line of another package")
    logged = [json.loads(line) for line in lines.getvalue().splitlines()]
    answered = [line for line in logged if line["event"] == "answered"]
    assert any(line["route"].endswith("/explanations/{person_id}") for line in answered)
    assert all(line["request_id"] and line["timestamp"] for line in answered)
    assert logged[-1]["event"] == "a line of another package"
    for person in ("p1", "p3", "p4", "p9", "T1", "T2", token, "office-vid"):
        assert not re.search(rf"\b{re.escape(person)}\b", lines.getvalue()), person


def test_settings_are_read_from_the_environment_and_given_on() -> None:
    stated = {
        "ADMISSIONS_HOME": "/srv/admissions",
        "ADMISSIONS_CORS_ORIGINS": "https://a.example, https://b.example",
        "ADMISSIONS_WORKERS": "2",
        "ADMISSIONS_DATABASE": "",
    }
    found = settings_from(stated)
    assert found.cors_origins == ("https://a.example", "https://b.example")
    assert found.database_url == "sqlite:////srv/admissions/admissions.sqlite3"
    assert settings_from(environment_of(found)) == found
    assert settings_from({}) == Settings()


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("WORKERS", "many", "workers"),
        ("OIDC_ISSUER", "https://issuer.example", "go together"),
        ("RATE_LIMIT", "lots", "Maybe 6000/minute"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(
    tmp_path: Path, name: str, value: str, says: str
) -> None:
    from admissions.model.errors import UsageError
    from admissions_api.installation import open_installation

    with pytest.raises(UsageError, match=says):
        open_installation(
            settings_from({"ADMISSIONS_HOME": str(tmp_path), f"ADMISSIONS_{name}": value})
        )
