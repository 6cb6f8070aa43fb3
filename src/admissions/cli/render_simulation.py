"""What the simulation's commands print."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from admissions.cli.render import as_json, plain_table, show

if TYPE_CHECKING:
    from admissions.simulation.measures import Key
    from admissions.simulation.result import ScenarioResult, SimulationResult
    from admissions.simulation.sensitivity import SensitivityResult

_SHOWN = (
    ("offers", "all", "all", "offers sent"),
    ("met", "all", "all", "met at the start"),
    ("completed", "all", "all", "completed (drawn by offering alone)"),
    ("seats-empty", "all", "all", "seats empty at the start"),
    ("municipalities", "all", "all", "municipalities with a student who completed"),
    ("services", "all", "all", "services with a student"),
    ("further-education-share", "all", "all", "students with further education before, %"),
    ("experience-share", "all", "experience/over-10", "students with over 10 years, %"),
    ("first-wish", "all", "all", "people with their first wish"),
    ("leaders-first-wishes-share", "all", "all", "leaders' first wishes met, %"),
    ("agreement-if-all-applied", "all", "all", "agreement of sites if all applied (tau)"),
    ("agreement-of-applicants", "all", "all", "agreement on those who applied to both"),
    ("winners", "all", "all", "people who win"),
    ("losers", "all", "all", "people who lose"),
)


def simulated(result: SimulationResult, out: Path, *, json: bool) -> None:
    """A few measures of each scenario, and where the rest is."""
    from admissions.results.simulation import simulation_table
    from admissions.simulation.measures import Key

    shown = [
        (Key(*row[:3]), row[3]) for row in _SHOWN if Key(*row[:3]) in result.reference.summaries
    ]
    if json:
        measures = {found.id: _main(found, [key for key, _ in shown]) for found in result.scenarios}
        as_json({**simulation_table(result), "measures": measures})
        return
    typer.echo(f"{result.draws} draws of {result.people}, seed {result.seed}")
    for found in result.scenarios:
        rows = [_line(found, key, name) for key, name in shown]
        stands = ("as it stands",) if found.stands else ()
        columns = ("", "mean", "±", "5-95 %", *stands, "apart", "±", "5-95 %")
        title = found.id
        if found.against:
            title += f", apart from {found.against} ({_EFFECTS[found.effect.value]})"
        show(plain_table(title, columns if found.differences else columns[:-3], rows))
    typer.echo("±: standard error of the mean, of so many draws; 5-95 %: from round to round.")
    typer.echo(
        f"Read {out}/report.html, or {out}/report.xlsx; every figure: measures.csv, differences.csv"
    )


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
        f"{result.scenario.scenario.id}: {result.draws} draws, seed {result.seed}; "
        f"{len(result.effects)} variations, {len(result.left_out)} assumptions not varied"
    )
    for key, of in result.base.items():
        rows = [
            [f"{v.where} {v.parameter}", v.base, v.value, *numbers(key, d)[:1],
             " - ".join(numbers(key, d)[1:])]
            for v, d in widest(result, key, _MOVED)
        ]  # fmt: skip
        title = f"{key.measure} ({key.group}): {numbers(key, of)[0]}"
        show(plain_table(title, ("assumption", "from", "to", "moves it by", "5-95 %"), rows))
    typer.echo(f"Everything else: {out}/sensitivity.csv; not varied: {out}/assumptions.csv")


_EFFECTS = {
    "none": "nothing differs",
    "rules": "only the rules differ",
    "mechanism": "only the mechanism differs",
    "seats": "only the seats differ",
    "process": "mechanism and seats differ, not the rules",
    "all": "rules and mechanism or seats differ",
}


def _line(found: ScenarioResult, key: Key, name: str) -> list[str]:
    from admissions.results.simulation import numbers, standard_error, stored

    line = [name]
    for of in (found.summaries[key], *([found.differences[key]] if found.differences else [])):
        mean, low, high = numbers(key, of)
        error = standard_error(key, of)
        line += [mean, "" if error is None else str(error), f"{low} - {high}"]
        if found.stands and of is found.summaries[key]:
            stands = stored(key, found.stands[key])
            line.append("" if stands is None else str(stands))
    return line


def _main(found: ScenarioResult, keys: list[Key]) -> list[dict[str, str]]:
    from admissions.results.simulation import numbers

    rows = []
    for key in keys:
        mean, low, high = numbers(key, found.summaries[key])
        row = {"measure": key.measure, "offering": key.offering, "group": key.group}
        rows.append({**row, "mean": mean, "p5": low, "p95": high})
    return rows
