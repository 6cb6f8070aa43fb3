"""The page of what counts where: whole, accessible, offline, and true to the rules."""

from __future__ import annotations

import datetime as dt
import io
from itertools import pairwise

import pytest
from python_calamine import CalamineWorkbook

from admissions.model.resources import shipped
from admissions.model.vocabulary import LANGUAGES, Language
from admissions.report.matrix_page import matrix_html
from admissions.report.matrix_workbook import matrix_workbook
from admissions.rulebooks.matrix import matrix_on
from admissions.rulebooks.rulebook import load_rulebooks
from tests.report import document
from tests.report.document import Element, cells

RULEBOOKS = load_rulebooks(shipped("rules"))
MATRIX = matrix_on(RULEBOOKS, dt.date(2019, 8, 1))
LATER = matrix_on(RULEBOOKS, dt.date(2022, 8, 1))


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> Language:
    found: Language = request.param
    return found


@pytest.fixture(scope="module")
def page(language: Language) -> Element:
    return document.read(matrix_html(RULEBOOKS, MATRIX, LATER, language))


def test_the_page_says_its_language_and_leads_nowhere_else(page: Element, language: str) -> None:
    assert page.one("html").attributes["lang"] == language
    assert not page.all("script", "link", "img", "iframe", "form")
    ids = [e.attributes["id"] for e in page if "id" in e.attributes]
    assert len(set(ids)) == len(ids)
    targets = {str(a.attributes["href"]) for a in page.all("a")}
    assert {target[1:] for target in targets} <= set(ids)
    assert all(target.startswith("#") for target in targets)


def test_headings_captions_and_scopes_are_there_for_whoever_listens(page: Element) -> None:
    levels = [int(e.tag[1]) for e in page.all("h1", "h2", "h3")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    for table in page.all("table"):
        assert table.one("caption").text
        assert {h.attributes["scope"] for h in table.all("th")} <= {"col", "row", "rowgroup"}


def test_each_cell_leads_to_the_rule_in_full(page: Element) -> None:
    links = page.all("table")[0].all("a")
    assert len(links) == sum(len(told) for row in MATRIX.rows for told in row.cells.values())
    for link in links:
        assert page.by_id(str(link.attributes["href"])[1:]).text


def test_what_stands_where_is_as_worked_out_by_hand() -> None:
    page = document.read(matrix_html(RULEBOOKS, MATRIX, LATER, "nb"))
    matrix, difference = page.all("table")
    rows = {row[0]: row[1:] for row in cells(matrix) if len(row) > 1}
    # hvl, ntnu, oslomet twice, uis, uit, vid twice
    assert rows["Karakterer"] == [
        "7/8", "2+: høyst 50*", "3: høyst 5*", "2+: høyst 5*", "2+: høyst 5*", "4: høyst 5*", "",
        "2: høyst 5*", "2: høyst 5*",
    ]  # fmt: skip
    assert rows["Så mange fra en tjeneste går først"] == ["1/8", *[""] * 4, "3: 2*", *[""] * 3]
    changed = [row for row in cells(difference) if row[0].startswith("Vurderinger av barnets b")]
    assert [row[1] for row in changed if row[2] == "–"] == [
        "Anbefaling og hovedstilling", "Eldste først",
    ]  # fmt: skip
    assert ["2+: høyst 50*", "2: høyst 50*"] in [row[2:] for row in changed]


def test_a_page_of_two_equal_days_says_so() -> None:
    same = matrix_on(RULEBOOKS, dt.date(2020, 8, 1))
    page = document.read(matrix_html(RULEBOOKS, MATRIX, same, "en"))
    assert "Nothing that ranks or bounds the seats differs" in page.text
    assert len(page.all("table")) == 1


def test_the_workbook_holds_the_same_in_three_sheets() -> None:
    data = matrix_workbook(RULEBOOKS, MATRIX, LATER, "nn")
    assert data == matrix_workbook(RULEBOOKS, MATRIX, LATER, "nn")
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    assert book.sheet_names == ["matrix", "difference", "rules"]
    matrix = book.get_sheet_by_name("matrix").to_python()
    (grades,) = [row for row in matrix if row[1] == "Karakterar"]
    assert grades[2:5] == ["7/8", "2+: høgst 50*", "3: høgst 5*"]
    rules = book.get_sheet_by_name("rules").to_python()
    (limit,) = [row for row in rules if row[3] == "Plassar haldne av til regionar"]
    assert limit[0] == "uit-veiledning"
    assert "Oslo 5, Bergen 5, Trondheim 5 og Tromsø 5" in str(limit[5])
