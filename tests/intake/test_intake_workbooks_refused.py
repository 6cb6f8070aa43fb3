"""Workbooks that cannot be trusted or understood are refused with the place and the reason."""

from __future__ import annotations

import contextlib
import datetime as dt
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from admissions.intake import read_round, workbook_parts
from admissions.model.errors import Finding, InputError

OFFERINGS = ("uis-juss", "vid-relasjon")
Sheets = dict[str, list[list[Any]]]
SOUND: Sheets = {
    "applicants": [["person_id", "sector", "experience_state"], ["p1", "none", 1]],
    "applications": [["person_id", "offering_id", "preference"], ["p1", "uis-juss", 1]],
}


def write(path: Path, sheets: Sheets) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def refused(path: Path) -> list[Finding]:
    with pytest.raises(InputError) as caught:
        read_round(path, offerings=OFFERINGS)
    return list(caught.value.problems)


def places(problems: list[Finding]) -> list[tuple[str, int | None, str, str]]:
    return [(p.file, p.row, p.column, p.value) for p in problems]


def with_parts(path: Path, change: Callable[[str, bytes], bytes]) -> Path:
    """The workbook at ``path`` with each part changed."""
    with zipfile.ZipFile(path) as old:
        parts = {name: change(name, old.read(name)) for name in old.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts.items():
            new.writestr(name, content)
    return path


def test_a_formula_cell_is_refused_with_sheet_row_and_column(tmp_path: Path) -> None:
    sheets = SOUND | {
        "applicants": [
            ["person_id", "sector", "experience_state"],
            [],
            ["p1", "none", "=1+2"],
            ["p2", "none", 3],
        ],
        "applications": [["person_id", "offering_id", "preference"], ["=A1", "uis-juss", 1]],
    }
    problems = refused(write(tmp_path / "r.xlsx", sheets))
    assert places(problems) == [
        ("r.xlsx, sheet applicants", 3, "experience_state", "=1+2"),
        ("r.xlsx, sheet applications", 2, "person_id", "=A1"),
    ]
    assert "not a formula. Maybe" in problems[0].expected


def test_an_error_cell_is_refused(tmp_path: Path) -> None:
    sheets = SOUND | {
        "applicants": [
            ["person_id", "sector", "experience_state"],
            ["p1", "none", "#N/A"],
            ["p2", "#REF!", "#DIV/0!"],
        ]
    }
    assert places(refused(write(tmp_path / "r.xlsx", sheets))) == [
        ("r.xlsx, sheet applicants", 2, "experience_state", "#N/A"),
        ("r.xlsx, sheet applicants", 3, "experience_state", "#DIV/0!"),
        ("r.xlsx, sheet applicants", 3, "sector", "#REF!"),
    ]


def test_a_formula_right_of_the_header_is_named_by_its_letter(tmp_path: Path) -> None:
    header = ["person_id", "sector", *[None] * 25]
    sheets = SOUND | {"applicants": [header, ["p1", "none", *[None] * 25, "=1"]]}
    assert places(refused(write(tmp_path / "r.xlsx", sheets)))[0] == (
        "r.xlsx, sheet applicants",
        2,
        "AB",
        "=1",
    )


def test_a_value_right_of_the_header_is_refused(tmp_path: Path) -> None:
    sheets = SOUND | {"applicants": [["person_id", "sector"], ["p1", "none", "x"]]}
    assert places(refused(write(tmp_path / "r.xlsx", sheets))) == [
        ("r.xlsx, sheet applicants", 2, "", "x")
    ]


def test_codes_that_excel_changed_to_dates_fractions_or_truths_are_refused(tmp_path: Path) -> None:
    sheets = SOUND | {
        "applicants": [
            ["person_id", "sector"],
            [dt.date(2019, 2, 1), "none"],
            [1.5, "none"],
            [True, "none"],
            [1234567890123456, "none"],
            ["p1", "none"],
        ]
    }
    assert places(refused(write(tmp_path / "r.xlsx", sheets))) == [
        ("r.xlsx, sheet applicants", 2, "person_id", "2019-02-01"),
        ("r.xlsx, sheet applicants", 3, "person_id", "1.5"),
        ("r.xlsx, sheet applicants", 4, "person_id", "true"),
        ("r.xlsx, sheet applicants", 5, "person_id", "1.23456789012346e+15"),
    ]


def test_errors_of_several_sheets_and_the_settings_come_at_once(tmp_path: Path) -> None:
    sheets: Sheets = {
        "applicants": [["person_id", "sector", "bachelor_grade"], ["p1", "none", 7]],
        "applications": [["person_id", "offering_id", "preference"], ["p1", "uis", 1.5]],
        "services": [["service_id"], ["s1"], ["s1"]],
        "round": [["key", "value"], ["year", "now"], ["what", "ever"]],
    }
    assert places(refused(write(tmp_path / "r.xlsx", sheets))) == [
        ("r.xlsx, sheet applicants", 2, "bachelor_grade", "7"),
        ("r.xlsx, sheet applications", 2, "offering_id", "uis"),
        ("r.xlsx, sheet applications", 2, "preference", "1.5"),
        ("r.xlsx, sheet round", 2, "year", "now"),
        ("r.xlsx, sheet round", 3, "what", ""),
        ("r.xlsx, sheet services", 3, "service_id", "s1"),
    ]


def test_a_time_of_day_is_no_date_and_no_number(tmp_path: Path) -> None:
    sheets = SOUND | {
        "applicants": [
            ["person_id", "sector", "birth_date", "experience_state"],
            ["p1", "none", dt.datetime(1980, 1, 2, 12), dt.time(12)],  # noqa: DTZ001
        ]
    }
    assert places(refused(write(tmp_path / "r.xlsx", sheets))) == [
        ("r.xlsx, sheet applicants", 2, "birth_date", "1980-01-02 12:00:00"),
        ("r.xlsx, sheet applicants", 2, "experience_state", "12:00:00"),
    ]


def test_a_formula_as_a_header_is_refused(tmp_path: Path) -> None:
    sheets = SOUND | {"services": [["service_id", "=A1"], ["s1"]]}
    assert places(refused(write(tmp_path / "r.xlsx", sheets))) == [
        ("r.xlsx, sheet services", 1, "B", "=A1")
    ]


def test_settings_without_key_and_value_or_with_a_key_twice_are_refused(tmp_path: Path) -> None:
    sheets = SOUND | {"round": [["setting", "what"], ["year", 2019]]}
    assert places(refused(write(tmp_path / "one.xlsx", sheets))) == [
        ("one.xlsx, sheet round", 1, "", "")
    ]
    rows: list[list[Any]] = [
        ["key", "value"],
        ["year", 2019],
        ["År", 2020],
        ["case", "=1"],
        ["offerings", ","],
    ]
    assert places(refused(write(tmp_path / "two.xlsx", SOUND | {"round": rows}))) == [
        ("two.xlsx, sheet round", 3, "År", ""),
        ("two.xlsx, sheet round", 4, "value", "=1"),
        ("two.xlsx, sheet round", 5, "offerings", ","),
    ]


def test_two_sheets_for_one_table_are_refused(tmp_path: Path) -> None:
    sheets = SOUND | {" services": [["service_id"]], "Services": [["service_id"]]}
    assert places(refused(write(tmp_path / "r.xlsx", sheets))) == [
        ("r.xlsx, sheet Services", None, "", "")
    ]


def test_missing_and_empty_sheets_are_refused(tmp_path: Path) -> None:
    problems = refused(write(tmp_path / "r.xlsx", {"applicants": []}))
    assert places(problems) == [
        ("r.xlsx, sheet applicants", None, "", ""),
        ("r.xlsx, sheet applications", None, "", ""),
    ]
    assert "header row" in problems[0].expected
    assert "expected this sheet" in problems[1].expected


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "damaged or none"),
        (b"person_id,sector\n", "damaged or none"),
        (b"PK\x03\x04 cut off", "damaged or none"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "encrypted"),
    ],
)
def test_a_file_that_is_no_workbook_is_refused(data: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / "r.xlsx"
    path.write_bytes(data)
    (problem,) = refused(path)
    assert (problem.file, problem.row) == ("r.xlsx", None)
    assert words in problem.expected


def test_every_damage_of_a_workbook_is_refused_or_harmless(tmp_path: Path) -> None:
    sound = write(tmp_path / "r.xlsx", SOUND).read_bytes()
    path = tmp_path / "r.xlsx"
    for cut in range(0, len(sound), 97):
        path.write_bytes(sound[:cut])
        refused(path)
    for place in range(0, len(sound), 41):
        path.write_bytes(sound[:place] + bytes([sound[place] ^ 0xFF]) + sound[place + 1 :])
        with contextlib.suppress(InputError):
            read_round(path, offerings=OFFERINGS)


def test_a_zip_without_a_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "r.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("hello.txt", "hello")
    (problem,) = refused(path)
    assert "a part is missing" in problem.expected


def test_a_zip_bomb_is_refused_without_unpacking_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook_parts, "LARGEST_UNPACKED", 1 << 20)
    path = write(tmp_path / "r.xlsx", SOUND)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/image1.png", bytes(2 << 20))
    assert path.stat().st_size < 20_000
    (problem,) = refused(path)
    assert "unpacks to at most 1 MiB" in problem.expected


