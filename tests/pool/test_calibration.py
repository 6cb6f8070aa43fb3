"""Target and got: expected completers against enumeration, and shares against plain Python."""

from dataclasses import replace
from fractions import Fraction
from itertools import combinations, product
from pathlib import Path

import numpy as np
import pytest

from admissions.allocation.problem import Plan, Problem, offering_limits
from admissions.allocation.run import allocate
from admissions.pool.population import population_of
from admissions.pool.synthetic import shipped_pool
from admissions.rulebooks.scenario import resolve
from admissions.rulebooks.scenario_files import load_scenario
from docs.made.calibration import PrintedFigure, calibration_table, misfit, tuned
from docs.made.completion import Completers
from docs.made.shipped import calibration_document
from tests.pool import plain
from tests.report.small_run import small_run

# Persons 0-3 hold offers at "a", of whom 2 complete; 4-6 at "b", of whom 2; 7 holds none.
A, B = range(4), range(4, 7)
WHOM = np.array([True, False, True, False, True, False, True])


@pytest.fixture(scope="module")
def completers():
    offering = np.array([0, 0, 0, 0, 1, 1, 1, 1])
    problem = Problem(
        persons=8,
        offerings=("a", "b"),
        person=np.arange(8),
        offering=offering,
        preference=np.ones(8, dtype=np.int64),
        rank=np.array([1, 2, 3, 4, 1, 2, 3, 4]),
        weight=np.zeros(8, dtype=np.int64),
        application=np.arange(8),
        service=np.full(8, -1),
        region=np.full(8, -1),
        offers=np.array([4, 3]),
        limits=offering_limits([[], []]),
    )
    plan = Plan(held=np.arange(8) < 7, released=np.zeros(8, dtype=np.bool_))
    return Completers(replace(small_run(), problem=problem, plan=plan), {"a": 2, "b": 2})


def outcomes():
    """How many of ``WHOM`` complete in each of the equally likely outcomes."""
    return [
        sum(int(WHOM[person]) for person in (*of_a, *of_b))
        for of_a, of_b in product(combinations(A, 2), combinations(B, 2))
    ]


def test_expected_completers_are_the_mean_over_all_outcomes(completers):
    found = outcomes()
    assert completers.expected(WHOM) == Fraction(sum(found), len(found))


@pytest.mark.parametrize("least", [0, 1, 2, 3, 4, 5])
def test_chances_are_shares_of_all_outcomes(completers, least):
    found = outcomes()
    expected = Fraction(sum(n >= least for n in found), len(found))
    assert completers.chance(WHOM, lambda n: n >= least) == expected


def test_a_share_weighs_each_offering_by_how_many_of_its_offered_complete(completers):
    among = np.array([True, True, False, False, True, True, True])
    # expected among: 2 x 2/4 + 3 x 2/3 = 3; of them chosen: 1 x 2/4 + 2 x 2/3 = 11/6.
    assert completers.share(WHOM, among) == 100 * Fraction(11, 18)


def test_a_share_of_nobody_is_nought(completers):
    assert completers.share(WHOM, np.zeros(7, dtype=np.bool_)) == 0


def test_the_misfit_is_the_mean_distance_in_per_cent_of_the_target():
    figures = [
        tuned("ten per cent too many", "", 50, Fraction(55)),
        tuned("half as many", "", 8, Fraction(4), " %"),
        tuned("no target to be a share of", "", 0, Fraction(3)),
        PrintedFigure("not one number", "", "1, 2", "1, 3"),
    ]
    assert misfit(figures) == 30


@pytest.mark.parametrize(
    ("value", "text"), [(Fraction(1, 20), "0.1"), (Fraction(1, 25), "0.0"), (Fraction(7, 2), "3.5")]
)
def test_figures_are_written_with_one_decimal_half_up(value, text):
    assert tuned("a figure", "", 1, value).got == text


def test_shares_of_one_offering_are_those_of_its_offered():
    drawn = shipped_pool(2019)
    round_ = drawn.round(drawn.population.shipped_seed)
    scenario = resolve(load_scenario("coordinated-2019"))
    run = allocate(round_, scenario, "deferred-acceptance")
    got = {f.figure: f.value for f in calibration_table(run, drawn.population)}
    people = {p["person_id"]: p for p in round_.applicants.to_dict("records")}
    _, offers = plain.admitted(round_, scenario.scenario.seed)

    def percent(offering, met):
        there = [people[person] for person, at in offers if at == offering]
        return 100 * Fraction(sum(met(p["experience_municipal"]) for p in there), len(there))

    over_10 = "experience, supervision: over 10 years"
    assert got[over_10] == percent("uit-veiledning", lambda years: years >= 1100)
    under_5 = "experience, minority: under 5 years"
    assert got[under_5] == percent("vid-minoritet", lambda years: years < 500)
    under_6 = "experience, leadership: under 6 years"
    assert got[under_6] == percent("ntnu-ledelse", lambda years: years < 600)
    from_6 = "experience, leadership: 6-10 years"
    assert got[from_6] == percent("ntnu-ledelse", lambda years: 600 <= years < 1100)


def test_the_shipped_round_lies_near_the_report():
    """Loosely: a fifth of the target on average, where the mean of all rounds is nearer."""
    drawn = shipped_pool(2019)
    scenario = resolve(load_scenario("coordinated-2019"))
    run = allocate(drawn.round(drawn.population.shipped_seed), scenario, "deferred-acceptance")
    table = calibration_table(run, drawn.population)
    assert misfit(table) < 20
    got = {f.figure: f.value for f in table if f.value is not None}
    assert abs(got["municipalities with a student"] - 121) < 8
    assert abs(got["municipalities with four students or more"] - 12) < 4
    assert got["experience, leadership: under 6 years"] == 0


def test_every_figure_of_the_report_is_in_the_table():
    drawn = shipped_pool(2019)
    scenario = resolve(load_scenario("coordinated-2019"))
    run = allocate(drawn.round(1), scenario, "deferred-acceptance")
    targets = [f.target for f in calibration_table(run, population_of(2019))]
    for target in (
        *("84, 1, 1", "76, 4, 3", "45, 0, 1", "172, 5, 4", "172, 3, 4", "72, 0, 0", "41, 0, 0"),
        *("121", "809", "11", "38, 8, 5", "39, 0, 0", "45, 0, 0", "290, 8, 5"),
        *("662, 13, 13", "51, 43", "31, 29", "32, 29", "32, 25", "34, 32", "31, 27", "28, 27"),
        *("271, 237", "59, 167, 19"),
        *("356", "6, 19, 51, 71, 96, 113", "245", "6229.00", "5", "84 %", "51 %", "45 %", "28 %"),
        *("13 %", "12", "18", "14", "7", "4", "35 %", "30 %", "50 %", "57 %", "46 %", "0 %"),
        *("15 %", "85 %", "44 %", "58 %", "42 %", "44 %, 42 %, 14 %"),
    ):
        assert target in targets


def test_the_committed_document_is_what_the_code_writes():
    """After a change: python -m docs.made.pool_main . writes it anew."""
    committed = Path(__file__).parents[2] / "docs" / "calibration.md"
    assert committed.read_text(encoding="utf-8") == calibration_document()
