"""How fast a country is allocated and verified, and how that grows.

Run from the repository's root: python -m benchmarks.scale
Times are CPU seconds, the best of several runs; ratios are of times taken in the same run. The
yardstick is one ``numpy.lexsort`` of all applications by offering and rank, which is where a plain
NumPy implementation begins; the other yardsticks are a heap for each offering
(``plain_heap``) and the libraries ``matching`` and ``algmatch``, stopped after ``CAP`` seconds
(``--peers``: these alone).
"""

from __future__ import annotations

import multiprocessing
import sys
import time
import tracemalloc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from itertools import pairwise
from typing import Any

import numpy as np

from admissions.allocation import deferred_acceptance
from admissions.allocation.problem import Plan, Problem
from admissions.verification import objectives, offers, stability
from admissions.verification.case import Case
from admissions.verification.chains import people_optimal
from admissions.verification.exchanges import Exchanges
from admissions.verification.limits import LAST, Limits, at_offerings
from admissions.verification.limits_kept import limits_kept
from benchmarks import plain_heap
from benchmarks.drawn_problems import MUNICIPAL, chain, drawn

WISHES = 10
PERSONS_PER_OFFERING = 50
SIZES = [12_500 * 2**n for n in range(7)]
RUNS = 5
ENOUGH = 0.25
CAP = 60


@dataclass(frozen=True)
class Shape:
    """How many seats there are for each person, and whether wishes and rankings are alike."""

    seats: float
    skewed: bool

    def __str__(self) -> str:
        return f"{'skewed' if self.skewed else 'uniform'}, {self.seats} seats a person"

    def problem(self, persons: int) -> Problem:
        offerings = persons // PERSONS_PER_OFFERING
        return drawn(persons, WISHES, offerings, seats=self.seats, skewed=self.skewed)

    def case(self, problem: Problem, plan: Plan) -> Case:
        """What the verifier reads back; nothing of it is worked out yet."""
        persons, count = problem.persons, len(plan.held)
        return Case(
            mechanism="coordinated",
            persons=np.arange(persons).astype(object),
            offerings=problem.offerings,
            person=problem.person,
            offering=problem.offering,
            preference=problem.preference,
            qualified=np.ones(count, dtype=np.bool_),
            rank=problem.rank,
            region=np.zeros(count, dtype=np.int64),
            service=np.zeros(count, dtype=np.int64),
            municipal=problem.person < (MUNICIPAL if self.skewed else 1) * persons,
            offers=problem.offers,
            limits=without_limits(persons, len(problem.offers)),
            held=plan.held,
            declined=plan.released,
        )


SHAPES = [Shape(seats, skewed) for skewed in (False, True) for seats in (0.3, 0.9, 1.0)]


def best(
    work: Callable[..., Any], prepare: Callable[[], tuple[Any, ...]] = tuple
) -> tuple[float, Any]:
    """The CPU seconds of the fastest run, and what it gave; ``prepare`` is not timed.

    Runs of some milliseconds are repeated more often: they vary most.
    """
    taken: list[float] = []
    while len(taken) < RUNS or sum(taken) < ENOUGH:
        prepared = prepare()
        begun = time.process_time()
        found = work(*prepared)
        taken.append(time.process_time() - begun)
    return min(taken), found


def without_limits(persons: int, offerings: int) -> Limits:
    return Limits(
        **at_offerings([()] * offerings),
        services=("",),
        max_students=np.array([LAST]),
        ordered=np.array([True]),
        standing=np.arange(persons),
    )


def verified(case: Case) -> None:
    """P1-P7, P11, and the objectives of P9 but for the sum of hashes."""
    exchanges = Exchanges(case)
    found = (
        offers.only_qualified(case),
        offers.one_offer_each(case),
        offers.within_offers(case),
        stability.municipal_first(exchanges, promised=True),
        stability.no_justified_envy(exchanges, promised=True),
        stability.no_offer_unused(exchanges, promised=True),
        limits_kept(exchanges),
        people_optimal(exchanges, promised=True),
    )
    assert all(one.holds for one in found)
    assert stability.blocking_pairs(exchanges) == 0
    assert objectives.preferences(case) >= objectives.offers_used(case)


def allocated_and_verified(shape: Shape, problem: Problem) -> tuple[float, float]:
    """The seconds to allocate, and to verify the plan as if it had just been read."""
    allocating, plan = best(partial(deferred_acceptance.solve, problem))
    return allocating, best(verified, lambda: (shape.case(problem, plan),))[0]


def peak_of_input(problem: Problem, work: Callable[[], Any]) -> float:
    """The most memory in use while ``work`` is done, its input counted, as a multiple of that."""
    arrays = sum(one.nbytes for one in vars(problem).values() if isinstance(one, np.ndarray))
    tracemalloc.start()
    work()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return 1 + most / arrays


def lists_of(problem: Problem) -> tuple[dict[Any, list[Any]], dict[Any, list[Any]], dict[Any, int]]:
    """Each person's wishes, each offering's line, best first, and its offers, as plain lists."""
    own: dict[int, list[str]] = {}
    theirs: dict[str, list[int]] = {}
    order = np.lexsort((problem.rank, problem.offering))
    names, persons = np.array(problem.offerings)[problem.offering].tolist(), problem.person.tolist()
    for person, name in zip(persons, names, strict=True):
        own.setdefault(person, []).append(name)
    for at in order.tolist():
        theirs.setdefault(names[at], []).append(persons[at])
    seats = dict(zip(problem.offerings, problem.offers.tolist(), strict=True))
    return own, theirs, {name: seats[name] for name in theirs}