def test_a_workbook_with_more_parts_than_any_real_one_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "r.xlsx", SOUND)
    with zipfile.ZipFile(path, "a") as archive:
        for number in range(workbook_parts.MOST_PARTS):
            archive.writestr(f"x/{number}", b"")
    assert len(refused(path)) == 1


def test_xml_entities_are_refused(tmp_path: Path) -> None:
    def declare(name: str, content: bytes) -> bytes:
        if name != "xl/worksheets/sheet1.xml":
            return content
        return b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>' + content

    (problem,) = refused(with_parts(write(tmp_path / "r.xlsx", SOUND), declare))
    assert problem.file == "r.xlsx, sheet applicants"
    assert "document type" in problem.expected


def test_one_cell_in_the_far_corner_does_not_exhaust_the_memory(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(write(tmp_path / "r.xlsx", SOUND))
    book["applicants"]["XFD1048576"] = "x"
    book.save(tmp_path / "r.xlsx")
    (problem,) = refused(tmp_path / "r.xlsx")
    assert problem.file == "r.xlsx, sheet applicants"
    assert "1048576 rows by 16384 columns" in problem.expected


def test_what_is_scanned_is_what_is_read_when_a_part_stands_twice(tmp_path: Path) -> None:
    path = write(tmp_path / "r.xlsx", SOUND)
    sheet = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(path) as archive:
        content = archive.read(sheet)
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(path, "a") as archive:
        archive.writestr(sheet, content.replace(b"<v>1</v>", b"<v>9</v>"))
    assert list(read_round(path, offerings=OFFERINGS).applicants["experience_state"]) == [900]


def test_the_scan_finds_formulas_in_every_way_of_writing_xml() -> None:
    plain = (
        b'<worksheet><sheetData><row r="2"><c r="B2">%s<v>1</v></c></row></sheetData></worksheet>'
    )
    for formula in (b"<f>A1</f>", b"<f  >A1</f>", b"<f\n>A1</f>", b"<f t='array'>A1</f>"):
        assert workbook_parts.scan(plain % formula).found == [
            workbook_parts.UnsafeCell(2, 2, "=A1")
        ]
    assert workbook_parts.scan(plain % b"<f/>").found == [workbook_parts.UnsafeCell(2, 2, "=")]
    prefixed = (
        b'<x:worksheet xmlns:x="u"><x:row><x:c/><x:c><x:f>A1</x:f></x:c></x:row></x:worksheet>'
    )
    assert workbook_parts.scan(prefixed).found == [workbook_parts.UnsafeCell(1, 2, "=A1")]
    wide = plain.replace(b"B2", b"AA2") % b"<f>A1</f>"
    assert workbook_parts.scan(wide.decode().encode("utf-16")).found == [
        workbook_parts.UnsafeCell(2, 27, "=A1")
    ]
    assert workbook_parts.scan(plain % b"").found == []


@pytest.mark.parametrize("part", ["xl/styles.xml", "[Content_Types].xml"])
def test_a_damaged_part_is_refused_or_harmless(part: str, tmp_path: Path) -> None:
    def damage(name: str, content: bytes) -> bytes:
        return b"<a" + content[: len(content) // 2] if name == part else content

    with contextlib.suppress(InputError):
        read_round(with_parts(write(tmp_path / "r.xlsx", SOUND), damage), offerings=OFFERINGS)


def test_a_damaged_sheet_is_refused(tmp_path: Path) -> None:
    def cut(name: str, content: bytes) -> bytes:
        return content[: len(content) // 2] if name == "xl/worksheets/sheet1.xml" else content

    sheets = SOUND | {"applicants": [["person_id", "sector"], ["p1", "=1"], ["p2", "none"]]}
    for content in (SOUND, sheets):
        (problem,) = refused(with_parts(write(tmp_path / "r.xlsx", content), cut))
        assert problem.file == "r.xlsx, sheet applicants"
        assert "expected" in problem.expected
