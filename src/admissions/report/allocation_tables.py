"""The tables of the report of one allocation, each as data; their heads are words of the report."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from admissions.model.output_table import (
    TOTAL,
    CellLine,
    CellLines,
    OutputColumn,
    OutputTable,
    Value,
)
from admissions.report import figures
from admissions.report.cells import Cells
from admissions.report.inputs import input_heads
from admissions.report.rows import AssumptionRow, OutcomeRow, PropertyRow, RuleRow, SolverRow
from admissions.report.summary import OfferingRow, Totals
from admissions.report.words import Words

GROUPS = ("qualified", "offered")
_HEADS = (
    "offering", "seats", "offers", "qualified", "offered", "last-points", "waiting",
    "outcome-label", "reason-label", "applications", "share", "column-number", "property-label",
    "result", "counted-label", "solver", "status-label", "objectives", "unique", "agrees", "rule",
    "role-label", "origin", "about", "value", "range", "why", "applies-to",
)  # fmt: skip


def cells_of(sectors: Sequence[str], wishes: Sequence[Markup], words: Words) -> Cells:
    """What puts the tables of the report into words."""
    heads: dict[str, str] = {name: words(name) for name in _HEADS}
    for group in GROUPS:
        heads |= {f"{group}:{name}": words.of("sector", name) for name in sectors}
        heads[f"{group}:{TOTAL}"] = words("total")
    heads |= {f"wish-{number}": head for number, head in enumerate(wishes, start=1)}
    return Cells(words, {}, {**heads, **input_heads(words)})


def offering_table(
    rows: Sequence[OfferingRow], totals: Totals, sectors: Sequence[str], words: Words
) -> OutputTable:
    """A row an offering: seats, who is qualified and offered by sector, the last one's points."""
    offers = any(row.offers != row.seats for row in rows)
    counted = [OutputColumn("seats", "count"), *([OutputColumn("offers", "count")] * offers)]
    by_sector = [
        OutputColumn(name, "count", group=group, shown="total" if name == TOTAL else "")
        for group in GROUPS
        for name in (*sectors, TOTAL)
    ]
    last = (OutputColumn("last-points", "decimal"), OutputColumn("waiting", "count"))

    def row(about: Value, of: OfferingRow | Totals, points: Value) -> tuple[Value, ...]:
        counts = [of.seats, *([of.offers] * offers)]
        for side in (of.qualified, of.offered):
            counts += [side.get(name, 0) for name in (*sectors, TOTAL)]
        return (about, *counts, points, of.waiting[TOTAL])

    told = [
        row(
            CellLines(CellLine(one.programme.in_(words.language)), CellLine(one.site)),
            one,
            _last_points(one, sectors, words),
        )
        for one in rows
    ]
    return OutputTable(
        "offerings",
        (OutputColumn("offering", "text"), *counted, *by_sector, *last),
        (*told, row(words("sum"), totals, "")),
        sums=True,
    )


def _last_points(row: OfferingRow, sectors: Sequence[str], words: Words) -> Value:
    """The points of the last one admitted; by sector where several hold offers."""
    if not row.offered[TOTAL]:
        return None
    points = row.last_admitted_points
    if points[TOTAL] is None:
        return words("no-points")

    def told(name: str) -> str:
        found = points[name]
        return words.points(found) if found else words("no-points")

    if row.offered.get(sectors[0]) == row.offered[TOTAL]:
        return told(TOTAL)
    there = [name for name in sectors if row.offered.get(name)]
    return CellLines(
        *(CellLine(f"{words.of('sector', name).unescape()} {told(name)}") for name in there)
    )


def demand_table(rows: Sequence[OfferingRow], words: Words) -> OutputTable:
    """A row an offering: seats, qualified, offered."""
    columns = [OutputColumn(name, "count") for name in ("seats", *GROUPS)]
    return OutputTable(
        "demand",
        (OutputColumn("offering", "text"), *columns),
        tuple(
            (figures.name_of(row, words), row.seats, row.qualified[TOTAL], row.offered[TOTAL])
            for row in rows
        ),
    )


