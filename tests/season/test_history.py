"""Why an application stands as it does: what applicants read of the year, in each language."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.season.year import Year, begun, chain_of_three


@pytest.fixture(scope="module")
def moved_up(tmp_path_factory: pytest.TempPathFactory) -> Year:
    """a declines, b moves up to the seat, c gets what b leaves, d goes from number 2 to 1."""
    year = chain_of_three(tmp_path_factory.mktemp("moved"))
    year.answer("a vid-minoritet nei\nb vid-relasjon ja", on="2019-06-05")
    year.ok("call", "--on", "2019-06-12")
    return year


def told(year: Year, person: str, language: str = "en") -> list[str]:
    """The lines of a person's histories, without the letters of the first decision."""
    text = explained(year, "--person", person, "--language", language)
    lines = text.splitlines()
    return [line for line in lines if line.startswith("- ") and " 2019: " in line]


def explained(year: Year, *words: object) -> str:
    from tests.acceptance.command import run

    ran = run("explain", year.place, *words)
    assert ran.code == 0, ran.said
    return ran.out


def test_who_is_called_reads_how_the_seat_came_to_be_free(moved_up: Year) -> None:
    assert told(moved_up, "b")[0] == (
        "- 12 June 2019: You were called when a seat was given up. It replaces your seat in "
        "Relational competence in child welfare at VID, Oslo, which you want less."
    )
    assert told(moved_up, "c") == [
        "- 12 June 2019: You were called when somebody moved on to a seat that they wanted more."
    ]


def test_who_moved_on_reads_of_the_answer_and_what_replaced_the_seat(moved_up: Year) -> None:
    assert told(moved_up, "b")[1:] == [
        "- 5 June 2019: You accepted the seat.",
        "- 12 June 2019: You were offered a seat in Minority competence in child welfare at VID, "
        "Stavanger, which you want more; it replaces your seat here.",
    ]


@pytest.mark.parametrize(
    ("language", "line"),
    [
        (
            "en",
            "- 12 June 2019: Your number on the waiting list went from 2 to 1, because 1 ahead of "
            "you was offered a seat here.",
        ),
        (
            "nb",
            "- 12. juni 2019: Nummeret ditt på ventelisten gikk fra 2 til 1, fordi 1 foran deg "
            "fikk tilbud her.",
        ),
        (
            "nn",
            "- 12. juni 2019: Nummeret ditt på ventelista gjekk frå 2 til 1, fordi 1 framfor deg "
            "fekk tilbod her.",
        ),
    ],
)
def test_who_waits_reads_why_the_number_moved(moved_up: Year, language: str, line: str) -> None:
    assert told(moved_up, "d", language) == [line]


def test_the_first_decision_stands_below(moved_up: Year) -> None:
    text = explained(moved_up, "--person", "d", "--language", "en")
    assert text.startswith(
        "Minority competence in child welfare at VID, Stavanger: you are number 1 on the waiting"
    )
    assert "How it was first decided\n\nYou are number 2 on the waiting list" in text


def test_everybody_as_json_a_line_an_application_with_the_kind_of_each_reason(
    moved_up: Year,
) -> None:
    lines = [json.loads(line) for line in explained(moved_up, "--all", "--json").splitlines()]
    told = [one["history"] for one in lines]
    own = {(h["application"]["person_id"], h["application"]["offering_id"]): h for h in told}
    assert len(own) == 5
    reasons = [one["reason"] for one in own["d", "vid-minoritet"]["happenings"]]
    assert reasons == [
        {
            "is": "NumberChanged", "before": 2, "after": 1, "offered": 1, "elsewhere": 0,
            "gave_up": 0, "let_in": 0, "own_place": False,
        }
    ]  # fmt: skip
    assert [key for key, one in own.items() if one["changed"]] == [
        ("b", "vid-minoritet"), ("b", "vid-relasjon"), ("c", "vid-relasjon"),
        ("d", "vid-minoritet"),
    ]  # fmt: skip


