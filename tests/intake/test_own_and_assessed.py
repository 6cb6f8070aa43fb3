"""What stands over a round's tables: offices' assessments, own wishes, offerings, contacts."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from admissions.intake import read_round
from admissions.intake.writing import round_texts
from admissions.model.errors import InputError
from admissions.model.round import Round
from tests.acceptance.command import files_of, read_csv, run

OFFERINGS = ("hvl-barnets-beste", "uis-juss", "vid-minoritet")

PEOPLE = """person_id,sector,service_id,bachelor_ects,bachelor_grade,experience_municipal
A,municipal,S1,180,3.0,5
B,municipal,S2,180,4.0,5
"""
WISHES_OF_BOTH = """person_id,offering_id,preference,bachelor_grade,experience_documented
A,vid-minoritet,2,4.5,
A,hvl-barnets-beste,1,,
B,vid-minoritet,1,,
B,hvl-barnets-beste,2,,nei
"""
FILES = {
    "applicants.csv": PEOPLE,
    "applications.csv": WISHES_OF_BOTH,
    "services.csv": "service_id,municipality_no\nS1,0301\nS2,4601\n",
}


def written(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def read(folder: Path, files: dict[str, str], *, contacts: bool = False) -> Round:
    return read_round(written(folder, files), offerings=OFFERINGS, contacts=contacts)


def refused(
    folder: Path, files: dict[str, str], *, contacts: bool = False
) -> list[tuple[str, int | None, str, str]]:
    with pytest.raises(InputError) as error:
        read(folder, files, contacts=contacts)
    return [(p.file, p.row, p.value, p.expected) for p in error.value.problems]


def test_an_office_assesses_a_fact_for_its_own_offering_alone(tmp_path: Path) -> None:
    round_ = read(tmp_path / "round", FILES)
    assert round_.applicants["bachelor_grade"].tolist() == [300, 400]
    wishes = round_.applications
    assert wishes["offering_id"].tolist() == [
        *("hvl-barnets-beste", "vid-minoritet", "vid-minoritet", "hvl-barnets-beste")
    ]
    assert wishes["bachelor_grade"].tolist() == [300, 450, 400, 400]
    assert wishes["assessed_bachelor_grade"].tolist() == [False, True, False, False]
    assert wishes["experience_documented"].tolist() == [True, True, True, False]
    assert round_.of_applications("post_percent").tolist() == [100_00] * 4


def test_the_canonical_files_say_who_assessed_what(tmp_path: Path) -> None:
    texts = round_texts(read(tmp_path / "round", FILES))
    assert texts["applications.csv"].splitlines()[0] == (
        "person_id,offering_id,preference,employer_recommended,recommendation_date,"
        "bachelor_grade,experience_documented"
    )
    assert "A,vid-minoritet,2,no,,4.5," in texts["applications.csv"].splitlines()
    again = read(tmp_path / "again", texts)
    assert again.applications.equals(read(tmp_path / "third", FILES).applications)


SCENARIO = """id = "one-seat"
extends = "coordinated-2019"
[seats]
vid-minoritet = 1
hvl-barnets-beste = 1
"""


def test_ranking_letters_what_would_change_and_verification_use_what_the_office_assessed(
    tmp_path: Path,
) -> None:
    """B's experience is not documented at HVL alone, so A gets that seat and B vid-minoritet.

    By the grade of applicants.csv A would stand behind B at vid-minoritet; by the office's before.
    """
    folder = written(tmp_path / "round", FILES)
    (tmp_path / "s.toml").write_text(SCENARIO)
    out = tmp_path / "out"
    ran = run(
        "allocate", folder, "--scenario", tmp_path / "s.toml", "--out", out, "--language", "en"
    )
    assert ran.code == 0, ran.said
    _, ranked = read_csv(out / "rankings" / "vid-minoritet.csv")
    assert [(row["person_id"], row["rank"]) for row in ranked] == [("A", "1"), ("B", "2")]
    _, decisions = read_csv(out / "decisions.csv")
    assert {(row["person_id"], row["offering_id"]): row["outcome"] for row in decisions} == {
        ("A", "hvl-barnets-beste"): "offered",
        ("A", "vid-minoritet"): "lapsed",
        ("B", "vid-minoritet"): "offered",
        ("B", "hvl-barnets-beste"): "not-qualified",
    }
    verified = run("verify", out, "--round", folder)
    assert verified.code == 0, verified.said
    told = run("explain", out, "--person", "A", "--offering", "vid-minoritet", "--language", "en")
    assert "grade average: 4.50" in told.said
    assert "grade average: 3.00" not in told.said


def test_what_would_have_changed_is_the_assessed_fact_of_that_application(tmp_path: Path) -> None:
    """A waits at vid-minoritet with the office's 3.5 against B's 4.0: 4.00 ties, 4.01 is before."""
    files = FILES | {
        "applications.csv": "person_id,offering_id,preference,bachelor_grade\n"
        "A,vid-minoritet,1,3.5\nB,vid-minoritet,1,\n"
    }
    folder = written(tmp_path / "round", files)
    (tmp_path / "s.toml").write_text(SCENARIO)
    out = tmp_path / "out"
    run("allocate", folder, "--scenario", tmp_path / "s.toml", "--out", out)
    told = run("explain", out, "--person", "A", "--language", "en").said
    assert "3.50" in told
    assert "4.01" in told or "4.00" in told
    best = files | {"applications.csv": files["applications.csv"].replace("3.5", "4.01")}
    again = written(tmp_path / "again", best)
    run("allocate", again, "--scenario", tmp_path / "s.toml", "--out", tmp_path / "out2")
    _, decisions = read_csv(tmp_path / "out2" / "decisions.csv")
    assert [row["person_id"] for row in decisions if row["outcome"] == "offered"] == ["A"]


def test_a_misspelt_assessed_fact_is_an_error(tmp_path: Path) -> None:
    files = FILES | {"applications.csv": WISHES_OF_BOTH.replace("bachelor_grade", "bachelor_grad")}
    ((file, row, _, said),) = refused(tmp_path / "round", files)
    assert (file, row) == ("applications.csv", 1)
    assert "resembles bachelor_grade" in said


@pytest.mark.parametrize("column", ["sector", "service_id", "birth_date", "gender"])
def test_who_somebody_is_no_office_assesses(column: str, tmp_path: Path) -> None:
    header = "person_id,offering_id,preference"
    files = FILES | {"applications.csv": f"{header},{column}\nA,vid-minoritet,1,\n"}
    round_ = read(tmp_path / "round", files)
    assert column not in round_.applications.columns
    assert ("applications.csv", column) in [(note.file, note.column) for note in round_.notes]


def test_own_wishes_stand_over_the_offices_order(tmp_path: Path) -> None:
    both_first = WISHES_OF_BOTH.replace("A,vid-minoritet,2", "A,vid-minoritet,1")
    wishes = "person_id,offering_id,preference\nA,vid-minoritet,1\nA,hvl-barnets-beste,2\n"
    files = FILES | {"applications.csv": both_first, "wishes.csv": wishes}
    round_ = read(tmp_path / "round", files)
    own = round_.applications[round_.applications["person_id"] == "A"]
    assert own["offering_id"].tolist() == ["vid-minoritet", "hvl-barnets-beste"]
    assert own["preference"].tolist() == [1, 2]
    assert "wishes.csv" in round_.sha256


def test_own_wishes_cover_each_application_and_no_more(tmp_path: Path) -> None:
    wishes = "person_id,offering_id,preference\nA,uis-juss,1\nA,hvl-barnets-beste,2\n"
    assert refused(tmp_path / "round", FILES | {"wishes.csv": wishes}) == [
        (
            "applications.csv",
            2,
            "vid-minoritet",
            "the applicant has an own order in wishes.csv, and this offering is not in it. "
            "Maybe add it there.",
        ),
        (
            "wishes.csv",
            2,
            "uis-juss",
            "expected an application that stands in applications.csv too. Maybe delete the row.",
        ),
    ]


def test_equal_wishes_and_wishes_of_strangers_are_refused(tmp_path: Path) -> None:
    wishes = (
        "person_id,offering_id,preference\nA,vid-minoritet,1\nA,hvl-barnets-beste,1\nC,uis-juss,1\n"
    )
    found = refused(tmp_path / "round", FILES | {"wishes.csv": wishes})
    assert [(file, row) for file, row, _, _ in found] == [("wishes.csv", 3), ("wishes.csv", 4)]


OWN = """offering_id,seats,offers,institution,case,answer_deadline,appeal_body,contact,rules_url
vid-minoritet,4,6,VID,24/7,2019-05-02,Klagenemnda,opptak@example.org,https://example.org/regler
hvl-barnets-beste,,,HVL,,,,,
"""


def test_what_is_the_offerings_own_wins_over_the_round(tmp_path: Path) -> None:
    files = FILES | {
        "offerings.csv": OWN,
        "round.toml": 'institution = "Felles"\ncase = "24/1"\nanswer_deadline = 2019-05-01\n',
    }
    round_ = read(tmp_path / "round", files)
    vid, hvl = round_.settings_of("vid-minoritet"), round_.settings_of("hvl-barnets-beste")
    assert (vid.institution, vid.case, vid.appeal_body) == ("VID", "24/7", "Klagenemnda")
    assert vid.answer_deadline == dt.date(2019, 5, 2)
    assert (hvl.institution, hvl.case) == ("HVL", "24/1")
    assert round_.settings_of("uis-juss") == round_.settings
    assert round_.own["vid-minoritet"].rules_url == "https://example.org/regler"
    (note,) = round_.notes
    assert note.expected == "these seats go before the scenario's: vid-minoritet 4"
    again = read(tmp_path / "again", round_texts(round_))
    assert again.own == round_.own


def test_own_seats_win_over_the_scenarios_and_it_is_said(tmp_path: Path) -> None:
    own = "offering_id,seats\nvid-minoritet,2\n"
    folder = written(tmp_path / "round", FILES | {"offerings.csv": own})
    (tmp_path / "s.toml").write_text(SCENARIO + "[offers]\nvid-minoritet = 1\n")
    out = tmp_path / "out"
    ran = run(
        "allocate", folder, "--scenario", tmp_path / "s.toml", "--out", out, "--language", "en"
    )
    assert "these seats go before the scenario's: vid-minoritet 2" in ran.said
    assert "vid-minoritet = 2" in files_of(out)["scenario.toml"].decode()
    assert run("verify", out, "--round", folder).code == 0


def test_offers_without_seats_or_fewer_than_seats_are_refused(tmp_path: Path) -> None:
    own = "offering_id,seats,offers\nvid-minoritet,4,3\nuis-juss,,3\nuis-juss,1,\n"
    found = refused(tmp_path / "round", FILES | {"offerings.csv": own})
    assert [(row, said.partition(";")[0]) for _, row, _, said in found] == [
        (2, "expected at least as many offers as seats"),
        (3, "expected seats beside offers"),
        (4, "expected each offering_id once"),
    ]


CONTACTS = """person_id,name,address,postcode,place,email,language
A,Åse Moe,Storgata 1,0155,Oslo,ase@example.org,nn
B,Bo Li,,,,,
"""


def test_contacts_are_checked_and_no_round_holds_them(tmp_path: Path) -> None:
    round_ = read(tmp_path / "round", FILES | {"contacts.csv": CONTACTS}, contacts=True)
    assert "contacts.csv" not in round_.sha256
    assert not any("Åse" in text for text in round_texts(round_).values())
    assert round_.notes == ()


def test_wrong_contacts_are_refused_by_check_and_not_read_by_what_ranks(tmp_path: Path) -> None:
    wrong = CONTACTS.replace("0155", "155").replace("ase@", "ase-at-").replace("nn", "sv")
    files = FILES | {"contacts.csv": wrong + "C,Cai,,,,,\nA,Åse,,,,,\n"}
    found = refused(tmp_path / "round", files, contacts=True)
    assert [(row, value) for _, row, value, _ in found] == [
        *((2, "ase-at-example.org"), (2, "sv"), (2, "155"), (4, "C"), (5, "A"))
    ]
    assert run("check", tmp_path / "round").code == 2
    (tmp_path / "s.toml").write_text(SCENARIO)
    out = tmp_path / "out"
    ran = run("allocate", tmp_path / "round", "--scenario", tmp_path / "s.toml", "--out", out)
    assert ran.code == 0, ran.said
    assert not any("Åse".encode() in content for content in files_of(out).values())


def test_the_rounds_year_is_the_admissions_year(tmp_path: Path) -> None:
    """Of two recommendations that of 2024, the round's year, is dated the same year."""
    cases = Path(__file__).parent / "cases"
    ran = run(
        "allocate", cases / "year-2024", "--scenario", cases / "year.toml",
        "--out", tmp_path / "out", "--language", "en",
    )  # fmt: skip
    assert ran.code == 0, ran.said
    assert "the year of the admission is 2024, and the rules are those of 2023-08-01" in ran.said
    _, decisions = read_csv(tmp_path / "out" / "decisions.csv")
    assert [row["person_id"] for row in decisions if row["outcome"] == "offered"] == ["P2"]
    verified = run("verify", tmp_path / "out", "--round", cases / "year-2024")
    assert verified.code == 0, verified.said
