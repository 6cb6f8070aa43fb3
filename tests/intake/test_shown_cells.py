"""What the author of a workbook sees, and what its cells hold: read as seen, or said aloud."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from admissions.intake import read_round
from admissions.intake.cell_styles import Style, style_of_format
from admissions.model.errors import InputError
from admissions.model.round import Round

HEAD = ("person_id", "sector", "municipality_no", "bachelor_ects", "bachelor_grade", "birth_date")
PEOPLE = (("P1", "state", "1103", 180, 4.5, None), ("P2", "state", "1103", 180, 3.5, None))


def workbook(path: Path, change: Callable[[Worksheet], object]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "applicants"
    for row in (HEAD, *PEOPLE):
        sheet.append(row)
    applications = book.create_sheet("applications")
    applications.append(("person_id", "offering_id", "preference"))
    for person in ("P1", "P2"):
        applications.append((person, "uis-juss", 1))
    change(sheet)
    book.save(path / "round.xlsx")
    return path / "round.xlsx"


def read(path: Path, change: Callable[[Worksheet], object]) -> Round:
    return read_round(workbook(path, change), offerings=["uis-juss"])


def notes(path: Path, change: Callable[[Worksheet], object]) -> list[str]:
    return [str(note) for note in read(path, change).notes]


def refused(path: Path, change: Callable[[Worksheet], object]) -> str:
    with pytest.raises(InputError) as error:
        read(path, change)
    (problem,) = error.value.problems
    return str(problem)


def put(at: str, value: object, shown: str = "General") -> Callable[[Worksheet], object]:
    def change(sheet: Worksheet) -> None:
        sheet[at].value = value
        sheet[at].number_format = shown

    return change


def test_an_ordinary_workbook_has_no_notes(tmp_path: Path) -> None:
    assert notes(tmp_path, lambda sheet: None) == []


@pytest.mark.parametrize(
    ("code", "style"),
    [
        ("General", Style()),
        ("@", Style()),
        ("dd.mm.yyyy", Style()),
        ("0", Style(decimals=0, digits=1)),
        ("0.00", Style(decimals=2)),
        ("#,##0.0;[Red]-#,##0.0", Style(decimals=1)),
        ("0%", Style(percent=True, decimals=0)),
        ("0000", Style(decimals=0, digits=4)),
        ('"P"0000', Style(decimals=0, before="P", digits=4)),
        ('0000"-A"', Style(decimals=0, digits=4, after="-A")),
        (";;;", Style(unseen=True)),
    ],
)
def test_how_a_format_shows_a_number(code: str, style: Style) -> None:
    assert style_of_format(code) == style


@pytest.mark.parametrize("at", ["A2", "E2"])
def test_what_is_struck_through_is_used_and_said(tmp_path: Path, at: str) -> None:
    def strike(sheet: Worksheet) -> None:
        sheet[at].font = Font(strike=True)

    (note,) = notes(tmp_path, strike)
    assert note.startswith("round.xlsx, sheet applicants; something in 1 row is struck through")
    assert "row 2" in note


def test_a_text_that_is_struck_through_in_part_is_said(tmp_path: Path) -> None:
    def strike(sheet: Worksheet) -> None:
        sheet["A3"].value = CellRichText("P", TextBlock(InlineFont(strike=True), "9"), "2")
        assert sheet.parent is not None
        sheet.parent["applications"]["A3"].value = "P92"

    book = workbook(tmp_path, strike)
    found = [str(note) for note in read_round(book, offerings=["uis-juss"]).notes]
    assert any("struck through" in note and "row 3" in note for note in found)


@pytest.mark.parametrize("code", ["white", ";;;"])
def test_what_does_not_show_is_used_and_said(tmp_path: Path, code: str) -> None:
    def hide(sheet: Worksheet) -> None:
        if code == "white":
            sheet["E3"].font = Font(color="FFFFFFFF")
        else:
            sheet["E3"].number_format = code

    (note,) = notes(tmp_path, hide)
    assert "does not show" in note
    assert "row 3" in note


def test_white_on_a_colour_shows(tmp_path: Path) -> None:
    def colour(sheet: Worksheet) -> None:
        sheet["E3"].font = Font(color="FFFFFFFF")
        sheet["E3"].fill = PatternFill("solid", fgColor="FF003366")

    assert notes(tmp_path, colour) == []


def test_a_number_shown_with_fewer_decimals_than_it_has_is_said(tmp_path: Path) -> None:
    found = read(tmp_path, put("E2", 3.149, "0.0"))
    (note,) = map(str, found.notes)
    assert "row 2, column bachelor_grade: found '3.149'" in note
    assert "1 number is shown with fewer decimals" in note
    assert notes(tmp_path, put("E2", 3.1, "0.0")) == []
    assert notes(tmp_path, put("E2", 3.149, "0.000")) == []


def test_a_code_in_a_padding_format_is_read_as_it_is_shown(tmp_path: Path) -> None:
    found = read(tmp_path, put("C2", 301, "0000"))
    assert found.applicants["municipality_no"].tolist() == ["0301", "1103"]
    assert found.notes == ()


def test_an_id_in_a_format_with_a_letter_is_read_as_it_is_shown(tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        put("A2", 1, '"P"0')(sheet)
        put("A3", 2, '"P"0')(sheet)

    assert read(tmp_path, change).applicants["person_id"].tolist() == ["P1", "P2"]


@pytest.mark.parametrize(
    ("at", "value", "told"),
    [
        ("E2", dt.date(2019, 10, 3), "Maybe 3.10, which the spreadsheet took for a date"),
        ("E2", dt.date(2019, 5, 4), "Maybe 4.5, which the spreadsheet took for a date"),
        ("D2", dt.date(2019, 10, 3), "Maybe 3.10, which"),
        ("F2", 30233, "Maybe 1982-10-09, which is that number in a spreadsheet"),
        (
            "F2",
            dt.datetime.fromisoformat("1982-10-09 23:59"),
            "a date without a time of day. Maybe 1982-10-09",
        ),
    ],
)
def test_what_a_spreadsheet_made_of_a_value_is_told(
    tmp_path: Path, at: str, value: object, told: str
) -> None:
    shown = "dd.mm.yyyy" if isinstance(value, dt.date) else "General"
    assert told in refused(tmp_path, put(at, value, shown))


def test_a_copy_of_a_sheet_is_said_not_to_be_read(tmp_path: Path) -> None:
    def copy(sheet: Worksheet) -> None:
        assert sheet.parent is not None
        sheet.parent.create_sheet("applicants (2)").append(HEAD)

    (note,) = notes(tmp_path, copy)
    assert "a copy? Only the sheet 'applicants' is read" in note
