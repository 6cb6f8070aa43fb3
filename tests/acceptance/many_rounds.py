"""1,000 random rounds of 800 people and 8 offerings against the library ``matching``.

Run from the repository's root: python -m tests.acceptance.many_rounds [ROUNDS] [FIRST]
Every round is decided by deferred acceptance, every twentieth also by CP-SAT with its proof; the
tables are recomputed as in ``test_random_rounds``. Prints the count of differences; exit code 1
when there is one.
"""

from __future__ import annotations

import csv
import io
import random
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd

from admissions.allocation.run import allocate
from admissions.explanation.decisions import decide_outcomes
from admissions.intake import read_round
from admissions.model.resources import shipped
from admissions.results.allocation import ranking_rows
from admissions.rulebooks.rulebook import load_rulebooks
from admissions.rulebooks.scenario import resolve
from admissions.rulebooks.scenario_files import load_scenario
from tests.acceptance.command import write_round
from tests.acceptance.random_rounds import OFFERINGS, RESERVE, WITH_RESERVES, Told, make

PEOPLE = 800
EXACT_EVERY = 20


def _rows(frame: pd.DataFrame) -> list[dict[str, str]]:
    text = frame.to_csv(index=False, lineterminator="\n")
    return list(csv.DictReader(io.StringIO(text)))


def one_round(number: int, folder: Path) -> list[str]:
    """What differs in round ``number``: nothing, if all is well."""
    made = make(random.Random(f"many:{number}"), PEOPLE, OFFERINGS)
    write_round(folder, made.tables)
    (folder / "scenario.toml").write_text(made.scenario, encoding="utf-8")
    round_ = read_round(folder, offerings=load_rulebooks(shipped("rules")))
    resolved = resolve(load_scenario(str(folder / "scenario.toml")))
    exact = number % EXACT_EVERY == 0
    run = allocate(round_, resolved, None if exact else "deferred-acceptance")
    outcomes = decide_outcomes(run)
    outcomes["waiting_number"] = outcomes["waiting_number"].astype(str).replace("0", "")
    rankings = {
        o: ranking_rows(o, table, round_).texts_by_name() for o, table in run.rankings.items()
    }
    lines = made.tables["applicants.csv"].splitlines()
    header, *people = (line.split(",") for line in lines)
    regions = {row[0]: row[header.index("region")] for row in people}
    sectors = {row[0]: row[header.index("sector")] for row in people}
    told = Told(_rows(outcomes), rankings, made.seats, regions, sectors)
    found = told.faults()
    plans = {"by hand": told.recomputed_by_hand()}
    if made.seats[WITH_RESERVES] >= 4 * RESERVE:
        plans["by matching"] = told.recomputed_by_matching()
    for name, plan in plans.items():
        if told.published() != told.outcomes(plan):
            found.append(f"differs from the plan {name}")
    if exact and not (run.solvers[0].status == "OPTIMAL" and run.solvers[0].unique):
        found.append("CP-SAT did not prove the only optimum")
    return [*found, *([f"in:\n{made.scenario}"] if found else [])]


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    different, begun = 0, time.perf_counter()
    for number in range(first, first + rounds):
        with tempfile.TemporaryDirectory() as place:
            found = one_round(number, Path(place))
        if found:
            different += 1
            _say(f"round {number}: " + "; ".join(found))
        if (number + 1) % 100 == 0:
            taken = time.perf_counter() - begun
            _say(f"{number + 1 - first} rounds, {different} different, {taken:.0f} s")
    _say(f"{rounds} rounds of {PEOPLE} people, {len(OFFERINGS)} offerings: {different} different")
    sys.exit(1 if different else 0)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
