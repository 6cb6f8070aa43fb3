"""The command that shows what spread costs in ranking."""

from __future__ import annotations

import typer

from admissions.cli import options
from admissions.cli.opening import resolved_for


def register(app: typer.Typer) -> None:
    """Adds ``frontier`` to ``app``."""
    app.command("frontier")(frontier)


def frontier(
    round: options.RoundPath,  # noqa: A002
    scenario: options.ScenarioName,
    out: options.OutPath,
    time_limit: options.TimeLimit = options.TIME_LIMIT_SECONDS,
    language: options.LanguageOption = "nb",
    overwrite: options.Overwrite = False,
    json: options.Json = False,
) -> None:
    """Show what each municipality more costs in ranking: a proven table and a picture.

    Example: admissions frontier my-round --scenario coordinated-2019 --out merit-and-spread
    """
    from admissions.cli import progress, render_comparison
    from admissions.front.frontier import frontier as found_frontier
    from admissions.front.opening import read_round
    from admissions.results.files import refuse_to_replace, write_folder
    from admissions.results.frontier import SIGN

    refuse_to_replace(out.resolve(), out, overwrite=overwrite, sign=SIGN, unlike=round)
    read = read_round(round)
    resolved = resolved_for(read, scenario)
    with progress.watching() as watch:
        made = found_frontier(read, resolved, seconds=time_limit, watch=watch)
    write_folder(made.files(language), out, overwrite=overwrite, sign=SIGN, unlike=round)
    render_comparison.frontier(made.found, out, json=json)
