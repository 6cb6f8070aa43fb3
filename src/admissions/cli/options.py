"""Arguments and options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from admissions.vocabulary import Language

RoundPath = Annotated[Path, typer.Argument(metavar="ROUND", help="A round: a folder or an .xlsx.")]
ResultPath = Annotated[Path, typer.Argument(metavar="OUT", help="A result folder.")]
OutPath = Annotated[Path, typer.Option("--out", metavar="OUT", help="Where to write.")]
ScenarioName = Annotated[
    str, typer.Option("--scenario", metavar="S", help="A shipped scenario's id, or a TOML file.")
]
LanguageOption = Annotated[Language, typer.Option("--language", help="The language of the words.")]
Solver = Literal["cp-sat", "deferred-acceptance"]
SolverOption = Annotated[
    Solver | None,
    typer.Option("--solver", help="Only this solver. Default: CP-SAT, checked by the other."),
]
Overwrite = Annotated[
    bool, typer.Option("--overwrite", help="Replace the result folder if it exists.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for a program to read.")]
