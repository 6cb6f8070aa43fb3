"""A call beside limits: what is reserved, bounded or shared takes no seat that somebody holds."""

from __future__ import annotations

from pathlib import Path

from tests.season.year import Year, begun

TITLE = '{ nb = "-", nn = "-", en = "-" }'
COLUMNS = "person_id,sector,service_id,bachelor_ects,bachelor_grade,region\n"


def limit(offering: str, kind: str, seats: str) -> str:
    return (
        f'[[changes]]\nofferings = ["{offering}"]\n[[changes.limits]]\n'
        f'kind = "{kind}"\nid = "{kind}"\ntitle = {TITLE}\nseats = {seats}\n'
    )


def newcomer(year: Year, row: str, offering: str) -> None:
    file = year.place.parent / "late.csv"
    file.write_text(f"{COLUMNS}{row}\n")
    year.ok(
        "record", "late-application", "--facts", file, "--offering", offering,
        "--on", "2019-06-05", "--reason", "applied late",
    )  # fmt: skip


def test_a_service_with_two_seats_gives_no_other_a_second_first_one(tmp_path: Path) -> None:
    """The first of each service come first: of two free seats c and e get one each, d waits.

    That a's service holds two already is no reason to let in two of another before e.
    """
    year = begun(
        tmp_path,
        {"a": "4.9 S1", "b": "4.8 S1", "x": "4.5 S2", "y": "4.4 S3"},
        dict.fromkeys("abxy", "vid-minoritet"),
        {"vid-minoritet": 4},
        tables={"services.csv": "service_id\nS1\nS2\nS3\nS4\nS5\n"},
        scenario=limit("vid-minoritet", "service-first", "1"),
    )
    for row in ("c,municipal,S4,180,4.7,", "d,municipal,S4,180,4.6,", "e,municipal,S5,180,4.0,"):
        newcomer(year, row, "vid-minoritet")
    year.answer("x vid-minoritet nei\ny vid-minoritet nei", on="2019-06-06")
    year.ok("call", "--on", "2019-06-07")
    states = year.states()
    assert [states[f"{who} vid-minoritet"] for who in "abce"] == ["offered"] * 4
    assert states["d vid-minoritet"] == "waiting 1"
    year.holds()


def test_under_a_quota_somebody_of_a_tier_before_takes_no_held_seat(tmp_path: Path) -> None:
    """One offer over two sites; a, from the state, holds it when e, municipal, comes late."""
    quota = (
        f'[[quotas]]\nid = "both"\ntitle = {TITLE}\n'
        'offerings = ["vid-minoritet", "vid-relasjon"]\nseats = 1\n'
    )
    applicants = f"{COLUMNS}a,state,,180,4.0,\nb,municipal,S1,180,3.0,\n"
    year = begun(
        tmp_path,
        {"b": "3.0 S1"},
        {"a": "vid-minoritet", "b": "uis-juss vid-relasjon"},
        {"vid-minoritet": 1, "vid-relasjon": 1, "uis-juss": 1},
        tables={"applicants.csv": applicants},
        scenario=quota,
    )
    newcomer(year, "e,municipal,S1,180,5.0,", "vid-relasjon")
    year.ok("call", "--on", "2019-06-06")
    assert year.states()["a vid-minoritet"] == "offered"
    assert year.states()["e vid-relasjon"] == "waiting 1"
    year.holds()


def test_a_region_that_a_correction_overfills_keeps_its_holders(tmp_path: Path) -> None:
    """At most one from Oslo; b, who holds a seat, turns out to be from there too; c waits."""
    applicants = (
        f"{COLUMNS}a,municipal,S1,180,4.9,oslo\nb,municipal,S1,180,4.8,bergen\n"
        "c,municipal,S1,180,4.7,oslo\nd,municipal,S1,180,4.6,bergen\n"
    )
    year = begun(
        tmp_path,
        {"a": "4.9 S1"},
        dict.fromkeys("abcd", "vid-minoritet"),
        {"vid-minoritet": 2},
        tables={"applicants.csv": applicants},
        scenario=limit("vid-minoritet", "region-maximum", "{ oslo = 1 }"),
    )
    year.ok(
        "record", "correct", "--person", "b", "--fact", "region", "--value", "oslo",
        "--on", "2019-06-05", "--reason", "moved",
    )  # fmt: skip
    year.ok("call", "--on", "2019-06-06")
    assert year.states()["b vid-minoritet"] == "offered"
    year.answer("a vid-minoritet nei\nb vid-minoritet ja", on="2019-06-06")
    year.ok("call", "--on", "2019-06-07")
    assert year.states()["c vid-minoritet"] == "waiting 1"
    assert year.states()["d vid-minoritet"] == "offered"
    year.holds()


