"""Commands on a round and on a result folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from admissions.cli import options
from admissions.cli.checking_commands import commit, keygen, verify
from admissions.cli.language import say, spoken
from admissions.cli.opening import resolved_for
from admissions.model.messages import message
from admissions.model.seeds import LARGEST_SEED
from admissions.model.vocabulary import Language

if TYPE_CHECKING:
    from admissions.model.round import Round
    from admissions.rulebooks.scenario import ResolvedScenario

DEMO_SCENARIO = "coordinated-2019"
PLAIN_SCENARIO = "current-2019"
"""Changes no rulebook; ``check`` reads the rules of a day through it."""


def register(app: typer.Typer) -> None:
    """Adds the commands to ``app`` in the order of the contract."""
    for name, command in (
        ("demo", demo),
        ("check", check),
        ("rank", rank),
        ("allocate", allocate),
        ("verify", verify),
        ("commit", commit),
        ("explain", explain),
        ("pool", pool),
        ("template", template),
        ("keygen", keygen),
    ):
        app.command(name)(command)


def demo(
    out: options.OutPath = Path("admissions-demo"),
    language: options.TerminalLanguage = None,
    json: options.Json = False,
) -> None:
    """Allocate, verify and report the shipped 2019 round (synthetic people).

    Example: admissions demo --out admissions-demo
    """
    from admissions.model.errors import UsageError
    from admissions.model.resources import shipped

    round_path = shipped("scenarios") / "rounds" / "2019"
    own = out / "round" / "round.toml"
    if out.exists() and not (
        own.is_file() and own.read_bytes() == (round_path / "round.toml").read_bytes()
    ):
        raise UsageError(message("terminal.no-demo", out=out))
    _allocate(
        round_path, DEMO_SCENARIO, out, language=language or spoken(), overwrite=True, json=json
    )


def check(round: options.RoundPath, json: options.Json = False) -> None:  # noqa: A002
    """Read a round and report every error; nothing is written.

    Says of each offering how many would qualify, and what stops the others, by the rulebooks of
    the round's day.

    Example: admissions check my-round
    """
    from admissions.cli import render
    from admissions.intake import read_round
    from admissions.model.errors import InputError
    from admissions.ranking.qualification import qualification
    from admissions.rulebooks.known import known_offerings

    try:
        read = read_round(round, offerings=known_offerings(), contacts=True)
    except InputError as error:
        if not json:
            raise
        render.round_refused(error)
        raise typer.Exit(error.exit_code) from None
    rules = _plain_rules(read)
    render.round_checked(read, rules, qualification(read, rules), json=json)


def _plain_rules(round_: Round) -> ResolvedScenario:
    """The rulebooks on the round's day: rules_on, or 1 August of its year, or that of 2019."""
    import datetime as dt

    from admissions.rulebooks.scenario import resolve
    from admissions.rulebooks.scenario_files import load_scenario

    plain = load_scenario(PLAIN_SCENARIO)
    settings = round_.settings
    day = settings.rules_on or (dt.date(settings.year, 8, 1) if settings.year else None)
    return resolve(plain if day is None else plain.with_settings(rules_on=day))


def rank(
    round: options.RoundPath,  # noqa: A002
    scenario: options.ScenarioName,
    out: options.OutPath,
    offering: Annotated[
        str | None, typer.Option("--offering", metavar="O", help="Only this offering.")
    ] = None,
    overwrite: options.Overwrite = False,
    json: options.Json = False,
) -> None:
    """Write the ranking table of each offering, and nothing else.

    Example: admissions rank my-round --scenario coordinated-2019 --out rankings-only
    """
    from admissions.cli import render
    from admissions.front.opening import read_round
    from admissions.front.ranking import rank as ranked
    from admissions.results.files import write_folder

    read = read_round(round)
    found = ranked(read, resolved_for(read, scenario), offering=offering)
    write_folder(found.files(), out, overwrite=overwrite, sign="rankings", unlike=round)
    if json:
        rows = {offering: len(table.rank) for offering, table in found.ranked.items()}
        render.as_json({"out": str(out), "rankings": rows})
        return
    typer.echo(say("rankings", count=len(found.ranked), out=out))


def allocate(
    round: options.RoundPath,  # noqa: A002
    scenario: options.ScenarioName,
    out: options.OutPath,
    seed: options.SeedOption = None,
    sign_with: Annotated[
        Path | None,
        typer.Option("--sign-with", metavar="KEY", help="Sign the certificate with this key."),
    ] = None,
    language: options.LanguageOption = "nb",
    solver: options.SolverOption = None,
    time_limit: options.TimeLimit = options.TIME_LIMIT_SECONDS,
    public: options.PublicReport = False,
    overwrite: options.Overwrite = False,
    json: options.Json = False,
) -> None:
    """Rank, allocate, verify, explain, and write the result folder.

    Example: admissions allocate my-round --scenario coordinated-2019 --out result
    """
    _allocate(
        round, scenario, out, seed=seed, language=language, solver=solver,
        seconds=time_limit, sign_with=sign_with, every_base=True, public=public,
        overwrite=overwrite, json=json,
    )  # fmt: skip


