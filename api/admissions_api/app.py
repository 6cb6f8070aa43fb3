"""The HTTP application: who sees what, thin over the engine."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import structlog
from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool
from fastapi.middleware.cors import CORSMiddleware
from starlette.middleware import Middleware
from starlette.types import ASGIApp

from admissions.model.resources import shipped
from admissions.model.version import __version__
from admissions.rulebooks.rulebook import load_rulebooks
from admissions_api.addresses import Addresses
from admissions_api.documentation import SPECIFICATION, serve_documentation
from admissions_api.edge import Edge, Metrics
from admissions_api.etags import ETags
from admissions_api.installation import open_installation
from admissions_api.jobs.queue import active_ids
from admissions_api.jobs.workers import Workers
from admissions_api.problems import handle_problems
from admissions_api.routes.allocations import decided_router
from admissions_api.routes.allocations import router as allocations_router
from admissions_api.routes.analyses import router as analyses_router
from admissions_api.routes.applicants import router as applicants_router
from admissions_api.routes.audit import router as audit_router
from admissions_api.routes.beside import router as beside_router
from admissions_api.routes.caller import router as caller_router
from admissions_api.routes.catalogue import catalogue_router
from admissions_api.routes.changing import router as changing_router
from admissions_api.routes.clashes import router as clashes_router
from admissions_api.routes.cut_offs import router as cut_offs_router
from admissions_api.routes.explanations import router as explanations_router
from admissions_api.routes.exports import router as exports_router
from admissions_api.routes.grants import router as grants_router
from admissions_api.routes.jobs import router as jobs_router
from admissions_api.routes.leaders import router as leaders_router
from admissions_api.routes.letters import router as letters_router
from admissions_api.routes.operations import operations_router
from admissions_api.routes.parts import router as parts_router
from admissions_api.routes.publishing import router as publishing_router
from admissions_api.routes.releases import router as releases_router
from admissions_api.routes.rounds import router as rounds_router
from admissions_api.routes.season_calls import router as season_calls_router
from admissions_api.routes.season_entries import router as season_entries_router
from admissions_api.routes.season_offers import router as season_offers_router
from admissions_api.routes.seasons import router as seasons_router
from admissions_api.settings import MEBIBYTE, Settings
from admissions_api.storage_faults import answer_storage_faults
from admissions_api.temporary import sweep

BODY_BYTES = MEBIBYTE
_log = structlog.get_logger("admissions")
_ABOUT = """Ranks applicants and allocates places in further education for child-welfare workers.

Each token has one role: an admissions **office** sees its own offerings, the **coordinator** opens,
closes and allocates a round, the directorate's **analyst** sees figures and no person, the
**leader** of a service sees own staff. `admissions token` makes tokens for a local installation;
paste one under *Authorize*."""


class _Edged(FastAPI):
    """An application with its edge around all that the framework does by itself."""

    def __init__(self, metrics: Metrics, **stated: Any) -> None:
        super().__init__(**stated)
        self._metrics = metrics

    def build_middleware_stack(self) -> ASGIApp:
        return Edge(Addresses(super().build_middleware_stack()), self._metrics)


_ROUTERS = (
    caller_router,
    rounds_router,
    parts_router,
    beside_router,
    clashes_router,
    cut_offs_router,
    leaders_router,
    applicants_router,
    changing_router,
    allocations_router,
    publishing_router,
    decided_router,
    explanations_router,
    exports_router,
    letters_router,
    seasons_router,
    season_entries_router,
    season_calls_router,
    season_offers_router,
    grants_router,
    analyses_router,
    releases_router,
    jobs_router,
    audit_router,
)
"""Those that need nothing but the installation, which a request finds in the application."""


def create_app(settings: Settings) -> FastAPI:
    """The application of one installation; its database is opened and brought up to date.

    Raises UsageError for settings that cannot be used, and DataError when a shipped rulebook cannot
    be used: better no service than wrong rules.
    """
    rulebooks = load_rulebooks(shipped("rules"))
    installation = open_installation(settings)
    metrics = Metrics()
    workers = Workers(settings)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        swept = sweep(settings.home, await run_in_threadpool(active_ids, installation.store))
        _log.info("swept what ended processes left", folders=swept)
        if not installation.store.sqlite:
            _log.info("each server counts rate limits for itself", rate_limit=settings.rate_limit)
        workers.start()
        ended = threading.Event()
        if installation.issuer is not None:
            keeper = installation.issuer.keep_fresh
            threading.Thread(target=keeper, args=(ended,), daemon=True).start()
        await run_in_threadpool(installation.readers.warm)
        yield
        ended.set()
        await run_in_threadpool(workers.stop)
        await run_in_threadpool(installation.close)

    app = _Edged(
        metrics,
        lifespan=lifespan,
        title="admissions",
        summary="Opptak til videreutdanninger i barnevern",
        description=_ABOUT,
        version=__version__,
        openapi_url=SPECIFICATION,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        middleware=_middleware(settings),
        max_body_size=BODY_BYTES,
    )
    app.state.stopping = lambda: False
    app.state.installation = installation
    handle_problems(app)
    answer_storage_faults(app)
    for router in (operations_router(metrics), catalogue_router(rulebooks), *_ROUTERS):
        app.include_router(router)
    serve_documentation(app)
    return app


def _middleware(settings: Settings) -> list[Middleware]:
    """What stands between the edge and the routes: other origins where they are allowed, ETags."""
    if not settings.cors_origins:
        return [Middleware(ETags)]
    others = Middleware(
        CORSMiddleware,
        allow_origins=settings.cors_origins,
        allow_methods=["*"],
        allow_headers=["Authorization", "Content-Type", "If-Match", "Idempotency-Key"],
        expose_headers=["ETag", "Location", "X-Request-ID"],
    )
    return [others, Middleware(ETags)]
