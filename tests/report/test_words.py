"""The words of the report: complete, and the same in the three languages."""

from __future__ import annotations

import datetime as dt
import re
import string
import tomllib
from decimal import Decimal
from typing import Any, get_args

import pytest

from admissions.allocation.deferred_acceptance import NOT_EXACT
from admissions.comparison.causes import Cause
from admissions.comparison.groups import GROUPINGS
from admissions.comparison.runs import SeatChange
from admissions.explanation.decisions import Outcome, Reason
from admissions.model.vocabulary import VOCABULARIES, Language, Ties
from admissions.report.simulation import ANSWERED
from admissions.report.words import FOLDER, Words
from admissions.rulebooks.scenario import LeaderMode, Mechanism
from admissions.rules.base import Role
from admissions.simulation.measures import MEASURES, Unit


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def shape(table: dict[str, Any]) -> dict[str, Any]:
    return {
        key: shape(value) if isinstance(value, dict) else placeholders(value)
        for key, value in table.items()
    }


def texts(language: Language, report: str = "") -> dict[str, Any]:
    path = FOLDER / report / f"{language}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


REPORTS = ("", *sorted(path.name for path in FOLDER.iterdir() if path.is_dir()))
"""Each report's folder of words; "" for those of all."""


@pytest.mark.parametrize("report", REPORTS)
def test_the_languages_have_the_same_texts_with_the_same_gaps(report: str) -> None:
    assert shape(texts("nb", report)) == shape(texts("nn", report)) == shape(texts("en", report))


@pytest.mark.parametrize("report", REPORTS)
def test_every_text_is_used(report: str) -> None:
    package = FOLDER.parent.parent
    sources = [*package.glob("report/*.py"), *package.glob("report/templates/*.html")]
    sources += package.glob("comparison/*.py")
    code = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    computed = {"excused-by", "forced-by", "lottery-single", "lottery-per-offering"}
    pictures = {f"{kind}-{part}" for kind in ("moves", "groups") for part in PICTURE_TEXTS}
    answers = {f"{kind}-{key.measure}" for kind in ("answer", "change") for key in ANSWERED}
    for key, value in texts("nb", report).items():
        named = re.search(rf'"{key}"', code) or key.startswith("group-")
        assert named or key in computed | pictures | answers, key
        if key == "plural":
            assert all(f'"{name}"' in code for name in value)


PICTURE_TEXTS = ("row", "caption", "desc", "desc-row")


@pytest.mark.parametrize("report", REPORTS[1:])
def test_a_report_has_no_text_that_all_have(report: str) -> None:
    shared = texts("nb")
    for key, value in texts("nb", report).items():
        assert key not in shared or (isinstance(value, dict) and not value.keys() & shared[key])


@pytest.mark.parametrize(
    ("section", "codes"),
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
def test_every_code_has_words_and_no_others_are_kept(section: str, codes: list[str]) -> None:
    assert sorted(texts("nb")[section]) == sorted(str(code) for code in codes)


@pytest.mark.parametrize(
    ("section", "codes"),
    [
        ("cause", list(Cause)),
        ("change", list(SeatChange)),
        ("direction", ["in", "out"]),
    ],
)
def test_every_code_of_a_comparison_has_words(section: str, codes: list[str]) -> None:
    assert sorted(texts("nb", "comparison")[section]) == sorted(codes)


@pytest.mark.parametrize(
    ("section", "codes"),
    [
        ("measure", [found.id for found in MEASURES]),
        ("meaning", [found.id for found in MEASURES]),
        ("unit", list(get_args(Unit))),
        ("kind", ["rules", "scenario", "population", "yields"]),
        ("within", ["yes", "no"]),
    ],
)
def test_every_code_of_a_simulation_has_words(section: str, codes: list[str]) -> None:
    assert sorted(texts("nb", "simulation")[section]) == sorted(codes)


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
    assert words.value([["municipal", "state"], ["municipal"]]) == "(municipal, state), (municipal)"
    assert words.value(True) == "ja"
    assert words.value({"oslo": 5, "bergen": 5}) == "oslo 5, bergen 5"
    assert words.value(2019) == "2019"
    assert words.value([]) == "–"
    assert words.percent(0, 0) == "–"


def test_what_is_put_into_a_text_is_escaped() -> None:
    words = Words("en")
    assert words("certificate-broken", ids="<b>").endswith(": &lt;b&gt;")
    assert words.of("reason", "<b>") == "&lt;b&gt;"
