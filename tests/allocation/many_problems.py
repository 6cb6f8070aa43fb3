"""As many random small problems as asked for, every combination of features, against all plans.

Run from the repository's root: python -m tests.allocation.many_problems [PROBLEMS] [FIRST]
For every hundred of them there is a larger one, of 60 persons, in which the two solvers, what large
rounds leave out, and verification are held against one another. Prints how many problems each
feature and each number of features had, how many of them deferred acceptance claimed, and how many
had no stable plan; each difference with the smallest problem that still has it. Exit code 1 when
there is one. Two processes share the work.
"""

from __future__ import annotations

import multiprocessing
import sys
import time
from collections import Counter
from collections.abc import Iterator

from admissions.allocation import deferred_acceptance
from admissions.allocation.problem import Problem
from tests.allocation.differences import between_solvers, differences
from tests.allocation.oracle import Definitions
from tests.allocation.problems import (
    COMBINATIONS,
    FEATURES,
    LARGER,
    Features,
    features_of,
    random_problem,
    shrunk,
    told,
)

PROCESSES = 2
SHARE = 200
"""Problems that a process takes at a time."""

SMALL_TO_LARGE = 100
SAID_EVERY = 2000

Tried = list[tuple[Features, str, str]]


def try_problems(numbers: range) -> Tried:
    """Of each problem: its features, what it is an example of, and how it differs ("": nothing)."""
    found = []
    for number in numbers:
        problem = random_problem(number)
        differing = differences(problem)
        report = ""
        if differing:
            least = shrunk(problem, lambda less: bool(differences(less)))
            lines = [*differing, "the smallest that differs:", told(least), *differences(least)]
            report = "\n".join([f"problem {number} {named(number)}:", *lines])
        found.append((features_of(number), sort_of(problem), report))
    return found


def try_larger(number: int) -> str:
    """How the larger problem ``number`` differs ("": nothing)."""
    found = [*between_solvers(random_problem(number, size=LARGER))]
    return "\n".join([f"larger problem {number} {named(number)}:", *found]) if found else ""


def named(number: int) -> str:
    return f"({' + '.join(features_of(number)) or 'no limits'})"


def sort_of(problem: Problem) -> str:
    exact = deferred_acceptance.why_not_exact(problem) is None
    by_definition = Definitions(problem)
    stable = any(by_definition.stable(plan) for plan in by_definition.plans())
    return f"{'both solvers' if exact else 'CP-SAT alone'}, {'' if stable else 'no '}stable plan"


def shares(first: int, problems: int) -> Iterator[range]:
    for begin in range(first, first + problems, SHARE):
        yield range(begin, min(begin + SHARE, first + problems))


def main() -> None:
    problems = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    features, sizes, sorts = Counter[str](), Counter[int](), Counter[str]()
    combinations, different, begun = set(), 0, time.perf_counter()
    with multiprocessing.get_context("spawn").Pool(PROCESSES) as pool:
        for tried in pool.imap_unordered(try_problems, shares(first, problems)):
            for chosen, sort, report in tried:
                features.update(chosen)
                sizes[len(chosen)] += 1
                sorts[sort] += 1
                combinations.add(chosen)
                if report:
                    different += 1
                    say(report)
            if sizes.total() % SAID_EVERY == 0:
                taken = time.perf_counter() - begun
                say(f"{sizes.total()} problems, {different} different, {taken:.0f} s")
        larger = range(first, first + problems // SMALL_TO_LARGE)
        for report in filter(None, pool.imap_unordered(try_larger, larger)):
            different += 1
            say(report)
    say(f"{len(larger)} larger problems")
    say(f"{problems} problems, {len(combinations)} of {len(COMBINATIONS)} combinations:")
    for name in FEATURES:
        say(f"  {features[name]:6} {name}")
    for size, count in sorted(sizes.items()):
        say(f"  {count:6} with {size} features")
    for sort, count in sorted(sorts.items()):
        say(f"  {count:6} {sort}")
    say(f"{different} different; {time.perf_counter() - begun:.0f} s")
    sys.exit(1 if different else 0)


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
