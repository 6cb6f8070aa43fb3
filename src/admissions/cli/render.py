"""What the commands print: for a person by default, as JSON for a program."""

from __future__ import annotations

import json as json_module
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from admissions.cli.language import say, spoken
from admissions.model.messages import Message, message

if TYPE_CHECKING:
    from rich.table import Table

    from admissions.allocation.problem import SolverReport
    from admissions.front.allocation import Verification
    from admissions.model.errors import Finding, InputError
    from admissions.model.round import Round
    from admissions.ranking.qualification import Qualification, Stopping
    from admissions.results.allocation import Result
    from admissions.results.histories import ToldHistory
    from admissions.results.letters import Letter
    from admissions.results.signing import Signature
    from admissions.rulebooks.digest import Commitment
    from admissions.rulebooks.scenario import ResolvedScenario
    from admissions.verification import Property

PIPE_WIDTH = 120
"""How wide tables are where no terminal says how wide it is."""

_SECTORS = ("municipal", "state", "private")


def as_json(table: object) -> None:
    """``table`` as JSON on standard output; words in every language, dates as ISO text."""
    typer.echo(json_module.dumps(table, ensure_ascii=False, indent=2, default=_plain))


def _plain(value: object) -> object:
    from pydantic import BaseModel

    return value.model_dump() if isinstance(value, BaseModel) else str(value)


def show(table: Table) -> None:
    """Prints a Rich table, as wide as the terminal or as ``PIPE_WIDTH`` in a pipe."""
    typer.echo(text(table))


def text(table: Table) -> str:
    """What ``show`` prints."""
    from rich.console import Console

    console = Console(width=None if sys.stdout.isatty() else PIPE_WIDTH)
    with console.capture() as captured:
        console.print(table)
    return "\n".join(line.rstrip() for line in captured.get().splitlines()).strip("\n")


