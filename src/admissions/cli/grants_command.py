"""The command that fills the grants' budget from a season's seats."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from admissions.cli import options
from admissions.cli.language import say, spoken
from admissions.cli.season_commands import SeasonPath


def register(app: typer.Typer) -> None:
    """Adds ``grants`` to ``app``."""
    app.command("grants")(grants)


def grants(
    season: SeasonPath,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The workbook to write.")],
    rulebook: Annotated[
        str, typer.Option("--rulebook", metavar="G", help="A shipped grants rulebook, or a file.")
    ] = "grants-2019",
    asked: Annotated[
        Path | None,
        typer.Option("--asked", metavar="FILE", help="What employers ask for, a CSV file [all]."),
    ] = None,
    language: options.LanguageOption = "nb",
    overwrite: options.Overwrite = False,
    json: options.Json = False,
) -> None:
    """Fill the grants' budget from the offers held in a season: who is granted, refused, next.

    Example: admissions grants season --out grants.xlsx
    """
    from admissions.cli.render import as_json, notes
    from admissions.grants.rulebook import load_grants
    from admissions.intake.findings import Findings
    from admissions.intake.grant_requests import read_requests
    from admissions.report.words import Words
    from admissions.results.grants import made_grants, write_grants
    from admissions.results.season import read_season

    findings = Findings()
    rows = None if asked is None else read_requests(asked, findings)
    if asked is not None:
        findings.stop_if_any(asked.name)
    notes(findings.notes, err=True)
    found = made_grants(read_season(season), load_grants(rulebook), rows)
    write_grants(found, out, language, overwrite=overwrite)
    if json:
        as_json(found.table())
        return
    book, counts, number = found.book, found.counts, Words(spoken()).number
    rules = book.rulebook
    typer.echo(
        say(
            "grants.filled", rulebook=rules.id, granted=counts["granted"],
            amount=number(book.granted), budget=number(rules.budget.value), left=number(book.left),
        )
    )  # fmt: skip
    typer.echo(
        say(
            "grants.others", refused=counts["refused"], withdrawn=counts["withdrawn"],
            waiting=counts["next"], out=str(out),
        )
    )  # fmt: skip
