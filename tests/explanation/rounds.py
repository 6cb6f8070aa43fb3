"""Small rounds from plain values, as intake would give them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from admissions.allocation.run import Run, allocate_fast
from admissions.model.round import Round, RoundSettings
from admissions.model.vocabulary import VOCABULARIES
from admissions.rulebooks.scenario import Scenario, resolve

RULES = Path(__file__).parent / "rules"

SETTINGS = RoundSettings(
    year=2019,
    institution="Universitetet i Stavanger",
    case="2019/77",
    answer_deadline=dt.date(2019, 5, 20),
    appeal_body="Felles klagenemnd",
)

DEFAULTS: dict[str, Any] = {
    "sector": "municipal",
    "service_id": "S1",
    "municipality_no": "1103",
    "post_percent": 10000,
    "position": "staff",
    "personnel_responsibility": False,
    "leader_tasks": False,
    "supervisor_responsibility": False,
    "bachelor_ects": 18000,
    "bachelor_grade": 300,
    "bachelor_passed": False,
    "experience_municipal": 500,
    "experience_state": 0,
    "experience_private": 0,
    "experience_documented": True,
    "workplace_agreement": True,
    "education_ects": 0,
    "relevant_education_ects": 0,
    "further_education_count": 0,
    "master": "none",
    "competence_courses": 0,
    "region": None,
    "birth_date": -1,
    "gender": None,
}


def person(person_id: str, **facts: Any) -> dict[str, Any]:
    return {"person_id": person_id, **DEFAULTS, **facts}


def application(
    person_id: str, offering_id: str, preference: int = 1, **facts: Any
) -> dict[str, Any]:
    return {
        "person_id": person_id,
        "offering_id": offering_id,
        "preference": preference,
        "employer_recommended": False,
        "recommendation_date": -1,
        **facts,
    }


def make_round(
    people: Sequence[Mapping[str, Any]],
    applications: Sequence[Mapping[str, Any]],
    *,
    not_given: Mapping[str, Sequence[str]] | None = None,
    leader_preferences: Sequence[Mapping[str, Any]] = (),
    settings: RoundSettings = SETTINGS,
) -> Round:
    """``not_given`` has, by person, the columns where a default stands."""
    applicants = _typed(pd.DataFrame(people).sort_values("person_id", ignore_index=True))
    given = applicants.notna()
    for person_id, columns in (not_given or {}).items():
        given.loc[applicants["person_id"] == person_id, list(columns)] = False
    frame = pd.DataFrame(applications)
    frame = frame.sort_values(["person_id", "preference"], ignore_index=True)
    rows = {name: row for row, name in enumerate(applicants["person_id"])}
    frame["person"] = np.array([rows[name] for name in frame["person_id"]], dtype=np.int64)
    services = sorted({str(p["service_id"]) for p in people} - {""})
    return Round(
        settings=settings,
        offerings=tuple(sorted(set(frame["offering_id"]))),
        applicants=applicants,
        given=given,
        applications=frame,
        services=_services(services),
        municipalities=_empty(municipality_no=str, centrality=int),
        leader_preferences=_leader_preferences(leader_preferences),
        leader_groups=_empty(service_id=str, offering_id=str, at_least=int),
    )


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    for name, values in VOCABULARIES.items():
        codes = [-1 if v is None or v != v else values.index(v) for v in frame[name]]
        frame[name] = np.array(codes, dtype=np.int8)
    return frame


def _services(ids: Sequence[str]) -> pd.DataFrame:
    count = len(ids)
    return pd.DataFrame(
        {
            "service_id": pd.Series(ids, dtype=object),
            "name": pd.Series(ids, dtype=object),
            "municipality_no": pd.Series(["1103"] * count, dtype=object),
            "centrality": np.full(count, 2, dtype=np.int64),
            "employees": np.full(count, 2000, dtype=np.int64),
            "region": np.full(count, -1, dtype=np.int8),
            "need": np.full(count, 100, dtype=np.int64),
            "max_students": np.full(count, -1, dtype=np.int64),
        }
    )


def _leader_preferences(rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    if rows:
        return pd.DataFrame(rows)
    return _empty(service_id=str, offering_id=str, person_id=str, rank=int)


def _empty(**columns: type) -> pd.DataFrame:
    return pd.DataFrame(
        {
            name: pd.Series([], dtype=np.int64 if kind is int else object)
            for name, kind in columns.items()
        }
    )


def run_of(round_: Round, seats: Mapping[str, int], **settings: Any) -> Run:
    """``round_`` decided by the rules in ``rules/`` beside this file."""
    table = {"id": "test", "mechanism": "coordinated", "seed": 7, "rules_on": "2019-08-01"}
    scenario = Scenario.model_validate({**table, "seats": dict(seats), **settings})
    return allocate_fast(round_, resolve(scenario, rules=RULES))


def row_of(round_: Round, person_id: str, offering_id: str) -> int:
    """The row of an application."""
    frame = round_.applications
    chosen = (frame["person_id"] == person_id) & (frame["offering_id"] == offering_id)
    return int(np.flatnonzero(chosen)[0])
