"""Synthetic rounds, ranked and allocated by the program and by hand-written plain Python."""

import pytest

from admissions.allocation.run import allocate
from admissions.pool import synthetic_round
from admissions.rulebooks.scenario import resolve
from admissions.rulebooks.scenario_files import load_scenario
from tests.pool import plain


@pytest.fixture(scope="module")
def scenario():
    return resolve(load_scenario("coordinated-2019"))


@pytest.mark.parametrize("seed", [1, 2, 663])
def test_rankings_and_offers_are_those_of_plain_python(seed, scenario):
    round_ = synthetic_round(2019, seed)
    run = allocate(round_, scenario, "deferred-acceptance")
    ranked, offers = plain.admitted(round_, scenario.scenario.seed)
    ids = round_.applicants["person_id"].to_numpy()
    for offering, table in run.rankings.items():
        assert ids[table.person[table.by_rank()]].tolist() == ranked[offering]
    held = round_.applications.iloc[run.problem.application[run.plan.held]]
    assert set(zip(held["person_id"], held["offering_id"], strict=True)) == offers
    assert len(offers) == 274


def test_everyone_but_the_eleven_is_qualified_by_the_rulebooks(scenario):
    run = allocate(synthetic_round(2019, 4), scenario, "deferred-acceptance")
    unqualified = {o: int((~t.qualified).sum()) for o, t in run.rankings.items()}
    assert {o: n for o, n in unqualified.items() if n} == {"uis-juss": 11}
