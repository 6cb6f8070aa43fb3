"""What the README and the documentation show is what the program does."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import typer

from admissions.cli import app
from tests.docs.blocks import ROOT, blocks, commands, documents, matches, try_document

DOCUMENTS = documents()
CODE = re.compile(r"(?<!`)`(admissions [^`]+)`(?!`)")


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_every_block_of_code_works_and_prints_what_is_shown(path: Path, tmp_path: Path) -> None:
    try_document(path, tmp_path)


def named_commands(path: Path) -> list[str]:
    """Every command of the program that is named in running text or run in a block."""
    text = path.read_text(encoding="utf-8")
    named = [" ".join(code.split()) for code in CODE.findall(text)]
    for block in blocks(text):
        if block.kind == "console":
            named += [c.replace(".venv/bin/", "") for c in commands(block) if "admissions " in c]
    return named


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_every_command_that_is_named_exists_with_its_options(path: Path) -> None:
    for said in named_commands(path):
        words = said[said.index("admissions ") :].split("|")[0].split()[1:]
        command: Any = typer.main.get_command(app)
        while hasattr(command, "commands") and words and not words[0].startswith("-"):
            assert words[0] in command.commands, said
            command = command.commands[words.pop(0)]
        options = {opt for parameter in command.params for opt in parameter.opts}
        options |= {"--help", "--language"}  # which every command takes
        for option in (word.split("=")[0] for word in words if word.startswith("--")):
            assert option in options, said


@pytest.mark.parametrize("path", [ROOT / "README.md", ROOT / "CONTRIBUTING.md"], ids=name_of)
def test_every_file_that_is_linked_to_is_there(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8")):
        assert (ROOT / target).is_file(), target


def test_the_readme_begins_with_its_two_commands() -> None:
    found = [
        command
        for block in blocks((ROOT / "README.md").read_text(encoding="utf-8"))
        if block.kind == "console"
        for command in commands(block)
    ]
    assert found[:3] == [
        "make demo",
        "make test",
        ".venv/bin/admissions explain admissions-demo --person P0185 --offering oslomet-juss "
        "--language en",
    ]


def test_what_is_shown_is_held_against_what_is_printed() -> None:
    assert matches("one\n…\nfour", "one\ntwo\nthree\nfour\n")
    assert matches("one\n…\nfour", "one\nfour")
    assert not matches("one\nfour", "one\ntwo\nfour")
    assert not matches("one", "one\ntwo")
    assert not matches("…\ntwo", "one\ntwo\nthree")
