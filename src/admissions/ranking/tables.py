"""The ranking is a table: a row an application, a column a rule, more is better."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from admissions.model.errors import DataError
from admissions.model.facts import Facts, Flags, Numbers
from admissions.model.hundredths import NOT_DOCUMENTED
from admissions.model.messages import message
from admissions.model.round import Round
from admissions.model.sorting import dense, in_order
from admissions.model.wishes import BEHIND_ALL
from admissions.ranking import leaders
from admissions.ranking.facts_of_round import offering_facts, person_facts
from admissions.ranking.leader_rules import first_points_criterion, with_leader_rules
from admissions.ranking.rounds import Applicants, RoundsAsOne
from admissions.ranking.running_index import running_index
from admissions.ranking.tiers import cut_where_another_begins, sector_tiers
from admissions.rulebooks.rulebook import Version
from admissions.rulebooks.scenario import PERMUTING, LeaderMode, ResolvedScenario
from admissions.rules.base import Rule
from admissions.rules.minimum_share import call_order

SLOT = "slot"
"""The column that stands first where an order was computed from the base order."""


@dataclass(frozen=True, eq=False)
class RankedAtOffering:
    """Who stands where at one offering; of several rounds at once, in each by itself.

    With n applications:

    - ``application``: int64 (n,), the row in ``Round.applications``; rows are in that order,
      so by ``person_id``; ``person``: int64 (n,), the row in ``Round.applicants``;
    - ``qualified``: bool (n,); ``rank``: int64 (n,), 1 = first, 0 where not qualified; where ties
      are not broken, equal rows have equal ranks (1, 2, 2, 4) and the lottery's cells are 0;
    - ``tier``: int64 (n,), the sector tier, 0 = the first;
    - ``facts``: what the cells were computed from, derived facts included (``index`` is that of
      the last group criterion);
    - ``version``: the rules, with those that leader influence added.
    """

    offering: str
    version: Version
    application: NDArray[np.int64]
    person: NDArray[np.int64]
    qualified: Flags
    rank: Numbers
    tier: Numbers
    facts: Facts


@dataclass(frozen=True, eq=False)
class RankingTable(RankedAtOffering):
    """The ranking of one offering: sort the rows by the columns and the rank is there.

    With n applications and c columns:

    - ``columns``: the rules' ids in the rulebook's order (requirements, criteria, ties), after
      ``slot`` where leader influence or a minimum share writes one, and with the columns that the
      scenario's leader influence adds;
    - ``cells``: int64 (n, c), more is better.
    """

    columns: tuple[str, ...]
    cells: NDArray[np.int64]

    @cached_property
    def line(self) -> NDArray[np.int64]:
        """The cells of criteria and ties of the qualified, negated, best first; (qualified, …).

        Whoever would stand ahead of how many is found by search in it.
        """
        rules = (*self.version.criteria, *self.version.ties)
        at = [self.columns.index(rule.id) for rule in rules]
        rows = -self.cells[self.qualified][:, at]
        return rows[np.lexsort(rows.T[::-1])]

    @cached_property
    def line_rows(self) -> list[list[int]]:
        """The rows of ``line`` as plain numbers."""
        rows: list[list[int]] = self.line.tolist()
        return rows

    def by_rank(self) -> NDArray[np.int64]:
        """The qualified rows, first rank first, equals by ``person_id``; shape (qualified,)."""
        return _best_first([-self.rank], np.flatnonzero(self.qualified))


@dataclass(frozen=True, eq=False)
class _Base:
    """One offering ranked by its non-group columns alone; ``order`` has the qualified rows."""

    offering: str
    version: Version
    application: NDArray[np.int64]
    person: NDArray[np.int64]
    facts: Facts
    cells: dict[str, Numbers]
    order: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Persons:
    """What every ranking of the same people shares: their facts, and their leaders' orders."""

    facts: Mapping[str, NDArray[Any]]
    stated: Mapping[str, Numbers]


def persons_of(round_: Round) -> Persons:
    """The persons of ``round_``, for whoever ranks them more than once."""
    return Persons(person_facts(round_), leaders.stated_ranks(round_))


