"""The tables of a comparison: aggregates that anyone may read, and rows that stay in the office."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

import numpy as np

from admissions.comparison.agreement import Agreement, agreements, pooled_tau
from admissions.comparison.causes import Moved, moved_applications
from admissions.comparison.groups import GROUPINGS, group_codes
from admissions.comparison.runs import NO_SEAT, Comparison, SeatChange
from admissions.model.facts import Flags, Numbers
from admissions.model.output_table import TOTAL, OutputColumn, OutputTable, Value

GROUP_PREFIX = "by-"
SECTOR_TABLE = "by-sector"
OFFERING_TABLE = "by-offering"
CAUSES = "causes"
CAUSES_BY_OFFERING = "causes-by-offering"
AGREEMENT = "agreement"
CHANGES = (SeatChange.KEPT, SeatChange.MOVED, SeatChange.WON, SeatChange.LOST)


def group_tables(comparison: Comparison) -> list[OutputTable]:
    """One table a grouping: its people, those qualified, and who holds a seat under each scenario.

    A row a group that somebody is in, and a row of sums. For each other scenario: seats held,
    ``kept`` (the same offering), ``moved`` (another), ``won`` and ``lost``.
    """
    return [
        _group_table(comparison, grouping, codes)
        for grouping, codes in group_codes(comparison.round).items()
    ]


def _group_table(comparison: Comparison, grouping: str, codes: Numbers) -> OutputTable:
    columns, flags = [OutputColumn("people", "count")], [np.ones(len(codes), dtype=np.bool_)]
    for run in comparison.runs:
        columns.append(OutputColumn("qualified", "count", group=run.id))
        columns.append(OutputColumn("seats", "count", group=run.id))
        flags += [run.qualified, run.seat != NO_SEAT]
        if run is not comparison.base:
            changes = comparison.changes(run)
            columns += [OutputColumn(change, "count", group=run.id) for change in CHANGES]
            flags += [changes == change for change in CHANGES]
    labels = GROUPINGS[grouping]
    present = [code for code in range(len(labels)) if (codes == code).any()]
    rows = [_counted_row(labels[code], flags, codes == code) for code in present]
    head = OutputColumn("group", "code", section=f"group-{grouping}")
    sums = _counted_row(TOTAL, flags, np.ones(len(codes), dtype=np.bool_))
    return OutputTable(f"{GROUP_PREFIX}{grouping}", (head, *columns), (*rows, sums), sums=True)


def _counted_row(label: str, flags: Sequence[Flags], among: Flags) -> tuple[Value, ...]:
    return (label, *(int((flag & among).sum()) for flag in flags))


def offering_table(comparison: Comparison) -> OutputTable:
    """A row an offering: offers to make, the qualified, and who holds a seat under each scenario.

    For each other scenario: ``kept``; who comes, from no seat (``won``) or from another offering
    (``moved-in``); who goes, to no seat (``lost``) or to another offering (``moved-out``).
    """
    columns = []
    counted: list[Sequence[int]] = []
    number = range(len(comparison.round.offerings))
    for run in comparison.runs:
        columns += [
            OutputColumn(name, "count", group=run.id) for name in ("offers", "qualified", "seats")
        ]
        counted.append(run.run.problem.offers.tolist())
        counted.append([int((run.run.problem.offering == n).sum()) for n in number])
        counted.append([int((run.seat == n).sum()) for n in number])
        if run is not comparison.base:
            changes, base = comparison.changes(run), comparison.held_against(run)
            for name, seat, change in (
                ("kept", run.seat, SeatChange.KEPT),
                ("moved-in", run.seat, SeatChange.MOVED),
                ("won", run.seat, SeatChange.WON),
                ("moved-out", base.seat, SeatChange.MOVED),
                ("lost", base.seat, SeatChange.LOST),
            ):
                columns.append(OutputColumn(name, "count", group=run.id))
                counted.append([int(((seat == n) & (changes == change)).sum()) for n in number])
    rows: list[tuple[Value, ...]] = list(zip(comparison.round.offerings, *counted, strict=True))
    sums: tuple[Value, ...] = (TOTAL, *(sum(column) for column in counted))
    head = OutputColumn("offering", "code", section="offering")
    return OutputTable(OFFERING_TABLE, (head, *columns), (*rows, sums), sums=True)


def cause_tables(comparison: Comparison) -> list[OutputTable]:
    """Which criterion moved whom: one table over all offerings, one by offering.

    A row a scenario, direction, cause and pair of deciding rules; the most frequent first.
    """
    moved = {run.id: moved_applications(comparison, run) for run in comparison.others}
    columns = (
        OutputColumn("scenario", "code", section="scenario"),
        OutputColumn("direction", "code", section="direction"),
        OutputColumn("cause", "code", section="cause"),
        OutputColumn("base-rule", "code", section="rule"),
        OutputColumn("scenario-rule", "code", section="rule"),
        OutputColumn("applications", "count"),
    )
    overall = _counted(moved, lambda found: ())
    by_offering = _counted(moved, lambda found: (found.offering,))
    offering = OutputColumn("offering", "code", section="offering")
    return [
        OutputTable(CAUSES, columns, tuple(overall)),
        OutputTable(CAUSES_BY_OFFERING, (columns[0], offering, *columns[1:]), tuple(by_offering)),
    ]


def _counted(
    moved: dict[str, list[Moved]], first: Callable[[Moved], tuple[str, ...]]
) -> list[tuple[Value, ...]]:
    rows: list[tuple[Value, ...]] = []
    for scenario, applications in moved.items():
        counts = Counter(
            (*first(one), one.direction, one.cause.value, one.base_column, one.other_column)
            for one in applications
        )
        ordered = sorted(counts.items(), key=lambda entry: (entry[0][:-3], -entry[1], entry[0]))
        rows += [(scenario, *(part or None for part in key), n) for key, n in ordered]
    return rows


def agreement_table(comparison: Comparison) -> OutputTable:
    """How alike two offerings rank those qualified at both, under each scenario; then pooled."""
    found = {run.id: agreements(run.run.rankings) for run in comparison.runs}
    pairs = sorted({pair for table in found.values() for pair in table})
    columns = [
        OutputColumn("offering", "code", "offering"),
        OutputColumn("other-offering", "code", "offering"),
    ]
    for run in comparison.runs:
        columns += [OutputColumn(name, "count", group=run.id) for name in _AGREEMENT_COUNTS]
        columns.append(OutputColumn("tau", "decimal", group=run.id, decimals=2))
    rows: list[tuple[Value, ...]] = [
        (*pair, *(cell for table in found.values() for cell in _agreement_cells(table.get(pair))))
        for pair in pairs
    ]
    pooled: list[Value] = []
    for table in found.values():
        counts = [sum(getattr(a, name) for a in table.values()) for name in _AGREEMENT_COUNTS]
        pooled += [*counts, hundredths(pooled_tau(table.values()))]
    return OutputTable(AGREEMENT, tuple(columns), (*rows, (TOTAL, None, *pooled)), sums=True)


_AGREEMENT_COUNTS = ("common", "concordant", "discordant")


def _agreement_cells(found: Agreement | None) -> tuple[Value, ...]:
    if found is None:
        return (0, 0, 0, None)
    return (found.common, found.concordant, found.discordant, hundredths(found.tau))


def hundredths(value: Fraction | None) -> Decimal | None:
    """``value`` with two decimals, half to even; None stays."""
    if value is None:
        return None
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal("0.01"), rounding=ROUND_HALF_EVEN)


def aggregate_tables(comparison: Comparison) -> tuple[OutputTable, ...]:
    """Every table without a row of a person's."""
    return (
        offering_table(comparison),
        *group_tables(comparison),
        *cause_tables(comparison),
        agreement_table(comparison),
    )


