"""How long the main job takes: in process, cold, and at a million applications.

Run with: python benchmarks/main_job.py
Times are the best of several runs in seconds; the yardstick is one ``numpy.lexsort`` of a million
rows by two keys, taken in the same run, so that figures of different machines can be compared.
"""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from admissions.allocation.run import allocate
from admissions.intake import read_round
from admissions.model.resources import shipped
from admissions.pool import synthetic_round
from admissions.ranking.tables import rank_round
from admissions.results.allocation import check_result, write_result
from admissions.rulebooks.rulebook import load_rulebooks
from admissions.rulebooks.scenario import resolve
from admissions.rulebooks.scenario_files import load_scenario

RULES = shipped("rules")
ROUND = shipped("scenarios") / "rounds" / "2019"
COMMAND = str(Path(sys.executable).with_name("admissions"))


def best(work: Callable[[], Any], times: int) -> float:
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begun)
    return min(taken)


def cpu(work: Callable[[], Any], times: int) -> float:
    """The CPU seconds of the processes that ``work`` starts, the least of several runs."""
    taken = []
    for _ in range(times):
        begun = resource.getrusage(resource.RUSAGE_CHILDREN)
        work()
        ended = resource.getrusage(resource.RUSAGE_CHILDREN)
        taken.append(ended.ru_utime + ended.ru_stime - begun.ru_utime - begun.ru_stime)
    return min(taken)


def yardstick() -> float:
    draw = np.random.Generator(np.random.PCG64(1))
    keys = draw.integers(0, 2**40, 1_000_000), draw.integers(0, 1000, 1_000_000)
    return best(lambda: np.lexsort(keys), 3)


def in_process() -> dict[str, float]:
    round_ = read_round(ROUND, offerings=load_rulebooks(RULES))
    scenario = resolve(load_scenario("coordinated-2019"))
    with tempfile.TemporaryDirectory() as place:
        out = Path(place) / "out"
        write_result(allocate(round_, scenario), out, language="nb")
        return {
            "rank the 2019 round": best(lambda: rank_round(round_, scenario), 5),
            "rank and allocate, both solvers, proven": best(lambda: allocate(round_, scenario), 5),
            "verify": best(lambda: check_result(round_, scenario, out), 5),
        }


def cold() -> dict[str, float]:
    with tempfile.TemporaryDirectory() as place:
        out = Path(place) / "out"

        def run(*words: str) -> None:
            subprocess.run([COMMAND, *words], check=True, stdout=subprocess.DEVNULL)

        def allocate_cold() -> None:
            shutil.rmtree(out, ignore_errors=True)
            run("allocate", str(ROUND), "--scenario", "coordinated-2019", "--out", str(out))

        return {
            "admissions --help": best(lambda: run("--help"), 3),
            "admissions check": best(lambda: run("check", str(ROUND)), 3),
            "admissions allocate, report included": best(allocate_cold, 3),
            "admissions explain": best(
                lambda: run("explain", str(out), "--person", _waiting(out)), 3
            ),
            "admissions explain --all, CPU seconds": cpu(
                lambda: run("explain", str(out), "--all", "--json"), 3
            ),
            "admissions verify": best(lambda: run("verify", str(out), "--round", str(ROUND)), 3),
        }


def _waiting(out: Path) -> str:
    lines = (out / "decisions.csv").read_text(encoding="utf-8-sig").splitlines()
    return next(line.split(",")[0] for line in lines if ",waiting," in line)


def write_million(folder: Path) -> None:
    """500,000 people with two wishes each, drawn from the synthetic round's people."""
    from admissions.intake.writing import round_texts

    texts = round_texts(synthetic_round(2019, 1))
    people = texts["applicants.csv"].lstrip("\ufeff").splitlines()
    header, rows = people[0], [line.split(",", 1)[1] for line in people[1:]]
    offerings = sorted(load_rulebooks(RULES))
    folder.mkdir()
    for name in ("services.csv", "municipalities.csv"):
        (folder / name).write_text(texts[name], encoding="utf-8")
    with (folder / "applicants.csv").open("w", encoding="utf-8") as out:
        out.write(header + "\n")
        out.writelines(f"P{n:06d},{rows[n % len(rows)]}\n" for n in range(500_000))
    with (folder / "applications.csv").open("w", encoding="utf-8") as out:
        out.write("person_id,offering_id,preference\n")
        for n in range(500_000):
            out.write(f"P{n:06d},{offerings[n % 8]},1\nP{n:06d},{offerings[(n + 3) % 8]},2\n")


def million() -> dict[str, float]:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "round"
        write_million(folder)
        begun = time.perf_counter()
        round_ = read_round(folder, offerings=load_rulebooks(RULES))
        read = time.perf_counter() - begun
        rank_round(round_, resolve(load_scenario("coordinated-2019")))
        ranked = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    return {
        "intake of 1,000,000 applications": read,
        "intake and ranking of them": ranked,
        "peak memory, GiB": peak,
    }


def main() -> None:
    unit = yardstick()
    print(f"{'yardstick: numpy.lexsort of 1,000,000 rows':<45}{unit:8.3f}  1.00")
    for part in (in_process, cold, million):
        for name, taken in part().items():
            ratio = "" if "GiB" in name else f"{taken / unit:6.2f}"
            print(f"{name:<45}{taken:8.3f}{ratio}")


if __name__ == "__main__":
    main()
