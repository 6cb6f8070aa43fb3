"""Sensitivity: nothing assumed is passed over, one thing varies at a time, effects are paired."""

import datetime as dt

import pytest

from admissions.model.resources import shipped
from admissions.pool.population import population_of
from admissions.rulebooks.catalogue import all_assumptions
from admissions.rulebooks.rulebook import load_rulebooks
from admissions.rulebooks.scenario import resolve
from admissions.rulebooks.scenario_files import load_scenario
from admissions.simulation.factors import Factor, World
from admissions.simulation.measures import Key
from admissions.simulation.sensitivity import MAIN_KEYS, analyse, sensitivity_job
from admissions.simulation.sources import synthetic
from admissions.simulation.store import DrawStore
from admissions.simulation.variations import readings, variations
from admissions.simulation.yields import shipped_yields
from tests.acceptance.command import read_csv, run


@pytest.fixture(scope="module")
def current():
    return resolve(load_scenario("current-2019"))


@pytest.fixture(scope="module")
def varied(current):
    return list(variations(current, population_of(2019), shipped_yields()))


def test_every_assumption_in_force_is_varied_or_said_not_to_be(current, varied):
    """Those of the catalogue whose version applies on the scenario's date, and its own."""
    in_force = {version.id for version in current.versions.values()} | {"current-2019"}
    expected = {
        (entry.where, entry.parameter)
        for entry in all_assumptions(load_rulebooks(shipped("rules")))
        if entry.where.split(":")[0] in in_force
    }
    found = {(v.where, v.parameter) for v in varied if v.kind in ("rules", "scenario")}
    assert found == expected


def test_every_value_of_a_range_is_tried(varied):
    for entry in all_assumptions(load_rulebooks(shipped("rules"))):
        tried = [v for v in varied if (v.where, v.parameter) == (entry.where, entry.parameter)]
        if tried and not tried[0].why_not:
            assert len(tried) == len(entry.range) - 1, entry.where


@pytest.mark.parametrize("kind", ["population", "yields"])
def test_every_assumption_in_data_is_varied_over_its_range(varied, kind):
    data = population_of(2019) if kind == "population" else shipped_yields()
    tried = {(v.parameter, v.value) for v in varied if v.kind == kind and not v.why_not}
    names = {name for name, assumed in data.assumptions() if len(assumed.range) > 1}
    assert {name for name, _ in tried} == names
    assert len(tried) == sum(
        len([v for v in assumed.range if v != assumed.value]) for _, assumed in data.assumptions()
    )


def test_what_is_not_varied_says_why(varied):
    reasons = {v.why_not for v in varied if v.scenario is v.population is v.yields is None}
    assert "" not in reasons


def test_one_offering_is_changed_at_a_time_and_the_base_never(current, varied):
    before = resolve(load_scenario("current-2019"))
    for v in varied:
        if v.kind == "rules" and v.scenario is not None:
            changed = {o for o in current.versions if v.scenario.versions[o] != current.versions[o]}
            assert len(changed) == 1, v.where
            assert v.where.startswith(changed.pop())
    assert current == before


def test_the_other_reading_of_vid_is_the_scenario_that_sums(varied):
    (read,) = [v for v in varied if v.value == "sum (scenario relasjon-as-sum)"]
    summed = resolve(load_scenario("relasjon-as-sum"))
    assert read.scenario.versions["vid-relasjon"] == summed.versions["vid-relasjon"]


def test_every_shipped_reading_is_in_some_range():
    known = {
        (entry.where.split(": ")[-1], str(value))
        for entry in all_assumptions(load_rulebooks(shipped("rules")))
        if entry.parameter == "rule"
        for value in entry.range
    }
    assert set(readings()) <= known


def test_in_one_call_round_fewer_are_called_and_the_rest_stays_the_same(current, varied, tmp_path):
    (once,) = [v for v in varied if v.parameter == "call_rounds" and v.value == "1"]
    world = World((current,), None, synthetic(population_of(2019)), shipped_yields())
    tried = [(Factor(once.kind, once.where, once.parameter, ((once,),)), 0)]
    job = sensitivity_job(1, world, tried)
    store = DrawStore(tmp_path / "out", {}, 3)
    store.open(resume=False, overwrite=False)
    result = analyse(job, store, tried, [], {})
    ((_, effect),) = result.effects
    most = effect[Key("offers")].p95
    assert most is not None
    assert most < 0
    assert effect[Key("offers")].below == 3
    assert effect[Key("agreement-if-all-applied")].mean == 0


def test_rules_of_another_date_have_their_own_assumptions():
    later = load_scenario("coordinated-2019").model_copy(update={"rules_on": dt.date(2025, 8, 1)})
    found = {v.where for v in variations(resolve(later), None, shipped_yields())}
    assert "uit-veiledning-2025: grade" in found
    assert "uit-veiledning-2019: lottery" not in found


def test_the_command_writes_each_effect_on_each_main_measure(tmp_path):
    out = tmp_path / "out"
    ran = run(
        "sensitivity", "--scenario", "current-2019", "--draws", 1, "--seed", 1, "--out", out
    )  # fmt: skip
    assert ran.code == 0, ran.said
    _, effects = read_csv(out / "sensitivity.csv")
    _, assumptions = read_csv(out / "assumptions.csv")
    varied = [row for row in assumptions if row["varied"] == "yes"]
    assert len(effects) == len(varied) * len(MAIN_KEYS)
    assert {row["kind"] for row in varied} == {"rules", "scenario", "population", "yields"}
    assert all(row["why_not"] for row in assumptions if row["varied"] == "no")


def test_a_reading_that_is_a_scenario_of_its_own_is_said_to_be_one():
    breadth = resolve(load_scenario("spread-breadth"))
    reasons = {
        v.why_not
        for v in variations(breadth, None, shipped_yields())
        if v.value in ("spread-proportional", "spread-need")
    }
    assert reasons == {"other-scenario"}