def person_table(comparison: Comparison) -> OutputTable:
    """A row a person: groups, the seat under each scenario, and what changed. Office use."""
    applicants = comparison.round.applicants
    codes = group_codes(comparison.round)
    columns = [OutputColumn("person_id", "text"), OutputColumn("service_id", "text")]
    columns += [OutputColumn(name, "code", section=f"group-{name}") for name in codes]
    cells: list[list[Value]] = [
        applicants["person_id"].tolist(),
        [text or None for text in applicants["service_id"]],
        *([GROUPINGS[name][code] for code in found] for name, found in codes.items()),
    ]
    names = (*comparison.round.offerings, None)
    for run in comparison.runs:
        columns.append(OutputColumn("seat", "code", section="offering", group=run.id))
        cells.append([names[n] for n in run.seat])
        if run is not comparison.base:
            columns.append(OutputColumn("change", "code", section="change", group=run.id))
            cells.append(comparison.changes(run).tolist())
    return OutputTable("persons", tuple(columns), tuple(zip(*cells, strict=True)))


def applications_moved(comparison: Comparison) -> OutputTable:
    """A row an application whose offer another scenario gives or takes, with why. Office use."""
    columns = (
        OutputColumn("person_id", "text"),
        OutputColumn("scenario", "code", section="scenario"),
        OutputColumn("offering", "code", section="offering"),
        OutputColumn("direction", "code", section="direction"),
        OutputColumn("cause", "code", section="cause"),
        OutputColumn("base-rule", "code", section="rule"),
        OutputColumn("scenario-rule", "code", section="rule"),
    )
    persons = comparison.round.applications["person_id"]
    rows: list[tuple[Value, ...]] = [
        (persons.iloc[one.application], run.id, one.offering, one.direction, one.cause.value,
         one.base_column or None, one.other_column or None)
        for run in comparison.others
        for one in moved_applications(comparison, run)
    ]  # fmt: skip
    return OutputTable("changes", columns, tuple(rows))


def side_by_side(comparison: Comparison, offering: str) -> OutputTable:
    """The ranking rows of one offering under each scenario, side by side. Office use.

    A row an application, by the rank under the base, those not qualified there last. For each
    scenario: rank, outcome, and a column a rule with the whole numbers of ``rankings/`` (more is
    better).
    """
    columns = [OutputColumn("person_id", "text")]
    table = comparison.base.run.rankings[offering]
    people = comparison.round.applicants["person_id"].to_numpy()[table.person]
    cells: list[list[Value]] = [people.tolist()]
    for run in comparison.runs:
        own = run.run.rankings[offering]
        outcome = run.decisions["outcome"].to_numpy()[own.application]
        columns += [
            OutputColumn("rank", "count", group=run.id),
            OutputColumn("outcome", "code", section="outcome", group=run.id),
            *(OutputColumn(name, "count", group=run.id) for name in own.columns),
        ]
        cells.append([n or None for n in own.rank.tolist()])
        cells.append(outcome.tolist())
        cells += own.cells.T.tolist()
    unranked = np.flatnonzero(~table.qualified)
    order = [*table.by_rank().tolist(), *unranked.tolist()]
    rows = list(zip(*cells, strict=True))
    return OutputTable(offering, tuple(columns), tuple(rows[n] for n in order))
