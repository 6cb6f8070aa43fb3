"""Rounds one after another are ranked as each alone."""

import numpy as np
import pytest

from admissions.intake import read_round
from admissions.model.resources import offering_ids, shipped
from admissions.pool.synthetic import shipped_pool
from admissions.ranking.rounds import one_round
from admissions.ranking.tables import rank_round, rank_rounds
from admissions.rulebooks.scenario import resolve
from admissions.rulebooks.scenario_files import load_scenario
from admissions.simulation.sources import kept

PEOPLE, LOTTERIES = (5, 77, 2**60 + 1), (11, 12, 13)

EVERY_WAY = [
    "current-2019",
    "harmonised-2023",
    "spread-proportional",
    "spread-breadth",
    "leader-within-service",
    "leader-points",
    "leader-employer-first",
    "ties-accept-all",
]
"""Tiers, points, indices in a service and a municipality, slots, added columns, equal ranks."""


@pytest.fixture(scope="module")
def pool():
    return shipped_pool(2019)


@pytest.fixture(scope="module")
def rounds(pool):
    return [pool.round(seed) for seed in PEOPLE]


@pytest.fixture(scope="module")
def together(pool):
    return pool.rounds(PEOPLE).drawn_by(LOTTERIES)


def test_rounds_drawn_at_once_are_those_drawn_one_by_one(rounds, together):
    alone = [one_round(round_) for round_ in rounds]
    assert together.counts.tolist() == [len(one.ids) for one in alone]
    assert together.ids.tolist() == [person for one in alone for person in one.ids]
    for name, column in together.persons.items():
        if name not in ("service", "municipality"):
            stated = np.concatenate([one.persons[name] for one in alone])
            assert column.dtype == stated.dtype
            assert (column == stated).all(), name
    for name, column in together.applications.items():
        assert (column == np.concatenate([one.applications[name] for one in alone])).all(), name


def test_no_two_rounds_share_a_service_or_a_municipality(together):
    for name in ("service", "municipality"):
        codes, draw = together.persons[name], together.draw
        pairs = {(code, of) for code, of in zip(codes.tolist(), draw.tolist(), strict=True)}
        known = [code for code, _ in pairs if code >= 0]
        assert len(known) == len(set(known))


@pytest.mark.parametrize("name", EVERY_WAY)
def test_each_round_among_others_has_the_ranks_that_it_has_alone(rounds, together, name):
    scenario = resolve(load_scenario(name))
    found, first = rank_rounds(together, scenario), 0
    for round_, seed in zip(rounds, LOTTERIES, strict=True):
        past = first + len(round_.applications)
        for offering, table in rank_round(round_, scenario.with_settings(seed=seed)).items():
            among = found[offering]
            rows = (among.application >= first) & (among.application < past)
            assert among.rank[rows].tolist() == table.rank.tolist()
            assert among.qualified[rows].tolist() == table.qualified.tolist()
        first = past


@pytest.fixture(scope="module")
def real():
    return read_round(shipped("scenarios") / "rounds" / "2019", offerings=offering_ids())


@pytest.mark.parametrize("name", ["harmonised-2023", "leader-within-service"])
def test_of_a_real_round_those_left_out_of_a_draw_are_ranked_nowhere_in_it(real, name):
    source, scenario = kept(real, 30, 50), resolve(load_scenario(name))
    found = rank_rounds(source.rounds(PEOPLE).drawn_by(LOTTERIES), scenario)
    first = 0
    for seed, lottery in zip(PEOPLE, LOTTERIES, strict=True):
        round_ = source.round(seed)
        past = first + len(round_.applications)
        for offering, table in rank_round(round_, scenario.with_settings(seed=lottery)).items():
            among = found[offering]
            rows = (among.application >= first) & (among.application < past)
            assert among.rank[rows].tolist() == table.rank.tolist()
        first = past


def test_what_is_counted_among_rows_is_counted_in_each_round(together):
    """As which gender is under-represented."""
    facts = next(together.applicants(resolve(load_scenario("current-2019")))).facts
    women = facts.one_of("gender", ["female"])
    for draw in range(len(PEOPLE)):
        here = facts.draw == draw
        assert set(facts.count(women)[here].tolist()) == {int((women & here).sum())}
