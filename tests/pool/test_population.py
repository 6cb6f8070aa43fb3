"""The population file: every assumption has a range, and can be varied; nothing else changes."""

import tomllib

import pytest

from admissions.model.errors import DataError, UsageError
from admissions.model.resources import shipped
from admissions.pool import synthetic_round
from admissions.pool.population import load_population, population_of
from admissions.pool.synthetic import Pool

FILE = shipped("scenarios") / "population" / "2019.toml"


@pytest.fixture(scope="module")
def population():
    return population_of(2019)


def test_only_a_calibrated_year_is_drawn():
    with pytest.raises(UsageError, match=r"2031.*2019"):
        synthetic_round(2031, 1)


def test_every_assumption_stands_within_its_range_and_has_a_reason(population):
    names = [name for name, _ in population.assumptions()]
    assert len(names) > 30
    assert len(set(names)) == len(names)
    for name, assumed in population.assumptions():
        assert assumed.value in assumed.range, name
        assert assumed.why.strip(), name


def test_each_value_of_each_range_makes_a_round(population):
    for name, assumed in population.assumptions():
        for value in assumed.range:
            if value != assumed.value:
                varied = population.varied(name, value)
                assert varied != population
                assert len(Pool(varied).round(1).applications) == 820, name


def test_varying_leaves_the_population_as_it_was(population):
    before = population.model_dump()
    varied = population.varied("grades.shift", 20)
    assert varied.grades.shift.value == 20
    assert population.model_dump() == before


def test_grades_shifted_up_are_higher(population):
    as_is = Pool(population).round(1).applicants["bachelor_grade"]
    higher = Pool(population.varied("grades.shift", 20)).round(1).applicants["bachelor_grade"]
    rose = (higher - as_is)[as_is >= 0]
    assert rose.max() == 20
    assert rose[as_is <= 480].min() == 20
    assert higher.max() <= 500


def test_fewer_combinations_mean_more_people(population):
    few = Pool(population.varied("wishes.several_per_1000", 100)).round(1)
    many = Pool(population.varied("wishes.several_per_1000", 300)).round(1)
    assert len(few.applicants) > len(many.applicants)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("grades.shifted", 1, "no assumption 'grades.shifted'"),
        ("education.relevant_percent", 101, "less than or equal to 100"),
        ("country.shared_by_class", [0, 2, 18, 37, 62, 69], "adds up to 357, expected 356"),
    ],
)
def test_what_cannot_be_varied_so_is_refused(population, name, value, message):
    with pytest.raises(DataError, match=message):
        population.varied(name, value)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('hvl-barnets-beste = "bergen"', 'hvl-barnets = "bergen"', "'hvl-barnets' has no applic"),
        ('varied_by = "grades.shift"', 'varied_by = "grades.shifty"', "which is no assumption"),
        ("year = 2019", "years = 2019", "year: Field required"),
        ("year = 2019", "year = ", "2019.toml"),
    ],
)
def test_a_population_that_does_not_hang_together_is_refused(tmp_path, old, new, message):
    text = FILE.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "2019.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataError, match=message):
        load_population(path)


def test_the_report_s_figures_as_they_stand_in_the_facts():
    table = tomllib.loads(FILE.read_text(encoding="utf-8"))
    outcomes = table["outcomes"]
    assert [sum(column) for column in zip(*outcomes["admitted"].values(), strict=True)] == [
        290, 8, 5,
    ]  # fmt: skip
    assert sum(outcomes["met"].values()) == 271
    assert sum(outcomes["completed"].values()) == 237
    students = table["students"]
    of_class = zip([19, 51, 71, 96, 113], students["class_2_to_6_percent"], strict=True)
    assert students["class_1"] + sum(round(n * p / 100) for n, p in of_class) == 121


def test_no_mapping_of_a_population_can_be_changed() -> None:
    population = population_of(2019)
    with pytest.raises(TypeError, match="frozen"):
        population.counts.applicants["uis-juss"] = (1, 1, 1)
