"""The yield model: what the report prints, exact chances, and how many offers to make."""

from fractions import Fraction

import numpy as np
import pytest
from scipy.stats import binom

from admissions.model.errors import DataError
from admissions.pool.draws import Draws
from admissions.pool.population import population_of
from admissions.simulation.yields import (
    Chances,
    YieldModel,
    chance_of_more,
    chances_of,
    happens,
    load_yields,
    offers_at_risk,
    offers_to_make,
    shipped_yields,
    willing,
)

HALF = Fraction(1, 2)


def test_completion_is_that_of_table_3_3():
    printed = population_of(2019).outcomes
    for offering, (completed, met) in shipped_yields().completion.of_met.items():
        assert completed == printed.completed[offering]
        assert met == printed.met[offering]


def test_targets_are_the_admitted_row_and_the_58_of_hvl():
    printed = {o: sum(row) for o, row in population_of(2019).outcomes.admitted.items()}
    targets = {o: t.count for o, t in shipped_yields().admitted.targets.items()}
    assert targets == {**printed, "hvl-barnets-beste": 58}


def test_grants_are_those_of_2019():
    """211 of the 271 - 32 who met outside leadership."""
    grants = shipped_yields().grants
    assert round(1000 * 211 / 239) == grants.granted_per_1000.value
    assert shipped_yields().chances("ntnu-ledelse").granted == 0


def test_of_three_offers_two_meet_with_three_in_eight():
    assert chances_of(3, HALF) == [Fraction(n, 8) for n in (1, 3, 3, 1)]
    assert chance_of_more(3, 1, HALF) == HALF
    assert chance_of_more(3, 3, HALF) == 0


@pytest.mark.parametrize(("offers", "seats", "percent"), [(58, 32, 55), (40, 32, 90), (35, 32, 70)])
def test_the_chance_of_too_many_is_that_of_scipy(offers, seats, percent):
    expected = binom.sf(seats, offers, percent / 100)
    assert float(chance_of_more(offers, seats, Fraction(percent, 100))) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("seats", "risk", "offers"),
    [
        # Two offers to one seat: both meet in 1 of 4. Three: two or three meet in 1 of 2.
        (1, Fraction(24, 100), 1),
        (1, Fraction(25, 100), 2),
        (1, Fraction(49, 100), 2),
        (1, Fraction(50, 100), 3),
    ],
)
def test_as_many_offers_as_the_risk_allows(seats, risk, offers):
    assert offers_at_risk(seats, HALF, risk) == offers


def test_certain_offers_are_as_many_as_seats_and_hopeless_ones_unbounded():
    assert offers_at_risk(32, Fraction(1), Fraction(1, 10)) == 32
    assert offers_at_risk(32, Fraction(0), Fraction(1, 10)) is None


def test_a_seat_is_called_again_but_a_no_show_is_not_replaced():
    chances = Chances(HALF, HALF, Fraction(1, 10), Fraction(1), Fraction(0))
    assert chances.meets() == Fraction(9, 20)
    assert chances.meets(2) == Fraction(27, 40)
    assert chances.meets(None) == Fraction(9, 10)
    assert Chances(Fraction(1), Fraction(0), Fraction(0), Fraction(1), Fraction(0)).meets(None) == 0


def test_offers_of_the_scenario_go_before_those_of_the_model():
    seats = {"uis-juss": 32, "hvl-barnets-beste": 32}
    stated = {"uis-juss": 40}
    independent = offers_to_make(shipped_yields(), seats, stated, "independent", 2)
    assert independent == {"uis-juss": 40, "hvl-barnets-beste": 40}


def test_coordinated_offers_keep_the_risk_and_one_more_would_not():
    yields, name = shipped_yields(), "hvl-barnets-beste"
    made = offers_to_make(yields, {name: 32}, {}, "coordinated", 2)[name]
    meets = float(1 - Fraction(39, 100) ** 2)
    assert binom.sf(32, made, meets) <= 0.10 < binom.sf(32, made + 1, meets)


def test_chances_happen_as_often_as_they_say():
    drawn = willing(Draws(1), 100_000)
    offering = np.zeros(100_000, dtype=np.int64)
    often = happens(drawn.declines, [Fraction(1, 4)], offering).mean()
    assert often == pytest.approx(0.25, abs=0.01)
    assert happens(drawn.no_show, [Fraction(1)], offering).all()
    assert not happens(drawn.no_show, [Fraction(0)], offering).any()


def test_whoever_declines_at_a_low_chance_declines_at_a_high_one():
    drawn = willing(Draws(2), 1000)
    at = np.zeros(1000, dtype=np.int64)
    low = happens(drawn.declines, [Fraction(1, 10)], at)
    assert (low <= happens(drawn.declines, [Fraction(1, 5)], at)).all()


def test_every_assumption_can_take_every_value_of_its_range():
    for name, assumed in shipped_yields().assumptions():
        assert assumed.value in assumed.range
        for value in assumed.range:
            varied = dict(shipped_yields().varied(name, value).assumptions())
            assert varied[name].value == value


def test_an_offering_that_nothing_is_said_of_is_refused():
    with pytest.raises(DataError, match="says nothing of 'nowhere'"):
        shipped_yields().chances("nowhere")


def test_tables_that_differ_about_an_offering_are_refused(tmp_path):
    path = tmp_path / "yields.toml"
    path.write_text("year = 2019\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"yields\.toml: admitted: Field required"):
        load_yields(path)
    table = shipped_yields().model_dump(by_alias=True)
    del table["no_shows"]["per_1000"]["uis-juss"]
    with pytest.raises(ValueError, match=r"no_shows\.per_1000 .* differ about 'uis-juss'"):
        YieldModel.model_validate(table)
