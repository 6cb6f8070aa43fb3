"""A real round's people: kept for a simulation, resampled for cut-offs."""

from collections import Counter

import numpy as np
import pytest

from admissions.intake import read_round
from admissions.intake.writing import round_texts
from admissions.model.errors import UsageError
from admissions.model.resources import offering_ids, shipped
from admissions.pool.population import population_of
from admissions.simulation.sources import kept, resampled, synthetic
from tests.acceptance.command import write_round
from tests.simulation.hand import TABLES


@pytest.fixture(scope="module")
def real():
    return read_round(shipped("scenarios") / "rounds" / "2019", offerings=offering_ids())


def test_a_real_round_keeps_its_people_in_every_draw(real):
    """Resampled, the shipped round's 190-odd municipalities would come to some 40 fewer."""
    source = kept(real, 0, 50)
    homes = set(real.applicants["municipality_no"])
    for seed in range(5):
        drawn = source.round(seed)
        assert drawn.applicants.equals(real.applicants)
        assert drawn.applications.equals(real.applications)
        assert drawn.leader_preferences.equals(real.leader_preferences)
    lost = homes - set(resampled(real).round(5).applicants["municipality_no"])
    assert len(lost) > 20


def test_as_many_are_left_out_as_is_asked_for_and_the_rest_stay_who_they_are(real, tmp_path):
    drawn = kept(real, 10, 50).round(4)
    ids = set(drawn.applicants["person_id"])
    assert ids < set(real.applicants["person_id"])
    assert 0.85 < len(ids) / len(real.applicants) < 0.95
    before = real.applications[real.applications["person_id"].isin(ids)]
    assert drawn.applications["offering_id"].tolist() == before["offering_id"].tolist()
    named = drawn.leader_preferences
    assert set(named["person_id"]) <= ids
    texts = round_texts(drawn)
    again = read_round(write_round(tmp_path / "again", texts), offerings=offering_ids())
    assert again.leader_preferences.equals(named)


def test_employers_of_a_real_round_recommend_as_often_as_they_do_in_it(real):
    found = kept(real, 0, 30).recommending
    applications = real.applications
    municipal = real.applicants["sector"].to_numpy()[applications["person"]] == 0
    further = real.applicants["further_education_count"].to_numpy()[applications["person"]] > 0
    for at, rows in enumerate((municipal & ~further, municipal & further)):
        share = 100 * applications["employer_recommended"].to_numpy()[rows].mean()
        assert found.recommended[at] == pytest.approx(share, abs=0.51)
    assert found.alike == 30
    assert 1 < found.year_before < 12


def test_nobody_is_left_out_of_a_round_with_groups(tmp_path):
    groups = "service_id,offering_id,at_least\ns1,vid-minoritet,2\n"
    folder = write_round(tmp_path / "r", {**TABLES, "leader_groups.csv": groups})
    grouped = read_round(folder, offerings=offering_ids())
    assert kept(grouped, 0, 50).round(1) is grouped
    with pytest.raises(UsageError, match=r"leader_groups\.csv"):
        kept(grouped, 5, 50)


def test_sectors_keep_their_sizes_and_people_bring_their_wishes(real):
    drawn = resampled(real).round(5)
    assert (
        drawn.applicants["sector"].value_counts().to_dict()
        == real.applicants["sector"].value_counts().to_dict()
    )
    wishes = real.applications.groupby("person_id")["offering_id"].apply(list).to_dict()
    for person, own in drawn.applications.groupby("person_id"):
        assert own["offering_id"].tolist() == wishes[str(person).split("+")[0]]
        assert own["preference"].tolist() == list(range(1, len(own) + 1))


def test_about_a_third_are_left_out_and_who_is_drawn_twice_is_two_people(real):
    drawn = resampled(real).round(6)
    ids = drawn.applicants["person_id"]
    assert ids.is_unique
    assert ids.is_monotonic_increasing
    originals = Counter(person.split("+")[0] for person in ids)
    assert 0.60 < len(originals) / len(ids) < 0.67
    twice = next(person for person, n in originals.items() if n > 1)
    assert f"{twice}+2" in set(ids)


def test_a_drawn_round_is_one_that_check_accepts(real, tmp_path):
    drawn = resampled(real).round(7)
    texts = round_texts(drawn)
    again = read_round(write_round(tmp_path / "again", texts), offerings=offering_ids())
    assert again.applicants.equals(drawn.applicants)
    assert again.applications.equals(drawn.applications)
    assert again.leader_preferences.equals(drawn.leader_preferences)


def test_seeds_give_the_same_people_again_and_others_others(real):
    source = resampled(real)
    assert source.round(1).applicants.equals(source.round(1).applicants)
    assert not source.round(1).applicants.equals(source.round(2).applicants)


def test_a_round_with_groups_is_not_resampled(tmp_path):
    groups = "service_id,offering_id,at_least\ns1,vid-minoritet,2\n"
    folder = write_round(tmp_path / "r", {**TABLES, "leader_groups.csv": groups})
    with pytest.raises(UsageError, match=r"leader_groups\.csv"):
        resampled(read_round(folder, offerings=offering_ids()))


def test_synthetic_people_are_those_of_the_pool():
    source = synthetic(population_of(2019))
    assert source.name == "synthetic 2019"
    assert len(source.offerings) == 8
    assert np.array_equal(
        source.round(3).applicants["sector"], source.round(3).applicants["sector"]
    )
