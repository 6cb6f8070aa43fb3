"""A grid of parameters: its points, what is measured at them, and which are best."""

import csv
import io
import itertools
from decimal import Decimal
from fractions import Fraction
from statistics import mean

import pytest

import admissions as ad
from admissions.front.exploring import explore
from admissions.model.errors import DataError
from admissions.results.exploring import exploring_files
from admissions.simulation.exploring import pareto_best
from admissions.simulation.grid import Direction, read_grid
from tests.acceptance.command import files_of, run

GRID = """
base = "coordinated-2019"
draws = 3
seed = 4
measures = ["municipalities", "met/uis-juss", "losers"]

[best]
municipalities = "highest"
losers = "lowest"

[parameters]
uis-juss.service-limit.maximum = { from = 1, to = 3, step = 1 }
leader = ["none", "within-service"]
"""


def written(folder, text=GRID):
    path = folder / "grid.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    return explore(written(tmp_path_factory.mktemp("grid")))


@pytest.fixture(scope="module")
def rows(found):
    text = exploring_files(found, language="en")["points.csv"].decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_there_is_a_row_for_every_point_and_measure(rows):
    stated = [
        (row["uis-juss.service-limit.maximum"], row["leader"], row["measure"], row["offering"])
        for row in rows
    ]
    measured = [("municipalities", "all"), ("met", "uis-juss"), ("losers", "all")]
    points = itertools.product("123", ("none", "within-service"))
    assert stated == [(*point, *of) for point in points for of in measured]


def test_the_numbers_are_those_of_a_simulation_worked_out_anew(rows):
    """Point 1: at most one from a service at uis-juss, and no leader influence, as in the base."""
    base = ad.scenario("coordinated-2019")
    changed = base.changed("uis-juss", "service-limit", maximum=1)
    drawn = ad.simulate([base, changed], draws=3, seed=4).draws
    for row in rows[:2]:
        of = drawn[(drawn.measure == row["measure"]) & (drawn.offering == row["offering"])]
        of = of[of.group == "all"]
        own, held = (
            [int(value) for value in of[of.scenario == name].sort_values("draw").value]
            for name in (changed.id, base.id)
        )
        apart = [one - other for one, other in zip(own, held, strict=True)]
        for name, values in (("mean", own), ("difference", apart)):
            assert abs(Decimal(row[name]) - Decimal(mean(values))) < Decimal("0.0051")
        assert [int(row[name]) for name in ("p5", "p95")] == [min(own), max(own)]


def test_the_value_of_the_base_changes_nothing(rows):
    """Two from a service and no leader influence: that is the base."""
    same = [row for row in rows if row["point"] == "3"]
    assert [row["difference"] for row in same] == ["0.00"] * 3


def test_the_best_are_those_that_no_other_point_betters(rows):
    points: dict[str, dict[str, Decimal]] = {}
    for row in rows:
        points.setdefault(row["point"], {})[row["measure"]] = Decimal(row["mean"])
    told = {row["point"] for row in rows if row["best"] == "yes"}

    def betters(one, other):
        more = one["municipalities"] - other["municipalities"]
        fewer = other["losers"] - one["losers"]
        return more >= 0 and fewer >= 0 and more + fewer > 0

    unbeaten = {
        name
        for name, point in points.items()
        if not any(betters(other, point) for other in points.values())
    }
    assert told == unbeaten
    assert 0 < len(told) < len(points)


def test_best_of_five_by_hand():
    """b beats c (same seats, fewer lose); d has no value; e equals a: both are best."""
    means: list[dict[str, Fraction | None]] = [
        {"seats": Fraction(5), "lose": Fraction(3)},
        {"seats": Fraction(4), "lose": Fraction(1)},
        {"seats": Fraction(4), "lose": Fraction(2)},
        {"seats": Fraction(9), "lose": None},
        {"seats": Fraction(5), "lose": Fraction(3)},
    ]
    best: dict[str, Direction] = {"seats": "highest", "lose": "lowest"}
    assert pareto_best(means, best) == [True, True, False, False, True]
    assert pareto_best(means, {"seats": "lowest"}) == [False, True, True, False, False]


def test_no_direction_marks_nothing(tmp_path):
    text = GRID.replace('[best]\nmunicipalities = "highest"\nlosers = "lowest"\n', "")
    text = text.replace("to = 3", "to = 1")
    found = explore(written(tmp_path, text))
    assert [point.best for point in found.points] == [None, None]
    assert "no point is marked" in exploring_files(found, language="en")["report.html"].decode()


