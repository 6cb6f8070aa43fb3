"""What a cluster of 100 workers costs beside the draws: simulated, by jobs that sleep.

Run with: python -m benchmarks.cluster [DRAWS]
A scheduler and 100 workers of one thread each stand in this process; a draw sleeps 40 ms where
it would work (ten scenarios, say), and gives as many values as a paired draw. So the time beyond
draws x 40 ms / 100 is what
handing out, ramping up and taking in cost; the network between machines is not in it.
"""

from __future__ import annotations

import sys
import time

import numpy as np
from distributed import LocalCluster
from numpy.typing import NDArray

from admissions.simulation import workers
from admissions.simulation.store import Columns, KeptDraws, Piece

WORKERS, SECONDS_A_DRAW = 100, 0.04
CASES, KEYS = 3, 539


class SleepingJob:
    """A job whose draws take their time and no processor."""

    at_once = 25

    def draws(self, first: int, past: int) -> NDArray[np.int64]:
        time.sleep((past - first) * SECONDS_A_DRAW)
        return np.zeros((past - first, CASES, KEYS), dtype=np.int64)


class Counted(KeptDraws):
    """Draws of which nothing is kept but how many there were, in how many pieces."""

    def __init__(self, draws: int) -> None:
        self.draws = draws
        self.kept: list[Piece] = []

    def keep(self, first: int, columns: Columns) -> None:
        self.kept.append((first, first + columns.shape[2]))

    def _pieces(self) -> list[Piece]:
        return self.kept

    def _piece(self, piece: Piece) -> Columns:
        raise NotImplementedError


def main() -> None:
    draws = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with LocalCluster(
        n_workers=WORKERS,
        threads_per_worker=1,
        processes=False,
        dashboard_address=None,
        memory_limit=0,  # all workers are one process, whose memory is not theirs
    ) as cluster:
        store, ideal = Counted(draws), draws * SECONDS_A_DRAW / WORKERS
        begun = time.perf_counter()
        workers.run(
            SleepingJob(),  # type: ignore[arg-type]
            store,
            workers=1,
            scheduler=cluster.scheduler_address,
            told=lambda done: None,
        )
        took = time.perf_counter() - begun
    if store.missing():
        raise SystemExit("draws are missing")
    print(f"{draws:,} draws in {len(store.kept):,} pieces by {WORKERS} workers")
    print(
        f"{took:.1f} s; the draws alone {ideal:.1f} s; beyond it {100 * (took / ideal - 1):.1f} %"
    )


if __name__ == "__main__":
    main()
