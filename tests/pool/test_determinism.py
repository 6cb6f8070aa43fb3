"""The same seed gives the same bytes, and those are the shipped ones."""

from pathlib import Path

import pytest

from admissions.intake import read_round
from admissions.intake.writing import round_texts
from admissions.model.resources import shipped
from admissions.pool import synthetic_round
from admissions.pool.population import population_of
from admissions.pool.synthetic import Pool
from admissions.rulebooks.rulebook import load_rulebooks
from docs.made.shipped import shipped_round

ROOT = Path(__file__).parents[2]
FRAMES = (
    "applicants", "given", "applications", "services", "municipalities", "leader_preferences",
    "leader_groups",
)  # fmt: skip


def test_the_shipped_files_are_those_of_the_published_seed():
    """After a change: python -m docs.made.pool_main . writes them anew."""
    made = shipped_round()
    found = {path.name: path.read_bytes() for path in (ROOT / "scenarios/rounds/2019").iterdir()}
    assert found == {name: text.encode() for name, text in made.items()}


def test_a_pool_made_anew_draws_the_same_round():
    one = round_texts(synthetic_round(2019, 12))
    synthetic_round(2019, 13)
    assert round_texts(Pool(population_of(2019)).round(12)) == one


def test_another_seed_draws_other_people_in_the_same_country():
    one, other = round_texts(synthetic_round(2019, 1)), round_texts(synthetic_round(2019, 2))
    for name in ("applicants.csv", "applications.csv", "leader_preferences.csv"):
        assert one[name] != other[name]
    for name in ("services.csv", "municipalities.csv"):
        assert one[name] == other[name]


@pytest.mark.parametrize("seed", [0, 2**64])
def test_any_whole_seed_will_do(seed):
    assert len(synthetic_round(2019, seed).applications) == 820


def test_the_files_read_back_give_the_same_round(tmp_path):
    drawn = synthetic_round(2019, 3)
    for name, text in round_texts(drawn).items():
        (tmp_path / name).write_text(text, encoding="utf-8", newline="")
    read = read_round(tmp_path, offerings=load_rulebooks(shipped("rules")))
    assert read.settings == drawn.settings
    assert read.offerings == drawn.offerings
    assert read.notes == ()
    for frame in FRAMES:
        one, other = getattr(drawn, frame), getattr(read, frame)
        assert list(one.columns) == list(other.columns), frame
        for column in one.columns:
            assert one[column].tolist() == other[column].tolist(), (frame, column)
            assert one[column].dtype == other[column].dtype, (frame, column)
