"""What can be so and hardly is, is noted once a kind, with its first rows; nothing is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from admissions.intake import read_round

HEAD = "person_id,sector,service_id,birth_date"
PEOPLE = "p1,municipal,T1,1985-05-05\np2,municipal,T1,1990-01-01\n"


def _notes(folder: Path, **tables: str) -> list[str]:
    files = {
        "applicants": f"{HEAD}\n{PEOPLE}",
        "applications": "person_id,offering_id,preference\np1,uis-juss,1\np2,uis-juss,1\n",
        "services": "service_id,name,municipality_no,employees\nT1,Tjenesten,1103,12.5\n",
        **tables,
    }
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    (folder / "round.toml").write_text("year = 2021\n", encoding="utf-8")
    return [str(note) for note in read_round(folder, offerings=["uis-juss"]).notes]


def _people(columns: str, first: str, second: str = "") -> str:
    second = second or "," * columns.count(",")
    one, two = PEOPLE.splitlines()
    return f"{HEAD},{columns}\n{one},{first}\n{two},{second}\n"


def test_an_ordinary_round_has_no_notes(tmp_path: Path) -> None:
    assert _notes(tmp_path) == []


@pytest.mark.parametrize(
    ("columns", "first", "told"),
    [
        ("experience_municipal", "20", None),  # 36 years old: at most 20
        ("experience_municipal", "21", "column experience_municipal; more years of experience"),
        ("experience_private,experience_state", "10,11", "more years of experience"),
        ("education_ects,relevant_education_ects", "30,30", None),
        ("education_ects,relevant_education_ects", "30,31", "more relevant education than"),
        ("master,education_ects", "relevant,120", None),
        ("master", "relevant", None),  # no column tells of ECTS
        (
            "master,education_ects",
            "relevant,",
            "column master; a master, but no ECTS beyond the bachelor: row 2",
        ),
        ("bachelor_ects", "1.800", "the dot was read as a decimal point: row 2 (1.800)"),
        ("bachelor_ects", "2.100", "the dot was read as a decimal point: row 2 (2.100)"),
        ("bachelor_ects", "1.80", "they come in wholes and halves: row 2 (1.80)"),
        ("bachelor_ects", '"2,10"', "they come in wholes and halves: row 2 (2,10)"),
        ("bachelor_ects", "1.50", "one of three years has 180: row 2 (1.50)"),
        ("bachelor_ects", "59.5", "one of three years has 180: row 2 (59.5)"),
        ("bachelor_ects", "60", None),
        ("bachelor_ects", "0", None),
        ("education_ects", "1.20", "they come in wholes and halves: row 2 (1.20)"),
        ("education_ects", "7.5", None),
        ("education_ects", '"7,50"', None),
    ],
)
def test_facts_of_a_person_that_hardly_go_together(
    tmp_path: Path, columns: str, first: str, told: str | None
) -> None:
    notes = [
        n for n in _notes(tmp_path, applicants=_people(columns, first)) if "more than" not in n
    ]

    assert ([told in note for note in notes] == [True]) if told else notes == []


@pytest.mark.parametrize(("years", "noted"), [("50", False), ("51", True)])
def test_no_life_has_more_than_fifty_years_of_experience(
    tmp_path: Path, years: str, noted: bool
) -> None:
    people = f"person_id,sector,experience_private\np1,private,{years}\np2,private,1\n"

    assert bool(_notes(tmp_path, applicants=people)) == noted


@pytest.mark.parametrize(
    ("born", "noted"),
    [("2003-12-31", False), ("2004-01-01", True), ("1941-01-01", False), ("1940-12-31", True)],
)
def test_dates_of_birth_under_18_or_over_80_years(tmp_path: Path, born: str, noted: bool) -> None:
    people = f"{HEAD}\np1,municipal,T1,{born}\np2,municipal,T1,1990-01-01\n"

    notes = _notes(tmp_path, applicants=people)

    assert notes == (
        [
            "applicants.csv, column birth_date; under 18 or over 80 years old in 2021: "
            f"row 2 ({born})"
        ]
        if noted
        else []
    )


@pytest.mark.parametrize(
    ("day", "noted"),
    [("2019-12-31", True), ("2020-01-01", False), ("2022-12-31", False), ("2023-01-01", True)],
)
def test_dates_far_from_the_round_s_year(tmp_path: Path, day: str, noted: bool) -> None:
    header = "person_id,offering_id,preference,recommendation_date"
    applications = f"{header}\np1,uis-juss,1,{day}\np2,uis-juss,1,\n"

    assert bool(_notes(tmp_path, applications=applications)) == noted


def test_a_deadline_far_from_the_round_s_year(tmp_path: Path) -> None:
    _notes(tmp_path)
    (tmp_path / "round.toml").write_text("year = 2021\nanswer_deadline = 2012-06-01\n")

    (note,) = read_round(tmp_path, offerings=["uis-juss"]).notes

    assert note.in_("nb") == (
        "opptaksrunden, kolonne answer_deadline; 2012-06-01 ligger langt fra rundens år, 2021"
    )


@pytest.mark.parametrize(
    ("first", "second"),
    [("p1a", "P1A"), ("PO1", "P01"), ("Pl1", "P11"), ("Р1", "P1")],  # the third is Cyrillic
)
def test_ids_that_look_the_same(tmp_path: Path, first: str, second: str) -> None:
    people = f"{HEAD}\n{first},municipal,T1,\n{second},municipal,T1,\n"
    wishes = f"person_id,offering_id,preference\n{first},uis-juss,1\n{second},uis-juss,1\n"

    notes = _notes(tmp_path, applicants=people, applications=wishes)

    assert f"look the same (O and 0, l and 1): row 2 ({first}), row 3 ({second})" in notes[0]
    assert len(notes) == 2  # in each table


@pytest.mark.parametrize("person", ["01018512345", "010185 12345"])
def test_eleven_digits_are_noted_and_not_repeated(tmp_path: Path, person: str) -> None:
    people = f"{HEAD}\n{person},municipal,T1,\np2,municipal,T1,\n"
    wishes = f"person_id,offering_id,preference\n{person},uis-juss,1\np2,uis-juss,1\n"

    notes = _notes(tmp_path, applicants=people, applications=wishes)

    assert len(notes) == 2
    assert all("eleven digits look like a national identity number" in note for note in notes)
    assert not any("12345" in note for note in notes)


def test_an_id_that_excel_has_turned_into_a_power_of_ten(tmp_path: Path) -> None:
    people = f"{HEAD}\n1.2E+10,municipal,T1,\np2,municipal,T1,\n"
    wishes = "person_id,offering_id,preference\n1.2E+10,uis-juss,1\np2,uis-juss,1\n"

    notes = _notes(tmp_path, applicants=people, applications=wishes)

    assert all("a number with a power of ten" in note and "(1.2E+10)" in note for note in notes)
    assert len(notes) == 2


@pytest.mark.parametrize("name", ["TÃ¸nsberg", "Ã…lesund", "TromsÃ¸", "B�rum", "T√∏nsberg"])
def test_names_whose_letters_were_lost(tmp_path: Path, name: str) -> None:
    services = f"service_id,name,municipality_no,employees\nT1,{name},1103,12.5\n"

    (note,) = _notes(tmp_path, services=services)

    assert note == (
        f"services.csv, column name; letters were lost on the way: row 2 ({name}). "
        "Maybe save the file again as UTF-8."
    )


@pytest.mark.parametrize("name", ["Ålesund", "Bærum", "Tromsø", "Café São", "Ås"])
def test_names_with_letters_of_their_own_are_not_noted(tmp_path: Path, name: str) -> None:
    services = f"service_id,name,municipality_no,employees\nT1,{name},1103,12.5\n"

    assert _notes(tmp_path, services=services) == []


@pytest.mark.parametrize("word", ["Sum", "SUM", "Totalt", "I alt"])
def test_a_row_of_sums_is_no_service(tmp_path: Path, word: str) -> None:
    services = f"service_id,name,municipality_no,employees\nT1,x,1103,12.5\n{word},,,12.5\n"

    (note,) = _notes(tmp_path, services=services)

    assert f"a sum is no applicant or service: row 3 ({word}). Maybe remove the row." in note


@pytest.mark.parametrize(("text", "noted"), [("1.250", True), ("12.5", False), ("1.25", False)])
def test_a_thousands_dot_that_made_a_number_small(tmp_path: Path, text: str, noted: bool) -> None:
    services = f"service_id,name,municipality_no,employees\nT1,x,1103,{text}\n"

    assert any("Maybe remove the dot" in n for n in _notes(tmp_path, services=services)) == noted


@pytest.mark.parametrize(
    ("no", "told"),
    [
        ("1103", ""),
        ("9350", ""),  # made up: no county's numbers begin with 93
        (
            "1201",
            "1201 was no municipality's number in 2021; then it was 4601 Bergen: row 2",
        ),
        (
            "3901",
            "3901 was no municipality's number in 2021; then it was 3801 Horten: row 2",
        ),
        ("1850", "1850 was no municipality's number in 2021; then it was 1806 Narvik"),
        ("0199", "no municipality had the number 0199 in 2018-2024: row 2 (0199). Maybe a digit"),
    ],
)
def test_a_number_that_was_no_municipality_s_in_the_round_s_year(
    tmp_path: Path, no: str, told: str
) -> None:
    services = f"service_id,name,municipality_no,employees\nT1,x,{no},12.5\n"

    notes = _notes(tmp_path, services=services)

    assert notes == [] if not told else told in notes[0]
    assert len(notes) == bool(told)


def test_many_rows_are_one_note_with_the_first_five(tmp_path: Path) -> None:
    people = "\n".join(f"p{n},private,,1935-01-01" for n in range(1, 9))
    wishes = "\n".join(f"p{n},uis-juss,1" for n in range(1, 9))

    (note,) = _notes(
        tmp_path,
        applicants=f"{HEAD}\n{people}\n",
        applications=f"person_id,offering_id,preference\n{wishes}\n",
    )

    assert note.endswith("row 6 (1935-01-01) and 3 more")
    assert note.count("1935") == 5
