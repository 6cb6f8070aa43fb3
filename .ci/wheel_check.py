"""Builds the wheel, compares it with the repository, and runs the demo from it elsewhere."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import venv
import zipfile
from pathlib import Path

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
        subprocess.run(
            [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
             "-c", ROOT / "constraints.txt", wheel],
            check=True,
        )  # fmt: skip
        elsewhere = place / "elsewhere"
        elsewhere.mkdir()
        subprocess.run([place / "clean" / "bin" / "admissions", "demo"], cwd=elsewhere, check=True)
        assert (elsewhere / "admissions-demo" / "certificate.json").is_file()
    print("wheel: same files as the repository, demo runs from another folder")


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
