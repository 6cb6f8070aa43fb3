"""How many offers a stated risk allows: by hand, by an urn, and on drawn years."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from random import Random

import pytest

from admissions.model.policy import Policy
from admissions.season.risk import Seen, chance_of_too_many, more_offers, out_by_risk
from admissions.verification.risk import allowed
from admissions.verification.season_replay import Moment, Place
from tests.acceptance.command import run
from tests.season.year import Year, begun


@pytest.mark.parametrize(
    ("offers", "chance"), [(1, 0), (2, Fraction(1, 3)), (3, Fraction(1, 2)), (4, Fraction(3, 5))]
)
def test_with_one_yes_and_one_no_known_every_number_of_yes_is_alike(
    offers: int, chance: Fraction
) -> None:
    """Of N offers 0, 1 … N are taken, each with 1 in N + 1; there is one seat."""
    assert chance_of_too_many(1, 0, offers, 1, 1, 0) == chance


def test_an_answer_counts_as_much_as_one_known_before() -> None:
    """One yes and one no came beside those known: 2 and 2, so two of two with 2·3 / (4·5)."""
    assert chance_of_too_many(2, 1, 2, 2, 2, 0) == Fraction(3, 10)


def test_who_says_yes_may_stay_away() -> None:
    """Everybody says yes and half of them meet: two of two meet in a quarter of the years."""
    assert chance_of_too_many(1, 0, 2, 5, 0, 50) == Fraction(1, 4)


@pytest.mark.parametrize(
    ("risk", "new"), [(0, 1), (33, 1), (34, 2), (49, 2), (50, 3), (59, 3), (60, 4), (100, 9)]
)
def test_the_most_offers_within_the_risk_are_made_as_far_as_people_wait(
    risk: int, new: int
) -> None:
    assert more_offers(1, 0, 0, 1, 1, 0, risk, 9) == new


def test_seats_taken_and_offers_unanswered_leave_room_for_fewer() -> None:
    assert more_offers(2, 2, 0, 1, 1, 0, 10, 9) == 0
    assert more_offers(3, 2, 1, 1, 1, 0, 10, 9) == 0
    assert more_offers(3, 2, 0, 1, 1, 0, 10, 9) == 1
    assert more_offers(3, 5, 0, 1, 1, 0, 10, 9) == 0


YEARS = 3_000


@pytest.mark.parametrize(("risk", "prior"), [(10, (17, 3)), (20, (6, 4))])
def test_on_drawn_years_too_many_meet_as_often_as_is_worked_out(
    risk: int, prior: tuple[int, int]
) -> None:
    """A chance of a yes is drawn as the prior says, 30 offers are answered, then the call is made.

    How often more than 30 meet is the mean of the chances worked out, and that is within the risk
    but not far from it: one offer more would exceed it, in every year.
    """
    draw, seats, away = Random(7), 30, 5
    exceeded, expected = 0, Fraction(0)
    for _ in range(YEARS):
        willing = draw.betavariate(*prior)
        yes = sum(draw.random() < willing for _ in range(seats))
        known = (prior[0] + yes, prior[1] + seats - yes)
        new = more_offers(seats, yes, 0, *known, away, risk, 200)
        chance = chance_of_too_many(seats, yes, new, *known, away)
        assert chance <= Fraction(risk, 100) < chance_of_too_many(seats, yes, new + 1, *known, away)
        accepted = yes + sum(draw.random() < willing for _ in range(new))
        exceeded += sum(draw.random() < 0.95 for _ in range(accepted)) > seats
        expected += chance
    mean = float(expected / YEARS)
    error = (mean * (1 - mean) / YEARS) ** 0.5
    assert abs(exceeded / YEARS - mean) < 3 * error
    assert exceeded / YEARS < risk / 100 + 3 * error
    assert mean > risk / 100 / 3


STATES = ("waiting", "offered", "accepted", "met", "declined", "expired", "withdrawn", "lapsed")


def test_the_verifier_allows_as_many_by_an_urn() -> None:
    draw = Random(3)
    for _ in range(120):
        states = [draw.choice(STATES) for _ in range(draw.randint(1, 14))]
        prior = draw.choice([(1, 0), (0, 2), (3, 1), (17, 3)])
        policy = Policy(
            target="risk", risk_percent=draw.choice([0, 5, 20, 60]),
            no_show_percent=draw.choice([0, 10]), priors={"b": prior},
        )  # fmt: skip
        places = {(f"p{n}", "b"): Place(2, state) for n, state in enumerate(states)}
        moment = Moment(places, {}, {f"p{n}": ["b"] for n in range(len(states))})
        count = states.count
        taken, no = count("accepted") + count("met"), sum(map(count, STATES[4:7]))
        seen = Seen(taken, count("offered"), taken, no, count("waiting"))
        seats = draw.randint(0, 8)
        wanted = out_by_risk(seats, seen, policy, "b")
        assert allowed(moment, "b", seats, policy.model_dump()) == wanted, (states, policy)


RISKY = 'target = "risk"\nprior_yes = 1\nprior_no = 1\nno_show_percent = 0\nrisk_percent = '


def one_seat(folder: Path, risk: int) -> Year:
    people = {"a": "4.9", "b": "4.8", "c": "4.7"}
    wishes = dict.fromkeys(people, "vid-minoritet")
    return begun(folder, people, wishes, {"vid-minoritet": 1}, policy=f"{RISKY}{risk}\n")


def test_a_call_makes_an_offer_beyond_the_seat_that_the_risk_allows(tmp_path: Path) -> None:
    """Two of two say yes in a third of the years. When b has, nobody else is called."""
    year = one_seat(tmp_path, 34)
    year.ok("call", "--on", "2019-06-04")
    states = year.states()
    assert [states[f"{who} vid-minoritet"] for who in "abc"] == ["offered", "offered", "waiting 1"]
    year.answer("a vid-minoritet nei\nb vid-minoritet ja", on="2019-06-05")
    year.ok("call", "--on", "2019-06-06")
    assert year.states()["c vid-minoritet"] == "waiting 1"
    year.holds()


def test_a_lower_risk_calls_nobody_and_an_edited_one_is_found_out(tmp_path: Path) -> None:
    year = one_seat(tmp_path, 33)
    year.ok("call", "--on", "2019-06-04")
    assert year.states()["b vid-minoritet"] == "waiting 1"
    other = one_seat(tmp_path / "other", 34)
    other.ok("call", "--on", "2019-06-04")
    policy = other.place / "policy.toml"
    policy.write_text(policy.read_text().replace("risk_percent = 34", "risk_percent = 33"))
    ran = other.run("verify")
    assert ran.code == 1
    assert "vid-minoritet: 2 by event" in ran.said


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ("prior_yes = 0\nprior_no = 0\n", "prior_yes, prior_no: no yes and no no"),
        ("[priors]\nuis-juss = [0, 0]\n", "uis-juss: no yes and no no"),
        ("risk_percent = 101\n", "risk_percent"),
        ("prior_yes = -1\n", "prior_yes"),
        ('target = "chance"\n', "target"),
        ("[priors]\nuis-juss = [1, 1]\nanswer_days = 30\n", "answer_days stands below [priors]"),
    ],
)
def test_a_policy_that_says_nothing_or_too_much_is_refused(
    tmp_path: Path, stated: str, said: str
) -> None:
    round_ = one_seat(tmp_path, 10).place.parent / "round"
    (round_ / "policy.toml").write_text(stated)
    ran = run("check", round_, "--language", "en")
    assert ran.code == 2
    assert said in ran.said


def test_what_is_known_of_an_offering_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    year = one_seat(tmp_path, 10)
    round_ = year.place.parent / "round"
    (round_ / "policy.toml").write_text("[priors]\nuis-jus = [1, 1]\n")
    out = tmp_path / "again"
    scenario = tmp_path / "small.toml"
    assert run("allocate", round_, "--scenario", scenario, "--out", out).code == 0
    words = ("--out", tmp_path / "no", "--on", "2019-06-03", "--language", "en")
    ran = run("season", "start", out, *words)
    assert ran.code == 2
    assert "uis-jus'" in ran.said
    assert not (tmp_path / "no").exists()