def test_who_came_late_stays_behind_a_lower_tier_of_the_published_list(tmp_path: Path) -> None:
    """b, from the state, waited in time; e is municipal, and behind the published list."""
    applicants = f"{COLUMNS}a,municipal,S1,180,4.9,\nb,state,,180,4.0,\n"
    year = begun(
        tmp_path,
        {"a": "4.9 S1"},
        {"a": "vid-minoritet", "b": "vid-minoritet"},
        {"vid-minoritet": 1},
        tables={"applicants.csv": applicants},
        scenario=limit("vid-minoritet", "service-first", "1"),
    )
    newcomer(year, "e,municipal,S1,180,5.0,", "vid-minoritet")
    year.answer("a vid-minoritet nei", on="2019-06-06")
    year.ok("call", "--on", "2019-06-07")
    assert year.states()["b vid-minoritet"] == "offered"
    assert year.states()["e vid-minoritet"] == "waiting 1"
    year.holds()


def test_a_seat_held_while_a_better_is_offered_counts_for_a_maximum(tmp_path: Path) -> None:
    """At most one from Oslo at relasjon: b from there holds it and waits for minoritet too.

    Of the seat that d gives up, c from Oslo gets nothing, e from Bergen does.
    """
    applicants = (
        f"{COLUMNS}a,municipal,S1,180,4.9,bergen\nb,municipal,S1,180,4.8,oslo\n"
        "c,municipal,S1,180,4.7,oslo\nd,municipal,S1,180,4.75,bergen\ne,municipal,S1,180,4.6,bergen\n"
    )
    year = begun(
        tmp_path,
        {"a": "4.9 S1"},
        {
            "a": "vid-minoritet", "b": "vid-minoritet vid-relasjon", "c": "vid-relasjon",
            "d": "vid-relasjon", "e": "vid-relasjon",
        },
        {"vid-minoritet": 1, "vid-relasjon": 2},
        policy='better_offer = "choose"\n',
        tables={"applicants.csv": applicants},
        scenario=limit("vid-relasjon", "region-maximum", "{ oslo = 1 }"),
    )  # fmt: skip
    year.answer("b vid-relasjon ja\nd vid-relasjon nei", on="2019-06-05")
    year.ok("call", "--on", "2019-06-06")
    assert year.states()["c vid-relasjon"] == "waiting 1"
    assert year.states()["e vid-relasjon"] == "offered"
    year.holds()


def test_a_seat_held_while_a_better_is_offered_fills_a_reserve(tmp_path: Path) -> None:
    """One seat is reserved for Oslo, and b holds it: the free one goes to c by the order."""
    applicants = (
        f"{COLUMNS}b,municipal,S1,180,4.8,oslo\nc,municipal,S1,180,4.7,bergen\n"
        "d,municipal,S1,180,4.75,bergen\ne,municipal,S1,180,4.6,oslo\n"
    )
    year = begun(
        tmp_path,
        {"b": "4.9 S1"},
        dict.fromkeys("bcde", "vid-relasjon"),
        {"vid-relasjon": 2},
        policy='better_offer = "choose"\n',
        tables={"applicants.csv": applicants},
        scenario=limit("vid-relasjon", "region-minimum", "{ oslo = 1 }"),
    )
    year.answer("b vid-relasjon ja\nd vid-relasjon nei", on="2019-06-05")
    year.ok("call", "--on", "2019-06-06")
    assert year.states()["c vid-relasjon"] == "offered"
    assert year.states()["e vid-relasjon"] == "waiting 1"
    year.holds()


