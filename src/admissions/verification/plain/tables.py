"""The ranking table of each offering, made row by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, takewhile

from admissions.model.round import Round
from admissions.rulebooks.rulebook import Version
from admissions.rulebooks.scenario import LeaderMode, ResolvedScenario
from admissions.rules.base import Rule
from admissions.verification.plain import leaders, reading
from admissions.verification.plain.calls import called_in_order
from admissions.verification.plain.draw import places_drawn
from admissions.verification.plain.indices import give_indices, round_indices
from admissions.verification.plain.leaders import Column
from admissions.verification.plain.rows import Row
from admissions.verification.plain.shared import COUNTED, over_the_round

SLOT = "slot"

MOVING: Mapping[LeaderMode, tuple[str, ...]] = {
    "tie-break": ("tier", "points"),
    "within-service": ("tier",),
}
"""The leader modes that move people, each within equal columns of these roles."""


SECTORS_IN_TIERS = ("sector-tiers", "recommendation-tiers")
"""The kinds of criteria that say which sectors come before which."""


@dataclass(frozen=True)
class Taken:
    """What a published table says where no plain reading knows: by person id.

    ``cells``: by rule id; ``unqualified``: who is not qualified there.
    """

    cells: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    unqualified: frozenset[str] = frozenset()


@dataclass(frozen=True, eq=False)
class PlainTable:
    """The ranking of one offering.

    ``columns`` are ids in the table's order, ``cells`` a list for each row; ``order`` has the
    qualified rows (positions), first rank first; ``rank`` is 0 where not qualified; where equals
    are treated together, they have equal ranks (1, 2, 2, 4); ``tier`` the sector tier, 0 = the
    first. ``taken``: the rules whose cells are taken as published.
    """

    offering: str
    version: Version
    rows: Sequence[Row]
    columns: tuple[str, ...]
    cells: Sequence[Sequence[int]]
    order: Sequence[int]
    rank: Sequence[int]
    tier: Sequence[int]
    taken: tuple[Rule, ...]


@dataclass(frozen=True, eq=False)
class _BaseOrder:
    """One offering ordered by what neither a group nor a leader has a part in."""

    offering: str
    version: Version
    criteria: Sequence[Column]
    rows: Sequence[Row]
    cells: dict[str, list[int]]
    order: Sequence[Row]
    taken: tuple[Rule, ...]


def plain_tables(
    rows: Sequence[Row],
    round_: Round,
    resolved: ResolvedScenario,
    taken: Mapping[str, Taken] | None = None,
) -> dict[str, PlainTable]:
    """The table of every offering of the round, by offering id.

    1. The requirements, and the facts that criteria demand, say who is qualified. 2. The leaders'
    lists are numbered among the qualified. 3. The qualified are put in order by all columns but
    those of groups and leaders. 4. In that order the indices of groups are counted. 5. Minimum
    shares call people earlier, and leaders move their own; where either may, the order that results
    is a column that stands first. 6. The rows are sorted by the columns from left to right.
    """
    known = taken or {}
    lists = leaders.lists_of(round_)
    by_offering: dict[str, list[Row]] = {offering: [] for offering in round_.offerings}
    for row in rows:
        by_offering[row["offering_id"]].append(
            row | {"year": round_.settings.year or resolved.year}
        )
    _draw(by_offering, round_, resolved)
    bases = [
        _base(offering, own, resolved, lists, known.get(offering, Taken()))
        for offering, own in by_offering.items()
    ]
    counted = {
        COUNTED[rule.kind][0] for base in bases for rule in base.criteria if over_the_round(rule)
    }
    orders = [base.order for base in bases]
    over = {fact: round_indices(orders, fact) for fact in counted}
    return {base.offering: _table(base, resolved, over) for base in bases}


def _draw(
    by_offering: Mapping[str, Sequence[Row]], round_: Round, resolved: ResolvedScenario
) -> None:
    """Sets ``lottery_place``: among all persons of the round, or among an offering's applicants."""
    seed = resolved.scenario.seed
    if resolved.scenario.lottery == "single":
        place = places_drawn(round_.applicants["person_id"].tolist(), seed, None)
        for rows in by_offering.values():
            for row in rows:
                row["lottery_place"] = place[row["person"]]
        return
    for offering, rows in by_offering.items():
        place = places_drawn([row["person_id"] for row in rows], seed, offering)
        for row, own in zip(rows, place, strict=True):
            row["lottery_place"] = own


def _base(
    offering: str,
    rows: Sequence[Row],
    resolved: ResolvedScenario,
    lists: leaders.Lists,
    taken: Taken,
) -> _BaseOrder:
    version = resolved.versions[offering]
    criteria = leaders.criteria(version, resolved.scenario)
    unread = tuple(rule for rule in version.rules() if not reading.is_read(rule))

    def cells(rule: Column) -> list[int]:
        if rule in unread:
            said = taken.cells.get(rule.id, {})
            return [said.get(row["person_id"], 0) for row in rows]
        return reading.cells(rule, rows)

    found = {rule.id: cells(rule) for rule in version.requirements}
    opaque = any(rule in unread for rule in version.criteria)
    for at, row in enumerate(rows):
        row["qualified"] = (
            all(found[rule.id][at] > 0 for rule in version.requirements)
            and all(reading.is_met(rule, row) for rule in version.criteria)
            and not (opaque and row["person_id"] in taken.unqualified)
        )
    leaders.give_leader_ranks(rows, lists, offering)
    apart = [rule for rule in (*criteria, *version.ties) if rule.kind not in COUNTED]
    found |= {rule.id: cells(rule) for rule in apart}
    own = [found[rule.id] for rule in apart if rule.role != "group"]
    keys = list(zip(*own, strict=True))
    order = _sorted([at for at, row in enumerate(rows) if row["qualified"]], keys)
    return _BaseOrder(offering, version, criteria, rows, found, [rows[at] for at in order], unread)


