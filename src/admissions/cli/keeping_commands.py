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


def register(app: typer.Typer) -> None:
    """Adds the commands to ``app``."""
    app.command("backup")(backup)
    app.command("restore")(restore)
    app.command("erase")(erase)
    app.command("export")(export)


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
        typer.echo("\n".join([said, *(f"  {finding}" for finding in found.findings)]))
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
