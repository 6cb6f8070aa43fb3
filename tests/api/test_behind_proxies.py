"""The files of deploy/ as real programs read them: nginx and Caddy before a server, systemd.

Where a program is not installed its tests are left out, and say so; where CI is set they
fail.
"""

from __future__ import annotations

import getpass
import os
import re
import shutil
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.api.serving import Served, free_port, serving

DEPLOY = Path(__file__).parents[2] / "deploy"
HOST = "opptak.example.no"
SECONDS = 60


def program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        leave_out = pytest.fail if os.environ.get("CI") else pytest.skip
        leave_out(f"{name} is not installed")
    return found


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("served"), ADMISSIONS_WORKERS="0") as one:
        yield one


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("certificate")
    subprocess.run(
        [
            program("openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
            "-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST},DNS:localhost",
            "-keyout", place / "key.pem", "-out", place / "cert.pem",
        ],
        check=True, capture_output=True,
    )  # fmt: skip
    return place


@contextmanager
def proxy(command: list[str], port: int, certificate: Path) -> Iterator[httpx2.Client]:
    """A proxy that runs ``command``, and a client that asks it over TLS as a browser would."""
    trusted = ssl.create_default_context(cafile=str(certificate / "cert.pem"))
    log = certificate / f"{port}.log"
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out)
    client = httpx2.Client(base_url=f"https://localhost:{port}", verify=trusted, timeout=SECONDS)
    try:
        end = time.monotonic() + SECONDS
        while True:
            assert process.poll() is None, log.read_text()
            try:
                client.get("/health", headers={"Host": HOST})
                break
            except httpx2.TransportError:
                assert time.monotonic() < end, "the proxy does not answer"
                time.sleep(0.1)
        yield client
    finally:
        client.close()
        process.terminate()
        process.wait(SECONDS)


def replaced(text: str, changes: dict[str, str]) -> str:
    for was, becomes in changes.items():
        assert was in text, was
        text = text.replace(was, becomes)
    return text


def nginx(tmp_path: Path, served: Served, certificate: Path, changes: dict[str, str]) -> Any:
    """nginx with the shipped server block, but for its ports, its certificate and ``changes``."""
    port = free_port()
    block = replaced(
        (DEPLOY / "nginx.conf").read_text(),
        {
            "443 ssl": f"127.0.0.1:{port} ssl",
            "/etc/ssl/opptak.example.no.pem": str(certificate / "cert.pem"),
            "/etc/ssl/private/opptak.example.no.key": str(certificate / "key.pem"),
            "http://127.0.0.1:8000": served.url,
            **changes,
        },
    )
    places = "".join(
        f"{kind}_temp_path {tmp_path}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole = f"daemon off; user {getpass.getuser()}; pid {tmp_path}/pid; error_log stderr;\n"
    whole += f"events {{}}\nhttp {{ access_log off; {places}\n{block}\n}}\n"
    (tmp_path / "nginx.conf").write_text(whole)
    command = [program("nginx"), "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")]
    return proxy(command, port, certificate)


def caddy(tmp_path: Path, served: Served, certificate: Path) -> Any:
    """Caddy with the shipped file, but for its address and its certificate."""
    port = free_port()
    own = f"tls {certificate / 'cert.pem'} {certificate / 'key.pem'}"
    text = replaced(
        (DEPLOY / "Caddyfile").read_text(),
        {
            f"{HOST} {{": f"https://{HOST}:{port}, https://localhost:{port} {{\n\t{own}",
            "127.0.0.1:8000": served.url.removeprefix("http://"),
        },
    )
    file = tmp_path / "Caddyfile"
    file.write_text("{\n\tadmin off\n\tauto_https disable_redirects\n}\n" + text)
    command = [program("caddy"), "run", "--config", str(file), "--adapter", "caddyfile"]
    return proxy(command, port, certificate)


