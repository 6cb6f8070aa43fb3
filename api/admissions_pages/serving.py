"""Serves the API and the pages in one application."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import FastAPI

from admissions_api.server import run_server
from admissions_api.settings import Settings
from admissions_pages.demo import demo_settings, fill
from admissions_pages.site import add_pages


def serve_site(settings: Settings, host: str, port: int) -> None:
    """Serves the installation of ``settings``."""
    run_server(settings, host, port, add_pages)


def serve_demo(settings: Settings, host: str, port: int, ready: Callable[[], None]) -> None:
    """Serves the shipped round with a login for each role; says so when it is ``ready``."""

    def beside(app: FastAPI) -> None:
        add_pages(app, demo=True)
        fill(app)
        ready()

    run_server(demo_settings(settings), host, port, beside)