def test_site_by_site_a_seat_that_was_held_for_a_round_can_let_somebody_pass(
    tmp_path: Path,
) -> None:
    """At most one from 5001 at relasjon, each site calls by itself, once.

    m is called at both sites and keeps minoritet; while m had the seat at relasjon, k of the same
    municipality could not be called, and n was. So k waits on, and one seat stays empty.
    """
    year = begun(
        tmp_path,
        {"d": "5.0 S2", "f": "4.9 S3", "g": "5.0 S4", "m": "4.6 S1", "k": "4.5 S5", "n": "4.0 S6"},
        {
            "d": "vid-relasjon", "f": "vid-relasjon", "g": "vid-minoritet",
            "m": "vid-minoritet vid-relasjon", "k": "vid-relasjon", "n": "vid-relasjon",
        },
        {"vid-relasjon": 2, "vid-minoritet": 1},
        tables={
            "services.csv": "service_id,municipality_no\nS1,5001\nS2,0301\nS3,4601\nS4,1103\n"
            "S5,5001\nS6,3403\n",
        },
        scenario=limit("vid-relasjon", "municipality-maximum", "1"),
        settings='mechanism = "independent"\ncall_rounds = 1',
    )  # fmt: skip
    year.answer("d vid-relasjon nei\nf vid-relasjon nei\ng vid-minoritet nei", on="2019-06-05")
    year.ok("call", "--on", "2019-06-06")
    assert year.states()["m vid-minoritet"] == "offered"
    assert year.states()["k vid-relasjon"] == "waiting 1"
    assert year.states()["n vid-relasjon"] == "offered"
    year.holds()
    year.ok("call", "--on", "2019-06-07")
    assert year.states()["k vid-relasjon"] == "offered"
    year.holds()


def test_a_correction_that_turns_a_service_s_order_lets_somebody_in_where_no_place_changed(
    tmp_path: Path,
) -> None:
    """S can spare one. r is away at relasjon, so p and q of S wait for minoritet, p first.

    With four years instead of none q is the first at relasjon, so far up that S would have sent q:
    to minoritet, which q wants more, and where experience counts nothing.
    """
    year = begun(
        tmp_path,
        {"p": "5.0 S 3", "q": "4.5 S 0", "r": "4.5 S 3", "x": "4.0 S2 3", "y": "4.5 S3 2"},
        {
            "p": "vid-minoritet", "q": "vid-minoritet vid-relasjon", "r": "vid-relasjon",
            "x": "vid-minoritet", "y": "vid-relasjon",
        },
        {"vid-minoritet": 1, "vid-relasjon": 2},
        policy='appeal = "next-free"\n',
        tables={"services.csv": "service_id,max_students\nS,1\nS2,\nS3,\n"},
    )  # fmt: skip
    year.ok(
        "record", "correct", "--person", "q", "--fact", "experience_municipal", "--value", "4",
        "--on", "2019-06-05", "--reason", "a late document",
    )  # fmt: skip
    year.ok("call", "--on", "2019-06-06")
    assert year.states()["q vid-minoritet"] == "waiting 1"
    assert year.states()["p vid-minoritet"] == "waiting 2"
    year.holds()


def test_who_is_away_already_takes_no_more_of_what_their_service_can_spare(
    tmp_path: Path,
) -> None:
    """S can spare one, and p is away: a better offer for p costs S nobody, one for q would."""
    year = begun(
        tmp_path,
        {"a": "4.9 S2", "q": "4.8 S", "p": "4.7 S", "b": "4.0 S3"},
        {
            "a": "vid-minoritet", "q": "vid-minoritet", "p": "vid-minoritet vid-relasjon",
            "b": "vid-minoritet",
        },
        {"vid-minoritet": 1, "vid-relasjon": 1},
        policy='better_offer = "choose"\n',
        tables={
            "services.csv": "service_id,max_students\nS,1\nS2,\nS3,\n",
            "leader_preferences.csv": "service_id,offering_id,person_id,rank\nS,,p,1\nS,,q,2\n",
        },
        settings='mechanism = "coordinated"\nleader = "within-service"',
    )  # fmt: skip
    year.answer("p vid-relasjon ja\na vid-minoritet nei", on="2019-06-05")
    year.ok("call", "--on", "2019-06-06")
    states = year.states()
    assert states["p vid-minoritet"] == "offered"
    assert states["p vid-relasjon"] == "accepted"
    assert states["q vid-minoritet"].startswith("waiting")
    assert states["b vid-minoritet"].startswith("waiting")
    year.holds()


