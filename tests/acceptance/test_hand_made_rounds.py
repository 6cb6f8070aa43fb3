"""Hand-made rounds through the command; every expectation is worked out from published rules.

The data are in ``hand/*.toml``: the titles say what is shown, the comments how it was worked out.
"""

from __future__ import annotations

import csv
import io
import json
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.command import Ran, read_csv, run, run_installed, write_round

HAND = Path(__file__).parent / "hand"
THROUGH_A_PROCESS = ("hvl-barnets-beste", "mechanisms")
INPUTS = (
    "applicants",
    "applications",
    "services",
    "leader_preferences",
    "leader_groups",
    "municipalities",
)


def _cases() -> list[Any]:
    found = []
    for path in sorted(HAND.glob("*.toml")):
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        for number, case in enumerate(table["cases"]):
            merged = {**{k: v for k, v in table.items() if k != "cases"}, **case}
            merged["installed"] = number == 0 and path.stem in THROUGH_A_PROCESS
            found.append(pytest.param(merged, id=f"{path.stem}: {case['title']}"))
    return found


@pytest.mark.parametrize("case", _cases())
def test_comes_out_as_worked_out_by_hand(case: dict[str, Any], tmp_path: Path) -> None:
    tables = {f"{name}.csv": case[name] for name in INPUTS if name in case}
    if "round" in case:
        tables["round.toml"] = case["round"]
    round_ = write_round(tmp_path / "round", tables)
    scenario = case["scenario"]
    if "\n" in scenario:
        (tmp_path / "scenario.toml").write_text(scenario, encoding="utf-8")
        scenario = str(tmp_path / "scenario.toml")
    command = run_installed if case["installed"] else run
    out, ranked = tmp_path / "out", tmp_path / "ranked"
    _done(command("allocate", round_, "--scenario", scenario, "--out", out))
    _done(run("rank", round_, "--scenario", scenario, "--out", ranked))
    _done(run("verify", out, "--round", round_))

    expected = list(csv.DictReader(io.StringIO(case["expected"].lstrip("\n"))))
    _, decisions = read_csv(out / "decisions.csv")
    found = {(row["person_id"], row["offering_id"]): row for row in decisions}
    shown = [_shown(found[row["person_id"], row["offering_id"]], row) for row in expected]
    assert shown == [_shown(row, row) for row in expected]
    if "blocking_pairs" in case:
        assert _blocking_pairs(out) == case["blocking_pairs"]
    if case.get("complete", True):
        assert len(decisions) == len(expected)
    for path in sorted((out / "rankings").iterdir()):
        assert path.read_bytes() == (ranked / "rankings" / path.name).read_bytes()


def _blocking_pairs(out: Path) -> int:
    """How many pairs block the plan that CP-SAT proved best."""
    certificate = json.loads((out / "certificate.json").read_text(encoding="utf-8"))
    objectives = certificate["solvers"][0]["objectives"]
    found: int = next(one["value"] for one in objectives if one["name"] == "blocking-pairs")
    return found


def _done(ran: Ran) -> None:
    assert ran.code == 0, ran.said


def _shown(row: dict[str, str], asked: dict[str, str]) -> dict[str, object]:
    """The columns asked for; points as a number, so that 4.5 and 4.50 are the same."""
    shown: dict[str, object] = {name: row[name] for name in asked}
    if row.get("points") and "points" in asked:
        shown["points"] = Decimal(row["points"])
    return shown
