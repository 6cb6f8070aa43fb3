"""The figures of the allocation report, each with its text alternative."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from markupsafe import Markup

from admissions.model.output_table import TOTAL
from admissions.report.pictures import picture, shortened
from admissions.report.summary import OfferingRow
from admissions.report.words import Words

WIDTH = 900
_ROW = 52
_HEADS = 28
_NAME_LENGTH = 80
_WISHES_SHOWN = 4
_LONGEST_BAR = 0.78
_SEATS = {"color": "var(--seats)", "opacity": 1}


@dataclass(frozen=True)
class WishRow:
    """How many offers of one offering were somebody's wish 1, 2, … (the last: that or lower)."""

    name: str
    counts: tuple[int, ...]


def name_of(row: OfferingRow, words: Words) -> str:
    """An offering as people call it: programme and site."""
    return f"{row.programme.in_(words.language)}, {row.site}"


def wish_rows(
    rows: Sequence[OfferingRow], decisions: pd.DataFrame, words: Words
) -> tuple[WishRow, ...]:
    """The offers of each offering by the preference number that the person gave it."""
    offered = (decisions["outcome"] == "offered").to_numpy()
    offering = decisions["offering_id"].to_numpy()[offered]
    wish = decisions["preference"].to_numpy()[offered].clip(max=_WISHES_SHOWN)
    shown = range(1, int(wish.max(initial=1)) + 1)
    return tuple(
        WishRow(
            name_of(row, words),
            tuple(int(((offering == row.offering) & (wish == number)).sum()) for number in shown),
        )
        for row in rows
    )


def wish_heads(rows: Sequence[WishRow], words: Words) -> tuple[Markup, ...]:
    """The names of the columns of ``rows``."""
    count = len(rows[0].counts)
    return tuple(
        words("wish-last" if number == _WISHES_SHOWN else "wish", n=number)
        for number in range(1, count + 1)
    )


def demand(rows: Sequence[OfferingRow], words: Words) -> Markup:
    """Bars of qualified applications with the offers inside, and a line at the seats."""
    values = [
        {
            "row": number,
            "name": shortened(name_of(row, words), _NAME_LENGTH),
            "numbers": words("demand-row", **_demand_numbers(row, words)).unescape(),
            "qualified": row.qualified[TOTAL],
            "offered": row.offered[TOTAL],
            "seats": row.seats,
        }
        for number, row in enumerate(rows)
    ]
    return picture(
        "demand",
        words("demand-caption").unescape(),
        _demand_description(rows, words),
        layers=[
            _bars(values, "qualified", "var(--qualified)", 20),
            _bars(values, "offered", "var(--offered)", 10),
            _mark(
                [value for value in values if value["seats"] is not None],
                {"type": "tick", "size": 30, "thickness": 4, "yOffset": 9, **_SEATS},
                x={"field": "seats", "type": "quantitative"},
            ),
            _text(values, "name", {"yOffset": -13, "fontWeight": 600}, x={"value": 0}),
            _text(values, "numbers", {"yOffset": -13, "align": "right"}, x={"value": WIDTH - 4}),
        ],
        width=WIDTH,
        height=_ROW * len(rows),
    )


def _demand_numbers(row: OfferingRow, words: Words) -> dict[str, str]:
    seats = words("nothing") if row.seats is None else words.number(row.seats)
    return {
        "seats": seats,
        "qualified": words.number(row.qualified[TOTAL]),
        "offered": words.number(row.offered[TOTAL]),
    }


def _demand_description(rows: Sequence[OfferingRow], words: Words) -> str:
    told = [
        words("demand-desc-row", name=name_of(row, words), **_demand_numbers(row, words))
        for row in rows
    ]
    return words("demand-desc", rows=Markup("; ").join(told)).unescape()


def wishes(rows: Sequence[WishRow], words: Words) -> Markup:
    """For each offering one bar a wish, side by side, all on one scale."""
    heads = wish_heads(rows, words)
    most = max(1, *(max(row.counts) for row in rows))
    bars = [
        {
            "row": number,
            "start": place,
            "end": place + _LONGEST_BAR * count / most,
            "count": words.number(count),
        }
        for number, row in enumerate(rows)
        for place, count in enumerate(row.counts)
    ]
    names = [
        {"row": n, "name": shortened(row.name, _NAME_LENGTH), "start": 0}
        for n, row in enumerate(rows)
    ]
    titles = [{"start": place, "head": head.unescape()} for place, head in enumerate(heads)]
    scale = {"domain": [0, len(heads)], "nice": False}
    x = {"field": "start", "type": "quantitative", "axis": None, "scale": scale}
    bar = {"type": "bar", "height": 18, "yOffset": 9, "color": "var(--offered)"}
    head = _text(titles, "head", {"fontWeight": 600, "color": "var(--muted)"}, x=x)
    head["encoding"]["y"] = {"value": -_HEADS + 8}
    return picture(
        "wishes",
        words("wishes-caption").unescape(),
        _wishes_description(rows, heads, words),
        layers=[
            _mark(bars, bar, x=x, x2={"field": "end"}),
            _text(bars, "count", {"yOffset": 10, "dx": 6}, x={**x, "field": "end"}),
            _text(names, "name", {"yOffset": -13, "fontWeight": 600}, x=x),
            head,
        ],
        width=WIDTH,
        height=_ROW * len(rows),
        above=_HEADS,
    )


def _wishes_description(rows: Sequence[WishRow], heads: Sequence[Markup], words: Words) -> str:
    told = []
    for row in rows:
        cells = [
            words("wishes-desc-cell", wish=head, n=words.number(count))
            for head, count in zip(heads, row.counts, strict=True)
        ]
        told.append(words("wishes-desc-row", name=row.name, counts=Markup(", ").join(cells)))
    return words("wishes-desc", rows=Markup("; ").join(told)).unescape()


def _mark(
    values: list[dict[str, Any]], mark: Mapping[str, Any], **channels: Mapping[str, Any]
) -> dict[str, Any]:
    y = {"field": "row", "type": "ordinal", "axis": None, "scale": {"padding": 0}}
    return {"data": {"values": values}, "mark": dict(mark), "encoding": {"y": y, **channels}}


def _bars(values: list[dict[str, Any]], field: str, colour: str, height: int) -> dict[str, Any]:
    bar = {"type": "bar", "height": height, "yOffset": 9, "color": colour}
    return _mark(values, bar, x={"field": field, "type": "quantitative", "axis": None})


def _text(
    values: list[dict[str, Any]], field: str, mark: Mapping[str, Any], x: Mapping[str, Any]
) -> dict[str, Any]:
    return _mark(values, {"type": "text", **mark}, x=x, text={"field": field, "type": "nominal"})
