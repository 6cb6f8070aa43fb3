"""Ranks the hand-made rounds of tests/cases/rulebooks: for every version the order worked out."""

from __future__ import annotations

import datetime as dt
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from admissions.model.resources import shipped
from admissions.ranking.tables import rank_round
from admissions.rulebooks.rulebook import load_rulebooks
from admissions.rulebooks.scenario import resolve
from admissions.rulebooks.scenario_files import load_scenario
from tests.rules.made_round import made_round

CASES = Path(__file__).parents[1] / "cases" / "rulebooks"


def _rounds() -> list[Any]:
    found = []
    for path in sorted(CASES.glob("*.toml")):
        table = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
        assert table["version"] == path.stem
        for case in table["rounds"]:
            rules_on = case.get("rules_on", table["rules_on"])
            people = [{**table["everyone"], **applicant} for applicant in case["applicants"]]
            label = f"{path.stem}: {case['says']}"
            found.append(pytest.param(path.stem, rules_on, people, case, id=label))
    return found


@pytest.mark.parametrize(("version_id", "rules_on", "people", "case"), _rounds())
def test_order(
    version_id: str, rules_on: dt.date, people: list[dict[str, Any]], case: dict[str, Any]
) -> None:
    scenario = load_scenario("current-2019").model_copy(update={"rules_on": rules_on})
    resolved = resolve(scenario)
    offering = version_id.rpartition("-")[0]
    assert resolved.versions[offering].id == version_id
    round_ = made_round(offering, people)
    table = rank_round(round_, resolved)[offering]
    ids = round_.applicants["person_id"].tolist()
    ranked = [ids[person] for person in table.person[table.by_rank()]]
    expected = [[tied] if isinstance(tied, str) else tied for tied in case["order"]]
    found = []
    for tied in expected:  # those whom the lottery alone parts stand together, in either order
        found.append(sorted(ranked[: len(tied)]))
        ranked = ranked[len(tied) :]
    assert [*found, ranked] == [*map(sorted, expected), []]
    place = {person_id: row for row, person_id in enumerate(ids)}
    for tied in expected:
        cells = table.cells[[place[person_id] for person_id in tied], :-1]
        assert (cells == cells[0]).all(), "more than the lottery parts them"
    for column, cells_of in case.get("cells", {}).items():
        at = table.columns.index(column)
        for person_id, cell in cells_of.items():
            assert table.cells[place[person_id], at] == cell, person_id
    left_out = [ids[person] for person in table.person[~table.qualified]]
    assert left_out == case.get("not_qualified", [])


def test_every_version_has_rounds() -> None:
    versions = {v.id for book in load_rulebooks(shipped("rules")).values() for v in book.versions}
    assert {path.stem for path in CASES.glob("*.toml")} == versions
