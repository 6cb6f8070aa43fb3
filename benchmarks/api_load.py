"""Measures the leader's preview under load, beside one worker that simulates, and a kill amid it.

Everything is on this machine's loopback, in processes of their own: the installed server with one
worker of low priority, kept busy by simulations, and this process, which asks so often a second for
a set time. Then the server is killed while leaders write, started again, and what was accepted is
counted.

Run: python benchmarks/api_load.py [--rate 50] [--seconds 20]
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

ADMISSIONS = Path(sys.executable).with_name("admissions")
LONGEST_SECONDS = 120
MOST_A_SECOND = 200
PATIENCE = 120
THREADS = 16


class Server:
    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.folder = folder
        with (folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [ADMISSIONS, "serve", "--port", str(self.port)], cwd=folder, stdout=log, stderr=log
            )
        end = time.monotonic() + PATIENCE
        while not self.ready():
            assert time.monotonic() < end, (folder / "server.log").read_text()
            time.sleep(0.1)

    def ready(self) -> bool:
        try:
            return self.ask("GET", "/ready", "")[0] == 200
        except OSError:
            return False

    def connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)

    def cpu_seconds(self) -> float:
        """What the server itself (not its worker) has used so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def ask(self, method: str, path: str, token: str, body: object = None) -> tuple[int, Any]:
        connection = self.connection()
        try:
            return ask_on(connection, method, path, token, body)
        finally:
            connection.close()

    def finished(self, job: str, token: str) -> None:
        end = time.monotonic() + PATIENCE
        while self.ask("GET", f"/v1/jobs/{job}", token)[1]["state"] != "done":
            assert time.monotonic() < end, job
            time.sleep(0.2)


def ask_on(
    connection: http.client.HTTPConnection, method: str, path: str, token: str, body: object = None
) -> tuple[int, Any]:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    connection.request(method, path, None if body is None else json.dumps(body), headers)
    answer = connection.getresponse()
    return answer.status, json.loads(answer.read())


def token(folder: Path, *words: str) -> str:
    made = subprocess.run(
        [ADMISSIONS, "token", *words], cwd=folder, check=True, capture_output=True, text=True
    )
    return made.stdout.strip()


def services(count: int) -> list[tuple[str, list[str]]]:
    """The services with most applicants in the shipped round, and their people."""
    import csv

    root = Path(__file__).resolve().parents[1] / "scenarios/rounds/2019/applicants.csv"
    own: dict[str, list[str]] = {}
    with root.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            if row["service_id"]:
                own.setdefault(row["service_id"], []).append(row["person_id"])
    return sorted(own.items(), key=lambda item: -len(item[1]))[:count]


def quantile(values: list[float], percent: int) -> float:
    return sorted(values)[min(len(values) - 1, len(values) * percent // 100)]


def previews(server: Server, tokens: dict[str, str], rate: int, seconds: int) -> list[float]:
    """Milliseconds of each preview, asked at fixed times whatever the answers take."""
    chosen = services(len(tokens))
    local = threading.local()
    began = time.perf_counter() + 0.5

    def one(number: int) -> float:
        if not hasattr(local, "connection"):
            local.connection = server.connection()
        service, people = chosen[number % len(chosen)]
        turned = people[number % len(people) :] + people[: number % len(people)]
        said = {"orders": [{"offering_id": None, "person_ids": turned}], "max_students": 3}
        due = began + number / rate
        time.sleep(max(0.0, due - time.perf_counter()))
        path = f"/v1/rounds/load/services/{service}/previews"
        status, _ = ask_on(local.connection, "POST", path, tokens[service], said)
        assert status == 200, status
        return (time.perf_counter() - due) * 1000

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(one, range(rate * seconds)))


def writes_through_a_kill(server: Server, tokens: dict[str, str]) -> tuple[int, Server]:
    """Leaders write until the server is killed; how many accepted writes, and the server anew."""
    accepted: dict[str, int] = dict.fromkeys(tokens, 0)

    def write(service: str) -> None:
        for number in range(10_000):
            said = {"orders": [], "max_students": number % 5}
            path = f"/v1/rounds/load/services/{service}/preferences"
            try:
                status, answer = server.ask("PUT", path, tokens[service], said)
            except (OSError, http.client.HTTPException):
                return
            if status == 200:
                accepted[service] = answer["version"]

    with ThreadPoolExecutor(len(tokens)) as pool:
        for service in tokens:
            pool.submit(write, service)
        time.sleep(3)
        server.process.send_signal(signal.SIGKILL)
        server.process.wait()
    again = Server(server.folder)
    for service, version in accepted.items():
        path = f"/v1/rounds/load/services/{service}/preferences"
        _, kept = again.ask("GET", path, tokens[service])
        assert kept["version"] >= version, (service, kept["version"], version)
    return sum(accepted.values()), again


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
            server.process.kill()


def measure(server: Server, folder: Path, rate: int, seconds: int) -> None:
    coordinator = token(folder, "--role", "coordinator")
    analyst = token(folder, "--role", "analyst")
    tokens = {s: token(folder, "--role", "leader", "--service", s) for s, _ in services(8)}
    new = {"id": "load", "title": "Load", "scenario": "leader-within-service", "shipped": "2019",
           "deadline": "2099-01-01T00:00:00Z"}  # fmt: skip
    server.ask("POST", "/v1/rounds", coordinator, new)
    began = time.monotonic()
    server.ask("POST", "/v1/rounds/load/cut-offs", coordinator, {"draws": 1000})
    server.finished("cut-offs-1", coordinator)
    print(f"cut-offs of 1,000 draws: {time.monotonic() - began:.1f} s")
    for service in tokens:
        server.ask("GET", f"/v1/rounds/load/services/{service}", tokens[service])
    simulation = {"scenarios": ["current-2019", "harmonised-2023"], "draws": 10_000, "seed": 1}
    _, job = server.ask("POST", "/v1/simulations", analyst, simulation)
    while server.ask("GET", f"/v1/jobs/{job['id']}", analyst)[1]["progress"]["done"] == 0:
        time.sleep(0.2)
    before = server.cpu_seconds()
    found = previews(server, tokens, rate, seconds)
    used = (server.cpu_seconds() - before) * 1000 / len(found)
    busy = server.ask("GET", f"/v1/jobs/{job['id']}", analyst)[1]
    assert busy["state"] == "running", busy
    print(
        f"{len(found)} previews at {rate} a second beside one simulation "
        f"({busy['progress']['done']} draws meanwhile): p50 {quantile(found, 50):.1f} ms, "
        f"p95 {quantile(found, 95):.1f} ms, p99 {quantile(found, 99):.1f} ms; "
        f"{used:.1f} ms of CPU each; "
        f"load average {os.getloadavg()[0]:.1f}"
    )
    accepted, again = writes_through_a_kill(server, tokens)
    try:
        print(f"killed amid {accepted} accepted writes of {len(tokens)} leaders: all are there")
        resumed = again.ask("GET", f"/v1/jobs/{job['id']}", analyst)[1]
        again.ask("DELETE", f"/v1/jobs/{job['id']}", analyst)
        print(f"the simulation was {resumed['state']} again at attempt {resumed['attempt']}")
        found_chain = subprocess.run(
            [ADMISSIONS, "audit", "verify"], cwd=folder, check=True, capture_output=True, text=True
        )
        print(found_chain.stdout.splitlines()[0])
    finally:
        again.process.terminate()
        again.process.wait(PATIENCE)


if __name__ == "__main__":
    main()
