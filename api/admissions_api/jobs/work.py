"""What each kind of job does: from stored inputs to a result, and what to store with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from admissions_api.settings import Settings
from admissions_api.store import Store


@dataclass(frozen=True)
class Task:
    """One job's work: ``request`` is what was asked; ``tell`` says how far it is."""

    id: str
    store: Store
    settings: Settings
    request: Mapping[str, Any]
    tell: Callable[[int, int], None]


@dataclass(frozen=True)
class Outcome:
    """What came out: ``keep`` stores it in the transaction that ends the job.

    ``target`` is what the audit chain names; ``location`` where the result can be read, None for
    the job's own.
    """

    result: Mapping[str, Any]
    target: str
    location: str | None = None
    keep: Callable[[Session], None] | None = None


Work = Callable[[Task], Outcome]


def kinds() -> dict[str, Work]:
    """Each kind's work, by name; imported when a worker starts."""
    from admissions_api.jobs.allocating import allocate_round, rank_part, verify_again
    from admissions_api.jobs.analysing import compare_scenarios, simulate_draws
    from admissions_api.jobs.cutting import make_cut_offs

    return {
        "allocation": allocate_round,
        "comparison": compare_scenarios,
        "cut-offs": make_cut_offs,
        "ranking": rank_part,
        "simulation": simulate_draws,
        "verification": verify_again,
    }
