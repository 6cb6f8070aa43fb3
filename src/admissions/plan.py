"""The allocation problem and its outcome as arrays: what solvers read and write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from admissions.limits import Limit
from admissions.vocabulary import VOCABULARIES


@dataclass(frozen=True, eq=False)
class Problem:
    """Who wants what, in which order each offering ranks them, and how many offers it makes.

    With m qualified applications of n persons at k offerings; applications are by person, then
    preference:

    - ``person``, ``offering``: int64 (m,), positions 0…n-1 and 0…k-1 (``offerings`` has the ids);
    - ``preference``: int64 (m,), 1 = most wanted, strictly rising within a person;
    - ``rank``: int64 (m,), 1 = first at the offering, no two equal at one offering;
    - ``weight``: int64 (m,), 32 bits of the lottery hash, for the tie objective;
    - ``application``: int64 (m,), the row in ``Round.applications``;
    - ``service``, ``region``: int64 (m,), codes, -1 none;
    - ``offers``: int64 (k,), the offers to make;
    - ``limits``: by offering position.
    """

    persons: int
    offerings: tuple[str, ...]
    person: NDArray[np.int64]
    offering: NDArray[np.int64]
    preference: NDArray[np.int64]
    rank: NDArray[np.int64]
    weight: NDArray[np.int64]
    application: NDArray[np.int64]
    service: NDArray[np.int64]
    region: NDArray[np.int64]
    offers: NDArray[np.int64]
    limits: Mapping[int, tuple[Limit, ...]] = field(default_factory=dict)

    def region_minima(self) -> NDArray[np.int64]:
        """The seats reserved per offering and region, int64 (k, regions + 1).

        The last column, for whoever has no region, is 0.
        """
        regions = VOCABULARIES["region"]
        minima = np.zeros((len(self.offerings), len(regions) + 1), dtype=np.int64)
        for offering, limits in self.limits.items():
            for limit in limits:
                for region, seats in limit.seats.items():
                    minima[offering, regions.index(region)] = seats
        return minima


@dataclass(frozen=True, eq=False)
class Plan:
    """Who holds which offer.

    ``held``: bool (m,), True where the application holds an offer at the end; ``released``:
    bool (m,), True where it held one and gave it up for a better one (independent mechanism only).
    """

    held: NDArray[np.bool_]
    released: NDArray[np.bool_]


@dataclass(frozen=True)
class Objective:
    """One objective of a solver: its value, proven best among plans as good on those before it."""

    name: str
    sense: str
    value: int


@dataclass(frozen=True)
class SolverReport:
    """What a solver says of its plan; ``status`` is ``OPTIMAL`` (CP-SAT) or ``EXACT``."""

    solver: str
    status: str
    objectives: tuple[Objective, ...] = ()
    unique: bool | None = None
    agrees: bool | None = None