def rank_round(
    round_: Round,
    scenario: ResolvedScenario,
    offerings: Sequence[str] | None = None,
    persons: Persons | None = None,
) -> dict[str, RankingTable]:
    """The ranking table of every offering of the round (or of ``offerings``), by offering id.

    ``persons``: those of the round, where they are at hand.

    1. Requirements decide who is qualified. 2. All columns that need no group are computed, and
    order the qualified. 3. Group criteria get each one's index counted in that order. 4. A minimum
    share and the leaders move people; the order that results becomes the slot column. 5. The
    table's rows are sorted by its columns; where the scenario treats equals together, the lottery
    puts nobody ahead.

    Raises DataError for an offering that has no rules on the scenario's date.
    """
    known = persons or persons_of(round_)
    applicant = round_.applications["person"].to_numpy()
    applicants = [
        Applicants(offering, rows, applicant[rows], facts)
        for offering, (rows, facts) in offering_facts(round_, scenario, known.facts).items()
    ]
    bases = _bases(applicants, scenario, known.stated)
    index = _RoundIndex(len(round_.applicants), bases)
    wanted = set(round_.offerings if offerings is None else offerings)
    return {b.offering: _table(b, index, scenario) for b in bases if b.offering in wanted}


def rank_rounds(
    rounds: RoundsAsOne, scenario: ResolvedScenario, applicants: Iterable[Applicants] | None = None
) -> dict[str, RankedAtOffering]:
    """Who stands where in each of ``rounds``, as ``rank_round`` ranks each alone, by offering id.

    ``applicants``: of each offering, where they are others than the rounds' own.
    """
    who = rounds.applicants(scenario) if applicants is None else applicants
    bases = _bases(who, scenario, rounds.stated)
    index = _RoundIndex(len(rounds.ids), bases)
    return {base.offering: _standing(base, index, scenario).ranked for base in bases}


def _bases(
    applicants: Iterable[Applicants], scenario: ResolvedScenario, stated: Mapping[str, Numbers]
) -> list[_Base]:
    """Every offering's base. Raises DataError for one that has no rules on the scenario's date."""
    bases = []
    for one in applicants:
        name = one.offering
        if name not in scenario.versions:
            raise DataError(
                message("rulebooks.not-offered-then", offering=name, day=scenario.rules_on)
            )
        version = with_leader_rules(scenario.versions[name], scenario.scenario)
        own = stated[name][one.person]
        bases.append(_base(name, version, one.application, one.person, one.facts, own))
    return bases


def rank_again(
    round_: Round,
    scenario: ResolvedScenario,
    tables: Mapping[str, RankingTable],
    changed: Mapping[str, Facts],
    stated: Mapping[str, Numbers],
) -> dict[str, RankingTable]:
    """The ``tables`` of ``round_`` where the facts at the offerings in ``changed`` are these.

    Only those are ranked again, but for criteria that count over the whole round. ``stated``: what
    leaders state, of ``persons_of``.
    """
    over_the_round = any(
        rule.group is not None and rule.scope == "round"
        for table in tables.values()
        for rule in table.version.criteria
    )
    bases = []
    for offering, table in tables.items():
        if over_the_round or offering in changed:
            facts, own = changed.get(offering, table.facts), stated[offering][table.person]
            bases.append(
                _base(offering, table.version, table.application, table.person, facts, own)
            )
    index = _RoundIndex(len(round_.applicants), bases)
    return {**tables, **{base.offering: _table(base, index, scenario) for base in bases}}


def _base(
    offering: str,
    version: Version,
    application: NDArray[np.int64],
    person: NDArray[np.int64],
    facts: Facts,
    stated: Numbers,
) -> _Base:
    cells = {rule.id: rule.column(facts) for rule in version.requirements}
    qualified = np.ones(len(facts), dtype=np.bool_)
    for rule in version.requirements:
        qualified &= cells[rule.id] > 0
    for rule in version.criteria:
        qualified &= rule.qualifies(facts)
    rank = leaders.leader_ranks(stated, facts.numbers("service"), qualified)
    facts = facts.with_columns(qualified=qualified, leader_rank=rank)
    for rule in (*version.criteria, *version.ties):
        if rule.group is None:
            cells[rule.id] = rule.column(facts)
    own = [cells[rule.id] for rule in _own_columns(version)]
    order = _best_first(own, np.flatnonzero(qualified), facts.draw)
    return _Base(offering, version, application, person, facts, cells, order)


