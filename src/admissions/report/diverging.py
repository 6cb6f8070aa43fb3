"""A picture of two counts a row: bars to the left and to the right of a common line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from admissions.report.pictures import picture, shortened

WIDTH = 900
ROW = 46
_MIDDLE = 450
_LONGEST = 400
_NAME_LENGTH = 84


@dataclass(frozen=True)
class DivergingRow:
    """One row: ``numbers`` tells its two counts in words; None where a count is hidden."""

    name: str
    left: int | None
    right: int | None
    numbers: str


def diverging(ident: str, title: str, description: str, rows: Sequence[DivergingRow]) -> Markup:
    """The rows below each other on one scale; a hidden count has no bar."""
    most = max([1, *(n for row in rows for n in (row.left, row.right) if n is not None)])
    sides = ((-1, "left", "var(--seats)"), (1, "right", "var(--offered)"))
    bars = [
        {
            "row": number,
            "start": _MIDDLE,
            "end": _MIDDLE + sign * _LONGEST * count / most,
            "colour": colour,
        }
        for number, row in enumerate(rows)
        for sign, side, colour in sides
        if (count := getattr(row, side))
    ]
    texts = [
        {"row": number, "name": shortened(row.name, _NAME_LENGTH), "numbers": row.numbers}
        for number, row in enumerate(rows)
    ]
    y = {"field": "row", "type": "ordinal", "axis": None, "scale": {"padding": 0}}
    place = {"type": "quantitative", "axis": None, "scale": {"domain": [0, WIDTH], "nice": False}}
    return picture(
        ident,
        title,
        description,
        layers=[
            {
                "data": {"values": bars},
                "mark": {"type": "bar", "height": 14, "yOffset": 9},
                "encoding": {
                    "y": y,
                    "x": {"field": "start", **place},
                    "x2": {"field": "end"},
                    "color": {"field": "colour", "type": "nominal", "scale": None},
                },
            },
            {
                "data": {"values": [{"row": row, "at": _MIDDLE} for row in range(len(rows))]},
                "mark": {"type": "tick", "size": 22, "yOffset": 9, "color": "var(--muted)"},
                "encoding": {"y": y, "x": {"field": "at", **place}},
            },
            _text(texts, "name", y, {"fontWeight": 600}, 0),
            _text(texts, "numbers", y, {"align": "right"}, WIDTH - 4),
        ],
        width=WIDTH,
        height=ROW * len(rows),
    )


def _text(
    values: list[dict[str, Any]], field: str, y: dict[str, Any], mark: dict[str, Any], x: int
) -> dict[str, Any]:
    return {
        "data": {"values": values},
        "mark": {"type": "text", "yOffset": -12, **mark},
        "encoding": {"y": y, "x": {"value": x}, "text": {"field": field, "type": "nominal"}},
    }
