"""How alike two sites rank: against pairs counted by hand and SciPy's Kendall's tau."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import kendalltau

from admissions.comparison.agreement import pooled_tau
from admissions.intake import read_round
from admissions.model.resources import offering_ids, shipped
from admissions.pool.draws import Draws
from admissions.pool.employers import Recommending
from admissions.pool.population import population_of
from admissions.pool.synthetic import Pool
from admissions.ranking.rounds import one_round
from admissions.rulebooks.rulebook import load_rulebooks, programmes
from admissions.rulebooks.scenario import resolve
from admissions.rulebooks.scenario_files import load_scenario
from admissions.simulation.everywhere import (
    _alike_chances,
    _Statements,
    agreement_everywhere,
    applied_everywhere,
    concordance,
)
from tests.simulation.hand import Hand


def test_three_people_of_whom_two_change_places():
    """First: 1 2 3, second: 2 1 3. Two pairs alike, one in reverse."""
    counts = concordance(np.array([[1, 2, 3], [2, 1, 3]], dtype=np.int32))
    assert (counts[0, 1], counts[1, 0]) == (2, 1)


def test_whoever_one_does_not_find_qualified_is_in_no_pair():
    counts = concordance(np.array([[1, 0, 2], [2, 1, 3]], dtype=np.int32))
    assert (counts[0, 1], counts[1, 0]) == (1, 0)


def test_where_no_ranks_are_equal_what_is_not_alike_is_reversed():
    ranks = np.array([[1, 0, 2, 3], [2, 1, 3, 4], [4, 3, 2, 0]], dtype=np.int32)
    assert (concordance(ranks, strict=True) == concordance(ranks)).all()


@pytest.mark.parametrize("people", [2, 9, 64, 700, 1100])
def test_tau_is_that_of_scipy(people):
    draw = np.random.Generator(np.random.PCG64(people))
    ranks = np.array([draw.permutation(people) + 1 for _ in range(4)], dtype=np.int32)
    counts = concordance(ranks)
    pairs = people * (people - 1) // 2
    for a in range(4):
        for b in range(a + 1, 4):
            tau = (counts[a, b] - counts[b, a]) / pairs
            assert tau == pytest.approx(kendalltau(ranks[a], ranks[b]).statistic)


def everywhere(rounds, alike=50, recommended=(60, 60), seed=1):
    codes = range(len(rounds.offerings))
    return applied_everywhere(rounds, list(codes), Recommending(recommended, alike, 0), Draws(seed))


def test_everyone_is_ranked_everywhere_and_real_wishes_come_first(tmp_path):
    hand = Hand(tmp_path)
    wished = everywhere(hand.rounds)["preference"]
    assert wished.shape == (2, 5)
    minority, relation = wished
    assert minority["ABCDE".index("C")] < relation["ABCDE".index("C")]
    assert relation["ABCDE".index("A")] < minority["ABCDE".index("A")]


def test_two_sites_that_rank_by_grade_agree(tmp_path):
    hand = Hand(tmp_path)
    (found,) = agreement_everywhere(hand.rounds, everywhere(hand.rounds), hand.scenario).of(0)
    assert found.tau == 1
    assert found.common == 5


def answers(rounds, everywhere=None):
    """The employer's answers by person and offering: those stated, or those of everywhere."""
    if everywhere is None:
        rows = zip(rounds.person, rounds.offering, strict=True)
        yes = rounds.applications["employer_recommended"]
        stated = zip(rows, yes, strict=True)
        return {(rounds.ids[p], rounds.offerings[o]): bool(said) for (p, o), said in stated}
    return {
        (person, offering): bool(said)
        for offering, row in zip(rounds.offerings, everywhere["employer_recommended"], strict=True)
        for person, said in zip(rounds.ids, row, strict=True)
    }


def drawn_round(alike, seed=3):
    pool = Pool(population_of(2019).varied("employers.alike_percent", alike))
    return one_round(pool.round(seed)).drawn_by([seed])


