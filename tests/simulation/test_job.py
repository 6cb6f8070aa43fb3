"""One draw: what a scenario's numbers are does not depend on which others stand beside it."""

import numpy as np
import pytest

from admissions.allocation.run import allocate_fast
from admissions.intake import read_round
from admissions.model.resources import offering_ids, shipped
from admissions.pool.population import population_of
from admissions.rulebooks.scenario import resolve
from admissions.rulebooks.scenario_files import load_scenario
from admissions.simulation.measures import Key
from admissions.simulation.simulate import scenario_job
from admissions.simulation.sources import kept, synthetic
from admissions.simulation.yields import shipped_yields

AGAINST_THE_FIRST = ("winners", "losers")


def job(*names, seed=1):
    scenarios = [resolve(load_scenario(name)) for name in names]
    return scenario_job(seed, scenarios, synthetic(population_of(2019)), shipped_yields())


@pytest.mark.parametrize(
    "name", ["leader-within-service", "leader-points", "coordinated-2019", "relasjon-as-sum"]
)
def test_a_scenario_gives_the_same_beside_any_other(name):
    """All but who wins and loses, which is against another."""
    alone, beside = job(name), job("current-2019", "seats-2020", name)
    columns = [n for n, key in enumerate(alone.keys) if key.measure not in AGAINST_THE_FIRST]
    one, other = alone.draws(0, 2)[:, 0], beside.draws(0, 2)[:, 2]
    assert np.array_equal(one[:, columns], other[:, columns])


@pytest.mark.parametrize(
    "names",
    [
        ("current-2019", "harmonised-2023", "serial-2019"),
        ("leader-within-service", "year-choose", "year-by-risk"),
    ],
)
def test_draws_that_are_decided_together_come_out_as_each_alone(names):
    found = job(*names)
    together = found.draws(0, 4)
    assert np.array_equal(together, np.concatenate([found.draws(n, n + 1) for n in range(4)]))


def test_leaders_change_what_coordinated_admission_without_them_gives():
    """within-service and coordinated-2019 differ in the leaders alone."""
    found = job("coordinated-2019", "leader-within-service")
    values = found.draws(0, 3)[:, 1]
    at = {key: n for n, key in enumerate(found.keys)}
    changed = values[:, at[Key("changed-by-leaders")]]
    won, lost = (values[:, at[Key(name)]] for name in AGAINST_THE_FIRST)
    assert np.array_equal(changed, won + lost)
    assert np.array_equal(values[:, at[Key("lost-by-leaders")]], lost)
    assert (changed > 0).all()
    own = values[:, at[Key("changed-by-leaders", "all", "own-order")]]
    others = values[:, at[Key("changed-by-leaders", "all", "other-services")]]
    assert np.array_equal(own + others, changed)


def held(*names):
    """What each case is held against, by id; those that were not asked for come last."""
    found = job(*names)
    ids = [case.id for case in found.cases]
    return {case: ids[other] for case, other in zip(ids, found.against, strict=True)}


def test_rules_are_held_against_the_same_mechanism_seats_and_offers():
    """Of the rules of 2019 called independently only the mechanism differs from coordinated."""
    assert held("current-2019", "harmonised-2023") == {
        "current-2019": "current-2019",
        "harmonised-2023": "current-2019-coordinated",
        "current-2019-coordinated": "current-2019",
    }


def test_what_stands_between_is_what_was_asked_for_where_it_is_the_same():
    assert held("current-2019", "coordinated-2019", "harmonised-2023", "leader-points") == {
        "current-2019": "current-2019",
        "coordinated-2019": "current-2019",
        "harmonised-2023": "coordinated-2019",
        "leader-points": "coordinated-2019",
    }


def test_mechanism_and_seats_are_told_apart():
    assert held("current-2019", "seats-2020") == {
        "current-2019": "current-2019",
        "seats-2020": "current-2019-coordinated",
        "current-2019-coordinated": "current-2019",
    }


def test_where_one_thing_differs_nothing_stands_between():
    assert held(
        "coordinated-2019", "relasjon-as-sum", "seats-2020", "current-2019"
    ) == dict.fromkeys(
        ("coordinated-2019", "relasjon-as-sum", "seats-2020", "current-2019"), "coordinated-2019"
    )


def test_by_mechanism_and_by_rules_differences_add_up_to_the_whole():
    found = job("current-2019", "harmonised-2023")
    at = found.keys.index(Key("municipalities"))
    current, harmonised, between = found.draws(0, 3)[:, :, at].T
    assert [case.id for case in found.cases][2] == "current-2019-coordinated"
    assert ((harmonised - between) + (between - current) == harmonised - current).all()
    middle = job("coordinated-2019").draws(0, 3)[:, 0, at]
    assert (between == middle).all()


def test_a_round_as_it_stands_is_what_allocate_gives():
    round_ = read_round(shipped("scenarios") / "rounds" / "2019", offerings=offering_ids())
    scenario = resolve(load_scenario("coordinated-2019"))
    found = scenario_job(1, [scenario], kept(round_, 10, 50), shipped_yields())
    (stands,) = found.as_it_stands()
    run = allocate_fast(round_, scenario)
    at = {key: n for n, key in enumerate(found.keys)}
    assert stands[at[Key("met")]] == stands[at[Key("completed")]] == run.plan.held.sum() == 274
    holders = run.problem.person[run.plan.held]
    homes = round_.applicants["municipality_no"].to_numpy()[holders]
    assert stands[at[Key("municipalities")]] == len(set(homes))


def test_rules_that_rank_alike_are_ranked_once():
    assert len(job("current-2019", "coordinated-2019", "seats-2020").variants) == 1
    assert len(job("current-2019", "leader-tie-break").variants) == 2
    assert len(job("current-2019", "relasjon-as-sum", "no-service-limit").variants) == 3


def test_a_draw_is_the_same_in_whichever_chunk_it_is_drawn():
    found = job("current-2019")
    assert np.array_equal(found.draws(0, 4)[2:], found.draws(2, 4))
    assert not np.array_equal(found.draws(0, 1), found.draws(1, 2))
    assert not np.array_equal(found.draws(0, 1), job("current-2019", seed=2).draws(0, 1))
