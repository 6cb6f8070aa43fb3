"""Reads a result folder back: the round, the rules and the run that it speaks of."""

from __future__ import annotations

from pathlib import Path

from admissions.model.errors import UsageError
from admissions.model.round import Round
from admissions.rulebooks.rulebook import load_rulebooks
from admissions.rulebooks.scenario import (
    ResolvedScenario,
    read_scenario_file,
    resolve,
    scenario_path,
)


def read_scenario(out: Path) -> ResolvedScenario:
    """The scenario and rules that the result in ``out`` was made with.

    Raises UsageError when ``out`` is no result folder.
    """
    if not (out / "certificate.json").is_file():
        raise UsageError(
            f"{out} is no result folder (it has no certificate.json). "
            "Maybe run: admissions allocate ROUND --scenario S --out OUT"
        )
    scenario = read_scenario_file(scenario_path(str(out / "scenario.toml")))
    return resolve(scenario, rules_folder=out / "rules")


def read_inputs(out: Path) -> Round:
    """The round's canonical copy that lies in the result folder."""
    from admissions.intake import read_round

    return read_round(out / "round", offerings=load_rulebooks(out / "rules"))
