"""Signing in and out: one-time links, the demo's buttons, and a choice of several roles."""

from __future__ import annotations

from fastapi.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from admissions_api import sessions
from admissions_api.tokens import Caller
from admissions_pages.demo import DEMO_CALLERS
from admissions_pages.page import PageRequest, ShownError, refuse_forged


def cookie_name(request: Request) -> str:
    """On https the browser keeps the cookie to this very host; http to localhost has no such."""
    return "__Host-session" if request.url.scheme == "https" else "admissions-session"


async def ways(page: PageRequest) -> Response:
    """How to sign in: a button a role in a demo, else by a link."""
    if page.session is not None and page.session.caller is not None:
        return page.go("/")
    return page.show("sign-in.html", roles=DEMO_CALLERS, next=_next(page))


async def enter_demo(page: PageRequest) -> Response:
    """Signs in as one of the demo's people."""
    caller = DEMO_CALLERS.get(str(page.held.get("role")))
    if not page.site.demo or caller is None:
        raise ShownError(404, "no-page")
    cookie = await run_in_threadpool(sessions.begin, page.installation.store, [caller])
    return _entered(page, cookie)


async def link(page: PageRequest) -> Response:
    """What a link is for, with a button: whatever opens links by itself does not use it up."""
    callers = await run_in_threadpool(sessions.invited, page.installation.store, page.of("secret"))
    return page.show("link.html", status=200 if callers else 410, callers=callers)


async def enter_by_link(page: PageRequest) -> Response:
    """Uses a link, once."""
    cookie = await run_in_threadpool(sessions.redeem, page.installation.store, page.of("secret"))
    if cookie is None:
        return page.show("link.html", status=410, callers=())
    return _entered(page, cookie)


async def leave(page: PageRequest) -> Response:
    """Signs out: the session is over on the server too."""
    name = cookie_name(page.request)
    cookie = page.request.cookies.get(name, "")
    await run_in_threadpool(sessions.end_session, page.installation.store, cookie)
    response = page.go("/sign-in?left=yes")
    response.delete_cookie(name, path="/", secure=name.startswith("__Host-"), httponly=True)
    return response


async def roles(page: PageRequest) -> Response:
    """The roles that somebody has, to choose from."""
    return page.show("role.html", callers=_callers(page))


async def choose(page: PageRequest) -> Response:
    """Works in another role from now on."""
    callers = _callers(page)
    refuse_forged(page)
    number = str(page.held.get("number", ""))
    if not number.isdecimal() or int(number) >= len(callers):
        raise ShownError(404, "no-page")
    cookie = page.request.cookies[cookie_name(page.request)]
    await run_in_threadpool(sessions.choose_role, page.installation.store, cookie, int(number))
    return page.go("/")


async def accessibility(page: PageRequest) -> Response:
    """The accessibility statement."""
    return page.show("accessibility.html")


def _callers(page: PageRequest) -> tuple[Caller, ...]:
    if page.session is None:
        raise ShownError(401, "signed-out")
    return page.session.callers


def _entered(page: PageRequest, cookie: str) -> Response:
    response = page.go(_next(page))
    name = cookie_name(page.request)
    response.set_cookie(
        name, cookie, path="/", secure=name.startswith("__Host-"), httponly=True, samesite="lax"
    )
    return response


def _next(page: PageRequest) -> str:
    """The page to come back to: one of this site alone."""
    asked = str(page.held.get("next") or page.request.query_params.get("next") or "/")
    inside = asked.startswith("/") and not asked.startswith("//") and "\\" not in asked
    return asked if inside and asked.isprintable() else "/"
