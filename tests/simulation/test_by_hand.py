"""One round's calls, answers and measures, worked out by hand (see ``hand``)."""

import numpy as np
import pytest

from admissions.pool.population import population_of
from admissions.rulebooks.scenario import resolve
from admissions.rulebooks.scenario_files import load_scenario
from admissions.simulation.counting import by_leaders, counted, further_shares, held_against
from admissions.simulation.measures import UNDEFINED, Key
from admissions.simulation.simulate import scenario_job, simulate
from admissions.simulation.sources import synthetic
from admissions.simulation.store import DrawStore
from admissions.simulation.yields import shipped_yields
from tests.simulation.hand import TABLES, Hand, will

MINORITY, RELATION = "vid-minoritet", "vid-relasjon"


@pytest.fixture(scope="module")
def hand(tmp_path_factory):
    return Hand(tmp_path_factory.mktemp("hand"))


@pytest.fixture(scope="module")
def counts(hand):
    return counted(hand.case, hand.people, hand.outcome)


def test_who_is_called_keeps_declines_meets_and_completes(hand):
    """First A and B at minoritet, A at relasjon. A keeps relasjon, B declines: then C and D."""
    outcome = hand.outcome
    assert hand.who(outcome.called, MINORITY) == "ABCD"
    assert hand.who(outcome.called, RELATION) == "A"
    assert hand.who(outcome.released) == "A"
    assert hand.who(outcome.accepted, MINORITY) == "CD"
    assert hand.who(outcome.accepted, RELATION) == "A"
    assert hand.who(outcome.met) == "AD"
    assert hand.who(outcome.completed) == "D"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (Key("qualified"), 7),
        (Key("qualified", RELATION), 3),
        (Key("qualified", RELATION, "sector/municipal"), 3),
        (Key("qualified", RELATION, "sector/state"), 0),
        (Key("offers"), 5),
        (Key("offers", MINORITY), 4),
        (Key("released"), 1),
        (Key("admitted", MINORITY), 3),
        (Key("declined", MINORITY), 1),
        (Key("accepted"), 3),
        (Key("no-show"), 1),
        (Key("met"), 2),
        (Key("met", "all", "service-size/10-24"), 1),
        (Key("met", "all", "centrality/6"), 1),
        (Key("completed"), 1),
        (Key("completed", "all", "further-education/several"), 1),
        (Key("seats-empty", MINORITY), 1),
        (Key("seats-empty"), 1),
        (Key("too-many"), 0),
        # minoritet's list is A B C D, and of them D alone would take a seat and meet.
        (Key("offers-needed", MINORITY), 4),
        (Key("list-too-short", MINORITY), 1),
        (Key("offers-without-too-many", MINORITY), 4),
        # relasjon's list is A C E: A takes the seat; C has minoritet; E would be one too many.
        (Key("offers-needed", RELATION), 1),
        (Key("offers-without-too-many", RELATION), 2),
        (Key("municipalities"), 1),
        (Key("municipalities", "all", "centrality/6"), 1),
        (Key("municipalities-share", "all", "centrality/6"), 5000),
        (Key("municipalities-share", "all", "centrality/2"), 0),
        (Key("municipalities-share", "all", "centrality/1"), UNDEFINED),
        (Key("municipalities-four-or-more"), 0),
        (Key("largest-municipality"), 1),
        (Key("largest-municipality-at-one-offering"), 1),
        (Key("services"), 2),
        # Students: A with 3 years, D with 5.9.
        (Key("experience-share", "all", "experience/up-to-5"), 10000),
        (Key("experience-share", "all", "experience/under-5"), 5000),
        (Key("experience-share", RELATION, "experience/under-5"), 10000),
        (Key("further-education-share"), 10000),
        (Key("further-education-share-of-answers"), 10000),
        (Key("one-further-education-share"), 5000),
        (Key("first-wish"), 3),
        (Key("without-offer"), 2),
        # Orders: s1 for any names B first, who declined; s2 for minoritet names D, who is in.
        (Key("leaders-first-wishes"), 1),
        (Key("leaders-first-wishes-share"), 5000),
        (Key("grants"), 2),
        (Key("grant-amount"), 2 * 85776),
    ],
)
def test_measures_by_hand(counts, key, value):
    assert counts[key] == value


def test_coordinated_admission_sends_fewer_offers_and_ends_alike(tmp_path):
    """A is offered relasjon, B and C minoritet; B declines, so D is offered in the second round."""
    hand = Hand(tmp_path, 'mechanism = "coordinated"')
    assert hand.who(hand.outcome.called, MINORITY) == "BCD"
    assert hand.who(hand.outcome.called, RELATION) == "A"
    assert hand.who(hand.outcome.released) == ""
    assert hand.who(hand.outcome.accepted) == "ACD"


def test_one_site_after_the_other_a_seat_declined_goes_to_the_next(tmp_path):
    """minoritet first: A takes a seat, B declines, C takes the other. Then relasjon: E."""
    hand = Hand(tmp_path, 'mechanism = "serial"\nturns = ["vid-minoritet", "vid-relasjon"]')
    assert hand.who(hand.outcome.called, MINORITY) == "ABC"
    assert hand.who(hand.outcome.accepted, MINORITY) == "AC"
    assert hand.who(hand.outcome.accepted, RELATION) == "E"


