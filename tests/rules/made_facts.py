"""Facts from plain tables in the contract's units, for cases written as data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import numpy as np

from admissions.model.facts import Facts
from admissions.model.facts_described import FACTS
from admissions.model.hundredths import REST
from admissions.model.vocabulary import VOCABULARIES

UNITS = {  # numbers that facts hold in hundredths, with what the contract says of an empty cell
    "post_percent": 100, "bachelor_ects": None, "bachelor_grade": None,
    "experience_municipal": 0, "experience_state": 0, "experience_private": 0,
    "education_ects": 0, "relevant_education_ects": 0,
    "employees": None, "need": None, "municipality_employees": None,
}  # fmt: skip
COUNTS = {
    "further_education_count": 0, "competence_courses": 0, "birth_date": -1,
    "recommendation_date": -1, "centrality": -1, "service": -1, "municipality": -1,
    "leader_rank": -1, "lottery_place": 1, "index": 0, "preference": 1,
}  # fmt: skip
FLAGS = {
    "bachelor_passed": False, "personnel_responsibility": False, "leader_tasks": False,
    "supervisor_responsibility": False, "experience_documented": True,
    "workplace_agreement": True, "employer_recommended": False, "qualified": True,
}  # fmt: skip
WORDS = {"sector": "municipal", "position": "staff", "master": "none", "region": None,
         "gender": None}  # fmt: skip


def cell(name: str, row: Mapping[str, Any]) -> int | bool:
    """One fact as the frames hold it; the contract's default where ``row`` does not state it."""
    if name in FLAGS:
        return bool(row.get(name, FLAGS[name]))
    if name in WORDS:
        word = row.get(name, WORDS[name])
        return -1 if word is None else VOCABULARIES[name].index(word)
    if name in COUNTS:
        return int(row.get(name, COUNTS[name]))
    value = row.get(name, UNITS[name])
    return -1 if value is None else int(Decimal(str(value)) * 100)


def rest(row: Mapping[str, Any]) -> int:
    """What the grade states beyond hundredths, in the parts in which the frames hold it."""
    return int(Decimal(str(row.get("bachelor_grade", 0))) * 100 % 1 * REST)


def dtype(name: str) -> type[Any]:
    if name in FLAGS:
        return np.bool_
    return np.int8 if name in WORDS else np.int64


def facts(rows: Sequence[Mapping[str, Any]], year: int = 2019) -> Facts:
    names = [*UNITS, *COUNTS, *FLAGS, *WORDS]
    for row in rows:
        assert set(row) <= set(names), sorted(set(row) - set(names))
    columns = {n: np.array([cell(n, row) for row in rows], dtype=dtype(n)) for n in names}
    for name, nothing in FACTS["bachelor_grade"].companions.items():
        columns.setdefault(name, np.full(len(rows), nothing))
    columns["bachelor_grade_rest"] = np.array([rest(row) for row in rows], dtype=np.int64)
    return Facts(len(rows), year, columns)


def only(facts: Facts, names: Sequence[str]) -> Facts:
    """``facts`` with nothing in it but the columns ``names`` and what belongs to them."""
    kept = [name for fact in names for name in (fact, *FACTS[fact].companions)]
    return Facts(len(facts), facts.year, {name: facts.column(name) for name in kept})
