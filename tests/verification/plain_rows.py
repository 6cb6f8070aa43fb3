"""The applications of cases written as data, as rows of plain facts: nothing of the program's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

IN_HUNDREDTHS = {
    "post_percent": "100", "bachelor_ects": None, "bachelor_grade": None,
    "experience_municipal": "0", "experience_state": "0", "experience_private": "0",
    "education_ects": "0", "relevant_education_ects": "0", "employees": None, "need": None,
    "municipality_employees": None,
}  # fmt: skip
AS_THEY_ARE: Mapping[str, Any] = {
    "further_education_count": 0, "competence_courses": 0, "centrality": None, "service": None,
    "municipality": None, "leader_rank": None, "lottery_place": 1, "index": 0, "preference": 1,
    "bachelor_passed": False, "personnel_responsibility": False, "leader_tasks": False,
    "supervisor_responsibility": False, "experience_documented": True,
    "workplace_agreement": True, "employer_recommended": False, "qualified": True,
    "sector": "municipal", "position": "staff", "master": "none", "region": None, "gender": None,
}  # fmt: skip
DATES = ("birth_date", "recommendation_date")


def plain_rows(stated: Sequence[Mapping[str, Any]], year: int = 2019) -> list[dict[str, Any]]:
    """A row for each, the contract's defaults where nothing is stated."""
    return [_row(number, one, year) for number, one in enumerate(stated)]


def _row(number: int, stated: Mapping[str, Any], year: int) -> dict[str, Any]:
    row: dict[str, Any] = {"application": number, "year": year}
    for name, value in AS_THEY_ARE.items():
        row[name] = stated.get(name, value)
    for name, default in IN_HUNDREDTHS.items():
        value = stated.get(name, default)
        row[name] = None if value is None else int(Decimal(str(value)) * 100)
    beyond = Decimal(str(stated.get("bachelor_grade") or 0)) * 100 % 1
    row["bachelor_grade_rest"] = int(beyond * 10**13)
    for name in DATES:
        value = stated.get(name)
        day = None if value is None else f"{value:08}"
        row[name] = day and dt.date(int(day[:4]), int(day[4:6]), int(day[6:]))
    return row
