"""Arguments and options that several commands share."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Annotated, Literal

import typer

from admissions.model.errors import UsageError
from admissions.model.messages import message
from admissions.model.seeds import LARGEST_SEED
from admissions.model.vocabulary import Language

RoundPath = Annotated[Path, typer.Argument(metavar="ROUND", help="A round: a folder or an .xlsx.")]
ResultPath = Annotated[Path, typer.Argument(metavar="OUT", help="A result folder.")]
ResultOrSeasonPath = Annotated[
    Path, typer.Argument(metavar="OUT", help="A result folder, or a season's.")
]
OutPath = Annotated[Path, typer.Option("--out", metavar="OUT", help="Where to write.")]
ScenarioName = Annotated[
    str, typer.Option("--scenario", metavar="S", help="A shipped scenario's id, or a TOML file.")
]
LanguageOption = Annotated[Language, typer.Option("--language", help="The language of the words.")]
TerminalLanguage = Annotated[
    Language | None, typer.Option("--language", help="The language of the words.")
]
"""As ``LanguageOption``, where what the terminal speaks is meant unless another is named."""

DateOption = Annotated[
    str | None,
    typer.Option("--date", metavar="DATE", help="The rules of this day: 2019-08-01."),
]
Solver = Literal["cp-sat", "deferred-acceptance"]
SolverOption = Annotated[
    Solver | None,
    typer.Option("--solver", help="Only this solver. Default: CP-SAT, checked by the other."),
]
SeedOption = Annotated[
    int | None,
    typer.Option("--seed", min=0, max=LARGEST_SEED, help="The lottery's seed [the scenario's]."),
]
TIME_LIMIT_SECONDS = 600.0
TimeLimit = Annotated[
    float,
    typer.Option(
        "--time-limit", min=0, metavar="SECONDS", help="CP-SAT gives up, proving nothing, after it."
    ),
]
Overwrite = Annotated[
    bool, typer.Option("--overwrite", help="Replace the result folder if it exists.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for a program to read.")]


_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")


def day(text: str | None) -> dt.date | None:
    """The day that an option states, as 2019-08-01 or 1.8.2019. Raises UsageError for none."""
    if text is None:
        return None
    dotted = _DOTTED.fullmatch(text)
    try:
        if dotted is not None:
            return dt.date(*(int(part) for part in reversed(dotted.groups())))
        return dt.date.fromisoformat(text)
    except ValueError:
        raise UsageError(message("terminal.no-date", text=text)) from None


ScenarioNames = Annotated[
    list[str],
    typer.Option(
        "--scenario", metavar="S", help="A shipped scenario's id, or a TOML file; the base first."
    ),
]
Public = Annotated[
    bool,
    typer.Option("--public", help="Fit to leave the office: small counts hidden, nobody's rows."),
]
PublicReport = Annotated[
    bool,
    typer.Option(
        "--public", help="Add report-public.html, fit to leave the office: small counts hidden."
    ),
]
Published = Annotated[
    list[Path] | None,
    typer.Option(
        "--published",
        metavar="EARLIER",
        help="A folder that was published of the same round before: what it shows is reckoned "
        "with.",
    ),
]
