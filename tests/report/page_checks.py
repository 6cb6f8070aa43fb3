"""What must hold of every report's page: it is whole, opens offline, and can be read aloud."""

from __future__ import annotations

from itertools import pairwise

from tests.report.document import Element


def check_page(html: str, page: Element, language: str) -> None:
    assert page.one("html").attributes["lang"] == language
    assert page.one("head").one("title").text
    refers_to_nothing_outside(html, page)
    headings_skip_no_level(page)
    _tables(page)
    _pictures(page)


def refers_to_nothing_outside(html: str, page: Element) -> None:
    for reference in ("http:", "https:", "://", "url(", "@import", "javascript:"):
        assert reference not in html
    assert not page.all("script", "link", "img", "iframe", "object", "embed", "form", "base")
    idents = [e.attributes["id"] for e in page if "id" in e.attributes]
    assert len(set(idents)) == len(idents)
    for element in page:
        assert "src" not in element.attributes
        assert "style" not in element.attributes
        assert not [name for name in element.attributes if name.startswith("on")]
        href = element.attributes.get("href") or "#content"
        assert href[0] == "#"
        assert href[1:] in idents


def headings_skip_no_level(page: Element) -> None:
    levels = [int(e.tag[1]) for e in page.all("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def _tables(page: Element) -> None:
    captions = [t.one("caption").text for t in page.all("table")]
    assert all(captions)
    assert len(set(captions)) == len(captions)
    for header in page.all("th"):
        assert header.attributes.get("scope") in {"col", "row", "colgroup"}
    for found in page.all("table"):
        head = found.one("thead").all("tr")[0]
        width = sum(int(e.attributes.get("colspan") or 1) for e in head.all("th", "td"))
        feet = [row for foot in found.all("tfoot") for row in foot.all("tr")]
        for row in [*found.one("tbody").all("tr"), *feet]:
            assert len(row.all("th", "td")) == width
            assert len(row.all("th")) == 1


def _pictures(page: Element) -> None:
    regions = [e for e in page if "scroll" in (e.attributes.get("class") or "").split()]
    assert len(regions) == len(page.all("table")) + len(page.all("svg"))
    for region in regions:
        assert region.attributes["tabindex"] == "0"
        assert region.attributes["role"] == "region"
        assert page.by_id(str(region.attributes["aria-labelledby"])).text
    for figure in page.all("figure"):
        svg = figure.one("svg")
        assert svg.attributes["role"] == "img"
        title, description = svg.children[0], svg.children[1]
        assert isinstance(title, Element)
        assert isinstance(description, Element)
        assert (title.tag, description.tag) == ("title", "desc")
        assert svg.attributes["aria-labelledby"] == title.attributes["id"]
        assert svg.attributes["aria-describedby"] == description.attributes["id"]
        assert title.text
        assert len(description.text) > 30
        assert figure.all("table"), "a picture has its numbers as a table"
