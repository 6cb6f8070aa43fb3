"""For whoever runs the service: is it up, is it ready, how is it doing."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel

from admissions.model.version import __version__
from admissions_api.access import Installed
from admissions_api.edge import Metrics
from admissions_api.problems import ProblemError
from admissions_api.storage_faults import fault_now
from admissions_api.turns import Turns


class Health(BaseModel):
    """That the service answers, and which version it is."""

    status: Literal["ok"] = "ok"
    version: str


class Ready(BaseModel):
    """That the service can work: its database answers."""

    status: Literal["ready"] = "ready"


def operations_router(metrics: Metrics) -> APIRouter:
    """``/health``, ``/ready`` and ``/metrics``."""
    router = APIRouter(tags=["operations"])
    asking = Turns(2, "others ask whether the service is ready")

    @router.get("/health")
    async def health() -> Health:
        """Whether the service answers; it waits for nothing, whatever others ask."""
        return Health(version=__version__)

    @router.get("/ready")
    async def ready(installation: Installed) -> Ready:
        """Whether the service can work: its database can be written, and its disk has room."""
        fault = await asking.run(fault_now, installation.store, installation.settings.home)
        if fault is not None:
            headers = {"Retry-After": "5"}
            raise ProblemError(503, fault.says, fault.advice, headers=headers)
        return Ready()

    @router.get(
        "/metrics",
        response_class=PlainTextResponse,
        responses={
            200: {"content": {"text/plain": {"example": "admissions_requests_running 1.0"}}}
        },
    )
    async def shown_metrics() -> Response:
        """Counters for Prometheus; they name routes, never persons."""
        return Response(generate_latest(metrics.registry), media_type=CONTENT_TYPE_LATEST)

    return router