def _allocate(
    path: Path,
    scenario: str,
    out: Path,
    *,
    seed: int | None = None,
    language: Language = "nb",
    solver: options.Solver | None = None,
    seconds: float = options.TIME_LIMIT_SECONDS,
    sign_with: Path | None = None,
    every_base: bool = False,
    public: bool = False,
    overwrite: bool,
    json: bool,
) -> None:
    from admissions.cli import progress, render
    from admissions.front.allocation import allocate
    from admissions.front.opening import read_round
    from admissions.ranking.idle import idle
    from admissions.results.commitments import commitment_of, refuse_other_seed, salt_of
    from admissions.results.files import refuse_to_replace
    from admissions.results.signing import read_key
    from admissions.verification.published import CERTIFICATE

    refuse_to_replace(out.resolve(), out, overwrite=overwrite, sign=CERTIFICATE, unlike=path)
    key = None if sign_with is None else read_key(sign_with)
    committed = commitment_of(path)
    salt = salt_of(path) if committed and committed.salted else ""
    refuse_other_seed(committed, seed, salt)
    read = read_round(path)
    resolved = resolved_for(read, scenario, seed, every_base=every_base)
    render.other_than_committed(resolved, committed, salt)
    for said in idle(read, resolved):
        render.note(said)
    with progress.watching() as watch:
        plan = allocate(read, resolved, solver=solver, seconds=seconds, watch=watch)
    result = plan.write(out, language, overwrite=overwrite, source=path, key=key, public=public)
    render.allocated(result, out, json=json)


def explain(
    out: options.ResultOrSeasonPath,
    person: Annotated[
        str | None, typer.Option("--person", metavar="P", help="The person's id.")
    ] = None,
    everybody: Annotated[
        bool, typer.Option("--all", help="Everybody, one letter after the other.")
    ] = False,
    offering: Annotated[
        str | None, typer.Option("--offering", metavar="O", help="Only this offering.")
    ] = None,
    language: options.LanguageOption = "nb",
    json: options.Json = False,
) -> None:
    """Explain one person's decisions, or everybody's, and what would have changed them.

    Of a season, first what has happened to each application since. With --all --json: one line of
    JSON a letter.

    Example: admissions explain result --person P0001 --language nn
    """
    from admissions.cli import progress, render
    from admissions.front.allocation import explain as explained
    from admissions.model.errors import UsageError
    from admissions.results.histories import told_histories, told_history
    from admissions.results.letters import all_letters
    from admissions.results.season import is_season

    if (person is None) != everybody:
        raise UsageError(message("terminal.person-or-all"))
    if person is not None:
        own = (
            told_history(out, person, offering, language)
            if is_season(out)
            else explained(out, person, language, offering)
        )
        render.letters(own, json=json)
        return
    every = told_histories if is_season(out) else all_letters
    found = every(out, offering, language)
    render.many_letters(progress.counted(found.letters, found.count), json=json)


def pool(
    year: Annotated[int, typer.Option("--year", help="The year to resemble.")],
    seed: Annotated[
        int, typer.Option("--seed", min=0, max=LARGEST_SEED, help="The seed of the draw.")
    ],
    out: Annotated[Path, typer.Option("--out", metavar="ROUND", help="The folder to write.")],
    overwrite: options.Overwrite = False,
    json: options.Json = False,
) -> None:
    """Write a synthetic round, calibrated to the report's figures.

    Example: admissions pool --year 2019 --seed 1 --out synthetic-round
    """
    from admissions.cli import render
    from admissions.intake.writing import round_texts
    from admissions.pool import synthetic_round
    from admissions.results.files import write_folder

    drawn = synthetic_round(year, seed)
    files = {name: text.encode() for name, text in round_texts(drawn).items()}
    write_folder(files, out, overwrite=overwrite, sign="applicants.csv")
    if json:
        counts = {"applicants": len(drawn.applicants), "applications": len(drawn.applications)}
        render.as_json({"out": str(out), "year": year, "seed": seed, **counts})
        return
    typer.echo(say("pooled", count=len(drawn.applicants), out=out))


def template(
    out: Annotated[Path, typer.Option("--out", metavar="FILE.xlsx", help="The file to write.")],
    json: options.Json = False,
) -> None:
    """Write a blank round to fill in: one sheet a table, drop-downs, a note on each column.

    Example: admissions template --out round.xlsx
    """
    from admissions.cli import render
    from admissions.intake.template import write_template
    from admissions.model.errors import UsageError
    from admissions.rulebooks.known import known_offerings

    if out.suffix.lower() != ".xlsx":
        raise UsageError(message("terminal.no-xlsx", out=out))
    write_template(out, offerings=known_offerings())
    if json:
        render.as_json({"out": str(out), "offerings": sorted(known_offerings())})
        return
    typer.echo(say("blank", out=out))
