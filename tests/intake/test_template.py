"""The blank workbook: what stands in it, that it is read as it is, and filled in."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest

from admissions.intake import read_round
from admissions.intake.template import write_template
from admissions.model.columns import Table
from admissions.model.errors import InputError, UsageError
from admissions.model.tables import CONTACTS, SETTINGS, TABLES

OFFERINGS = ("vid-relasjon", "uis-juss")


@pytest.fixture
def template(tmp_path: Path) -> Path:
    path = tmp_path / "round.xlsx"
    write_template(path, offerings=OFFERINGS)
    return path


def test_the_blank_workbook_lacks_nothing_but_applicants_and_applications(template: Path) -> None:
    with pytest.raises(InputError) as refused:
        read_round(template, offerings=OFFERINGS, contacts=True)
    assert [problem.file for problem in refused.value.problems] == [
        "round.xlsx, sheet applicants",
        "round.xlsx, sheet applications",
    ]
    assert refused.value.notes == ()


def test_its_sheets_are_a_guide_the_tables_and_the_settings(template: Path) -> None:
    book = openpyxl.load_workbook(template)
    assert book.sheetnames == [
        *("README", "applicants", "applications", "wishes", "offerings", "services"),
        *("municipalities", "leader_preferences", "leader_groups", "contacts", "round"),
    ]
    guide = [book["README"].cell(1, column).value for column in (1, 2, 3)]
    assert [str(text).split()[0] for text in guide] == ["Slik", "Slik", "How"]
    for table in TABLES:
        sheet = book[table.name]
        assert [cell.value for cell in sheet[1]] == [column.name for column in table.columns]
        assert sheet.freeze_panes == "A2"
    assert [cell.value for cell in book["round"]["A"]] == [
        *("key", "year", "rules_on", "institution", "case", "decided_on", "signatory"),
        *("answer_deadline", "appeal_body", "offerings"),
    ]


def test_every_column_has_a_note_in_three_languages(template: Path) -> None:
    book = openpyxl.load_workbook(template)
    cells = [cell for table in TABLES for cell in book[table.name][1]]
    cells += [row[0] for row in book["round"].iter_rows(min_row=2)]
    assert len(cells) == sum(len(table.columns) for table in (*TABLES, SETTINGS))
    for cell in cells:
        assert cell.comment is not None, cell.coordinate
        lines = cell.comment.text.splitlines()
        assert [line[:4] for line in lines] == ["nb: ", "nn: ", "en: "]
    post = book["applicants"]["E1"].comment.text
    assert "en: Post, per cent. A number 0-100. Empty: 100." in post


def test_lists_yes_no_and_offerings_have_drop_downs_and_codes_are_text(template: Path) -> None:
    book = openpyxl.load_workbook(template)
    sheet = book["applicants"]
    choices = {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert choices["B2:B1048576"] == '"municipal,state,private,none"'
    assert choices["H2:H1048576"] == '"yes,no"'
    assert len(choices) == 6 + 5
    (offering,) = (
        rule.formula1
        for rule in book["applications"].data_validations.dataValidation
        if str(rule.sqref).startswith("B2")
    )
    assert offering == "README!$E$2:$E$3"
    assert [book["README"][place].value for place in ("E2", "E3")] == ["uis-juss", "vid-relasjon"]
    widths = sheet.column_dimensions
    assert widths["A"].number_format == "@"
    assert widths["C"].number_format == "@"


def test_the_same_template_has_the_same_bytes(template: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.xlsx"
    write_template(other, offerings=OFFERINGS[::-1])
    assert other.read_bytes() == template.read_bytes()
    with zipfile.ZipFile(template) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_filled_in_it_is_a_round(template: Path) -> None:
    book = openpyxl.load_workbook(template)
    book["applicants"].append(["007", "municipal", "s1"])
    book["applications"].append(["007", "uis-juss", 1, "ja"])
    book["services"].append(["s1", "Nord"])
    book["round"]["B2"] = 2019
    book.save(template)
    read = read_round(template, offerings=OFFERINGS)
    assert list(read.applicants["person_id"]) == ["007"]
    assert read.settings.year == 2019
    assert read.notes == ()


def test_a_workbook_that_is_there_is_not_overwritten(template: Path) -> None:
    before = template.read_bytes()
    with pytest.raises(UsageError, match="Maybe choose another name"):
        write_template(template, offerings=OFFERINGS)
    assert template.read_bytes() == before


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be written: No such file"):
        write_template(tmp_path / "nowhere" / "round.xlsx", offerings=OFFERINGS)


@pytest.mark.parametrize("table", [*TABLES, CONTACTS, SETTINGS], ids=lambda table: table.name)
def test_no_header_means_two_columns(table: Table) -> None:
    headers = [column.headers() for column in (*table.columns, *table.more)]
    assert sum(map(len, headers)) == len(set().union(*headers)) == len(table.by_header)
