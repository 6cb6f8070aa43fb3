"""The documentation as a site: every link leads somewhere, nothing is fetched from elsewhere."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.docs.blocks import ROOT

FETCHED = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "src"}


class _Fetched(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "link" and found.get("rel") in ("canonical", "next", "prev"):
            return
        address = found.get(FETCHED.get(tag, ""))
        if address and not address.startswith("data:"):
            self.addresses.append(address)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built as make docs does, strictly: an unknown link, anchor or page stops it."""
    folder = tmp_path_factory.mktemp("site")
    settings = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    (folder / "mkdocs.yml").write_text(settings.replace("build/", ""), encoding="utf-8")
    made = folder / "docs"
    subprocess.run([sys.executable, "-m", "docs.made", made], cwd=ROOT, check=True)
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict"],
        cwd=folder, capture_output=True, text=True, check=False,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return folder / "site"


def test_every_page_fetches_only_what_lies_beside_it(site: Path) -> None:
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 40
    for page in pages:
        if page.name == "404.html":
            continue
        reader = _Fetched()
        reader.feed(page.read_text(encoding="utf-8"))
        assert reader.addresses, page
        for address in reader.addresses:
            assert "://" not in address, f"{page}: {address}"
            assert not address.startswith("//"), f"{page}: {address}"
            target = (page.parent / address.split("?")[0].split("#")[0]).resolve()
            assert target.is_file(), f"{page}: {address}"
    for style in site.rglob("*.css"):
        text = style.read_text(encoding="utf-8")
        assert not re.search(r"(?:url\(|@import)\s*[\"']?(?:https?:)?//", text), style


def test_the_search_works_from_a_folder(site: Path) -> None:
    script = (site / "search/search_index.js").read_text(encoding="utf-8")
    index = json.loads(script.removeprefix("var __index = "))
    titles = {entry["title"] for entry in index["docs"]}
    assert {"Hvordan søkerne rangeres", "Architecture", "Write a scenario"} <= titles
    assert "iframe-worker.js" in (site / "index.html").read_text(encoding="utf-8")


def test_norwegian_text_says_that_it_is(site: Path) -> None:
    assert '<div lang="nn">' in (site / "rulebooks/uis-juss.nn.html").read_text(encoding="utf-8")
    assert '<html lang="en"' in (site / "index.html").read_text(encoding="utf-8")
