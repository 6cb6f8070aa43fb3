"""The ranking tables read plainly, as arrays; what no plain reading knows is taken as published."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from admissions.model.errors import DataError
from admissions.model.facts import Flags, Numbers
from admissions.model.messages import message
from admissions.model.round import Round
from admissions.rulebooks.rulebook import Version
from admissions.rulebooks.scenario import ResolvedScenario
from admissions.rules.base import Rule
from admissions.verification.plain import PlainTable, Row, Taken, is_read, plain_tables

CELL = re.compile("-?[0-9]{1,18}")


@dataclass(frozen=True, eq=False)
class Ranked:
    """One offering's ranking table, with n applications and c columns.

    ``columns``: the rules' ids; ``cells``: int64 (n, c), more is better; ``application`` and
    ``person``: int64 (n,), the rows in the round; ``qualified``: bool (n,); ``rank``: int64 (n,),
    0 where not qualified, equal for equal rows; ``tier``: int64 (n,), the sector tier, 0 = the
    first; ``order``: the qualified rows, first rank first;
    ``rows``: the facts, a row each; ``taken``: the rules whose cells are taken as published.
    """

    offering: str
    version: Version
    columns: tuple[str, ...]
    cells: NDArray[np.int64]
    application: NDArray[np.int64]
    person: NDArray[np.int64]
    qualified: Flags
    rank: Numbers
    tier: Numbers
    order: NDArray[np.int64]
    rows: Sequence[Row]
    taken: tuple[Rule, ...]

    def column(self, rule_id: str) -> Numbers:
        """The cells of one rule, (n,)."""
        found: Numbers = self.cells[:, self.columns.index(rule_id)]
        return found


def rank_plainly(
    rows: Sequence[Row],
    round_: Round,
    resolved: ResolvedScenario,
    rankings: Mapping[str, pd.DataFrame],
) -> dict[str, Ranked]:
    """The table of every offering of the round, by offering id.

    ``rows``: those of ``plain.read_rows``. ``rankings``: the published tables, for the kinds that
    no plain reading knows.

    Raises DataError for an offering that has no rules on the scenario's date.
    """
    for offering in round_.offerings:
        if offering not in resolved.versions:
            raise DataError(
                message("rulebooks.not-offered-then", offering=offering, day=resolved.rules_on)
            )
    taken = {
        offering: _taken(resolved.versions[offering], rankings.get(offering))
        for offering in taken_as_published(resolved, round_.offerings)
    }
    tables = plain_tables(rows, round_, resolved, taken)
    return {offering: _as_arrays(table) for offering, table in tables.items()}


def taken_as_published(
    resolved: ResolvedScenario, offerings: Sequence[str]
) -> dict[str, dict[str, str]]:
    """The kind of each rule that no plain reading knows, by offering and rule id.

    Only offerings with such a rule: where every kind is one of the program's own, none.
    """
    found = {
        offering: {r.id: r.kind for r in resolved.versions[offering].rules() if not is_read(r)}
        for offering in offerings
    }
    return {offering: rules for offering, rules in found.items() if rules}


def _as_arrays(table: PlainTable) -> Ranked:
    rows, shape = table.rows, (len(table.rows), len(table.columns))
    return Ranked(
        offering=table.offering,
        version=table.version,
        columns=table.columns,
        cells=np.array(table.cells, dtype=np.int64).reshape(shape),
        application=np.array([row["application"] for row in rows], dtype=np.int64),
        person=np.array([row["person"] for row in rows], dtype=np.int64),
        qualified=np.array([row["qualified"] for row in rows], dtype=np.bool_),
        rank=np.array(table.rank, dtype=np.int64),
        tier=np.array(table.tier, dtype=np.int64),
        order=np.array(table.order, dtype=np.int64),
        rows=rows,
        taken=table.taken,
    )


def _taken(version: Version, published: pd.DataFrame | None) -> Taken:
    """What the published table says of the rules that no plain reading knows.

    A cell that is no whole number says nothing; P8 tells of it.
    """
    if published is None or not {"person_id", "qualified"} <= set(published.columns):
        return Taken()
    ids = published["person_id"].tolist()
    cells = {
        rule.id: {
            person: int(text)
            for person, text in zip(ids, published[rule.id].tolist(), strict=True)
            if CELL.fullmatch(text)
        }
        for rule in version.rules()
        if rule.id in published.columns and not is_read(rule)
    }
    said = zip(ids, published["qualified"].tolist(), strict=True)
    return Taken(cells, frozenset(person for person, word in said if word == "no"))
