"""What surrounds every request: its id, headers, a log line, and metrics; no person's data."""

from __future__ import annotations

import logging
import re
import sys
import traceback
import uuid
from collections.abc import MutableMapping
from http import HTTPMethod, HTTPStatus
from pathlib import Path
from time import perf_counter
from typing import Any

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from admissions_api.problems import ProblemError, answer, fault, too_large

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_METHODS = frozenset(HTTPMethod)
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
DOCUMENTATION = "/docs"
_SHOWN_PLACES = 6
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}


class Metrics:
    """The counters of one application, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "admissions_requests", "Requests answered.", ("method", "route", "status"),
            registry=self.registry,
        )  # fmt: skip
        self.seconds = Histogram(
            "admissions_request_seconds", "How long an answer took.", ("method", "route"),
            buckets=_BUCKETS, registry=self.registry,
        )  # fmt: skip
        self.running = Gauge(
            "admissions_requests_running", "Requests being answered.", registry=self.registry
        )


def log_as_json(level: int = logging.INFO) -> None:
    """One JSON object a line on standard error, each with the time and the request's id."""
    logging.basicConfig(handlers=[_ThroughStructlog()], level=logging.WARNING, force=True)
    logging.getLogger("uvicorn").setLevel(level)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
    )


def fault_of(error: BaseException) -> dict[str, Any]:
    """What a log says of a fault: its kind and where; its message and values may be a person's."""
    places = traceback.extract_tb(error.__traceback__)[-_SHOWN_PLACES:]
    return {
        "fault": type(error).__name__,
        "at": [f"{Path(place.filename).name}:{place.lineno} {place.name}" for place in places],
    }


class _ThroughStructlog(logging.Handler):
    """Lines of other packages (uvicorn's) as JSON too, without the values in a traceback."""

    def emit(self, record: logging.LogRecord) -> None:
        """Logs one line."""
        error = record.exc_info[1] if record.exc_info else None
        shown = fault_of(error) if error is not None else {}
        structlog.get_logger(record.name).log(record.levelno, record.getMessage(), **shown)


class Edge:
    """ASGI middleware around all else. Logs name the route, never the path: it names persons."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics
        self._log = structlog.get_logger("admissions")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if _REQUEST_ID.fullmatch(given) else str(uuid.uuid4())
        structlog.contextvars.bind_contextvars(request_id=request_id)
        status: int | None = None
        replaced = False
        began = perf_counter()
        self._metrics.running.inc()

        async def marked(message: Message) -> None:
            nonlocal status, replaced
            if replaced:
                return
            problem = _problem_for(message)
            if problem is not None:
                await answer(problem, scope["path"])(scope, receive, marked)
                replaced = True
                return
            if message["type"] == "http.response.start":
                status = message["status"]
                _mark(message, scope["path"], request_id)
            await send(message)

        try:
            await self._app(scope, receive, marked)
        except Exception as error:  # noqa: BLE001 - the last edge: a fault's values reach no log
            self._log.error("fault", **fault_of(error))
        finally:
            self._metrics.running.dec()
            self._count(scope, status or 500, perf_counter() - began)
            structlog.contextvars.unbind_contextvars("request_id")

    def _count(self, scope: MutableMapping[str, Any], status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "none")
        method = scope["method"] if route != "none" and scope["method"] in _METHODS else "ANY"
        self._metrics.requests.labels(method, route, str(status)).inc()
        self._metrics.seconds.labels(method, route).observe(seconds)
        self._log.info(
            "answered",
            method=method,
            route=route,
            status=status,
            milliseconds=round(seconds * 1000, 1),
            role=scope.get("state", {}).get("role"),
            institution=scope.get("state", {}).get("institution"),
        )


_IN_PLACE_OF = {
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: too_large,
    HTTPStatus.INTERNAL_SERVER_ERROR: fault,
}


def _problem_for(message: Message) -> ProblemError | None:
    """The problem to send in place of a plain text that the framework answers by itself."""
    if message["type"] != "http.response.start":
        return None
    kind = Headers(raw=message["headers"]).get("content-type", "")
    made = _IN_PLACE_OF.get(message["status"])
    return made() if made is not None and kind.startswith("text/plain") else None


def _mark(message: Message, path: str, request_id: str) -> None:
    headers = MutableHeaders(scope=message)
    headers["X-Request-ID"] = request_id
    for name, value in _HEADERS.items():
        headers.setdefault(name, value)
    if path.startswith("/v1/"):
        headers.setdefault("Cache-Control", "no-store")
