"""Plays drawn years and prints what came: ``python -m tests.season.many_years 1000 [FIRST]``.

Ten years in a row begin with the same decided round. Of fifty years one is called by both solvers,
the others by the fastest that is exact. The counts so far are printed every thousand years.
"""

from __future__ import annotations

import sys
from collections import Counter

from admissions.allocation.run import How
from tests.season.random_years import play

YEARS_A_ROUND = 10
BOTH_SOLVERS = 50
TOLD = 1_000


def main(count: int, first: int) -> int:
    found: Counter[str] = Counter()
    broken: list[str] = []
    for seed in range(first, first + count):
        solver: How = None if seed % BOTH_SOLVERS == 0 else "fastest"
        year = play(seed, years_a_round=YEARS_A_ROUND, solver=solver)
        found.update(years=1, calls=year.calls, offers=year.offers, worse=year.worse_off)
        broken += [f"year {seed}: {line}" for line in year.broken]
        if found["years"] % TOLD == 0 and found["years"] < count:
            tell(found, broken)
    tell(found, broken)
    print("\n".join(broken[:20]))
    return 1 if broken or found["worse"] else 0


def tell(found: Counter[str], broken: list[str]) -> None:
    counted = f"{found['years']} years, {found['calls']} calls, {found['offers']} offers"
    print(f"{counted}: {found['worse']} worse off, {len(broken)} broken", flush=True)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1_000))