def by_matching(problem: Problem) -> None:
    from matching.games import HospitalResident

    try:
        HospitalResident.create_from_dictionaries(*lists_of(problem)).solve()
    except RecursionError:
        sys.exit(1)


def by_algmatch(problem: Problem) -> None:
    from algmatch import HospitalResidentsProblem

    own, theirs, capacities = lists_of(problem)
    number = {name: n for n, name in enumerate(theirs, start=1)}
    hospitals = {
        number[name]: {"capacity": capacities[name], "preferences": [p + 1 for p in line]}
        for name, line in theirs.items()
    }
    residents = {person + 1: [number[name] for name in wishes] for person, wishes in own.items()}
    stated = {"residents": residents, "hospitals": hospitals}
    HospitalResidentsProblem(dictionary=stated).get_stable_matching()


def by_heap(problem: Problem) -> None:
    plain_heap.solve(problem)


def by_this_program(problem: Problem) -> None:
    deferred_acceptance.solve(problem)


def stopped(work: Callable[[Problem], None], problem: Problem) -> str:
    """How many seconds ``work`` takes in a process of its own, or that it was stopped."""
    begun = time.perf_counter()
    process = multiprocessing.Process(target=work, args=(problem,))
    process.start()
    process.join(CAP)
    if process.is_alive():
        process.kill()
        process.join()
        return f"stopped after {CAP}"
    ended = " (given up: its copy of the game is nested too deep)" if process.exitcode else ""
    return f"{time.perf_counter() - begun:.2f}{ended}"


def shapes(persons: int) -> None:
    """Every shape of a problem: times, against a heap or with the memory used."""
    against_heap = persons <= 100_000
    offerings = persons // PERSONS_PER_OFFERING
    print(f"\n{persons:,} persons x {WISHES} wishes x {offerings:,} offerings, seconds")
    last = "heap" if against_heap else "peak/input: allocate, verify"
    print(f"{'':28}{'lexsort':>9}{'allocate':>10}{'ratio':>7}{'verify':>9}{'ratio':>7}  {last}")
    for shape in SHAPES:
        problem = shape.problem(persons)
        sort = best(partial(np.lexsort, (problem.rank, problem.offering)))[0]
        allocating, verifying = allocated_and_verified(shape, problem)
        plan = deferred_acceptance.solve(problem)
        if against_heap:
            heap, held = best(partial(plain_heap.solve, problem))
            assert held == set(np.flatnonzero(plan.held).tolist())
            told = f"{heap:.2f}"
        else:
            allocation = peak_of_input(problem, partial(deferred_acceptance.solve, problem))
            verification = peak_of_input(problem, partial(verified, shape.case(problem, plan)))
            told = f"{allocation:.2f}, {verification:.2f}"
        print(
            f"{shape!s:28}{sort:9.3f}{allocating:10.3f}{allocating / sort:7.2f}"
            f"{verifying:9.3f}{verifying / allocating:7.2f}  {told}",
            flush=True,
        )


def growth() -> None:
    """How many times as long twice as many people take."""
    print(f"\ngrowth a doubling of people, {SIZES[0]:,} to {SIZES[-1]:,}")
    for shape in SHAPES:
        taken = [allocated_and_verified(shape, shape.problem(size)) for size in SIZES]
        for name, seconds in zip(("allocate", "verify"), zip(*taken, strict=True), strict=True):
            show_growth(f"{shape}, {name}", seconds)
    chains = [best(partial(deferred_acceptance.solve, chain(size)))[0] for size in SIZES]
    show_growth("one chain through everyone", chains)


def show_growth(name: str, seconds: Sequence[float]) -> None:
    ratios = [after / before for before, after in pairwise(seconds)]
    told = "".join(f"{ratio:6.2f}" for ratio in ratios)
    print(f"{name:36}{seconds[0]:8.4f} s, then x{told}", flush=True)


def installed() -> dict[str, Callable[[Problem], None]]:
    """The libraries that are there; ``algmatch`` brings a solver under a licence of its own."""
    found: dict[str, Callable[[Problem], None]] = {}
    for name, solve in (("matching", by_matching), ("algmatch", by_algmatch)):
        try:
            found[f"{name} {version(name)}"] = solve
        except PackageNotFoundError:
            print(f"{name} is not installed")
    return found


def libraries() -> None:
    """Others' programs on the same problems, their games built from our arrays included.

    Each in a process of its own, whose start is in the time.
    """
    peers = {**installed(), "a heap each": by_heap, "this program": by_this_program}
    print("\nbeside peers, seconds by the clock")
    for persons in (1_000, 2_000, 4_000, 100_000):
        problem = SHAPES[1].problem(persons)
        for name, solve in peers.items():
            print(f"{persons:9,} persons, {name:16} {stopped(solve, problem)}", flush=True)


def main() -> None:
    if "--peers" not in sys.argv:
        shapes(100_000)
        shapes(1_000_000)
        growth()
    libraries()


if __name__ == "__main__":
    main()
