"""Signing in and out: one-time links, an issuer, the demo's buttons, a choice of several roles."""

from __future__ import annotations

from fastapi.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from admissions_api import sessions
from admissions_api.signing_in import MINUTES, SigningIn, SigningInError
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
    return page.show(
        "sign-in.html",
        roles=DEMO_CALLERS,
        next=_next(page),
        issuer=page.installation.signing_in is not None,
    )


async def enter_demo(page: PageRequest) -> Response:
    """Signs in as one of the demo's people."""
    caller = DEMO_CALLERS.get(str(page.held.get("role")))
    if not page.site.demo or caller is None:
        raise ShownError(404, "no-page")
    cookie = await run_in_threadpool(sessions.begin, page.installation.store, [caller])
    return await _entered(page, cookie, _next(page))


async def ask_issuer(page: PageRequest) -> Response:
    """Sends the browser to the issuer, which sends it back to ``back_from_issuer``."""
    known = _issuer(page)
    here = page.request.client.host if page.request.client else ""
    page.installation.limiter.count(f"address:{here}")
    run = page.installation.signing.run
    try:
        begun = await run(known.begin, page.installation.store, _back(page), _next(page))
    except SigningInError as error:
        raise _told(error) from None
    response = page.go(begun.url)
    name = _begun_name(page.request)
    response.set_cookie(
        name, begun.cookie, MINUTES * 60, path="/", secure=name.startswith("__Host-"),
        httponly=True, samesite="lax",
    )  # fmt: skip
    return response


async def back_from_issuer(page: PageRequest) -> Response:
    """Signs in whom the issuer has sent back, once, in the browser that was sent there."""
    known, store = _issuer(page), page.installation.store
    name = _begun_name(page.request)
    cookie = page.request.cookies.get(name, "")
    said = dict(page.request.query_params)
    try:
        found = await page.installation.signing.run(known.finish, store, said, cookie, _back(page))
    except SigningInError as error:
        raise _told(error) from None
    session = await run_in_threadpool(sessions.begin, store, found.callers, found.id_token)
    response = await _entered(page, session, found.after)
    response.delete_cookie(name, path="/", secure=name.startswith("__Host-"), httponly=True)
    return response


def _issuer(page: PageRequest) -> SigningIn:
    known = page.installation.signing_in
    if known is None:
        raise ShownError(404, "no-page")
    return known


def _told(error: SigningInError) -> ShownError:
    status = {"ended": 400, "away": 503}.get(error.why, 403)
    return ShownError(status, f"signing-in-{error.why}")


def _back(page: PageRequest) -> str:
    """Where the issuer sends the browser back to; it knows this address and no other."""
    return f"{_here(page)}/sign-in/answer"


def _here(page: PageRequest) -> str:
    url = page.request.url
    return f"{url.scheme}://{url.netloc}"


def _begun_name(request: Request) -> str:
    secure = request.url.scheme == "https"
    return "__Host-signing-in" if secure else "admissions-signing-in"


async def link(page: PageRequest) -> Response:
    """What a link is for, with a button: whatever opens links by itself does not use it up."""
    callers = await run_in_threadpool(sessions.invited, page.installation.store, page.of("secret"))
    return page.show("link.html", status=200 if callers else 410, callers=callers)


async def enter_by_link(page: PageRequest) -> Response:
    """Uses a link, once."""
    cookie = await run_in_threadpool(sessions.redeem, page.installation.store, page.of("secret"))
    if cookie is None:
        return page.show("link.html", status=410, callers=())
    return await _entered(page, cookie, _next(page))


async def leave(page: PageRequest) -> Response:
    """Signs out: the session is over on the server too, and then the issuer's own."""
    name = cookie_name(page.request)
    cookie = page.request.cookies.get(name, "")
    id_token = await run_in_threadpool(sessions.end_session, page.installation.store, cookie)
    left, known, onward = "/sign-in?left=yes", page.installation.signing_in, None
    if id_token and known is not None:
        onward = await page.installation.signing.run(
            known.end_url, id_token, f"{_here(page)}{left}"
        )
    response = page.go(left)
    if onward:
        page.session = None
        response = page.show("left.html", onward=onward)
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


async def _entered(page: PageRequest, cookie: str, after: str) -> Response:
    """Goes on with a new session; one that the browser had before is over."""
    response = page.go(after)
    name = cookie_name(page.request)
    former = page.request.cookies.get(name)
    if former:
        await run_in_threadpool(sessions.end_session, page.installation.store, former)
    response.set_cookie(
        name, cookie, path="/", secure=name.startswith("__Host-"), httponly=True, samesite="lax"
    )
    return response


def _next(page: PageRequest) -> str:
    """The page to come back to: one of this site alone."""
    asked = str(page.held.get("next") or page.request.query_params.get("next") or "/")
    inside = asked.startswith("/") and not asked.startswith("//") and "\\" not in asked
    return asked if inside and asked.isprintable() else "/"
