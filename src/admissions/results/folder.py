"""Reads a result back: the round, the rules and the scenario that it speaks of."""

from __future__ import annotations

from admissions.model.errors import UsageError
from admissions.model.files import Place, below, files_at, said_place
from admissions.model.messages import message
from admissions.model.round import Round
from admissions.rulebooks.rulebook import load_rulebooks
from admissions.rulebooks.scenario import ResolvedScenario, resolve
from admissions.rulebooks.scenario_files import scenario_of_toml
from admissions.verification.published import CERTIFICATE


def read_scenario(result: Place) -> ResolvedScenario:
    """The scenario and rules that ``result``, a folder's path or its files, was made with.

    Raises UsageError when it is no result.
    """
    files = files_at(result)
    if CERTIFICATE not in files or "scenario.toml" not in files:
        missing = CERTIFICATE if CERTIFICATE not in files else "scenario.toml"
        raise UsageError(message("results.no-result", place=said_place(files), missing=missing))
    scenario = scenario_of_toml(files["scenario.toml"], "scenario.toml")
    return resolve(scenario, rules=below(files, "rules"))


def read_inputs(result: Place) -> Round:
    """The canonical copy of its round that lies in ``result``."""
    from admissions.intake import read_round

    files = files_at(result)
    return read_round(below(files, "round"), offerings=load_rulebooks(below(files, "rules")))
