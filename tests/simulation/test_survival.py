"""Does a difference survive what is assumed: one value at a time, and all at once."""

import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pytest

import admissions
from admissions.model.errors import UsageError
from admissions.pool.population import population_of
from admissions.rulebooks.scenario import resolve
from admissions.rulebooks.scenario_files import load_scenario
from admissions.simulation.factors import Factor, World, factors, with_values
from admissions.simulation.joint import apart, chosen, design, opened, shares
from admissions.simulation.measures import UNDEFINED, Key
from admissions.simulation.sensitivity import (
    MAIN_KEYS,
    SensitivityResult,
    analyse,
    sensitivity_job,
    survival,
)
from admissions.simulation.sources import synthetic
from admissions.simulation.store import DrawsInMemory
from admissions.simulation.yields import shipped_yields
from tests.acceptance.command import run

DRAWS = 3
MET = Key("met")


@pytest.fixture(scope="module")
def world():
    names = ("coordinated-2019", "least-education-first")
    people = population_of(2019)
    rules = tuple(resolve(load_scenario(name)) for name in names)
    return World(rules, people, synthetic(people), shipped_yields())


@pytest.fixture(scope="module")
def found(world):
    made, _ = factors(world)
    return made


def known(value: Fraction | None) -> Fraction:
    assert value is not None
    return value


def one(found: Sequence[Factor], parameter: str) -> Factor:
    (factor,) = [factor for factor in found if factor.parameter == parameter]
    return factor


def test_shares_of_a_sum_are_those_of_its_parts():
    """Y = 3a + b of two even numbers: a has 9/10 of the variance and b 1/10, alone and in all."""
    of = design(["a", "b"], 4096, seed=1)
    values = 3 * of.points[:, 0] + of.points[:, 1]
    for share, expected in zip(shares(of, values.tolist()), (0.9, 0.1), strict=True):
        assert share.first == pytest.approx(expected, abs=0.02)
        assert share.total == pytest.approx(expected, abs=0.02)


def test_what_two_do_only_together_is_in_the_total_share_of_both():
    """Y = (a - 1/2)(b - 1/2): nothing alone, everything together."""
    of = design(["a", "b"], 4096, seed=1)
    values = (of.points[:, 0] - 0.5) * (of.points[:, 1] - 0.5)
    for share in shares(of, values.tolist()):
        assert share.first == pytest.approx(0, abs=0.05)
        assert share.total == pytest.approx(1, abs=0.05)


def test_the_function_of_ishigami_has_its_known_shares():
    """sin x1 + 7 sin² x2 + x3⁴/10 sin x1 on ±π: its shares are in every textbook."""
    of = design(["1", "2", "3"], 8192, seed=4)
    x = (2 * of.points - 1) * math.pi
    values = np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])
    told = shares(of, values.tolist())
    assert [s.first for s in told] == pytest.approx([0.314, 0.442, 0], abs=0.04)
    assert [s.total for s in told] == pytest.approx([0.558, 0.442, 0.244], abs=0.04)


def test_where_no_point_differs_no_share_is_told():
    of = design(["a", "a", "b"], 16, seed=1)
    assert {s.first for s in shares(of, [1.0] * len(of.points))} == {None}


def test_a_group_is_varied_as_one_and_the_points_are_those_asked_for_or_fewer():
    assert len(design(["rules", "rules", "yields"], 200, seed=1).points) == 32 * 4
    with pytest.raises(UsageError, match="too few"):
        design(["rules", "yields"], 7, seed=1)


def test_every_value_of_an_assumption_has_an_equal_part_of_its_factor(found):
    factor = one(found, "no_shows_percent")
    levels = len(factor.tried) + 1
    ends = [Fraction(n, levels) for n in range(levels)]
    inside = [chosen(np.array([float(end) + 0.5 / levels]), [factor]) for end in ends]
    assert inside == [[], *([(factor, at)] for at in range(levels - 1))]


