"""Rounds as offices have them, in ``cases/``: read as their authors see them, or refused."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from admissions.intake import read_round
from admissions.model.errors import InputError, UsageError
from admissions.model.round import Round

CASES = Path(__file__).parent / "cases"
pytestmark = pytest.mark.filterwarnings("ignore:Workbook contains no default style")
OFFERINGS = ("uis-juss", "vid-relasjon", "oslomet-barnets-beste")


def read(name: str) -> Round:
    return read_round(CASES / name, offerings=OFFERINGS)


def refused(path: Path) -> list[tuple[str, int | None, str]]:
    with pytest.raises(InputError) as error:
        read_round(path, offerings=OFFERINGS)
    return [(problem.file, problem.row, problem.expected) for problem in error.value.problems]


def test_merged_cells_are_an_error_that_names_the_range() -> None:
    advice = "only the first of them has a value. Maybe unmerge them and fill in each cell."
    assert refused(CASES / "merged.xlsx") == [
        ("merged.xlsx, sheet applicants", 2, f"merged cells F2:F4: {advice}"),
        ("merged.xlsx, sheet applicants", 2, f"merged cells G2:G4: {advice}"),
    ]


def test_parts_are_found_whatever_the_case_of_their_names() -> None:
    assert read("part-case.xlsx").leader_preferences["person_id"].tolist() == ["P1"]


def test_a_cell_in_a_percent_format_is_read_as_shown() -> None:
    assert read("percent.xlsx").applicants["post_percent"].tolist() == [50_00, 100_00, 80_00]
    assert read("percent.xlsx").notes == ()


def test_hidden_rows_are_used_and_counted_in_one_note() -> None:
    hidden = read("hidden-rows.xlsx")
    assert [note.expected for note in hidden.notes] == ["hidden in the workbook, but used: 2 rows"]


def test_a_hidden_sheet_is_used_and_counted() -> None:
    hidden = read("hidden-sheet.xlsx")
    assert len(hidden.leader_preferences) > 0
    assert [note.expected for note in hidden.notes] == ["hidden in the workbook, but used: 1 sheet"]


def test_a_title_above_the_header_is_one_error() -> None:
    said = "row 1 is no header; row 3 looks like one. Maybe delete the rows above it."
    assert refused(CASES / "title-row") == [("applicants.csv", 1, said)]


def test_a_title_without_delimiters_is_one_error_too(tmp_path: Path) -> None:
    for file in (CASES / "title-row").iterdir():
        text = file.read_text(encoding="utf-8").replace("Søkere 2019;;;;\n;;;;", "Søkere 2019\n")
        (tmp_path / file.name).write_text(text, encoding="utf-8")
    assert [row for _, row, _ in refused(tmp_path)] == [1]


def test_a_title_above_the_header_of_a_sheet_is_one_error(tmp_path: Path) -> None:
    path = changed(tmp_path, "percent.xlsx", lambda sheet: sheet.insert_rows(1, 2))
    book = openpyxl.load_workbook(path)
    book["applicants"]["A1"] = "Søkere 2019"
    book.save(path)
    said = "row 1 is no header; row 3 looks like one. Maybe delete the rows above it."
    assert refused(path) == [("percent.xlsx, sheet applicants", 1, said)]


def test_the_line_sep_is_read() -> None:
    assert read("sep-line").applicants["bachelor_grade"].tolist() == [350, 450]


def test_a_row_with_fewer_cells_than_the_header_is_an_error() -> None:
    said = "expected 6 cells as in the header, found 4. Maybe a delimiter is missing in the row."
    assert refused(CASES / "short-row") == [("applicants.csv", 3, said)]


def test_a_short_row_among_quoted_cells_is_an_error_too(tmp_path: Path) -> None:
    for file in (CASES / "short-row").iterdir():
        text = file.read_text(encoding="utf-8").replace("A3,municipal", '"A3","municipal"')
        (tmp_path / file.name).write_text(text, encoding="utf-8")
    assert [row for _, row, _ in refused(tmp_path)] == [3]


def test_labels_of_the_templates_notes_are_headers() -> None:
    people = read("labels").applicants
    assert people["bachelor_grade"].tolist() == [310, 490]
    assert people["experience_municipal"].tolist() == [200, 600]
    assert read("labels").applications["recommendation_date"].tolist() == [-1, 2019_03_01]


def test_a_lost_zero_is_an_error_and_no_other_municipality() -> None:
    said = "expected a municipality number of four digits. Maybe 0301."
    assert refused(CASES / "zero") == [("applicants.csv", 3, said)]


def test_hundred_unknown_columns_are_twenty_notes_and_a_count(tmp_path: Path) -> None:
    header = ",".join(f"x{n}" for n in range(100))
    blank = "," * 99
    (tmp_path / "applicants.csv").write_text(f"person_id,sector,{header}\nP1,state,{blank}\n")
    (tmp_path / "applications.csv").write_text("person_id,offering_id,preference\nP1,uis-juss,1\n")
    notes = read_round(tmp_path, offerings=OFFERINGS).notes
    assert len(notes) == 21
    assert str(notes[-1]) == "applicants.csv; and 80 more like these"


def changed(tmp_path: Path, name: str, change: Callable[[Worksheet], object]) -> Path:
    """The workbook ``name`` with its sheet of applicants changed."""
    book = openpyxl.load_workbook(CASES / name)
    change(book["applicants"])
    book.save(tmp_path / name)
    return tmp_path / name


@pytest.mark.parametrize(
    ("shown", "value", "post"),
    [("0%", 0.805, 80_50), ("0.00%", 0.5, 50_00), ('0" %"', 80, 80_00), ("General", 80, 80_00)],
)
def test_a_post_is_read_by_the_format_of_its_cell(
    shown: str, value: float, post: int, tmp_path: Path
) -> None:
    def fill(sheet: Worksheet) -> None:
        at = [cell.value for cell in sheet[1]].index("post_percent") + 1
        for row in range(2, sheet.max_row + 1):
            sheet.cell(row, at).value = value
            sheet.cell(row, at).number_format = shown

    read = read_round(changed(tmp_path, "percent.xlsx", fill), offerings=OFFERINGS)
    assert set(read.applicants["post_percent"]) == {post}


def test_a_grade_shown_in_per_cent_is_no_grade(tmp_path: Path) -> None:
    def fill(sheet: Worksheet) -> None:
        at = [cell.value for cell in sheet[1]].index("bachelor_grade") + 1
        sheet.cell(2, at).value = 4
        sheet.cell(2, at).number_format = "0%"

    ((_, row, said),) = refused(changed(tmp_path, "percent.xlsx", fill))
    assert (row, "expected a grade" in said) == (2, True)


def repacked(tmp_path: Path, name: str, rename: Callable[[str], str | None]) -> Path:
    """The workbook ``name`` with its parts called otherwise, or left out where that is None."""
    path = tmp_path / name
    with zipfile.ZipFile(CASES / name) as source, zipfile.ZipFile(path, "w") as copy:
        for part in source.namelist():
            other = rename(part)
            if other is not None:
                info = zipfile.ZipInfo(part)
                info.filename = other
                copy.writestr(info, source.read(part))
    return path


@pytest.mark.parametrize("rename", [str.upper, lambda part: part.replace("/", "\\")])
def test_names_of_parts_in_capitals_or_with_backslashes_are_read(
    rename: Callable[[str], str], tmp_path: Path
) -> None:
    path = repacked(tmp_path, "part-case.xlsx", rename)
    again = read_round(path, offerings=OFFERINGS)
    assert again.leader_preferences["person_id"].tolist() == ["P1"]
    assert again.applicants.equals(read("part-case.xlsx").applicants)


def test_a_sheet_whose_part_is_missing_is_an_error_that_names_it(tmp_path: Path) -> None:
    path = repacked(tmp_path, "part-case.xlsx", lambda part: None if "Sheet4" in part else part)
    assert refused(path) == [
        (
            "part-case.xlsx, sheet leader_preferences",
            None,
            "expected the part xl/worksheets/sheet4.xml in the workbook; it is not there. "
            "Maybe the file is damaged: open it and save it again.",
        )
    ]


def test_a_workbook_with_macros_is_read_and_its_macros_are_not(tmp_path: Path) -> None:
    path = tmp_path / "round.xlsm"
    path.write_bytes((CASES / "percent.xlsx").read_bytes())
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0")
    assert read_round(path, offerings=OFFERINGS).applicants.equals(read("percent.xlsx").applicants)


@pytest.mark.parametrize("ending", [".xls", ".ods", ".xlsb"])
def test_other_workbooks_are_to_be_saved_as_xlsx(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"round{ending}"
    path.write_bytes(b"\xd0\xcf\x11\xe0")
    with pytest.raises(UsageError, match="save as \\.xlsx"):
        read_round(path, offerings=OFFERINGS)


def test_many_errors_of_a_kind_are_twenty_lines_and_a_count(tmp_path: Path) -> None:
    people = "".join(f"P{n},nowhere,{n}\n" for n in range(2000, 2050))
    (tmp_path / "applicants.csv").write_text(f"person_id,sector,birth_date\n{people}")
    rows = "".join(f"P{n},uis-juss,1\n" for n in range(2000, 2050))
    (tmp_path / "applications.csv").write_text(f"person_id,offering_id,preference\n{rows}")
    with pytest.raises(InputError) as error:
        read_round(tmp_path, offerings=OFFERINGS)
    problems = error.value.problems
    assert error.value.count == 100
    assert [problem.column for problem in problems].count("sector") == 21
    assert [str(problem) for problem in problems[-2:]] == [
        "applicants.csv, column birth_date; and 30 more like these",
        "applicants.csv, column sector; and 30 more like these",
    ]
    assert str(error.value).startswith("100 errors in the round:")


def test_notes_stand_beside_errors_unknown_columns_first(tmp_path: Path) -> None:
    (tmp_path / "applicants.csv").write_bytes(
        "person_id;sector;Telefon;experience_state;birth_date\nÅ;state;1;1,999;x\n".encode("cp1252")
    )
    (tmp_path / "applications.csv").write_text("person_id;offering_id;preference\nÅ;uis-juss;1\n")
    with pytest.raises(InputError) as error:
        read_round(tmp_path, offerings=OFFERINGS)
    assert [problem.column for problem in error.value.problems] == ["birth_date"]
    assert [note.column for note in error.value.notes] == ["Telefon", "", "experience_state"]
    assert "3 notes:" in str(error.value)


def book(rows: dict[str, list[list[object]]]) -> bytes:
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    for name, lines in rows.items():
        sheet = made.create_sheet(name)
        for line in lines:
            sheet.append(line)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def test_a_sheet_that_resembles_an_absent_one_is_an_error_and_others_are_noted(
    tmp_path: Path,
) -> None:
    rows: dict[str, list[list[object]]] = {
        "Søkere": [["person_id", "sector", "Født"], ["P1", "state", dt.date(1980, 2, 1)]],
        "Søknader": [["person_id", "offering_id", "preference"], ["P1", "uis-juss", 1]],
        "leader preference": [["service_id"]],
        "Ark1": [["x"]],
    }
    path = tmp_path / "round.xlsx"
    path.write_bytes(book(rows))
    ((file, _, said),) = refused(path)
    assert file == "round.xlsx, sheet leader preference"
    assert "resembles leader_preferences" in said
    del rows["leader preference"]
    path.write_bytes(book(rows))
    (note,) = read_round(path, offerings=OFFERINGS).notes
    assert (note.file, "unknown sheet" in note.expected) == ("round.xlsx, sheet Ark1", True)
