"""The pages that are made: whole, true to the code, and readable by everybody."""

from __future__ import annotations

import tomllib
from typing import get_args
from xml.etree import ElementTree

import grimp
import pytest

from admissions.model.vocabulary import LANGUAGES
from admissions.rulebooks.limits import Limit
from admissions.rules.base import Rule
from admissions.rules.registry import BUILT_IN
from docs.made import picture
from docs.made.__main__ import made_pages
from tests.docs.blocks import ROOT, blocks

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    return made_pages()


def section(page: str, kind: str) -> str:
    return page.split(f"`{kind}` {{ #{kind} }}")[1].split("\n### ")[0].split("\n## ")[0]


@pytest.mark.parametrize("kind", BUILT_IN, ids=lambda kind: kind.kind)
def test_the_catalogue_tells_each_kind_in_full(kind: type[Rule], pages: dict[str, str]) -> None:
    told = section(pages["rules/catalogue.md"], kind.kind)
    assert kind.__doc__ is not None
    assert kind.__doc__.split("\n")[0].replace("``", "`") in told
    for name in set(kind.model_fields) - set(Rule.model_fields):
        assert f"| `{name}` |" in told
    cases = tomllib.loads((ROOT / "tests/cases" / f"{kind.kind}.toml").read_text(encoding="utf-8"))
    assert all(f"- {case['says']}" in told for case in cases["cases"])
    examples = [block for block in blocks(told) if block.kind == "toml"]
    assert all(tomllib.loads(block.text)["kind"] == kind.kind for block in examples)


def test_the_catalogue_says_where_a_kind_is_used(pages: dict[str, str]) -> None:
    page = pages["rules/catalogue.md"]
    assert "Used by `uis-juss-2019`.\n" in section(page, "service-limit")
    assert "the scenario `least-education-first`" in section(page, "fewest-further-education")
    assert "Used by `uit-veiledning-2019`, `uit-veiledning-2025`." in section(
        page, "region-minimum"
    )
    for limit in get_args(get_args(Limit)[0]):
        assert "| `seats` |" in section(page, limit.model_fields["kind"].default)


def test_the_rules_of_every_offering_are_told_in_every_language(pages: dict[str, str]) -> None:
    offerings = [path.stem for path in (ROOT / "rules").glob("*.toml")]
    for offering in offerings:
        for language in LANGUAGES:
            text = pages[f"rulebooks/{offering}.{language}.md"]
            assert text.startswith(f'<div lang="{language}" markdown>\n\n# ')
            assert text.count("\n# ") == 1
            assert f"({offering}.{language}.md)" in pages["rulebooks/index.md"]


def test_the_picture_says_in_words_what_it_shows(pages: dict[str, str]) -> None:
    root = ElementTree.fromstring(pages["assets/architecture.svg"])
    assert root.attrib["role"] == "img"
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert description is not None
    assert root.attrib["aria-labelledby"] == f"{title.attrib['id']} {description.attrib['id']}"
    drawn = ", ".join(text.text or "" for text in root.iter(f"{SVG}text")).split(", ")
    assert sorted(drawn) == sorted(picture.imports())
    for part in picture.imports():
        assert f"{part} imports " in (description.text or "")
        assert f"| `{part}` |" in pages["architecture.md"]


def test_every_arrow_is_an_import_and_every_import_is_shown_or_implied() -> None:
    graph = grimp.build_graph(*picture.PACKAGES, cache_dir=None)
    real = {
        (picture.part_of(module), picture.part_of(other))
        for module in graph.modules
        for other in graph.find_modules_directly_imported_by(module)
    }
    real = {(a, b) for a, b in real if a and b and a != b}
    assert {(a, b) for a, others in picture.imports().items() for b in others} == real
    boxes = picture.boxes()
    arrows = picture.arrows(boxes)
    assert all(other in boxes[part] for part, other in arrows)
    for part, others in boxes.items():
        reached: set[str] = set()
        rest = [part]
        while rest:
            step = rest.pop()
            found = {b for a, b in arrows if a == step} - reached
            reached |= found
            rest += found
        assert others - {picture.FOUNDATIONS} <= reached


def test_verification_reaches_no_solver_and_not_the_other_ranker_in_the_picture() -> None:
    reached: set[str] = set()
    rest = ["verification"]
    while rest:
        found = picture.imports()[rest.pop()] - reached
        reached |= found
        rest += found
    assert "rulebooks" in reached
    assert not {"ranking", "allocation"} & reached
