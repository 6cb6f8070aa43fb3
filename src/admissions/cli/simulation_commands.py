"""The commands that draw many rounds: simulate and sensitivity."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from admissions.cli import options
from admissions.cli.language import say
from admissions.cli.opening import resolved_for
from admissions.model.errors import UsageError
from admissions.model.messages import message
from admissions.model.seeds import LARGEST_SEED

if TYPE_CHECKING:
    from admissions.model.round import Round
    from admissions.rulebooks.scenario import ResolvedScenario

INTERRUPTED = 130
"""The exit code after Ctrl-C, as shells count it."""

Draws = Annotated[
    int, typer.Option("--draws", min=1, max=1_000_000, help="How many rounds to draw.")
]
Seed = Annotated[
    int, typer.Option("--seed", min=0, max=LARGEST_SEED, help="The seed of people and lotteries.")
]
RoundOption = Annotated[
    Path | None,
    typer.Option("--round", metavar="ROUND", help="This round's own people, not synthetic ones."),
]
LeaveOut = Annotated[
    int,
    typer.Option(
        "--leave-out", min=0, max=99, metavar="PERCENT",
        help="Of a round: the chance of each of its people not to have applied.",
    ),
]  # fmt: skip
Workers = Annotated[
    int, typer.Option("--workers", min=1, max=1024, help="Processes on this machine.")
]
Scheduler = Annotated[
    str | None,
    typer.Option(
        "--scheduler", metavar="ADDRESS", help="A Dask scheduler that hands the draws to workers."
    ),
]
Resume = Annotated[
    bool, typer.Option("--resume", help="Continue where an interrupted run stopped.")
]
Joint = Annotated[
    int,
    typer.Option(
        "--joint", min=0, max=100_000, metavar="POINTS",
        help="Also all at once, in so many points of a Sobol design.",
    ),
]  # fmt: skip
DrawsOut = Annotated[
    Path | None,
    typer.Option(
        "--draws-out", metavar="FILE", help="Every draw too, as one long .parquet or .csv file."
    ),
]


def register(app: typer.Typer) -> None:
    """Adds the commands to ``app``."""
    app.command("simulate")(simulate)
    app.command("sensitivity")(sensitivity)


def simulate(
    scenario: Annotated[
        list[str],
        typer.Option(
            "--scenario", metavar="S", help="Again for each; the others are held against the first."
        ),
    ],
    draws: Draws,
    seed: Seed,
    out: options.OutPath,
    round: RoundOption = None,  # noqa: A002
    leave_out: LeaveOut = 0,
    workers: Workers = 1,
    scheduler: Scheduler = None,
    resume: Resume = False,
    draws_out: DrawsOut = None,
    public: options.Public = False,
    language: options.LanguageOption = "nb",
    overwrite: options.Overwrite = False,
    json: options.Json = False,
) -> None:
    """Draw many rounds, decide each under every scenario, and say what the rules did.

    Each scenario meets the same people, the same willingness and the same lottery. The effect of
    rules is told against the same mechanism, seats and offers.

    Example: admissions simulate --scenario current-2019 --scenario harmonised-2023 --draws 200
    --seed 1 --out simulated
    """
    from admissions.cli import render_simulation
    from admissions.front.simulation import simulation_job
    from admissions.results.files import refuse_to_replace, write_folder
    from admissions.results.simulation import SIGN, simulation_files
    from admissions.simulation.public import public_result

    refuse_to_replace(out.resolve(), out, overwrite=overwrite, sign=SIGN, unlike=round)
    if leave_out and round is None:
        raise UsageError(message("terminal.leave-out"))
    if draws_out is not None:
        _refuse_draws(draws_out, out, round, public=public, overwrite=overwrite)
    read, scenarios = _round_and_scenarios(round, scenario)
    job = simulation_job(scenarios, seed, read, left_out_percent=leave_out)
    store = job.store(out, draws, resume=resume, overwrite=overwrite)
    with _kept_when_stopped(out), store.kept(), _progress(draws) as told:
        result = job.run(store, workers=workers, scheduler=scheduler, told=told)
        shown = public_result(result) if public else result
        files = simulation_files(shown, language=language, models=job.models, public=public)
        write_folder(files, out, overwrite=overwrite, sign=SIGN, unlike=round)
        if draws_out is not None:
            job.write_draws(draws_out, store)
        store.remove()
    render_simulation.simulated(shown, out, json=json)


def _refuse_draws(
    path: Path, out: Path, round_: Path | None, *, public: bool, overwrite: bool
) -> None:
    """Raises UsageError where the draws of this run can not be written to ``path``."""
    from admissions.results.draws import refuse_draws_file

    if public and round_ is not None:
        raise UsageError(message("terminal.public-draws"))
    if path.resolve().is_relative_to(out.resolve()):
        raise UsageError(message("terminal.draws-inside", path=path, out=out))
    refuse_draws_file(path, overwrite=overwrite)


def sensitivity(
    scenario: Annotated[
        list[str],
        typer.Option("--scenario", metavar="S", help="One, or two: then what sets them apart."),
    ],
    draws: Draws,
    seed: Seed,
    out: options.OutPath,
    round: RoundOption = None,  # noqa: A002
    joint: Joint = 0,
    workers: Workers = 1,
    scheduler: Scheduler = None,
    resume: Resume = False,
    language: options.LanguageOption = "nb",
    overwrite: options.Overwrite = False,
    json: options.Json = False,
) -> None:
    """Vary every assumption within its stated range, one at a time, and say what it moves.

    Assumptions of the rules, the scenario, the synthetic population and the yield model. Of two
    scenarios: whether the second still differs from the first as it does. --joint varies all at
    once.

    Example: admissions sensitivity --scenario current-2019 --draws 50 --seed 1 --out sensitivity
    """
    from admissions.cli import render_simulation
    from admissions.front.sensitivity import sensitivity_job
    from admissions.results.files import refuse_to_replace, write_folder
    from admissions.results.sensitivity import SIGN

    refuse_to_replace(out.resolve(), out, overwrite=overwrite, sign=SIGN, unlike=round)
    read, scenarios = _round_and_scenarios(round, scenario)
    job = sensitivity_job(scenarios, seed, read, joint=joint)
    store = job.store(out, draws, resume=resume, overwrite=overwrite)
    with (
        _kept_when_stopped(out),
        store.kept(),
        _progress(draws) as told,
        _progress(joint) as told_points,
    ):
        found = job.run(
            store, workers=workers, scheduler=scheduler, told=told, told_points=told_points
        )
        write_folder(found.files(language), out, overwrite=overwrite, sign=SIGN, unlike=round)
        store.remove()
    render_simulation.moved(found.result, out, json=json)


def _round_and_scenarios(
    path: Path | None, names: list[str]
) -> tuple[Round | None, list[ResolvedScenario]]:
    from admissions.front.opening import read_round, resolved

    if path is None:
        return None, [resolved(name) for name in names]
    read = read_round(path)
    return read, [resolved_for(read, name) for name in names]


@contextmanager
def _kept_when_stopped(out: Path) -> Iterator[None]:
    """Says after Ctrl-C that what was drawn is kept, and how to go on."""
    try:
        yield
    except KeyboardInterrupt:
        typer.echo(
            say("stopped", out=out),
            err=True,
        )
        raise typer.Exit(INTERRUPTED) from None


@contextmanager
def _progress(draws: int) -> Iterator[Callable[[int], None]]:
    """A progress bar on a terminal's standard error; silence elsewhere."""
    if not sys.stderr.isatty():
        yield lambda done: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    columns = (say("draws"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(say("draws"), total=draws)
        yield lambda done: bar.update(task, completed=done)
