"""The picture of the architecture, drawn from the imports, and the same as a table."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from html import escape
from importlib import import_module
from itertools import pairwise
from statistics import fmean

import grimp

PACKAGES = ("admissions", "admissions_api")
FOUNDATIONS = "model"
"""What everything imports; arrows to it are not drawn."""
WIDTH, BOX, HIGH, ROW, ROOM = 960, 118, 40, 92, 80

Imports = Mapping[str, frozenset[str]]


def part_of(module: str) -> str:
    """The folder that ``module`` (dotted, of ``PACKAGES``) lies in; "" for the package itself."""
    package, _, inside = module.partition(".")
    return inside.partition(".")[0] if package == "admissions" else package


@cache
def imports() -> Imports:
    """Which other parts each part imports."""
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    found: dict[str, set[str]] = {}
    for module in graph.modules:
        part = part_of(module)
        if part:
            named = map(part_of, graph.find_modules_directly_imported_by(module))
            found.setdefault(part, set()).update(other for other in named if other)
    return {part: frozenset(others - {part}) for part, others in sorted(found.items())}


def levels(graph: Imports) -> dict[str, int]:
    """The height of each part: 0 imports nothing else, one above the highest that it imports."""
    height: dict[str, int] = {}

    def of(part: str) -> int:
        if part not in height:
            height[part] = max((of(other) + 1 for other in graph[part]), default=0)
        return height[part]

    return {part: of(part) for part in graph}


def boxes() -> Imports:
    """The parts as they are drawn: those that import each other in one box, by all their names."""
    graph = imports()
    reach = {part: _reached(part, graph) for part in graph}
    box = {
        part: ", ".join(
            other
            for other in graph
            if other == part or (other in reach[part] and part in reach[other])
        )
        for part in graph
    }
    drawn: dict[str, set[str]] = {}
    for part, others in graph.items():
        drawn.setdefault(box[part], set()).update(box[other] for other in others)
    return {name: frozenset(others - {name}) for name, others in drawn.items()}


def _reached(part: str, graph: Imports) -> frozenset[str]:
    seen: set[str] = set()
    rest = list(graph[part])
    while rest:
        other = rest.pop()
        if other not in seen:
            seen.add(other)
            rest += graph[other]
    return frozenset(seen)


def arrows(graph: Imports) -> list[tuple[str, str]]:
    """The imports to draw: not those of the foundations, nor any that others imply."""
    reach = {part: _reached(part, graph) for part in graph}
    return [
        (part, other)
        for part, others in graph.items()
        for other in sorted(others)
        if other != FOUNDATIONS and not any(other in reach[between] for between in others)
    ]


def svg() -> str:
    """The picture, with a title and a description for those who do not see it."""
    graph = boxes()
    places, ways = _laid_out(graph)
    depth = max(y for _, y in places.values())
    said = "; ".join(
        f"{part} imports {', '.join(sorted(others)) or 'nothing'}"
        for part, others in imports().items()
    )
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {depth + HIGH:.0f}" '
        'role="img" aria-labelledby="title description">',
        '<title id="title">The parts of the program, and which imports which</title>',
        f'<desc id="description">{escape(said)}.</desc>',
        '<defs><marker id="end" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
        'markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z" fill="#4a5763"/></marker></defs>',
        '<rect width="100%" height="100%" fill="#ffffff"/>',
        *map(_arrow, ways),
        *(_box(part, *place) for part, place in places.items()),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


Point = tuple[float, float]


def _laid_out(graph: Imports) -> tuple[dict[str, Point], list[list[Point]]]:
    """Where each box stands, and the way of each arrow; a long one has a place in every row."""
    height = levels(graph)
    top = max(height.values())
    chains = []
    for part, other in arrows(graph):
        between = [(part, other, level) for level in range(height[part] - 1, height[other], -1)]
        chains.append([part, *between, other])
    above: dict[object, list[object]] = {}
    for chain in chains:
        for upper, lower in pairwise(chain):
            above.setdefault(lower, []).append(upper)
    spots: dict[object, Point] = {}
    for level in range(top, -1, -1):
        steps = [step for chain in chains for step in chain[1:-1] if step[2] == level]
        row: list[object] = [*sorted(part for part in graph if height[part] == level), *steps]
        row.sort(key=lambda item: fmean([spots[o][0] for o in above.get(item, ())] or [WIDTH / 2]))
        wide = [ROOM if isinstance(item, tuple) else _width(str(item)) + ROOM for item in row]
        edge = (WIDTH - sum(wide)) / 2
        for item, room in zip(row, wide, strict=True):
            spots[item] = (edge + room / 2, 30 + (top - level) * ROW)
            edge += room
    places = {part: spots[part] for part in graph}
    return places, [[spots[step] for step in chain] for chain in chains]


def _arrow(way: list[Point]) -> str:
    """A line through ``way``, from below its first point to above its last."""
    (x, y), *rest = way
    path = f"M{x:.0f} {y + HIGH / 2:.0f}"
    y += HIGH / 2
    for number, (x2, y2) in enumerate(rest, start=1):
        end = y2 - HIGH / 2 - 2 if number == len(rest) else y2
        path += f"C{x:.0f} {y + 30:.0f} {x2:.0f} {end - 30:.0f} {x2:.0f} {end:.0f}"
        x, y = x2, end
    return f'<path d="{path}" fill="none" stroke="#4a5763" marker-end="url(#end)"/>'


def _width(name: str) -> int:
    return max(BOX, 9 * len(name) + 16)


def _box(name: str, x: float, y: float) -> str:
    wide = _width(name)
    return (
        f'<rect x="{x - wide / 2:.0f}" y="{y - HIGH / 2:.0f}" width="{wide}" height="{HIGH}" '
        'rx="5" fill="#e3eef6" stroke="#0b4668"/>'
        f'<text x="{x:.0f}" y="{y + 5:.0f}" text-anchor="middle" font-family="sans-serif" '
        f'font-size="15" fill="#1a232c">{escape(name)}</text>'
    )


def table() -> str:
    """The same as a table: each folder, what it says of itself, and what it imports."""
    graph = imports()
    lines = ["| folder | what is in it | imports |", "|---|---|---|"]
    for part in graph:
        package = part if part in PACKAGES else f"admissions.{part}"
        said = (import_module(package).__doc__ or "").partition("\n")[0]
        lines.append(f"| `{part}` | {said} | {', '.join(sorted(graph[part])) or 'nothing'} |")
    return "\n".join(lines) + "\n"
