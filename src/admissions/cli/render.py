"""What the commands print: for a person by default, as JSON for a program."""

from __future__ import annotations

import json as json_module
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from admissions.cli.language import spoken
from admissions.model.messages import Message, message

if TYPE_CHECKING:
    from rich.table import Table

    from admissions.allocation.problem import SolverReport
    from admissions.comparison.person import PersonCompared
    from admissions.comparison.spread_frontier import Frontier
    from admissions.model.errors import Finding, InputError
    from admissions.model.round import Round
    from admissions.results.allocation import Result
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
        numeric = all(not cell or cell.replace(".", "").isdigit() for cell in cells)
        table.add_column(name, justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    return table


def round_checked(round_: Round, *, json: bool) -> None:
    """What ``check`` found in a round without errors."""
    counts = {
        "applicants": len(round_.applicants),
        "applications": len(round_.applications),
        "services": len(round_.services),
        "offerings": len(round_.offerings),
    }
    if json:
        told = [note.table(spoken()) for note in round_.notes]
        as_json({"errors": [], "unlisted": 0, "notes": told, **counts})
        return
    notes(round_.notes)
    named = ", ".join(f"{number} {name}" for name, number in counts.items())
    typer.echo(f"No errors: {named}.")


def notes(findings: Sequence[Finding], *, err: bool = False) -> None:
    """A line a note, in the terminal's language."""
    for finding in findings:
        typer.echo(message("terminal.note", said=finding.in_(spoken())).in_(spoken()), err=err)


def note(said: Message) -> None:
    """A note on what is being done, beside what is printed for a program to read."""
    typer.echo(message("terminal.note", said=said.in_(spoken())).in_(spoken()), err=True)


def other_than_committed(resolved: ResolvedScenario, committed: Commitment | None) -> None:
    """A note where the run is not the one that the round is committed to."""
    from admissions.rulebooks.digest import digest_of

    digest = digest_of(resolved)
    if committed is not None and committed.digest != digest:
        note(message("commitment.other-digest", committed=committed.digest, digest=digest))


def round_refused(error: InputError) -> None:
    """The errors of a round as JSON."""
    listed = [problem.table(spoken()) for problem in error.problems]
    as_json({"errors": listed, "unlisted": error.unlisted})


def allocated(result: Result, out: Path, *, json: bool) -> None:
    """The summary of a run: a line per offering, the certificate in one line, what to open."""
    from admissions.report.summary import offering_rows, totals
    from admissions.rulebooks.digest import digest_of

    run = result.run
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
            row.last_admitted_points["total"] or "–",
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
    lines.append(["all", _seats(whole.seats, whole.offers), *every])
    typer.echo(
        f"{settings.id}: rules of {run.scenario.rules_on}, {settings.mechanism}, "
        + (f"lottery seed {settings.seed}" if settings.ties == "lottery" else settings.ties)
    )
    columns = ("offering", "seats", "qualified (m/s/p)", "offered (m/s/p)", "last in", "waiting")
    show(plain_table(None, columns, lines))
    typer.echo("m/s/p: employed in municipal, state or private child welfare.")
    typer.echo(certificate_line(result.properties, run.solvers))
    typer.echo(message("commitment.digest", digest=digest_of(run.scenario)).in_(spoken()))
    typer.echo(f"Read {out}/report.html; one person: admissions explain {out} --person ID")


def _seats(seats: int | None, offers: int) -> str:
    return str(offers) if seats in (None, offers) else f"{seats}, {offers} offers"


def _by_sector(counts: Mapping[str, int]) -> str:
    parts = "/".join(str(counts.get(sector, 0)) for sector in _SECTORS)
    return f"{counts['total']} ({parts})"


def certificate_line(properties: Sequence[Property], solvers: Sequence[SolverReport]) -> str:
    """Which properties hold, fail or are not promised, and who proved the plan, in one line.

    Where one solver alone is exact, why.
    """
    from admissions.allocation.deferred_acceptance import NOT_EXACT

    groups: dict[str, list[str]] = {"hold": [], "FAIL": [], "not promised": []}
    for found in properties:
        name = {True: "hold", False: "FAIL", None: "not promised"}[found.holds]
        groups[name].append(found.id)
    said = [f"{' '.join(ids)} {name}" for name, ids in groups.items() if ids]
    proof = f"; proven by {' and '.join(one.solver for one in solvers)}" if solvers else ""
    proof += "".join(f" alone, since {NOT_EXACT[one.alone]}" for one in solvers if one.alone)
    return f"Certificate: {', '.join(said)}{proof}."


def verified(
    properties: Sequence[Property], scenario: ResolvedScenario, digest: str, *, json: bool
) -> None:
    """Every property with what was counted, and what was not checked."""
    from admissions.verification import best_plan_is_shown, taken_as_published

    properties_counted(properties, json=json)
    if json:
        return
    said = [message("commitment.digest", digest=digest)]
    for offering, rules in taken_as_published(scenario, tuple(scenario.versions)).items():
        named = tuple(f"{rule} ({kind})" for rule, kind in rules.items())
        said.append(message("verification.taken-as-published", offering=offering, rules=named))
    if not best_plan_is_shown(properties):
        said.append(message("verification.best-plan-not-shown"))
    for one in said:
        typer.echo(one.in_(spoken()))


def properties_counted(properties: Sequence[Property], *, json: bool) -> None:
    """Every property with what was counted."""
    from admissions.verification import property_table

    if json:
        as_json([{"id": found.id, **property_table(found)} for found in properties])
        return
    words = {True: "holds", False: "FAILS", None: "not promised"}
    rows = [
        [found.id, words[found.holds], found.statement,
         ", ".join(f"{name} {number}" for name, number in found.counted.items())]
        for found in properties
    ]  # fmt: skip
    show(plain_table(None, ("property", "", "in words", "counted"), rows))


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


def frontier(found: Frontier, out: Path, *, json: bool) -> None:
    """The ends of the frontier, or every point as JSON."""
    if json:
        as_json([asdict(point) for point in found.points])
        return
    first, last = found.points[0], found.points[-1]
    typer.echo(
        f"By ranking alone {first.municipalities} municipalities are represented; at most "
        f"{last.municipalities} of {found.qualified} can be, at a loss of {last.loss} ranks."
    )
    typer.echo(f"Points, each proven: {len(found.points)}. Read {out}/report.html")


def letters(found: Sequence[Letter], *, json: bool) -> None:
    """The decision letters of one person."""
    if json:
        as_json([letter.table() for letter in found])
        return
    typer.echo("\n\n".join(letter.text.rstrip() for letter in found))


def many_letters(found: Iterable[Letter], *, json: bool) -> None:
    """The letters of many, each as soon as it is made; as JSON a line each."""
    for number, letter in enumerate(found):
        if json:
            typer.echo(json_module.dumps(letter.table(), ensure_ascii=False, default=_plain))
        else:
            typer.echo(("\n" if number else "") + letter.text.rstrip())


def compared(told: Mapping[str, Any], out: Path, *, json: bool) -> None:
    """Who wins and who loses under each scenario, in a line each, and what to open."""
    if json:
        as_json(told)
        return
    base, *others = [settings["id"] for settings in told["scenarios"]]
    sums = told["tables"]["by-sector"][-1]
    rows = [[base, str(sums[f"{base}:seats"]), "", "", ""]]
    for name in others:
        drawn = told["other_lotteries"].get(name)
        between = f"win {_between(drawn['won'])}, lose {_between(drawn['lost'])}" if drawn else ""
        cells = [str(sums[f"{name}:{column}"]) for column in ("seats", "won", "lost")]
        rows.append([name, *cells, between])
    columns = ("scenario", "with a seat", "win one", "lose theirs", "with other lotteries")
    show(plain_table(None, columns, rows))
    if told["public"]:
        typer.echo("Counts under five are hidden (:), and others that would give one away.")
    typer.echo(f"Read {out}/report.html, or {out}/report.xlsx")


def _between(ends: Sequence[int]) -> str:
    return "-".join(str(end) for end in dict.fromkeys(ends))


def person_compared(found: PersonCompared, *, json: bool) -> None:
    """One person's seat under each scenario, and the ranking rows side by side."""
    if json:
        as_json(found.table())
        return
    for name, seat in found.seats.items():
        change = f" ({found.changes[name]})" if name in found.changes else " (base)"
        typer.echo(f"{found.person_id} under {name}: {seat or 'no seat'}{change}")
    for table in found.rows:
        names = [column.group or column.id for column in table.columns]
        rows = [["" if cell is None else str(cell) for cell in row] for row in table.rows]
        show(plain_table(table.id, names, rows))
    for name, moved in found.moved.items():
        for one in moved:
            gets = "gets" if one.direction == "in" else "loses"
            rules = (
                f" ({one.base_column} before, {one.other_column} now)" if one.base_column else ""
            )
            typer.echo(f"{name} {gets} the offer at {one.offering}: {one.cause}{rules}")
    typer.echo("Cells are whole numbers, more is better; points and years are in hundredths.")
