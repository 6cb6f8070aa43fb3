"""How long a call of a season takes: the shipped round's, and a country's.

``python -m benchmarks.calls``: CPU seconds of the process, the best of several runs.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import process_time

import numpy as np

from admissions import allocate, read_round, scenario
from admissions.allocation.deferred_acceptance import solve
from admissions.allocation.run import SolverOptions
from admissions.model.resources import shipped
from admissions.results.season import first_season
from admissions.results.season_calls import try_call
from admissions.rulebooks.scenario import resolve
from admissions.rulebooks.scenario_files import load_scenario
from admissions.season.call import next_call
from admissions.season.events import Event
from admissions.season.lists import Lists, call
from benchmarks.drawn_problems import drawn

RUNS = 9
PERSONS, OFFERINGS, WISHES, SEATS = 100_000, 2_000, 3, 0.62
FIRST = dt.date(2019, 6, 3)


def main() -> None:
    shipped_round()
    country()


def shipped_round() -> None:
    """Every fifth holder declines, and the seats go on."""
    plan = allocate(
        read_round(shipped("scenarios") / "rounds" / "2019"), scenario("coordinated-2019")
    )
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        plan.write(out)
        season = first_season(out, FIRST)
    holders = sorted(key for key, one in season.standing.applications.items() if one.holds)
    day = FIRST + dt.timedelta(days=2)
    season = season.with_events([Event(day, "decline", *key) for key in holders[::5]])

    def fresh() -> object:
        again = replace(season)
        return next_call(again.posed, again.standing, again.target)

    told("shipped round: rank, pose and solve the call by both solvers", fresh)
    posed, standing, target = season.posed, season.standing, season.target
    told("the same, by deferred acceptance, ranked before",
         lambda: next_call(posed, standing, target, "fastest"))  # fmt: skip
    told("the whole call: expiry, both solvers, chains, eight promises",
         lambda: try_call(season, day))  # fmt: skip


def country() -> None:
    """60,000 hold, every tenth of them gives up; the others wait for what they want more."""
    problem = drawn(PERSONS, WISHES, OFFERINGS, seats=SEATS, skewed=True)
    held = solve(problem).held
    best = problem.best_wish(held)[problem.person]
    gone = problem.person % 10 == 0
    lists = Lists(
        problem=problem,
        holds=held & ~gone,
        waits=(problem.preference < best) & ~gone,
        place=problem.rank,
        first=np.zeros_like(held),
        beside=np.zeros(OFFERINGS, dtype=np.int64),
        beside_target=np.zeros(OFFERINGS, dtype=np.int64),
    )
    resolved = resolve(load_scenario("coordinated-2019"))
    options = SolverOptions("deferred-acceptance")
    print(f"country: {PERSONS} persons, {OFFERINGS} offerings, {int(lists.holds.sum())} holders")
    told("country: pose and solve the call", lambda: call(lists, problem.offers, resolved, options))


def told(what: str, work: Callable[[], object]) -> None:
    best = min(_once(work) for _ in range(RUNS))
    print(f"{what}: {best:.3f} s")


def _once(work: Callable[[], object]) -> float:
    began = process_time()
    work()
    return process_time() - began


if __name__ == "__main__":
    main()
