"""What every page has: its policy, its languages, its own files, and words that are data."""

from __future__ import annotations

import gzip
import re
from html.parser import HTMLParser

import pytest

from admissions.model.words import wordings
from admissions_api.jobs.work import KINDS
from admissions_pages.assets import FOLDER, SCRIPTS, STYLES, read_assets
from admissions_pages.page import TEMPLATES
from tests.api.installation import Api
from tests.pages.site import Browser, as_role, seen

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
OPEN = ("/sign-in", "/accessibility", "/sign-in/none", "/no-such-page")


@pytest.mark.parametrize("path", OPEN)
def test_a_page_asks_for_nothing_from_elsewhere(api: Api, path: str) -> None:
    answer = Browser(api).get(path, accept="text/html")
    assert answer.headers["content-security-policy"] == POLICY
    assert answer.headers["cache-control"] == "no-store"
    assert not re.search(r'(src|href|action)="(?!/|data:,|#)', answer.text)
    assert not re.search(r"<(script|style)>| style=| on[a-z]+=", answer.text)


def test_a_program_that_misses_gets_a_problem_and_a_reader_a_page(api: Api) -> None:
    assert "Det finnes ingen slik side" in seen(Browser(api).get("/x", accept="text/html"))
    assert (
        Browser(api)
        .get("/x", accept="*/*")
        .headers["content-type"]
        .startswith("application/problem+json")
    )
    assert Browser(api).get("/v1/x", accept="text/html").json()["status"] == 404


@pytest.mark.parametrize(
    ("asked", "accepted", "language", "title"),
    [
        ("", "", "nb", "Logg inn"),
        ("", "nn-NO,nb;q=0.8", "nn", "Logg inn"),
        ("", "en-GB", "en", "Sign in"),
        ("?language=en", "nb", "en", "Sign in"),
        ("?language=se", "en", "en", "Sign in"),
    ],
)
def test_the_language_is_the_one_asked_for_or_the_browser_s(
    api: Api, asked: str, accepted: str, language: str, title: str
) -> None:
    browser = Browser(api)
    headers = {"accept-language": accepted} if accepted else {}
    answer = browser.get(f"/sign-in{asked}", **headers)
    assert f'<html lang="{language}"' in answer.text
    assert title in seen(answer)


def test_a_chosen_language_stays(api: Api) -> None:
    browser = Browser(api)
    browser.get("/sign-in?language=nn")
    assert "Du loggar inn med ei lenkje" in seen(browser.get("/sign-in"))


def test_the_files_are_whole_kept_and_small(api: Api) -> None:
    browser = Browser(api)
    page = browser.get("/sign-in")
    urls = re.findall(r'(?:src|href)="(/assets/[^"]+)"', page.text)
    assert len(urls) == len(STYLES) + len(SCRIPTS)
    sent = len(gzip.compress(page.content))
    for url in urls:
        answer = browser.get(url, **{"accept-encoding": "gzip"})
        assert answer.content == (FOLDER / url.split("?")[0].rsplit("/", 1)[1]).read_bytes()
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        sent += int(answer.headers["content-length"])
    assert sent < 150_000
    assert browser.get("/assets/README.md").status_code == 404
    assert browser.get("/assets/..%2Fpage.py").status_code == 404


def test_what_is_anothers_bears_its_licence_and_its_version() -> None:
    told = (FOLDER / "README.md").read_text(encoding="utf-8")
    for name in read_assets():
        assert f"`{name}`" in told
    for licence in re.findall(r"`(\w+\.LICENSE)`", told):
        assert (FOLDER / licence).stat().st_size > 500


def test_styles_and_scripts_fetch_nothing() -> None:
    for name in STYLES:
        text = (FOLDER / name).read_text(encoding="utf-8")
        assert not re.search(r"url\((?![\"']?data:)", text)
        assert "@import" not in text


class _Texts(HTMLParser):
    """The texts of a template that stand in it as they are."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found.append(data)


def test_no_template_has_words_of_its_own() -> None:
    for path in sorted(TEMPLATES.glob("*.html")):
        text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", "", path.read_text(), flags=re.DOTALL)
        texts = _Texts()
        texts.feed(text)
        said = " ".join(texts.found).replace("admissions", "")
        assert not re.search(r"[A-Za-zÆØÅæøå]{2,}", said), (path.name, said)


def test_every_kind_of_job_is_called_something() -> None:
    said = wordings("pages-terms")
    assert not [kind for kind in KINDS if f"job.{kind}" not in said]


def test_each_page_has_a_title_a_heading_and_a_way_to_its_content(api: Api) -> None:
    browser = as_role(api, "coordinator")
    for path in ("/", "/accessibility", "/role"):
        text = browser.get(path).text
        assert text.count("<h1>") == 1
        assert re.search(r"<title>[^–<]+ – [^<]+</title>", text)
        assert text.index('href="#main"') < text.index("<header") < text.index('id="main"')
        assert 'action="/sign-out"' in text