def _sorted(rows: Sequence[int], keys: Sequence[tuple[int, ...]]) -> list[int]:
    """``rows`` by their ``keys`` from left to right, more first; equal ones as they stood."""
    return sorted(rows, key=lambda row: [-cell for cell in keys[row]])


def _table(
    base: _BaseOrder, resolved: ResolvedScenario, over: Mapping[str, Mapping[int, int]]
) -> PlainTable:
    scenario, rows, cells = resolved.scenario, base.rows, dict(base.cells)
    for rule in base.criteria:
        if rule.kind in COUNTED:
            give_indices(rule, rows, base.order, over)
            cells[rule.id] = reading.cells(rule, rows)
    first = leaders.first_points(base.version)
    if scenario.leader == "points" and first is not None and first not in base.taken:
        own = [leaders.leader_points(row, scenario.leader_points) for row in rows]
        known = [reading.is_documented(first, row) for row in rows]
        cells[first.id] = [
            cell + (points if documented else 0)
            for cell, points, documented in zip(cells[first.id], own, known, strict=True)
        ]
    if scenario.ties != "lottery":
        for rule in base.version.ties:
            if rule.kind == "lottery":
                cells[rule.id] = [0] * len(rows)
    columns = [*base.version.requirements, *base.criteria, *base.version.ties]
    ids = [rule.id for rule in columns]
    ranking = [cells[rule.id] for rule in columns if rule.kind != "minimum-share"]
    qualified = [at for at, row in enumerate(rows) if row["qualified"]]
    order = _sorted(qualified, list(zip(*ranking, strict=True)))
    moved = _moved(base, cells, order, scenario.leader)
    if moved is not None:
        order, ids = moved, [SLOT, *ids]
        cells[SLOT] = [0] * len(rows)
        for place, at in enumerate(order):
            cells[SLOT][at] = len(order) - place
    table = list(zip(*(cells[name] for name in ids), strict=True))
    return PlainTable(
        base.offering, base.version, rows, tuple(ids), table, order, _ranks(table, order),
        tiers(base.version, rows, cells), base.taken,
    )  # fmt: skip


def _ranks(cells: Sequence[tuple[int, ...]], order: Sequence[int]) -> list[int]:
    """The place of each row in ``order``; rows that are equal have that of the first of them."""
    ranks = [0] * len(cells)
    for place, at in enumerate(order, start=1):
        before = order[place - 2] if place > 1 else None
        same = before is not None and cells[before] == cells[at]
        ranks[at] = ranks[before] if same and before is not None else place
    return ranks


def _moved(
    base: _BaseOrder, cells: Mapping[str, Sequence[int]], order: Sequence[int], mode: LeaderMode
) -> list[int] | None:
    """The order after minimum shares and leaders; None where neither may move anybody."""
    shares = [rule for rule in base.version.criteria if rule.kind == "minimum-share"]
    if not shares and mode not in MOVING:
        return None
    line = [base.rows[at] for at in order]
    if shares:
        members = [_share(rule, base.rows, cells[rule.id]) for rule in shares]
        apart = not shares[0].parameters()["across_tiers"]
        tier = tiers(base.version, base.rows, cells) if apart else [0] * len(base.rows)
        parts = groupby(order, key=lambda at: tier[at])
        lists = [[base.rows[at] for at in part] for _, part in parts]
        line = [row for part in lists for row in called_in_order(part, members)]
    if mode in MOVING:
        equal = [cells[rule.id] for rule in base.version.criteria if rule.role in MOVING[mode]]
        keys = list(zip(*equal, strict=True)) if equal else [()] * len(base.rows)
        blocks = {row["application"]: keys[at] for at, row in enumerate(base.rows)}
        line = leaders.moved(line, blocks)
    position = {row["application"]: at for at, row in enumerate(base.rows)}
    return [position[row["application"]] for row in line]


def tiers(version: Version, rows: Sequence[Row], cells: Mapping[str, Sequence[int]]) -> list[int]:
    """The sector tier of each row, 0 = the first.

    By the criteria that put sectors into tiers, as far as the rulebook begins with them; all in one
    where it does not.
    """
    leading = takewhile(lambda rule: rule.kind in SECTORS_IN_TIERS, version.criteria)
    keys = [()] * len(rows)
    columns = [cells[rule.id] for rule in leading]
    if columns:
        keys = list(zip(*columns, strict=True))
    better = sorted(set(keys), reverse=True)
    return [better.index(key) for key in keys]


def _share(rule: Rule, rows: Sequence[Row], cells: Sequence[int]) -> tuple[frozenset[int], int]:
    """Who belongs to the group (applications), and how many per cent."""
    members = (row["application"] for row, cell in zip(rows, cells, strict=True) if cell)
    return frozenset(members), rule.parameters()["percent"]
