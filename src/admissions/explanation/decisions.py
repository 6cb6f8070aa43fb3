"""What a run decided for each application: outcome, waiting number, points and reason code."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from admissions.model.facts import Flags, Numbers
from admissions.model.hundredths import to_text
from admissions.model.wishes import BEHIND_ALL, best_wish
from admissions.ranking.leader_rules import first_points_criterion
from admissions.ranking.tables import RankingTable
from admissions.rulebooks.objectives import fairness_first
from admissions.rulebooks.rulebook import Version
from admissions.rulebooks.scenario import Scenario
from admissions.rules.base import Rule

if TYPE_CHECKING:
    from admissions.allocation.run import Run


class Outcome(StrEnum):
    """What became of an application (``outcome`` in ``decisions.csv``)."""

    OFFERED = "offered"
    WAITING = "waiting"
    LAPSED = "lapsed"
    DECLINED = "declined"
    NOT_QUALIFIED = "not-qualified"


class Reason(StrEnum):
    """Why: exactly one for each application."""

    SEAT_OFFERED = "seat-offered"
    """Offered: ranked high enough."""
    SEATS_FILLED = "seats-filled"
    """Waiting: the last one offered a seat stands ahead on some criterion."""
    TIE_LOST = "tie-lost"
    """Waiting: equal to the last one offered on every criterion; a tie-break decided."""
    MOVED_BEHIND = "moved-behind"
    """Waiting: ahead of the last one offered on the criteria; a leader's order or a minimum share
    moved others ahead."""
    LIMIT_REACHED = "limit-reached"
    """Waiting: ranked ahead of somebody offered, or with a seat empty; a limit forbids it."""
    EQUALS_TURNED_AWAY = "equals-turned-away"
    """Waiting: offers are left, but fewer than those ahead, the person and all equals together;
    ties are not broken, so all are turned away."""
    OBJECTIVE_FIRST = "objective-first"
    """Waiting: ranked ahead of somebody offered, or with a seat empty, because an objective stands
    before fairness in the scenario."""
    NOT_CALLED = "not-called"
    """Waiting: offers are left, but the calls of the independent mechanism have ended."""
    SEATED_BEFORE = "seated-before"
    """Waiting: a site whose turn came earlier had given the person a seat that they want less."""
    HIGHER_WISH_MET = "higher-wish-met"
    """Lapsed: the person is offered a seat that they want more."""
    OFFER_RELEASED = "offer-released"
    """Declined: offered in a call, and released for a seat that the person wants more."""
    REQUIREMENT_NOT_MET = "requirement-not-met"
    """Not qualified: the facts are there and do not meet a requirement."""
    FACT_NOT_DOCUMENTED = "fact-not-documented"
    """Not qualified: each requirement that is not met lacks a fact."""


def decide_outcomes(run: Run) -> pd.DataFrame:
    """One row an application, in the order of ``Round.applications``.

    Columns: ``person_id``, ``offering_id``, ``preference`` (int64), ``qualified`` (bool),
    ``points`` (text with the decimals that the site writes; "" where it counts none or where
    nothing is documented to count), ``rank`` (int64, 0 where not qualified), ``outcome``
    (``Outcome``), ``waiting_number`` (int64, 1 = next, 0 where not waiting; equals share one, where
    ties are not broken), ``reason``
    (``Reason``). A qualified application without an offer is waiting where the person wants it
    more than what they hold, and lapsed where less.
    """
    applications = run.round.applications
    count = len(applications)
    preference = applications["preference"].to_numpy()
    person = applications["person"].to_numpy()
    held, released = (np.zeros(count, dtype=np.bool_) for _ in range(2))
    held[run.problem.application] = run.plan.held
    released[run.problem.application] = run.plan.released
    kept = best_wish(len(run.round.applicants), person, preference, held)
    turns, seated, full = _turns(run), _seated(run), _beyond_maxima(run)
    columns: dict[str, NDArray[Any]] = {
        "qualified": np.zeros(count, dtype=np.bool_),
        "points": np.full(count, "", dtype=object),
        "rank": np.zeros(count, dtype=np.int64),
        "outcome": np.full(count, Outcome.LAPSED.value, dtype=object),
        "waiting_number": np.zeros(count, dtype=np.int64),
        "reason": np.full(count, Reason.HIGHER_WISH_MET.value, dtype=object),
    }
    for number, table in enumerate(run.rankings.values()):
        rows = table.application
        decided = _Decided(
            table,
            held=held[rows],
            released=released[rows],
            wanted=preference[rows] < kept[person[rows]],
            offers=int(run.problem.offers[number]),
            passed_over=seated[person[rows]] < turns[number],
            full=full[rows],
            scenario=run.scenario.scenario,
        )
        for name, values in decided.columns().items():
            columns[name][rows] = values
    own = {name: applications[name] for name in ("person_id", "offering_id", "preference")}
    return pd.DataFrame({**own, **columns})


def _turns(run: Run) -> Numbers:
    """The offerings' turns under the serial mechanism, from 0, (k,); all at once elsewhere: 0."""
    turn = np.zeros(len(run.problem.offerings), dtype=np.int64)
    turn[list(run.problem.turns)] = np.arange(len(run.problem.turns))
    return turn


