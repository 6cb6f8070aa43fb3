"""Outcomes, waiting numbers, points and reason codes of small rounds worked out by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from admissions.allocation.run import Run
from admissions.explanation import explain
from admissions.explanation.decisions import Reason, decide_outcomes

from .rounds import application, make_round, person, run_of


def _row(run: Run, person_id: str, offering: str) -> dict[str, Any]:
    frame = decide_outcomes(run)
    row = frame[(frame["person_id"] == person_id) & (frame["offering_id"] == offering)]
    return {str(name): value for name, value in row.iloc[0].items()}


def test_every_column_of_an_offered_and_a_waiting_application() -> None:
    people = [person("A", bachelor_grade=410), person("B", bachelor_grade=325)]
    wishes = [application("A", "law"), application("B", "law", 2), application("B", "care")]
    frame = decide_outcomes(run_of(make_round(people, wishes), {"law": 1, "care": 0}))
    expected = pd.DataFrame(
        {
            "person_id": ["A", "B", "B"],
            "offering_id": ["law", "care", "law"],
            "preference": [1, 1, 2],
            "qualified": [True, True, True],
            "points": ["5.10", "33", "4.25"],
            "rank": [1, 1, 2],
            "outcome": ["offered", "waiting", "waiting"],
            "waiting_number": [0, 1, 1],
            "reason": ["seat-offered", "seats-filled", "seats-filled"],
        }
    )
    pd.testing.assert_frame_equal(frame, expected, check_dtype=False)


def test_an_offering_that_counts_no_points_leaves_them_empty() -> None:
    run = run_of(make_round([person("A")], [application("A", "group")]), {"group": 1})
    assert _row(run, "A", "group")["points"] == ""


def test_points_are_empty_where_nothing_is_documented_to_count() -> None:
    run = run_of(
        make_round([person("A", bachelor_grade=-1)], [application("A", "care")]), {"care": 1}
    )
    assert _row(run, "A", "care")["points"] == ""


def test_waiting_numbers_follow_the_rank_among_the_waiting_alone() -> None:
    """B is second at law and holds care, which is wanted more, so C and D are next."""
    people = [
        person(name, bachelor_grade=grade)
        for name, grade in (("A", 450), ("B", 440), ("C", 430), ("D", 420))
    ]
    wishes = [application(name, "law", 2) for name in "ABCD"]
    wishes += [application("B", "care")]
    run = run_of(make_round(people, wishes), {"law": 1, "care": 1})
    frame = decide_outcomes(run)
    law = frame[frame["offering_id"] == "law"]
    assert law["outcome"].tolist() == ["offered", "lapsed", "waiting", "waiting"]
    assert law["rank"].tolist() == [1, 2, 3, 4]
    assert law["waiting_number"].tolist() == [0, 0, 1, 2]


def test_a_requirement_not_met_outweighs_a_fact_that_is_not_documented() -> None:
    facts = {"bachelor_ects": 17900, "experience_documented": False}
    run = run_of(make_round([person("A", **facts)], [application("A", "law")]), {"law": 1})
    assert _row(run, "A", "law")["reason"] == Reason.REQUIREMENT_NOT_MET
    both = {"bachelor_ects": -1, "experience_documented": False}
    run = run_of(make_round([person("A", **both)], [application("A", "law")]), {"law": 1})
    assert _row(run, "A", "law")["reason"] == Reason.FACT_NOT_DOCUMENTED


def test_a_second_colleague_is_behind_by_the_service_limit_and_not_by_points() -> None:
    people = [
        person("A", experience_municipal=900),
        person("B", experience_municipal=800),
        person("C", experience_municipal=100, service_id="S2"),
    ]
    run = run_of(make_round(people, [application(n, "group") for n in "ABC"]), {"group": 2})
    assert _row(run, "B", "group")["rank"] == 3
    assert _row(run, "B", "group")["reason"] == Reason.SEATS_FILLED
    assert _row(run, "C", "group")["outcome"] == "offered"


def test_the_columns_keep_their_types() -> None:
    frame = decide_outcomes(
        run_of(make_round([person("A")], [application("A", "law")]), {"law": 1})
    )
    assert frame["qualified"].dtype == np.bool_
    for name in ("preference", "rank", "waiting_number"):
        assert frame[name].dtype == np.int64


def test_a_minimum_share_moves_by_its_call_order_and_is_no_criterion_to_compare_by() -> None:
    """A has more points; B's service is in centrality class 2, which all calls come from first."""
    share = {
        "kind": "minimum-share",
        "id": "share",
        "title": {"nb": "Minsteandel", "nn": "Minstedel", "en": "Minimum share"},
        "centralities": [2],
        "percent": 100,
        "not_documented": "not-member",
        "source": "Studieplan 2019",
    }
    people = [
        person("A", sector="state", service_id="", bachelor_grade=500),
        person("B", sector="state", bachelor_grade=300),
    ]
    run = run_of(
        make_round(people, [application("A", "law"), application("B", "law")]),
        {"law": 1},
        changes=[{"offerings": ["law"], "add": share}],
    )
    assert _row(run, "A", "law")["reason"] == Reason.MOVED_BEHIND
    moved = explain(run, 0).verdict.decisive
    assert [rule.id for rule in moved] == ["share"]
