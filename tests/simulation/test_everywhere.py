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
from admissions.ranking.tables import persons_of
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


def everywhere(round_, alike=50, recommended=(60, 60), seed=1):
    codes = range(len(round_.offerings))
    return applied_everywhere(round_, list(codes), Recommending(recommended, alike, 0), Draws(seed))


def test_everyone_is_ranked_everywhere_and_real_wishes_come_first(tmp_path):
    hand = Hand(tmp_path)
    found = everywhere(hand.round)
    assert len(found.applications) == 10
    wishes = found.applications.sort_values(["person_id", "preference"])
    of_c = wishes[wishes["person_id"] == "C"]["offering_id"].tolist()
    assert of_c == ["vid-minoritet", "vid-relasjon"]
    of_a = wishes[wishes["person_id"] == "A"]["offering_id"].tolist()
    assert of_a == ["vid-relasjon", "vid-minoritet"]


def test_two_sites_that_rank_by_grade_agree(tmp_path):
    hand = Hand(tmp_path)
    found = agreement_everywhere(everywhere(hand.round), hand.scenario, persons_of(hand.round))
    assert found["vid-minoritet", "vid-relasjon"].tau == 1
    assert found["vid-minoritet", "vid-relasjon"].common == 5


def answers(round_):
    """The employer's answers by person and offering."""
    rows = round_.applications.itertuples()
    return {(row.person_id, row.offering_id): bool(row.employer_recommended) for row in rows}


def drawn_round(alike, seed=3):
    return Pool(population_of(2019).varied("employers.alike_percent", alike)).round(seed)


CODES = programmes(load_rulebooks(shipped("rules")), sorted(offering_ids()))


@pytest.mark.parametrize("alike", [0, 50, 100])
def test_what_an_employer_has_said_stands_and_holds_at_both_sites(alike):
    round_ = drawn_round(alike)
    model = Recommending((65, 50), alike, 6)
    said, all_of_them = answers(round_), answers(
        applied_everywhere(round_, CODES, model, Draws(1))
    )  # fmt: skip
    assert len(all_of_them) == 8 * len(round_.applicants)
    assert said.items() <= all_of_them.items()
    people = round_.applicants["person_id"]
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
        municipal = round_.applicants.loc[round_.applicants["sector"] == 0, "person_id"]
        model = Recommending((65, 50), alike, 6)
        all_of_them = answers(applied_everywhere(round_, CODES, model, Draws(1)))
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
            found = agreement_everywhere(them, rules, persons_of(round_))
            tau = pooled_tau(found.values())
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

    found = everywhere(round_).applications

    assert found["offering_id"].tolist() == ["uis-juss", "vid-minoritet", "vid-relasjon"]
    assert found["bachelor_grade"].tolist() == [400, 400, 200]
    assert found["assessed_bachelor_grade"].tolist() == [False, False, True]
