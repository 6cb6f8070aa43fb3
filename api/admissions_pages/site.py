"""All pages of the site: where each is, who may open it, and what is refused before it is made."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import structlog
from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response

from admissions_api.access import installation_of
from admissions_api.edge import fault_of
from admissions_api.problems import ProblemError, answer
from admissions_api.sessions import SignedIn, find_session
from admissions_api.settings import MEBIBYTE
from admissions_api.tokens import Role
from admissions_api.uploads import UPLOAD_BYTES
from admissions_pages import (
    analyst,
    applicant,
    auditor,
    calls,
    coordinator,
    explore,
    first,
    jobs,
    leader,
    letters,
    mapping,
    office,
    opening,
    records,
    season,
    signing_in,
)
from admissions_pages.asking import PageAnswer, RefusedError
from admissions_pages.assets import PREFIX, read_assets
from admissions_pages.page import (
    PageRequest,
    ShownError,
    Site,
    is_local,
    make_templates,
    refuse_foreign,
    refuse_forged,
)

EVERYBODY: tuple[Role, ...] = ("office", "coordinator", "analyst", "leader", "applicant", "auditor")
SEASON_ROLES: tuple[Role, ...] = ("office", "coordinator")
"""Who works on a season: an office on its own offerings, the coordinator on all."""
_log = structlog.get_logger("admissions.pages")


@dataclass(frozen=True)
class Route:
    """One page. ``roles``: who may open it, signed in; none for a page that is open to all."""

    path: str
    show: Callable[[PageRequest], Awaitable[Response]]
    roles: tuple[Role, ...] = ()
    method: str = "GET"
    body: int = MEBIBYTE


ROUTES = (
    Route("/", first.first_page, EVERYBODY),
    Route("/sign-in", signing_in.ways),
    Route("/sign-in", signing_in.enter_demo, method="POST"),
    Route("/sign-in/issuer", signing_in.ask_issuer),
    Route("/sign-in/answer", signing_in.back_from_issuer),
    Route("/sign-in/{secret}", signing_in.link),
    Route("/sign-in/{secret}", signing_in.enter_by_link, method="POST"),
    Route("/sign-out", signing_in.leave, EVERYBODY, "POST"),
    Route("/role", signing_in.roles),
    Route("/role", signing_in.choose, method="POST"),
    Route("/accessibility", signing_in.accessibility),
    Route("/leader/{round_id}", leader.staff, ("leader",)),
    Route("/leader/{round_id}/order", leader.order, ("leader",), "POST"),
    Route("/leader/{round_id}/send", leader.send, ("leader",), "POST"),
    Route("/leader/{round_id}/receipt", leader.receipt, ("leader",)),
    Route("/rounds/new", opening.form, ("coordinator",)),
    Route("/rounds/new", opening.open_round, ("coordinator",), "POST"),
    Route("/coordinator/{round_id}", coordinator.one_round, ("coordinator",)),
    Route("/coordinator/{round_id}/correct", opening.correct, ("coordinator",), "POST"),
    Route("/coordinator/{round_id}/cut-offs", coordinator.make_cut_offs, ("coordinator",), "POST"),
    Route("/coordinator/{round_id}/close", coordinator.close, ("coordinator",), "POST"),
    Route("/coordinator/{round_id}/reopen", coordinator.reopen, ("coordinator",), "POST"),
    Route("/coordinator/{round_id}/clashes/{number}", coordinator.settle, ("coordinator",), "POST"),
    Route("/coordinator/{round_id}/compare", coordinator.compare, ("coordinator",), "POST"),
    Route("/coordinator/{round_id}/allocate", coordinator.allocate, ("coordinator",), "POST"),
    Route("/coordinator/allocations/{allocation_id}", coordinator.allocation, ("coordinator",)),
    Route(
        "/coordinator/allocations/{allocation_id}/publish",
        coordinator.publish,
        ("coordinator",),
        "POST",
    ),
    Route(
        "/coordinator/allocations/{allocation_id}/unpublish",
        coordinator.unpublish,
        ("coordinator",),
        "POST",
    ),
    Route("/coordinator/{round_id}/season", calls.season, ("coordinator",)),
    Route("/coordinator/{round_id}/season", calls.begin, ("coordinator",), "POST"),
    Route("/coordinator/{round_id}/season/calls", calls.call, ("coordinator",), "POST"),
    Route("/coordinator/{round_id}/season/calls/{number}", calls.made, ("coordinator",)),
    Route("/coordinator/{round_id}/season/tried/{job_id}", calls.tried, ("coordinator",)),
    *(
        route
        for role in SEASON_ROLES
        for route in (
            Route(f"/{role}/{{round_id}}/season/applications", season.applications, (role,)),
            Route(f"/{role}/{{round_id}}/season/applications", season.answer, (role,), "POST"),
            Route(f"/{role}/{{round_id}}/season/records", records.records, (role,)),
            Route(f"/{role}/{{round_id}}/season/records", records.record, (role,), "POST"),
            Route(
                f"/{role}/{{round_id}}/season/people/{{person_id:path}}", season.history, (role,)
            ),
        )
    ),
    Route("/audit", auditor.chain, ("coordinator", "auditor")),
    Route("/office/{round_id}", office.part, ("office",)),
    Route("/office/{round_id}", office.upload, ("office",), "POST", UPLOAD_BYTES + MEBIBYTE),
    Route("/office/{round_id}/letters", letters.letters, ("office",)),
    Route("/office/{round_id}/letters", letters.make, ("office",), "POST", UPLOAD_BYTES + MEBIBYTE),
    Route("/office/{round_id}/letters/{letters_id}", letters.made, ("office",)),
    Route("/office/{round_id}/letters/{letters_id}/release", letters.release, ("office",), "POST"),
    Route("/office/{round_id}/letters/{letters_id}/file", letters.file, ("office",)),
    Route(
        "/office/{round_id}/letters/{letters_id}/persons/{person_id:path}",
        letters.one,
        ("office",),
    ),
    Route("/applicant/{round_id}/letters/{letters_id}", letters.one, ("applicant",)),
    Route("/office/{round_id}/rank", office.rank, ("office",), "POST"),
    Route("/office/{round_id}/rankings/{job_id}", office.ranked, ("office",)),
    Route("/office/allocations/{allocation_id}", office.decisions, ("office",)),
    Route("/office/allocations/{allocation_id}/files/{name}", office.download, ("office",)),
    Route(
        "/office/allocations/{allocation_id}/people/{person_id:path}", office.decision, ("office",)
    ),
    Route("/analyst", analyst.analyses, ("analyst",)),
    Route("/analyst/simulate", analyst.simulate, ("analyst",), "POST"),
    Route("/analyst/explore", explore.explore, ("analyst",)),
    Route("/analyst/explore/map", mapping.show, ("analyst",)),
    Route("/analyst/explore/scenario.toml", explore.scenario_file, ("analyst",)),
    Route("/analyst/explore/simulate", explore.simulate, ("analyst",), "POST"),
    Route("/analyst/comparison", analyst.open_comparison, ("analyst",)),
    Route("/analyst/scenarios", analyst.scenarios, ("analyst",)),
    Route("/analyst/scenarios/{scenario}", analyst.scenario, ("analyst",)),
    Route("/analyst/matrix", analyst.matrix, ("analyst",)),
    Route("/analyst/simulations/{simulation_id}", analyst.simulation, ("analyst",)),
    Route(
        "/analyst/comparisons/{comparison_id}/report", analyst.report, ("analyst", "coordinator")
    ),
    Route("/applicant/{round_id}", applicant.own, ("applicant",)),
    Route("/applicant/{round_id}", applicant.order, ("applicant",), "POST"),
    Route("/applicant/{round_id}/answer", applicant.answer, ("applicant",), "POST"),
    Route("/jobs/{job_id}", jobs.job, ("office", "coordinator", "analyst")),
    Route("/jobs/{job_id}/cancel", jobs.cancel, ("office", "coordinator", "analyst"), "POST"),
)


def add_pages(app: FastAPI, *, demo: bool = False) -> None:
    """Puts every page into ``app`` beside its API; ``demo``: with a login for each role."""
    site = Site(make_templates(), read_assets(), demo)
    for route in ROUTES:
        app.add_api_route(
            route.path, _endpoint(route, site), methods=[route.method], include_in_schema=False,
            max_body_size=route.body, name=f"{route.method} {route.path}",
        )  # fmt: skip
    _add_assets(app, site)
    _show_what_is_missing(app, site)


def _endpoint(route: Route, site: Site) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        page = PageRequest(request, site, await _session(request))
        try:
            await _refuse(route, page)
            return await route.show(page)
        except ShownError as error:
            return _refusal(page, error)
        except RefusedError as error:
            return _refused(page, error)
        except ProblemError as error:
            told = answer(error, page.request.url.path, page.language)
            headers = dict(told.headers)
            return _refused(page, RefusedError(PageAnswer(error.status, headers, bytes(told.body))))
        except HTTPException:
            raise
        except Exception as error:  # noqa: BLE001 - nobody reads a traceback; the log has its place
            _log.error("fault", **fault_of(error))
            return _problem(page, 500, "fault")
        finally:
            await page.held.close()

    return endpoint


async def _session(request: Request) -> SignedIn | None:
    cookie = request.cookies.get(signing_in.cookie_name(request))
    if not cookie:
        return None
    return await run_in_threadpool(find_session, installation_of(request).store, cookie)


async def _refuse(route: Route, page: PageRequest) -> None:
    """Raises ShownError for a way that is not safe, a forged form, or another's page."""
    request = page.request
    if request.url.scheme != "https" and not is_local(request):
        raise ShownError(403, "not-safe")
    if route.method != "GET":
        refuse_foreign(request)
        page.held = await request.form(max_files=1, max_fields=10_000)
    if not route.roles:
        return
    caller = page.caller
    request.state.role = caller.role
    if route.method != "GET":
        refuse_forged(page)
    if caller.role not in route.roles:
        raise ShownError(403, "other-role")


