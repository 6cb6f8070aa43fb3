"""A picture of means with their ranges: a dot and a line a row, zero included."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from admissions.report.pictures import picture, shortened

WIDTH = 900
ROW = 44
_LEFT, _RIGHT = 20, 880
_NAME_LENGTH = 72


@dataclass(frozen=True)
class IntervalRow:
    """One row: ``numbers`` tells mean and range in words."""

    name: str
    low: float
    mean: float
    high: float
    numbers: str


def intervals(ident: str, title: str, description: str, rows: Sequence[IntervalRow]) -> Markup:
    """The rows below each other, zero included in the scale."""
    least = min([0.0, *(row.low for row in rows), *(row.mean for row in rows)])
    most = max([0.0, *(row.high for row in rows), *(row.mean for row in rows)])
    width = (most - least) or 1.0

    def place(value: float) -> float:
        return _LEFT + (_RIGHT - _LEFT) * (value - least) / width

    lines = [
        {"row": n, "start": place(row.low), "end": place(row.high), "at": place(row.mean),
         "zero": place(0.0), "name": shortened(row.name, _NAME_LENGTH), "numbers": row.numbers}
        for n, row in enumerate(rows)
    ]  # fmt: skip
    bar = {"type": "bar", "height": 6, "yOffset": 10, "color": "var(--qualified)"}
    dot = {"type": "point", "filled": True, "size": 110, "yOffset": 10, "opacity": 1}
    zero = {"type": "tick", "size": 22, "yOffset": 10, "color": "var(--muted)"}
    text = {"type": "text", "yOffset": -12}
    return picture(
        ident,
        title,
        description,
        layers=[
            _layer(lines, zero, x=_along("zero")),
            _layer(lines, bar, x=_along("start"), x2={"field": "end"}),
            _layer(lines, {**dot, "color": "var(--offered)"}, x=_along("at")),
            _layer(lines, {**text, "fontWeight": 600}, x={"value": 0}, text=_told("name")),
            _layer(
                lines, {**text, "align": "right"}, x={"value": WIDTH - 4}, text=_told("numbers")
            ),
        ],
        width=WIDTH,
        height=ROW * len(rows),
    )


def _layer(
    values: list[dict[str, Any]], mark: Mapping[str, Any], **channels: Mapping[str, Any]
) -> dict[str, Any]:
    y = {"field": "row", "type": "ordinal", "axis": None, "scale": {"padding": 0}}
    return {"data": {"values": values}, "mark": dict(mark), "encoding": {"y": y, **channels}}


def _along(field: str) -> dict[str, Any]:
    scale = {"domain": [0, WIDTH], "nice": False}
    return {"field": field, "type": "quantitative", "axis": None, "scale": scale}


def _told(field: str) -> dict[str, str]:
    return {"field": field, "type": "nominal"}
