"""What employers say in a synthetic round, and what services need."""

from collections import defaultdict

import numpy as np
import pytest

from admissions.pool.population import population_of
from admissions.pool.synthetic import Pool

SAME = (
    {"oslomet-juss", "uis-juss"},
    {"hvl-barnets-beste", "oslomet-barnets-beste"},
)
"""Offerings that are one programme at two sites (statusmåling 2, Table 3-2)."""


def answers(round_):
    """What the employer of each person says of each offering, by person; municipal ones only."""
    municipal = set(round_.applicants.loc[round_.applicants["sector"] == 0, "person_id"])
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for row in round_.applications.itertuples():
        if row.person_id in municipal:
            found[row.person_id][row.offering_id] = row.employer_recommended
    return found


@pytest.fixture(scope="module")
def drawn():
    population = population_of(2019)
    return {
        percent: [
            Pool(population.varied("employers.alike_percent", percent)).round(seed)
            for seed in range(6)
        ]
        for percent in (0, 50, 100)
    }


def test_an_employer_has_one_answer_for_one_programme_at_two_sites(drawn):
    seen = 0
    for percent in drawn:
        for round_ in drawn[percent]:
            for said in answers(round_).values():
                for pair in SAME:
                    if pair <= set(said):
                        seen += 1
                        assert len({said[offering] for offering in pair}) == 1
    assert seen > 100


def apart(rounds):
    """The share of persons with two programmes whose employer recommends them for one only."""
    different = []
    for round_ in rounds:
        for said in answers(round_).values():
            pairs = [(a, b) for a in said for b in said if a < b and {a, b} not in SAME]
            different += [said[a] != said[b] for a, b in pairs]
    return np.mean(different)


def test_the_more_alike_employers_think_the_fewer_differ_between_programmes(drawn):
    """Independent answers of two chances near 0.6 differ in 2 x 0.6 x 0.4 = 0.48 of the pairs."""
    assert 0.40 < apart(drawn[0]) < 0.52
    assert 0.17 < apart(drawn[50]) < 0.31
    assert apart(drawn[100]) == 0


def test_how_alike_employers_think_changes_nothing_else(drawn):
    for one, other in zip(drawn[0], drawn[100], strict=True):
        assert one.applicants.equals(other.applicants)
        assert one.leader_preferences.equals(other.leader_preferences)
        assert one.applications["offering_id"].equals(other.applications["offering_id"])
        share = [r.applications["employer_recommended"].mean() for r in (one, other)]
        assert share[0] == pytest.approx(share[1], abs=0.05)


def test_the_bands_of_need_have_the_printed_means_and_percentiles():
    """Means of 7, 8 and 14 per cent; of supervision the 95th percentile is 57 and the 5th 0."""
    indicators = population_of(2019).country.need.indicators
    assert [indicator.mean_percent for indicator in indicators] == [7, 8, 14]
    for indicator in indicators:
        weights = np.array(indicator.weights)
        middles = np.array(indicator.percent).mean(axis=1)
        assert (weights @ middles) / weights.sum() == pytest.approx(indicator.mean_percent, abs=0.2)
        assert indicator.percent[0] == (0, 0)
        assert indicator.weights[0] >= 5
    supervision = indicators[2]
    assert supervision.p95_percent == supervision.percent[-2][1] == 57
    assert sum(supervision.weights) == 100
    assert supervision.weights[-1] == 5


def test_need_is_the_weighted_mean_of_the_indicators_in_hundredths_of_a_per_cent():
    population = population_of(2019)
    supervision = Pool(population.varied("country.need.weights", [0, 0, 1])).round(1).services
    need = supervision["need"].to_numpy()
    assert (need % 100 == 0).all()
    assert np.percentile(need, 5) == 0
    assert need.mean() == pytest.approx(1400, abs=300)
    whole = Pool(population).round(1).services["need"].to_numpy()
    assert len(np.unique(whole)) > 50
    assert 0 <= whole.min() <= whole.max() <= 6300
