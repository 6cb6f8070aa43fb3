"""The commands of an installation that serves the API: serve, token, audit verify."""

from __future__ import annotations

import os
from importlib.util import find_spec
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from admissions.cli import options
from admissions.cli.language import spoken
from admissions.model.messages import message

if TYPE_CHECKING:
    from admissions_api.settings import Settings

Role = Literal["office", "coordinator", "analyst", "leader"]
LONGEST_HOURS = 24 * 366
API_NEEDS = (
    "alembic", "fastapi", "fastapi_offline", "joserfc", "limits", "prometheus_client", "psycopg",
    "sqlalchemy", "structlog", "uvicorn",
)  # fmt: skip
"""What ``admissions[api]`` brings beside the engine."""


def register(app: typer.Typer) -> None:
    """Adds the commands to ``app``."""
    app.command("serve")(serve)
    app.command("token")(token)
    audit = typer.Typer(help="The chain of who did what.", no_args_is_help=True)
    audit.command("verify")(audit_verify)
    app.add_typer(audit, name="audit")


def _settings() -> Settings:
    """The installation's settings. Raises UsageError where only the engine is installed."""
    missing = [name for name in API_NEEDS if find_spec(name) is None]
    if missing:
        from admissions.model.errors import UsageError

        raise UsageError(message("terminal.no-api", missing=missing[0]))
    from admissions_api.settings import settings_from

    return settings_from(os.environ)


def serve(
    host: Annotated[str, typer.Option("--host", help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="The port.")] = 8000,
) -> None:
    """Serve the API, with its database and key in admissions-data/ (or ADMISSIONS_HOME).

    Example: admissions serve --port 8000
    """
    settings = _settings()
    from admissions_api.server import run_server

    run_server(settings, host, port)


def token(
    role: Annotated[Role, typer.Option("--role", help="What the token may do.")],
    institution: Annotated[
        str | None, typer.Option("--institution", metavar="I", help="An office's institution.")
    ] = None,
    service: Annotated[
        str | None, typer.Option("--service", metavar="S", help="A leader's service.")
    ] = None,
    name: Annotated[
        str | None, typer.Option("--name", help="Who it is for, as the audit chain will say.")
    ] = None,
    hours: Annotated[
        int, typer.Option("--hours", min=1, max=LONGEST_HOURS, help="How long it is good.")
    ] = 12,
    json: options.Json = False,
) -> None:
    """Print a token for the API of this installation.

    Example: admissions token --role office --institution uis
    """
    from admissions.cli import render

    settings = _settings()
    from admissions_api.commands import new_token

    made = new_token(settings, role, institution, service, name, hours)
    if json:
        render.as_json({"token": made, "role": role, "hours": hours})
        return
    typer.echo(made)


def audit_verify(
    head: Annotated[
        str | None,
        typer.Option(
            "--head", metavar="HASH", help="A hash noted earlier: it must still be there."
        ),
    ] = None,
    json: options.Json = False,
) -> None:
    """Check that nothing in the audit chain or in what it names was changed.

    Example: admissions audit verify
    """
    settings = _settings()
    from admissions_api.commands import verified_audit

    found, text = verified_audit(settings, head, spoken(), json=json)
    typer.echo(text)
    if found.findings:
        raise typer.Exit(1)
