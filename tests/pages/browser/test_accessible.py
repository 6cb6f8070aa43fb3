"""For everybody: every page once, in a language, width and choice of colours that change by turns.

`make axe` looks at every page in all of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from admissions.model.vocabulary import LANGUAGES
from admissions_api.tokens import ROLES
from tests.api.rounds import worked
from tests.pages.browser.conftest import Served, Visit, serving
from tests.pages.browser.every_page import NOBODY, furnished, looked_at, pages_for
from tests.pages.browser.looking import SCHEMES, WIDTHS
from tests.pages.browser.visitor import sign_in
from tests.pages.test_leader import with_cut_offs

Whole = tuple[Served, dict[str, list[str]]]
MOVING = """() => [...document.querySelectorAll("*")].filter(one => {
  const style = getComputedStyle(one);
  return style.animationName !== "none"
    || style.transitionDuration.split(",").some(taken => parseFloat(taken) > 0);
}).map(one => one.tagName)"""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    """An installation with something on every page."""
    with serving(tmp_path_factory.mktemp("whole")) as one:
        yield one, pages_for(one.api, furnished(one.api))


@pytest.mark.parametrize("role", [NOBODY, *ROLES])
def test_every_page_is_for_everybody(
    whole: Whole, browser: Browser, pictures: Path, role: str
) -> None:
    served, shown = whole
    turn = list(shown).index(role)
    wrong = []
    for number, language in enumerate(LANGUAGES):
        paths = shown[role][number :: len(LANGUAGES)]
        looks = [(p, (WIDTHS[(at + turn) % len(WIDTHS)],)) for at, p in enumerate(paths)]
        scheme = SCHEMES[(number + turn) % len(SCHEMES)]
        wrong += [
            (path, language, scheme, width, found)
            for path, width, found in looked_at(
                browser, served, pictures, role, looks, language, scheme, keyboard=True
            )
            if found
        ]
    assert not wrong


def test_nothing_moves_for_whoever_wants_less_motion(served: Served, visit: Visit) -> None:
    with visit(reduced_motion="reduce") as visitor:
        sign_in(visitor, served.api, "analyst")
        visitor.open("/analyst")
        assert visitor.page.evaluate(MOVING) == []


def test_what_is_printed_is_the_content_alone(served: Served, visit: Visit) -> None:
    with visit() as visitor:
        sign_in(visitor, served.api, "analyst")
        visitor.open("/analyst/matrix")
        visitor.page.emulate_media(media="print")
        assert not visitor.button(visitor.say("pages-frame.sign-out")).is_visible()
        assert not visitor.page.locator("footer").is_visible()
        assert visitor.page.locator("h1").is_visible()
        table = visitor.page.locator(".scroll").first
        assert table.evaluate("one => getComputedStyle(one).overflowX") == "visible"


def test_a_job_that_is_watched_keeps_the_focus_and_says_when_it_is_done(
    served: Served, visit: Visit
) -> None:
    with visit() as visitor:
        sign_in(visitor, served.api, "analyst")
        visitor.open("/analyst")
        visitor.page.fill("#draws", "2")
        visitor.press(visitor.say("pages-analyst.simulate-now"))
        cancel = visitor.button(visitor.say("pages-job.cancel"))
        cancel.focus()
        with visitor.page.expect_response("**/jobs/*"):
            pass
        with visitor.page.expect_response("**/jobs/*"):
            pass
        expect(cancel).to_be_focused()
        status = visitor.page.get_by_role("status")
        assert status.inner_text() == visitor.term("state", "queued")
        status.evaluate("one => { window.told = one; }")
        worked(served.api)
        visitor.page.get_by_role("link", name=visitor.say("pages-job.open")).wait_for()
        assert visitor.page.evaluate("window.told.isConnected && window.told.innerText") == (
            visitor.term("state", "done")
        )


def test_a_skip_link_leads_to_the_content(served: Served, visit: Visit) -> None:
    with_cut_offs(served.api)
    with visit() as visitor:
        sign_in(visitor, served.api, "leader")
        visitor.open("/leader/vaar")
        visitor.page.keyboard.press("Tab")
        visitor.page.keyboard.press("Enter")
        assert visitor.page.evaluate("document.activeElement.id") == "main"


def test_a_slider_follows_its_field_answers_at_once_and_keeps_the_focus(
    served: Served, visit: Visit
) -> None:
    with visit() as visitor:
        sign_in(visitor, served.api, "analyst")
        visitor.open("/analyst/explore")
        slide = visitor.page.locator("#share-slide")
        slide.focus()
        with visitor.page.expect_response("**/analyst/explore?*share=1*"):
            slide.press("ArrowRight")
        visitor.page.wait_for_url("**/analyst/explore?*share=1*")
        expect(visitor.page.locator("#share-slide")).to_be_focused()
        assert visitor.page.locator("#share").input_value() == "1"
        said = visitor.page.get_by_role("status").inner_text()
        assert said in visitor.page.locator(".headline").inner_text()
        visitor.page.go_back()
        expect(visitor.page.locator("#share")).to_have_value("0")
