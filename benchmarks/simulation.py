"""How long paired draws take, and what memory they need: the reach of the simulation.

Run with: python benchmarks/simulation.py [--long]
Two scenarios at 2019's size; generation, ranking, allocation, measures and statistics included, as
the installed command does it. The yardstick of the other benchmarks is taken before and after.
``--long`` draws 10,000 pairs too and compares the cost of one draw and the peak memory.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

import admissions
from admissions.front.paired import paired_draws
from admissions.pool.population import population_of
from admissions.rulebooks.scenario import resolve
from admissions.rulebooks.scenario_files import load_scenario
from admissions.simulation.job import Job
from admissions.simulation.simulate import scenario_job, simulate
from admissions.simulation.sources import synthetic
from admissions.simulation.store import DrawStore, in_columns
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


def yardstick() -> float:
    """CPU seconds to sort 1,000,000 rows by two keys, the best of five."""
    draw = np.random.Generator(np.random.PCG64(1))
    keys = draw.integers(0, 2**40, 1_000_000), draw.integers(0, 1000, 1_000_000)
    found = []
    for _ in range(5):
        begun = time.process_time()
        np.lexsort(keys)
        found.append(time.process_time() - begun)
    return min(found)


def the_job() -> Job:
    scenarios = [resolve(load_scenario(name)) for name in SCENARIOS]
    return scenario_job(1, scenarios, synthetic(population_of(2019)), shipped_yields())


def one_draw(draws: int) -> float:
    """CPU milliseconds of one paired draw in this process, without start and statistics."""
    job = the_job()
    job.draws(0, 3)
    begun = time.process_time()
    job.draws(0, draws)
    return 1000 * (time.process_time() - begun) / draws


def kept_and_tried(draws: int) -> tuple[float, float]:
    """CPU seconds to keep paired draws under a base, and to try one changed parameter on them."""
    begun = time.process_time()
    kept = paired_draws("coordinated-2019", draws=draws, seed=1)
    ready = time.process_time()
    base = admissions.scenario("coordinated-2019")
    tried = kept.under(base.changed("uit-veiledning", "experience-beyond-three", years=8))
    for key in tried.keys:
        tried.summary(key), tried.difference(key)
    return ready - begun, time.process_time() - ready


def summing_up(draws: int, drawn: int = 200, piece: int = 500) -> float:
    """CPU seconds to sum up so many draws, which repeat the values of a few."""
    job = the_job()
    values = job.draws(0, drawn)
    with tempfile.TemporaryDirectory() as folder:
        store = DrawStore(Path(folder) / "out", {}, draws)
        store.open(resume=False, overwrite=False)
        for first in range(0, draws, piece):
            store.keep(first, in_columns(values[np.arange(first, first + piece) * 7 % drawn]))
        begun = time.process_time()
        simulate(job, shipped_yields(), store)
        return time.process_time() - begun


def main() -> None:
    print(f"{'yardstick: numpy.lexsort of 1,000,000 rows, CPU s':<60}{yardstick():9.3f}")
    wall, cpu, _ = command(1000, 2)
    print(f"{'1,000 paired draws, 2 workers, wall s (target 4)':<60}{wall:9.1f}")
    print(f"{'the same, CPU s of all processes':<60}{cpu:9.1f}")
    start = command(1, 1)
    for draws in (100, 1000, *((10_000,) if "--long" in sys.argv else ())):
        wall, cpu, peak = command(draws, 1)
        each = 1000 * (cpu - start[1]) / (draws - 1)
        print(f"{f'{draws:,} draws, 1 worker: CPU ms a draw after the first':<60}{each:9.1f}")
        print(f"{f'{draws:,} draws, 1 worker: peak memory, MiB':<60}{peak:9.0f}")
    print(f"{'one paired draw, CPU ms (target 4)':<60}{one_draw(100):9.1f}")
    keeping, trying = kept_and_tried(200)
    print(f"{'200 paired draws: kept under a base, CPU s':<60}{keeping:9.2f}")
    print(f"{'one parameter changed on them, all values, CPU s (target 1)':<60}{trying:9.2f}")
    print(f"{'20,000 draws summed up, CPU s (target 1)':<60}{summing_up(20_000):9.2f}")
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{'(this script itself: peak memory, MiB)':<60}{own:9.0f}")
    print(f"{'yardstick again':<60}{yardstick():9.3f}")


if __name__ == "__main__":
    main()
