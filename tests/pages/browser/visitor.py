"""One person before a browser, who reads what stands on the page and presses what it offers.

Whatever page is opened, two things must hold of it: it is sent with the site's policy, which the
browser then never has to enforce, and nothing is asked for from anywhere else.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, Response

from admissions.model.messages import message
from admissions.model.vocabulary import Language
from admissions.model.words import wordings
from admissions_api import sessions
from admissions_api.tokens import Caller, Role
from tests.api.installation import Api
from tests.pages.site import OWN
from tests.pages.test_frame import POLICY

PATIENCE_MS = 20_000
REFUSALS = (403, 404, 409, 410, 412, 413, 415, 422)
"""What a page may be answered with that says no, and says why."""

UNIMPORTANT = ("Failed to load resource", "htmx:sendAbort", "htmx:afterRequest")
"""What a browser calls an error and is none: a page that says no, a request that another ended."""


@dataclass
class Visitor:
    """A person with a language, and a browser with scripts or without."""

    page: Page
    base: str
    language: Language
    scripts: bool
    pictures: Path
    broken: list[str] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)
    own_policy: tuple[str, ...] = ("/report",)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(PATIENCE_MS)
        self.page.on("request", self._asked)
        self.page.on("response", self._answered)
        self.page.on("console", self._told)
        self.page.on("pageerror", lambda error: self.broken.append(f"script: {error}"))

    def say(self, key: str, **values: object) -> str:
        """The words of ``key`` as this person reads them."""
        return message(key, **values).in_(self.language)

    def term(self, kind: str, value: str) -> str:
        return wordings("pages-terms")[f"{kind}.{value}"].in_(self.language)

    def open(self, path: str) -> None:
        self.page.goto(self.base + path)
        self.look()

    def follow(self, words: str) -> None:
        """Follows the first link that says ``words``, perhaps among others."""
        self.page.get_by_role("link", name=words).first.click()
        self.look()

    def button(self, words: str) -> Locator:
        return self.page.get_by_role("button", name=words, exact=True)

    def press(self, words: str) -> None:
        self.button(words).click()
        self.look()

    def unfold(self, words: str) -> None:
        self.page.locator("summary", has_text=words).click()

    def reads(self, words: str) -> None:
        """Waits until ``words`` stand on the page."""
        self.page.get_by_text(words).first.wait_for(state="visible")

    def look(self) -> None:
        """What holds of each page: it is in this person's language, whole, and was sent safely."""
        self.page.wait_for_load_state()
        assert self.page.locator("html").get_attribute("lang") == self.language
        assert self.page.locator("h1").count() == 1
        assert not self.broken, self.broken

    def picture(self, name: str) -> None:
        """Keeps what this person sees, for whoever reviews the pages."""
        how = "" if self.scripts else "-plain"
        place = self.pictures / f"{name}-{self.language}{how}.png"
        self.page.screenshot(path=place, full_page=True)

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((f"{self.base}/", "data:")):
            self.broken.append(f"asked for {request.url}")

    def _answered(self, response: Response) -> None:
        path = response.url.removeprefix(self.base).partition("?")[0]
        if response.status >= 400 and response.status not in REFUSALS:
            self.broken.append(f"{response.status} at {path}")
        headers = response.headers
        if not headers.get("content-type", "").startswith("text/html"):
            return
        self.opened.append(path)
        policy = headers.get("content-security-policy", "")
        if policy != POLICY and not path.endswith(self.own_policy):
            self.broken.append(f"the policy of {path}: {policy!r}")

    def _told(self, said: ConsoleMessage) -> None:
        if said.type == "error" and not said.text.startswith(UNIMPORTANT):
            self.broken.append(f"console: {said.text}")


@contextmanager
def visiting(
    browser: Browser, base: str, pictures: Path, *, language: Language = "nb",
    scripts: bool = True, **how: Any,
) -> Iterator[Visitor]:  # fmt: skip
    """A new person with a browser of their own."""
    context = browser.new_context(
        java_script_enabled=scripts, locale={"nb": "nb-NO", "nn": "nn-NO", "en": "en-GB"}[language],
        **how,
    )  # fmt: skip
    try:
        visitor = Visitor(context.new_page(), base, language, scripts, pictures)
        yield visitor
        assert not visitor.broken, visitor.broken
    finally:
        context.close()


def link_for(api: Api, *callers: Caller) -> str:
    """The path of a one-time link, as `admissions invite` prints it."""
    return f"/sign-in/{sessions.invite(api.installation.store, callers, dt.timedelta(hours=1))}"


def caller(role: Role, scope: str | None = None) -> Caller:
    own = OWN[role] if scope is None else scope
    return Caller(f"{role}-{own}", role, own)


def sign_in(visitor: Visitor, api: Api, role: Role, scope: str | None = None) -> None:
    """Opens a link that is good once, and enters."""
    visitor.open(link_for(api, caller(role, scope)))
    visitor.press(visitor.say("pages-sign-in.enter"))
    assert visitor.page.url == f"{visitor.base}/"


def sign_out(visitor: Visitor) -> None:
    """Signs out; the page before is then closed to whoever goes back to it."""
    before = visitor.page.url
    visitor.press(visitor.say("pages-frame.sign-out"))
    visitor.reads(visitor.say("pages-sign-in.left"))
    visitor.page.goto(before)
    assert "/sign-in" in visitor.page.url
