"""The command that serves the API."""

from __future__ import annotations

from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Adds the command to ``app``."""
    app.command("serve")(serve)


def serve(
    host: Annotated[str, typer.Option("--host", help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="The port.")] = 8000,
) -> None:
    """Serve rules and scenarios over HTTP; no person's data.

    Example: admissions serve --port 8000
    """
    import uvicorn

    from admissions_api import create_app

    uvicorn.run(create_app(), host=host, port=port, server_header=False)
