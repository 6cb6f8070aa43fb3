"""The report of whole synthetic rounds, with what the verifier and the solver really say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from admissions.allocation.run import allocate
from admissions.model.words import section
from admissions.pool import synthetic_round
from admissions.results.allocation import Result, write_result
from admissions.rulebooks.scenario import resolve
from admissions.rulebooks.scenario_files import load_scenario
from tests.report import document

WORDS = {
    name: section("report", name)
    for name in ("property", "counted", "solver-name", "status", "objective")
}


@pytest.fixture(scope="module", params=["current-2019", "leader-within-service"])
def written(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Result, str]:
    run = allocate(synthetic_round(2019, 1), resolve(load_scenario(request.param)))
    out = tmp_path_factory.mktemp("written") / "out"
    result = write_result(run, out, language="nn")
    return result, Path(out / "report.html").read_text(encoding="utf-8")


def test_everything_that_was_verified_and_solved_has_words(written: tuple[Result, str]) -> None:
    result, _ = written
    assert {p.id for p in result.properties} == set(WORDS["property"])
    assert {name for p in result.properties for name in p.counted} <= set(WORDS["counted"])
    for report in result.run.solvers:
        assert report.solver in WORDS["solver-name"]
        assert report.status in WORDS["status"]
        assert {objective.name for objective in report.objectives} <= set(WORDS["objective"])


def test_nobody_of_the_round_is_named(written: tuple[Result, str]) -> None:
    result, html = written
    persons = set(result.run.round.applicants["person_id"])
    assert len(persons) > 600
    assert not persons & set(re.findall(r"[\w-]+", html))


def test_the_page_adds_up(written: tuple[Result, str]) -> None:
    result, html = written
    page = document.read(html)
    (offerings,) = [t for t in page.all("table") if t.all("tfoot")]
    rows = document.cells(offerings)
    assert len(rows) == len(result.run.round.offerings) == 8
    foot = [cell.text for cell in offerings.one("tfoot").all("th", "td")]
    for column, total in enumerate(foot):
        if total.isdecimal():
            assert sum(int(row[column]) for row in rows) == int(total)
    assert int(foot[1]) == 274
