"""Runs the application under uvicorn, with a clean stop."""

from __future__ import annotations

import signal
from collections.abc import Callable

import uvicorn
from fastapi import FastAPI

from admissions_api.app import create_app
from admissions_api.edge import log_as_json
from admissions_api.settings import Settings

GRACE_SECONDS = 30
"""So long a stop waits for requests that are running."""


def run_server(settings: Settings, host: str, port: int, beside: Callable[[FastAPI], None]) -> None:
    """Serves until SIGTERM or SIGINT; running requests finish first.

    ``beside`` puts into the application what stands beside the API: the pages.
    """
    log_as_json()
    app = create_app(settings)
    beside(app)
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        server_header=False,
        access_log=False,
        log_config=None,
        root_path=settings.root_path,
        forwarded_allow_ips=settings.forwarded_from,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    server = uvicorn.Server(config)
    app.state.stopping = lambda: server.should_exit
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    server.run()