def test_a_corrected_fact_is_told_with_what_it_was_and_what_it_gives(tmp_path: Path) -> None:
    """d's grade lifts d over b: no seat, another place; then over a: a seat of d's own."""
    year = chain_of_three(tmp_path)
    for value, on, reason in (("4.3", "2019-06-06", "one"), ("4.7", "2019-06-07", "two")):
        year.ok(
            "record", "correct" if value == "4.3" else "appeal-upheld", "--person", "d", "--fact",
            "bachelor_grade", "--value", value, "--on", on, "--reason", reason,
        )  # fmt: skip
    assert told(year, "d", "nb") == [
        "- 6. juni 2019: Rettet: karaktersnittet ditt var 3,9 og er 4,3. Det gir deg en annen "
        "plass på listen, men ikke tilbud om plass.",
        "- 7. juni 2019: Klagen din ble tatt til følge: karaktersnittet ditt var 4,3 og er 4,7. Du "
        "skulle hatt plass, og får en egen plass nå; ingen andre mister sin.",
    ]


def test_who_is_passed_on_the_list_reads_that_somebody_was_let_in(tmp_path: Path) -> None:
    year = chain_of_three(tmp_path)
    year.ok(
        "record", "correct", "--person", "d", "--fact", "bachelor_grade", "--value", "4.3",
        "--on", "2019-06-06", "--reason", "new transcript",
    )  # fmt: skip
    year.answer("a vid-minoritet ja\nb vid-relasjon ja", on="2019-06-07")
    year.ok("call", "--on", "2019-06-12")
    assert told(year, "b")[0] == (
        "- 12 June 2019: Your number on the waiting list went from 1 to 2, because 1 came in ahead "
        "of you by a correction, an appeal or a late application."
    )
    assert told(year, "d")[1] == (
        "- 12 June 2019: Your number on the waiting list went from 2 to 1, because your place on "
        "the list is another since the fact about you was corrected."
    )


def test_a_number_that_several_causes_moved_names_each(tmp_path: Path) -> None:
    """Ahead of e at minoritet: b is offered the seat, c gets uis-juss, d leaves the list."""
    year = begun(
        tmp_path,
        {"a": "4.9", "b": "4.8", "c": "4.7", "d": "4.6", "e": "4.5", "f": "4.95"},
        {
            "a": "vid-minoritet", "b": "vid-minoritet", "c": "uis-juss vid-minoritet",
            "d": "vid-minoritet", "e": "vid-minoritet", "f": "uis-juss",
        },
        {"vid-minoritet": 1, "uis-juss": 1},
    )  # fmt: skip
    year.answer("a vid-minoritet nei\nf uis-juss nei\nd vid-minoritet stryk", on="2019-06-05")
    year.ok("call", "--on", "2019-06-12")
    assert told(year, "e") == [
        "- 12 June 2019: Your number on the waiting list went from 4 to 1, because 1 ahead of you "
        "was offered a seat here, 1 ahead of you got a seat that they want more and 1 ahead of you "
        "waits no longer."
    ]
    assert told(year, "c")[1] == (
        "- 12 June 2019: You were offered a seat in Law in child-welfare work at Universitetet i "
        "Stavanger, which you want more; this wish lapsed."
    )


def test_who_came_late_has_a_history_and_no_first_decision(tmp_path: Path) -> None:
    year = chain_of_three(tmp_path)
    facts = tmp_path / "e.csv"
    facts.write_text("person_id,sector,service_id,bachelor_ects\ne,municipal,Sa,180\n")
    year.ok(
        "record", "late-application", "--facts", facts, "--offering", "vid-relasjon",
        "--on", "2019-06-06", "--reason", "applied late",
    )  # fmt: skip
    text = explained(year, "--person", "e", "--language", "nn")
    assert "du står på ventelista og får nummer ved neste opprykk" in text
    assert "Søknaden kom etter fristen og blei teken med." in text
    assert "Slik blei det først avgjort" not in text


def test_what_is_unknown_is_refused_with_what_there_is(moved_up: Year) -> None:
    from tests.acceptance.command import run

    ran = run("explain", moved_up.place, "--person", "x")
    assert (ran.code, "nobody has the id 'x'" in ran.err) == (2, True)
    ran = run("explain", moved_up.place, "--person", "b", "--offering", "uis-juss")
    assert (ran.code, "vid-minoritet, vid-relasjon" in ran.err) == (2, True)
