"""The workbook of decisions goes out, is filled in, and comes back as it is."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from tests.acceptance.command import run
from tests.season.year import Year, chain_of_three


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
