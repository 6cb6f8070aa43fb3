"""The report as a document: what it says, that it is whole, and that it names nobody."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from admissions.model.vocabulary import LANGUAGES, Language
from admissions.report import pictures
from admissions.report.page import TEMPLATES
from tests.report import document, small_run
from tests.report.document import Element, cells
from tests.report.page_checks import headings_skip_no_level, refers_to_nothing_outside

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> Language:
    found: Language = request.param
    return found


@pytest.fixture(scope="module")
def html(language: Language) -> str:
    return small_run.report(language)


@pytest.fixture(scope="module")
def page(html: str) -> Element:
    return document.read(html)


@pytest.fixture(scope="module")
def norwegian() -> Element:
    return document.read(small_run.report("nb"))


def table(page: Element, caption_id: str) -> Element:
    (found,) = [
        t
        for t in page.all("table")
        if any(e.attributes.get("id") == caption_id for e in t.one("caption"))
    ]
    return found


def test_the_page_says_its_language(page: Element, language: Language) -> None:
    assert page.one("html").attributes["lang"] == language
    assert page.one("head").one("title").text


def test_the_page_refers_to_nothing_outside_itself(html: str, page: Element) -> None:
    refers_to_nothing_outside(html, page)


def test_the_policy_allows_only_the_style_of_the_page(page: Element) -> None:
    style = "".join(str(child) for child in page.one("style").children)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    (policy,) = [
        e.attributes["content"]
        for e in page.all("meta")
        if e.attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )


def test_headings_begin_with_one_h1_and_skip_no_level(page: Element) -> None:
    headings_skip_no_level(page)


def test_every_table_has_a_caption_of_its_own_and_every_header_a_scope(page: Element) -> None:
    captions = [t.one("caption").text for t in page.all("table")]
    assert all(captions)
    assert len(set(captions)) == len(captions)
    for header in page.all("th"):
        assert header.attributes.get("scope") in {"col", "row", "colgroup"}
    for found in page.all("table"):
        for row in found.one("tbody").all("tr"):
            assert len(row.all("th")) == 1


def test_every_row_of_a_table_is_as_wide_as_its_head(page: Element) -> None:
    for found in page.all("table"):
        head = found.one("thead").all("tr")[0]
        width = sum(int(e.attributes.get("colspan") or 1) for e in head.all("th", "td"))
        for row in found.one("tbody").all("tr") + [
            row for foot in found.all("tfoot") for row in foot.all("tr")
        ]:
            assert len(row.all("th", "td")) == width


def test_what_scrolls_can_be_reached_and_has_a_name(page: Element) -> None:
    regions = [e for e in page if "scroll" in (e.attributes.get("class") or "").split()]
    assert len(regions) == len(page.all("table")) + len(page.all("svg"))
    for region in regions:
        assert region.attributes["tabindex"] == "0"
        assert region.attributes["role"] == "region"
        assert page.by_id(str(region.attributes["aria-labelledby"])).text


def test_every_picture_has_a_title_a_description_and_its_numbers_as_a_table(page: Element) -> None:
    figures = page.all("figure")
    assert len(figures) == len(page.all("svg")) == 2
    for figure in figures:
        svg = figure.one("svg")
        assert svg.attributes["role"] == "img"
        title, description = svg.children[0], svg.children[1]
        assert isinstance(title, Element)
        assert isinstance(description, Element)
        assert (title.tag, description.tag) == ("title", "desc")
        assert svg.attributes["aria-labelledby"] == title.attributes["id"]
        assert svg.attributes["aria-describedby"] == description.attributes["id"]
        assert title.text
        rows = cells(figure.one("table"))
        assert len(rows) == 3
        for name, *_ in rows:
            assert name in description.text


def test_the_first_link_skips_to_the_content(page: Element) -> None:
    first = page.all("a")[0]
    assert page.by_id(str(first.attributes["href"])[1:]).tag == "main"


def test_nobody_is_named(html: str) -> None:
    assert not [person for person in small_run.SECTOR if person in html]


def test_the_offerings_are_counted_as_by_hand(norwegian: Element) -> None:
    offerings = table(norwegian, "offerings-table")
    assert cells(offerings) == [
        ["Juss i barnevernfaglig arbeid Universitetet i Stavanger", "2", "2",
         "4", "0", "1", "5", "2", "0", "0", "2", "3,90", "3"],
        ["Nasjonal videreutdanning i barnevernfaglig veiledning RKBU Nord, UiT, Tromsø", "1", "2",
         "1", "1", "0", "2", "1", "0", "0", "1", "uten poeng", "0"],
        ["Minoritetskompetanse i barnevernet VID, Stavanger", "3", "3",
         "2", "1", "1", "4", "1", "1", "1", "3", "kommunal 3,50 statlig 2,00 privat 4,80", "0"],
    ]  # fmt: skip
    foot = [cell.text for cell in offerings.one("tfoot").all("th", "td")]
    assert foot == ["Sum", "6", "7", "7", "2", "2", "11", "4", "1", "1", "6", "", "3"]


def test_the_tables_of_the_pictures_are_counted_as_by_hand(norwegian: Element) -> None:
    assert [row[1:] for row in cells(table(norwegian, "demand-table"))] == [
        ["2", "5", "2"], ["1", "2", "1"], ["3", "4", "3"],
    ]  # fmt: skip
    assert [row[1:] for row in cells(table(norwegian, "wishes-table"))] == [
        ["2", "0", "0", "0"], ["1", "0", "0", "0"], ["1", "1", "0", "1"],
    ]  # fmt: skip
    heads = [cell.text for cell in table(norwegian, "wishes-table").one("thead").all("th")]
    assert heads[1:] == ["Ønske 1", "Ønske 2", "Ønske 3", "Ønske 4 eller lavere"]


def test_the_outcomes_are_counted_as_by_hand(norwegian: Element) -> None:
    assert cells(table(norwegian, "outcomes-table")) == [
        ["Fått tilbud", "Rangert høyt nok til en plass", "6", "50,0 %"],
        ["På venteliste", "Plassene gikk til søkere som er rangert foran", "2", "16,7 %"],
        ["På venteliste", "Sto likt med den siste som fikk tilbud; regelen for likhet avgjorde",
         "1", "8,3 %"],
        ["Bortfalt", "Fikk et tilbud søkeren ønsket mer", "2", "16,7 %"],
        ["Ikke kvalifisert", "Et opptakskrav er ikke oppfylt", "1", "8,3 %"],
    ]  # fmt: skip


def test_people_are_counted_once_in_brief(norwegian: Element) -> None:
    tiles = [e for e in norwegian if e.attributes.get("class") == "tiles"]
    assert [item.text for item in tiles[0].all("li")] == [
        "6 plasser",
        "6 har fått tilbud",
        "1 kvalifiserte uten tilbud",
        "1 uten kvalifisert søknad",
    ]
    assert "8 personer har søkt med 12 søknader." in norwegian.one("main").text


def test_the_headline_names_scenario_rules_and_seed(norwegian: Element) -> None:
    assert norwegian.one("h1").text == "Opptaksrapport: Lite opptak"
    assert (
        "6 av 7 tilbud er gitt under «Lite opptak», med regler per 1. august 2019 "
        "og loddtrekning med starttall 7." in norwegian.one("header").text
    )


def test_the_certificate_is_told_in_words(norwegian: Element) -> None:
    assert cells(table(norwegian, "certificate-table")) == [
        ["P1", "Bare kvalifiserte søkere har tilbud.", "Holder", "brudd: 0"],
        ["P2", "Ingen har mer enn ett tilbud.", "Holder", "brudd: 0"],
        ["P10", "Ledernes ønsker har ikke endret rekkefølgen av tjenestene.",
         "Ikke lovet", "brudd: 0"],
    ]  # fmt: skip
    assert "Alle egenskaper som tildelingen lover, holder (P1, P2)." in norwegian.one("main").text
    assert cells(table(norwegian, "solvers-table")) == [
        ["CP-SAT (OR-Tools)", "Bevist best mulig", "Brukte tilbud (flest): 6", "ja", "ja"],
        ["Utsatt aksept (deferred acceptance)", "Eksakt", "–", "–", "ja"],
    ]


def test_a_broken_promise_is_said_first() -> None:
    broken = small_run.Checked("P5", False, counted={"broken": 2})
    page = document.read(small_run.report("nb", properties=(*small_run.PROPERTIES, broken)))
    text = page.one("main").text
    assert text.index("Ikke alt som tildelingen lover, holder: P5") < text.index("Studietilbudene")
    assert "Alle egenskaper" not in text
    assert cells(table(page, "certificate-table"))[3][2:] == ["Holder ikke", "brudd: 2"]


def test_a_property_that_has_no_words_here_keeps_its_own() -> None:
    page = document.read(small_run.report("nn", properties=(small_run.Checked("P99", True),)))
    assert cells(table(page, "certificate-table"))[0][1] == "a statement in English"


def test_the_rules_are_listed_in_the_order_of_the_columns(norwegian: Element) -> None:
    for offering, ranking in small_run.small_run().rankings.items():
        rows = cells(table(norwegian, f"rules-table-{offering}"))
        listed = [row[1].split()[-1] for row in rows if row[0] != "–"]
        assert listed == list(ranking.columns)


def test_inputs_seed_and_command_let_anyone_check(norwegian: Element) -> None:
    assert cells(table(norwegian, "inputs-table")) == [
        ["applicants.csv", "ab" * 32],
        ["applications.csv", "cd" * 32],
    ]
    commands = [code.text for code in norwegian.all("pre")]
    assert commands == [
        "printf '%s' '7:PERSON' | sha256sum | cut -c1-16",
        "admissions verify RESULTAT --round RUNDE",
    ]


def test_the_lottery_command_gives_the_number_that_decides() -> None:
    from admissions.ranking.lottery import numbers

    by_command = hashlib.sha256(b"7:K7001").hexdigest()[:16]
    assert int(by_command, 16) == int(numbers(["K7001"], 7, None)[0])
    page = document.read(small_run.report("en", small_run.small_run(lottery="per-offering")))
    assert page.all("pre")[0].text.startswith("printf '%s' '7:uis-juss:PERSON'")
    by_command = hashlib.sha256(b"7:uis-juss:K7001").hexdigest()[:16]
    assert int(by_command, 16) == int(numbers(["K7001"], 7, "uis-juss")[0])


def test_every_assumption_is_listed_with_its_value(norwegian: Element) -> None:
    rows = cells(table(norwegian, "assumptions-table"))
    assert rows[0] == [
        "Scenario seed", "7", "7, 8", "Et tall fastsatt på forhånd.", "scenarioet",
    ]  # fmt: skip
    stated = set()
    for ranking in small_run.small_run().rankings.values():
        version = ranking.version
        stated |= {a.why.nb for a in version.assumptions.values()}
        stated |= {a.why.nb for rule in version.rules() for a in rule.assumptions.values()}
        stated |= {a.why.nb for limit in version.limits for a in limit.assumptions.values()}
    assert stated <= {row[3] for row in rows}


def test_names_from_files_cannot_become_markup() -> None:
    hostile = {"title": {"nb": HOSTILE, "nn": HOSTILE, "en": HOSTILE}}
    run = small_run.renamed(
        small_run.small_run({"institution": HOSTILE, "case": HOSTILE}, **hostile), HOSTILE
    )
    page = document.read(small_run.report("nb", run))
    assert not page.all("script", "img")
    assert page.one("h1").text == f"Opptaksrapport: {HOSTILE}"
    assert HOSTILE in page.one("header").text
    for svg in page.all("svg"):
        assert HOSTILE in svg.one("desc").text
        assert HOSTILE[:20] in " ".join(text.text for text in svg.all("text"))


def test_a_round_where_nobody_is_offered_anything_has_a_report() -> None:
    run, outcomes = small_run.small_run(mechanism="independent"), small_run.decisions()
    outcomes["outcome"] = "waiting"
    from admissions.report import report_html
    from admissions.report.summary import summarise

    page = document.read(report_html(run, outcomes, summarise(run, outcomes), (), "en"))
    assert [row[1:] for row in cells(table(page, "wishes-table"))] == [["0"], ["0"], ["0"]]


def test_the_same_run_gives_the_same_bytes_in_another_process() -> None:
    root = Path(__file__).parents[2]

    def digest(seed: str) -> str:
        return subprocess.run(
            [sys.executable, "-m", "tests.report.small_run"],
            cwd=root,
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()

    here = hashlib.sha256(small_run.report("nn").encode()).hexdigest()
    assert digest("1") == digest("2") == here


def test_no_picture_is_laid_out_by_the_fonts_of_the_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import vl_convert

    family = re.compile(r'font-family="[^"]*"')

    def measured(font: str) -> str:
        axis = {"field": "name", "type": "nominal"}
        spec = {"data": {"values": [{"name": "WiWiWi"}]}, "mark": "point", "encoding": {"y": axis}}
        return family.sub("", vl_convert.vegalite_to_svg({**spec, "config": {"font": font}}))

    assert measured("monospace") != measured("sans-serif"), "the two fonts measure alike"
    run = small_run.renamed(small_run.small_run(), "Wi" * 60)
    drawn = []
    for font in ("monospace", "sans-serif"):
        monkeypatch.setattr(pictures, "CONFIG", {**pictures.CONFIG, "font": font})
        drawn.append(small_run.report("nb", run))
    assert drawn[0] != drawn[1]
    assert family.sub("", drawn[0]) == family.sub("", drawn[1])


def test_the_page_is_made_of_files_that_lie_beside_the_code() -> None:
    assert sorted(path.name for path in TEMPLATES.iterdir()) == [
        "allocation.html",
        "base.html",
        "call-public.html",
        "call.html",
        "comparison.html",
        "exploring.html",
        "frontier.html",
        "matrix.html",
        "parts.html",
        "sensitivity.html",
        "simulation.html",
        "style.css",
    ]
