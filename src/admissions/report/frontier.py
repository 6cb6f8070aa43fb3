"""The page that shows the frontier between merit and spread."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from admissions.model.output_table import OutputColumn, OutputTable
from admissions.model.vocabulary import Language
from admissions.report.cells import Cells
from admissions.report.inputs import input_heads, input_table
from admissions.report.page import render
from admissions.report.pictures import picture
from admissions.report.words import Words

if TYPE_CHECKING:
    from admissions.comparison.spread_frontier import Frontier

WIDTH, HEIGHT = 900, 420
_LEFT, _BELOW, _ABOVE = 80, 46, 30
_LINES = 5


def frontier_html(frontier: Frontier, language: Language) -> str:
    """``report.html``: the frontier as a picture and a table, and what it means."""
    words = Words(language, "frontier")
    scenario = frontier.merit.scenario
    points = frontier.points
    title = scenario.scenario.title
    return render(
        "frontier.html",
        words,
        scenario=title.in_(language) if title else scenario.scenario.id,
        rules_on=words.date(scenario.rules_on),
        seed=scenario.scenario.seed,
        offers=words.number(int(frontier.merit.plan.held.sum())),
        qualified=words.number(frontier.qualified),
        first=words.number(points[0].municipalities),
        last=words.number(points[-1].municipalities),
        loss=words.number(points[-1].loss),
        curve=_curve(frontier, words),
        cells=Cells(words, {}, input_heads(words)),
        points=frontier_table(frontier),
        inputs=input_table(dict(sorted(frontier.merit.round.sha256.items()))),
    )


def frontier_table(frontier: Frontier) -> OutputTable:
    """A row a point: municipalities, the least loss, and how much more than one before."""
    losses = [point.loss for point in frontier.points]
    rows = tuple(
        (point.municipalities, point.loss, point.loss - before)
        for point, before in zip(frontier.points, [losses[0], *losses], strict=False)
    )
    names = ("municipalities", "loss", "more")
    return OutputTable("frontier", tuple(OutputColumn(name, "count") for name in names), rows)


def _curve(frontier: Frontier, words: Words) -> Markup:
    """A point for each number of municipalities, and the loss above it."""
    points = frontier.points
    first, last = points[0].municipalities, points[-1].municipalities
    most = max(1, points[-1].loss)
    across = (WIDTH - _LEFT - 20) / max(1, last - first)
    up = (HEIGHT - _BELOW) / most
    dots = [
        {"x": _LEFT + across * (p.municipalities - first), "y": HEIGHT - _BELOW - up * p.loss}
        for p in points
    ]
    heights = range(0, most + 1, _round_step(most))
    lines = [
        {"y": HEIGHT - _BELOW - up * loss, "x": _LEFT, "end": WIDTH, "text": words.number(loss)}
        for loss in heights
    ]
    places = sorted({first + (last - first) * n // (_LINES - 1) for n in range(_LINES)})
    foot = [
        {"x": _LEFT + across * (n - first), "y": HEIGHT - _BELOW + 16, "text": words.number(n)}
        for n in places
    ]
    names = [
        {"x": 0, "y": -14, "text": words("column.loss").unescape()},
        {"x": _LEFT, "y": HEIGHT - 8, "text": words("column.municipalities").unescape()},
    ]
    muted = {"color": "var(--muted)"}
    return picture(
        "curve",
        words("curve-caption").unescape(),
        _told(frontier, words),
        layers=[
            _layer(lines, {"type": "rule", "color": "var(--line)"}, x2={"field": "end"}),
            _texts(lines, {**muted, "align": "right", "dx": -8}),
            _layer(dots, {"type": "line", "color": "var(--offered)", "strokeWidth": 2}),
            _layer(dots, {"type": "point", "filled": True, "size": 36, "color": "var(--offered)"}),
            _texts(foot, {**muted, "align": "center"}),
            _texts(names, {"fontWeight": 600}),
        ],
        width=WIDTH,
        height=HEIGHT,
        above=_ABOVE,
    )


def _round_step(most: int) -> int:
    """The smallest of 1, 2, 5, 10, 20 … that needs at most ``_LINES`` steps up to ``most``."""
    steps: Iterator[int] = (digit * 10**power for power in count() for digit in (1, 2, 5))
    return next(step for step in steps if step * _LINES >= most)


def _told(frontier: Frontier, words: Words) -> str:
    """The curve in words: its ends, and the points between by quarters."""
    points = frontier.points
    chosen = sorted({(len(points) - 1) * n // (_LINES - 1) for n in range(_LINES)})
    told = [
        words(
            "curve-point",
            municipalities=words.number(points[n].municipalities),
            loss=words.number(points[n].loss),
        )
        for n in chosen
    ]
    return words("curve-desc", points=Markup("; ").join(told)).unescape()


def _layer(
    values: list[dict[str, Any]], mark: dict[str, Any], **channels: dict[str, Any]
) -> dict[str, Any]:
    def place(field: str, size: int) -> dict[str, Any]:
        scale = {"domain": [0, size], "range": [0, size], "nice": False}
        return {"field": field, "type": "quantitative", "axis": None, "scale": scale}

    encoding = {"x": place("x", WIDTH), "y": place("y", HEIGHT), **channels}
    return {"data": {"values": values}, "mark": mark, "encoding": encoding}


def _texts(values: list[dict[str, Any]], mark: dict[str, Any]) -> dict[str, Any]:
    return _layer(values, {"type": "text", **mark}, text={"field": "text", "type": "nominal"})
