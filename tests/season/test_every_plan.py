"""Small calls against every plan that could be made: the call is the best for all who ask."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from itertools import product
from random import Random

import pytest

from admissions.results.season_calls import try_call
from admissions.season.season import Season
from admissions.season.states import State
from tests.season.random_years import small_season, some_answers

Plan = Mapping[str, str]
"""Who has a seat where; nobody is in it without one."""


@pytest.mark.parametrize("first", range(0, 40, 10))
def test_of_all_plans_that_keep_holders_and_the_order_the_call_is_best_for_everybody(
    first: int,
) -> None:
    moved = 0
    for seed in range(first, first + 10):
        draw = Random(seed)
        season = some_answers(draw, small_season(draw), dt.date(2019, 6, 5))
        before = _seats(season)
        found = _seats(try_call(season, dt.date(2019, 6, 6)).after)
        fair = [plan for plan in _plans(season) if _fair(season, plan)]
        assert found in fair, seed
        for person in season.standing.persons:
            best = min(_place(season, person, plan) for plan in fair)
            assert _place(season, person, found) == best, (seed, person)
        moved += found != before
    assert moved, "the calls must move somebody to tell"


def _seats(season: Season) -> Plan:
    return {o.person_id: o.offering_id for o in season.standing.applications.values() if o.holds}


def _place(season: Season, person: str, plan: Plan) -> int:
    """The number of the wish that ``person`` has in ``plan``; 99 for none."""
    wishes = {one.offering_id: one.preference for one in season.standing.of(person)}
    return wishes.get(plan.get(person, ""), 99)


def _plans(season: Season) -> Iterator[Plan]:
    """Everybody has one of the places that they wait for, or what they hold, or else nothing.

    Nobody who holds has something less wanted, and no offering gives more than it may.
    """
    standing, held = season.standing, _seats(season)
    ways = []
    for person in standing.persons:
        waits = [o.offering_id for o in standing.of(person) if o.state is State.WAITING]
        own = held.get(person)
        now = _place(season, person, held)
        better = [o for o in waits if _place(season, person, {person: o}) < now]
        ways.append([own or "", *better])
    for choice in product(*ways):
        plan = {p: o for p, o in zip(standing.persons, choice, strict=True) if o}
        if all([*plan.values()].count(o) <= _most(season, o) for o in {*plan.values()}):
            yield plan


def _most(season: Season, offering: str) -> int:
    return max(season.target[offering], [*_seats(season).values()].count(offering))


def _fair(season: Season, plan: Plan) -> bool:
    """Nobody lacks a free seat, or one that goes to somebody behind them and not its holder."""
    held = _seats(season)
    for one in season.standing.applications.values():
        wants = one.state is State.WAITING and one.preference < _place(season, one.person_id, plan)
        if not wants:
            continue
        line = season.standing.order[one.offering_id]
        there = [p for p, o in plan.items() if o == one.offering_id]
        behind = [
            p
            for p in there
            if held.get(p) != one.offering_id and line.index(p) > line.index(one.person_id)
        ]
        if behind or len(there) < _most(season, one.offering_id):
            return False
    return True