CODES = programmes(load_rulebooks(shipped("rules")), sorted(offering_ids()))


@pytest.mark.parametrize("alike", [0, 50, 100])
def test_what_an_employer_has_said_stands_and_holds_at_both_sites(alike):
    round_ = drawn_round(alike)
    model = Recommending((65, 50), alike, 6)
    said = answers(round_)
    all_of_them = answers(round_, applied_everywhere(round_, CODES, model, Draws(1)))
    assert len(all_of_them) == 8 * len(round_.ids)
    assert said.items() <= all_of_them.items()
    people = round_.ids
    for one, other in (
        ("oslomet-juss", "uis-juss"),
        ("hvl-barnets-beste", "oslomet-barnets-beste"),
    ):
        assert all(all_of_them[p, one] == all_of_them[p, other] for p in people)


def differing(all_of_them, people):
    """The share of persons and pairs of programmes where the answers differ."""
    names = ("oslomet-juss", "vid-relasjon", "vid-minoritet", "ntnu-ledelse", "uit-veiledning")
    pairs = [(a, b) for n, a in enumerate(names) for b in names[:n]]
    return np.mean([all_of_them[p, a] != all_of_them[p, b] for p in people for a, b in pairs])


def test_an_employer_is_as_alike_about_all_programmes_as_about_those_applied_for():
    """65 and 50 %: answers that have nothing to do with each other differ in some 47 of 100."""
    found = {}
    for alike in (0, 50, 100):
        round_ = drawn_round(alike)
        municipal = round_.ids[round_.persons["sector"] == 0]
        model = Recommending((65, 50), alike, 6)
        all_of_them = answers(round_, applied_everywhere(round_, CODES, model, Draws(1)))
        found[alike] = differing(all_of_them, municipal)
    assert 0.43 < found[0] < 0.51
    assert found[50] == pytest.approx(found[0] / 2, abs=0.03)
    assert found[100] == 0


def test_tiers_of_recommendation_bring_sites_together_only_as_far_as_employers_think_alike():
    scenario = resolve(load_scenario("harmonised-2023"))
    plain = resolve(load_scenario("coordinated-2019"))
    taus = {}
    for alike in (0, 100):
        round_ = drawn_round(alike)
        model = Recommending((65, 50), alike, 6)
        them = applied_everywhere(round_, CODES, model, Draws(1))
        for name, rules in ((alike, scenario), ("rules of 2019", plain)):
            tau = pooled_tau(agreement_everywhere(round_, them, rules).of(0))
            assert tau is not None, name
            taus[name] = float(tau)
    assert taus[0] < taus["rules of 2019"] - 0.2
    assert taus[100] > taus["rules of 2019"] + 0.1


def test_the_chance_of_thinking_alike_that_two_answers_leave_is_bayes():
    """Half think alike, answers are even: two alike answers leave 1/2 / (1/2 + 1/4) = 2/3."""
    known = np.array([[True, True, False], [True, False, False], [True, True, False]])
    yes = np.array([[True, True, False], [True, False, False], [True, False, False]])
    stated = _Statements(known, yes, np.zeros((3, 3), dtype=np.int64), np.zeros(3, dtype=np.int64))
    chances = _alike_chances(stated, yes[:, 0], np.zeros(3, int), Recommending((50, 50), 50, 0))
    assert chances.tolist() == [2**30 * 2 // 3, 2**29, 0]


def test_what_an_office_assessed_holds_at_its_offering_alone():
    round_ = read_round(
        {
            "applicants.csv": b"person_id,sector,bachelor_ects,bachelor_grade\na,state,180,4\n",
            "applications.csv": b"person_id,offering_id,preference,bachelor_grade\n"
            b"a,vid-minoritet,1,\na,vid-relasjon,2,2\n",
        },
        offerings=offering_ids(),
    )
    round_ = replace(round_, offerings=("uis-juss", "vid-minoritet", "vid-relasjon"))

    found = everywhere(one_round(round_))

    assert found["bachelor_grade"].tolist() == [[400], [400], [200]]
