"""What each kind of job does: from stored inputs to a result, and what to store with it."""

from __future__ import annotations

from collections.abc import Callable

from admissions_api.jobs.allocating import (
    allocate_round,
    explain_everybody,
    rank_part,
    verify_again,
)
from admissions_api.jobs.analysing import compare_scenarios, simulate_draws
from admissions_api.jobs.calling import call_next
from admissions_api.jobs.cutting import make_cut_offs
from admissions_api.jobs.task import JobResult, Task
from admissions_api.jobs.writing_letters import write_letters

KINDS: dict[str, Callable[[Task], JobResult]] = {
    "allocation": allocate_round,
    "call": call_next,
    "comparison": compare_scenarios,
    "explanations": explain_everybody,
    "cut-offs": make_cut_offs,
    "letters": write_letters,
    "ranking": rank_part,
    "simulation": simulate_draws,
    "verification": verify_again,
}
"""Each kind's work, by name."""
