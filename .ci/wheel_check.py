"""Builds the wheel, compares it with the repository, and runs the demo from it elsewhere."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import venv
import zipfile
from pathlib import Path

PATIENCE = 120
ROOT = Path(__file__).resolve().parents[1]


def tracked(folder: str) -> set[str]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", folder], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return {name for name in listed.stdout.split("\0") if name}


def main() -> None:
    with tempfile.TemporaryDirectory() as temporary:
        place = Path(temporary)
        subprocess.run(
            [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", place, ROOT],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        (wheel,) = place.glob("*.whl")
        compare(wheel)
        venv.create(place / "clean", with_pip=True)
        python = place / "clean" / "bin" / "python"
        install(python, str(wheel))
        elsewhere = place / "elsewhere"
        elsewhere.mkdir()
        admissions = place / "clean" / "bin" / "admissions"
        subprocess.run([admissions, "demo"], cwd=elsewhere, check=True)
        assert (elsewhere / "admissions-demo" / "certificate.json").is_file()
        told = subprocess.run([admissions, "serve"], cwd=elsewhere, capture_output=True, text=True)
        assert told.returncode == 2, told
        assert "pip install 'admissions[api]'" in told.stderr, told
        install(python, f"{wheel}[api]")
        serve(admissions, elsewhere)
    print("wheel: the repository's files; the engine alone runs the demo, and with [api] it serves")


def install(python: Path, what: str) -> None:
    subprocess.run(
        [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
         "-c", ROOT / "constraints.txt", what],
        check=True,
    )  # fmt: skip


def serve(admissions: Path, folder: Path) -> None:
    """The installed API, with no setting at all: a round opened, a job done, a clean stop."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith("ADMISSIONS_")}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen([admissions, "serve", "--port", str(port)], cwd=folder, env=bare)
    try:
        url = f"http://127.0.0.1:{port}"
        end = time.monotonic() + PATIENCE
        while not answers(f"{url}/ready"):
            assert server.poll() is None, "the server has ended"
            assert time.monotonic() < end, "the server does not answer"
            time.sleep(0.2)
        assert b"swagger-ui" in read(f"{url}/docs")
        assert len(read(f"{url}/docs/assets/swagger-ui-bundle.js")) > 100_000
        made = subprocess.run(
            [admissions, "token", "--role", "coordinator"],
            cwd=folder, env=bare, check=True, capture_output=True, text=True,
        )  # fmt: skip
        token = made.stdout.strip()
        new = {"id": "wheel", "title": "Wheel", "scenario": "coordinated-2019", "shipped": "2019",
               "deadline": "2099-01-01T00:00:00Z"}  # fmt: skip
        read(f"{url}/v1/rounds", token, new)
        read(f"{url}/v1/rounds/wheel/close", token, {"early": True})
        read(f"{url}/v1/rounds/wheel/allocations", token, {})
        while (state := json.loads(read(f"{url}/v1/jobs/allocation-1", token))["state"]) != "done":
            assert state in ("queued", "running"), state
            assert time.monotonic() < end, state
            time.sleep(0.2)
        server.terminate()
        assert server.wait(PATIENCE) == 0
    finally:
        server.kill()
        server.wait()


def read(url: str, token: str = "", body: object = None) -> bytes:
    data = None if body is None else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    asked = urllib.request.Request(url, data, headers)
    with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:
        found: bytes = answer.read()
        return found


def answers(url: str) -> bool:
    try:
        return bool(read(url))
    except OSError:
        return False


def compare(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        inside = {name for name in archive.namelist() if ".dist-info/" not in name}
        data = {
            f"{folder}/{name.removeprefix(f'admissions/shipped/{folder}/')}"
            for folder in ("rules", "scenarios")
            for name in inside
            if name.startswith(f"admissions/shipped/{folder}/")
        }
        code = {name for name in inside if "/shipped/" not in name}
        expected_data = tracked("rules") | tracked("scenarios")
        expected_code = {name.split("/", 1)[1] for name in tracked("src") | tracked("api")}
        for what, found, expected in (
            ("data", data, expected_data),
            ("code", code, expected_code),
        ):
            if found != expected:
                sys.exit(
                    f"wheel: {what} differs; missing {sorted(expected - found)}, "
                    f"too much {sorted(found - expected)}"
                )
        for name in expected_data:
            if archive.read(f"admissions/shipped/{name}") != (ROOT / name).read_bytes():
                sys.exit(f"wheel: {name} has other bytes than the repository's")


if __name__ == "__main__":
    main()
