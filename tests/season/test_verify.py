"""Whoever edits a season's files is found out."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from tests.acceptance.command import run
from tests.season.year import Year, chain_of_three


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    year = chain_of_three(tmp_path_factory.mktemp("played"))
    year.answer("a vid-minoritet nei\nb vid-relasjon ja", on="2019-06-05")
    year.ok("call", "--on", "2019-06-12")
    year.answer("b vid-minoritet ja\nc vid-relasjon ja endelig", on="2019-06-14")
    year.ok("call", "--on", "2019-06-24")
    year.holds()
    return year.place


def swap(name: str, old: str, new: str) -> Callable[[Path], None]:
    def change(place: Path) -> None:
        path = place / name
        text = path.read_text(encoding="utf-8-sig")
        assert old in text, f"{old!r} is not in {name}"
        path.write_bytes(text.replace(old, new, 1).encode("utf-8-sig"))

    return change


def spoil(name: str) -> Callable[[Path], None]:
    def change(place: Path) -> None:
        path = place / name
        path.write_bytes(path.read_bytes() + b" ")

    return change


def cut(name: str) -> Callable[[Path], None]:
    def change(place: Path) -> None:
        path = place / name
        path.write_bytes(path.read_bytes()[:-200])

    return change


def cell(name: str, at: str, value: object) -> Callable[[Path], None]:
    def change(place: Path) -> None:
        book = openpyxl.load_workbook(place / name)
        book.worksheets[0][at].value = value
        book.save(place / name)

    return change


CHANGES = {
    "an answer is turned round": swap("events.csv", ",decline,", ",accept,"),
    "a reason is written in afterwards": swap("events.csv", "office,decline", "chief,decline"),
    "a state is edited": swap("state.csv", "d,vid-minoritet,1,wait", "d,vid-minoritet,1,offer"),
    "a waiting number is edited": swap("state.csv", "waiting,,1", "waiting,,2"),
    "another is offered the seat": swap("call-2/offers.csv", "c,vid-relasjon", "d,vid-minoritet"),
    "a chain is edited": swap("call-2/chains.csv", "1,0,vid-minoritet,a", "1,0,vid-minoritet,d"),
    "the policy is edited": swap("policy.toml", '"lose-all"', '"lose-offer"'),
    "the days to answer are edited": swap("policy.toml", "answer_days = 8", "answer_days = 5"),
    "a call's certificate is edited": swap("call-2/certificate.json", '"call": 2', '"call": 3'),
    "the page of a call is edited": spoil("call-2/report.html"),
    "the workbook of a call is cut short": cut("call-2/offers.xlsx"),
    "a person in a call's workbook is another": cell("call-2/offers.xlsx", "A2", "x"),
    "an offering in a call's workbook is another": cell("call-2/offers.xlsx", "B2", "uis-juss"),
    "a deadline in a call's workbook is another": cell(
        "call-2/offers.xlsx", "E2", dt.date(2019, 7, 20)
    ),
    "the header of a call's workbook is edited": cell("call-2/offers.xlsx", "F1", "x"),
    "a row is added to a call's workbook": cell("call-2/offers.xlsx", "A9", "x"),
    "the sealed decision is edited": swap("call-1/certificate.json", '"seed": 7', '"seed": 8'),
}  # fmt: skip


NAMED = {
    "call-1/decisions.csv": swap("call-1/decisions.csv", ",offered,", ",waiting,"),
    "call-1/rankings/vid-minoritet.csv": spoil("call-1/rankings/vid-minoritet.csv"),
    "call-1/round/applicants.csv": spoil("call-1/round/applicants.csv"),
    "call-2/offers.csv": swap("call-2/offers.csv", "c,vid-relasjon", "d,vid-minoritet"),
    "policy.toml": swap("policy.toml", "answer_days = 8", "answer_days = 30"),
    "call-2/report.html": spoil("call-2/report.html"),
}


@pytest.mark.parametrize("file", NAMED)
def test_verify_names_the_file_that_is_not_as_it_was(
    file: str, played: Path, tmp_path: Path
) -> None:
    place = tmp_path / "season"
    shutil.copytree(played, place)
    NAMED[file](place)
    ran = run("season", "verify", place, "--json")
    assert ran.code == 1, ran.said
    assert file in ran.said


def test_verify_names_what_the_certificate_does_not_know(played: Path, tmp_path: Path) -> None:
    place = tmp_path / "season"
    shutil.copytree(played, place)
    (place / "call-2" / "notes.txt").write_text("mine")
    (place / "call-4").mkdir()
    ran = run("season", "verify", place, "--json")
    assert ran.code == 1
    assert "call-2/notes.txt" in ran.out
    assert "call-4" in ran.err
    (place / "call-2" / "notes.txt").unlink()
    assert run("season", "verify", place).code == 0


@pytest.mark.parametrize("change", CHANGES.values(), ids=list(CHANGES))
def test_an_edited_season_does_not_verify(
    change: Callable[[Path], None], played: Path, tmp_path: Path
) -> None:
    place = tmp_path / "season"
    shutil.copytree(played, place)
    change(place)
    ran = run("season", "verify", place)
    assert ran.code == 1, ran.said
    assert "Traceback" not in ran.said


def test_a_workbook_that_is_answered_in_where_it_lies_still_verifies(
    played: Path, tmp_path: Path
) -> None:
    place = tmp_path / "season"
    shutil.copytree(played, place)
    cell("call-2/offers.xlsx", "F2", "ja")(place)
    cell("call-2/offers.xlsx", "G2", dt.date(2019, 6, 14))(place)
    ran = run("season", "verify", place)
    assert ran.code == 0, ran.said


def test_a_row_that_is_taken_out_breaks_the_chain(played: Path, tmp_path: Path) -> None:
    place = tmp_path / "season"
    shutil.copytree(played, place)
    path = place / "events.csv"
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    path.write_text("\n".join([*lines[:2], *lines[3:]]) + "\n", encoding="utf-8-sig")
    assert run("season", "verify", place).code == 1


def test_a_call_that_was_cut_off_is_made_again(played: Path, tmp_path: Path) -> None:
    """Killed after the folder was written and before the event: the folder is no call yet."""
    place = tmp_path / "season"
    shutil.copytree(played, place)
    year = Year(place)
    year.answer("b vid-minoritet trekker seg", on="2019-06-25")
    saved = {n: (place / n).read_bytes() for n in ("events.csv", "state.csv")}
    year.ok("call", "--on", "2019-06-26")
    whole = (place / "call-4" / "certificate.json").read_bytes()
    for name, data in saved.items():
        (place / name).write_bytes(data)
    assert '"call": 3' in year.ok("status", "--json")
    year.ok("call", "--on", "2019-06-26")
    assert (place / "call-4" / "certificate.json").read_bytes() == whole
    year.holds()
