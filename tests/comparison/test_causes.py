"""Who is moved and by which rule: cases worked out by hand."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from admissions.comparison.causes import Cause, moved_applications
from admissions.comparison.person import compared_person, merged
from admissions.comparison.runs import SeatChange
from admissions.comparison.tables import cause_tables, offering_table, side_by_side
from admissions.model.errors import UsageError
from tests.comparison import hand

CASES = tomllib.loads(Path(__file__).with_name("causes.toml").read_text(encoding="utf-8"))["cases"]


@pytest.mark.parametrize("case", CASES, ids=[case["title"] for case in CASES])
def test_by_hand(case: dict[str, Any], tmp_path: Path) -> None:
    comparison = hand.compared(tmp_path, case)
    (other,) = comparison.others
    persons = comparison.round.applications["person_id"].to_numpy()
    moved = [
        [persons[m.application], m.offering, m.direction, m.cause, m.base_column, m.other_column]
        for m in moved_applications(comparison, other)
    ]
    assert sorted(moved) == sorted(case["moved"])
    ids = comparison.round.applicants["person_id"].tolist()
    assert dict(zip(ids, comparison.changes(other).tolist(), strict=True)) == case["changes"]


def test_every_cause_and_change_has_a_case() -> None:
    """But an objective before fairness, which is the decision's reason under another name."""
    found = {row[3] for case in CASES for row in case["moved"]}
    assert found == set(Cause) - {Cause.OBJECTIVE}
    assert {change for case in CASES for change in case["changes"].values()} == set(SeatChange)


def test_the_tables_count_what_moved(tmp_path: Path) -> None:
    comparison = hand.compared(tmp_path, CASES[0])
    table = offering_table(comparison)
    assert [column.name for column in table.columns] == [
        "offering", "base:offers", "base:qualified", "base:seats", "other:offers",
        "other:qualified", "other:seats", "other:kept", "other:moved-in", "other:won",
        "other:moved-out", "other:lost",
    ]  # fmt: skip
    assert table.rows == (
        ("uis-juss", 1, 2, 1, 1, 2, 1, 0, 1, 0, 0, 1),
        ("vid-minoritet", 1, 2, 1, 1, 2, 1, 0, 0, 1, 1, 0),
        ("total", 2, 4, 2, 2, 4, 2, 0, 1, 1, 1, 1),
    )
    causes, by_offering = cause_tables(comparison)
    assert causes.rows == (
        ("other", "in", "cutoff", None, None, 1),
        ("other", "in", "order", "grade", "fewest-further-education", 1),
        ("other", "out", "better-wish", None, None, 1),
        ("other", "out", "order", "grade", "fewest-further-education", 1),
    )
    assert [row[1] for row in by_offering.rows] == ["uis-juss"] * 2 + ["vid-minoritet"] * 2


def test_the_ranking_rows_stand_side_by_side(tmp_path: Path) -> None:
    comparison = hand.compared(tmp_path, CASES[0])
    table = side_by_side(comparison, "uis-juss")
    heads = [column.name for column in table.columns]
    rows = [dict(zip(heads, row, strict=True)) for row in table.rows]
    assert [row["person_id"] for row in rows] == ["a", "b"]
    a, b = rows
    assert (a["base:rank"], a["other:rank"]) == (1, 2)
    assert (b["base:grade"], b["other:grade"]) == (300, 300)
    assert (a["other:fewest-further-education"], b["other:fewest-further-education"]) == (-1, 0)
    assert (b["base:outcome"], b["other:outcome"]) == ("waiting", "offered")


def test_one_person_sees_the_seat_the_rows_and_why(tmp_path: Path) -> None:
    comparison = hand.compared(tmp_path, CASES[0])
    found = compared_person(comparison, "b")
    assert found.seats == {"base": "vid-minoritet", "other": "uis-juss"}
    assert found.changes == {"other": "moved"}
    assert [table.id for table in found.rows] == ["uis-juss", "vid-minoritet"]
    cells = {row[0]: row[1:] for row in found.rows[0].rows}
    assert cells["rank"] == (2, 1)
    assert cells["outcome"] == ("waiting", "offered")
    assert cells["fewest-further-education"] == (None, 0)
    assert cells["grade"] == (300, 300)
    assert [one.cause for one in found.moved["other"]] == ["order", "better-wish"]
    with pytest.raises(UsageError, match="no person 'z' applied"):
        compared_person(comparison, "z")


def test_lists_of_rules_are_merged_in_their_order() -> None:
    assert merged([["a", "b", "c"], ["a", "x", "c", "y"]]) == ["a", "x", "b", "c", "y"]
    assert merged([["a"], ["x", "a"]]) == ["x", "a"]
