"""One draw: what a scenario's numbers are does not depend on which others stand beside it."""

import numpy as np
import pytest

from admissions.pool.population import population_of
from admissions.rulebooks.scenario import load_scenario, resolve
from admissions.simulation.measures import Key
from admissions.simulation.simulate import scenario_job
from admissions.simulation.sources import synthetic
from admissions.simulation.yields import shipped_yields

AGAINST_THE_FIRST = ("winners", "losers")


def job(*names, seed=1):
    scenarios = [resolve(load_scenario(name)) for name in names]
    return scenario_job(seed, scenarios, synthetic(population_of(2019)), shipped_yields())


@pytest.mark.parametrize(
    "name", ["leader-within-service", "leader-points", "coordinated-2019", "relasjon-as-sum"]
)
def test_a_scenario_gives_the_same_beside_any_other(name):
    """All but who wins and loses, which is against the first."""
    alone, beside = job(name), job("current-2019", "seats-2020", name)
    columns = [n for n, key in enumerate(alone.keys) if key.measure not in AGAINST_THE_FIRST]
    one, other = alone.draws(0, 2)[:, 0], beside.draws(0, 2)[:, -1]
    assert np.array_equal(one[:, columns], other[:, columns])


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


def test_rules_that_rank_alike_are_ranked_once():
    assert len(job("current-2019", "coordinated-2019", "seats-2020").variants) == 1
    assert len(job("current-2019", "leader-tie-break").variants) == 2
    assert len(job("current-2019", "relasjon-as-sum", "no-service-limit").variants) == 3


def test_a_draw_is_the_same_in_whichever_chunk_it_is_drawn():
    found = job("current-2019")
    assert np.array_equal(found.draws(0, 4)[2:], found.draws(2, 4))
    assert not np.array_equal(found.draws(0, 1), found.draws(1, 2))
    assert not np.array_equal(found.draws(0, 1), job("current-2019", seed=2).draws(0, 1))
