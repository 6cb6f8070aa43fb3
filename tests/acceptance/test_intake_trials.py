"""The intake trials of the issue: forgiving in form, strict in substance."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.acceptance.command import Ran, files_of, read_csv, run, run_installed, write_round
from tests.acceptance.conftest import SMALL


def _rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.strip())))


def _rewritten(separator: str, *, comma: bool, end: str = "\n") -> dict[str, str]:
    """The small round's tables with other separators, decimal signs and line ends."""
    tables = {}
    for name, text in SMALL.items():
        if name.endswith(".toml"):
            tables[name] = text
            continue
        rows = _rows(text)
        if comma:
            rows = [[re.sub(r"^(\d+)\.(\d+)$", r"\1,\2", cell) for cell in row] for row in rows]
        tables[name] = "".join(separator.join(row) + end for row in rows)
    return tables


def _same_decisions(round_: Path, small: Path, out: Path) -> Ran:
    ran = run(
        "allocate", round_, "--scenario", small / "small.toml", "--out", out, "--language", "en"
    )
    assert ran.code == 0, ran.said
    ours, theirs = files_of(out), files_of(small / "out")
    for name in ("decisions.csv", "rankings/uis-juss.csv", "rankings/vid-minoritet.csv"):
        assert ours[name] == theirs[name], name
    return ran


@pytest.mark.parametrize(
    ("separator", "comma", "end", "encoding"),
    [
        (";", True, "\r\n", "cp1252"),
        (";", True, "\n", "latin-1"),
        (";", False, "\r\n", "utf-8-sig"),
        ("\t", True, "\n", "utf-8"),
        (",", False, "\r\n", "utf-8-sig"),
    ],
)
def test_separators_decimal_signs_and_encodings(
    separator: str, comma: bool, end: str, encoding: str, small: Path, tmp_path: Path
) -> None:
    tables = _rewritten(separator, comma=comma, end=end)
    tables["services.csv"] = tables["services.csv"].replace("Tjeneste 1", "Bærum og Åsnes, øst")
    if separator == ",":
        tables["services.csv"] = tables["services.csv"].replace(
            "Bærum og Åsnes, øst", '"Bærum og Åsnes, øst"'
        )
    (tmp_path / "round").mkdir()
    for name, text in tables.items():
        data = text.encode("utf-8" if name.endswith(".toml") else encoding)
        (tmp_path / "round" / name).write_bytes(data)
    _same_decisions(tmp_path / "round", small, tmp_path / "out")
    kept = (tmp_path / "out" / "round" / "services.csv").read_text(encoding="utf-8-sig")
    assert "Bærum og Åsnes, øst" in kept


NORWEGIAN = {
    "person_id": "Søkernr", "sector": "Sektor", "service_id": "Tjeneste",
    "bachelor_ects": "Studiepoeng bachelor", "bachelor_grade": "Karaktersnitt",
    "experience_municipal": "Erfaring kommunal", "position": "Stilling",
    "offering_id": "Studietilbud", "preference": "Prioritet", "name": "Navn",
    "municipality_no": "Kommunenr", "centrality": "Sentralitet", "employees": "Årsverk",
    "municipal": "kommunal", "state": "statlig", "private": "privat", "none": "ingen",
    "staff": "ansatt", "leader": "leder", "passed": "bestått",
}  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252"])
def test_norwegian_headers_and_words_in_any_order(
    encoding: str, small: Path, tmp_path: Path
) -> None:
    (tmp_path / "round").mkdir()
    (tmp_path / "round" / "round.toml").write_text(SMALL["round.toml"], encoding="utf-8")
    for name in ("applicants.csv", "applications.csv", "services.csv"):
        rows = [[NORWEGIAN.get(cell, cell) for cell in row][::-1] for row in _rows(SMALL[name])]
        text = "\r\n".join(";".join(row) for row in rows)
        (tmp_path / "round" / name).write_bytes(text.encode(encoding))
    _same_decisions(tmp_path / "round", small, tmp_path / "out")


