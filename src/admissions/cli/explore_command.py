"""The command that tries every point of a grid of parameters."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from admissions.cli import options


def register(app: typer.Typer) -> None:
    """Adds ``explore`` to ``app``."""
    app.command("explore")(explore)


def explore(
    grid: Annotated[
        Path, typer.Argument(metavar="GRID.toml", help="Parameters, their values, and measures.")
    ],
    out: options.OutPath,
    language: options.LanguageOption = "nb",
    overwrite: options.Overwrite = False,
    json: options.Json = False,
) -> None:
    """Try every point of a grid of parameters on the same draws, and mark the best.

    Example: admissions explore shares.toml --out explored
    """
    from admissions.cli import render_simulation
    from admissions.front.exploring import explore as explored
    from admissions.results.exploring import SIGN, exploring_files
    from admissions.results.files import refuse_to_replace, write_folder

    refuse_to_replace(out.resolve(), out, overwrite=overwrite, sign=SIGN, unlike=grid)
    found = explored(grid)
    files = exploring_files(found, language=language)
    write_folder(files, out, overwrite=overwrite, sign=SIGN, unlike=grid)
    render_simulation.explored(found, out, json=json)