def works(client: httpx2.Client, served: Served) -> None:
    """What the service needs of a proxy: bodies, streams, what it is told of the caller."""
    own = {**served.token("--role", "coordinator"), "Host": HOST}
    assert client.get("/ready", headers=own).status_code == 200
    assert client.head("/ready", headers=own).status_code == 200
    listed = client.get("/v1/rounds", headers=own)
    assert listed.headers["etag"]
    again = client.get("/v1/rounds", headers={**own, "If-None-Match": listed.headers["etag"]})
    assert again.status_code == 304
    office = {**served.token("--role", "office", "--institution", "uis"), "Host": HOST}
    put = {**office, "Content-Type": "application/zip"}
    part = "/v1/rounds/none/parts/uis"
    fitting, too_long = b"0" * 16_000_000, b"0" * 18_000_000
    assert client.put(part, content=fitting, headers=put).status_code == 404, "it came through"
    with suppress(httpx2.TransportError):  # closed while the rest of it is still being sent
        assert client.put(part, content=too_long, headers=put).status_code in (413, 502)
    slashed = client.get("/v1/rounds/x%2Fy", headers=own)
    assert slashed.status_code in (404, 422)


def test_nginx_in_front(tmp_path: Path, served: Served, certificate: Path) -> None:
    with nginx(tmp_path, served, certificate, {}) as client:
        works(client, served)
        assert client.get("/metrics", headers={"Host": HOST}).status_code == 200, "from inside"


def test_caddy_in_front(tmp_path: Path, served: Served, certificate: Path) -> None:
    with caddy(tmp_path, served, certificate) as client:
        works(client, served)
        assert client.get("/metrics", headers={"Host": HOST}).status_code == 404


def test_under_a_path_of_another_site(tmp_path: Path, certificate: Path) -> None:
    """As the guide says: the proxy strips the path and rewrites Location."""
    changes = {
        "location / {": "location /opptak/ {\n        proxy_redirect / /opptak/;",
        "        proxy_set_header Host $host;": (
            "        rewrite ^/opptak(/.*)$ $1 break;\n        proxy_set_header Host $host;"
        ),
    }
    with (
        serving(tmp_path, ADMISSIONS_ROOT_PATH="/opptak", ADMISSIONS_WORKERS="0") as served,
        nginx(tmp_path, served, certificate, changes) as client,
    ):
        own = {**served.token("--role", "coordinator"), "Host": HOST}
        assert client.get("/opptak/ready", headers=own).status_code == 200
        specified = client.get("/opptak/v1/openapi.json", headers=own).json()
        assert specified["servers"] == [{"url": "/opptak"}]
        new = {
            "id": "2026", "title": "Opptak", "scenario": "coordinated-2019",
            "deadline": "2099-01-01T12:00:00Z",
        }  # fmt: skip
        made = client.post("/opptak/v1/rounds", json=new, headers=own)
        assert made.headers["location"].endswith("/opptak/v1/rounds/2026")
        assert client.get("/opptak/v1/rounds/2026", headers=own).status_code == 200
        page = client.get("/opptak/docs", headers=own)
        named = re.findall(r"(?:src|href|url)[=:] *[\"']([^\"']+)", page.text)
        assert {"v1/openapi.json", "docs/assets/swagger-ui-bundle.js"} <= set(named)
        for one in named:
            assert client.get(f"/opptak/{one}", headers=own).status_code == 200, one


def test_systemd_understands_the_unit(tmp_path: Path) -> None:
    """All of it but that the program is installed; and it is confined."""
    analyze = program("systemd-analyze")
    unit = tmp_path / "admissions.service"
    text = (DEPLOY / "admissions.service").read_text()
    unit.write_text(text.replace("/opt/admissions/bin/admissions", shutil.which("true") or ""))
    said = subprocess.run([analyze, "verify", unit], capture_output=True, text=True, check=False)
    about = [line for line in said.stderr.splitlines() if unit.name in line]
    assert about == []
    found = subprocess.run(
        [analyze, "security", "--offline=true", unit], capture_output=True, text=True, check=False
    )
    level = re.search(r"exposure level for admissions.service: ([\d.]+)", found.stdout)
    assert level is not None, found.stdout + found.stderr
    assert float(level.group(1)) < 3
