"""Offices' parts as one round: what each assessed stays its own, what must agree is told."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from admissions.intake.merging import Merged, merged
from tests.acceptance.command import run

Rows = list[dict[str, str]]


def person(name: str, **facts: str) -> dict[str, str]:
    return {"person_id": name, "sector": "municipal", "service_id": "T1", **facts}


def wish(name: str, offering: str, number: int, **facts: str) -> dict[str, str]:
    return {"person_id": name, "offering_id": offering, "preference": str(number), **facts}


def part(*people: dict[str, str], wishes: Rows, **more: Rows) -> dict[str, Rows]:
    return {"applicants": list(people), "applications": wishes, **more}


def two(
    uis: dict[str, str], vid: dict[str, str], *, numbers: tuple[int, int] = (1, 2), **stated: Any
) -> Merged:
    """The same person at two offices, as each has it."""
    return merged(
        {
            "uis": part(uis, wishes=[wish("p1", "uis-juss", numbers[0])]),
            "vid": part(vid, wishes=[wish("p1", "vid-minoritet", numbers[1])]),
        },
        **stated,
    )


def places(found: Merged) -> list[tuple[str, tuple[str, ...], str, tuple[str, ...]]]:
    return [(c.table, c.key, c.column, c.between) for c in found.clashes]


def facts(found: Merged, column: str) -> tuple[str, dict[str, str]]:
    """What stands for the person, and for each application, "" where nothing does."""
    (applicant,) = found.tables["applicants"]
    own = {row["offering_id"]: row.get(column, "") for row in found.tables["applications"]}
    return applicant.get(column, ""), own


def test_two_offices_judge_one_fact_differently_and_each_keeps_its_own() -> None:
    found = two(person("p1", bachelor_grade="4.1"), person("p1", bachelor_grade="4.5"))
    assert found.clashes == ()
    assert facts(found, "bachelor_grade") == ("", {"uis-juss": "4.1", "vid-minoritet": "4.5"})
    assert [(one.person, one.column, one.by) for one in found.assessed] == [
        ("p1", "bachelor_grade", ("uis", "vid"))
    ]


def test_a_cell_that_one_office_left_empty_stays_empty_there() -> None:
    found = two(person("p1"), person("p1", bachelor_grade="4.5"))
    assert facts(found, "bachelor_grade") == ("", {"uis-juss": "", "vid-minoritet": "4.5"})


def test_what_both_assess_alike_stands_once() -> None:
    found = two(person("p1", master="none"), person("p1", master="none"))
    assert facts(found, "master") == ("none", {"uis-juss": "", "vid-minoritet": ""})
    assert found.assessed == ()


def test_what_is_assessed_for_one_offering_goes_before_what_is_said_of_the_person() -> None:
    found = merged(
        {
            "vid": part(
                person("p1", bachelor_grade="4.5"),
                wishes=[
                    wish("p1", "vid-minoritet", 1, bachelor_grade="3.9"),
                    wish("p1", "vid-relasjon", 2),
                ],
            ),
            "uis": part(person("p1"), wishes=[wish("p1", "uis-juss", 3)]),
        }
    )
    assert facts(found, "bachelor_grade") == (
        "", {"vid-minoritet": "3.9", "vid-relasjon": "4.5", "uis-juss": ""},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("column", "uis", "vid", "clashes"),
    [
        ("sector", "municipal", "state", True),
        ("service_id", "T1", "T2", True),
        ("service_id", "T1", "", True),
        ("birth_date", "1980-01-01", "1981-01-01", True),
        ("birth_date", "1980-01-01", "", False),
        ("gender", "female", "male", True),
        ("gender", "", "male", False),
        ("experience_municipal", "5", "7", False),
        ("municipality_no", "0301", "1103", False),
        ("region", "oslo", "bergen", False),
    ],
)
def test_of_a_person_only_sector_service_birth_date_and_gender_must_agree(
    column: str, uis: str, vid: str, clashes: bool
) -> None:
    found = two({**person("p1"), column: uis}, {**person("p1"), column: vid})
    expected = [("applicants", ("p1",), column, ("uis", "vid"))] if clashes else []
    assert places(found) == expected
    if column in ("birth_date", "gender") and not clashes:
        assert facts(found, column)[0] == (uis or vid), "whoever states it is believed"


@pytest.mark.parametrize(("reader", "clashes"), [("uis", True), ("vid", False)])
def test_who_ranks_by_a_birth_date_states_it_and_does_not_read_anothers(
    reader: str, clashes: bool
) -> None:
    uis, vid = person("p1"), person("p1", birth_date="1980-05-17")
    found = two(uis, vid, read_by={reader: {"birth_date"}})
    assert places(found) == [("applicants", ("p1",), "birth_date", ("uis", "vid"))] * clashes


def test_two_parts_that_both_say_1_are_a_clash_and_wishes_settle_it() -> None:
    found = two(person("p1"), person("p1"), numbers=(1, 1))
    assert places(found) == [("applications", ("p1",), "preference", ("uis", "vid"))]
    own = [wish("p1", "vid-minoritet", 1), wish("p1", "uis-juss", 2)]
    settled = two(person("p1"), person("p1"), numbers=(1, 1), wishes=own)
    assert settled.clashes == ()
    assert facts(settled, "preference")[1] == {"vid-minoritet": "1", "uis-juss": "2"}


def test_a_wish_for_what_no_part_has_and_an_application_that_nobody_wishes_for_are_told() -> None:
    own = [wish("p1", "uis-juss", 1), wish("p1", "vid-relasjon", 2), wish("p9", "uis-juss", 1)]
    assert sorted(places(two(person("p1"), person("p1"), wishes=own))) == [
        ("applications", ("p1", "vid-minoritet"), "preference", ("vid", "wishes")),
        ("wishes", ("p1", "vid-relasjon"), "offering_id", ("wishes",)),
        ("wishes", ("p9", "uis-juss"), "offering_id", ("wishes",)),
    ]


def test_a_clash_is_settled_by_the_word_of_one_until_somebody_says_something_else() -> None:
    first, second = person("p1", sector="state"), person("p1", sector="private")
    (clash,) = two(first, second).clashes
    assert clash.choices == ("uis", "vid")
    taken = {clash.fingerprint: "vid"}
    settled = two(first, second, chosen=taken)
    assert (settled.clashes, facts(settled, "sector")[0]) == ((), "private")
    changed = two(person("p1", sector="municipal"), second, chosen=taken)
    assert len(changed.clashes) == 1


def test_the_one_whose_numbering_is_taken_goes_first_among_equals() -> None:
    uis, vid = person("p1"), person("p1")
    (clash,) = two(uis, vid, numbers=(1, 1)).clashes
    settled = two(uis, vid, numbers=(1, 1), chosen={clash.fingerprint: "vid"})
    assert facts(settled, "preference")[1] == {"vid-minoritet": "1", "uis-juss": "2"}


def test_services_are_the_registers_where_there_is_one() -> None:
    def parts(employees: str, of: str) -> dict[str, dict[str, Rows]]:
        return {
            name: part(
                person(of),
                wishes=[wish(of, offering, n)],
                services=[{"service_id": "T1", "employees": number}],
            )
            for n, (name, offering, number) in enumerate(
                (("uis", "uis-juss", "40"), ("vid", "vid-minoritet", employees)), 1
            )
        }

    found = merged(parts("12", "p1"))
    assert places(found) == [("services", ("T1",), "employees", ("uis", "vid"))]
    register = {"services": [{"service_id": "T1", "employees": "33"}]}
    found = merged(parts("12", "p1"), register=register)
    assert (found.clashes, found.tables["services"]) == ((), register["services"])
    other = {"services": [{"service_id": "T7", "employees": "33"}]}
    (first, second) = merged(parts("12", "p1"), register=other).clashes
    assert (first.between, second.between) == (("register", "uis"), ("register", "vid"))
    assert first.choices == (), "nobody's word puts a service into the register"


def rows_of(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def written(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


UIS = {
    "applicants.csv": "person_id,sector,bachelor_grade\nA,private,3.0\nB,private,4.0\n",
    "applications.csv": "person_id,offering_id,preference\nA,uis-juss,1\nB,uis-juss,1\n",
    "round.toml": 'year = 2019\ninstitution = "UiS"\n',
}
VID = {
    "applicants.csv": "person_id,sector,bachelor_grade\nA,private,3.5\n",
    "applications.csv": "person_id,offering_id,preference\nA,vid-minoritet,2\n",
    "round.toml": 'year = 2019\ninstitution = "VID"\n',
}


def test_offices_parts_become_one_round_and_what_differs_is_listed(tmp_path: Path) -> None:
    out = tmp_path / "whole"
    ran = run("merge", written(tmp_path / "uis", UIS), written(tmp_path / "vid", VID), "--out", out)
    assert ran.code == 0, ran.said
    assert "A, bachelor_grade: assessed differently by uis, vid" in ran.out
    assert [(r["person_id"], r["bachelor_grade"]) for r in rows_of(out / "applicants.csv")] == [
        ("A", ""), ("B", "4"),
    ]  # fmt: skip
    assert [(r["offering_id"], r["bachelor_grade"]) for r in rows_of(out / "applications.csv")] == [
        ("uis-juss", "3"), ("vid-minoritet", "3.5"), ("uis-juss", ""),
    ]  # fmt: skip
    assert [(r["offering_id"], r["institution"]) for r in rows_of(out / "offerings.csv")] == [
        ("uis-juss", "UiS"), ("vid-minoritet", "VID"),
    ]  # fmt: skip
    assert run("check", out).code == 0


def test_what_must_agree_and_does_not_is_an_error_and_nothing_is_written(tmp_path: Path) -> None:
    other = {
        "applicants.csv": "person_id,sector\nA,state\n",
        "applications.csv": "person_id,offering_id,preference\nA,vid-minoritet,1\nA,uis-juss,2\n",
        "round.toml": "year = 2020\n",
    }
    out = tmp_path / "whole"
    ran = run(
        "merge", written(tmp_path / "uis", UIS), written(tmp_path / "vid", other), "--out", out
    )
    assert (ran.code, out.exists()) == (2, False)
    for place in ("round.toml, column year", "column sector", "column preference"):
        assert place in ran.err, ran.err
    assert "expected the application in one part; it stands in uis, vid" in ran.err


def test_the_errors_of_all_parts_come_together_each_with_its_part(tmp_path: Path) -> None:
    wrong = {**UIS, "applicants.csv": UIS["applicants.csv"].replace("4.0", "9.0")}
    parts = [written(tmp_path / name, wrong) for name in ("uis", "vid")]
    ran = run("merge", *parts, "--out", tmp_path / "whole")
    assert ran.code == 2
    for name in ("uis", "vid"):
        assert f"{name}, applicants.csv, row 3, column bachelor_grade" in ran.err, ran.err


def test_wishes_and_a_register_stand_over_the_parts(tmp_path: Path) -> None:
    numbered = {**VID, "applications.csv": VID["applications.csv"].replace(",2", ",1")}
    parts = [written(tmp_path / "uis", UIS), written(tmp_path / "vid", numbered)]
    assert run("merge", *parts, "--out", tmp_path / "none").code == 2
    wishes = tmp_path / "wishes.csv"
    wishes.write_text(
        "person_id,offering_id,preference\nA,vid-minoritet,1\nA,uis-juss,2\n", encoding="utf-8"
    )
    register = tmp_path / "register.csv"
    register.write_text("service_id,municipality_no\nT1,0301\n", encoding="utf-8")
    out = tmp_path / "whole"
    ran = run("merge", *parts, "--out", out, "--wishes", wishes, "--register", register)
    assert ran.code == 0, ran.said
    rows = [(r["offering_id"], r["preference"]) for r in rows_of(out / "applications.csv")]
    assert rows == [("vid-minoritet", "1"), ("uis-juss", "2"), ("uis-juss", "1")]
    assert [row["service_id"] for row in rows_of(out / "services.csv")] == ["T1"]
