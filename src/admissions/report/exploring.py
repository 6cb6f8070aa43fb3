"""The page that shows a grid: what every point gives, measure by measure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from markupsafe import Markup

from admissions.model.output_table import OutputColumn, OutputTable, Value
from admissions.model.vocabulary import Language
from admissions.report.cells import Cells, offering_names, scenario_name
from admissions.report.intervals import IntervalRow, intervals
from admissions.report.page import render
from admissions.report.simulation_tables import key_name, ranged, with_error
from admissions.report.words import Words
from admissions.simulation.exploring import ExploredGrid, ExploredPoint
from admissions.simulation.grid import Direction
from admissions.simulation.measures import ALL, Key

_NUMBERS = ("mean", "se", "p5", "p95", "difference", "difference-se", "low", "high")


def exploring_html(found: ExploredGrid, language: Language) -> str:
    """``report.html``: the points that are best, then a picture and a table of every measure."""
    words = Words(language, "simulation")
    grid = found.grid
    best = [n for n, point in enumerate(found.points, start=1) if point.best]
    return render(
        "exploring.html",
        words,
        base=scenario_name(grid.base, words),
        draws=words.number(grid.draws),
        seed=grid.seed,
        points=words.number(len(found.points)),
        directions=[
            _direction(direction, _named(grid.measures[name], found, words), words)
            for name, direction in grid.best.items()
        ],
        best=[(n, _told(found, found.points[n - 1], words)) for n in best],
        cells=Cells(words, {}, {name: name for name in grid.parameters}),
        sections=list(_sections(found, words)),
    )


def _direction(direction: Direction, measure: str, words: Words) -> Markup:
    if direction == "highest":
        return words("explored-highest", measure=measure)
    return words("explored-lowest", measure=measure)


def _sections(found: ExploredGrid, words: Words) -> Iterator[dict[str, Any]]:
    for number_, (name, key) in enumerate(found.grid.measures.items(), start=1):
        title = _named(key, found, words)
        rows = [_interval(found, point, name, key, words) for point in found.points]
        told = Markup("; ").join(Markup("{}: {}").format(row.name, row.numbers) for row in rows)
        description = words("explored-desc", rows=told).unescape()
        caption = words("explored-caption", measure=title).unescape()
        yield {
            "id": f"measure-{number_}",
            "title": title,
            "caption": caption,
            "picture": intervals(f"picture-{number_}", caption, description, rows),
            "table": _table(found, name, key, words),
        }


def _interval(
    found: ExploredGrid, point: ExploredPoint, name: str, key: Key, words: Words
) -> IntervalRow:
    mean, low, high = ranged(key, point.summaries[name])
    texts = ["–" if one is None else words.points(str(one)) for one in (mean, low, high)]
    said = words("explored-range", mean=texts[0], low=texts[1], high=texts[2]).unescape()
    title = _told(found, point, words)
    if point.best:
        title = words("explored-marked", point=title).unescape()
    return IntervalRow(title, float(low or 0), float(mean or 0), float(high or 0), said)


def _table(found: ExploredGrid, name: str, key: Key, words: Words) -> OutputTable:
    """A row a point: its values, what it gives, and how far that is from the base."""
    marked = bool(found.grid.best)
    columns = (
        OutputColumn("point", "count"),
        *(OutputColumn(parameter, "text") for parameter in found.grid.parameters),
        *((OutputColumn("best", "text"),) if marked else ()),
        *(OutputColumn(one, "decimal", decimals=2) for one in _NUMBERS),
    )
    rows: list[tuple[Value, ...]] = [
        (
            n,
            *(words.value(value) for value in point.values),
            *((str(words("yes" if point.best else "no")),) if marked else ()),
            *with_error(key, point.summaries[name]),
            *with_error(key, point.differences[name]),
        )
        for n, point in enumerate(found.points, start=1)
    ]
    return OutputTable("explored", columns, tuple(rows))


def _told(found: ExploredGrid, point: ExploredPoint, words: Words) -> str:
    """The values of a point in a row."""
    pairs = zip(found.grid.parameters, point.values, strict=True)
    return ", ".join(f"{name} = {words.value(value)}" for name, value in pairs)


def _named(key: Key, found: ExploredGrid, words: Words) -> str:
    """A measure in words, with its offering and group."""
    name = key_name(key, words)
    if key.offering == ALL:
        return name
    return f"{name}, {offering_names(found.grid.base, words).get(key.offering, key.offering)}"
