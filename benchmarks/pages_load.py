"""Measures every role's pages under load, beside one worker that simulates; exploring apart.

Everything is on this machine's loopback, in processes of their own: the installed server with one
worker of low priority, kept busy by a simulation, and this process, which asks so often a second
for a set time, as people who have signed in by their links. Then what a first visit weighs.

Run: python -m benchmarks.pages_load [--rate 50] [--seconds 20]
"""

from __future__ import annotations

import argparse
import gzip
import http.client
import os
import re
import subprocess
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.api_load import (
    ADMISSIONS,
    LONGEST_SECONDS,
    MOST_A_SECOND,
    PATIENCE,
    THREADS,
    Server,
    quantile,
    token,
)

ROUND = {
    "title": "Load", "scenario": "leader-within-service", "shipped": "2019",
    "deadline": "2099-01-01T00:00:00Z",
}  # fmt: skip
WHO = {
    "office": ("--institution", "oslomet"),
    "coordinator": (),
    "leader": ("--service", "S024"),
    "analyst": (),
    "applicant": ("--person", "P0074"),
}
ASKED = {
    "office": ("/", "/office/open", "/office/allocations/{made}",
               "/office/allocations/{made}/people/P0074"),
    "coordinator": ("/", "/coordinator/open", "/coordinator/allocations/{made}", "/audit"),
    "leader": ("/", "/leader/open", "/leader/decided"),
    "analyst": ("/", "/analyst", "/analyst/scenarios", "/analyst/matrix",
                "/analyst/scenarios/harmonised-2023"),
    "applicant": ("/", "/applicant/open", "/applicant/decided"),
}  # fmt: skip


class Person:
    """Somebody with a browser who has signed in."""

    def __init__(self, server: Server, folder: Path, role: str) -> None:
        words = [str(ADMISSIONS), "invite", "--role", role, *WHO[role], "--email", "a@example.no"]
        base = f"http://localhost:{server.port}"
        told = subprocess.run(
            [*words, "--address", base], cwd=folder, check=True, capture_output=True, text=True
        )
        link = re.search(r"/sign-in/\S+", told.stdout)
        assert link, told.stdout
        connection = server.connection()
        headers = {"Origin": base, "Host": f"localhost:{server.port}",
                   "Content-Type": "application/x-www-form-urlencoded"}  # fmt: skip
        connection.request("POST", link[0], urlencode({}), headers)
        answer = connection.getresponse()
        answer.read()
        cookie = answer.headers["set-cookie"]
        assert answer.status == 303, answer.status
        assert cookie
        self.headers = {"Host": headers["Host"], "Cookie": cookie.partition(";")[0],
                        "Accept-Encoding": "gzip", "Accept-Language": "nb"}  # fmt: skip

    def get(self, connection: http.client.HTTPConnection, path: str) -> tuple[int, bytes]:
        connection.request("GET", path, headers=self.headers)
        answer = connection.getresponse()
        return answer.status, answer.read()


def load(
    server: Server, people: dict[str, Person], pages: list[tuple[str, str]], rate: int, seconds: int
) -> dict[tuple[str, str], list[float]]:
    """Milliseconds of each page, asked for at fixed times whatever the answers take."""
    local = threading.local()
    began = time.perf_counter() + 0.5
    found: dict[tuple[str, str], list[float]] = {page: [] for page in pages}

    def one(number: int) -> None:
        if not hasattr(local, "connection"):
            local.connection = server.connection()
        role, path = pages[number % len(pages)]
        due = began + number / rate
        time.sleep(max(0.0, due - time.perf_counter()))
        status, _ = people[role].get(local.connection, path)
        assert status == 200, (role, path, status)
        found[role, path].append((time.perf_counter() - due) * 1000)

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(one, range(rate * seconds)))
    return found


def weigh(server: Server, person: Person, path: str) -> tuple[int, int]:
    """The bytes of a first visit as sent: the page itself, compressed here where it is not, all."""
    connection = server.connection()
    page = person.get(connection, path)[1]
    text = gzip.decompress(page) if page[:2] == b"\x1f\x8b" else page
    sent = len(page)
    for url in re.findall(rb'(?:src|href)="(/assets/[^"]+)"', text):
        sent += len(person.get(connection, url.decode())[1])
    return len(page), sent


def decided(server: Server, coordinator: str) -> str:
    """Opens one round, and closes, allocates and publishes another; the allocation's id."""
    for name in ("open", "decided"):
        server.ask("POST", "/v1/rounds", coordinator, {**ROUND, "id": name})
        _, job = server.ask("POST", f"/v1/rounds/{name}/cut-offs", coordinator, {"draws": 50})
        server.finished(job["id"], coordinator)
    server.ask("POST", "/v1/rounds/decided/close", coordinator, {"early": True})
    _, job = server.ask("POST", "/v1/rounds/decided/allocations", coordinator, {})
    server.finished(job["id"], coordinator)
    made = str(job["id"])
    assert server.ask("POST", f"/v1/allocations/{made}/publish", coordinator)[0] == 200
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=int, default=50)
    parser.add_argument("--seconds", type=int, default=20)
    asked = parser.parse_args()
    rate, seconds = min(asked.rate, MOST_A_SECOND), min(asked.seconds, LONGEST_SECONDS)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        server = Server(folder)
        try:
            measure(server, folder, rate, seconds)
        finally:
            server.process.terminate()
            server.process.wait(PATIENCE)


def measure(server: Server, folder: Path, rate: int, seconds: int) -> None:
    coordinator, analyst = (
        token(folder, "--role", "coordinator"),
        token(folder, "--role", "analyst"),
    )
    made = decided(server, coordinator)
    people = {role: Person(server, folder, role) for role in WHO}
    pages = [(role, path.format(made=made)) for role, paths in ASKED.items() for path in paths]
    simulation = {"scenarios": ["current-2019", "harmonised-2023"], "draws": 10_000, "seed": 1}
    _, job = server.ask("POST", "/v1/simulations", analyst, simulation)
    end = time.monotonic() + 10 * PATIENCE
    while server.ask("GET", f"/v1/jobs/{job['id']}", analyst)[1]["progress"]["done"] == 0:
        assert time.monotonic() < end
        time.sleep(0.2)
    load(server, people, pages, rate, 2)
    before = server.cpu_seconds()
    found = load(server, people, pages, rate, seconds)
    used = server.cpu_seconds() - before
    every = [one for times in found.values() for one in times]
    assert server.ask("GET", f"/v1/jobs/{job['id']}", analyst)[1]["state"] == "running"
    for (role, path), times in sorted(found.items(), key=lambda one: -quantile(one[1], 50)):
        print(
            f"{role:12} {path:45} p50 {quantile(times, 50):6.1f} p95 {quantile(times, 95):6.1f} ms"
        )
    print(
        f"{len(every)} pages at {rate} a second beside a simulation: p50 {quantile(every, 50):.1f} "
        f"ms, p95 {quantile(every, 95):.1f} ms, p99 {quantile(every, 99):.1f} ms; "
        f"{used * 1000 / len(every):.1f} ms of CPU each; load average {os.getloadavg()[0]:.1f}"
    )
    for role, path in (("leader", "/leader/open"), ("analyst", "/analyst/explore")):
        page, all_of_it = weigh(server, people[role], path)
        print(
            f"a first visit to {path}: {page / 1000:.0f} kB of page, "
            f"{all_of_it / 1000:.0f} kB in all"
        )
    server.ask("DELETE", f"/v1/jobs/{job['id']}", analyst)


if __name__ == "__main__":
    main()