def test_under_a_quota_somebody_is_passed_over_in_every_plan_and_the_call_is_made(
    tmp_path: Path,
) -> None:
    """One seat over two sites. p wants minoritet first, where q is ahead; q uis-juss, where p is.

    Whoever gets the seat, wherever: the other waits ahead there, or is ahead and wants it more.
    """
    quota = (
        f'[[quotas]]\nid = "both"\ntitle = {TITLE}\n'
        'offerings = ["vid-minoritet", "uis-juss"]\nseats = 1\n'
    )
    year = begun(
        tmp_path,
        {"h": "5.0 S1 5", "q": "4.5 S2 1", "p": "4.0 S3 5"},
        {"h": "vid-minoritet", "p": "vid-minoritet uis-juss", "q": "uis-juss vid-minoritet"},
        {"vid-minoritet": 1, "uis-juss": 1},
        scenario=quota,
    )
    year.answer("h vid-minoritet nei", on="2019-06-05")
    year.ok("call", "--on", "2019-06-06")
    assert [*year.states().values()].count("offered") == 1
    year.holds()


def test_a_group_that_a_correction_makes_too_small_stops_no_season(tmp_path: Path) -> None:
    """S1's leader wanted two or none, and a and b have the seats; b turns out not qualified.

    Both keep theirs. When b gives it up, c is next, and nothing is left of the leader's wish.
    """
    year = begun(
        tmp_path,
        {"a": "4.9 S1", "b": "4.8 S1", "c": "4.7 S2"},
        dict.fromkeys("abc", "vid-minoritet"),
        {"vid-minoritet": 2},
        tables={"leader_groups.csv": "service_id,offering_id,at_least\nS1,vid-minoritet,2\n"},
    )
    year.ok(
        "record", "correct", "--person", "b", "--fact", "experience_documented", "--value", "no",
        "--on", "2019-06-05", "--reason", "the document was another's",
    )  # fmt: skip
    year.answer("a vid-minoritet ja\nb vid-minoritet nei", on="2019-06-06")
    year.ok("call", "--on", "2019-06-07")
    assert year.states()["a vid-minoritet"] == "accepted"
    assert year.states()["c vid-minoritet"] == "offered"
    year.holds()


def test_a_late_applicant_who_would_make_reserves_overlap_is_refused_with_a_way_out(
    tmp_path: Path,
) -> None:
    """The first of each service, and one from Oslo, come first; S1's a is from Oslo, e is not."""
    both = limit("vid-minoritet", "service-first", "1") + (
        f'[[changes.limits]]\nkind = "region-minimum"\nid = "regions"\ntitle = {TITLE}\n'
        "seats = { oslo = 1 }\n"
    )
    applicants = (
        f"{COLUMNS}a,municipal,S1,180,4.9,oslo\nb,municipal,S2,180,4.8,bergen\n"
        "c,municipal,S3,180,4.7,bergen\n"
    )
    year = begun(
        tmp_path,
        {"a": "4.9 S1"},
        dict.fromkeys("abc", "vid-minoritet"),
        {"vid-minoritet": 2},
        tables={"applicants.csv": applicants, "services.csv": "service_id\nS1\nS2\nS3\n"},
        scenario=both,
    )
    file = tmp_path / "late.csv"
    file.write_text(f"{COLUMNS}e,municipal,S1,180,5.0,bergen\n")
    late = ("late-application", "--facts", file, "--offering", "vid-minoritet",
            "--on", "2019-06-05", "--reason", "late")  # fmt: skip
    said = year.refused("record", *late)
    assert "colleagues of e would want different regions at vid-minoritet" in said
    file.write_text(f"{COLUMNS}e,municipal,S1,180,5.0,oslo\n")
    year.ok("record", *late)
    year.answer("a vid-minoritet nei", on="2019-06-05")
    year.ok("call", "--on", "2019-06-06")
    year.holds()