def _workbook(path: Path, tables: Mapping[str, str]) -> openpyxl.Workbook:
    """The tables as an office would have them: numbers and dates as such, ids as text."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, text in tables.items():
        if not name.endswith(".csv"):
            continue
        sheet = book.create_sheet(name.removesuffix(".csv"))
        header, *rows = _rows(text)
        sheet.append(header)
        for row in rows:
            sheet.append([_typed(n, c) for n, c in zip(header, row, strict=True)])
    book.save(path)
    return book


def _typed(column: str, cell: str) -> str | int | float | dt.datetime | None:
    if cell == "":
        return None
    if column.endswith(("_id", "_no")):
        return cell
    if re.fullmatch(r"\d+", cell):
        return int(cell)
    if re.fullmatch(r"\d+\.\d+", cell):
        return float(cell)
    if re.fullmatch(r"\d{4}-\d\d-\d\d", cell):
        return dt.datetime.fromisoformat(cell)
    return cell


def test_an_excel_file_gives_the_same_decisions(small: Path, tmp_path: Path) -> None:
    _workbook(tmp_path / "round.xlsx", SMALL)
    _same_decisions(tmp_path / "round.xlsx", small, tmp_path / "out")
    assert run("verify", tmp_path / "out", "--round", tmp_path / "round.xlsx").code == 0
    again = tmp_path / "again.xlsx"
    _workbook(again, SMALL)
    _same_decisions(again, small, tmp_path / "again")


def test_numeric_ids_dates_and_yes_no_of_excel_are_read_as_shown(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].title = "applicants"
    for row in (
        ["person_id", "sector", "service_id", "bachelor_ects", "bachelor_grade", "birth_date",
         "leader_tasks"],
        [1001, "municipal", "007", 180, 4.5, dt.date(1980, 5, 17), True],
        [1002, "municipal", "7", 180, "4,5", dt.date(1970, 5, 17), False],
    ):  # fmt: skip
        book["applicants"].append(row)
    others: dict[str, list[list[Any]]] = {
        "applications": [["person_id", "offering_id", "preference"]]
        + [[person, "hvl-barnets-beste", 1.0] for person in (1001, "1002")],
        "services": [["service_id", "municipality_no"], ["007", "0301"], ["7", "0302"]],
    }
    for name, lines in others.items():
        sheet = book.create_sheet(name)
        for row in lines:
            sheet.append(row)
    book.save(tmp_path / "round.xlsx")
    (tmp_path / "later.toml").write_text(
        'id = "later"\nextends = "coordinated-2019"\nrules_on = 2022-08-01\n', encoding="utf-8"
    )
    ran = run(
        "allocate", tmp_path / "round.xlsx", "--scenario", tmp_path / "later.toml",
        "--out", tmp_path / "out",
    )  # fmt: skip
    assert ran.code == 0, ran.said
    _, rows = read_csv(tmp_path / "out" / "rankings" / "hvl-barnets-beste.csv")
    assert [(row["person_id"], row["service_id"]) for row in rows] == [
        ("1002", "7"),
        ("1001", "007"),
    ]


def test_the_template_is_no_round_until_it_is_filled_in(small: Path, tmp_path: Path) -> None:
    path = tmp_path / "round.xlsx"
    assert run("template", "--out", path).code == 0
    ran = run("check", path)
    assert ran.code == 2, ran.said
    assert ran.said.count("expected at least one row") == 2
    empty = run("allocate", path, "--scenario", small / "small.toml", "--out", tmp_path / "none")
    assert empty.code == 2, empty.said
    assert "Traceback" not in empty.said

    book = openpyxl.load_workbook(path)
    names = {name.removesuffix(".csv") for name in SMALL if name.endswith(".csv")}
    assert names <= set(book.sheetnames)
    for name in sorted(names):
        sheet = book[name]
        at, header = next(
            (number, row)
            for number, row in enumerate(sheet.iter_rows(), start=1)
            if row[0].value in ("person_id", "service_id")
        )
        places = {cell.value: column for column, cell in enumerate(header, start=1)}
        assert sheet.data_validations.dataValidation or name == "services"
        assert any(cell.comment for cell in header)
        columns, *rows = _rows(SMALL[f"{name}.csv"])
        for number, row in enumerate(rows, start=at + 1):
            for column, cell in zip(columns, row, strict=True):
                sheet.cell(number, places[column]).value = _typed(column, cell)
    book.save(path)
    _same_decisions(path, small, tmp_path / "out")


def _changed(name: str, old: str, new: str) -> dict[str, str]:
    assert old in SMALL[name]
    return {**SMALL, name: SMALL[name].replace(old, new, 1)}


REFUSED = {
    "a person twice": (
        _changed("applicants.csv", "p02,municipal,T1", "p01,municipal,T1"),
        ["applicants.csv", "row 3", "person_id", "p01"],
    ),
    "an unknown offering": (
        _changed("applications.csv", "p05,uis-juss", "p05,uis-jus"),
        ["applications.csv", "row 10", "offering_id", "uis-jus'"],
    ),
    "two equal preferences": (
        _changed("applications.csv", "p01,vid-minoritet,2", "p01,vid-minoritet,1"),
        ["applications.csv", "row 3", "preference", "'1'"],
    ),
    "an application twice": (
        _changed("applications.csv", "p01,vid-minoritet,2", "p01,uis-juss,2"),
        ["applications.csv", "row 3", "p01|uis-juss"],
    ),
    "a grade of 7": (
        _changed("applicants.csv", "180,4.1,", "180,7,"),
        ["applicants.csv", "row 2", "bachelor_grade", "'7'", "1-5"],
    ),
    "an old grade above 4.0": (
        {
            **SMALL,
            "applicants.csv": "person_id,sector,bachelor_grade,grade_scale\np01,state,4.1,old\n",
            "applications.csv": "person_id,offering_id,preference\np01,uis-juss,1\n",
        },
        ["applicants.csv", "row 2", "bachelor_grade", "'4.1'"],
    ),
    "a municipal applicant without a service": (
        _changed("applicants.csv", "p05,municipal,T2", "p05,municipal,"),
        ["applicants.csv", "row 6", "service_id"],
    ),
    "a service that is not there": (
        _changed("applicants.csv", "p05,municipal,T2", "p05,municipal,T9"),
        ["applicants.csv", "row 6", "service_id", "T9"],
    ),
    "a row with more cells than the header": (
        _changed("applicants.csv", "180,4.1,5,staff", "180,4,1,5,staff"),
        ["applicants.csv", "row 2"],
    ),
    "an unknown sector": (
        _changed("applicants.csv", "p06,state", "p06,federal"),
        ["applicants.csv", "row 7", "sector", "federal", "municipal"],
    ),
    "an application of nobody": (
        _changed("applications.csv", "p11,vid", "p12,vid"),
        ["applications.csv", "row 17", "person_id", "p12"],
    ),
    "a preference of zero": (
        _changed("applications.csv", "p11,vid-minoritet,1", "p11,vid-minoritet,0"),
        ["applications.csv", "row 17", "preference", "'0'"],
    ),
    "a negative number of years": (
        _changed("applicants.csv", "180,3.9,6", "180,3.9,-6"),
        ["applicants.csv", "row 3", "experience_municipal", "-6"],
    ),
    "a grade that is no number": (
        _changed("applicants.csv", "180,4.1,", "180,nan,"),
        ["applicants.csv", "row 2", "bachelor_grade", "nan"],
    ),
    "no column for the sector": (
        _changed("applicants.csv", "person_id,sector", "person_id,sectr"),
        ["applicants.csv", "sector"],
    ),
    "a formula": (
        _changed("applicants.csv", "180,4.1,", "180,=4+0.1,"),
        ["applicants.csv", "row 2", "bachelor_grade", "formula"],
    ),
    "an empty file": ({**SMALL, "applications.csv": ""}, ["applications.csv", "empty"]),
    "a leader who names others' staff": (
        {**SMALL, "leader_preferences.csv": "service_id,offering_id,person_id,rank\nT1,,p04,1\n"},
        ["leader_preferences.csv", "row 2", "person_id", "p04", "T2"],
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_wrong_is_refused_with_its_place(what: str, small: Path, tmp_path: Path) -> None:
    tables, words = REFUSED[what]
    round_ = write_round(tmp_path / "round", tables)
    before = files_of(tmp_path)
    checked = run("check", round_)
    for word in words:
        assert re.search(word, checked.err), checked.err
    allocated = run(
        "allocate", round_, "--scenario", small / "small.toml", "--out", tmp_path / "out"
    )
    assert checked.code == allocated.code == 2
    assert checked.err == allocated.err
    assert "Traceback" not in checked.err
    assert files_of(tmp_path) == before


def test_all_errors_are_told_at_once(tmp_path: Path) -> None:
    tables = {
        **SMALL,
        "applicants.csv": SMALL["applicants.csv"]
        .replace("180,4.1,", "180,7,")
        .replace("p06,state", "p06,federal"),
        "applications.csv": SMALL["applications.csv"].replace("p05,uis-juss", "p05,uis-jus"),
    }
    ran = run("check", write_round(tmp_path / "round", tables))
    assert ran.code == 2
    lines = [line for line in ran.err.splitlines() if ".csv, row" in line]
    assert len(lines) == 3, ran.err


def test_unknown_columns_and_people_without_applications_are_reported(
    small: Path, tmp_path: Path
) -> None:
    text = SMALL["applicants.csv"].replace("position\n", "position,shoe_size\n")
    text = re.sub(r"(p\d\d,.*)", r"\1,43", text) + "p12,state,,180,4,1,staff,40\n"
    round_ = write_round(tmp_path / "round", {**SMALL, "applicants.csv": text})
    ran = run("check", round_)
    assert ran.code == 0, ran.said
    assert "shoe_size" in ran.said
    assert "p12" in ran.said
    _same_decisions(round_, small, tmp_path / "out")


def test_services_may_be_missing_when_nobody_names_one(tmp_path: Path) -> None:
    tables = {
        "applicants.csv": "person_id,sector\na,state\nb,private\n",
        "applications.csv": "person_id,offering_id,preference\na,uis-juss,1\nb,uis-juss,1\n",
    }
    ran = run("check", write_round(tmp_path / "round", tables))
    assert ran.code == 0, ran.said
    with_service = {
        **tables,
        "applicants.csv": "person_id,sector,service_id\na,state,T1\nb,state,\n",
    }
    ran = run("check", write_round(tmp_path / "other", with_service))
    assert ran.code == 2
    assert "services.csv" in ran.err


BINARY = bytes(range(256)) * 8


@pytest.mark.parametrize(
    "data",
    [BINARY, b"\x89PNG\r\n\x1a\n" + BINARY, b"PK\x03\x04" + BINARY, b"\xff\xfe\x00\x00" * 50],
    ids=["bytes", "picture", "zip", "zeros"],
)
@pytest.mark.parametrize("name", ["round/applicants.csv", "round/round.toml", "round.xlsx"])
def test_a_binary_file_is_refused_with_its_name(data: bytes, name: str, tmp_path: Path) -> None:
    write_round(tmp_path / "round", SMALL)
    (tmp_path / name).write_bytes(data)
    ran = run("check", tmp_path / name.partition("/")[0])
    assert ran.code == 2, ran.said
    assert Path(name).name in ran.err
    assert "Traceback" not in ran.err
    assert len(ran.err) < 2000
    assert ran.err.isprintable() or "\x00" not in ran.err


def test_a_formula_cell_in_excel_is_refused_with_its_place(tmp_path: Path) -> None:
    book = _workbook(tmp_path / "round.xlsx", SMALL)
    book["applicants"]["E2"] = "=4+0.1"
    book.save(tmp_path / "round.xlsx")
    ran = run("check", tmp_path / "round.xlsx")
    assert ran.code == 2, ran.said
    assert "applicants" in ran.err
    assert "row 2" in ran.err
    assert "bachelor_grade" in ran.err
    assert "formula" in ran.err


def test_an_error_value_and_a_merged_cell_of_excel_do_not_pass_in_silence(tmp_path: Path) -> None:
    book = _workbook(tmp_path / "round.xlsx", SMALL)
    book["applicants"]["E2"] = "#DIV/0!"
    book.save(tmp_path / "round.xlsx")
    ran = run("check", tmp_path / "round.xlsx")
    assert ran.code == 2, ran.said
    assert "bachelor_grade" in ran.err


def test_a_workbook_without_the_sheets_says_which_are_missing(tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "round.xlsx")
    ran = run("check", tmp_path / "round.xlsx")
    assert ran.code == 2, ran.said
    assert "applicants" in ran.err
    assert "applications" in ran.err


def test_fifty_thousand_rows_are_read_in_seconds(tmp_path: Path) -> None:
    people = 50_000
    applicants = "person_id;sector;service_id;bachelor_ects;bachelor_grade;experience_municipal\n"
    applicants += "".join(
        f"P{n:05};kommunal;{n % 200:03};180;{2 + n % 300 / 100:.2f};{n % 30},5\n".replace(".", ",")
        for n in range(people)
    )
    applications = "person_id;offering_id;preference\n" + "".join(
        f"P{n:05};{'uis-juss' if n % 2 else 'vid-minoritet'};1\n" for n in range(people)
    )
    services = "service_id;municipality_no\n" + "".join(f"{n:03};{n:04}\n" for n in range(200))
    tables = {
        "applicants.csv": applicants,
        "applications.csv": applications,
        "services.csv": services,
    }
    round_ = write_round(tmp_path / "round", tables)
    begun = time.perf_counter()
    ran = run_installed("check", round_, "--json")
    taken = time.perf_counter() - begun
    assert ran.code == 0, ran.said
    assert json.loads(ran.out)["applicants"] == people
    assert taken < 10, f"{taken:.1f} s"


def test_fifty_thousand_errors_are_counted_truly(tmp_path: Path) -> None:
    tables = {
        "applicants.csv": "person_id,sector,bachelor_grade\n"
        + "".join(f"P{n:05},state,7\n" for n in range(50_000)),
        "applications.csv": "person_id,offering_id,preference\nP00001,uis-juss,1\n",
    }
    ran = run("check", write_round(tmp_path / "round", tables))
    assert ran.code == 2
    assert "row 2" in ran.err
    assert "50000" in ran.err.replace(" ", "").replace(",", "")
