"""A forger: decides a plan by hand, and seals it with everything else in order.

Whatever ``verify`` can be asked to say is used to make the certificate fit the plan.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import numpy as np

from admissions.allocation.problem import Plan
from admissions.allocation.run import Run, allocate
from admissions.intake import read_round
from admissions.model.resources import offering_ids
from admissions.results import allocation as results
from admissions.rulebooks.scenario import resolve
from admissions.rulebooks.scenario_files import load_scenario
from tests.acceptance.command import write_round

VALUE = re.compile(
    r"cp-sat: (?P<name>[a-z-]+) is stated as .*; "
    r"from the decisions it is (?:min|max) (?P<value>\d+)"
)

Held = Collection[tuple[str, str]]


def decided(place: Path, tables: Mapping[str, str], scenario: str) -> Run:
    """The round with ``tables`` under the scenario with that text, honestly decided."""
    write_round(place / "round", tables)
    (place / "scenario.toml").write_text(scenario, encoding="utf-8")
    round_ = read_round(place / "round", offerings=offering_ids())
    return allocate(round_, resolve(load_scenario(str(place / "scenario.toml"))))


def holders(run: Run) -> set[tuple[str, str]]:
    """Who holds an offer where, by person and offering."""
    rows = run.round.applications.iloc[run.problem.application[run.plan.held]]
    return set(zip(rows["person_id"], rows["offering_id"], strict=True))


def forged(run: Run, held: Held, out: Path) -> Path:
    """The result folder of ``run`` with the plan ``held`` in its place; everything agrees."""
    rows = run.round.applications.iloc[run.problem.application]
    pairs = zip(rows["person_id"], rows["offering_id"], strict=True)
    flags = np.array([pair in held for pair in pairs], dtype=np.bool_)
    assert flags.sum() == len(held)
    forged_run = replace(run, plan=Plan(flags, np.zeros_like(flags)))
    with patch.object(results, "refuse_broken"):
        for _ in range(2):  # the second time with the values that the first was told to state
            files: dict[str, bytes] = {}
            result = results.seal(forged_run, files, language="en")
            forged_run = _with_values(forged_run, result.properties)
    for name, content in files.items():
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return out


def _with_values(run: Run, properties: Collection[object]) -> Run:
    lines = [line for one in properties if one.id == "P9" for line in one.exceptions]  # type: ignore[attr-defined]
    values = {m["name"]: int(m["value"]) for line in lines if (m := VALUE.search(line))}
    solvers = tuple(
        replace(
            solver,
            objectives=tuple(
                replace(one, value=values.get(one.name, one.value)) for one in solver.objectives
            ),
        )
        for solver in run.solvers
    )
    return replace(run, solvers=solvers)
