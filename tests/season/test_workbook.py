"""The workbook of decisions goes out, is filled in, and comes back as it is."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from tests.acceptance.command import run
from tests.season.year import Year, begun, chain_of_three


def fill(workbook: Path, sheet: str, answers: dict[str, str]) -> None:
    """Writes an answer into the row of each ``person offering`` on ``sheet``."""
    book = openpyxl.load_workbook(workbook)
    page = book[sheet]
    header = [cell.value for cell in page[1]]
    person, offering, answer = 1, 2, len(header) - 1
    for row in range(2, page.max_row + 1):
        key = f"{page.cell(row, person).value} {page.cell(row, offering).value}"
        if key in answers:
            page.cell(row, answer).value = answers[key]
    book.save(workbook)


@pytest.mark.parametrize(
    ("language", "sheet", "yes", "no"),
    [("nb", "Alle", "ja", "nei"), ("nn", "Alle", "ja endeleg", "nei"), ("en", "All", "yes", "no")],
)
def test_the_filled_in_workbook_is_read(
    tmp_path: Path, language: str, sheet: str, yes: str, no: str
) -> None:
    year = _year(tmp_path, language)
    fill(tmp_path / "out" / "decisions.xlsx", sheet, {"a vid-minoritet": no, "b vid-relasjon": yes})
    said = year.ok("answers", tmp_path / "out" / "decisions.xlsx", "--on", "2019-06-05")
    assert "2 answers entered" in said
    assert year.states()["a vid-minoritet"] == "declined"
    assert year.states()["b vid-relasjon"] == "accepted"


def test_sheets_that_agree_are_one_answer_and_sheets_that_differ_an_error(tmp_path: Path) -> None:
    year = _year(tmp_path, "nb")
    workbook = tmp_path / "out" / "decisions.xlsx"
    fill(workbook, "Alle", {"a vid-minoritet": "ja"})
    fill(workbook, "vid-minoritet", {"a vid-minoritet": "nei"})
    said = year.refused("answers", workbook, "--on", "2019-06-05")
    assert "1 error" in said
    assert "vid-minoritet" in said
    fill(workbook, "vid-minoritet", {"a vid-minoritet": "ja"})
    assert "1 answer entered" in year.ok("answers", workbook, "--on", "2019-06-05")


def test_numbers_are_numbers_ids_are_text_and_the_header_stays(tmp_path: Path) -> None:
    _year(tmp_path, "nb")
    book = openpyxl.load_workbook(tmp_path / "out" / "decisions.xlsx")
    assert book.sheetnames == ["Alle", "vid-minoritet", "vid-relasjon"]
    page = book["vid-minoritet"]
    cells = {cell.value: number for number, cell in enumerate(page[1], start=1)}
    first = {name: page.cell(2, column) for name, column in cells.items()}
    assert first["Poeng"].value == 4.5
    assert first["Poeng"].number_format == "0.00"
    assert first["Plassering"].value == 1
    assert first["Utfall"].value == "Fått tilbud"
    assert page.freeze_panes == "B2"
    assert page.auto_filter.ref
    (answers,) = page.data_validations.dataValidation
    assert answers.formula1 == '"ja,ja endelig,nei,stryk,trekker seg"'


def _year(folder: Path, language: str) -> Year:
    year = chain_of_three(folder)
    again = run(
        "allocate", folder / "round", "--scenario", folder / "small.toml", "--out", folder / "out",
        "--language", language, "--overwrite",
    )  # fmt: skip
    assert again.code == 0, again.said
    return year


def test_the_office_s_own_columns_come_last_and_harm_nothing(tmp_path: Path) -> None:
    """One a person, one an application: what looks like a date, a number, an answer is text."""
    year = begun(
        tmp_path,
        {"a": "4.5", "b": "4.2"},
        {"a": "vid-minoritet", "b": "vid-minoritet vid-relasjon"},
        {"vid-minoritet": 1, "vid-relasjon": 1},
        tables={
            "applicants.csv": (
                "person_id,sector,service_id,bachelor_ects,bachelor_grade,experience_municipal,"
                "Arkivnr\na,municipal,Sa,180,4.5,5,3.10\nb,municipal,Sb,180,4.2,5,0007\n"
            ),
            "services.csv": "service_id\nSa\nSb\n",
            "applications.csv": (
                "person_id,offering_id,preference,Svar\na,vid-minoritet,1,ringt\n"
                "b,vid-minoritet,1,\nb,vid-relasjon,2,-\n"
            ),
        },
    )
    book = openpyxl.load_workbook(tmp_path / "out" / "decisions.xlsx")
    page = book.worksheets[0]
    header = [cell.value for cell in page[1]]
    assert header[-2:] == ["Arkivnr", "Svar (2)"]
    rows = {
        tuple(page.cell(row, column).value for column in (1, 2)): [
            (page.cell(row, column).value, page.cell(row, column).data_type)
            for column in (len(header) - 1, len(header))
        ]
        for row in range(2, page.max_row + 1)
    }
    assert rows["a", "vid-minoritet"] == [("3.10", "s"), ("ringt", "s")]
    assert rows["b", "vid-relasjon"][0] == ("0007", "s")
    assert rows["b", "vid-relasjon"][1][1] in ("s", "f")
    assert "0 answers" in year.ok(
        "answers", tmp_path / "out" / "decisions.xlsx", "--on", "2019-06-05"
    )


def test_a_workbook_that_is_left_out_is_said_to_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from admissions.report import decisions_workbook

    monkeypatch.setattr(decisions_workbook, "MOST_APPLICATIONS", 4)
    chain_of_three(tmp_path)
    ran = run("allocate", tmp_path / "round", "--scenario", tmp_path / "small.toml",
              "--out", tmp_path / "again")  # fmt: skip
    assert "decisions.xlsx is left out: 5 applications are more than the 4" in ran.err
    assert not (tmp_path / "again" / "decisions.xlsx").exists()
