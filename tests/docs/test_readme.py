"""What the README shows is what the commands print."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
ADMISSIONS = Path(sys.executable).with_name("admissions")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("readme")


def shown() -> list[tuple[str, str]]:
    """Each command of a console block with the text block after it, where there is one."""
    blocks = [block.split("\n", 1) for block in README.split("```")[1::2]]
    return [
        (block[1].removeprefix("$ ").strip(), after[1])
        for block, after in pairwise(blocks)
        if block[0] == "console" and after[0] == "text"
    ]


def run(command: str, folder: Path) -> str:
    words = shlex.split(command)
    if words == ["make", "demo"]:
        _, recipe = (ROOT / "Makefile").read_text(encoding="utf-8").split("\ndemo:")
        words = shlex.split(recipe.splitlines()[1].replace("$(BIN)", ".venv/bin"))
    assert words[0] == ".venv/bin/admissions"
    done = subprocess.run(
        [ADMISSIONS, *words[1:]], cwd=folder, check=True, capture_output=True, text=True
    )
    return done.stdout


def test_every_output_in_the_readme_is_what_its_command_prints(folder: Path) -> None:
    assert [command.split()[:2] for command, _ in shown()] == [
        ["make", "demo"],
        [".venv/bin/admissions", "explain"],
    ]
    for command, output in shown():
        printed = run(command, folder)
        assert output.rstrip() == printed.rstrip(), command


NAMED = sorted(set(re.findall(r"`admissions ([a-z]+ ?[a-z]*)", README)))


@pytest.mark.parametrize("command", NAMED)
def test_every_command_named_in_the_readme_exists(command: str) -> None:
    words = command.split()
    group = words[:2] if words[0] in ("rules", "scenarios") else words[:1]
    done = subprocess.run([ADMISSIONS, *group, "--help"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_every_file_that_the_readme_links_to_is_there() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / target).is_file(), target
