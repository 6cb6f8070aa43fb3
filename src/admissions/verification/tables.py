"""P8 and P10: the published rankings, held against the tables derived and sorted again."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from admissions.model.round import Round
from admissions.rulebooks.scenario import LeaderMode, ResolvedScenario
from admissions.verification.case import Case
from admissions.verification.outcomes import Outcomes
from admissions.verification.plain import Row
from admissions.verification.property import Noted, Property, judged
from admissions.verification.published import Published
from admissions.verification.ranked import Ranked, rank_plainly

UNRANKED = ""
WHOLE_NUMBER = re.compile("[0-9]{1,18}")

PERMUTING: tuple[LeaderMode, ...] = ("tie-break", "within-service")
"""The modes that promise to move a service's own people only."""


def ranks_follow(
    round_: Round,
    ranked: Mapping[str, Ranked],
    case: Case,
    outcomes: Outcomes,
    published: Published,
) -> Property:
    """P8: ranks equal the ranking tables derived and sorted again.

    Every file in ``rankings/`` is the table that the rules give, read plainly, cell by cell, sorted
    by its columns from left to right, the lottery recomputed from the seed; and the rank in every
    row of ``decisions.csv`` is the rank there. The cells of a kind from another package are taken
    as published, and counted.
    """
    wrong = [
        line
        for offering, one in ranked.items()
        for line in _file_differences(
            f"rankings/{offering}.csv", ranking_texts(round_, one), published.rankings.get(offering)
        )
    ]
    wrong += [
        Noted("not-in-round", file=f"rankings/{offering}.csv")
        for offering in published.rankings
        if offering not in ranked
    ]
    there = outcomes.row >= 0
    said = published.decisions["rank"].to_numpy(dtype=object)[outcomes.row[there]]
    expected = _rank_texts(case.rank[there])
    rows = np.flatnonzero(there)
    wrong += [
        Noted("found-rank", who=case.who(rows[n]), found=said[n])
        for n in np.flatnonzero(said != expected)
    ]
    taken = sum(len(one.rows) * len(one.taken) for one in ranked.values())
    return judged(
        "P8",
        "Ranks equal the ranking tables derived and sorted again, the lottery recomputed.",
        promised=True,
        broken=len(wrong),
        lines=wrong,
        tables=len(ranked),
        cells=sum(one.cells.size for one in ranked.values()),
        **({"cells taken as published": taken} if taken else {}),
    )


def ranking_texts(round_: Round, one: Ranked) -> pd.DataFrame:
    """``rankings/<offering>.csv`` as it must be: text, by rank, the unqualified by person_id."""
    rows = np.concatenate([one.order, np.flatnonzero(~one.qualified)])
    people = round_.applicants.iloc[one.person[rows]]
    columns: dict[str, NDArray[Any]] = {
        "rank": _rank_texts(one.rank[rows]),
        "person_id": people["person_id"].to_numpy(dtype=object),
        "service_id": people["service_id"].to_numpy(dtype=object),
        "qualified": np.where(one.qualified[rows], "yes", "no").astype(object),
    }
    cells = one.cells[rows].astype(str).astype(object)
    columns |= {name: cells[:, number] for number, name in enumerate(one.columns)}
    return pd.DataFrame(columns)


def _rank_texts(rank: NDArray[np.int64]) -> NDArray[Any]:
    return np.where(rank > 0, rank.astype(str), UNRANKED).astype(object)


def _file_differences(name: str, expected: pd.DataFrame, found: pd.DataFrame | None) -> list[str]:
    if found is None:
        return [Noted("no-file", file=name)]
    if list(found.columns) != list(expected.columns):
        stated = tuple(map(str, found.columns))
        return [Noted("columns", file=name, found=stated, expected=tuple(expected.columns))]
    if len(found) != len(expected):
        return [Noted("rows", file=name, found=len(found), expected=len(expected))]
    own, said = expected.to_numpy(dtype=object), found.to_numpy(dtype=object)
    return [
        Noted(
            "cell",
            file=name,
            row=row + 2,
            column=expected.columns[column],
            found=said[row, column],
            expected=own[row, column],
            whose=own[row, 1],
        )
        for row, column in np.argwhere(own != said)
    ]


def services_keep_their_places(
    rows: Sequence[Row], round_: Round, resolved: ResolvedScenario, published: Published
) -> Property:
    """P10: leader influence left the sequence of services unchanged.

    Along every published ranking it is that of the ranking without leader influence; whoever has
    no service keeps the own place. Promised by the modes that only permute a service's own people.
    Under ``none`` no leader has a say, and there is nothing to compare.
    """
    mode = resolved.scenario.leader
    statement = "Leader influence left the sequence of services unchanged."
    if mode == "none":
        return judged("P10", statement, promised=False, broken=0)
    without = resolved.with_settings(leader="none")
    moved, wrong = 0, []
    for offering, one in rank_plainly(rows, round_, without, published.rankings).items():
        base = ranking_texts(round_, one).iloc[: len(one.order)]
        found = published_order(published.rankings.get(offering))
        moved += _differing(base["person_id"].to_numpy(), found["person_id"].to_numpy())
        differing = _differing(_owners(base), _owners(found))
        if differing:
            wrong.append((offering, differing))
    lines = (Noted("services-differ", offering=offering, n=count) for offering, count in wrong)
    return judged(
        "P10",
        statement,
        promised=mode in PERMUTING,
        broken=len(wrong),
        lines=lines,
        moved=moved,
    )


def published_order(found: pd.DataFrame | None) -> pd.DataFrame:
    """The rows with a rank, first rank first; a rank that is no number counts as none."""
    names = ["rank", "person_id", "service_id"]
    if found is None or not set(names) <= set(found.columns):
        return pd.DataFrame(columns=names, dtype=object)
    ranked = found[[WHOLE_NUMBER.fullmatch(rank) is not None for rank in found["rank"]]]
    return ranked.iloc[np.argsort([int(rank) for rank in ranked["rank"]], kind="stable")]


def _owners(frame: pd.DataFrame) -> NDArray[Any]:
    """Who owns each place: the service, or the person where there is none."""
    service = frame["service_id"].to_numpy(dtype=object)
    person = ("person " + frame["person_id"]).to_numpy(dtype=object)
    return np.where(service == "", person, service)


def _differing(one: NDArray[Any], other: NDArray[Any]) -> int:
    shared = min(len(one), len(other))
    return int(np.count_nonzero(one[:shared] != other[:shared])) + abs(len(one) - len(other))