def test_winners_and_losers_are_against_the_first_scenario(tmp_path, hand):
    """One call round only: C and D are never called; nobody else gets anything for it."""
    once = Hand(tmp_path, "call_rounds = 1")
    assert once.who(once.outcome.accepted) == "A"
    counts = held_against(hand.people, once.outcome, hand.outcome)
    assert [counts[Key(name)].tolist() for name in ("winners", "losers")] == [[0], [2]]
    assert counts[Key("losers", "all", "experience/over-10")] == 1
    back = held_against(hand.people, hand.outcome, once.outcome)
    assert [back[Key(name)].tolist() for name in ("winners", "losers")] == [[2], [0]]


def test_a_leader_moves_own_staff_and_others_can_be_changed(tmp_path):
    """Nobody declines. s1 puts B before A at both: B's place at minoritet is first, A second.

    Without the leader A has relasjon, B and C minoritet. With it nothing changes for them: A is
    still first at relasjon, where B does not apply. s2 puts D before C at minoritet, where their
    places are three and four: D takes C's seat.
    """
    willing = will(completes="ABCDE")
    plain = Hand(tmp_path / "a", 'mechanism = "coordinated"', willing)
    led = Hand(tmp_path / "b", 'mechanism = "coordinated"\nleader = "within-service"', willing)
    assert plain.who(plain.outcome.accepted, MINORITY) == "BC"
    assert led.who(led.outcome.accepted, MINORITY) == "BD"
    counts = by_leaders(led.people, led.outcome, plain.outcome)
    assert counts[Key("changed-by-leaders")] == 2
    assert counts[Key("changed-by-leaders", "all", "own-order")] == 2
    assert counts[Key("changed-by-leaders", "all", "other-services")] == 0
    assert counts[Key("lost-by-leaders")] == 1


def test_further_education_leaves_leadership_out_and_weighs_programmes_as_the_answers_do():
    """Relasjon one of two, supervision none of one: 1 of 3; (18 x 50 + 25 x 0) / 43 by answers."""
    offerings = (RELATION, "uit-veiledning", "ntnu-ledelse")
    found = further_shares(
        offerings, np.array([[2, 1, 1]]), some=np.array([[1, 0, 1]]), one=np.array([[1, 0, 0]])
    )
    assert found[Key("further-education-share")] == 3333
    assert found[Key("further-education-share-of-answers")] == 2093
    assert found[Key("further-education-share", "ntnu-ledelse")] == 10000
    assert found[Key("one-further-education-share")] == 10000


COORDINATED = 'mechanism = "coordinated"\n'


def test_a_coordinated_year_is_called_again_when_the_time_to_answer_has_passed(tmp_path):
    """First A at relasjon, B and C at minoritet. B declines; D is called on 12 June, nine days on.

    The offers of 3 June are due on the 11th.
    """
    hand = Hand(tmp_path, COORDINATED)
    assert hand.who(hand.outcome.called, MINORITY) == "BCD"
    assert hand.who(hand.outcome.accepted, MINORITY) == "CD"
    assert hand.who(hand.outcome.accepted, RELATION) == "A"
    found = counted(hand.case, hand.people, hand.outcome)
    assert found[Key("later-offers")] == 1
    assert found[Key("days-waited")] == 300


def test_where_sites_call_on_their_own_nobody_knows_the_days(counts):
    assert counts[Key("days-waited")] == counts[Key("later-offers")] == UNDEFINED


@pytest.mark.parametrize(("declining", "accepted"), [("B", "C"), ("BC", "D")])
def test_of_a_service_that_sends_one_a_colleague_goes_for_who_declines(
    tmp_path, declining, accepted
):
    """C and D are colleagues, C stands higher. While C holds a seat, D gets none."""
    tables = {"services.csv": TABLES["services.csv"].replace("employees", "employees,max_students")
              .replace(",4\n", ",4,1\n").replace(",12\n", ",12,\n")}  # fmt: skip
    hand = Hand(tmp_path, COORDINATED, will(declines=declining), tables)
    assert hand.who(hand.outcome.accepted, MINORITY) == accepted


def test_a_class_that_somebody_has_accepted_is_not_closed_by_others_answers(tmp_path):
    """Minoritet runs with two or not at all: B and C are in. B declines; D is called, declines."""
    limit = (
        '[[changes]]\nofferings = ["vid-minoritet"]\n[[changes.limits]]\nkind = "class-minimum"\n'
        'id = "two"\nseats = 2\ntitle = { nb = "-", nn = "-", en = "-" }\n'
    )
    hand = Hand(tmp_path, COORDINATED, will(declines="BD"), after=limit)
    assert hand.who(hand.outcome.accepted, MINORITY) == "C"


def test_who_wins_and_loses_differs_from_nobody_whatever_stands_between(tmp_path):
    """leader-points is held against coordinated-2019, and that against current-2019.

    Who loses by the leaders' points is not fewer by those who lose by coordination.
    """
    names = ("current-2019", "coordinated-2019", "leader-points")
    scenarios = [resolve(load_scenario(name)) for name in names]
    job = scenario_job(3, scenarios, synthetic(population_of(2019)), shipped_yields())
    store = DrawStore(tmp_path / "out", {}, 2)
    store.open(resume=False, overwrite=False)
    _, middle, last = simulate(job, shipped_yields(), store).scenarios
    assert (middle.against, last.against) == ("current-2019", "coordinated-2019")
    for key in (Key("losers"), Key("winners"), Key("losers", "all", "sector/municipal")):
        mean = middle.summaries[key].mean
        assert mean is not None
        assert mean > 0
        assert last.differences[key].mean == last.summaries[key].mean
