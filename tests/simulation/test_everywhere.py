"""How alike two sites rank: against pairs counted by hand and SciPy's Kendall's tau."""

import numpy as np
import pytest
from scipy.stats import kendalltau

from admissions.ranking.tables import persons_of
from admissions.simulation.everywhere import agreement_everywhere, applied_everywhere, concordance
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


def test_everyone_is_ranked_everywhere_and_real_wishes_come_first(tmp_path):
    hand = Hand(tmp_path)
    everywhere = applied_everywhere(hand.round)
    assert len(everywhere.applications) == 10
    wishes = everywhere.applications.sort_values(["person_id", "preference"])
    of_c = wishes[wishes["person_id"] == "C"]["offering_id"].tolist()
    assert of_c == ["vid-minoritet", "vid-relasjon"]
    of_a = wishes[wishes["person_id"] == "A"]["offering_id"].tolist()
    assert of_a == ["vid-relasjon", "vid-minoritet"]


def test_two_sites_that_rank_by_grade_agree(tmp_path):
    hand = Hand(tmp_path)
    found = agreement_everywhere(
        applied_everywhere(hand.round), hand.scenario, persons_of(hand.round)
    )
    assert found["vid-minoritet", "vid-relasjon"].tau == 1
    assert found["vid-minoritet", "vid-relasjon"].common == 5