def plain_table(title: str | None, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    """A table of texts; columns whose cells are all numbers stand to the right."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title, box=box.SIMPLE, title_justify="left", pad_edge=False)
    for number, name in enumerate(columns):
        cells = [row[number] for row in rows]
        numeric = all(
            not cell or cell.replace(".", "").replace(",", "").isdigit() for cell in cells
        )
        table.add_column(name, justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    return table


def round_checked(
    round_: Round, rules: ResolvedScenario, found: Sequence[Qualification], *, json: bool
) -> None:
    """What ``check`` found in a round without errors, and what ``rules`` would make of it."""
    counts = {
        "applicants": len(round_.applicants),
        "applications": len(round_.applications),
        "services": len(round_.services),
        "offerings": len(round_.offerings),
    }
    if json:
        told = [note.table(spoken()) for note in round_.notes]
        plain = {"rules_on": rules.rules_on, "qualification": [asdict(one) for one in found]}
        as_json({"errors": [], "unlisted": 0, "notes": told, **counts, **plain})
        return
    notes(round_.notes)
    typer.echo(say("no-errors", **counts))
    typer.echo(say("by-rules-of", day=rules.rules_on))
    for one in found:
        typer.echo(f"  {_qualified(one)}")


def _qualified(found: Qualification) -> str:
    """How many would qualify at one offering, and what stops the others, on one line."""
    if found.version is None:
        return say("no-rules-then", offering=found.offering)
    line = say(
        "would-qualify",
        offering=found.offering,
        qualified=found.qualified,
        applications=found.applications,
    )
    stopped = [_stopping(one, found) for one in found.stopping]
    return f"{line}; {', '.join(stopped)}" if stopped else line


def _stopping(one: Stopping, found: Qualification) -> str:
    said = say("stops", rule=one.title.in_(spoken()), count=one.count)
    if not one.empty or found.qualified:
        return said
    return say("stops-all", stops=said, facts=one.empty, count=found.applications)


def notes(findings: Sequence[Finding], *, err: bool = False) -> None:
    """A line a note, in the terminal's language."""
    for finding in findings:
        typer.echo(say("note", said=finding.in_(spoken())), err=err)


def note(said: Message) -> None:
    """A note on what is being done, beside what is printed for a program to read."""
    typer.echo(say("note", said=said), err=True)


def other_than_committed(
    resolved: ResolvedScenario, committed: Commitment | None, salt: str
) -> None:
    """A note where the run is not the one that the round is committed to, or nobody can tell."""
    from admissions.rulebooks.digest import behind_salt, digest_of

    if committed is None:
        return
    if committed.salted and not salt:
        note(message("commitment.no-salt", digest=committed.digest))
        return
    digest = behind_salt(digest_of(resolved), salt) if salt else digest_of(resolved)
    if committed.digest != digest:
        note(message("commitment.other-digest", committed=committed.digest, digest=digest))


def round_refused(error: InputError) -> None:
    """The errors of a round, and what was noted beside them, as JSON."""
    listed = [problem.table(spoken()) for problem in error.problems]
    told = [note.table(spoken()) for note in error.notes]
    as_json({"errors": listed, "unlisted": error.unlisted, "notes": told})


def allocated(result: Result, out: Path, *, json: bool) -> None:
    """The summary of a run: a line per offering, the certificate in one line, what to open."""
    from admissions.report import decisions_workbook
    from admissions.report.summary import offering_rows, totals
    from admissions.rulebooks.digest import digest_of

    run, most = result.run, decisions_workbook.MOST_APPLICATIONS
    if len(result.decisions) > most:
        note(message("results.no-workbook", found=len(result.decisions), most=most))
    if json:
        held = {p.id: p.holds for p in result.properties}
        as_json({**result.summary, "digest": digest_of(run.scenario), "properties": held})
        return
    notes(run.round.notes, err=True)
    settings = run.scenario.scenario
    rows = offering_rows(result.summary, run.scenario)
    lines = [
        [
            row.offering,
            _seats(row.seats, row.offers),
            _by_sector(row.qualified),
            _by_sector(row.offered),
            _points(row.last_admitted_points["total"]),
            str(row.waiting["total"]),
        ]
        for row in rows
    ]
    whole = totals(rows)
    every = (
        _by_sector(whole.qualified),
        _by_sector(whole.offered),
        "",
        str(whole.waiting["total"]),
    )
    lines.append([say("all"), _seats(whole.seats, whole.offers), *every])
    ties = "seed" if settings.ties == "lottery" else settings.ties
    typer.echo(
        say(
            "run",
            scenario=settings.id,
            day=run.scenario.rules_on,
            mechanism=message(f"terminal.mechanism.{settings.mechanism}"),
            ties=message(f"terminal.{ties}", seed=settings.seed),
        )
    )
    columns = ("offering", "seats", "qualified", "offered", "last-in", "waiting")
    show(plain_table(None, [say(name) for name in columns], lines))
    typer.echo(say("sectors"))
    typer.echo(certificate_line(result.properties, run.solvers))
    typer.echo(message("commitment.digest", digest=digest_of(run.scenario)).in_(spoken()))
    typer.echo(say("read-result", out=str(out)))


def _points(points: str | None) -> str:
    return decimals(points or "–")


def decimals(number: str) -> str:
    """A number with the decimal sign of the language."""
    return number if spoken() == "en" else number.replace(".", ",")


def _seats(seats: int | None, offers: int) -> str:
    if seats in (None, offers):
        return str(offers)
    return say("seats-and-offers", seats=seats, offers=offers)


def _by_sector(counts: Mapping[str, int]) -> str:
    parts = "/".join(str(counts.get(sector, 0)) for sector in _SECTORS)
    return f"{counts['total']} ({parts})"


def certificate_line(properties: Sequence[Property], solvers: Sequence[SolverReport]) -> str:
    """Which properties hold, fail or are not promised, and who proved the plan, in one line.

    Where one solver alone is exact, why.
    """
    from admissions.allocation.deferred_acceptance import reason

    found_out = held(properties)
    proof = say("proven", solvers=say("and").join(one.solver for one in solvers)) if solvers else ""
    alone = [reason(one.alone) for one in solvers if one.alone]
    proof += "".join(say("alone", why=why) for why in alone)
    return say("certificate", found=found_out, proof=proof)


def held(properties: Sequence[Property]) -> str:
    """Which of ``properties`` hold, which fail, which are not promised."""
    groups: dict[str, list[str]] = {"hold": [], "fail": [], "not-promised": []}
    for found in properties:
        state = {True: "hold", False: "fail", None: "not-promised"}[found.holds]
        excused = found.counted.get("excused", 0) if found.holds else 0
        told = f" ({say('excused', n=excused)})" if excused else ""
        groups[state].append(found.id + told)
    return ", ".join(say(name, ids=" ".join(ids)) for name, ids in groups.items() if ids)


def verified(found: Verification, *, json: bool) -> None:
    """Every property with what was counted, and what was not checked."""
    from admissions.verification import taken_as_published

    properties_counted(found.properties, json=json)
    if json:
        return
    said = [message("commitment.digest", digest=found.digest)]
    versions = found.scenario.versions
    for offering, rules in taken_as_published(found.scenario, tuple(versions)).items():
        named = tuple(f"{rule} ({kind})" for rule, kind in rules.items())
        said.append(message("verification.taken-as-published", offering=offering, rules=named))
    said += found.remarks
    if not found.best_plan_is_shown:
        said.append(message("verification.best-plan-not-shown"))
    for one in said:
        typer.echo(one.in_(spoken()))


def properties_counted(properties: Sequence[Property], *, json: bool) -> None:
    """Every property with what was counted."""
    from admissions.verification import property_table

    if json:
        as_json([{"id": found.id, **property_table(found)} for found in properties])
        return
    rows = [[found.id, _state(found), *_in_words(found)] for found in properties]
    columns = (say("property"), "", say("in-words"), say("counted"))
    show(plain_table(None, columns, rows))


def _state(found: Property) -> str:
    """Whether a property holds, and how many exceptions named limits excuse."""
    state = say({True: "holds", False: "fails", None: "promises-not"}[found.holds])
    excused = found.counted.get("excused", 0) if found.holds else 0
    return f"{state}, {say('excused', n=excused)}" if excused else state


def _in_words(found: Property) -> tuple[str, str]:
    """A property's statement, and what was counted."""
    if spoken() == "en":
        counted = [f"{name} {number}" for name, number in found.counted.items()]
        return found.statement, ", ".join(counted)
    from admissions.report.rows import property_rows
    from admissions.report.words import Words

    (row,) = property_rows((found,), Words(spoken()))
    counted = [f"{name.unescape()} {number}" for name, number in row.counted]
    return found.statement_in(spoken()), ", ".join(counted)


def signed(signature: Signature, signer: str | None) -> None:
    """Who signed the certificate: ``signer``, whose key it is, or an unknown holder of a key."""
    code = "signing.signed" if signer is None else "signing.signed-by"
    said = message(code, fingerprint=signature.fingerprint, signer=signer)
    typer.echo(said.in_(spoken()))


def new_key(path: Path, fingerprint: str, *, json: bool) -> None:
    """Where a new key is, and what to publish of it."""
    if json:
        as_json({"private": str(path), "public": f"{path}.pub", "fingerprint": fingerprint})
        return
    said = message("signing.new-key", path=str(path), fingerprint=fingerprint)
    typer.echo(said.in_(spoken()))


def letters(found: Sequence[Letter] | Sequence[ToldHistory], *, json: bool) -> None:
    """The decision letters of one person."""
    if json:
        as_json([letter.table() for letter in found])
        return
    typer.echo("\n\n".join(letter.text.rstrip() for letter in found))


def many_letters(found: Iterable[Letter | ToldHistory], *, json: bool) -> None:
    """The letters of many, each as soon as it is made; as JSON a line each."""
    for number, letter in enumerate(found):
        if json:
            typer.echo(json_module.dumps(letter.table(), ensure_ascii=False, default=_plain))
        else:
            typer.echo(("\n" if number else "") + letter.text.rstrip())
