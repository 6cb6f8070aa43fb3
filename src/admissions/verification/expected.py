"""What ``decisions.csv`` must say of each application, given the plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from admissions.model.facts import Flags, Numbers
from admissions.model.facts_described import FACTS
from admissions.model.hundredths import to_text
from admissions.rules.base import Rule
from admissions.verification.bounds import maxima_at_offerings
from admissions.verification.case import Case
from admissions.verification.grouping import count_in
from admissions.verification.outcomes import DECLINED, OFFERED
from admissions.verification.plain import Row
from admissions.verification.plain.tables import SLOT
from admissions.verification.ranked import Ranked

WAITING = "waiting"
LAPSED = "lapsed"
NOT_QUALIFIED = "not-qualified"

Texts = NDArray[Any]


def expected_columns(case: Case, ranked: Mapping[str, Ranked]) -> dict[str, Texts]:
    """The columns that follow from the plan, as text, object (m,), by name."""
    count = len(case.person)
    texts: dict[str, Texts] = {
        "preference": case.preference.astype(str).astype(object),
        "qualified": np.where(case.qualified, "yes", "no").astype(object),
        "outcome": _outcomes(case),
    }
    for name in ("points", "waiting_number", "reason"):
        texts[name] = np.full(count, "", dtype=object)
    for number, one in enumerate(ranked.values()):
        rows = one.application
        waiting = texts["outcome"][rows] == WAITING
        texts["points"][rows] = points_texts(one)
        texts["waiting_number"][rows] = _waiting_numbers(one, waiting)
        texts["reason"][rows] = _reasons(case, number, one, waiting)
    return texts


def _outcomes(case: Case) -> Texts:
    """Offered and declined as the plan says; the others by what the person holds.

    A qualified application waits where it is wanted more than that, and has lapsed where less.
    """
    outcome = np.where(case.qualified, LAPSED, NOT_QUALIFIED).astype(object)
    outcome[case.wanted] = WAITING
    outcome[case.declined] = DECLINED
    outcome[case.held] = OFFERED
    return outcome


def points_texts(one: Ranked) -> Texts:
    """The first criterion that counts points, in units with the site's decimals, object (n,).

    Empty where the offering counts none, or nothing is documented to count.
    """
    for rule in one.version.criteria:
        if rule.counts_points:
            decimals = rule.shown_decimals
            cells = one.column(rule.id).tolist()
            texts = [to_text(cell, decimals) if cell >= 0 else "" for cell in cells]
            return np.array(texts, dtype=object)
    return np.full(len(one.rank), "", dtype=object)


def _waiting_numbers(one: Ranked, waiting: Flags) -> Texts:
    texts = np.full(len(waiting), "", dtype=object)
    line = one.order[waiting[one.order]]
    first = np.flatnonzero(np.append(True, np.diff(one.rank[line]) > 0))[: len(line)]
    number = np.repeat(first + 1, np.diff(np.append(first, len(line))))
    texts[line] = number.astype(str)
    return texts


def _reasons(case: Case, number: int, one: Ranked, waiting: Flags) -> Texts:
    """One code each; the later of two that fit wins.

    Waiting: ``seats-filled``; ``tie-lost``, equal on every criterion to the last one offered;
    ``moved-behind``, ahead of that one on the criteria; ``limit-reached``, ahead of that one by
    rank; with offers unused ``not-called`` (independent, but ``limit-reached`` where the person's
    service or region has the most seats it may have) or ``limit-reached`` (``objective-first`` in
    its place where the scenario puts an objective before fairness); and where they are
    fewer than those waiting down to the person and all equals, ``equals-turned-away``;
    ``seated-before``, with a seat when the offering's turn came (serial).
    """
    rows = one.application
    held = case.held[rows]
    reason = np.full(len(rows), "higher-wish-met", dtype=object)
    reason[waiting] = "seats-filled"
    forbidding = "limit-reached" if case.objectives[0] == "blocking-pairs" else "objective-first"
    if held.any():
        last = _last(one, held)
        standing = _standing(one)
        reason[waiting & (standing == standing[last])] = "tie-lost"
        reason[waiting & (standing < standing[last])] = "moved-behind"
        reason[waiting & (one.rank < one.rank[last])] = forbidding
    if case.used[number] < case.offers[number]:
        independent = case.mechanism == "independent"
        reason[waiting] = "not-called" if independent else forbidding
        if independent:
            reason[waiting & _full(case, rows)] = "limit-reached"
        closed = case.limits.class_minimum[number] > 0 and not held.any()
        if case.ties == "reject-all" and not closed:
            down_to = np.searchsorted(np.sort(one.rank[waiting]), one.rank, side="right")
            unused = case.offers[number] - case.used[number]
            reason[waiting & (down_to > unused)] = "equals-turned-away"
    reason[waiting & case.passed_over[rows]] = "seated-before"
    lacking = _lacks_facts(one)
    reason[~one.qualified] = "requirement-not-met"
    reason[lacking] = "fact-not-documented"
    reason[case.declined[rows]] = "offer-released"
    reason[held] = "seat-offered"
    return reason


def _full(case: Case, rows: Numbers) -> Flags:
    """Whose service, municipality or region holds as many seats there as it may at most."""
    full = np.zeros(len(rows), dtype=np.bool_)
    for bound in maxima_at_offerings(case):
        full |= count_in(bound.key, case.holders, rows) >= bound.seats[rows]
    return full


def _last(one: Ranked, held: Flags) -> int:
    holders = np.flatnonzero(held)
    return int(holders[np.argmax(one.rank[holders])])


def _standing(one: Ranked) -> NDArray[np.int64]:
    """Each row's place by the criteria alone, equal rows equal, 0 = first; (n,).

    Those that leader influence adds are among them; a minimum share moves people, and is not.
    """
    version = one.version
    others = {SLOT, *(rule.id for rule in (*version.requirements, *version.ties))}
    others |= {rule.id for rule in version.criteria if rule.kind == "minimum-share"}
    at = [number for number, name in enumerate(one.columns) if name not in others]
    if not at:
        return np.zeros(len(one.cells), dtype=np.int64)
    return np.unique(-one.cells[:, at], axis=0, return_inverse=True)[1].reshape(-1)


def _lacks_facts(one: Ranked) -> Flags:
    """Not qualified, and every requirement that is not met lacks a fact it reads; (n,)."""
    lacking = ~one.qualified
    met = [(rule, one.column(rule.id).tolist()) for rule in one.version.requirements]
    for at in np.flatnonzero(lacking).tolist():
        stated = (rule for rule, cells in met if cells[at] <= 0 and _documented(one.rows[at], rule))
        lacking[at] = next(stated, None) is None
    return lacking


def _documented(row: Row, rule: Rule) -> bool:
    """Whether every fact that ``rule`` reads is documented; "passed" documents a grade."""
    for name in rule.reads():
        fact = FACTS[name]
        stated = row[name] if fact.documents else row.get(name) is not None
        if not (stated or (fact.passed and row[fact.passed])):
            return False
    return True
