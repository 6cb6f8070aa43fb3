"""What the simulation's commands print."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from admissions.cli.language import say, spoken
from admissions.cli.render import as_json, decimals, plain_table, show
from admissions.model.values import named

if TYPE_CHECKING:
    from admissions.simulation.exploring import ExploredGrid
    from admissions.simulation.measures import Key
    from admissions.simulation.result import ScenarioResult, SimulationResult
    from admissions.simulation.sensitivity import SensitivityResult

_SHOWN = (
    ("offers", "all", "all"),
    ("met", "all", "all"),
    ("completed", "all", "all"),
    ("seats-empty", "all", "all"),
    ("too-many", "all", "all"),
    ("released", "all", "all"),
    ("days-waited", "all", "all"),
    ("municipalities", "all", "all"),
    ("services", "all", "all"),
    ("further-education-share", "all", "all"),
    ("experience-share", "all", "experience/over-10"),
    ("first-wish", "all", "all"),
    ("leaders-first-wishes-share", "all", "all"),
    ("agreement-if-all-applied", "all", "all"),
    ("agreement-of-applicants", "all", "all"),
    ("winners", "all", "all"),
    ("losers", "all", "all"),
)


def simulated(result: SimulationResult, out: Path, *, json: bool) -> None:
    """A few measures of each scenario, and where the rest is."""
    from admissions.results.simulation import simulation_table
    from admissions.simulation.measures import Key

    shown = [key for key in (Key(*row) for row in _SHOWN) if key in result.reference.summaries]
    if json:
        measures = {found.id: _main(found, shown) for found in result.scenarios}
        as_json({**simulation_table(result), "measures": measures})
        return
    typer.echo(say("draws-of", draws=result.draws, people=result.people, seed=result.seed))
    for found in result.scenarios:
        rows = [_line(found, key, say(f"shown.{key.measure}")) for key in shown]
        stands = (say("as-it-stands"),) if found.stands else ()
        columns = ("", say("mean"), "±", "5-95 %", *stands, say("apart"), "±", "5-95 %")
        title = found.id
        if found.against:
            title = say(
                "apart-title", scenario=found.id, against=found.against,
                effect=say(f"differs.{found.effect.value}"),
            )  # fmt: skip
        show(plain_table(title, columns if found.differences else columns[:-3], rows))
    typer.echo(say("plus-minus"))
    typer.echo(say("read-figures", out=out))


_MOVED = 5
"""How many assumptions are shown of each measure, those that move it farthest."""


def moved(result: SensitivityResult, out: Path, *, json: bool) -> None:
    """What moves each main measure farthest, and where the rest is."""
    from admissions.results.sensitivity import sensitivity_table
    from admissions.results.simulation import numbers
    from admissions.simulation.sensitivity import widest

    if json:
        as_json(sensitivity_table(result))
        return
    typer.echo(
        say(
            "varied",
            scenario=result.scenario.scenario.id,
            draws=result.draws,
            seed=result.seed,
            effects=len(result.effects),
            left=len(result.left_out),
        )
    )
    if result.against is not None or result.joint is not None:
        _survival(result)
    for key, of in result.base.items():
        rows = [
            [f"{v.where} {v.parameter}", *(named(one, spoken()) for one in (v.base, v.value)),
             decimals(numbers(key, d)[0]), decimals(" - ".join(numbers(key, d)[1:]))]
            for v, d in widest(result, key, _MOVED)
        ]  # fmt: skip
        title = f"{_measure(key)}: {decimals(numbers(key, of)[0])}"
        columns = (*(say(name) for name in ("assumption", "from", "to", "moves-it")), "5-95 %")
        show(plain_table(title, columns, rows))
    typer.echo(say("everything-else", out=out))


def _survival(result: SensitivityResult) -> None:
    """What draws, years and assumptions each leave open, a row a measure."""
    from admissions.results.sensitivity import survival_rows

    table = survival_rows(result)
    at = {column.name: n for n, column in enumerate(table.columns)}
    lines = []
    for key, row in zip(result.base, table.rows, strict=True):
        cell = {name: "" if row[n] is None else str(row[n]) for name, n in at.items()}
        turned = cell["values_that_turn_the_sign"]
        line = [
            _measure(key), cell["mean"], cell["se"], f"{cell['p5']} - {cell['p95']}",
            f"{cell['one_at_a_time_low']} - {cell['one_at_a_time_high']}",
            f"{turned} / {cell['values_tried']}" if turned else "",
        ]  # fmt: skip
        if result.joint is not None:
            line.append(f"{cell['joint_low']} - {cell['joint_high']}")
        lines.append([line[0], *map(decimals, line[1:])])
    title = result.scenario.scenario.id
    if result.against is not None:
        title = say("survives", scenario=title, against=result.against.scenario.id)
    names = ("mean", "plus-minus-head", "years-head", "one-head", "turned-head", "joint-head")
    heads = ["", *map(say, names)]
    show(plain_table(title, heads[: len(lines[0])], lines))


def _measure(key: Key) -> str:
    """A measure with its group: as files call it, or in words of the language."""
    from admissions.report.simulation_tables import key_name
    from admissions.report.words import Words

    if spoken() == "en":
        return f"{key.measure} ({key.group})"
    return key_name(key, Words(spoken(), "simulation"))


def _line(found: ScenarioResult, key: Key, name: str) -> list[str]:
    from admissions.results.simulation import numbers, standard_error, stored

    line = [name]
    for of in (found.summaries[key], *([found.differences[key]] if found.differences else [])):
        mean, low, high = numbers(key, of)
        error = standard_error(key, of)
        told = (mean, "" if error is None else str(error), f"{low} - {high}")
        line += map(decimals, told)
        if found.stands and of is found.summaries[key]:
            stands = stored(key, found.stands[key])
            line.append("" if stands is None else decimals(str(stands)))
    return line


def _main(found: ScenarioResult, keys: list[Key]) -> list[dict[str, str]]:
    from admissions.results.simulation import numbers

    rows = []
    for key in keys:
        mean, low, high = numbers(key, found.summaries[key])
        row = {"measure": key.measure, "offering": key.offering, "group": key.group}
        rows.append({**row, "mean": mean, "p5": low, "p95": high})
    return rows


def explored(found: ExploredGrid, out: Path, *, json: bool) -> None:
    """How many points there are, and the best of them; or every row as JSON."""
    from admissions.results.exploring import points_table

    if json:
        as_json(points_table(found).records())
        return
    typer.echo(say("explored", points=len(found.points), draws=found.grid.draws))
    for number, point in enumerate(found.points, start=1):
        if point.best:
            pairs = zip(found.grid.parameters, point.values, strict=True)
            told = ", ".join(f"{name} = {named(str(value), spoken())}" for name, value in pairs)
            typer.echo(say("explored-best", number=number, told=told))
    typer.echo(say("explored-read", out=str(out)))
