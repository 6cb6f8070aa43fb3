"""Plays drawn years and prints what came: ``python -m tests.season.many_years 1000 [FIRST]``."""

from __future__ import annotations

import sys

from tests.season.random_years import play


def main(count: int, first: int) -> int:
    calls = offers = worse = 0
    broken: list[str] = []
    for seed in range(first, first + count):
        year = play(seed)
        calls, offers, worse = calls + year.calls, offers + year.offers, worse + year.worse_off
        broken += [f"year {seed}: {line}" for line in year.broken]
    print(f"{count} years, {calls} calls, {offers} offers: {worse} worse off, {len(broken)} broken")
    print("\n".join(broken[:20]))
    return 1 if broken or worse else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1_000))
