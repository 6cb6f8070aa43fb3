"""A round in memory from applicants written as data, all of whom apply to one offering."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from admissions.model.round import Round, RoundSettings
from tests.rules.made_facts import COUNTS, FLAGS, UNITS, WORDS, cell, dtype

_NOT_STATED_OF_PERSONS = (
    "employees", "need", "municipality_employees", "recommendation_date", "centrality", "service",
    "municipality", "leader_rank", "lottery_place", "index", "preference", "employer_recommended",
    "qualified",
)  # fmt: skip


def _columns(names: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {n: np.array([cell(n, row) for row in rows], dtype=dtype(n)) for n in names}


def _texts(values: Sequence[str]) -> pd.Series[str]:
    return pd.Series(values, dtype="str")


def _is_municipal(row: Mapping[str, Any]) -> bool:
    return bool(row.get("sector", "municipal") == "municipal")


def made_round(offering: str, people: Sequence[Mapping[str, Any]]) -> Round:
    """Municipal applicants who state no ``service_id`` have a service each to themselves."""
    rows = sorted(people, key=lambda row: str(row["person_id"]))
    ids = [str(row["person_id"]) for row in rows]
    own = [
        str(row.get("service_id", f"own-{person}" if _is_municipal(row) else ""))
        for person, row in zip(ids, rows, strict=True)
    ]
    facts = [{k: v for k, v in row.items() if k not in ("person_id", "service_id")} for row in rows]
    names = [n for n in (*UNITS, *COUNTS, *FLAGS, *WORDS) if n not in _NOT_STATED_OF_PERSONS]
    applicants = pd.DataFrame(
        {"person_id": _texts(ids), "service_id": _texts(own), "municipality_no": _texts(own)}
        | _columns(names, facts)
    )
    services = sorted({name for name in own if name})
    nothing: list[dict[str, Any]] = [{} for _ in services]
    return Round(
        settings=RoundSettings(),
        offerings=(offering,),
        applicants=applicants,
        given=applicants.notna(),
        applications=pd.DataFrame(
            {
                "person_id": _texts(ids),
                "offering_id": _texts([offering] * len(ids)),
                "person": np.arange(len(ids), dtype=np.int64),
            }
            | _columns(["preference", "employer_recommended", "recommendation_date"], facts)
        ),
        services=pd.DataFrame(
            {"service_id": _texts(services), "name": _texts(services)}
            | {"municipality_no": _texts(services)}
            | {"max_students": np.full(len(services), -1, dtype=np.int64)}
            | _columns(["centrality", "employees", "region", "need"], nothing)
        ),
        municipalities=pd.DataFrame(
            {"municipality_no": _texts([]), "centrality": np.array([], dtype=np.int64)}
        ),
        leader_preferences=_empty("service_id", "offering_id", "person_id", number="rank"),
        leader_groups=_empty("service_id", "offering_id", number="at_least"),
    )


def _empty(*texts: str, number: str) -> pd.DataFrame:
    columns: dict[str, Any] = {name: _texts([]) for name in texts}
    return pd.DataFrame(columns | {number: np.array([], dtype=np.int64)})
