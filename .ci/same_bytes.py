"""The same input gives the same bytes: under other hash seeds, and on every Python there is."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SIMULATION = (
    "simulate", "--scenario", "current-2019", "--scenario", "leader-within-service",
    "--draws", "3", "--seed", "1",
)  # fmt: skip
OTHER_PYTHONS = ("python3.11", "python3.12", "python3.13", "python3.14")


def digest(admissions: Path, out: Path, hash_seed: str) -> str:
    for words in (("demo", "--out", out / "demo"), (*SIMULATION, "--out", out / "simulated")):
        subprocess.run(
            [admissions, *words],
            check=True,
            stdout=subprocess.DEVNULL,
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
        )
    whole = hashlib.sha256()
    for path in sorted(out.rglob("*")):
        if path.is_file():
            whole.update(f"{path.relative_to(out)}\0".encode() + path.read_bytes())
    return whole.hexdigest()


def works(python: str) -> bool:
    found = shutil.which(python)
    if found is None:
        return False
    asked = subprocess.run(
        [found, "-c", "import sys; print(sys.version_info[:2])"], capture_output=True, text=True
    )
    return asked.returncode == 0 and asked.stdout.strip() != str(sys.version_info[:2])


def main() -> None:
    with tempfile.TemporaryDirectory() as temporary:
        place = Path(temporary)
        own = Path(sys.executable).parent / "admissions"
        digests = {f"this Python, hash seed {s}": digest(own, place / f"own-{s}", s)
                   for s in ("0", "1", "4242")}  # fmt: skip
        for python in filter(works, OTHER_PYTHONS):
            subprocess.run([python, "-m", "venv", place / python], check=True)
            subprocess.run(
                [place / python / "bin" / "python", "-m", "pip", "install", "--quiet",
                 "--disable-pip-version-check", "-c", ROOT / "constraints.txt", ROOT],
                check=True,
            )  # fmt: skip
            command = place / python / "bin" / "admissions"
            digests[python] = digest(command, place / f"{python}-out", "7")
    if len(set(digests.values())) != 1:
        sys.exit("the bytes differ:\n" + "\n".join(f"  {d}  {n}" for n, d in digests.items()))
    print(f"same bytes: {', '.join(digests)}")


if __name__ == "__main__":
    main()
