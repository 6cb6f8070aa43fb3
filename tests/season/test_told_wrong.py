"""What offices get wrong on a tired day: each is told once, in the words of what they wrote."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from tests.acceptance.command import run
from tests.season.test_workbook import fill
from tests.season.year import Year, begun, chain_of_three


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Year:
    """Nobody enters anything in it: all is tried, or refused."""
    return chain_of_three(tmp_path_factory.mktemp("told"))


def answers(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "svar.csv"
    file.write_bytes(text.encode("cp1252"))
    return file


WRONG_ROWS = {
    "a cell that is missing": (";vid-minoritet;ja;", ["kolonne Søkerens id"]),
    "too many cells": ("a;vid-minoritet;ja;5.6.2019;x", ["høyst 4 celler"]),
    "too few cells": ("a;vid-minoritet", ["forventet 4 celler"]),
    "a day that is none": ("a;vid-minoritet;ja;31.6.2019", ["31.6.2019", "kolonne Svart dato"]),
    "no answer": ("a;vid-minoritet;kanskje;5.6.2019", ["fant «kanskje»", "trekker seg"]),
    "not possible": (
        "b;vid-minoritet;nei;5.6.2019",
        ["kolonne Svar: fant «nei»", "nei (decline) er ikke mulig", "stryk (leave)"],
    ),
}


@pytest.mark.parametrize("row", WRONG_ROWS)
def test_a_wrong_row_is_one_error_in_the_words_of_the_file(
    row: str, year: Year, tmp_path: Path
) -> None:
    text, told = WRONG_ROWS[row]
    file = answers(tmp_path, f"Søkerens id;Studietilbud;Svar;Svart dato\r\n{text}\r\n")
    ran = run("--language", "nb", "season", "answers", year.place, file)
    assert ran.code == 2
    assert "1 feil i svar.csv" in ran.err
    for words in told:
        assert words in ran.err, ran.err


def test_an_unknown_column_is_noted_and_one_that_resembles_a_known_is_an_error(
    year: Year, tmp_path: Path
) -> None:
    row = "a;vid-minoritet;ja"
    header = "Søkerens id;Studietilbud;Svar"
    noted = answers(tmp_path, f"{header};Telefon\r\n{row};1\r\n")
    ran = year.run("answers", noted, "--on", "2019-06-05", "--dry-run")
    assert ran.code == 0
    assert "Telefon" in ran.err
    close = answers(tmp_path, f"{header};Svart dat\r\n{row};5.6.2019\r\n")
    assert "answered_on" in year.refused("answers", close, "--on", "2019-06-05")


def test_a_sheet_without_the_columns_of_answers_is_noted(year: Year, tmp_path: Path) -> None:
    workbook = tmp_path / "decisions.xlsx"
    workbook.write_bytes((year.place / "call-1" / "decisions.xlsx").read_bytes())
    book = openpyxl.load_workbook(workbook)
    book.create_sheet("Notater").append(["ring", "mandag"])
    book.save(workbook)
    fill(workbook, "Alle", {"a vid-minoritet": "ja"})
    ran = year.run("answers", workbook, "--on", "2019-06-05", "--dry-run")
    assert ran.code == 0
    assert [line for line in ran.err.splitlines() if line] == [
        line for line in ran.err.splitlines() if "Notater" in line
    ]
    assert "Notater" in ran.err


def test_an_empty_answer_column_is_said_to_be(year: Year) -> None:
    workbook = year.place / "call-1" / "decisions.xlsx"
    assert "answer column" in year.ok("answers", workbook, "--on", "2019-06-05")


def test_a_stated_day_goes_before_the_commands_and_two_stated_ones_contradict(
    year: Year, tmp_path: Path
) -> None:
    header = "person_id,offering_id,answer,answered_on\n"
    file = tmp_path / "answers.csv"
    file.write_text(f"{header}a,vid-minoritet,yes,\na,vid-minoritet,yes,2019-06-01\n")
    assert "2019-06-01 is before" in year.refused("answers", file, "--on", "2019-06-05")
    file.write_text(f"{header}a,vid-minoritet,yes,2019-06-04\na,vid-minoritet,yes,2019-06-05\n")
    assert "1 error" in year.refused("answers", file)


def test_the_same_workbook_comes_again_after_a_call(tmp_path: Path) -> None:
    """b's yes at relasjon was entered and then replaced: it is in the workbook still."""
    year = chain_of_three(tmp_path)
    rows = "person_id,offering_id,answer,answered_on\n" + "".join(
        f"{who},2019-06-04\n" for who in ("a,vid-minoritet,no", "b,vid-relasjon,yes")
    )
    file = tmp_path / "answers.csv"
    file.write_text(rows)
    year.ok("answers", file)
    year.ok("call", "--on", "2019-06-05")
    assert "0 answers entered; there before: 2" in year.ok("answers", file)
    file.write_text(f"{rows}b,vid-minoritet,yes,2019-06-06\n")
    assert "1 answer entered; there before: 2" in year.ok("answers", file)
    year.holds()