def _own_columns(version: Version) -> Iterable[Rule]:
    """The criteria and ties that neither a group nor a leader has a part in."""
    return (rule for rule in (*version.criteria, *version.ties) if rule.role != "group")


def _in_groups(version: Version) -> bool:
    """Whether a column of ``version`` needs more than its own order of the qualified."""
    return any(rule.role == "group" for rule in version.criteria)


def _best_first(
    columns: Sequence[Numbers], rows: NDArray[np.int64], draw: Numbers | None = None
) -> NDArray[np.int64]:
    """``rows`` by ``draw``, then by their cells, columns from left to right, more first."""
    keys = [] if draw is None else [draw[rows]]
    keys += [-column[rows] for column in columns]
    return rows[in_order(*keys)] if keys else rows


class _RoundIndex:
    """Each person's index among the qualified of a municipality or service over the round.

    A person counts once, at the offering of the first wish they are qualified for, by the rank
    there on its non-group columns, then by lottery place.
    """

    def __init__(self, persons: int, bases: Sequence[_Base]) -> None:
        self._persons = persons
        self._bases = bases
        self._found: dict[str, Numbers] = {}

    def of(self, group: str) -> Numbers:
        """The index by row in ``Round.applicants``; 0 for who is not qualified anywhere."""
        if group not in self._found:
            self._found[group] = self._count(group)
        return self._found[group]

    def _count(self, group: str) -> Numbers:
        best = np.full(self._persons, BEHIND_ALL, dtype=np.int64)
        place, draw, groups = (np.zeros(self._persons, dtype=np.int64) for _ in range(3))
        for base in self._bases:
            preference = base.facts.numbers("preference")
            rows = base.order
            first = preference[rows] < best[base.person[rows]]
            chosen, who = rows[first], base.person[rows[first]]
            best[who] = preference[chosen]
            place[who] = (_places(base.facts.draw, rows) - 1)[first]
            draw[who] = base.facts.numbers("lottery_place")[chosen]
            groups[who] = base.facts.numbers(group)[chosen]
        counted = np.flatnonzero((best < BEHIND_ALL) & (groups >= 0))
        order = counted[in_order(place[counted], draw[counted])]
        return running_index(groups, order)


@dataclass(frozen=True, eq=False)
class _RankedCells:
    """Who stands where at one offering, and why; ``slot`` is None where nobody was moved."""

    ranked: RankedAtOffering
    cells: Mapping[str, Numbers]
    slot: Numbers | None


def _table(base: _Base, index: _RoundIndex, scenario: ResolvedScenario) -> RankingTable:
    standing = _standing(base, index, scenario)
    columns = {rule.id: standing.cells[rule.id] for rule in base.version.rules()}
    if standing.slot is not None:
        columns = {SLOT: standing.slot, **columns}
    of = {field.name: getattr(standing.ranked, field.name) for field in fields(RankedAtOffering)}
    return RankingTable(**of, columns=(*columns,), cells=np.column_stack([*columns.values()]))


