"""The command that holds scenarios against each other on one round."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from admissions.cli import options
from admissions.cli.opening import resolved_for
from admissions.model.errors import UsageError
from admissions.model.messages import message


def register(app: typer.Typer) -> None:
    """Adds ``compare`` to ``app``."""
    app.command("compare")(compare)


def compare(
    round: options.RoundPath,  # noqa: A002
    scenario: options.ScenarioNames,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="OUT", help="Where to write the report.")
    ] = None,
    person: Annotated[
        str | None,
        typer.Option("--person", metavar="P", help="Show this person's rows; write nothing."),
    ] = None,
    public: options.Public = False,
    published: options.Published = None,
    language: options.LanguageOption = "nb",
    overwrite: options.Overwrite = False,
    json: options.Json = False,
) -> None:
    """Compare one round under a base scenario and others: who gets a seat, and why.

    Example: admissions compare my-round --scenario current-2019 --scenario harmonised-2023 --out
    comparison
    """
    from json import loads

    from admissions.cli import render_comparison
    from admissions.comparison.person import compared_person
    from admissions.front.comparison import compare as compared
    from admissions.front.opening import read_round
    from admissions.results.comparison import SIGN
    from admissions.results.files import refuse_to_replace, write_folder

    if (out is None) == (person is None):
        raise UsageError(message("terminal.out-or-person"))
    if published and not public:
        raise UsageError(message("terminal.published-not-public"))
    if person is not None and public:
        raise UsageError(message("terminal.person-not-public"))
    if out is not None:
        refuse_to_replace(out.resolve(), out, overwrite=overwrite, sign=SIGN, unlike=round)
    found = read_round(round)
    comparison = compared(found, [resolved_for(found, name) for name in scenario])
    if person is not None:
        render_comparison.person_compared(compared_person(comparison.compared, person), json=json)
    elif out is not None:
        files = comparison.files(language, public=public, published=published or ())
        write_folder(files, out, overwrite=overwrite, sign=SIGN, unlike=round)
        render_comparison.compared(loads((out / SIGN).read_bytes()), out, json=json)
