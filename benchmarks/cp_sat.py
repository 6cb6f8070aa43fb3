"""How long CP-SAT takes to prove plans: unreduced, reduced, with limits over all offerings.

Run from the repository's root: python -m benchmarks.cp_sat [--long]
Times are CPU seconds of the whole process, all objectives and uniqueness proven, the best of
several runs; the yardstick is one ``numpy.lexsort`` of a million rows by two keys, taken in the
same run.
``--long`` adds the rows that may take minutes, each stopped after ``CAP`` seconds on the clock.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

import numpy as np

from admissions.allocation import cp_sat, deferred_acceptance, reduction
from admissions.allocation.build_problem import build_problem
from admissions.allocation.cp_sat.frontier import frontier
from admissions.allocation.problem import AwayLimit, Problem, QuotaLimit, offering_limits
from admissions.intake import read_round
from admissions.model.errors import NotProvenError
from admissions.model.resources import offering_ids, shipped
from admissions.model.wording import Wording
from admissions.ranking.tables import rank_round
from admissions.rulebooks.limits import ClassMinimum
from admissions.rulebooks.scenario import resolve
from admissions.rulebooks.scenario_files import load_scenario
from benchmarks.drawn_problems import drawn

CAP = 600.0
STAFF = 8
"""How many persons a service of the drawn problems has."""


def taken(work: Callable[[], object], times: int) -> float:
    """CPU seconds, the best of ``times``."""
    found = []
    for _ in range(times):
        begun = time.process_time()
        work()
        found.append(time.process_time() - begun)
    return min(found)


def yardstick() -> float:
    draw = np.random.Generator(np.random.PCG64(1))
    keys = draw.integers(0, 2**40, 1_000_000), draw.integers(0, 1000, 1_000_000)
    return taken(lambda: np.lexsort(keys), 3)


def the_round(*objectives: str) -> Problem:
    """The shipped 2019 round."""
    round_ = read_round(shipped("scenarios") / "rounds" / "2019", offerings=offering_ids())
    settings = load_scenario("coordinated-2019")
    if objectives:
        settings = settings.model_copy(update={"objectives": (*objectives, "tie")})
    scenario = resolve(settings)
    return build_problem(round_, scenario, rank_round(round_, scenario))


def proven(problem: Problem, *, reduced: bool = False) -> None:
    """Solves it, and holds the plan against deferred acceptance's."""
    left = reduction.reduced(problem) if reduced else None
    plan, report = cp_sat.solve(problem, reduction=left)
    assert report.unique
    assert (plan.held == deferred_acceptance.solve(problem).held).all()


def rows() -> Iterator[tuple[str, Callable[[], object], int]]:
    small = {skewed: drawn(800, 3, 8, seats=0.5, skewed=skewed) for skewed in (False, True)}
    middle = {skewed: drawn(2_000, 10, 40, seats=0.5, skewed=skewed) for skewed in (False, True)}
    large = {skewed: drawn(10_000, 10, 200, seats=0.5, skewed=skewed) for skewed in (False, True)}
    names = {False: "uniform", True: "skewed"}
    round_, spread = the_round(), the_round("blocking-pairs", "offers-used", "spread-breadth")
    bought = the_round("offers-used", "spread-breadth", "preferences")
    merit = deferred_acceptance.solve(round_).held
    yield "the 2019 round, unreduced", lambda: proven(round_), 5
    for skewed, name in names.items():
        yield f"800 x 8 x 3, {name}, unreduced", partial(proven, small[skewed]), 5
    for skewed, name in names.items():
        yield f"2,000 x 40 x 10, {name}, unreduced", partial(proven, middle[skewed]), 2
    for skewed, name in names.items():
        yield (
            f"10,000 x 200 x 10, {name}, reduced",
            partial(proven, large[skewed], reduced=True),
            3,
        )
    yield "the 2019 round, municipalities after fairness", lambda: cp_sat.solve(spread), 3
    yield "the 2019 round, municipalities before wishes", lambda: cp_sat.solve(bought), 3
    yield "the frontier of the 2019 round, every point", lambda: [*frontier(spread, merit)], 1


def long_rows() -> Iterator[tuple[str, Problem]]:
    yield "10,000 x 200 x 10, skewed, unreduced", drawn(10_000, 10, 200, seats=0.5, skewed=True)
    yield "10,000 x 200 x 10, max_students and class sizes", with_limits(10_000, 200, 10)
    one = drawn(800, 3, 8, seats=0.5, skewed=False)
    quota = QuotaLimit(tuple(range(8)), int(one.offers.sum()) * 85 // 100)
    yield "800 x 8 x 3, one quota over all, 85 % of the seats", replace(one, quotas=(quota,))
    apart = tuple(AwayLimit(service, 2, None) for service in range(100))
    service = one.person // STAFF
    yield (
        "800 x 8 x 3, max_students 2, orders apart",
        replace(one, service=service, away=apart),
    )


def with_limits(persons: int, offerings: int, wishes: int) -> Problem:
    """Services of ``STAFF``, three of each at most; no offering runs with fewer than half."""
    problem = drawn(persons, wishes, offerings, seats=0.5, skewed=True)
    words = Wording(nb="-", nn="-", en="-")
    minima = [
        [ClassMinimum(id="class", title=words, seats=max(2, int(offers) // 2))]
        for offers in problem.offers
    ]
    services = persons // STAFF
    away = tuple(
        AwayLimit(code, 3, tuple(range(code * STAFF, (code + 1) * STAFF)))
        for code in range(services)
    )
    return replace(
        problem, service=problem.person // STAFF, limits=offering_limits(minima), away=away
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--long", action="store_true")
    unit = yardstick()
    print(f"{'yardstick: numpy.lexsort of 1,000,000 rows':<55}{unit:9.3f}  1.00")
    if not parser.parse_args().long:
        for name, work, times in rows():
            seconds = taken(work, times)
            print(f"{name:<55}{seconds:9.3f}{seconds / unit:8.2f}", flush=True)
        return
    for name, problem in long_rows():
        begun = time.process_time(), time.perf_counter()
        try:
            hint = deferred_acceptance.a_stable_plan(problem)
            _, report = cp_sat.solve(problem, seconds=CAP, hint=hint)
            values = ", ".join(f"{one.name} {one.value}" for one in report.objectives[:-1])
            outcome = f"proven: {values}"
        except NotProvenError as error:
            outcome = f"{error.outcome}: {error}"
        cpu, clock = time.process_time() - begun[0], time.perf_counter() - begun[1]
        print(f"{name:<55}{cpu:9.1f} CPU, {clock:.0f} s; {outcome}", flush=True)


if __name__ == "__main__":
    main()