def _refusal(page: PageRequest, error: ShownError) -> Response:
    """Whoever is not signed in comes back to the page afterwards; else the page says why."""
    if error.status != HTTPStatus.UNAUTHORIZED:
        return _problem(page, error.status, error.why)
    if page.session is not None:
        return page.go("/role")
    here = page.request.url.path
    asked = f"?next={quote(here)}" if page.request.method == "GET" and here != "/" else ""
    return page.go(f"/sign-in{asked}")


def _refused(page: PageRequest, error: RefusedError) -> Response:
    """The API's refusal in the page's words, by its status; its own reason stands below."""
    status = error.answer.status
    own = error.answer.headers.get("content-language", "en")
    return _problem(page, status, "api", {**error.answer.json(), "language": own})


def _problem(
    page: PageRequest, status: int, why: str, said: dict[str, Any] | None = None
) -> Response:
    return page.show("problem.html", status=status, code=status, why=why, said=said)


def _add_assets(app: FastAPI, site: Site) -> None:
    async def asset(request: Request, name: str) -> Response:
        found = site.assets.get(name)
        if found is None:
            raise HTTPException(404, "Not Found")
        return found.answer(request)

    app.add_api_route(f"{PREFIX}/{{name}}", asset, methods=["GET"], include_in_schema=False)


def _show_what_is_missing(app: FastAPI, site: Site) -> None:
    """Whoever types an address that is none reads a page; a program still gets a problem."""
    answered = app.exception_handlers[HTTPException]

    async def shown(request: Request, error: Exception) -> Response:
        status = getattr(error, "status_code", 500)
        wants_page = "text/html" in request.headers.get("accept", "")
        if wants_page and status == HTTPStatus.NOT_FOUND and not request.url.path.startswith("/v1"):
            return _problem(PageRequest(request, site, await _session(request)), 404, "no-page")
        response: Response = await answered(request, error)  # type: ignore[misc]
        return response

    app.exception_handlers[HTTPException] = shown
