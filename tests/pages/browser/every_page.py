"""Every page of every role, as each language, width and choice of colours shows it.

Run: python -m tests.pages.browser.every_page [--pictures DIR] (`make axe`; some minutes)
"""

from __future__ import annotations

import argparse
import itertools
import logging
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import structlog
from playwright.sync_api import Browser as RealBrowser
from playwright.sync_api import sync_playwright

from admissions.model.vocabulary import LANGUAGES, Language
from admissions_api.tokens import ROLES, Role
from admissions_pages.site import ROUTES, Route
from tests.api.installation import Api
from tests.api.rounds import allocated, filled, worked
from tests.pages.browser.conftest import Served, found_browser, serving
from tests.pages.browser.looking import HEIGHT, SCHEMES, WIDTHS, by_keyboard, how_seen, judged
from tests.pages.browser.visitor import caller, link_for, sign_in, visiting
from tests.pages.site import Browser, as_role
from tests.pages.test_leader import with_cut_offs

NOBODY = ""
"""Who is not signed in."""
EXPLORED = "/analyst/explore?base=coordinated-2019&leader=points&share=30&offering=uis-juss"
"""A page to explore on which something was tried."""

DECISION = {
    "decided_on": "2019-06-03", "signatory": "Åse Ødegård", "case": "2019/1",
    "answer_deadline": "2019-06-20", "appeal_body": "Klagenemnda",
}  # fmt: skip
"""What a decision must say, and the round does not."""


def furnished(api: Api) -> Mapping[str, list[str]]:
    """Something on every page: what each place of an address is put to, for a role or for all."""
    office, coordinator = as_role(api, "office"), as_role(api, "coordinator")
    analyst = as_role(api, "analyst")
    with_cut_offs(api)
    filled(api, id="avgjort", title="Avgjort")
    allocation = allocated(api, "avgjort")
    ranking = _job(office, "/office/vaar", "/office/vaar/rank", {})
    two = {"scenario": ["coordinated-2019", "no-service-limit"], "draws": "2", "seed": "1"}
    simulation = _job(analyst, "/analyst", "/analyst/simulate", two)
    comparison = _job(coordinator, "/coordinator/avgjort", "/coordinator/avgjort/compare", two)
    worked(api)
    letters = _job(office, "/office/avgjort/letters", "/office/avgjort/letters", DECISION)
    tried, made = _begun(office, coordinator, lambda: worked(api))
    waiting = _job(analyst, "/analyst", "/analyst/simulate", two)
    return {
        "round_id": ["vaar", "avgjort"],
        "allocation_id": [allocation],
        "job_id": [ranking],
        "analyst job_id": [simulation, waiting],
        "coordinator job_id": [allocation, tried],
        "number": [made],
        "letters_id": [letters],
        "simulation_id": [simulation],
        "comparison_id": [comparison],
        "person_id": ["p1"],
        "name": ["decisions.csv"],
        "scenario": ["harmonised-2023"],
        "secret": [link_for(api, caller("leader"), caller("office")).rsplit("/", 1)[1], "none"],
    }


def _begun(office: Browser, coordinator: Browser, work: Callable[[], None]) -> tuple[str, str]:
    """Begins the year of the round that is decided: a call that is tried, and one that is made."""
    season = "/coordinator/avgjort/season"
    applications = "/office/avgjort/season/applications"
    coordinator.press(season, season)
    keys = [f"uis-juss:{person}" for person in ("p1", "p2", "p3")]
    declined = {"key": keys, "pick": keys[:1], "for-all": "decline"}
    office.press(applications, applications, declined)
    tried = _job(coordinator, season, f"{season}/calls", {"try": "yes"})
    work()
    coordinator.press(season, f"{season}/calls")
    work()
    return tried, "2"


def _job(browser: Browser, page: str, path: str, fields: dict[str, Any]) -> str:
    """The id of the job that a form asks for."""
    where = str(browser.press(page, path, fields).headers["location"])
    return where.partition("?")[0].rsplit("/", 1)[1]


def pages_for(api: Api, places: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """The addresses of all pages (not files) of every role, and of those open to anybody."""
    found = {}
    for role in (NOBODY, *ROLES):
        routes = [one for one in ROUTES if one.method == "GET" and _is_for(one, role)]
        found[role] = [path for route in routes for path in _filled(route, role, places)]
    found[NOBODY].append("/no-such-page")
    found["analyst"].append(EXPLORED)
    for role in ROLES:
        own = as_role(api, role)
        found[role] = [path for path in found[role] if _is_page(own.get(path))]
    return found


def _is_page(answer: Any) -> bool:
    """Whether it is a page (no file), and not the one that only says that there is none."""
    kind = answer.headers.get("content-type", "")
    return kind.startswith("text/html") and answer.status_code not in (404, 409)


def _is_for(route: Route, role: str) -> bool:
    return role in route.roles if route.roles else role == NOBODY and route.path != "/role"


def _filled(route: Route, role: str, places: Mapping[str, list[str]]) -> Iterator[str]:
    names = re.findall(r"\{(\w+)(?::path)?\}", route.path)
    for values in itertools.product(
        *(places.get(f"{role} {name}") or places[name] for name in names)
    ):
        path = route.path
        for value in values:
            path = re.sub(r"\{[^}]+\}", value, path, count=1)
        yield path


def looked_at(
    browser: RealBrowser, served: Served, pictures: Path, role: str,
    looks: Sequence[tuple[str, Sequence[int]]], language: Language, scheme: str, *, keyboard: bool,
) -> Iterator[tuple[str, int, list[str]]]:  # fmt: skip
    """Each page of ``role`` at each of its widths, and what is wrong with it there."""
    how = how_seen(scheme)
    with visiting(browser, served.base, pictures, language=language, **how) as visitor:
        if role:
            sign_in(visitor, served.api, cast(Role, role))
        for path, widths in looks:
            visitor.page.goto(served.base + path)
            for width in widths:
                visitor.page.set_viewport_size({"width": width, "height": HEIGHT})
                wrong = judged(visitor.page)
                if keyboard:
                    wrong += by_keyboard(visitor.page)
                name = re.sub(r"\W+", "-", f"{role}{path}").strip("-") or "first"
                place = pictures / f"{name}-{language}-{scheme}-{width}.png"
                visitor.page.screenshot(path=place, full_page=True)
                yield path, width, wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=Path)
    parser.add_argument("--language", choices=LANGUAGES, action="append")
    parser.add_argument("--scheme", choices=SCHEMES, action="append")
    asked = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    looked, wrong = 0, 0
    with tempfile.TemporaryDirectory() as place, serving(Path(place)) as served:
        pictures = asked.pictures or Path(place) / "pictures"
        pictures.mkdir(parents=True, exist_ok=True)
        shown = pages_for(served.api, furnished(served.api))
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=found_browser())
            for role, language, scheme in itertools.product(
                shown, asked.language or LANGUAGES, asked.scheme or SCHEMES
            ):
                looks = [(path, WIDTHS) for path in shown[role]]
                for path, width, found in looked_at(
                    browser, served, pictures, role, looks, language, scheme,
                    keyboard=scheme == "light",
                ):  # fmt: skip
                    looked += 1
                    wrong += bool(found)
                    for said in found:
                        print(f"{role or 'nobody'} {path} {language} {scheme} {width}: {said}")
            browser.close()
    print(f"{looked} looks at {sum(map(len, shown.values()))} pages, {wrong} with something wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