def _standing(base: _Base, index: _RoundIndex, scenario: ResolvedScenario) -> _RankedCells:
    version, cells, facts = base.version, dict(base.cells), base.facts
    for rule in version.criteria:
        if rule.group is not None:
            facts = facts.with_columns(index=_index(rule.group, rule, base, index))
            cells[rule.id] = rule.column(facts)
    _add_leader_points(base, cells, scenario)
    together = scenario.scenario.ties != "lottery"
    if together:
        drawn = [rule.id for rule in version.ties if rule.drawn]
        cells |= {name: np.zeros(len(facts), dtype=np.int64) for name in drawn}
    rules, draw = version.rules(), facts.draw
    if together or scenario.scenario.leader == "points" or _in_groups(version):
        sorting = [cells[rule.id] for rule in rules if rule.share is None]
        ranked = _best_first(sorting, np.flatnonzero(facts.flags("qualified")), draw)
    else:
        ranked = base.order
    tier = sector_tiers(version, cells, len(facts))
    moved, slot = _moved(base, cells, ranked, tier, scenario.scenario.leader), None
    if moved is not None:
        slot = np.zeros(len(facts), dtype=np.int64)
        slot[moved] = np.arange(len(moved), 0, -1)
        ranked = moved
    place = _places(draw, ranked)
    if together:
        first = ~_equal_to_the_one_before([cells[rule.id][ranked] for rule in rules])
        first |= (place == 1) | (slot is not None)
        at = np.arange(len(place))
        place = place[np.maximum.accumulate(np.where(first, at, 0))]
    rank = np.zeros(len(facts), dtype=np.int64)
    rank[ranked] = place
    found = RankedAtOffering(
        base.offering, version, base.application, base.person, facts.flags("qualified"), rank,
        tier, facts,
    )  # fmt: skip
    return _RankedCells(found, cells, slot)


def _places(draw: Numbers | None, order: NDArray[np.int64]) -> Numbers:
    """1, 2, 3 … along ``order``, in each round by itself."""
    place = np.arange(1, len(order) + 1)
    if draw is None or not len(order):
        return place
    counts = np.bincount(draw[order])
    return place - np.repeat(np.cumsum(counts) - counts, counts)


def _equal_to_the_one_before(columns: Sequence[Numbers]) -> Flags:
    """Whether each row of the sorted ``columns`` is equal to the row before it; shape (rows,)."""
    equal = np.zeros(len(columns[0]), dtype=np.bool_)
    equal[1:] = True
    for column in columns:
        equal[1:] &= column[1:] == column[:-1]
    return equal


def _index(group: str, rule: Rule, base: _Base, index: _RoundIndex) -> Numbers:
    if rule.scope == "round":
        return index.of(group)[base.person]
    counted = rule.counted(base.facts)
    order = base.order[counted[base.order]]
    if rule.by_leader:
        wish = base.facts.numbers("leader_rank")[order]
        named = wish != NOT_DOCUMENTED
        order = order[in_order((~named).astype(np.int64), np.where(named, wish, 0))]
    return running_index(base.facts.numbers(group), order)


def _add_leader_points(base: _Base, cells: dict[str, Numbers], scenario: ResolvedScenario) -> None:
    rule = first_points_criterion(base.version)
    if scenario.scenario.leader != "points" or rule is None:
        return
    given = (0, *scenario.scenario.leader_points)
    rank = base.facts.numbers("leader_rank")
    points = np.array([*given, 0], dtype=np.int64)[np.clip(rank, 0, len(given))]
    cells[rule.id] = cells[rule.id] + np.where(rule.documents(base.facts), points, 0)


def _moved(
    base: _Base,
    cells: dict[str, Numbers],
    ranked: NDArray[np.int64],
    tier: Numbers,
    mode: LeaderMode,
) -> NDArray[np.int64] | None:
    """The order after minimum shares and leaders, or None where nothing may move anybody."""
    draw = base.facts.draw
    criteria = base.version.criteria
    members = [(cells[rule.id] > 0, rule.share) for rule in criteria if rule.share is not None]
    if not members and mode not in PERMUTING:
        return None
    if members:
        apart = [] if base.version.across_tiers else [tier]
        lines = cut_where_another_begins(ranked, apart if draw is None else [draw, *apart])
        ranked = np.concatenate([call_order(line, members) for line in lines])
    if mode not in PERMUTING:
        return ranked
    roles = ("tier",) if mode == "within-service" else ("tier", "points")
    equal = [cells[rule.id] for rule in criteria if rule.role in roles]
    nothing = np.zeros(len(base.facts), dtype=np.int64)
    blocks = dense(nothing if draw is None else draw, *equal)
    facts = base.facts
    return leaders.permuted(ranked, blocks, facts.numbers("service"), facts.numbers("leader_rank"))