def _seated(run: Run) -> Numbers:
    """The turn in which each person got a seat, (persons,); late where none did."""
    found = np.full(run.problem.persons, BEHIND_ALL)
    holders = np.flatnonzero(run.plan.held)
    found[run.problem.person[holders]] = _turns(run)[run.problem.offering[holders]]
    return found


def _beyond_maxima(run: Run) -> Flags:
    """Whose service, municipality or region has all seats it may there, by row of applications."""
    problem, held = run.problem, run.plan.held
    found = np.zeros(len(run.round.applications), dtype=np.bool_)
    for group, maximum in problem.maxima.values():
        code = problem.offering * (int(group.max(initial=0)) + 2) + group + 1
        holders = np.bincount(code[held], minlength=int(code.max(initial=0)) + 1)[code]
        full = (maximum >= 0) & (group >= 0) & (holders >= maximum)
        found[problem.application[full]] = True
    return found


class _Decided:
    """The decisions at one offering; arrays have shape (n,), the table's rows."""

    def __init__(
        self,
        table: RankingTable,
        *,
        held: Flags,
        released: Flags,
        wanted: Flags,
        offers: int,
        passed_over: Flags,
        full: Flags,
        scenario: Scenario,
    ) -> None:
        self._table = table
        self._held = held
        self._released = released
        self._waiting = table.qualified & ~held & ~released & wanted
        self._offers = offers
        self._passed_over = passed_over
        self._full = full
        self._scenario = scenario

    def columns(self) -> dict[str, NDArray[Any]]:
        table = self._table
        return {
            "qualified": table.qualified,
            "points": points_texts(table),
            "rank": table.rank,
            "outcome": self._outcomes(),
            "waiting_number": self._waiting_numbers(),
            "reason": self._reasons(),
        }

    def _outcomes(self) -> NDArray[Any]:
        outcome = np.full(len(self._held), Outcome.LAPSED.value, dtype=object)
        outcome[~self._table.qualified] = Outcome.NOT_QUALIFIED.value
        outcome[self._waiting] = Outcome.WAITING.value
        outcome[self._released] = Outcome.DECLINED.value
        outcome[self._held] = Outcome.OFFERED.value
        return outcome

    def _waiting_numbers(self) -> Numbers:
        rank = self._table.rank
        number = np.zeros(len(self._held), dtype=np.int64)
        ahead = np.searchsorted(np.sort(rank[self._waiting]), rank[self._waiting])
        number[self._waiting] = ahead + 1
        return number

    def _reasons(self) -> NDArray[Any]:
        reason = np.full(len(self._held), Reason.HIGHER_WISH_MET.value, dtype=object)
        reason[~self._table.qualified] = Reason.REQUIREMENT_NOT_MET.value
        reason[lacks_facts(self._table)] = Reason.FACT_NOT_DOCUMENTED.value
        self._reasons_to_wait(reason)
        reason[self._released] = Reason.OFFER_RELEASED.value
        reason[self._held] = Reason.SEAT_OFFERED.value
        return reason

    def _reasons_to_wait(self, reason: NDArray[Any]) -> None:
        waiting, table = self._waiting, self._table
        reason[waiting] = Reason.SEATS_FILLED.value
        last = last_admitted(table, self._held)
        if last is not None:
            ahead = ahead_on_criteria(table, last)
            reason[waiting & (ahead == 0)] = Reason.TIE_LOST.value
            reason[waiting & (ahead > 0)] = Reason.MOVED_BEHIND.value
            reason[waiting & (table.rank < table.rank[last])] = self._forbidding()
        left = self._offers - int(self._held.sum())
        if left > 0:
            self._reasons_to_wait_for_offers_left(reason, left)
        reason[waiting & self._passed_over] = Reason.SEATED_BEFORE.value

    def _reasons_to_wait_for_offers_left(self, reason: NDArray[Any], left: int) -> None:
        waiting, table = self._waiting, self._table
        independent = self._scenario.mechanism == "independent"
        reason[waiting] = Reason.NOT_CALLED.value if independent else self._forbidding()
        if independent:  # however many calls
            reason[waiting & self._full] = Reason.LIMIT_REACHED.value
        if self._scenario.ties == "reject-all" and not self._closed():
            line = np.sort(table.rank[waiting])
            too_many = np.searchsorted(line, table.rank, side="right") > left
            reason[waiting & too_many] = Reason.EQUALS_TURNED_AWAY.value

    def _forbidding(self) -> str:
        fair = fairness_first(self._scenario.objectives)
        return (Reason.LIMIT_REACHED if fair else Reason.OBJECTIVE_FIRST).value

    def _closed(self) -> bool:
        """Whether nobody holds a seat for the sake of a minimum class size."""
        closing = any(limit.closes for limit in self._table.version.limits)
        return closing and not self._held.any()