RECORDS = {
    "everything that is missing": (["place"], ["--person, --offering", "office-error"]),
    "no fact and no value": (["correct", "--person", "a"], ["--fact, --value, --reason"]),
    "a value without a fact's name": (
        ["met", "--person", "a", "--offering", "vid-minoritet", "--fact", "sector"],
        ["does not use --fact"],
    ),
    "an offering that is none": (["close-lists", "--offering", "vid"], ["vid-minoritet"]),
    "an appeal that nobody made": (
        ["appeal-refused", "--person", "a", "--reason", "late"], ["no appeal by a"],
    ),
    "a fact that is nearly one": (
        ["correct", "--person", "a", "--fact", "bachelor_grad", "--value", "4", "--reason", "x"],
        ["one of: bachelor_grade."],
    ),
    "a value that is none": (
        ["correct", "--person", "a", "--fact", "bachelor_grade", "--value", "9", "--reason", "x"],
        ["--value", "found '9'"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("record", RECORDS)
def test_a_record_is_refused_with_all_that_is_wrong_with_it(record: str, year: Year) -> None:
    given, told = RECORDS[record]
    said = year.refused("record", *given, "--on", "5.6.2019")
    for words in told:
        assert words in said, said


def test_a_fact_goes_by_every_name_that_is_printed_and_a_dry_run_tells_the_places(
    year: Year,
) -> None:
    """d, third at minoritet, would be first with 5.0; a keeps the seat, d gets one beside it."""
    words = ("--person", "d", "--value", "5.0", "--on", "5.6.2019", "--reason", "x", "--dry-run")
    said = year.ok("record", "correct", "--fact", "Bachelorkarakter", *words)
    assert "d on the published list of vid-minoritet: no. 3 → no. 1" in said
    assert "a seat beside the 1 at vid-minoritet" in said
    assert said == year.ok("record", "correct", "--fact", "bachelor_grade", *words)


def test_an_assessed_fact_is_corrected_where_it_was_assessed(tmp_path: Path) -> None:
    """minoritet assessed d's grade as 3.0, and a as 4.5; d's own 4.8 counts nowhere there."""
    year = begun(
        tmp_path,
        {"a": "4.5", "d": "4.8"},
        {},
        {"vid-minoritet": 1},
        tables={
            "applications.csv": "person_id,offering_id,preference,bachelor_grade\n"
            "a,vid-minoritet,1,\nd,vid-minoritet,1,3.0\n"
        },
    )
    words = ("--person", "d", "--fact", "bachelor_grade", "--on", "2019-06-05", "--reason", "x")
    said = year.refused("record", "correct", *words, "--value", "4.9")
    assert "assessed apart at vid-minoritet" in said
    year.ok("record", "correct", *words, "--value", "4.9", "--offering", "vid-minoritet")
    assert year.states()["d vid-minoritet"] == "offered"
    year.holds()


def test_what_an_office_has_not_assessed_was_as_the_person_stated_it(tmp_path: Path) -> None:
    """a's grade, corrected at minoritet alone, was the 4.5 that a stated: not undocumented."""
    year = chain_of_three(tmp_path)
    words = ("--person", "a", "--fact", "bachelor_grade", "--on", "2019-06-05", "--reason", "x")
    year.ok("record", "correct", *words, "--value", "4.6", "--offering", "vid-minoritet")
    (detail,) = [row[6] for row in year.rows("events.csv") if "correct" in row]
    assert json.loads(detail)["old"] == "4.5"
    year.holds()


def test_silence_of_everybody_is_doubted_before_the_call(year: Year) -> None:
    said = year.ok("call", "--on", "2019-06-12", "--dry-run")
    assert said.startswith("note: 0 answers have been entered since 2019-06-03, and 2 offers are")
    assert "0 answers have been entered" in year.ok("status", "--on", "2019-06-12")


def test_status_tells_whose_appeal_waits(tmp_path: Path) -> None:
    year = chain_of_three(tmp_path)
    words = ("--person", "d", "--on", "2019-06-05", "--reason", "letter")
    year.ok("record", "appeal-received", *words)
    assert "1 appeal waits to be decided: d (2019-06-05)" in year.ok("status")
    year.ok("record", "appeal-refused", *words)
    assert "to be decided" not in year.ok("status")