def test_an_assumption_of_both_rulebooks_is_one_factor_and_changes_both(world, found):
    factor = next(f for f in found if f.kind == "rules" and all(f.tried[0]))
    changed = with_values(world, [(factor, 0)])
    offering = next(
        name for name, version in world.scenarios[0].versions.items()
        if factor.where.startswith(version.id + ":")
    )  # fmt: skip
    for before, after in zip(world.scenarios, changed.scenarios, strict=True):
        assert before.versions[offering] != after.versions[offering]
    assert changed.source is world.source


def test_people_are_drawn_anew_only_where_what_is_assumed_of_them_changes(world, found):
    changed = with_values(world, [(one(found, "homes.nearness"), 0), (one(found, "published"), 0)])
    assert changed.source != world.source
    assert changed.yields != world.yields
    assert changed.scenarios == world.scenarios


def test_a_difference_has_no_value_where_either_side_has_none():
    keys = (MET, Key("losers"))
    own = np.array([[5, 7], [UNDEFINED, 7], [5, UNDEFINED]])
    other = np.array([[2, 4], [2, 4], [UNDEFINED, 4]])
    assert apart(own, other, keys).tolist() == [
        [3, 7], [UNDEFINED, 7], [UNDEFINED, UNDEFINED]
    ]  # fmt: skip


@pytest.fixture(scope="module")
def result(world: World, found: Sequence[Factor]) -> SensitivityResult:
    tried = [(one(found, "declines_percent"), 0), (one(found, "no_shows_percent"), 0)]
    job = sensitivity_job(2, world, tried)
    return analyse(job, DrawsInMemory(DRAWS), tried, [], {})


def test_the_base_is_how_far_the_second_is_from_the_first(result):
    drawn = admissions.simulate(["coordinated-2019", "least-education-first"], draws=DRAWS, seed=2)
    told = drawn.result.by_id["least-education-first"].differences
    for key in MAIN_KEYS:
        assert (result.base[key].mean, result.base[key].p5) == (told[key].mean, told[key].p5), key
    assert result.against is not None


def test_an_effect_is_how_far_the_difference_moves(result):
    for (_, moved), means in zip(result.effects, result.means, strict=True):
        for key, of in moved.items():
            if of.mean is not None and of.draws == DRAWS:
                assert of.mean == known(means[key].mean) - known(result.base[key].mean)


def test_a_sign_is_told_only_beyond_two_standard_errors(result):
    education = survival(result, Key("further-education-share"))
    assert (education.sign, education.tried, education.turned) == (-1, 2, ())
    assert known(education.low) <= known(education.high) < 0
    for key in MAIN_KEYS:
        of = result.base[key]
        if of.mean is not None and abs(of.mean) <= 2 * known(of.se):
            assert survival(result, key).sign == 0


def test_all_at_once_the_points_are_counted_by_sign(world, found):
    few = [one(found, "declines_percent"), one(found, "homes.nearness")]
    keys = (Key("further-education-share"), Key("losers"))
    joint = opened(world, few, keys, points=8, draws=2, seed=1)
    education, losers = (joint.measures[key] for key in keys)
    assert (joint.points, education.points, education.below, losers.above) == (8, 8, 8, 8)
    ends = [known(end) for end in (education.low, education.p5, education.p95, education.high)]
    assert ends == sorted(ends)
    assert ends[-1] < 0
    assert [share.group for share in education.shares] == ["yields", "population"]


@pytest.mark.parametrize(
    ("names", "more", "said"),
    [
        (["current-2019", "coordinated-2019", "seats-2020"], [], "3 scenarios"),
        (["current-2019", "current-2019"], [], "nothing sets the two scenarios apart"),
        (["current-2019"], ["--joint", "3"], "too few"),
    ],
)
def test_what_is_no_pair_or_no_design_is_refused_before_anything_is_drawn(
    tmp_path, names, more, said
):
    asked = [part for name in names for part in ("--scenario", name)]
    ran = run(
        "sensitivity", *asked, "--draws", 1, "--seed", 1, "--out", tmp_path / "out", *more
    )  # fmt: skip
    assert ran.code == 2
    assert said in ran.err
    assert not list(tmp_path.iterdir())
