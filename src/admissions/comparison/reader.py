"""What a careful reader knows of the counts in public tables: by sums, by rules, and from before.

A reader has every printed number, what was published of the round before, the scenarios with their
rules, which rule is at which offering, and the words that say what is counted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import cast

from admissions.comparison.causes import Cause
from admissions.comparison.runs import ComparedRun, Comparison
from admissions.comparison.tables import (
    AGREEMENT,
    CAUSES,
    CAUSES_BY_OFFERING,
    OFFERING_TABLE,
)
from admissions.model.output_table import OutputColumn, OutputTable, Value
from admissions.rulebooks.apart import same_mechanism, same_rules, same_seats
from admissions.rulebooks.scenario import ResolvedScenario
from admissions.suppression import SMALL, Counts, Sum
from admissions.suppression.counts import Cell

Place = tuple[str, int, str]
"""Where a count stands in a report: table, row number, column name."""

_NOT_PEOPLE = ("offers",)
"""Columns that count no people: how many offers an offering makes is public."""

_CHANGES = ("in", "out", "won", "lost")
"""Columns that hold a scenario against another; the rest are of one scenario."""


@dataclass(frozen=True, eq=False)
class Publication:
    """What one report prints: the tables of ``public.coarse_tables``, by id, with every count.

    ``by_offering``: the causes with their offering, which nobody prints. ``hidden``: what was
    hidden when it was published; None while that is to be decided.
    """

    comparison: Comparison
    tables: Mapping[str, OutputTable]
    by_offering: OutputTable
    hidden: frozenset[Place] | None = None

    @property
    def crossed(self) -> list[OutputTable]:
        """The tables of people and offerings by scenario, offerings first."""
        return [t for t in self.tables.values() if t.id not in (CAUSES, AGREEMENT)]


class Reader:
    """Everything that ties the counts of publications together, as ``suppression.Counts``.

    A count has one name wherever it is printed, so that a report can be held against earlier ones:
    (table, row, measure, scenarios), where scenarios that decide alike are the same.
    """

    def __init__(self, publications: Iterable[Publication]) -> None:
        self._scenarios: list[ResolvedScenario] = []
        self._runs: list[ComparedRun] = []
        self._values: dict[Cell, int] = {}
        self._printed: set[Cell] = set()
        self._known: set[Cell] = set()
        self._withheld: set[Cell] = set()
        self._derived: set[Cell] = set()
        self._between: set[Cell] = set()
        self._sums: list[Sum] = []
        self._most: dict[Cell, int] = {}
        self._least: dict[Cell, int] = {}
        self._together: dict[Cell, list[Cell]] = defaultdict(list)
        for publication in publications:
            self._read(publication)

    def counts(self) -> Counts:
        """All of it; only what is printed by the publication in the making can be hidden."""
        withheld = self._withheld - self._known - self._printed
        return Counts(
            self._values,
            self._sums,
            list(self._together.values()),
            self._derived,
            self._most,
            self._least,
            self._known,
            withheld,
            self._between,
        )

    def places(self, publication: Publication, cells: Collection[Cell]) -> frozenset[Place]:
        """Where ``cells`` stand in ``publication``."""
        found = self._cells(publication)
        return frozenset(place for cell, place, _ in found if cell in cells)

    def _cells(self, publication: Publication) -> Iterator[tuple[Cell, Place, int]]:
        """Name, place and value of each count of people."""
        for table in publication.crossed:
            for number, row in enumerate(table.rows):
                for column, value in zip(table.columns, row, strict=True):
                    if column.kind == "count" and column.id not in _NOT_PEOPLE:
                        cell = self._cell(publication, table, row[0], column)
                        yield cell, (table.id, number, column.name), cast("int", value)
        for number, row in enumerate(publication.tables[CAUSES].rows):
            cell = self._cause(publication, row)
            yield cell, (CAUSES, number, "applications"), cast("int", row[-1])

    def _cell(
        self, publication: Publication, table: OutputTable, row: Value, column: OutputColumn
    ) -> Cell:
        return self._count(publication.comparison, table.id, row, column.group, column.id)

    def _count(
        self, comparison: Comparison, table: str, row: Value, scenario: str, measure: str
    ) -> Cell:
        """The name of a count under ``scenario``."""
        run = next(run for run in comparison.runs if run.id == scenario)
        against = comparison.held_against(run) if measure in _CHANGES else run
        return (table, row, measure, self._key(run, comparison), self._key(against, comparison))

    def _cause(self, publication: Publication, row: tuple[Value, ...]) -> Cell:
        scenario, direction, *cause = row[:-1]
        name = "in" if direction == "in" else "out"
        total = self._count(publication.comparison, CAUSES, "", str(scenario), name)
        return (CAUSES, tuple(cause), *total[2:])  # type: ignore[index]

    def _key(self, run: ComparedRun, comparison: Comparison) -> int:
        """A number for what ``run`` decides by: the same for scenarios that differ in name only."""
        one, offerings = run.run.scenario, comparison.round.offerings
        for number, other in enumerate(self._scenarios):
            if (
                one.scenario.seed == other.scenario.seed
                and same_rules(one, other, offerings)
                and same_mechanism(one, other)
                and same_seats(one, other, offerings)
            ):
                return number
        self._scenarios.append(one)
        return len(self._scenarios) - 1

    def _read(self, publication: Publication) -> None:
        for cell, place, value in self._cells(publication):
            self._values[cell] = value
            if publication.hidden is None:
                self._printed.add(cell)
                self._together[cell[:3]].append(cell)  # type: ignore[index]
            elif place in publication.hidden:
                self._withheld.add(cell)
            else:
                self._known.add(cell)
        for table in publication.crossed:
            self._add_columns(publication, table)
            self._add_rows(publication, table)
        self._add_offers(publication)
        self._add_shared_totals(publication)
        self._add_moved(publication)
        self._add_causes(publication)
        self._add_places_of_causes(publication)
        self._add_agreement(publication)
        for run in publication.comparison.runs:
            self._add_qualified(publication, run)

    def _add_columns(self, publication: Publication, table: OutputTable) -> None:
        """Each column ends in its sum."""
        *rows, last = (row[0] for row in table.rows)
        for column in table.columns:
            if column.kind == "count" and column.id not in _NOT_PEOPLE:
                total, *parts = (
                    self._cell(publication, table, row, column) for row in (last, *rows)
                )
                self._sums.append(Sum(total, tuple(parts)))

    def _add_rows(self, publication: Publication, table: OutputTable) -> None:
        """Who is qualified has a seat or none; who had one kept it or not, and others came."""
        comparison = publication.comparison
        came, went = ("in", "out") if table.id == OFFERING_TABLE else ("won", "lost")
        for (row, *_), run in product(table.rows, comparison.runs):
            seats = self._count(comparison, table.id, row, run.id, "seats")
            qualified = self._count(comparison, table.id, row, run.id, "qualified")
            self._add_rest(qualified, seats, "without")
            if run is not comparison.base:
                gone = self._count(comparison, table.id, row, run.id, went)
                before = self._count(
                    comparison, table.id, row, comparison.held_against(run).id, "seats"
                )
                stayed = self._add_rest(before, gone, "stayed")
                won = self._count(comparison, table.id, row, run.id, came)
                self._sums.append(Sum(seats, (stayed, won)))

    def _add_offers(self, publication: Publication) -> None:
        """No more people hold a seat at an offering than it makes offers, which are printed."""
        comparison = publication.comparison
        table = publication.tables[OFFERING_TABLE]
        for record in table.records():
            for run in comparison.runs:
                if run.run.scenario.scenario.ties != "accept-all":
                    seats = self._count(comparison, table.id, record["offering"], run.id, "seats")
                    self._most[seats] = cast("int", record[f"{run.id}:offers"])

    def _add_shared_totals(self, publication: Publication) -> None:
        """All tables of people end in the same sums; the seats of the offerings add up to them.

        Where there is one offering, the qualified do too. Else who is qualified somewhere is at
        least as many as at any offering, and at most as many as at all together.
        """
        comparison = publication.comparison
        offerings, first, *rest = publication.crossed
        last = first.rows[-1][0]
        for table, column in product(rest, first.columns):
            if column.kind == "count":
                parts = (self._cell(publication, table, last, column),)
                self._sums.append(Sum(self._cell(publication, first, last, column), parts))
        for run in comparison.runs:
            for measure in ("seats", "qualified"):
                people, at, *each = (
                    self._count(comparison, table.id, row, run.id, measure)
                    for table, row in (
                        (first, last),
                        *((offerings, row[0]) for row in reversed(offerings.rows)),
                    )
                )
                if measure == "seats" or len(each) == 1:
                    self._sums.append(Sum(people, (at,)))
                    continue
                self._add_between(at, (people,))
                for one in each:
                    self._add_between(people, (one,))

    def _add_moved(self, publication: Publication) -> None:
        """Who comes to offerings without winning a seat has moved; so has who leaves without.

        Nobody moves where there is one offering. Who moved to an offering wanted more left for it,
        and who moved to one wanted less came without the better one: they are different people.
        """
        comparison = publication.comparison
        offerings, first, *_ = publication.crossed
        end, last = offerings.rows[-1][0], first.rows[-1][0]
        for run in comparison.others:
            moved = None
            for direction, change in (("in", "won"), ("out", "lost")):
                whole = self._count(comparison, offerings.id, end, run.id, direction)
                part = self._count(comparison, first.id, last, run.id, change)
                moved = self._add_rest(whole, part, "moved", moved)
            if moved is not None and len(offerings.rows) == 1 + 1:
                self._most[moved] = 0
            better = [
                self._cause(publication, row)
                for row in publication.tables[CAUSES].rows
                if row[0] == run.id and row[2] == Cause.BETTER_WISH
            ]
            if moved is not None and better:
                self._add_between(moved, tuple(better))

    def _add_causes(self, publication: Publication) -> None:
        """The causes of a direction add up to who came to, or left, the offerings."""
        comparison = publication.comparison
        end = publication.tables[OFFERING_TABLE].rows[-1][0]
        groups: dict[tuple[str, str], list[Cell]] = defaultdict(list)
        for row in publication.tables[CAUSES].rows:
            groups[str(row[0]), str(row[1])].append(self._cause(publication, row))
        for (scenario, direction), parts in groups.items():
            total = self._count(comparison, OFFERING_TABLE, end, scenario, direction)
            self._sums.append(Sum(total, tuple(parts)))

    def _add_places_of_causes(self, publication: Publication) -> None:
        """Who came to, or left, an offering did so by the causes that its rules allow there."""
        comparison = publication.comparison
        found = {(row[0], *row[2:-1], row[1]): row[-1] for row in publication.by_offering.rows}
        at: dict[Cell, list[Cell]] = defaultdict(list)
        for row in publication.tables[CAUSES].rows:
            cause, parts = self._cause(publication, row), []
            scenario, direction = str(row[0]), str(row[1])
            run = next(run for run in comparison.others if run.id == scenario)
            for offering in comparison.round.offerings:
                value = cast("int", found.get((*row[:-1], offering), 0))
                if not value and not possible(comparison, run, row, offering):
                    continue
                cell: Cell = (CAUSES_BY_OFFERING, offering, cause)
                self._values[cell] = value
                self._derived.add(cell)
                parts.append(cell)
                whole = self._count(comparison, OFFERING_TABLE, offering, scenario, direction)
                at[whole].append(cell)
            self._sums.append(Sum(cause, tuple(parts)))
        self._sums += [Sum(whole, tuple(parts)) for whole, parts in at.items()]

    def _add_agreement(self, publication: Publication) -> None:
        """Where a tau is printed, more than ``SMALL`` people are qualified at both offerings."""
        comparison = publication.comparison
        for record in publication.tables[AGREEMENT].records():
            for run in comparison.runs:
                for name in (record["offering"], record["other-offering"]):
                    if name in comparison.round.offerings:
                        cell = self._count(comparison, OFFERING_TABLE, name, run.id, "qualified")
                        self._least[cell] = SMALL + 1

    def _add_qualified(self, publication: Publication, run: ComparedRun) -> None:
        """As many are qualified under scenarios that require the same."""
        comparison = publication.comparison
        offerings = comparison.round.offerings
        for other in self._runs:
            alike = [o for o in offerings if _require_the_same(run, other, o)]
            for table in publication.crossed:
                here = alike if table.id == OFFERING_TABLE else []
                every = [row[0] for row in table.rows] if len(alike) == len(offerings) else here
                for row in every:
                    self._add_equal(
                        *(
                            (table.id, row, "qualified", key, key)
                            for key in (self._key(one, comparison) for one in (run, other))
                        )
                    )
        self._runs.append(run)

    def _add_equal(self, one: Cell, other: Cell) -> None:
        if one != other and self._values[one] == self._values.get(other):
            self._sums.append(Sum(one, (other,)))

    def _add_rest(self, whole: Cell, part: Cell, name: str, rest: Cell | None = None) -> Cell:
        """``rest``, which nobody prints, is what ``whole`` has beyond ``part``."""
        found: Cell = (name, whole, part) if rest is None else rest
        self._values[found] = self._values[whole] - self._values[part]
        self._derived.add(found)
        self._sums.append(Sum(whole, (part, found)))
        return found

    def _add_between(self, whole: Cell, parts: tuple[Cell, ...]) -> None:
        """``whole`` is at least ``parts`` together; what lies between is no number of people."""
        found: Cell = ("between", whole, parts)
        self._values[found] = self._values[whole] - sum(self._values[part] for part in parts)
        self._between.add(found)
        self._sums.append(Sum(whole, (*parts, found)))


def possible(
    comparison: Comparison, run: ComparedRun, row: tuple[Value, ...], offering: str
) -> bool:
    """Whether the rules allow the cause in ``row`` to have moved somebody at ``offering``.

    ``row``: scenario, direction, cause, the base's rule, the scenario's. A rule decides only where
    it stands; nobody is overtaken or unqualified where nothing of the order differs; a limit
    forbids only where there is one; a call ends with offers left only where some are.
    """
    _, direction, cause, *rules = row[:5]
    runs = (comparison.held_against(run), run)
    tables = [one.run.rankings[offering] for one in runs]
    if any(r and r not in table.columns for r, table in zip(rules, tables, strict=True)):
        return False
    without = runs[0] if direction == "in" else runs[1]
    match cause:
        case Cause.ORDER | Cause.REQUIREMENT:
            return not same_rules(runs[0].run.scenario, runs[1].run.scenario, [offering]) or (
                runs[0].run.scenario.scenario.seed != runs[1].run.scenario.scenario.seed
            )
        case Cause.LIMIT:
            return _limited(comparison, without, offering)
        case Cause.NOT_CALLED:
            number = comparison.round.offerings.index(offering)
            held = int((without.seat == number).sum())
            return held < without.run.scenario.offers_to_make(offering)
    return True


def _limited(comparison: Comparison, run: ComparedRun, offering: str) -> bool:
    """Whether a limit reaches ``offering``: one of its own, a quota, or one that a service set."""
    round_ = comparison.round
    return bool(
        run.run.scenario.versions[offering].limits
        or run.run.scenario.scenario.quotas
        or len(round_.leader_groups)
        or (round_.services["max_students"] >= 0).any()
    )


def _require_the_same(one: ComparedRun, other: ComparedRun, offering: str) -> bool:
    mine, theirs = one.run.scenario, other.run.scenario
    return (
        mine.year == theirs.year
        and mine.versions[offering].requirements == theirs.versions[offering].requirements
    )
