"""The command line: parse, call one function, render. Heavy imports wait until they are used."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Annotated

import typer

from admissions.cli import (
    catalogue_commands,
    compare_command,
    explore_command,
    frontier_command,
    grants_command,
    keeping_commands,
    language,
    letters_command,
    merge_command,
    round_commands,
    season_commands,
    serve_command,
    simulation_commands,
)
from admissions.cli.simulation_commands import INTERRUPTED
from admissions.model.errors import AdmissionsError, system_fault
from admissions.model.messages import Message, message
from admissions.model.version import __version__

INTERNAL_FAULT = 70

app = typer.Typer(
    name="admissions",
    help="Ranks applicants and allocates places in further education for child-welfare workers.",
    epilog="Begin with: admissions demo",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
round_commands.register(app)
merge_command.register(app)
letters_command.register(app)
season_commands.register(app)
compare_command.register(app)
frontier_command.register(app)
grants_command.register(app)
simulation_commands.register(app)
explore_command.register(app)
catalogue_commands.register(app)
keeping_commands.register(app, serve_command.register(app))


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"admissions {__version__}")
        raise typer.Exit


def _use_rules(folder: Path | None) -> None:
    if folder is not None:
        from admissions.rulebooks.known import use_rules

        use_rules(folder)


_Rules = Annotated[
    Path | None,
    typer.Option(
        "--rules",
        metavar="DIR",
        callback=_use_rules,
        is_eager=True,
        help="A folder of rulebooks of one's own, known beside the shipped ones.",
    ),
]


@app.callback()
def _root(
    version: bool = typer.Option(
        False, "--version", callback=_print_version, is_eager=True, help="Show the version."
    ),
    rules: _Rules = None,
) -> None:
    pass


def main() -> None:
    """Runs the command line; every error becomes a message and the contract's exit code."""
    shown_in = language.windows_locale()
    language.speak(language.language_of(sys.argv[1:], os.environ, shown_in))
    signal.signal(signal.SIGTERM, _stop)
    try:
        _run()
    except AdmissionsError as error:
        _fail(error.in_(language.spoken()), error.exit_code)
    except OSError as error:
        name, why = str(error.filename or "admissions"), system_fault(error)
        if isinstance(error, FileNotFoundError | IsADirectoryError | NotADirectoryError):
            said = message("terminal.not-there", name=name, why=why)
        else:
            said = message("terminal.system", name=name, why=why)
        _fail(said, AdmissionsError.exit_code)
    except MemoryError:
        _fail(message("terminal.no-memory"), AdmissionsError.exit_code)
    except Exception as error:  # noqa: BLE001 - the last edge: no traceback reaches a user
        if _interrupted(error):
            sys.exit(INTERRUPTED)
        _show_traceback()
        kind = type(error).__name__
        _fail(message("terminal.fault", kind=kind, said=str(error)), INTERNAL_FAULT)


def _run() -> None:
    """Runs the command that the arguments name; ends with its exit code."""
    from admissions.cli.spoken_help import UsageFault, show_usage_fault, spoken_app
    from admissions.rulebooks import known

    spoken = language.spoken()
    known.use_rules(None)
    try:
        code = spoken_app(app, spoken).main(standalone_mode=False)
    except UsageFault as error:
        show_usage_fault(error, spoken)
        sys.exit(error.exit_code)
    except typer.Abort:
        sys.exit(1)
    sys.exit(code if isinstance(code, int) else 0)


def _interrupted(error: BaseException | None) -> bool:
    """Whether Ctrl-C is behind ``error``: a library being loaded makes another one of it."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__cause__ or error.__context__
    return error is not None


def _show_traceback() -> None:
    """Of the exception that is being handled, for whoever mends the program and asks for it."""
    if os.environ.get("ADMISSIONS_DEBUG") == "1":
        import traceback

        traceback.print_exc()


def _stop(number: int, _frame: object) -> None:
    """Ends the program by an exception, so that what is half written is taken away."""
    sys.exit(128 + number)


def _fail(said: Message | str, code: int) -> None:
    """Says what went wrong, in the terminal's language and fit for any terminal, and ends."""
    line = message("terminal.error", said=said).in_(language.spoken())
    sys.stderr.write(line + "\n")
    sys.exit(code)
