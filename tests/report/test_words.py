"""The words of the reports: every code has some (tests/model/test_words.py has the rest)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import get_args

import pytest

from admissions.allocation.deferred_acceptance import NOT_EXACT
from admissions.comparison.causes import Cause
from admissions.comparison.groups import GROUPINGS
from admissions.comparison.runs import SeatChange
from admissions.explanation.decisions import Outcome, Reason
from admissions.model.vocabulary import VOCABULARIES, Language, Ties
from admissions.model.words import FOLDER, section, wordings
from admissions.report.words import Words
from admissions.rulebooks.scenario import LeaderMode, Mechanism
from admissions.rules.base import Role
from admissions.simulation.measures import MEASURES, Unit

REPORTS = sorted(path.stem for path in FOLDER.glob("report-*.toml"))


@pytest.mark.parametrize("report", REPORTS)
def test_a_report_has_no_text_that_all_have(report: str) -> None:
    assert not wordings("report").keys() & wordings(report).keys()


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("outcome", list(Outcome)),
        ("reason", list(Reason)),
        ("sector", VOCABULARIES["sector"]),
        ("mechanism", get_args(Mechanism)),
        ("leader", get_args(LeaderMode)),
        ("ties", get_args(Ties)),
        ("alone", list(NOT_EXACT)),
        ("lottery", ("single", "per-offering")),
        ("role", (*get_args(Role), "slot", "limit")),
        ("holds", ("holds", "broken", "not-promised")),
        ("group", list(GROUPINGS)),
        *((f"group-{name}", list(groups)) for name, groups in GROUPINGS.items()),
    ],
)
def test_every_code_has_words_and_no_others_are_kept(name: str, codes: list[str]) -> None:
    assert sorted(section("report", name)) == sorted(str(code) for code in codes)


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("cause", list(Cause)),
        ("change", list(SeatChange)),
        ("direction", ["in", "out"]),
    ],
)
def test_every_code_of_a_comparison_has_words(name: str, codes: list[str]) -> None:
    assert sorted(section("report-comparison", name)) == sorted(codes)


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("measure", [found.id for found in MEASURES]),
        ("meaning", [found.id for found in MEASURES]),
        ("unit", list(get_args(Unit))),
        ("kind", ["rules", "scenario", "population", "yields"]),
        ("within", ["yes", "no"]),
    ],
)
def test_every_code_of_a_simulation_has_words(name: str, codes: list[str]) -> None:
    assert sorted(section("report-simulation", name)) == sorted(codes)


@pytest.mark.parametrize(
    ("language", "number", "points", "share", "day"),
    [
        ("nb", "1\xa0041", "4,10", "33,4\xa0%", "1. august 2019"),
        ("nn", "1\xa0041", "4,10", "33,4\xa0%", "1. august 2019"),
        ("en", "1,041", "4.10", "33.4%", "1 August 2019"),
    ],
)
def test_numbers_and_days_are_written_as_the_language_does(
    language: Language, number: str, points: str, share: str, day: str
) -> None:
    words = Words(language)
    assert words.number(1041) == number
    assert words.points("4.10") == points
    assert words.percent(334, 1000) == share
    assert words.date(dt.date(2019, 8, 1)) == day


def test_values_of_parameters_are_written_out() -> None:
    words = Words("nb")
    assert words.value([Decimal("0.25"), "0.5", 1]) == "0,25, 0,5, 1"
    assert words.value([["municipal", "state"], ["municipal"]]) == (
        "(kommunalt barnevern, statlig barnevern), (kommunalt barnevern)"
    )
    assert words.value(True) == "ja"
    assert words.value({"oslo": 5, "bergen": 5}) == "oslo 5, bergen 5"
    assert words.value(2019) == "2019"
    assert words.value([]) == "–"
    assert words.percent(0, 0) == "–"


def test_what_is_put_into_a_text_is_escaped() -> None:
    words = Words("en")
    assert words("certificate-broken", ids="<b>").endswith(": &lt;b&gt;")
    assert words.of("reason", "<b>") == "&lt;b&gt;"
