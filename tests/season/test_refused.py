"""What a season refuses, with what is possible; nothing is written then."""

from __future__ import annotations

from pathlib import Path

from tests.acceptance.command import run
from tests.season.year import chain_of_three


def test_every_wrong_answer_is_told_at_once_and_nothing_is_entered(tmp_path: Path) -> None:
    year = chain_of_three(tmp_path)
    before = (year.place / "events.csv").read_bytes()
    file = year.answers_file(
        "a vid-minoritet kanskje\nb vid-minoritet ja\nx vid-relasjon ja\nc vid-minoritet nei\n"
        "b vid-relasjon ja"
    )
    said = year.refused("answers", file, "--on", "2019-06-05")
    assert "4 errors" in said
    for words in ("row 2", "row 3", "waiting", "leave", "row 4", "nobody has the id", "row 5"):
        assert words in said, said
    assert (year.place / "events.csv").read_bytes() == before


def test_the_same_answer_twice_is_no_error_and_a_contradicting_one_is(tmp_path: Path) -> None:
    year = chain_of_three(tmp_path)
    year.answer("a vid-minoritet ja", on="2019-06-05")
    assert "0 answers entered; there before: 1" in year.answer(
        "a vid-minoritet ja", on="2019-06-06"
    )
    said = year.refused("answers", year.answers_file("a vid-minoritet nei"), "--on", "2019-06-06")
    assert "accepted" in said
    assert "withdraw" in said
    twice = year.answers_file("b vid-relasjon ja\nb vid-relasjon nei")
    assert "row 2" in year.refused("answers", twice, "--on", "2019-06-06")


def test_an_answer_after_its_deadline_or_before_the_call_is_refused(tmp_path: Path) -> None:
    year = chain_of_three(tmp_path)
    file = year.answers_file("a vid-minoritet ja")
    assert "2019-06-11" in year.refused("answers", file, "--on", "2019-06-12")
    assert "2019-06-03" in year.refused("answers", file, "--on", "2019-06-01")
    year.ok("answers", file, "--on", "2019-06-11")


def test_a_call_is_never_dated_before_the_last_event(tmp_path: Path) -> None:
    year = chain_of_three(tmp_path)
    year.answer("a vid-minoritet nei", on="2019-06-10")
    assert "2019-06-10" in year.refused("call", "--on", "2019-06-09")
    assert not (year.place / "call-2").exists()


def test_what_is_done_by_hand_needs_a_reason_from_the_list(tmp_path: Path) -> None:
    year = chain_of_three(tmp_path)
    words = ("--person", "d", "--offering", "vid-minoritet", "--on", "2019-06-05", "--reason")
    for reason in ("because", "other:", "other:  ", ""):
        assert "office-error" in year.refused("record", "place", *words, reason)


def test_a_correction_is_checked_as_a_file_is(tmp_path: Path) -> None:
    year = chain_of_three(tmp_path)
    words = ("--on", "2019-06-05", "--reason", "x", "--person")
    assert "nobody has the id" in year.refused(
        "record", "correct", *words, "zz", "--fact", "bachelor_grade", "--value", "4.2"
    )
    assert "bachelor_grade" in year.refused(
        "record", "correct", *words, "a", "--fact", "bachelor_grade", "--value", "9.2"
    )
    assert "bachelor_grade" in year.refused(
        "record", "correct", *words, "a", "--fact", "grade", "--value", "4.2"
    )
    assert "already" in year.refused(
        "record", "correct", *words, "a", "--fact", "bachelor_grade", "--value", "4.5"
    )


def test_a_season_is_not_begun_over_another_nor_without_a_result(tmp_path: Path) -> None:
    year = chain_of_three(tmp_path)
    again = run("season", "start", tmp_path / "out", "--out", year.place, "--on", "2019-06-03")
    assert again.code == 2
    none = run(
        "season", "start", tmp_path / "round", "--out", tmp_path / "s2", "--on", "2019-06-03"
    )
    assert none.code == 2
    assert "no result folder" in none.err
    assert run("season", "status", tmp_path / "round").code == 2
    assert run("season", "call", year.place, "--on", "yesterday").code == 2


def test_a_policy_that_cannot_be_read_is_an_error_of_the_round(tmp_path: Path) -> None:
    year = chain_of_three(tmp_path)
    (tmp_path / "round" / "policy.toml").write_text('answer_days = "many"\n')
    ran = run("check", tmp_path / "round")
    assert ran.code == 2
    assert "policy.toml" in ran.err
    assert "answer_days" in ran.err
    assert year.place.exists()


def test_every_wrong_row_of_a_file_of_records_is_told_at_once(tmp_path: Path) -> None:
    """As Excel saves it here: cp1252, semicolons, Norwegian headers and days."""
    year = chain_of_three(tmp_path)
    before = (year.place / "events.csv").read_bytes()
    file = tmp_path / "hendelser.csv"
    file.write_bytes(
        "hendelse;søker;tilbud;dato;grunn;opplysning;verdi;ønske nummer\r\n"
        "met;a;vid-minoritet;04.06.2019;liste;;;\r\n"
        "annul;zz;vid-minoritet;04.06.2019;duplicate;;;\r\n"
        "correct;b;;;nytt vitnemål;bachelor_grade;9;\r\n"
        "correct;b;;31.06.2019;nytt vitnemål;bachelor_grade;4,3;\r\n"
        "late-application;c;vid-minoritet;04.06.2019;sent;;;to\r\n".encode("cp1252")
    )
    said = year.refused("record", "--file", file, "--on", "2019-06-04")
    for row in range(2, 7):
        assert f"row {row}" in said, said
    assert (year.place / "events.csv").read_bytes() == before


def test_newcomers_come_from_the_file_of_records_with_their_facts(tmp_path: Path) -> None:
    year = chain_of_three(tmp_path)
    file = tmp_path / "sene.csv"
    file.write_bytes(
        "hendelse;søker;tilbud;dato;grunn;sector;bachelor_ects;bachelor_grade;region\r\n"
        "late-application;e;vid-minoritet;05.06.2019;søkte for sent;state;180;4,4;tromso\r\n"
        "late-application;f;vid-minoritet;05.06.2019;søkte for sent;state;180;4,6;\r\n"
        "".encode("cp1252")
    )
    assert "2 events recorded" in year.ok("record", "--file", file)
    year.ok("call", "--on", "2019-06-06")
    assert year.states()["f vid-minoritet"] == "waiting 3"
    assert year.states()["e vid-minoritet"] == "waiting 4"
    year.holds()
