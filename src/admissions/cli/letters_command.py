"""The command that writes everybody's letters."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from admissions.cli import options


def register(app: typer.Typer) -> None:
    """Adds ``letters`` to ``app``."""
    app.command("letters")(letters)


def letters(
    place: Annotated[
        Path, typer.Argument(metavar="OUT|SEASON", help="A result folder, or a season's.")
    ],
    out: Annotated[Path, typer.Option("--out", metavar="LETTERS", help="The folder to write.")],
    contacts: Annotated[
        Path | None,
        typer.Option(
            "--contacts", metavar="FILE", help="Names, addresses, languages: contacts.csv."
        ),
    ] = None,
    person: Annotated[
        str | None,
        typer.Option("--person", metavar="P", help="This person's letter alone, to look at first."),
    ] = None,
    only: Annotated[
        Literal["changed"] | None,
        typer.Option("--only", help="Those alone for whom the last call changed something."),
    ] = None,
    template: Annotated[
        list[Path] | None,
        typer.Option(
            "--template", metavar="FILE", help="An institution's logo, colour and own paragraphs."
        ),
    ] = None,
    overwrite: options.Overwrite = False,
    json: options.Json = False,
) -> None:
    """Write everybody's letters as PDF, one file to print, and what dispatch and archive need.

    Each in the person's own language, under the institution that decided. Of a season: as it
    stands, and what has happened.

    Example: admissions letters result --out letters --contacts contacts.csv
    """
    from admissions.cli import progress, render
    from admissions.cli.language import spoken
    from admissions.letters.binding import PRINT
    from admissions.letters.sending import DISPATCH
    from admissions.letters.writing import write_letters
    from admissions.model.messages import message

    made = write_letters(
        place,
        out,
        contacts=contacts,
        templates=template or (),
        person=person,
        changed_alone=only == "changed",
        overwrite=overwrite,
        counted=progress.making,
    )
    count, without = len(made.receipts), made.without_address
    if json:
        render.as_json({"out": str(out), "letters": count, "without_address": without,
                        "dispatch": str(out / DISPATCH)})  # fmt: skip
        return
    said = (
        message("letters.made", count=count, without=without, out=out, bound=PRINT)
        if count
        else message("letters.none-changed")
    )
    typer.echo(said.in_(spoken()))
