"""A minimum share moves people by the slot column, and by nothing else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from admissions.model.resources import shipped
from admissions.ranking.tables import rank_round
from admissions.rulebooks.scenario import Scenario, resolve
from tests.rules.made_round import made_round

SHARE = {
    "offerings": ["vid-minoritet"],
    "before": "grade",
    "add": {
        "id": "remote",
        "kind": "minimum-share",
        "title": {"nb": "x", "nn": "x", "en": "x"},
        "centralities": [5, 6],
        "percent": 40,
        "not_documented": "not-member",
        "source": "a test",
    },
}


def test_two_of_five_come_from_remote_services_though_their_grades_are_lower() -> None:
    grades = {"A": 5.0, "B": 4.8, "C": 4.6, "D": 4.4, "R": 3.0, "S": 2.0}
    people = [
        {"person_id": name, "sector": "municipal", "bachelor_ects": 180, "bachelor_grade": grade}
        for name, grade in grades.items()
    ]
    plain = made_round("vid-minoritet", people)
    remote = plain.services["service_id"].isin(["own-R", "own-S"])
    centrality = np.where(remote, 6, 1).astype(np.int64)
    round_ = replace(plain, services=plain.services.assign(centrality=centrality))
    scenario = Scenario.model_validate(
        {"id": "share", "rules_on": "2019-08-01", "mechanism": "coordinated", "seed": 1,
         "seats": {"vid-minoritet": 5}, "changes": [SHARE]}
    )  # fmt: skip
    resolved = resolve(scenario, rules=shipped("rules"))
    table = rank_round(round_, resolved)["vid-minoritet"]
    called = [round_.applicants["person_id"].iloc[table.person[row]] for row in table.by_rank()]
    # A first would make it 0 of 1, under 40 %: R. With A it is 1 of 2; with B it would be 1 of 3,
    # too few: S. With B 2 of 4, with C 2 of 5, exactly 40 %. The group is used up, so D.
    assert called == ["R", "A", "S", "B", "C", "D"]
    assert table.columns[0] == "slot"
    assert "remote" in table.columns
