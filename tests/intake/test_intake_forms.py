"""The same round in every form that offices export is read as the same round."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from admissions.intake import read_round
from admissions.intake.writing import round_texts
from admissions.model.columns import fold
from admissions.model.errors import InputError, UsageError
from admissions.model.fact import Fact
from admissions.model.round import Round
from admissions.model.tables import TABLES as TABLES_OF_A_ROUND
from admissions.model.vocabulary import Language

OFFERINGS = ("hvl-barnets-beste", "uis-juss", "vid-relasjon")
TABLES = (
    "applicants",
    "given",
    "applications",
    "services",
    "municipalities",
    "leader_preferences",
    "leader_groups",
)

PLAIN = {
    "applicants.csv": "person_id,sector,service_id,post_percent,position,leader_tasks,"
    "bachelor_grade,experience_municipal,master,birth_date,gender,region\n"
    "007,municipal,Åseral,80.5,deputy-leader,yes,4.25,3.5,relevant,1980-02-01,female,tromso\n"
    "8,none,,,,,,,,,,\n",
    "applications.csv": "person_id,offering_id,preference,employer_recommended,"
    "recommendation_date\n"
    "8,uis-juss,1,no,\n"
    "007,uis-juss,2,yes,2019-03-01\n"
    "007,vid-relasjon,1,no,\n",
    "services.csv": "service_id,name,employees,municipality_no\nÅseral,Sør-Åseral,7.5,0301\n",
}
NORWEGIAN = {
    "applicants.csv": "Kjønn;Fødselsdato;SØKER ID;Arbeidsgiversektor;Barneverntjeneste;"
    "Stillingsprosent;Stilling;Leder-oppgaver;Karaktersnitt;Erfaring kommunal;Mastergrad;"
    "Gruppested\n"
    "Kvinne;01.02.1980;007;Kommunal;Åseral;80,5;Stedfortreder;Ja;4,25;3,5;Relevant;Tromsø\n"
    ";;8;ingen;;;;;;;;\n",
    "applications.csv": "Søker-ID;Studietilbud;Prioritet;Anbefalt av arbeidsgiver;Anbefalingsdato\n"
    "8;uis-juss;1;Nei;\n"
    "007;uis-juss;2;JA;1.3.2019\n"
    "007;vid-relasjon;1;nei;\n",
    "services.csv": "Tjeneste-id;Navn;Årsverk;Kommunenummer\nÅseral;Sør-Åseral;7,5;0301\n",
}


def write(folder: Path, files: dict[str, str], encoding: str = "utf-8") -> Path:
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_bytes(text.encode(encoding))
    return folder


def plain(tmp_path: Path) -> Round:
    return read_round(write(tmp_path / "plain", PLAIN), offerings=OFFERINGS)


def assert_same(one: Round, other: Round) -> None:
    for table in TABLES:
        pd.testing.assert_frame_equal(getattr(one, table), getattr(other, table))
    assert one.settings == other.settings
    assert one.offerings == other.offerings


def changed(files: dict[str, str], old: str, new: str) -> dict[str, str]:
    return {name: text.replace(old, new) for name, text in files.items()}


def test_the_plain_round_holds_what_its_files_say(tmp_path: Path) -> None:
    read = plain(tmp_path)
    assert read.applicants.to_dict("records") == [
        {
            "person_id": "007",
            "sector": 0,
            "service_id": "Åseral",
            "municipality_no": "0301",
            "post_percent": 8050,
            "position": 3,
            "personnel_responsibility": False,
            "leader_tasks": True,
            "supervisor_responsibility": False,
            "bachelor_ects": -1,
            "bachelor_grade": 425,
            "bachelor_passed": False,
            "bachelor_grade_rest": 0,
            "bachelor_grade_old": -1,
            "experience_municipal": 350,
            "experience_state": 0,
            "experience_private": 0,
            "experience_documented": True,
            "workplace_agreement": True,
            "education_ects": 0,
            "relevant_education_ects": 0,
            "further_education_count": 0,
            "master": 1,
            "competence_courses": 0,
            "region": 3,
            "birth_date": 19800201,
            "gender": 0,
        },
        {
            "person_id": "8",
            "sector": 3,
            "service_id": "",
            "municipality_no": "",
            "post_percent": 10000,
            "position": 0,
            "personnel_responsibility": False,
            "leader_tasks": False,
            "supervisor_responsibility": False,
            "bachelor_ects": -1,
            "bachelor_grade": -1,
            "bachelor_passed": False,
            "bachelor_grade_rest": 0,
            "bachelor_grade_old": -1,
            "experience_municipal": 0,
            "experience_state": 0,
            "experience_private": 0,
            "experience_documented": True,
            "workplace_agreement": True,
            "education_ects": 0,
            "relevant_education_ects": 0,
            "further_education_count": 0,
            "master": 0,
            "competence_courses": 0,
            "region": -1,
            "birth_date": -1,
            "gender": -1,
        },
    ]
    assert list(read.given.columns) == list(read.applicants.columns)
    stated = read.given.columns[read.given.to_numpy()[0]]
    assert list(stated) == [
        *("person_id", "sector", "service_id", "post_percent", "position", "leader_tasks"),
        *("bachelor_grade", "bachelor_passed", "bachelor_grade_rest", "bachelor_grade_old"),
        *("experience_municipal", "master", "region", "birth_date", "gender"),
    ]
    assert list(read.given.columns[read.given.to_numpy()[1]]) == ["person_id", "sector"]
    assert read.applications.to_dict("records") == [
        {
            "person_id": person,
            "offering_id": offering,
            "preference": preference,
            "employer_recommended": recommended,
            "recommendation_date": date,
            "person": row,
        }
        for person, offering, preference, recommended, date, row in (
            ("007", "vid-relasjon", 1, False, -1, 0),
            ("007", "uis-juss", 2, True, 20190301, 0),
            ("8", "uis-juss", 1, False, -1, 1),
        )
    ]
    assert read.services.to_dict("records") == [
        {
            "service_id": "Åseral",
            "name": "Sør-Åseral",
            "municipality_no": "0301",
            "centrality": -1,
            "employees": 750,
            "region": -1,
            "need": -1,
            "max_students": -1,
        }
    ]
    assert read.offerings == ("uis-juss", "vid-relasjon")
    assert read.notes == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "latin-1"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_norwegian_words_and_decimal_commas_mean_the_same(
    encoding: str, line_end: str, tmp_path: Path
) -> None:
    files = changed(NORWEGIAN, "\n", line_end)
    read = read_round(write(tmp_path / "other", files, encoding), offerings=OFFERINGS)
    assert_same(read, plain(tmp_path))


def test_a_file_in_cp1252_is_noted(tmp_path: Path) -> None:
    read = read_round(write(tmp_path / "other", NORWEGIAN, "cp1252"), offerings=OFFERINGS)
    assert [(note.file, note.expected) for note in read.notes] == [
        ("applicants.csv", "not UTF-8, read as cp1252"),
        ("applications.csv", "not UTF-8, read as cp1252"),
        ("services.csv", "not UTF-8, read as cp1252"),
    ]


def test_tabs_and_quoted_decimal_commas_mean_the_same(tmp_path: Path) -> None:
    tabs = changed(NORWEGIAN, ";", "\t")
    commas = changed(changed(changed(PLAIN, "80.5", '"80,5"'), "4.25", '"4,25"'), "7.5", '"7,5"')
    base = plain(tmp_path)
    assert_same(read_round(write(tmp_path / "tabs", tabs), offerings=OFFERINGS), base)
    assert_same(read_round(write(tmp_path / "commas", commas), offerings=OFFERINGS), base)


def test_blank_rows_spaces_and_file_names_in_capitals_change_nothing(tmp_path: Path) -> None:
    files = {name.upper(): f"\n{text.replace(',', ' , ')}\n,,\n" for name, text in PLAIN.items()}
    read = read_round(write(tmp_path / "other", files), offerings=OFFERINGS)
    assert_same(read, plain(tmp_path))


def test_letters_composed_of_two_signs_are_the_same_letters(tmp_path: Path) -> None:
    files = PLAIN | {"services.csv": PLAIN["services.csv"].replace("Å", "A\u030a")}
    read = read_round(write(tmp_path / "other", files), offerings=OFFERINGS)
    assert_same(read, plain(tmp_path))


def test_unknown_columns_and_files_are_noted_and_ignored(tmp_path: Path) -> None:
    files = PLAIN | {
        "services.csv": "service_id,name,employees,municipality_no,phone,mail\n"
        "Åseral,Sør-Åseral,7.5,0301,1234,\n",
        "extra.csv": "a\n",
        "README.md": "for people",
        ".hidden": "",
    }
    read = read_round(write(tmp_path / "other", files), offerings=OFFERINGS)
    assert_same(read, plain(tmp_path))
    assert [(note.file, note.row, note.column) for note in read.notes] == [
        ("extra.csv", None, ""),
        ("services.csv", 1, "mail"),
        ("services.csv", 1, "phone"),
    ]
    assert read.notes[1].expected == "unknown column, ignored"


def test_an_unknown_column_is_noted_where_the_one_it_resembles_is_there(tmp_path: Path) -> None:
    files = PLAIN | {
        "services.csv": "service_id,name,employees,municipality_no,employes\n"
        "Åseral,Sør-Åseral,7.5,0301,\n"
    }
    read = read_round(write(tmp_path / "other", files), offerings=OFFERINGS)
    assert [(note.column, note.expected) for note in read.notes] == [
        ("employes", "unknown column, ignored")
    ]


@pytest.mark.parametrize(
    ("table", "header", "misspelt"),
    [
        ("applicants.csv", "bachelor_grade", "bachelor_grde"),
        ("applicants.csv", "sector", "sectr"),
        ("applications.csv", "employer_recommended", "Anbefalt av arbeidsgjevar"),
        ("services.csv", "employees", "employes"),
    ],
)
def test_an_unknown_column_that_resembles_an_absent_one_is_one_error(
    table: str, header: str, misspelt: str, tmp_path: Path
) -> None:
    files = PLAIN | {table: PLAIN[table].replace(header, misspelt)}
    with pytest.raises(InputError) as refused:
        read_round(write(tmp_path / "other", files), offerings=OFFERINGS)
    (problem,) = refused.value.problems
    assert (problem.file, problem.row, problem.column) == (table, 1, misspelt)
    assert f"resembles {header}" in problem.expected


def test_a_file_whose_name_resembles_an_absent_one_is_an_error(tmp_path: Path) -> None:
    files = PLAIN | {"leader_preference.csv": "service_id,person_id,rank\nÅseral,007,1\n"}
    with pytest.raises(InputError) as refused:
        read_round(write(tmp_path / "other", files), offerings=OFFERINGS)
    assert [(p.file, p.expected) for p in refused.value.problems] == [
        (
            "leader_preference.csv",
            "an unknown file that resembles leader_preferences.csv, which is not there. "
            "Maybe call it leader_preferences.csv, or move it away.",
        )
    ]


def test_files_and_sheets_have_norwegian_names_too(tmp_path: Path) -> None:
    norwegian = {"applicants": "Søkere", "applications": "Søknader", "services": "Tjenester"}
    files = {f"{norwegian[name[:-4]]}.csv": text for name, text in PLAIN.items()}
    read = read_round(write(tmp_path / "other", files), offerings=OFFERINGS)
    assert_same(read, plain(tmp_path))
    book = openpyxl.load_workbook(workbook(tmp_path / "round.xlsx"))
    for sheet in book.worksheets:
        sheet.title = norwegian.get(sheet.title.lower(), sheet.title)
    book.save(tmp_path / "round.xlsx")
    as_workbook = read_round(tmp_path / "round.xlsx", offerings=OFFERINGS)
    assert as_workbook.applicants.equals(read.applicants)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_read_and_noted(encoding: str, tmp_path: Path) -> None:
    files = changed(NORWEGIAN, "\n", "\r\n")
    read = read_round(write(tmp_path / "other", files, encoding), offerings=OFFERINGS)
    assert_same(read, plain(tmp_path))
    assert {note.expected for note in read.notes} == {"not UTF-8, read as UTF-16"}


@pytest.mark.parametrize("line", ["sep=;", "SEP=;", '"sep=;"', "sep=;;;"])
def test_the_line_by_which_excel_tells_the_delimiter_is_no_row(line: str, tmp_path: Path) -> None:
    files = {name: f"{line}\r\n{text}" for name, text in NORWEGIAN.items()}
    read = read_round(write(tmp_path / "other", files, "utf-8-sig"), offerings=OFFERINGS)
    assert_same(read, plain(tmp_path))
    wrong = files | {"services.csv": files["services.csv"].replace("7,5", "x")}
    with pytest.raises(InputError) as refused:
        read_round(write(tmp_path / "wrong", wrong), offerings=OFFERINGS)
    assert [problem.row for problem in refused.value.problems] == [2]


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_every_label_that_the_program_prints_is_a_header(language: Language) -> None:
    for table in TABLES_OF_A_ROUND:
        known = table.by_header
        for column in table.columns:
            assert known[fold(column.title.in_(language))] is column
            if isinstance(column, Fact):
                assert known[fold(column.phrase.in_(language))] is column
                assert known[fold(column.own.in_(language))] is column


def test_settings_of_round_toml_are_read(tmp_path: Path) -> None:
    toml = """\
