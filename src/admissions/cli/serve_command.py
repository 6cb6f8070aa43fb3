"""The commands of an installation: serve, token, invite, audit verify."""

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

Role = Literal["office", "coordinator", "analyst", "leader", "applicant", "auditor"]
LONGEST_HOURS = 24 * 366
LOOPBACK = ("127.0.0.1", "localhost", "::1")
API_NEEDS = (
    "alembic", "authlib", "fastapi", "fastapi_offline", "httpx", "joserfc", "limits", "openpyxl",
    "prometheus_client", "psycopg", "python_multipart", "sqlalchemy", "structlog", "uvicorn",
)  # fmt: skip
"""What ``admissions[api]`` brings beside the engine."""


def register(app: typer.Typer) -> typer.Typer:
    """Adds the commands to ``app``; returns the group of those of the chain."""
    app.command("serve")(serve)
    app.command("token")(token)
    app.command("invite")(invite)
    audit = typer.Typer(help="The chain of who did what.", no_args_is_help=True)
    audit.command("verify")(audit_verify)
    app.add_typer(audit, name="audit")
    return audit


def installation_settings() -> Settings:
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
    demo: Annotated[
        bool,
        typer.Option("--demo", help="Serve the shipped round to try, with a login for each role."),
    ] = False,
) -> None:
    """Serve the API and the pages, with database and key in admissions-data/ (or ADMISSIONS_HOME).

    Example: admissions serve --port 8000
    """
    settings = installation_settings()
    from admissions_pages.serving import serve_demo, serve_site

    if not demo:
        serve_site(settings, host, port)
        return
    if host not in LOOPBACK:
        from admissions.model.errors import UsageError

        raise UsageError(message("terminal.demo-elsewhere", host=host))
    ready = message("terminal.demo-ready", address=f"http://{host}:{port}/").in_(spoken())
    serve_demo(settings, host, port, lambda: typer.echo(ready))


Institution = Annotated[
    str | None, typer.Option("--institution", metavar="I", help="An office's institution.")
]
Service = Annotated[str | None, typer.Option("--service", metavar="S", help="A leader's service.")]
Person = Annotated[
    str | None, typer.Option("--person", metavar="P", help="An applicant's person_id.")
]


def token(
    role: Annotated[Role, typer.Option("--role", help="What the token may do.")],
    institution: Institution = None,
    service: Service = None,
    person: Person = None,
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

    settings = installation_settings()
    from admissions_api.commands import new_token

    scopes = {"institution": institution, "service": service, "person": person}
    made = new_token(settings, role, scopes, name, hours)
    if json:
        render.as_json({"token": made, "role": role, "hours": hours})
        return
    typer.echo(made)


def invite(
    role: Annotated[list[str], typer.Option("--role", help="A role; may be given again.")],
    email: Annotated[
        str, typer.Option("--email", help="Whose link it is, as the audit chain will say.")
    ],
    institution: Institution = None,
    service: Service = None,
    person: Person = None,
    hours: Annotated[
        int, typer.Option("--hours", min=1, max=LONGEST_HOURS, help="How long it is good.")
    ] = 72,
    address: Annotated[
        str, typer.Option("--address", metavar="URL", help="Where the pages are served.")
    ] = "http://127.0.0.1:8000",
    json: options.Json = False,
) -> None:
    """Print a link that signs one person in once; nothing is sent.

    Example: admissions invite --role leader --service S002 --email kari@example.no
    """
    from admissions.cli import render

    settings = installation_settings()
    from admissions_api.commands import new_invitation

    scopes = {"institution": institution, "service": service, "person": person}
    link = address.rstrip("/") + new_invitation(settings, role, scopes, email, hours)
    if json:
        render.as_json({"link": link, "roles": role, "email": email, "hours": hours})
        return
    typer.echo(link)


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
    settings = installation_settings()
    from admissions_api.commands import verified_audit

    found, text = verified_audit(settings, head, spoken(), json=json)
    typer.echo(text)
    if found.findings:
        raise typer.Exit(1)
