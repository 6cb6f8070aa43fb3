"""The small rounds in ``cases/``, decided as their scenarios say."""

from __future__ import annotations

from pathlib import Path

from admissions.allocation.run import Run, allocate_fast
from admissions.intake import read_round
from admissions.model.resources import offering_ids
from admissions.rulebooks.scenario import resolve
from admissions.rulebooks.scenario_files import load_scenario

CASES = Path(__file__).parent / "cases"


def decided(case: str) -> Run:
    """The round ``case`` under the scenario beside it."""
    round_ = read_round(CASES / case / "round", offerings=offering_ids())
    return allocate_fast(round_, resolve(load_scenario(str(CASES / case / "scenario.toml"))))
