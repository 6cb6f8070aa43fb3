"""The commands that keep an installation for years: backup, restore, erase, export."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from admissions.cli import options, render
from admissions.cli.language import spoken
from admissions.cli.serve_command import installation_settings

if TYPE_CHECKING:
    from admissions_api.store.audit import Verified

File = Annotated[Path, typer.Argument(metavar="FILE", help="The backup, a file.")]
By = Annotated[
    str | None, typer.Option("--by", metavar="NAME", help="Who does it, as the chain will say.")
]


def register(app: typer.Typer, audit: typer.Typer) -> None:
    """Adds the commands to ``app``, and those of time stamps to ``audit``."""
    audit.command("stamp-request")(stamp_request)
    audit.command("stamp")(stamp)
    app.command("backup")(backup)
    app.command("restore")(restore)
    app.command("erase")(erase)
    app.command("export")(export)
    app.command("revoke")(revoke)


def backup(file: File, json: options.Json = False) -> None:
    """Write database and token key of an installation to one file, also while it is served.

    Example: admissions backup admissions-2026-11-28.backup
    """
    settings = installation_settings()
    from admissions_api.keeping.commands import back_up

    found, said = back_up(settings, file)
    _tell(found, said.in_(spoken()), json=json)


def restore(file: File, json: options.Json = False) -> None:
    """Fill an empty installation from a backup, and verify its chain.

    Example: ADMISSIONS_HOME=restored admissions restore admissions-2026-11-28.backup
    """
    settings = installation_settings()
    from admissions_api.keeping import commands

    found, said = commands.restore(settings, file)
    _tell(found, said.in_(spoken()), json=json)


def _tell(found: Verified, said: str, *, json: bool) -> None:
    """Tells what a chain says of itself; one with findings ends with code 1."""
    if json:
        render.as_json(
            {"entries": found.entries, "head": found.head, "findings": list(found.findings)}
        )
    else:
        from admissions.verification.property import in_words

        told = (f"  {in_words(finding, spoken())}" for finding in found.findings)
        typer.echo("\n".join([said, *told]))
    if found.findings:
        raise typer.Exit(1)


def erase(
    reason: Annotated[
        str, typer.Option("--reason", metavar="WHY", help="Why, without anybody's name.")
    ],
    person: Annotated[
        str | None, typer.Option("--person", metavar="P", help="Whose data to erase: a person_id.")
    ] = None,
    round: Annotated[  # noqa: A002 - the domain's word
        str | None, typer.Option("--round", metavar="R", help="A round, all of its persons.")
    ] = None,
    by: By = None,
    json: options.Json = False,
) -> None:
    """Erase a person, or all persons of a round, from an installation; the chain says that it was.

    Example: admissions erase --person P0185 --reason "asked for on 2026-11-20"
    """
    settings = installation_settings()
    from admissions_api.keeping import commands

    said, values = commands.erase(settings, person, round, reason, by)
    if json:
        render.as_json(values)
        return
    typer.echo(said.in_(spoken()))


def export(
    person: Annotated[
        str, typer.Option("--person", metavar="P", help="Whose data to copy: a person_id.")
    ],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The zip to write.")],
    json: options.Json = False,
) -> None:
    """Write all that an installation has stored of a person, for them.

    Example: admissions export --person P0185 --out P0185.zip
    """
    settings = installation_settings()
    from admissions_api.keeping.commands import export_person

    said, values = export_person(settings, person, out)
    if json:
        render.as_json(values)
        return
    typer.echo(said.in_(spoken()))


def stamp_request(
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The request to write.")],
) -> None:
    """Write a request for a time stamp (RFC 3161) of the chain's head, to send to a third party.

    Example: admissions audit stamp-request --out head.tsq
    """
    settings = installation_settings()
    from admissions_api.keeping.commands import request_stamp

    typer.echo(request_stamp(settings, out).in_(spoken()))


def stamp(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The answer of the third party.")],
    root: Annotated[
        Path | None, typer.Option("--root", metavar="PEM", help="The certificate to trust.")
    ] = None,
    by: By = None,
) -> None:
    """Keep a time stamp of the chain: say which entry it is of, and when that was there.

    Example: admissions audit stamp head.tsr --root authority.pem
    """
    settings = installation_settings()
    from admissions_api.keeping.commands import keep_stamp

    typer.echo(keep_stamp(settings, file, root, by).in_(spoken()))


def revoke(
    token: Annotated[str, typer.Argument(metavar="TOKEN", help="The token, as it was printed.")],
    by: By = None,
) -> None:
    """Revoke one token of this installation, before its time; a running server soon refuses it.

    Example: admissions revoke "$(cat leader.token)"
    """
    settings = installation_settings()
    from admissions_api.keeping.commands import revoke_token

    typer.echo(revoke_token(settings, token, by).in_(spoken()))
