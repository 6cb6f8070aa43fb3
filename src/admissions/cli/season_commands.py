"""The commands of a season: from the published decision to who met at the start."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from admissions.cli import options
from admissions.cli.language import spoken

if TYPE_CHECKING:
    from admissions.results.season_calls import Call
    from admissions.season.season import Season
    from admissions.season.standing import Application
    from admissions.season.status import OfferingStatus

SeasonPath = Annotated[Path, typer.Argument(metavar="SEASON", help="A season folder.")]
On = Annotated[str, typer.Option("--on", metavar="DATE", help="The day it happens: 2019-06-03.")]
OptionalOn = Annotated[
    str | None, typer.Option("--on", metavar="DATE", help="The day, where no row states its own.")
]
By = Annotated[str, typer.Option("--by", metavar="NAME", help="Who enters it.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Tell what would happen; write nothing.")]
NewPerson = Annotated[
    Path | None,
    typer.Option("--facts", metavar="FILE", help="A new person: a row of applicants.csv."),
]
ManyAtOnce = Annotated[
    Path | None, typer.Option("--file", metavar="F", help="Many at once, from a CSV file.")
]
PEOPLE_SHOWN = 10


def register(app: typer.Typer) -> None:
    """Adds the group ``season`` to ``app``."""
    season = typer.Typer(
        help="The year after the decisions: answers, calls, corrections.", no_args_is_help=True
    )
    for name, command in (
        ("start", start),
        ("answers", answers),
        ("record", record),
        ("call", call),
        ("status", status),
        ("verify", verify),
    ):
        season.command(name)(command)
    app.add_typer(season, name="season")


def start(
    out: options.ResultPath,
    season: Annotated[Path, typer.Option("--out", metavar="SEASON", help="The folder to write.")],
    on: On,
    by: By = "office",
) -> None:
    """Begin a season: the sealed result is published on that day.

    Example: admissions season start result --out season --on 2019-06-03
    """
    from admissions.results.season import start_season

    begun = start_season(out, season, _day(on), by)
    offers = sum(1 for one in begun.standing.applications.values() if one.holds)
    _say("started", on=on, offers=offers, place=str(season))


def answers(
    season: SeasonPath,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A CSV file, or the program's workbook.")
    ],
    on: OptionalOn = None,
    by: By = "office",
    dry_run: DryRun = False,
) -> None:
    """Enter the answers that people gave, all or none.

    Example: admissions season answers season answers.csv --on 2019-06-10
    """
    from admissions.cli import render
    from admissions.intake.answers import read_answers
    from admissions.intake.findings import Findings
    from admissions.results.season import read_season, save_events
    from admissions.season.answers import Answer, answered

    now, findings = read_season(season), Findings()
    rows = [
        Answer(row.file, row.row, row.person_id, row.offering_id, row.answer, row.answered_on,
               row.header, row.stated)
        for row in read_answers(file, findings)
    ]  # fmt: skip
    after, had = answered(now, rows, findings, by, None if on is None else _day(on))
    findings.stop_if_any(file.name)
    render.notes(findings.notes, err=True)
    taken = len(after.events) - len(now.events)
    _changes(now, after)
    if dry_run:
        _say("tried")
        return
    save_events(after, season)
    _say("entered", count=taken, had=had)


def record(
    season: SeasonPath,
    event: Annotated[
        str | None, typer.Argument(metavar="EVENT", help="What happened; see the how-to.")
    ] = None,
    person: Annotated[str, typer.Option("--person", metavar="P", help="The person's id.")] = "",
    offering: Annotated[str, typer.Option("--offering", metavar="O", help="The offering.")] = "",
    fact: Annotated[str, typer.Option("--fact", metavar="F", help="The fact to correct.")] = "",
    value: Annotated[str, typer.Option("--value", metavar="V", help="What is right.")] = "",
    on: OptionalOn = None,
    reason: Annotated[
        str, typer.Option("--reason", metavar="R", help="Why; from the list where by hand.")
    ] = "",
    preference: Annotated[
        int | None, typer.Option("--preference", min=1, help="A late wish's number [last].")
    ] = None,
    facts: NewPerson = None,
    file: ManyAtOnce = None,
    by: By = "office",
    dry_run: DryRun = False,
) -> None:
    """Record what the office does or learns: corrections, appeals, late applicants, who met.

    Example: admissions season record season correct --person P0185 --fact bachelor_grade
    --value 4.5 --on 2019-06-20 --reason "new transcript"
    """
    from admissions.model.errors import UsageError
    from admissions.model.messages import message
    from admissions.results.season import read_season, save_events
    from admissions.season.records import Record, recorded

    before, day = read_season(season), None if on is None else _day(on)
    if file is not None:
        after, count = _recorded_rows(before, file, day, by)
    elif event is None or day is None:
        raise UsageError(message("season.event-and-day"))
    else:
        own = _newcomer(facts)
        who, count = person or own.get("person_id", ""), 1
        after = recorded(
            before, Record(event, day, who, offering, fact, value, reason, preference, own, by)
        )
    _changes(before, after)
    if dry_run:
        _say("tried")
        return
    save_events(after, season)
    _say("recorded", count=count)


def call(
    season: SeasonPath,
    on: On,
    by: By = "office",
    dry_run: DryRun = False,
    public: options.PublicReport = False,
    json: options.Json = False,
) -> None:
    """Make the next call: free seats go to who waits; nobody who holds one is worse off.

    Example: admissions season call season --on 2019-06-17
    """
    from admissions.cli import render
    from admissions.report.call import chain_sentences
    from admissions.results.season import make_call, read_season
    from admissions.results.season_calls import try_call

    now = read_season(season)
    day = _day(on)
    made = try_call(now, day, by) if dry_run else make_call(now, season, day, by, public=public)
    if json:
        _as_json(made)
        return
    count = sum(one.event != "extra-seat" for one in made.offers)
    _say("called", number=made.after.standing.call, on=on, count=count, expired=made.expired)
    for line in chain_sentences(made.chains, spoken()):
        typer.echo(f"  {line}")
    typer.echo(render.held(made.promises))
    if dry_run:
        _say("tried")


def status(
    season: SeasonPath,
    on: OptionalOn = None,
    xlsx: Annotated[
        Path | None, typer.Option("--xlsx", metavar="FILE", help="Write it as a workbook too.")
    ] = None,
    json: options.Json = False,
) -> None:
    """Tell where the season stands, offering by offering, and what needs a person today.

    Example: admissions season status season --on 2019-06-12
    """
    from admissions.cli import render
    from admissions.results.season import read_season
    from admissions.results.season_tables import status_workbook
    from admissions.season.standing import silent_after
    from admissions.season.status import due, status_of

    now = read_season(season)
    day = now.standing.on if on is None else _day(on)
    found = status_of(now)
    overdue = list(silent_after(now.standing, day)) if day else []
    soon = due(now, day, now.policy.reminder_days) if day else []
    if xlsx is not None:
        xlsx.write_bytes(status_workbook(now, spoken()))
    if json:
        render.as_json(_status_as_json(now, found, overdue, soon))
        return
    _say("status-title", place=str(season), call=now.standing.call, on=now.standing.on)
    _status_table(found)
    if overdue:
        _say("overdue", count=len(overdue))
    if soon:
        shown = tuple(one.person_id for one in soon[:PEOPLE_SHOWN])
        more = ("…",) if len(soon) > PEOPLE_SHOWN else ()
        _say("due-soon", count=len(soon), days=now.policy.reminder_days, persons=(*shown, *more))
    _say("head", head=now.head)


def verify(season: SeasonPath, json: options.Json = False) -> None:
    """Replay a season from its files, make its calls again, and check every promise.

    Example: admissions season verify season
    """
    from admissions.cli import render
    from admissions.results.allocation import refuse_broken
    from admissions.results.season_verification import verify_season

    promises = verify_season(season)
    render.properties_counted(promises, json=json)
    refuse_broken(promises)


def _status_as_json(
    now: Season,
    found: Mapping[str, OfferingStatus],
    overdue: Sequence[Application],
    soon: Sequence[Application],
) -> dict[str, object]:
    from dataclasses import asdict

    return {
        "call": now.standing.call,
        "on": now.standing.on,
        "head": now.head,
        "offerings": {name: asdict(one) for name, one in found.items()},
        "overdue": [one.key for one in overdue],
        "due_soon": [(*one.key, one.deadline) for one in soon],
    }


def _status_table(found: Mapping[str, OfferingStatus]) -> None:
    """A line an offering, numbers to the right."""
    from dataclasses import asdict

    from rich.table import Table

    from admissions.cli import render
    from admissions.model.words import words

    said = words("season", spoken())
    table = Table(box=None, pad_edge=False)
    for name in ("offering", "seats", "out", "yes", "no", "silent", "free", "next"):
        justify: Literal["left", "right"] = "left" if name in ("offering", "next") else "right"
        table.add_column(said[f"columns.{name}"], justify=justify)
    for name, one in found.items():
        table.add_row(name, *map(str, asdict(one).values()))
    render.show(table)


def _as_json(made: Call) -> None:
    from dataclasses import asdict

    from admissions.cli import render

    render.as_json(
        {
            "call": made.after.standing.call,
            "expired": made.expired,
            "offers": [asdict(one) for one in made.offers],
            "chains": [asdict(link) for link in made.chains],
            "promises": {one.id: one.holds for one in made.promises},
        }
    )


def _changes(before: Season, after: Season) -> None:
    """What has become of whom, a line an application."""
    from admissions.season.states import state_wording

    was, becomes = before.standing.applications, after.standing.applications
    for key in sorted(becomes):
        then, now = was[key].state if key in was else None, becomes[key].state
        if then is not now:
            _say("changed", person=key[0], offering=key[1],
                 before=state_wording(then) if then else "–", after=state_wording(now))  # fmt: skip


def _newcomer(facts: Path | None) -> dict[str, str]:
    """What the file ``facts`` says of a new person; nothing where there is no file."""
    from admissions.intake.findings import Findings
    from admissions.intake.records import read_newcomer

    return {} if facts is None else read_newcomer(facts, Findings())


def _recorded_rows(season: Season, file: Path, on: dt.date | None, by: str) -> tuple[Season, int]:
    """The season with every row of ``file`` recorded, and how many; all errors are told at once."""
    from admissions.intake.findings import Findings
    from admissions.intake.records import read_records
    from admissions.model.errors import InputError, UsageError
    from admissions.model.messages import message
    from admissions.season.records import Record, recorded

    findings = Findings()
    rows = read_records(file, findings)
    for row in rows:
        when = row.on or on
        if when is None:
            findings.error(row.file, message("season.no-day"), row=row.row, column="on")
            continue
        record = Record(
            row.event, when, row.person_id, row.offering_id, row.fact, row.value, row.reason,
            row.preference, row.facts, by,
        )  # fmt: skip
        try:
            season = recorded(season, record)
        except UsageError as error:
            findings.error(row.file, error.message, row=row.row)
        except InputError as error:
            for one in error.problems:
                findings.error(row.file, one.said, row=row.row, column=one.column, value=one.value)
    findings.stop_if_any()
    return season, len(rows)


def _day(text: str) -> dt.date:
    found = options.day(text)
    assert found is not None  # noqa: S101 - None only for no text
    return found


def _say(code: str, **values: object) -> None:
    from admissions.model.messages import message

    typer.echo(message(f"season.{code}", **values).in_(spoken()))
