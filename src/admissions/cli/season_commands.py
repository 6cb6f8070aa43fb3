"""The commands of a season: from the published decision to who met at the start."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from admissions.cli import options
from admissions.cli.language import spoken
from admissions.cli.season_told import (
    changes,
    few_answers_yet,
    left_unnamed,
    say,
    status_table,
)

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

    day = _day(on)
    begun = start_season(out, season, day, by)
    offers = sum(1 for one in begun.standing.applications.values() if one.holds)
    say("started", on=day, offers=offers, place=str(season))


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
    changes(now, after)
    left_unnamed(now, after)
    if dry_run:
        say("tried")
        return
    save_events(after, season)
    say("entered", count=taken, had=had)
    if not rows:
        say("no-row-answers", file=file.name)


def record(
    season: SeasonPath,
    event: Annotated[
        str | None, typer.Argument(metavar="EVENT", help="What happened; see the how-to.")
    ] = None,
    person: Annotated[str, typer.Option("--person", metavar="P", help="The person's id.")] = "",
    offering: Annotated[str, typer.Option("--offering", metavar="O", help="The offering.")] = "",
    fact: Annotated[str, typer.Option("--fact", metavar="F", help="The fact to correct.")] = "",
    value: Annotated[
        str | None, typer.Option("--value", metavar="V", help="What is right.")
    ] = None,
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
    from admissions.season.record import Record
    from admissions.season.records import recorded

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
    changes(before, after)
    if dry_run:
        say("tried")
        return
    save_events(after, season)
    say("recorded", count=count)


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
    few_answers_yet(now, made.expired)
    say("called", number=made.after.standing.call, on=day, count=count, expired=made.expired)
    for line in chain_sentences(made.chains, spoken()):
        typer.echo(f"  {line}")
    typer.echo(render.held(made.promises))
    if dry_run:
        say("tried")


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
    from admissions.season.status import appeals_pending, due, status_of

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
    say("status-title", place=str(season), call=now.standing.call, on=now.standing.on)
    status_table(found)
    if overdue:
        say("overdue", count=len(overdue))
        few_answers_yet(now, len(overdue))
    if soon:
        shown = tuple(one.person_id for one in soon[:PEOPLE_SHOWN])
        more = ("…",) if len(soon) > PEOPLE_SHOWN else ()
        say("due-soon", count=len(soon), days=now.policy.reminder_days, persons=(*shown, *more))
    pending = appeals_pending(now)
    if pending:
        say("appeals", count=len(pending), appeals=[f"{who} ({on})" for who, on in pending])
    say("head", head=now.head)


def verify(season: SeasonPath, json: options.Json = False) -> None:
    """Replay a season from its files, make its calls again, and check every promise.

    Example: admissions season verify season
    """
    from admissions.cli import render
    from admissions.model.messages import message
    from admissions.results.allocation import refuse_broken
    from admissions.results.season_verification import cut_off, verify_season

    promises = verify_season(season)
    for name in cut_off(season):
        render.note(message("season.cut-off", folder=name))
    render.properties_counted(promises, json=json)
    refuse_broken(promises)


def _status_as_json(
    now: Season,
    found: Mapping[str, OfferingStatus],
    overdue: Sequence[Application],
    soon: Sequence[Application],
) -> dict[str, object]:
    from dataclasses import asdict

    from admissions.season.status import answers_since_call, appeals_pending

    return {
        "call": now.standing.call,
        "on": now.standing.on,
        "head": now.head,
        "offerings": {name: asdict(one) for name, one in found.items()},
        "overdue": [one.key for one in overdue],
        "due_soon": [(*one.key, one.deadline) for one in soon],
        "appeals": appeals_pending(now),
        "answers_since_call": answers_since_call(now),
    }


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


def _newcomer(facts: Path | None) -> dict[str, str]:
    """What the file ``facts`` says of a new person; nothing where there is no file."""
    from admissions.cli import render
    from admissions.intake.findings import Findings
    from admissions.intake.records import read_newcomer

    if facts is None:
        return {}
    findings = Findings()
    found = read_newcomer(facts, findings)
    render.notes(findings.notes, err=True)
    return found


def _recorded_rows(season: Season, file: Path, on: dt.date | None, by: str) -> tuple[Season, int]:
    """The season with every row of ``file`` recorded, and how many; all errors are told at once."""
    from admissions.cli import render
    from admissions.intake.findings import Findings
    from admissions.intake.records import read_records
    from admissions.model.errors import InputError, UsageError
    from admissions.model.messages import message
    from admissions.season.record import Record
    from admissions.season.record_faults import RecordRefusedError
    from admissions.season.records import recorded

    findings = Findings()
    rows = read_records(file, findings)
    for row in rows:
        when = row.on or on
        if when is None:
            findings.error(row.file, message("season.no-day"), row=row.row, column="on")
            continue
        record = Record(
            row.event, when, row.person_id, row.offering_id, row.fact, row.value or None,
            row.reason, row.preference, row.facts, by,
        )  # fmt: skip
        try:
            season = recorded(season, record)
        except RecordRefusedError as error:
            for fault in error.faults:
                findings.error(row.file, fault, row=row.row)
        except UsageError as error:
            findings.error(row.file, error.message, row=row.row)
        except InputError as error:
            for one in error.problems:
                findings.error(row.file, one.said, row=row.row, column=one.column, value=one.value)
    findings.stop_if_any(file.name)
    render.notes(findings.notes, err=True)
    return season, len(rows)


def _day(text: str) -> dt.date:
    found = options.day(text)
    assert found is not None  # noqa: S101 - None only for no text
    return found
