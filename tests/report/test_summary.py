"""summary.json and the rows made of it, against counts made by hand."""

from __future__ import annotations

import pandas as pd

from admissions.report.summary import offering_rows, sectors_present, summarise, totals
from tests.report import small_run


def test_the_summary_counts_what_was_counted_by_hand() -> None:
    run = small_run.small_run()
    assert summarise(run, small_run.decisions()) == small_run.SUMMARY


def test_the_summary_leaves_the_decisions_as_they_were() -> None:
    decisions = small_run.decisions()
    summarise(small_run.small_run(), decisions)
    pd.testing.assert_frame_equal(decisions, small_run.decisions())


def test_the_sector_none_stands_only_where_somebody_is_in_it() -> None:
    run = small_run.small_run()
    run.round.applicants["sector"] = run.round.applicants["sector"].clip(upper=2)
    counts = summarise(run, small_run.decisions())["offerings"]["uis-juss"]
    assert list(counts["qualified"]) == ["municipal", "state", "private", "total"]
    assert list(counts["last_admitted_points"]) == ["municipal", "state", "private", "total"]


def test_seats_are_null_where_the_scenario_states_offers_alone() -> None:
    run = small_run.small_run(seats={}, offers=dict.fromkeys(small_run.OFFERINGS, 4))
    counts = summarise(run, small_run.decisions())["offerings"]["uis-juss"]
    assert (counts["seats"], counts["offers"]) == (None, 4)


def test_the_rows_name_the_offerings_and_the_totals_add_up() -> None:
    run = small_run.small_run()
    rows = offering_rows(small_run.SUMMARY, run.scenario)
    assert [(row.offering, row.site) for row in rows] == [
        ("uis-juss", "Universitetet i Stavanger"),
        ("uit-veiledning", "RKBU Nord, UiT, Tromsø"),
        ("vid-minoritet", "VID, Stavanger"),
    ]
    total = totals(rows)
    assert (total.seats, total.offers) == (6, 7)
    assert total.qualified == {"municipal": 7, "state": 2, "private": 2, "none": 0, "total": 11}
    assert total.offered == {"municipal": 4, "state": 1, "private": 1, "none": 0, "total": 6}
    assert total.waiting == {"municipal": 2, "state": 0, "private": 1, "none": 0, "total": 3}
    assert sectors_present(rows) == ("municipal", "state", "private")