year = 2019
rules_on = 2019-08-01
institution = "Universitetet i Sør"
case = "2019/12"
decided_on = 2019-04-20
signatory = "Kari Nordmann"
answer_deadline = "1.5.2019"
appeal_body = "Klagenemnda"
offerings = ["vid-relasjon", "uis-juss", "hvl-barnets-beste"]
"""
    folder = write(tmp_path / "other", PLAIN | {"round.toml": toml}, "cp1252")
    read = read_round(folder, offerings=OFFERINGS)
    assert read.settings.model_dump() == {
        "year": 2019,
        "rules_on": dt.date(2019, 8, 1),
        "institution": "Universitetet i Sør",
        "case": "2019/12",
        "decided_on": dt.date(2019, 4, 20),
        "signatory": "Kari Nordmann",
        "answer_deadline": dt.date(2019, 5, 1),
        "appeal_body": "Klagenemnda",
        "offerings": ("vid-relasjon", "uis-juss", "hvl-barnets-beste"),
    }
    assert read.offerings == ("hvl-barnets-beste", "uis-juss", "vid-relasjon")


def test_numbers_beyond_two_decimals_are_cut_and_noted(tmp_path: Path) -> None:
    files = changed(PLAIN, "3.5", "1.996")
    read = read_round(write(tmp_path / "other", files), offerings=OFFERINGS)
    assert read.applicants.loc[0, "experience_municipal"] == 199
    (note,) = read.notes
    assert (note.row, note.column, note.value) == (2, "experience_municipal", "1.996")
    assert note.expected == "more than two decimals, cut to 1.99"


@pytest.mark.parametrize("stated", ["4.449", "4.444999999999999", "3.05", "1.000000000000001"])
def test_a_grade_is_kept_as_stated(stated: str, tmp_path: Path) -> None:
    files = changed(PLAIN, "4.25", stated)
    read = read_round(write(tmp_path / "other", files), offerings=OFFERINGS)
    assert read.notes == ()
    texts = round_texts(read)["applicants.csv"].splitlines()
    assert (
        dict(zip(*(line.split(",") for line in texts[:2]), strict=True))["bachelor_grade"] == stated
    )
    assert_same(read_round(write(tmp_path / "again", round_texts(read)), offerings=OFFERINGS), read)


def test_a_grade_a_hair_above_five_or_below_one_is_refused(tmp_path: Path) -> None:
    for number, stated in enumerate(("5.000000000000001", "0.999999999999999")):
        folder = write(tmp_path / str(number), changed(PLAIN, "4.25", stated))
        with pytest.raises(InputError, match="expected a grade 1-5"):
            read_round(folder, offerings=OFFERINGS)


def test_a_person_without_applications_is_noted_and_kept_out_with_the_leaders_wish(
    tmp_path: Path,
) -> None:
    files = PLAIN | {
        "applicants.csv": PLAIN["applicants.csv"].replace("8,none", "6,none,,,,,,,,,,\n8,none")
        + "9,municipal,Åseral,,,,,,,,,\n",
        "leader_preferences.csv": "service_id,person_id,rank\nÅseral,9,1\nÅseral,007,2\n",
    }
    read = read_round(write(tmp_path / "other", files), offerings=OFFERINGS)
    assert list(read.applicants["person_id"]) == ["007", "8"]
    assert list(read.applications["person"]) == [0, 0, 1]
    assert read.leader_preferences.to_dict("records") == [
        {"service_id": "Åseral", "offering_id": "", "person_id": "007", "rank": 2}
    ]
    assert [(note.file, note.row, note.value) for note in read.notes] == [
        ("applicants.csv", 3, "6"),
        ("applicants.csv", 5, "9"),
        ("leader_preferences.csv", 2, "9"),
    ]


GRADES = {
    ("5", ""): 500,
    ("1", "a-e"): 100,
    ("3,99", "A-E"): 399,
    ("A", ""): 500,
    ("b", ""): 400,
    ("E", "a-e"): 100,
    ("1", "old"): 500,
    ("2.2", "old"): 500,
    ("2.249", "old"): 500,
    ("2.25", "old"): 400,
    ("2.3", "old"): 400,
    ("2,5", "gammel"): 400,
    ("2.6", "old"): 300,
    ("2.7", "old"): 300,
    ("2.8", "old"): 200,
    ("3.0", "old"): 200,
    ("3.1", "old"): 100,
    ("4.0", "old"): 100,
    ("4.04", "old"): 100,
    ("passed", ""): "passed",
    ("Bestått", "old"): "passed",
    ("", "old"): "not documented",
}


def test_grades_of_both_scales_letters_and_passed(tmp_path: Path) -> None:
    rows = [f'p{i:02},none,"{grade}",{scale}' for i, (grade, scale) in enumerate(GRADES)]
    files = {
        "applicants.csv": "\n".join(["person_id,sector,bachelor_grade,grade_scale", *rows]),
        "applications.csv": "\n".join(
            ["person_id,offering_id,preference", *(f"p{i:02},uis-juss,1" for i in range(len(rows)))]
        ),
    }
    read = read_round(write(tmp_path / "other", files), offerings=OFFERINGS)
    found = [
        "passed" if passed else "not documented" if grade == -1 else grade
        for grade, passed in zip(
            read.applicants["bachelor_grade"], read.applicants["bachelor_passed"], strict=True
        )
    ]
    assert found == list(GRADES.values())
    assert [note.expected[:2] for note in read.notes] == ["13"]


def test_a_post_of_less_than_one_per_cent_is_asked_about(tmp_path: Path) -> None:
    read = read_round(write(tmp_path / "other", changed(PLAIN, "80.5", "0.8")), offerings=OFFERINGS)
    (note,) = read.notes
    assert (note.column, note.value) == ("post_percent", "0.8")
    assert "per cent. Maybe" in note.expected


def test_headers_alone_are_no_round(tmp_path: Path) -> None:
    files = {name: text.partition("\n")[0] for name, text in PLAIN.items()}
    with pytest.raises(InputError) as refused:
        read_round(write(tmp_path / "other", files), offerings=OFFERINGS)
    said = "expected at least one row below the header. Maybe another file is filled in."
    assert [(p.file, p.expected) for p in refused.value.problems] == [
        ("applicants.csv", said),
        ("applications.csv", said),
    ]


def workbook(path: Path) -> Path:
    """The plain round as an office would type it: numbers as numbers, dates as dates."""
    book = openpyxl.Workbook()
    front = book.worksheets[0]
    front.title = "README"
    front["A1"] = "=1+1"
    people = book.create_sheet("Applicants")
    people.append([])
    people.append(PLAIN["applicants.csv"].partition("\n")[0].split(","))
    first = ["007", "municipal", "Åseral", 80.5, "deputy-leader", True, 4.25, 3.5, "relevant"]
    people.append([*first, dt.date(1980, 2, 1), "female", "tromso"])
    people.append([])
    people.append(["8", "none"])
    wishes = book.create_sheet("applications")
    wishes.append(["person_id", "offering_id", "preference", "employer_recommended", None])
    wishes["E1"] = "recommendation_date"
    wishes.append([8, "uis-juss", 1, False])
    wishes.append(["007", "uis-juss", 2.0, "ja", dt.datetime(2019, 3, 1)])  # noqa: DTZ001
    wishes.append(["007", "vid-relasjon", "1", 0])
    services = book.create_sheet("services")
    services.append(["service_id", "name", "employees", "municipality_no"])
    services.append(["Åseral", "Sør-Åseral", "7,5", "0301"])
    book.save(path)
    return path


def test_a_workbook_is_the_same_round_and_numbers_as_codes_are_noted(tmp_path: Path) -> None:
    read = read_round(workbook(tmp_path / "round.xlsx"), offerings=OFFERINGS)
    assert_same(read, plain(tmp_path))
    (note,) = read.notes
    assert (note.file, note.row, note.column, note.value) == (
        "round.xlsx, sheet applications",
        2,
        "person_id",
        "8",
    )
    assert list(read.sha256) == ["round.xlsx"]


def test_a_workbook_has_its_settings_in_the_sheet_round(tmp_path: Path) -> None:
    path = workbook(tmp_path / "round.xlsx")
    book = openpyxl.load_workbook(path)
    sheet = book.create_sheet("round")
    sheet.append(["Nøkkel", "Verdi"])
    sheet.append(["year", 2019])
    sheet.append(["rules_on", dt.date(2019, 8, 1)])
    sheet.append(["offerings", "vid-relasjon, uis-juss"])
    sheet.append(["case", None])
    book.create_sheet("Ark1")
    book.save(path)
    read = read_round(path, offerings=OFFERINGS)
    assert read.settings.model_dump(exclude_none=True) == {
        "year": 2019,
        "rules_on": dt.date(2019, 8, 1),
        "offerings": ("vid-relasjon", "uis-juss"),
    }
    assert [note.file for note in read.notes] == [
        "round.xlsx, sheet Ark1",
        "round.xlsx, sheet applications",
    ]


def test_no_round_at_all_is_a_usage_error(tmp_path: Path) -> None:
    (tmp_path / "applicants.csv").write_text("person_id\n")
    for path in (tmp_path / "nothing", tmp_path / "applicants.csv"):
        with pytest.raises(UsageError, match="folder of CSV files"):
            read_round(path, offerings=OFFERINGS)


def test_a_folder_with_only_a_workbook_says_to_give_the_workbook(tmp_path: Path) -> None:
    workbook(tmp_path / "round.xlsx")
    with pytest.raises(InputError, match=r"Maybe give the path of the workbook round\.xlsx"):
        read_round(tmp_path, offerings=OFFERINGS)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"PK\x03\x04...", "Excel workbook"),
        (b"\xd0\xcf\x11\xe0...", "old or encrypted"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "binary"),
        (bytes(range(1, 32)), "binary"),
    ],
)
def test_a_file_of_another_kind_is_refused(data: bytes, words: str, tmp_path: Path) -> None:
    folder = write(tmp_path / "other", PLAIN)
    (folder / "services.csv").write_bytes(data)
    with pytest.raises(InputError) as caught:
        read_round(folder, offerings=OFFERINGS)
    (problem,) = caught.value.problems
    assert (problem.file, problem.row) == ("services.csv", None)
    assert words in problem.expected


def test_more_errors_of_a_kind_than_twenty_are_counted(tmp_path: Path) -> None:
    rows = "\n".join(f"p{i},none,7" for i in range(10_005))
    files = {
        "applicants.csv": f"person_id,sector,bachelor_grade\n{rows}\n",
        "applications.csv": "person_id,offering_id,preference\np1,uis-juss,1\n",
    }
    with pytest.raises(InputError) as caught:
        read_round(write(tmp_path / "other", files), offerings=OFFERINGS)
    assert len(caught.value.problems) == 21
    said = str(caught.value).splitlines()
    assert said[0] == "10005 errors in the round:"
    assert said[-1] == "  applicants.csv, column bachelor_grade; and 9985 more like these"


def test_every_input_file_that_is_read_has_its_sha256(tmp_path: Path) -> None:
    folder = write(tmp_path / "other", PLAIN | {"round.toml": "", "other.txt": "x"})
    assert read_round(folder, offerings=OFFERINGS).sha256 == {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest()
        for name in ("applicants.csv", "applications.csv", "round.toml", "services.csv")
    }


def test_text_of_200_characters_is_read_and_one_more_refused(tmp_path: Path) -> None:
    longest = "x" * 200
    read = read_round(
        write(tmp_path / "longest", changed(PLAIN, "Sør-Åseral", longest)), offerings=OFFERINGS
    )
    assert read.services.loc[0, "name"] == longest
    with pytest.raises(InputError) as caught:
        read_round(
            write(tmp_path / "longer", changed(PLAIN, "Sør-Åseral", longest + "y")),
            offerings=OFFERINGS,
        )
    (problem,) = caught.value.problems
    assert (problem.file, problem.row, problem.column) == ("services.csv", 2, "name")
    assert problem.value == longest
    assert "at most 200 characters, found 201" in problem.expected


def test_a_header_cannot_write_to_the_terminal(tmp_path: Path) -> None:
    files = PLAIN | {"services.csv": PLAIN["services.csv"].replace("name", "\x1b[31mname")}
    read = read_round(write(tmp_path / "other", files), offerings=OFFERINGS)
    assert [note.column for note in read.notes] == ["\N{REPLACEMENT CHARACTER}[31mname"]


def test_the_files_are_left_as_they_are(tmp_path: Path) -> None:
    folder = write(tmp_path / "other", PLAIN)
    before = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    read_round(folder, offerings=OFFERINGS)
    assert {path.name: path.stat().st_mtime_ns for path in folder.iterdir()} == before