def test_all_changes_every_offering_that_has_the_rule(tmp_path):
    text = GRID.replace("uis-juss.service-limit", "all.service-limit")
    grid = read_grid(written(tmp_path, text))
    versions = grid.scenario((1, "none")).versions.values()
    limits = [
        rule.parameters()["maximum"]
        for one in versions
        for rule in one.rules()
        if rule.id == "service-limit"
    ]
    assert set(limits) == {1}


def test_seats_policy_and_decimal_ranges(tmp_path):
    own = """seats.uis-juss = [4]
policy.answer_days = [10]
uis-juss.experience-two-years.years = { from = 0.5, to = 2, step = 0.75 }
"""
    text = GRID[: GRID.index("uis-juss.service-limit")] + own
    grid = read_grid(written(tmp_path, text))
    steps = [Decimal("0.5"), Decimal("1.25"), Decimal(2)]
    assert grid.points == tuple((4, 10, step) for step in steps)
    scenario = grid.scenario(grid.points[1]).scenario
    assert scenario.seats["uis-juss"] == 4
    assert scenario.seats["ntnu-ledelse"] == grid.base.scenario.seats["ntnu-ledelse"]
    assert scenario.policy is not None
    assert scenario.policy.answer_days == 10
    rules = [grid.scenario(point).versions["uis-juss"] for point in grid.points]
    assert [one != grid.base.versions["uis-juss"] for one in rules] == [True, True, False]


@pytest.mark.parametrize(
    ("stated", "wrong", "told"),
    [
        ("draws = 3", "draws = 0", "draws is 0; expected a whole number from 1 to 2000"),
        ("draws = 3", "", "draws is missing; expected a whole number"),
        ("seed = 4", "seed = true", "seed is True; expected a whole number"),
        ("seed = 4", "seeds = 4", "unknown key: seeds; expected one of base"),
        ('"coordinated-2019"', "7", "base is 7; expected a scenario's id"),
        ('"losers"]', '"losser"]', "measures is losser; expected measure"),
        ('"losers"]', '"losers", "losers"]', "measures is losers; expected each value once"),
        ('"losers"]', '"met/nowhere"]', "measures is met/nowhere; expected measure"),
        ('= "lowest"', '= "least"', "best.losers is least; expected highest or lowest"),
        ("losers = ", "winners = ", "best is winners; expected one of the measures"),
        ("step = 1", "step = 0", "expected from, to and step"),
        ("step = 1", "stop = 1", "expected from, to and step"),
        ("step = 1", "step = 1e-99", "expected from, to and step"),
        ("to = 3", "to = inf", "expected from, to and step"),
        ("to = 3", "to = 600", "the grid has 1200 points; at most 500"),
        ('["none", "within-service"]', "[]", "leader is []; expected a list"),
        ('["none", "within-service"]', '["boss"]', "parameters.leader = boss"),
        ("leader = [", "leder = [", "parameters.leder = none: expected offering.rule"),
        ("leader = [", "seats.nowhere = [", "parameters.seats.nowhere = none: expected an off"),
        ("leader = [", "policy.days = [", "parameters.policy.days = none"),
        ("service-limit", "limit", "no rule or limit is called limit"),
        (".maximum", ".most", "service-limit has no such parameter; expected one of maximum"),
    ],
)
def test_what_is_wrong_is_told_with_key_and_value(tmp_path, stated, wrong, told):
    assert stated in GRID
    with pytest.raises(DataError) as error:
        read_grid(written(tmp_path, GRID.replace(stated, wrong)))
    assert told in str(error.value)
    assert str(error.value).startswith("grid.toml: ")


def test_the_same_command_gives_the_same_bytes(tmp_path):
    path = written(tmp_path, GRID.replace("draws = 3", "draws = 1").replace("to = 3", "to = 1"))
    for name in ("one", "two"):
        ran = run("explore", path, "--out", tmp_path / name, "--language", "en")
        assert ran.code == 0, ran.said
        assert "Points tried: 2. Draws: 1." in ran.said
    one, two = (files_of(tmp_path / name) for name in ("one", "two"))
    assert one == two
    assert {"points.csv", "report.html", "scenario.toml"} <= set(one)
    again = run("explore", path, "--out", tmp_path / "one", "--language", "en")
    assert (again.code, "exists" in again.said) == (2, True)


def test_a_grid_that_is_not_there_is_looked_for_and_no_disk_is_blamed(tmp_path):
    for path, why in ((tmp_path / "nope.toml", "No such file"), (tmp_path, "Is a directory")):
        ran = run("explore", path, "--out", tmp_path / "out", "--language", "en")
        assert (ran.code, ran.out) == (2, "")
        assert why in ran.err
        assert "Maybe look up the file's name" in ran.err
