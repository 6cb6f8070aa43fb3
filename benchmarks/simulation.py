"""How long paired draws take, and what memory they need: the reach of the simulation.

Run with: python benchmarks/simulation.py [--long]
Two scenarios at 2019's size; generation, ranking, allocation, measures and statistics included, as
the installed command does it. ``--long`` draws 10,000 pairs too (some minutes) and compares the
cost of one draw and the peak memory.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from admissions.pool.population import population_of
from admissions.rulebooks.scenario import resolve
from admissions.rulebooks.scenario_files import load_scenario
from admissions.simulation.simulate import scenario_job
from admissions.simulation.sources import synthetic
from admissions.simulation.yields import shipped_yields

COMMAND = str(Path(sys.executable).with_name("admissions"))
SCENARIOS = ("current-2019", "harmonised-2023")


def command(draws: int, workers: int) -> tuple[float, float, float]:
    """Wall and CPU seconds of one run, and the peak memory of its largest process, in MiB."""
    words = [word for name in SCENARIOS for word in ("--scenario", name)]
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            [COMMAND, "simulate", *words, "--draws", str(draws), "--seed", "1",
             "--workers", str(workers), "--out", str(Path(folder) / "out")],
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
        begun = time.perf_counter()
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begun
    if status:
        raise SystemExit("the command failed")
    return wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def one_draw(draws: int) -> float:
    """CPU milliseconds of one paired draw in this process, without start and statistics."""
    scenarios = [resolve(load_scenario(name)) for name in SCENARIOS]
    yields = shipped_yields()
    job = scenario_job(1, scenarios, synthetic(population_of(2019)), yields)
    job.draws(0, 3)
    begun = time.process_time()
    job.draws(0, draws)
    return 1000 * (time.process_time() - begun) / draws


def main() -> None:
    print(f"{'one paired draw, CPU ms':<60}{one_draw(100):9.1f}")
    wall, cpu, _ = command(1000, 2)
    print(f"{'1,000 paired draws, 2 workers, wall s (target 20)':<60}{wall:9.1f}")
    print(f"{'the same, CPU s of all processes':<60}{cpu:9.1f}")
    start = command(1, 1)
    for draws in (100, 1000, *((10_000,) if "--long" in sys.argv else ())):
        wall, cpu, peak = command(draws, 1)
        each = 1000 * (cpu - start[1]) / (draws - 1)
        print(f"{f'{draws:,} draws, 1 worker: CPU ms a draw after the first':<60}{each:9.1f}")
        print(f"{f'{draws:,} draws, 1 worker: peak memory, MiB':<60}{peak:9.0f}")
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{'(this script itself: peak memory, MiB)':<60}{own:9.0f}")


if __name__ == "__main__":
    main()
