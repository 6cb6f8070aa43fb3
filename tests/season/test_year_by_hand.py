"""A year by hand: what answers, silence, calls, corrections and appeals do, worked out on paper."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.season.year import begun, chain_of_three


def test_a_season_begins_with_the_sealed_decision(tmp_path: Path) -> None:
    year = chain_of_three(tmp_path)
    assert year.states() == {
        "a vid-minoritet": "offered",
        "b vid-minoritet": "waiting 1",
        "b vid-relasjon": "offered",
        "c vid-relasjon": "waiting 1",
        "d vid-minoritet": "waiting 2",
    }
    deadlines = {row[0]: row[4] for row in year.rows("state.csv") if row[3] == "offered"}
    assert deadlines == {"a": "2019-06-11", "b": "2019-06-11"}
    year.holds()


def test_a_seat_that_is_given_up_goes_on_as_a_chain(tmp_path: Path) -> None:
    year = chain_of_three(tmp_path)
    year.answer("a vid-minoritet nei\nb vid-relasjon ja", on="2019-06-05")
    assert year.states()["b vid-minoritet"] == "waiting 1"
    said = year.ok("call", "--on", "2019-06-12")
    assert "a gave up vid-minoritet → b moves up from vid-relasjon → c is called at vid-rel" in said
    assert year.states() == {
        "a vid-minoritet": "declined",
        "b vid-minoritet": "offered",
        "b vid-relasjon": "replaced",
        "c vid-relasjon": "offered",
        "d vid-minoritet": "waiting 1",
    }
    assert year.rows("call-2/offers.csv") == [
        ("b", "vid-minoritet", "replaced"),
        ("c", "vid-relasjon", "offered"),
    ]
    assert year.rows("call-2/chains.csv") == [
        ("1", "0", "vid-minoritet", "a", "", "declined"),
        ("1", "1", "vid-minoritet", "b", "vid-relasjon", ""),
        ("1", "2", "vid-relasjon", "c", "", ""),
    ]
    year.holds()


def test_silence_loses_the_waiting_places_too(tmp_path: Path) -> None:
    year = chain_of_three(tmp_path)
    year.answer("a vid-minoritet ja", on="2019-06-05")
    assert "2 new offers" not in year.ok("call", "--on", "2019-06-12")
    assert year.states() == {
        "a vid-minoritet": "accepted",
        "b vid-minoritet": "expired",
        "b vid-relasjon": "expired",
        "c vid-relasjon": "offered",
        "d vid-minoritet": "waiting 1",
    }
    year.holds()


def test_silence_loses_the_offer_alone_where_the_policy_says_so(tmp_path: Path) -> None:
    year = chain_of_three(tmp_path, policy='silence = "lose-offer"\n')
    year.answer("a vid-minoritet ja", on="2019-06-05")
    year.ok("call", "--on", "2019-06-12")
    assert year.states()["b vid-minoritet"] == "waiting 1"
    assert year.states()["b vid-relasjon"] == "expired"


def test_who_has_said_the_final_yes_waits_no_more(tmp_path: Path) -> None:
    year = chain_of_three(tmp_path)
    year.answer("a vid-minoritet nei\nb vid-relasjon ja endelig", on="2019-06-05")
    year.ok("call", "--on", "2019-06-12")
    states = year.states()
    assert states["b vid-minoritet"] == "left"
    assert states["b vid-relasjon"] == "accepted"
    assert states["d vid-minoritet"] == "offered"
    assert states["c vid-relasjon"] == "waiting 1"


def test_under_choose_both_are_held_until_one_is_accepted(tmp_path: Path) -> None:
    year = chain_of_three(tmp_path, policy='better_offer = "choose"\n')
    year.answer("a vid-minoritet nei\nb vid-relasjon ja", on="2019-06-05")
    year.ok("call", "--on", "2019-06-12")
    states = year.states()
    assert (states["b vid-minoritet"], states["b vid-relasjon"]) == ("offered", "accepted")
    assert states["c vid-relasjon"] == "waiting 1"
    year.answer("b vid-minoritet ja", on="2019-06-13")
    states = year.states()
    assert (states["b vid-minoritet"], states["b vid-relasjon"]) == ("accepted", "declined")
    year.ok("call", "--on", "2019-06-14")
    assert year.states()["c vid-relasjon"] == "offered"
    year.holds()


def test_where_waiting_needs_a_yes_only_the_named_places_stay(tmp_path: Path) -> None:
    year = begun(
        tmp_path,
        {"a": "4.5", "b": "4.2", "c": "4.8"},
        {
            "a": "vid-minoritet",
            "c": "uis-juss",
            "b": "vid-minoritet uis-juss vid-relasjon",
        },
        {"vid-minoritet": 1, "uis-juss": 1, "vid-relasjon": 1},
        policy="waiting_needs_yes = true\n",
    )
    year.answer("b vid-relasjon ja\nb uis-juss ja", on="2019-06-05")
    states = year.states()
    assert states["b vid-relasjon"] == "accepted"
    assert states["b uis-juss"] == "waiting 1"
    assert states["b vid-minoritet"] == "left"
    year.holds()


def test_a_withdrawal_at_uis_does_not_rank_colleagues_anew(tmp_path: Path) -> None:
    """Of three from one service the third stands behind q, also when the first withdraws."""
    year = begun(
        tmp_path,
        {"a": "4.9 S1", "b": "4.8 S1", "c": "4.7 S1", "p": "4.0 S2", "q": "3.0 S3"},
        dict.fromkeys("abcpq", "uis-juss"),
        {"uis-juss": 2},
    )
    assert year.states()["p uis-juss"] == "waiting 1"
    assert year.states()["q uis-juss"] == "waiting 2"
    assert year.states()["c uis-juss"] == "waiting 3"
    year.answer("a uis-juss nei\nb uis-juss ja", on="2019-06-05")
    year.ok("call", "--on", "2019-06-12")
    assert year.states()["p uis-juss"] == "offered"
    assert year.states()["q uis-juss"] == "waiting 1"
    assert year.states()["c uis-juss"] == "waiting 2"
    year.holds()


def test_a_corrected_grade_that_would_have_given_the_seat_gives_an_extra_one(
    tmp_path: Path,
) -> None:
    year = chain_of_three(tmp_path)
    year.ok(
        "record", "correct", "--person", "d", "--fact", "bachelor_grade", "--value", "4.7",
        "--on", "2019-06-06", "--reason", "new transcript",
    )  # fmt: skip
    states = year.states()
    assert states["a vid-minoritet"] == "offered"
    assert states["d vid-minoritet"] == "offered"
    year.answer("a vid-minoritet ja\nd vid-minoritet nei\nb vid-relasjon ja", on="2019-06-07")
    said = year.ok("call", "--on", "2019-06-12")
    assert "0 new offers" in said
    assert year.states()["b vid-minoritet"] == "waiting 1"
    assert ("d", "vid-minoritet", "extra-seat") in year.rows("call-2/offers.csv")
    year.holds()


def test_a_corrected_grade_that_gives_no_seat_moves_the_person_on_the_list_alone(
    tmp_path: Path,
) -> None:
    year = chain_of_three(tmp_path)
    year.ok(
        "record", "correct", "--person", "d", "--fact", "bachelor_grade", "--value", "4.3",
        "--on", "2019-06-06", "--reason", "new transcript",
    )  # fmt: skip
    assert year.states()["d vid-minoritet"] == "waiting 2"
    year.answer("a vid-minoritet nei\nb vid-relasjon ja", on="2019-06-07")
    year.ok("call", "--on", "2019-06-12")
    assert year.states()["d vid-minoritet"] == "offered"
    assert year.states()["b vid-minoritet"] == "waiting 1"
    year.holds()


def test_under_next_free_an_upheld_appeal_waits_first_in_line(tmp_path: Path) -> None:
    year = chain_of_three(tmp_path, policy='appeal = "next-free"\n')
    year.ok(
        "record", "appeal-upheld", "--person", "d", "--fact", "bachelor_grade", "--value", "4.7",
        "--on", "2019-06-06", "--reason", "upheld",
    )  # fmt: skip
    assert year.states()["d vid-minoritet"] == "waiting 2"
    year.answer("a vid-minoritet nei\nb vid-relasjon ja", on="2019-06-07")
    year.ok("call", "--on", "2019-06-12")
    assert year.states()["d vid-minoritet"] == "offered"


def test_who_comes_late_stands_behind_the_published_list(tmp_path: Path) -> None:
    year = chain_of_three(tmp_path)
    facts = tmp_path / "e.csv"
    facts.write_text(
        "person_id,sector,service_id,bachelor_ects,bachelor_grade,experience_municipal\n"
        "e,municipal,Sa,180,5,9\n"
    )
    year.ok(
        "record", "late-application", "--facts", facts, "--offering", "vid-minoritet",
        "--on", "2019-06-06", "--reason", "applied late",
    )  # fmt: skip
    year.answer("a vid-minoritet ja\nb vid-relasjon ja", on="2019-06-07")
    year.ok("call", "--on", "2019-06-12")
    states = year.states()
    assert states["b vid-minoritet"] == "waiting 1"
    assert states["d vid-minoritet"] == "waiting 2"
    assert states["e vid-minoritet"] == "waiting 3"
    year.holds()


def test_who_comes_late_stands_among_those_who_wait_where_the_policy_says_so(
    tmp_path: Path,
) -> None:
    year = chain_of_three(tmp_path, policy='late = "among"\n')
    year.ok(
        "record", "late-application", "--person", "c", "--offering", "vid-minoritet",
        "--preference", "2", "--on", "2019-06-06", "--reason", "applied late",
    )  # fmt: skip
    year.answer("a vid-minoritet ja\nb vid-relasjon ja", on="2019-06-07")
    year.ok("call", "--on", "2019-06-12")
    states = year.states()
    assert [states[f"{p} vid-minoritet"] for p in "bcd"] == ["waiting 1", "waiting 2", "waiting 3"]
    year.holds()


def test_reinstating_and_placing_take_nobodys_seat(tmp_path: Path) -> None:
    year = chain_of_three(tmp_path)
    year.answer("a vid-minoritet nei\nb vid-relasjon ja", on="2019-06-05")
    year.ok("call", "--on", "2019-06-12")
    year.ok(
        "record", "reinstate", "--person", "a", "--offering", "vid-minoritet",
        "--on", "2019-06-13", "--reason", "office-error",
    )  # fmt: skip
    year.ok(
        "record", "place", "--person", "d", "--offering", "vid-minoritet",
        "--on", "2019-06-13", "--reason", "other: the ministry asked",
    )  # fmt: skip
    states = year.states()
    assert [states[f"{p} vid-minoritet"] for p in "abd"] == ["offered"] * 3
    year.ok("call", "--on", "2019-06-13")
    year.holds()
    certificate = (year.place / "call-3" / "certificate.json").read_text(encoding="utf-8")
    assert "other: the ministry asked" in certificate


def test_the_office_follows_who_accepted_to_who_completed(tmp_path: Path) -> None:
    year = chain_of_three(tmp_path)
    year.answer("a vid-minoritet ja\nb vid-relasjon ja", on="2019-06-05")
    year.ok("record", "close-lists", "--on", "2019-08-01", "--reason", "start")
    states = year.states()
    assert {states[k] for k in ("b vid-minoritet", "c vid-relasjon", "d vid-minoritet")} == {
        "closed"
    }
    for event, on in (("met", "2019-08-20"), ("completed", "2020-06-20")):
        year.ok(
            "record", event, "--person", "a", "--offering", "vid-minoritet", "--on", on,
            "--reason", "list of the programme",
        )  # fmt: skip
    year.ok(
        "record", "no-show", "--person", "b", "--offering", "vid-relasjon",
        "--on", "2020-06-20", "--reason", "list of the programme",
    )  # fmt: skip
    assert year.states()["a vid-minoritet"] == "completed"
    assert year.states()["b vid-relasjon"] == "no-show"
    year.holds()


def test_many_records_come_from_one_file(tmp_path: Path) -> None:
    year = chain_of_three(tmp_path)
    year.answer("a vid-minoritet ja\nb vid-relasjon ja", on="2019-06-05")
    file = tmp_path / "met.csv"
    file.write_text(
        "event;person_id;offering_id;on;reason\n"
        "met;a;vid-minoritet;2019-08-20;list\nno-show;b;vid-relasjon;2019-08-20;list\n"
    )
    assert "2 events recorded" in year.ok("record", "--file", file)
    assert year.states()["a vid-minoritet"] == "met"


def test_a_file_of_records_is_taken_whole_or_not_at_all(tmp_path: Path) -> None:
    year = chain_of_three(tmp_path)
    before = (year.place / "events.csv").read_bytes()
    file = tmp_path / "met.csv"
    file.write_text(
        "event,person_id,offering_id,on,reason\n"
        "annul,a,vid-minoritet,2019-06-04,duplicate\nmet,b,vid-relasjon,2019-06-04,list\n"
    )
    assert "met is not possible" in year.refused("record", "--file", file)
    assert (year.place / "events.csv").read_bytes() == before


def test_a_dry_run_tells_and_writes_nothing(tmp_path: Path) -> None:
    year = chain_of_three(tmp_path)
    year.answer("a vid-minoritet nei\nb vid-relasjon ja", on="2019-06-05")
    before = sorted(p.name for p in year.place.rglob("*")), (year.place / "events.csv").read_bytes()
    said = year.ok("call", "--on", "2019-06-12", "--dry-run")
    assert "b moves up from vid-relasjon" in said
    said = year.ok(
        "record", "correct", "--person", "d", "--fact", "bachelor_grade", "--value", "4.7",
        "--on", "2019-06-06", "--reason", "asked", "--dry-run",
    )  # fmt: skip
    assert "d at vid-minoritet: waiting" in said or "Tried" in said
    after = sorted(p.name for p in year.place.rglob("*")), (year.place / "events.csv").read_bytes()
    assert before == after


@pytest.mark.parametrize(
    ("published", "due"),
    [
        ("2019-06-03", "2019-06-11"),  # a Tuesday
        ("2019-06-06", "2019-06-14"),  # a Friday
        ("2019-06-07", "2019-06-17"),  # Saturday the 15th: Monday
        ("2019-04-10", "2019-04-23"),  # Maundy Thursday the 18th: Tuesday after Easter
        ("2019-12-16", "2019-12-27"),  # Christmas Eve: the 27th
        ("2019-12-23", "2020-01-02"),  # New Year's Eve: 2 January
        ("2019-05-09", "2019-05-20"),  # 17 May, a Friday: Monday
    ],
)
def test_a_deadline_is_never_on_a_day_off(published: str, due: str) -> None:
    import datetime as dt

    from admissions.season.deadlines import deadline

    assert deadline(dt.date.fromisoformat(published), 8).isoformat() == due


def test_a_call_made_before_the_answers_were_entered_is_set_right_from_one_file(
    tmp_path: Path,
) -> None:
    """a and b had said yes in time, and nobody entered it: b, c and d have offers by the call.

    Given back, a has a seat beside the target at minoritet and b one at relasjon; d and c keep
    theirs.
    """
    year = chain_of_three(tmp_path)
    year.ok("call", "--on", "2019-06-12")
    assert year.states()["a vid-minoritet"] == "expired"
    assert year.states()["d vid-minoritet"] == "offered"
    assert year.states()["c vid-relasjon"] == "offered"
    file = tmp_path / "lost.csv"
    file.write_text(
        "event,person_id,offering_id,reason\nreinstate,a,vid-minoritet,office-error\n"
        "reinstate,b,vid-relasjon,office-error\n"
    )
    year.ok("record", "--file", file, "--on", "2019-06-13")
    year.answer("a vid-minoritet ja\nb vid-relasjon ja", on="2019-06-13")
    held = {key: now for key, now in year.states().items() if now in ("accepted", "offered")}
    assert held == {
        "a vid-minoritet": "accepted", "b vid-relasjon": "accepted",
        "c vid-relasjon": "offered", "d vid-minoritet": "offered",
    }  # fmt: skip
    year.holds()
