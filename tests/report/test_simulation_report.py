"""The pages and workbooks of simulations: what they say is what was drawn."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from openpyxl import load_workbook

from admissions.intake import read_round
from admissions.model.resources import offering_ids, shipped
from admissions.model.vocabulary import LANGUAGES, Language
from admissions.pool.population import population_of
from admissions.report.sensitivity import SensitivityReport, movers
from admissions.report.simulation import SimulationReport
from admissions.report.simulation_tables import MAIN
from admissions.rulebooks.scenario import resolve
from admissions.rulebooks.scenario_files import load_scenario
from admissions.simulation import sensitivity
from admissions.simulation.drawn import Source
from admissions.simulation.factors import World, factors
from admissions.simulation.measures import ALL, Key
from admissions.simulation.public import public_result
from admissions.simulation.result import SimulationResult
from admissions.simulation.simulate import hashes, open_store, scenario_job, simulate
from admissions.simulation.sources import kept, synthetic
from admissions.simulation.statistics import Summary, decimal
from admissions.simulation.yields import shipped_yields
from tests.report import document
from tests.report.document import Element, cells
from tests.report.page_checks import check_page

SCENARIOS = ("current-2019", "least-education-first", "leader-within-service")
DRAWS = 6
YIELDS = shipped_yields()


def simulated(source: Source, folder: Path) -> SimulationResult:
    job = scenario_job(3, [resolve(load_scenario(name)) for name in SCENARIOS], source, YIELDS)
    sha256 = hashes(job, YIELDS)
    store = open_store(folder / "out", 3, sha256, DRAWS, resume=False, overwrite=False)
    return simulate(job, YIELDS, store)


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> SimulationResult:
    return simulated(synthetic(population_of(2019)), tmp_path_factory.mktemp("synthetic"))


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> SimulationResult:
    round_ = read_round(shipped("scenarios") / "rounds" / "2019", offerings=offering_ids())
    return simulated(kept(round_, 0, 50), tmp_path_factory.mktemp("real"))


@pytest.fixture(scope="module")
def analysis(tmp_path_factory: pytest.TempPathFactory) -> sensitivity.SensitivityResult:
    scenario, source = resolve(load_scenario("current-2019")), synthetic(population_of(2019))
    world = World((scenario,), population_of(2019), source, YIELDS)
    made, left_out = factors(world)
    few = sensitivity.one_at_a_time(made)[:6]
    job = sensitivity.sensitivity_job(3, world, few)
    sha256 = sensitivity.sensitivity_hashes(world)
    folder = tmp_path_factory.mktemp("sensitivity")
    store = open_store(folder / "out", 3, sha256, DRAWS, resume=False, overwrite=False)
    return sensitivity.analyse(job, store, few, left_out[:2], sha256)


def report(result: SimulationResult, language: Language = "en", **more: bool) -> SimulationReport:
    return SimulationReport(result, language, (population_of(2019), YIELDS), **more)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_whole_in_each_language(result: SimulationResult, language: Language) -> None:
    html = report(result, language).html()
    check_page(html, document.read(html), language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_of_assumptions_is_whole_in_each_language(
    analysis: sensitivity.SensitivityResult, language: Language
) -> None:
    html = SensitivityReport(analysis, language).html()
    check_page(html, document.read(html), language)


def test_the_page_answers_for_each_scenario_with_mean_and_range(result: SimulationResult) -> None:
    page = document.read(report(result).html())
    answers = [li.text for li in page.all("ul")[0].all("li")]
    assert len(answers) == len(SCENARIOS) + 1, "and what the mechanism alone does"
    assert "(only the rules differ)" in answers[1]
    assert "(only the mechanism differs)" in answers[3]
    for found, answer in zip(result.scenarios[1:], answers[1:], strict=True):
        losers = found.summaries[Key("losers")]
        assert losers.mean is not None
        mean = decimal(losers.mean, 0, 1)
        assert f"{mean} ({losers.p5} to {losers.p95}) people lose" in answer
        share = found.differences[Key("further-education-share")]
        assert share.mean is not None
        told = decimal(share.mean, 2, 1).replace("-", "−")
        assert f"further education before {'+' if share.mean > 0 else ''}{told} (" in answer
        assert answer.endswith(" percentage points.")
    base = result.reference.summaries[Key("further-education-share")]
    assert base.mean is not None
    low, high = (decimal(n or 0, 2, 1) for n in (base.p5, base.p95))
    told = f"{decimal(base.mean, 2, 1)} ({low} to {high}) per cent of the students have further"
    assert told in answers[0]


def table_under(page: Element, heading: str) -> Element:
    region = page.by_id(f"table-{heading}")
    (found,) = [t for t in page.all("table") if region in list(t)]
    return found


def test_every_main_measure_has_its_numbers(result: SimulationResult) -> None:
    page = document.read(report(result).html())
    for key in MAIN:
        if key.measure == "winners":
            continue
        ident = "-".join((key.measure, key.group.replace("/", "-")))
        rows = cells(table_under(page, ident))
        assert len(rows) == len(result.scenarios)
        for row, found in zip(rows, result.scenarios, strict=True):
            of = found.summaries[key]
            assert of.mean is not None
            shown = Fraction(row[1].replace(",", "").replace("−", "-"))
            share = 100 if "share" in key.measure else 1
            stored = {"agreement-if-all-applied": 10_000}.get(key.measure, share)
            assert abs(shown - of.mean / stored) <= Fraction(1, 20)


def test_what_leaders_do_to_others_people_stands_in_the_report(result: SimulationResult) -> None:
    page = document.read(report(result).html())
    rows = cells(table_under(page, "leaders"))
    of = result.by_id["leader-within-service"].summaries[
        Key("lost-by-leaders", ALL, "other-services")
    ]
    assert of.mean is not None
    assert rows[2][5:8] == [decimal(of.mean, 0, 1), str(of.p5), str(of.p95)]


def test_the_base_is_held_against_the_report(result: SimulationResult) -> None:
    rows = cells(table_under(document.read(report(result).html()), "calibration"))
    assert len(rows) == len(result.calibration)
    met = next(row for row in rows if row[0] == "met at start, total")
    assert met[2] in ("271", "271.0")
    assert {row[6] for row in rows} <= {"yes", "no", "–"}


def test_the_workbook_has_numbers_as_numbers(result: SimulationResult) -> None:
    book = load_workbook(io.BytesIO(report(result).workbook()))
    sheet = book["measures"]
    known = {
        (found.id, key): of
        for found in result.scenarios
        for key, of in found.summaries.items()
        if of.mean is not None
    }
    assert sheet.max_row == len(known) + 1
    for row in sheet.iter_rows(min_row=2, min_col=5, max_col=7, values_only=True):
        assert all(isinstance(cell, int | float) for cell in row)
    assert {"fills", "calibration", "populations", "assumptions", "leaders"} <= set(book.sheetnames)


def test_a_tornado_shows_what_moves_a_figure_most(analysis: sensitivity.SensitivityResult) -> None:
    key = Key("met")
    found = movers(analysis, key, "en")
    sizes = [abs(mover.farthest) for mover in found]
    assert sizes == sorted(sizes, reverse=True)
    assert all(size > 0 for size in sizes)
    means = [abs(of[key].mean or Fraction(0)) for _, of in analysis.effects]
    assert not sizes or sizes[0] == max(means)
    page = document.read(SensitivityReport(analysis, "en").html())
    if found:
        pictured = page.by_id("tornado-met-all-desc").text
        assert [m.about for m in found if m.about in pictured] == [m.about for m in found[:10]]
    assert len(cells(table_under(page, "left-out"))) == len(analysis.left_out) == 2


def test_the_answer_on_assumptions_has_its_range(analysis: sensitivity.SensitivityResult) -> None:
    key = Key("completed")
    found = movers(analysis, key, "en")[0].moved[0][1]
    page = document.read(SensitivityReport(analysis, "en").html())
    (answer,) = [li.text for li in page.all("ul")[0].all("li") if li.text.startswith("Completed")]
    low, high = (
        f"{'+' if n and n > 0 else ''}{n}".replace("-", "−") for n in (found.p5, found.p95)
    )
    assert f" ({low} to {high}) at the value " in answer


def test_the_public_result_of_real_people_has_no_group_and_no_small_count(
    real: SimulationResult,
) -> None:
    shown = public_result(real)
    for found in shown.scenarios:
        assert {(key.offering, key.group) for key in found.summaries} == {(ALL, ALL)}
        assert found.summaries.keys() == shown.reference.summaries.keys()
        assert not found.fills
        assert not [key for key in found.summaries if key.measure.startswith("largest")]
        for key, of in found.summaries.items():
            if key.measure in ("met", "losers", "no-show", "declined", "grants"):
                assert of.mean is not None
                assert of.mean == 0 or of.mean > 4
    html = report(shown, "nb", public=True).html()
    check_page(html, document.read(html), "nb")
    for service in ("centrality", "Kommunal:", "uis-juss "):
        assert service not in html.split('id="simulated-how"')[0]


def test_a_share_that_gives_a_small_count_of_real_people_is_left_out(
    real: SimulationResult,
) -> None:
    share, met = Key("further-education-share"), Key("met")
    assert share in public_result(real).reference.summaries
    few = {
        **real.reference.summaries,
        met: Summary(30, Fraction(50), 50, 50),
        share: Summary(30, Fraction(6_00), 6_00, 6_00),
    }
    base = replace(real.reference, summaries=few)
    shown = public_result(replace(real, scenarios=(base, *real.scenarios[1:])))
    assert met in shown.reference.summaries
    assert share not in shown.reference.summaries, "6 per cent of 50 students are 3"


def test_a_count_that_is_left_out_is_told_as_hidden(real: SimulationResult) -> None:
    few = Summary(30, Fraction(2), 1, 3)
    base = replace(real.reference, summaries={**real.reference.summaries, Key("winners"): few})
    shown = public_result(replace(real, scenarios=(base, *real.scenarios[1:])))
    html = report(shown, public=True).html()
    assert "people lose and some (hidden) win; " in html


def test_the_hash_of_real_people_is_not_public(real: SimulationResult) -> None:
    assert real.sha256["people"] not in report(public_result(real), public=True).html()


def test_synthetic_people_may_be_shown_as_they_are(result: SimulationResult) -> None:
    assert public_result(result) is result


def test_no_real_person_is_in_a_report(real: SimulationResult) -> None:
    html = report(real).html()
    assert not re.search(r"\bP0\d{3}\b|\bS\d{3}\b", html)
