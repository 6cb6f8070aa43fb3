"""What is no result folder, or no longer one, is refused with a message that names the file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from admissions.model.errors import UsageError
from admissions.model.round import Round
from admissions.rulebooks.scenario import ResolvedScenario
from admissions.verification import UnreadableResultError, read_published, verify
from tests.verification import hand


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return hand.write(hand.files(), tmp_path / "result")


def test_a_folder_is_read_as_text(folder: Path) -> None:
    result = read_published(folder)
    assert result.decisions.loc[0, "points"] == "4.00"
    assert result.decisions.loc[0, "waiting_number"] == ""
    assert list(result.rankings) == ["north", "south"]
    assert result.rankings["north"].loc[0, "grade"] == "500"
    assert set(result.files) == set(hand.files()) - {"certificate.json"}


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no result folder"):
        read_published(tmp_path / "nowhere")


@pytest.mark.parametrize("name", ["decisions.csv", "summary.json", "certificate.json"])
def test_a_file_that_is_missing(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(UnreadableResultError, match=f"{name}: the file is missing") as raised:
        read_published(folder)
    assert raised.value.exit_code == 1


GARBLED: dict[str, tuple[str, Callable[[bytes], bytes], str]] = {
    "no UTF-8": ("decisions.csv", lambda b: b + b"\xff", "is not UTF-8"),
    "empty": ("decisions.csv", lambda _: b"", "row 1: found nothing"),
    "a column renamed": ("decisions.csv", lambda b: b.replace(b"rank", b"place"), "expected"),
    "a column twice": ("decisions.csv", lambda b: b.replace(b"rank", b"points"), "row 1"),
    "a cell too many": ("decisions.csv", lambda b: b.replace(b",-\n", b",-,-\n", 1), "row 2: 11"),
    "a cell too few": ("decisions.csv", lambda b: b.replace(b",-\n", b"\n", 1), "row 2: 9 cells"),
    "a blank row": ("decisions.csv", lambda b: b + b"\n", "row 16: 0 cells"),
    "an open quotation": ("decisions.csv", lambda b: b + b'"p', "unexpected end of data"),
    "a ranking cut off": ("rankings/north.csv", lambda b: b[:-12], "cells; expected 8"),
    "a binary ranking": ("rankings/north.csv", lambda _: bytes(range(256)), "UTF-8"),
    "no JSON": ("summary.json", lambda b: b[:-1], "expected a JSON object"),
    "a list": ("certificate.json", lambda _: b"[]", "found a list"),
    "endless": ("certificate.json", lambda _: b"9" * 5_000, "expected a JSON object"),
    "deep": ("certificate.json", lambda _: b"[" * 100_000, "expected a JSON object"),
}


@pytest.mark.parametrize("case", GARBLED)
def test_a_file_that_is_garbled(folder: Path, case: str) -> None:
    name, garble, message = GARBLED[case]
    path = folder / name
    path.write_bytes(garble(path.read_bytes()))
    with pytest.raises(UnreadableResultError, match=message) as raised:
        read_published(folder)
    assert str(raised.value).startswith(name)


def hashes(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*.*")
        if path.name != "certificate.json"
    }


def failures(
    round_: Round, scenario: ResolvedScenario, folder: Path, change: Callable[[Path], Any]
) -> tuple[set[str], tuple[str, ...]]:
    """What fails, and P0's words, when the folder is changed after it was signed."""
    (folder / "report.html").write_text("<p>fine</p>")
    (folder / "rules").mkdir()
    (folder / "rules" / "north.toml").write_text("offering = 'north'")
    path = folder / "certificate.json"
    certificate = json.loads(path.read_text())
    files = hashes(folder)
    line = f"{files['rules/north.toml']}  rules/north.toml\n"
    digest = hashlib.sha256(line.encode()).hexdigest()
    path.write_text(json.dumps({**certificate, "files": files, "digest": digest}))
    change(folder)
    found = verify(round_, scenario, read_published(folder), inputs_sha256=hand.INPUTS, draft=True)
    return hand.failing(found), found[0].exceptions


def test_a_folder_as_it_was_written(
    round_: Round, scenario: ResolvedScenario, folder: Path
) -> None:
    assert failures(round_, scenario, folder, lambda _: None) == (set(), ())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda f: (f / "report.html").write_text("<p>changed</p>"), "report.html: the file was"),
        (lambda f: (f / "report.html").unlink(), "report.html: the file is missing"),
        (lambda f: (f / "rules" / "north.toml").write_text("x = 1"), "rules/north.toml: the file"),
        (lambda f: (f / "rules" / "east.toml").write_text("x = 1"), "rules/east.toml: no run"),
    ],
)
def test_a_file_of_the_folder_changed(
    round_: Round,
    scenario: ResolvedScenario,
    folder: Path,
    change: Callable[[Path], Any],
    message: str,
) -> None:
    failing, lines = failures(round_, scenario, folder, change)
    assert failing == {"P0"}
    assert any(line.startswith(f"certificate.json: {message}") for line in lines)


def test_a_sentence_changed_in_decisions_is_a_changed_file(
    round_: Round, scenario: ResolvedScenario, folder: Path
) -> None:
    def reworded(folder: Path) -> None:
        path = folder / "decisions.csv"
        path.write_bytes(path.read_bytes().replace(b"seats-filled,-", b"seats-filled,no", 1))

    failing, _ = failures(round_, scenario, folder, reworded)
    assert failing == {"P0"}


@pytest.mark.parametrize("name", ["notes.txt", "rankings/.DS_Store"])
def test_a_file_that_is_nobodys_business(
    round_: Round, scenario: ResolvedScenario, folder: Path, name: str
) -> None:
    failing, _ = failures(round_, scenario, folder, lambda f: (f / name).write_text("-"))
    assert failing == set()