def last_admitted(table: RankingTable, held: Flags) -> int | None:
    """The row of ``table`` with the lowest place among ``held`` (n,); None where nobody holds."""
    rows = np.flatnonzero(held)
    return int(rows[np.argmax(table.rank[rows])]) if len(rows) else None


def compared(version: Version) -> list[str]:
    """The ids of the criteria that compare applicants; a minimum share's column moves nobody."""
    return [rule.id for rule in version.criteria if rule.share is None]


def ahead_on_criteria(table: RankingTable, row: int) -> Numbers:
    """1 where a row of ``table`` is ahead of ``row`` on the criteria, -1 behind, 0 equal; (n,)."""
    columns = [table.columns.index(name) for name in compared(table.version)]
    if not columns:
        return np.zeros(len(table.rank), dtype=np.int64)
    difference = table.cells[:, columns] - table.cells[row, columns]
    first = np.argmax(difference != 0, axis=1)
    sign: Numbers = np.sign(difference[np.arange(len(difference)), first])
    return sign


def points_texts(table: RankingTable) -> NDArray[Any]:
    """Each row's points as the site writes them, object (n,); "" where it counts none."""
    rule = first_points_criterion(table.version)
    texts = np.full(len(table.rank), "", dtype=object)
    if rule is None:
        return texts
    cells = table.cells[:, table.columns.index(rule.id)]
    values, place = np.unique(cells, return_inverse=True)
    written = [points_text(rule, int(value)) for value in values]
    texts[:] = np.array(written, dtype=object)[place]
    return texts


def points_text(rule: Rule, cell: int) -> str:
    """A cell of a points criterion as the site writes it; "" where nothing is documented."""
    return to_text(cell, rule.shown_decimals) if cell >= 0 else ""


def lacks_facts(table: RankingTable) -> Flags:
    """Not qualified, and every requirement that is not met lacks a fact; shape (n,)."""
    found = ~table.qualified
    for rule in table.version.requirements:
        met = table.cells[:, table.columns.index(rule.id)] > 0
        found &= met | rule.undocumented(table.facts)
    return found
