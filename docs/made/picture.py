"""The picture of the architecture, drawn from the imports, and the same as a table."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from html import escape

import grimp

PACKAGES = ("admissions", "admissions_api")
PARTS: dict[str, tuple[str, ...]] = {
    "command line": ("cli",),
    "HTTP API": ("admissions_api",),
    "simulation": ("simulation", "pool", "assumed"),
    "comparison": ("comparison", "agreement", "groups", "suppression", "frontier"),
    "result folder": ("result", "folder", "letters"),
    "report": ("report", "summary", "output_table"),
    "explanation": ("explanation", "decisions"),
    "trying the rules": ("trial",),
    "verification": ("verification",),
    "run": ("run", "problem"),
    "allocation": ("allocation", "plan"),
    "catalogue": ("catalogue", "matrix"),
    "ranking": ("ranking", "leaders", "leader_rules", "round_facts", "lottery"),
    "scenario": ("scenario",),
    "rulebook": ("rulebook", "limits"),
    "rules": ("rules",),
    "intake": ("intake", "tables", "columns", "template", "round_files"),
    "foundations": (
        "facts", "round", "hundredths", "vocabulary", "wording", "errors", "resources",
    ),
}  # fmt: skip
"""Which modules make a part; one that is not named is a part by itself."""

FOUNDATIONS = "foundations"
WIDTH, BOX, HIGH, ROW = 960, 118, 40, 92

Imports = Mapping[str, frozenset[str]]


def part_of(module: str) -> str:
    """The part that ``module`` (dotted, of ``PACKAGES``) belongs to; "" for a package itself."""
    package, _, inside = module.partition(".")
    name = inside.partition(".")[0] if package == "admissions" else package
    for part, modules in PARTS.items():
        if name in modules:
            return part
    return name


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
    height = levels(graph)
    top = max(height.values())
    places: dict[str, tuple[float, float]] = {}
    for level in range(top + 1):
        row = sorted(part for part in graph if height[part] == level)
        for number, part in enumerate(row):
            places[part] = (WIDTH / len(row) * (number + 0.5), 30 + (top - level) * ROW)
    said = "; ".join(
        f"{part} imports {', '.join(sorted(others)) or 'nothing'}"
        for part, others in imports().items()
    )
    size = f"{WIDTH} {30 + top * ROW + HIGH}"
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" role="img" '
        'aria-labelledby="title description">',
        '<title id="title">The parts of the program, and which imports which</title>',
        f'<desc id="description">{escape(said)}.</desc>',
        '<defs><marker id="end" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
        'markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z" fill="#4a5763"/></marker></defs>',
        '<rect width="100%" height="100%" fill="#ffffff"/>',
        *(_arrow(places[part], places[other]) for part, other in arrows(graph)),
        *(_box(part, *place) for part, place in places.items()),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _arrow(start: tuple[float, float], end: tuple[float, float]) -> str:
    (x1, y1), (x2, y2) = start, end
    y1, y2 = y1 + HIGH / 2, y2 - HIGH / 2 - 2
    return (
        f'<path d="M{x1:.0f} {y1:.0f}C{x1:.0f} {y1 + 34:.0f} {x2:.0f} {y2 - 34:.0f} '
        f'{x2:.0f} {y2:.0f}" fill="none" stroke="#4a5763" marker-end="url(#end)"/>'
    )


def _box(name: str, x: float, y: float) -> str:
    wide = max(BOX, 9 * len(name) + 16)
    return (
        f'<rect x="{x - wide / 2:.0f}" y="{y - HIGH / 2:.0f}" width="{wide}" height="{HIGH}" '
        'rx="5" fill="#e3eef6" stroke="#0b4668"/>'
        f'<text x="{x:.0f}" y="{y + 5:.0f}" text-anchor="middle" font-family="sans-serif" '
        f'font-size="15" fill="#1a232c">{escape(name)}</text>'
    )


def table() -> str:
    """The same as a table: part, its modules, and what it imports."""
    graph = imports()
    lines = ["| part | modules | imports |", "|---|---|---|"]
    for part in [*PARTS, *(part for part in graph if part not in PARTS)]:
        modules = ", ".join(f"`{name}`" for name in PARTS.get(part, (part,)))
        lines.append(f"| {part} | {modules} | {', '.join(sorted(graph[part])) or 'nothing'} |")
    return "\n".join(lines) + "\n"