def test_a_holder_beyond_the_reserve_who_moves_on_leaves_the_seat_to_the_next_in_line(
    tmp_path: Path,
) -> None:
    """One seat at relasjon is reserved for Oslo; a and b, both from there, hold its two.

    b moves up to minoritet. a fills the reserve, so c is next, and not e from Oslo.
    """
    applicants = (
        f"{COLUMNS}a,municipal,S1,180,4.9,oslo\nb,municipal,S1,180,4.8,oslo\n"
        "c,municipal,S1,180,4.7,bergen\nd,municipal,S1,180,5.0,bergen\ne,municipal,S1,180,4.6,oslo\n"
    )
    year = begun(
        tmp_path,
        {"a": "4.9 S1"},
        {
            "a": "vid-relasjon", "b": "vid-minoritet vid-relasjon", "c": "vid-relasjon",
            "d": "vid-minoritet", "e": "vid-relasjon",
        },
        {"vid-minoritet": 1, "vid-relasjon": 2},
        tables={"applicants.csv": applicants},
        scenario=limit("vid-relasjon", "region-minimum", "{ oslo = 1 }"),
    )  # fmt: skip
    year.answer("d vid-minoritet nei", on="2019-06-05")
    year.ok("call", "--on", "2019-06-06")
    assert year.states()["b vid-minoritet"] == "offered"
    assert year.states()["c vid-relasjon"] == "offered"
    assert year.states()["e vid-relasjon"] == "waiting 1"
    year.holds()


def test_site_by_site_a_holder_who_moves_in_the_same_round_can_let_somebody_pass(
    tmp_path: Path,
) -> None:
    """At most one from 5001 at relasjon: h holds it, and moves up to minoritet in the same round.

    While h was there k, of the same municipality, could not be called for d's seat, and n was.
    """
    year = begun(
        tmp_path,
        {"d": "5.0 S2", "g": "5.0 S4", "h": "4.6 S1", "k": "4.5 S5", "n": "4.0 S6"},
        {
            "d": "vid-relasjon", "g": "vid-minoritet", "h": "vid-minoritet vid-relasjon",
            "k": "vid-relasjon", "n": "vid-relasjon",
        },
        {"vid-relasjon": 2, "vid-minoritet": 1},
        tables={
            "services.csv": "service_id,municipality_no\nS1,5001\nS2,0301\nS4,1103\nS5,5001\n"
            "S6,3403\n",
        },
        scenario=limit("vid-relasjon", "municipality-maximum", "1"),
        settings='mechanism = "independent"\ncall_rounds = 1',
    )  # fmt: skip
    year.answer("d vid-relasjon nei\ng vid-minoritet nei", on="2019-06-05")
    year.ok("call", "--on", "2019-06-06")
    assert year.states()["h vid-minoritet"] == "offered"
    assert year.states()["k vid-relasjon"] == "waiting 1"
    assert year.states()["n vid-relasjon"] == "offered"
    year.holds()


def test_a_regional_reserve_beside_a_fifth_more_offers_takes_no_seat_and_gets_the_next_free_one(
    tmp_path: Path,
) -> None:
    """Five seats, six offers, two of them reserved for Oslo: o and q from there, and b, c, d, e.

    q declines: five are out, and although Oslo lacks one nobody is called, for no seat is free.
    When e declines too the free seat is Oslo's: r gets it, past w, who is better.
    """
    grades = {"o": 4.0, "q": 3.9, "b": 5.0, "c": 4.9, "d": 4.8, "e": 4.7, "w": 4.6, "r": 3.8}
    applicants = COLUMNS + "".join(
        f"{who},municipal,S{who},180,{grade},{'oslo' if who in 'oqr' else 'bergen'}\n"
        for who, grade in grades.items()
    )
    year = begun(
        tmp_path,
        {who: str(grade) for who, grade in grades.items()},
        dict.fromkeys(grades, "vid-relasjon"),
        {"vid-relasjon": 5},
        tables={"applicants.csv": applicants},
        scenario="[offers]\nvid-relasjon = 6\n"
        + limit("vid-relasjon", "region-minimum", "{ oslo = 2 }"),
    )
    yes = "\n".join(f"{who} vid-relasjon ja" for who in "obcd")
    year.answer(f"{yes}\nq vid-relasjon nei", on="2019-06-05")
    year.ok("call", "--on", "2019-06-06")
    assert sorted(
        key[0] for key, state in year.states().items() if state in ("accepted", "offered")
    ) == ["b", "c", "d", "e", "o"]
    year.answer("e vid-relasjon nei", on="2019-06-07")
    year.ok("call", "--on", "2019-06-07")
    assert year.states()["r vid-relasjon"] == "offered"
    assert year.states()["w vid-relasjon"] == "waiting 1"
    year.holds()
