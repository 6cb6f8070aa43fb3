"""Which criterion moved whom: why an application has an offer under one scenario only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from admissions.comparison.runs import ComparedRun, Comparison
from admissions.explanation.decisions import Outcome, Reason, compared
from admissions.model.facts import Flags, Numbers
from admissions.ranking.tables import SLOT, RankingTable

Direction = Literal["in", "out"]


class Cause(StrEnum):
    """Why an application has an offer under one of two scenarios only; exactly one for each.

    Told from the scenario *without* the offer, and from whoever overtook the applicant there:
    """

    REQUIREMENT = "requirement"
    """The applicant, or whoever had the offer instead, is not qualified under one of them."""
    BETTER_WISH = "better-wish"
    """The applicant holds an offer wanted more, without this one."""
    LIMIT = "limit"
    """The applicant is ranked ahead of somebody admitted, or a seat is empty; a limit decided."""
    OBJECTIVE = "objective"
    """The same, because an objective stands before fairness in the scenario."""
    TURN = "turn"
    """A site whose turn came earlier had given the applicant a seat wanted less."""
    ORDER = "order"
    """Somebody had the offer instead whom only this scenario ranks ahead of the applicant."""
    NOT_CALLED = "not-called"
    """Nobody overtook; the calls of the independent mechanism ended with offers left."""
    EQUALS = "equals"
    """Nobody overtook; ties are not broken, and too few offers were left for all equals."""
    CUTOFF = "cutoff"
    """Nobody overtook; the list reached less far, as others took or left seats, or seats differ."""


@dataclass(frozen=True)
class Moved:
    """One application that has an offer under one of two scenarios only.

    ``direction`` is ``in`` where the other scenario gives the offer, ``out`` where the base did.
    ``base_column`` and ``other_column`` are the ids of the rules that decide, in each scenario's
    ranking table, between the applicant and whoever overtook: the first column that differs. Of a
    requirement it is the one that is not met; "" where no column
    is to be named.
    """

    application: int
    offering: str
    direction: Direction
    cause: Cause
    base_column: str
    other_column: str


def moved_applications(comparison: Comparison, other: ComparedRun) -> list[Moved]:
    """Every application whose offer the change from the base to ``other`` gave or took.

    By offering, then application. For each, let W be the scenario without the offer, H the one
    with it. *Overtook* is who holds the offer under W and not under H, is ahead of the applicant
    under W, and under H behind or not qualified; of several, the last by rank under W.

    1. Not qualified under W: ``requirement``. 2. Under W the person holds an offer wanted more, or
    gave this one up for it: ``better-wish``. 3. Under W the decision's reason is a limit, an
    objective before fairness, or a site's earlier turn: ``limit``, ``objective``, ``turn``.
    4. Somebody overtook: ``order``, decided by the first column that differs between
    the two in each table; ``requirement`` where that one is not qualified under H. 5. Nobody did:
    ``not-called`` where calls ended with offers left under W, ``equals`` where equals were turned
    away together, else ``cutoff``.
    """
    found: list[Moved] = []
    for offering in comparison.round.offerings:
        pairs: tuple[tuple[Direction, ComparedRun, ComparedRun], ...] = (
            ("out", other, comparison.held_against(other)),
            ("in", comparison.held_against(other), other),
        )
        for direction, without, with_ in pairs:
            site = _SiteTwice(offering, without, with_)
            for row, cause, own, theirs in site.told():
                base, changed = (theirs, own) if direction == "out" else (own, theirs)
                application = int(site.application[row])
                found.append(Moved(application, offering, direction, cause, base, changed))
    return found


class _SiteTwice:
    """One offering under the scenario without the offers in question, and the one with them."""

    def __init__(self, offering: str, without: ComparedRun, with_: ComparedRun) -> None:
        self._without = without.run.rankings[offering]
        self._with = with_.run.rankings[offering]
        self.application = self._without.application
        self._held = without.held[self.application]
        there = with_.held[self.application]
        self._rows = np.flatnonzero(there & ~self._held)
        self._instead = np.flatnonzero(self._held & ~there)
        decided = without.decisions
        self._outcome = decided["outcome"].to_numpy()[self.application]
        self._reason = decided["reason"].to_numpy()[self.application]

    def told(self) -> list[tuple[int, Cause, str, str]]:
        """Row, cause, and the columns without and with the offer, of each application."""
        return [(row, *self._cause(row)) for row in self._rows.tolist()]

    def _cause(self, row: int) -> tuple[Cause, str, str]:
        without, with_ = self._without, self._with
        if not without.qualified[row]:
            return Cause.REQUIREMENT, _unmet(without, row), ""
        if self._outcome[row] in (Outcome.LAPSED, Outcome.DECLINED):
            return Cause.BETTER_WISH, "", ""
        reason = Reason(self._reason[row])
        if reason in _BEFORE_RANK:
            return _BEFORE_RANK[reason], "", ""
        overtook = self._overtook(row)
        if overtook is None:
            return _NOBODY_OVERTOOK.get(reason, Cause.CUTOFF), "", ""
        if not with_.qualified[overtook]:
            return Cause.REQUIREMENT, "", _unmet(with_, overtook)
        own, theirs = (deciding_column(table, row, overtook) for table in (without, with_))
        return Cause.ORDER, own, theirs

    def _overtook(self, row: int) -> int | None:
        without, with_, others = self._without, self._with, self._instead
        behind = ~with_.qualified[others] | (with_.rank[others] > with_.rank[row])
        passed = others[behind & (without.rank[others] < without.rank[row])]
        return int(passed[np.argmax(without.rank[passed])]) if len(passed) else None


_BEFORE_RANK = {
    Reason.LIMIT_REACHED: Cause.LIMIT,
    Reason.OBJECTIVE_FIRST: Cause.OBJECTIVE,
    Reason.SEATED_BEFORE: Cause.TURN,
}
_NOBODY_OVERTOOK = {Reason.NOT_CALLED: Cause.NOT_CALLED, Reason.EQUALS_TURNED_AWAY: Cause.EQUALS}


def _unmet(table: RankingTable, row: int) -> str:
    """The first requirement that ``row`` does not meet; "" where a criterion disqualifies."""
    for rule in table.version.requirements:
        if table.cells[row, table.columns.index(rule.id)] <= 0:
            return rule.id
    return ""


def deciding_column(table: RankingTable, one: int, other: int) -> str:
    """The id of the rule that puts one row of ``table`` ahead of the other.

    The first column in which they differ, of the criteria and then the ties; ``slot`` where they
    stand the other way round, because a leader's order or a minimum share moved one of them.
    """
    ids = [*compared(table.version), *(rule.id for rule in table.version.ties)]
    cells = table.cells[:, [table.columns.index(name) for name in ids]]
    difference: Numbers = cells[one] - cells[other]
    differs: NDArray[np.intp] = np.flatnonzero(difference)
    ahead: Flags = difference[differs] > 0
    if len(differs) and ahead[0] == (table.rank[one] < table.rank[other]):
        return str(ids[differs[0]])
    return SLOT
