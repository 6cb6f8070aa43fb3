"""Draws that are kept, to try scenarios on: the numbers are those of a simulation."""

import numpy as np
import pytest

import admissions as ad
from admissions.simulation.measures import Key

DRAWS = 4


@pytest.fixture(scope="module")
def kept():
    return ad.paired_draws("coordinated-2019", draws=DRAWS, seed=5)


@pytest.mark.parametrize("name", ["harmonised-points", "leader-within-service"])
def test_a_scenario_tried_has_the_numbers_of_a_simulation(kept, name):
    tried = kept.under(name, agreement=True)
    drawn = ad.simulate(["coordinated-2019", name], draws=DRAWS, seed=5)
    assert tried.keys == drawn.job.job.keys
    for number, found in enumerate((tried.base, tried.values)):
        values = drawn._kept.values(number, 0, len(tried.keys))
        assert np.array_equal(found, values)


def test_one_rule_changed_at_one_offering_is_as_when_everything_is_ranked_anew(kept):
    base = ad.scenario("coordinated-2019")
    changed = base.changed("uit-veiledning", "experience-beyond-three", years=8)
    tried = kept.under(changed)
    drawn = ad.simulate([base, changed], draws=DRAWS, seed=5)
    own = drawn._kept.values(1, 0, len(drawn.job.job.keys))
    columns = [drawn.job.job.keys.index(key) for key in tried.keys]
    assert np.array_equal(tried.values, own[:, columns])
    assert (tried.values != tried.base).any()


def test_without_being_asked_nobody_is_ranked_everywhere(kept):
    measures = {key.measure for key in kept.under("coordinated-2019").keys}
    assert "met" in measures
    assert not any(name.startswith("agreement") for name in measures)


def test_the_base_itself_differs_in_nothing(kept):
    tried = kept.under("coordinated-2019")
    for key in (Key("met"), Key("winners"), Key("losers"), Key("municipalities")):
        assert (tried.difference(key).above, tried.difference(key).below) == (0, 0)
    assert tried.summary(Key("met")).draws == DRAWS


def test_what_is_decided_round_by_round_is_tried_too(kept):
    """Equals that are treated together are; so are classes that may close, and groups."""
    tried = kept.under("ties-accept-all")
    assert tried.values.shape == tried.base.shape
    drawn = ad.simulate(["ties-accept-all"], draws=DRAWS, seed=5)
    at = drawn.job.job.keys.index(Key("met"))
    assert (
        tried.values[:, tried.keys.index(Key("met"))].tolist()
        == drawn._kept.values(0, at, at + 1)[:, 0].tolist()
    )
