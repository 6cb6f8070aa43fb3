"""One request for a page: who asks, in which language, and what is shown to them."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from admissions.model import numbers
from admissions.model.messages import message
from admissions.model.resources import shipped
from admissions.model.version import __version__
from admissions.model.vocabulary import LANGUAGES, Language
from admissions.model.words import wordings
from admissions.rulebooks.rulebook import Rulebook, load_rulebooks
from admissions_api.access import installation_of
from admissions_api.clock import from_stamp
from admissions_api.installation import Installation
from admissions_api.problems import language_asked
from admissions_api.sessions import SignedIn
from admissions_api.tokens import Caller
from admissions_pages.asking import Api, path
from admissions_pages.assets import SCRIPTS, STYLES, Asset

TEMPLATES = Path(__file__).parent / "templates"
LANGUAGE_COOKIE = "language"
FORM_TOKEN = "form_token"  # noqa: S105 - the name of a field, no secret
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""What every page is sent with. The referrer stays here: without it no form says its origin."""
LOCAL = ("localhost", "127.0.0.1", "::1")
_YEAR_SECONDS = 365 * 24 * 3600
_OSLO = ZoneInfo("Europe/Oslo")
_NAMES: Mapping[Language, str] = {"nb": "Bokmål", "nn": "Nynorsk", "en": "English"}


class ShownError(Exception):
    """A page that says why it is not the one that was asked for: the key of its words."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status
        self.why = why


@dataclass(frozen=True)
class Site:
    """What all pages are made with: the templates, the files they load, whether this is a demo."""

    templates: Environment
    assets: Mapping[str, Asset]
    demo: bool = False


def make_templates() -> Environment:
    """The templates, which escape everything and know no value that is missing."""
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@dataclass
class PageRequest:
    """One request. ``held`` is what the page needs of its form once it was read."""

    request: Request
    site: Site
    session: SignedIn | None
    held: FormData = field(default_factory=FormData)

    @property
    def installation(self) -> Installation:
        """What the application was made with."""
        return installation_of(self.request)

    @property
    def language(self) -> Language:
        """The language asked for here, else chosen before, else the browser's, else bokmål."""
        for said in (
            self.request.query_params.get("language"),
            self.request.cookies.get(LANGUAGE_COOKIE),
        ):
            if said in LANGUAGES:
                return said
        return language_asked(self.request) if "accept-language" in self.request.headers else "nb"

    @property
    def caller(self) -> Caller:
        """Who asks. Raises ShownError while nobody is signed in, or no role is chosen."""
        caller = self.session.caller if self.session else None
        if caller is None:
            raise ShownError(401, "signed-out")
        return caller

    @property
    def api(self) -> Api:
        """The API as this person may use it."""
        return Api(self.request.app, self.installation, self.caller, self.language)

    def of(self, name: str) -> str:
        """A part of the page's own address."""
        return str(self.request.path_params[name])

    def say(self, key: str, **values: object) -> str:
        """The words of ``key``, in the language of the page."""
        return message(key, **values).in_(self.language)

    def show(self, template: str, *, status: int = 200, **context: object) -> Response:
        """The page that ``template`` makes."""
        page = self.site.templates.get_template(template).render(
            page=self, **self._shared(), **context
        )
        response = Response(page, status, HEADERS, "text/html; charset=utf-8")
        said = self.request.query_params.get("language")
        if said in LANGUAGES:
            response.set_cookie(
                LANGUAGE_COOKIE, said, _YEAR_SECONDS, httponly=True, samesite="lax",
                secure=self.request.url.scheme == "https",
            )  # fmt: skip
        return response

    def go(self, where: str) -> Response:
        """Sends the browser to another page."""
        return RedirectResponse(where, 303, HEADERS)

    def _shared(self) -> dict[str, Any]:
        caller = self.session.caller if self.session else None
        return {
            "say": self.say,
            "language": self.language,
            "languages": _NAMES,
            "styles": [self.site.assets[name].url for name in STYLES],
            "scripts": [self.site.assets[name].url for name in SCRIPTS],
            "caller": caller,
            "form_token": self.session.form_token if self.session else "",
            "nonce": partial(secrets.token_urlsafe, 12),
            "path": self.request.url.path,
            "version": __version__,
            "demo": self.site.demo,
            "offering": self.offering,
            "when": self.when,
            "on_day": self.day,
            "term": self.term,
            "number": self.number,
        }

    def offering(self, offering_id: str) -> str:
        """An offering's programme and site, as people call it."""
        found = rulebooks().get(offering_id)
        if found is None:
            return offering_id
        return f"{found.programme.in_(self.language)}, {found.site}"

    def when(self, stamp: str | None) -> str:
        """A time as people here write it, on the clock that hangs on the wall in Norway."""
        if not stamp:
            return ""
        at = from_stamp(stamp).astimezone(_OSLO)
        return self.say(
            "pages-frame.time", day=at.day, month=_month(at.month, self.language), year=at.year,
            clock=f"{at:%H.%M}",
        )  # fmt: skip

    def day(self, date: str | None) -> str:
        """A day that is stated as YYYY-MM-DD, as people here write it."""
        return numbers.day(dt.date.fromisoformat(date), self.language) if date else ""

    async def scenario(self, scenario_id: str) -> str:
        """What a scenario is called."""
        found = await self.api.found(path("scenarios", scenario_id))
        title = found["scenario"]["title"] if found else None
        return str(title[self.language]) if title else scenario_id

    def number(self, text: str | None) -> str:
        """A number as a site writes it, with the decimal sign of the language."""
        return (text or "") if self.language == "en" else (text or "").replace(".", ",")

    def term(self, kind: str, value: object) -> str:
        """The word for a value of a closed list, ``pages-terms.KIND.VALUE``."""
        found = wordings("pages-terms").get(f"{kind}.{value}")
        return str(value) if found is None else found.in_(self.language)


def _month(month: int, language: Language) -> str:
    from babel.dates import get_month_names

    return str(get_month_names("wide", locale=language)[month])


@cache
def rulebooks() -> Mapping[str, Rulebook]:
    """The shipped rulebooks, which stay the same as long as the program runs."""
    return load_rulebooks(shipped("rules"))


def is_local(request: Request) -> bool:
    """Whether the browser speaks to this very machine."""
    return request.url.hostname in LOCAL


def refuse_foreign(request: Request) -> None:
    """Raises ShownError where what is sent does not come from a page of this very site."""
    origin = request.headers.get("origin")
    if origin is None:
        if request.headers.get("sec-fetch-site", "same-origin") == "same-origin":
            return
        raise ShownError(403, "foreign")
    here, there = request.url, urlsplit(origin)
    if (there.scheme, there.netloc) != (here.scheme, here.netloc):
        raise ShownError(403, "foreign")


def refuse_forged(page: PageRequest) -> None:
    """Raises ShownError where the form was not made for this session."""
    given = page.held.get(FORM_TOKEN)
    known = page.session.form_token if page.session else ""
    if not known or not isinstance(given, str) or not secrets.compare_digest(given, known):
        raise ShownError(403, "forged")
