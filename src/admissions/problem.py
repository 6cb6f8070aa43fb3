"""Builds the allocation problem from the ranking tables."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import numpy as np

from admissions.leaders import running_index
from admissions.plan import Problem
from admissions.ranking import RankingTable
from admissions.round import Round
from admissions.scenario import ResolvedScenario


def build_problem(
    round_: Round, scenario: ResolvedScenario, rankings: Mapping[str, RankingTable]
) -> Problem:
    """The problem that ``rankings`` pose: qualified applications by person, then preference.

    Raises DataError where the scenario states no seats for an offering of the round.
    """
    tables = list(rankings.values())
    qualified = [table.qualified for table in tables]
    application = np.concatenate([t.application[q] for t, q in zip(tables, qualified, strict=True)])
    order = np.argsort(application, kind="stable")

    def joined(
        columns: list[np.ndarray[tuple[int], np.dtype[np.int64]]],
    ) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        parts = [column[q] for column, q in zip(columns, qualified, strict=True)]
        return np.concatenate(parts).astype(np.int64)[order]

    person = joined([table.person for table in tables])
    offering = joined([np.full(len(t.rank), n) for n, t in enumerate(tables)])
    ids = round_.applicants["person_id"].to_numpy()[person]
    names = [tables[number].offering for number in offering]
    seed = scenario.scenario.seed
    return Problem(
        persons=len(round_.applicants),
        offerings=tuple(table.offering for table in tables),
        person=person,
        offering=offering,
        preference=running_index(person, np.arange(len(person))) + 1,
        rank=joined([table.rank for table in tables]),
        weight=np.array(
            [tie_weight(seed, o, p) for o, p in zip(names, ids, strict=True)], dtype=np.int64
        ),
        application=application[order],
        service=joined([table.facts.numbers("service") for table in tables]),
        region=joined([table.facts.codes("region") for table in tables]),
        offers=np.array([scenario.offers_to_make(t.offering) for t in tables], dtype=np.int64),
        limits={n: t.version.limits for n, t in enumerate(tables) if t.version.limits},
    )


def tie_weight(seed: int, offering_id: str, person_id: str) -> int:
    """32 bits of the lottery hash: the first 4 bytes of SHA-256(``seed:offering_id:person_id``)."""
    digest = hashlib.sha256(f"{seed}:{offering_id}:{person_id}".encode()).digest()
    return int.from_bytes(digest[:4])