def wish_table(rows: Sequence[figures.WishRow]) -> OutputTable:
    """A row an offering: how many offers were somebody's wish 1, 2 and so on."""
    numbers = range(1, len(rows[0].counts) + 1)
    columns = [OutputColumn(f"wish-{number}", "count") for number in numbers]
    return OutputTable(
        "wishes",
        (OutputColumn("offering", "text"), *columns),
        tuple((row.name, *row.counts) for row in rows),
    )


def outcome_table(rows: Sequence[OutcomeRow], applications: int, words: Words) -> OutputTable:
    """A row an outcome and its reason: how many applications, and their share."""
    columns = (
        OutputColumn("outcome-label", "code", "outcome"),
        OutputColumn("reason-label", "code", "reason"),
        OutputColumn("applications", "count"),
        OutputColumn("share", "decimal"),
    )
    return OutputTable(
        "outcomes",
        columns,
        tuple(
            (row.outcome, row.reason, row.count, words.percent(row.count, applications))
            for row in rows
        ),
    )


def certificate_table(rows: Sequence[PropertyRow], words: Words) -> OutputTable:
    """A row a property: whether it holds, and what was counted."""
    columns = (
        OutputColumn("column-number", "text", shown="id"),
        OutputColumn("property-label", "text"),
        OutputColumn("result", "text", shown="state"),
        OutputColumn("counted-label", "text", shown="counted"),
    )

    def state(row: PropertyRow) -> CellLines:
        said = words.of("holds", row.state)
        told = said + ", " + row.excused if row.excused else said
        return CellLines(CellLine(told, mark=row.state))

    return OutputTable(
        "certificate",
        columns,
        tuple((row.id, row.statement, state(row), _pairs(row.counted)) for row in rows),
    )


def solver_table(rows: Sequence[SolverRow]) -> OutputTable:
    """A row a solver: what it proved."""
    names = ("solver", "status-label", "objectives", "unique", "agrees")
    return OutputTable(
        "solvers",
        tuple(OutputColumn(name, "text") for name in names),
        tuple(
            (
                row.name,
                CellLines(*(CellLine(text) for text in (row.status, row.reduced) if text)),
                _pairs(row.objectives),
                row.unique,
                row.alone or row.agrees,
            )
            for row in rows
        ),
    )


def _pairs(pairs: Sequence[tuple[Markup, str]]) -> Value:
    return CellLines(*(CellLine(name + ": " + value) for name, value in pairs)) if pairs else None


def rule_table(rows: Sequence[RuleRow], words: Words) -> OutputTable:
    """A row a column of the ranking, then a row a limit: what it is, and where it is from."""
    columns = (
        OutputColumn("column-number", "count"),
        OutputColumn("rule", "text"),
        OutputColumn("role-label", "code", "role"),
        OutputColumn("origin", "text"),
    )

    def rule(row: RuleRow) -> CellLines:
        parts = (CellLine(f"+ {part.title}") for part in row.parts)
        return CellLines(CellLine(row.title), CellLine(row.id, exact=True), *parts)

    return OutputTable(
        "rules",
        columns,
        tuple(
            (
                None if row.role == "limit" else number,
                rule(row),
                row.role,
                _origin(row, words),
            )
            for number, row in enumerate(rows, start=1)
        ),
        about=1,
    )


def _origin(row: RuleRow, words: Words) -> Value:
    assumed = row.assumed or any(part.assumed for part in row.parts)
    source = (CellLine(row.source),) if row.source else ()
    link = (CellLine(words("assumed"), href="#assumptions"),) if assumed else ()
    return CellLines(*source, *link) if source or link else None


def assumption_table(rows: Sequence[AssumptionRow], words: Words) -> OutputTable:
    """A row an assumption: its value, range and reason, and what it applies to."""
    names = ("about", "value", "range", "why", "applies-to")

    def about(row: AssumptionRow) -> CellLines:
        if row.parameter is None:
            return CellLines(CellLine(row.about), CellLine(words("whole-rule")))
        return CellLines(CellLine(row.about), CellLine(row.parameter, exact=True))

    return OutputTable(
        "assumptions",
        tuple(OutputColumn(name, "text") for name in names),
        tuple(
            (
                about(row),
                row.value,
                row.range,
                row.why,
                CellLines(*map(CellLine, row.offerings)) or words("whole-scenario"),
            )
            for row in rows
        ),
    )
