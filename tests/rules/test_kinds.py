"""Runs the cases of every rule kind, tests/cases/<kind>.toml: sentences with facts and cells."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from admissions.rules.base import Criterion, Requirement
from admissions.rules.registry import build_rule
from tests.rules.made_facts import facts, only

CASES = Path(__file__).parents[1] / "cases"


def _cases() -> list[Any]:
    found = []
    for path in sorted(CASES.glob("*.toml")):
        table = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
        assert table["kind"] == path.stem
        for case in table["cases"]:
            case["rule"] = {**table.get("rule", {}), **case.get("rule", {})}
            found.append(pytest.param(path.stem, case, id=f"{path.stem}: {case['says']}"))
    return found


@pytest.mark.parametrize(("kind", "case"), _cases())
def test_case(kind: str, case: dict[str, Any]) -> None:
    rule = build_rule(
        {
            "id": "x",
            "kind": kind,
            "title": {"nb": "x", "nn": "x", "en": "x"},
            "source": "x",
            **case["rule"],
        }
    )
    given = facts(case["facts"], case.get("year", 2019))
    read = only(given, rule.reads())  # so a fact that reads() forgets is an error
    cells = rule.column(read)
    assert cells.dtype == np.int64
    assert cells.tolist() == case["cells"]
    if isinstance(rule, Requirement):
        assert set(case["cells"]) <= {0, 1}
    if "qualifies" in case:
        assert isinstance(rule, Criterion)
        assert rule.qualifies(read).tolist() == case["qualifies"]
    if "shown_decimals" in case:
        assert isinstance(rule, Criterion)
        assert rule.shown_decimals == case["shown_decimals"]
    assert build_rule(rule.table()) == rule


@pytest.mark.parametrize(
    ("kind", "parameters"),
    [
        ("further-education-count", {}),
        ("need-index", {"not_documented": "last"}),
        ("experience-years", {"sectors": ["municipal"]}),
        ("lottery", {}),
    ],
)
def test_whoever_writes_in_a_column_does_not_write_in_the_facts(
    kind: str, parameters: dict[str, Any]
) -> None:
    title = {"nb": "x", "nn": "x", "en": "x"}
    rule = build_rule({"id": "x", "kind": kind, "title": title, "source": "x", **parameters})
    given = facts([{"further_education_count": 2, "need": 1, "experience_municipal": 3}])
    before = {name: given.numbers(name).copy() for name in rule.reads()}
    rule.column(given)[:] = 99
    for name, column in before.items():
        assert (given.numbers(name) == column).all()
