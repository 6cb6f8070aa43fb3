"""The FastAPI package over the engine; `create_app` makes the application."""

from admissions_api.app import create_app

__all__ = ["create_app"]
