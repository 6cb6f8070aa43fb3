"""What the commands print of rules held against each other: scenarios, and a frontier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from admissions.cli.language import say, spoken
from admissions.cli.render import as_json, plain_table, show
from admissions.model.messages import message
from admissions.model.words import words

if TYPE_CHECKING:
    from admissions.comparison.person import PersonCompared
    from admissions.comparison.spread_frontier import Frontier


def frontier(found: Frontier, out: Path, *, json: bool) -> None:
    """The ends of the frontier, or every point as JSON."""
    if json:
        as_json([asdict(point) for point in found.points])
        return
    first, last = found.points[0], found.points[-1]
    typer.echo(
        say(
            "frontier",
            least=first.municipalities,
            most=last.municipalities,
            qualified=found.qualified,
            loss=last.loss,
        )
    )
    typer.echo(say("points", points=len(found.points), out=str(out)))


def compared(told: Mapping[str, Any], out: Path, *, json: bool) -> None:
    """Who wins and who loses under each scenario, in a line each, and what to open."""
    if json:
        as_json(told)
        return
    base, *others = [settings["id"] for settings in told["scenarios"]]
    sums = told["tables"]["by-sector"][-1]
    rows = [[base, str(sums[f"{base}:seats"]), "", "", "", ""]]
    for name in others:
        drawn = told["other_lotteries"].get(name)
        between = (
            say("win-lose", won=_between(drawn["won"]), lost=_between(drawn["lost"]))
            if drawn
            else ""
        )
        cells = [str(sums[f"{name}:{column}"]) for column in ("seats", "won", "lost")]
        effect = words("report", spoken())[f"effect.{told['effects'][name]}"]
        apart = say("apart-from", effect=effect, against=told["against"][name])
        rows.append([name, *cells, between, apart])
    columns = ("scenario", "with-seat", "win", "lose", "other-lotteries", "what-differs")
    show(plain_table(None, [say(name) for name in columns], rows))
    for name in told.get("changes_nobody", ()):
        typer.echo(say("changes-nobody", scenario=name, against=told["against"][name]))
    if told["public"]:
        typer.echo(say("hidden"))
    typer.echo(say("read-report", out=str(out)))


def _between(ends: Sequence[int]) -> str:
    return "-".join(str(end) for end in dict.fromkeys(ends))


def _code(section: str, code: str) -> str:
    """A code of the comparison in words; in English it speaks for itself."""
    return code if spoken() == "en" else words("report-comparison", spoken())[f"{section}.{code}"]


def person_compared(found: PersonCompared, *, json: bool) -> None:
    """One person's seat under each scenario, and the ranking rows side by side."""
    if json:
        as_json(found.table())
        return
    for name, seat in found.seats.items():
        change = found.changes.get(name)
        typer.echo(
            say(
                "person-under",
                person=found.person_id,
                scenario=name,
                seat=seat or message("terminal.no-seat"),
                change=say("base") if change is None else _code("change", change),
            )
        )
    for table in found.rows:
        names = [column.group or column.id for column in table.columns]
        rows = [["" if cell is None else str(cell) for cell in row] for row in table.rows]
        show(plain_table(table.id, names, rows))
    for name, moved in found.moved.items():
        for one in moved:
            line = say(
                f"moved-{one.direction}", scenario=name, offering=one.offering,
                cause=_code("cause", one.cause),
            )  # fmt: skip
            if one.base_column:
                line += say("before-now", before=one.base_column, now=one.other_column)
            typer.echo(line)
    typer.echo(say("cells"))
