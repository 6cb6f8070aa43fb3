"""One applicant's facts: the same words, defaults and checks as a round's files."""

from __future__ import annotations

import pytest

from admissions.intake.one_applicant import fact_columns, fault, read_applicant
from admissions.model.errors import InputError

OFFERINGS = ("uis-juss", "vid-relasjon")


def test_facts_are_read_as_a_file_states_them() -> None:
    round_ = read_applicant(
        {
            "sektor": "kommunal", "bachelor_grade": "B", "Experience-Municipal": "2,5",
            "leader_tasks": True, "master": None, "employer_recommended": "ja", "need": 1.25,
        },
        OFFERINGS,
    )  # fmt: skip
    (person,) = round_.applicants.to_dict("records")
    assert (person["sector"], person["bachelor_grade"]) == (0, 400)
    assert (person["experience_municipal"], person["post_percent"]) == (250, 10000)
    assert person["leader_tasks"]
    assert round_.applications["offering_id"].tolist() == list(OFFERINGS)
    assert round_.applications["employer_recommended"].tolist() == [True, True]
    assert round_.services["need"].tolist() == [125]
    given = round_.given.iloc[0]
    assert given["leader_tasks"]
    assert not given["post_percent"]
    assert not given["master"]


def test_every_error_is_told_at_once_with_field_value_and_what_was_expected() -> None:
    with pytest.raises(InputError) as refused:
        read_applicant(
            {
                "bachelor_grade": 9, "bachelor_ects": [180], "gradee": 4, "preference": 1,
                "employer_recommended": "perhaps", "centrality": 7, "karakter": 3,
            },
            OFFERINGS,
        )  # fmt: skip
    problems = [(p.file, p.row, p.column, p.value) for p in refused.value.problems]
    assert problems == [
        ("the facts", None, "bachelor_ects", "[180]"),
        ("the facts", None, "bachelor_grade", "9"),
        ("the facts", None, "centrality", "7"),
        ("the facts", None, "employer_recommended", "perhaps"),
        ("the facts", None, "gradee", "4"),
        ("the facts", None, "karakter", "3"),
        ("the facts", None, "preference", "1"),
        ("the facts", None, "sector", ""),
    ]
    said = str(refused.value)
    assert said.startswith("8 errors in the facts:")
    assert "expected a known fact. Maybe grade_scale" in said
    assert "expected bachelor_grade once" in said
    assert "row" not in said


def test_what_is_cut_is_noted_without_a_row() -> None:
    round_ = read_applicant({"sector": "state", "experience_state": "1.996"}, OFFERINGS)
    assert [str(note) for note in round_.notes] == [
        "the facts, column experience_state: found '1.996'; more than two decimals, cut to 1.99"
    ]


def test_one_value_can_be_checked_as_it_is_typed() -> None:
    columns = {name: column for name, (_, column) in fact_columns().items()}
    assert fault(columns["bachelor_grade"], "passed") == ""
    assert fault(columns["post_percent"], "101") == "expected a number from 0 to 100"
    assert fault(columns["sector"], "komunal").endswith("Maybe municipal")
    assert not {"offering_id", "preference", "name", "max_students"} & set(columns)
