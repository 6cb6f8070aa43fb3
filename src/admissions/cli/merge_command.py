"""The command that makes one round of several offices' parts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from admissions.cli import options
from admissions.cli.language import say, spoken
from admissions.model.messages import message

Register = Annotated[
    Path | None,
    typer.Option(
        "--register", metavar="FILE", help="The services that count, in place of the parts'."
    ),
]
OwnWishes = Annotated[
    Path | None, typer.Option("--wishes", metavar="FILE", help="The applicants' own wishes.")
]


def register(app: typer.Typer) -> None:
    """Adds the command to ``app``."""
    app.command("merge")(merge)


def merge(
    parts: Annotated[
        list[Path],
        typer.Argument(metavar="PART...", help="Offices' rounds: folders or workbooks."),
    ],
    out: Annotated[Path, typer.Option("--out", metavar="ROUND", help="The folder to write.")],
    services: Register = None,
    wishes: OwnWishes = None,
    overwrite: options.Overwrite = False,
    json: options.Json = False,
) -> None:
    """Make one round of offices' parts; what differs is listed.

    What each office assessed counts for its own offerings. What must agree and does not is an
    error, all of it at once; then nothing is written.

    Example: admissions merge uis.xlsx vid.xlsx --out whole-round
    """
    from admissions.cli import render
    from admissions.front.merging import merge as merged
    from admissions.intake.writing import round_texts
    from admissions.model.errors import UsageError
    from admissions.results.files import write_folder

    if any(out.resolve() == part.resolve() for part in parts):
        raise UsageError(message("merging.into-itself", out=out))
    made = merged(parts, register=services, wishes=wishes)
    files = {name: text.encode() for name, text in round_texts(made.round).items()}
    write_folder(files, out, overwrite=overwrite, sign="applicants.csv")
    counts = {
        "parts": len(parts),
        "applicants": len(made.round.applicants),
        "applications": len(made.round.applications),
    }
    if json:
        told = [
            {"person_id": one.person, "column": one.column, "parts": list(one.by)}
            for one in made.assessed
        ]
        render.as_json({"out": str(out), **counts, "assessed": told})
        return
    for one in made.assessed:
        said = message("merging.assessed", person=one.person, column=one.column, by=one.by)
        typer.echo(said.in_(spoken()))
    typer.echo(say("merged", out=out, **counts))
