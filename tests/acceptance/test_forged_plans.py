"""A forged plan is rejected, though the solver's report and every file of the folder agree."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.acceptance.command import Ran, run
from tests.acceptance.forging import decided, forged, holders

SERVICES = """
service_id,municipality_no,employees,max_students
A,0301,40,{a}
B,1103,20,
"""
PEOPLE = """
person_id,sector,service_id,bachelor_ects,bachelor_grade
a1,municipal,A,180,5
a2,municipal,A,180,4
b1,municipal,B,180,4.5
b2,municipal,B,180,3
"""
WISHES = """
person_id,offering_id,preference
a1,vid-minoritet,1
a1,vid-relasjon,2
a2,vid-minoritet,1
a2,vid-relasjon,2
b1,vid-relasjon,1
b1,vid-minoritet,2
b2,vid-relasjon,1
b2,vid-minoritet,2
"""
CROSSED = """
person_id,offering_id,preference
a2,vid-minoritet,1
a2,vid-relasjon,2
b1,vid-relasjon,1
b1,vid-minoritet,2
"""
ADDED = """
[[changes]]
offerings = ["vid-relasjon"]
[[changes.replace_criteria]]
id = "most-educated"
kind = "further-education-count"
title = { nb = "Flest", nn = "Flest", en = "Most" }
source = "a round by hand"
"""


def scenario(seats: int, more: str = "", objectives: str = "") -> str:
    return (
        f'id = "own"\nextends = "coordinated-2019"\nseed = 7\n{objectives}'
        f"[seats]\nvid-minoritet = {seats}\nvid-relasjon = {seats}\n{more}"
    )


def minimum(offering: str, seats: int) -> str:
    return f"""
[[changes]]
offerings = ["{offering}"]
[[changes.limits]]
kind = "class-minimum"
id = "so-many-or-none"
title = {{ nb = "Minst", nn = "Minst", en = "At least" }}
seats = {seats}
assumptions = {{ rule = {{ why = {{ nb = "x", nn = "x", en = "x" }}, range = [2] }} }}
"""


def tables(wishes: str = WISHES, a: str = "", **more: str) -> dict[str, str]:
    files = {
        "services.csv": SERVICES.format(a=a), "applicants.csv": PEOPLE, "applications.csv": wishes,
    }  # fmt: skip
    return {**files, **more}


def checked(out: Path, place: Path, *more: str) -> Ran:
    return run("verify", out, "--round", place / "round", *more)


def failing(ran: Ran) -> set[str]:
    return {one["id"] for one in json.loads(ran.out) if one["holds"] is False}


@dataclass(frozen=True)
class Forgery:
    """What is forged of which round, and which properties tell without allocating again."""

    tables: dict[str, str]
    scenario: str
    right: set[tuple[str, str]]
    forged: set[tuple[str, str]]
    told_by: set[str]


M, R = "vid-minoritet", "vid-relasjon"
BY_COURSES = {  # at vid-relasjon a2 stands before b1, at vid-minoritet b1 before a2
    "applicants.csv": """
person_id,sector,service_id,bachelor_ects,bachelor_grade,further_education_count
a2,municipal,A,180,4,2
b1,municipal,B,180,4.5,0
""",
}
FORGERIES = {
    "the best of all is left without the only seat": Forgery(
        tables(), scenario(1), {("a1", M), ("b1", R)}, {("a2", M), ("b1", R)}, {"P5"},
    ),
    "the worst stable plan, everybody on their second wish": Forgery(
        tables(CROSSED, **BY_COURSES), scenario(1, ADDED),
        {("a2", M), ("b1", R)}, {("a2", R), ("b1", M)}, {"P11"},
    ),
    "the worst stable plan beside a max_students that limits nobody": Forgery(
        tables(CROSSED, a="2", **BY_COURSES), scenario(1, ADDED),
        {("a2", M), ("b1", R)}, {("a2", R), ("b1", M)}, {"P11"},
    ),
    "the worst stable plan beside a max_students that is reached": Forgery(
        tables(CROSSED, a="1", **BY_COURSES), scenario(1, ADDED),
        {("a2", M), ("b1", R)}, {("a2", R), ("b1", M)}, {"P15"},
    ),
    "no offers at all, since both classes are closed": Forgery(
        tables(), scenario(2, minimum(M, 2) + minimum(R, 2)),
        {("a1", M), ("a2", M), ("b1", R), ("b2", R)}, set(), {"P15"},
    ),
    "a group left out that is there together by rank": Forgery(
        tables(**{"leader_groups.csv": f"service_id,offering_id,at_least\nA,{M},2\n"}),
        scenario(2), {("a1", M), ("a2", M), ("b1", R), ("b2", R)},
        {("a1", R), ("b1", R), ("b2", M)}, {"P15"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("forgery", FORGERIES.values(), ids=FORGERIES)
def test_a_forged_plan_is_rejected_with_and_without_allocating(
    forgery: Forgery, tmp_path: Path
) -> None:
    honest = decided(tmp_path, forgery.tables, forgery.scenario)
    assert holders(honest) == forgery.right
    out = forged(honest, forgery.forged, tmp_path / "out")
    alone = checked(out, tmp_path, "--without-allocating", "--json")
    assert alone.code == 1
    assert failing(alone) == forgery.told_by
    again = checked(out, tmp_path, "--json")
    assert again.code == 1
    assert failing(again) == {*forgery.told_by, "again"}


@pytest.mark.parametrize("forgery", FORGERIES.values(), ids=FORGERIES)
def test_the_right_plan_of_the_same_round_verifies(forgery: Forgery, tmp_path: Path) -> None:
    honest = decided(tmp_path, forgery.tables, forgery.scenario)
    out = forged(honest, forgery.right, tmp_path / "out")
    ran = checked(out, tmp_path)
    assert ran.code == 0, ran.said
    assert "not shown" not in ran.out


SPREAD = 'objectives = ["blocking-pairs", "spread-breadth", "tie"]\n'


def test_a_plan_of_another_order_of_objectives_is_rejected(tmp_path: Path) -> None:
    """Spread before fairness seats b2 for the municipality's sake; sealed as if fairness led."""
    honest = decided(tmp_path, tables(), scenario(1))
    out = forged(honest, {("b2", M), ("b1", R)}, tmp_path / "out")
    ran = checked(out, tmp_path, "--without-allocating", "--json")
    assert ran.code == 1
    assert "P5" in failing(ran)


QUOTA = f"""
[[quotas]]
id = "one-in-all"
title = {{ nb = "Én", nn = "Éin", en = "One" }}
offerings = ["{M}", "{R}"]
seats = 1
"""


def test_where_nothing_cheap_tells_allocating_again_does_and_else_it_is_said(
    tmp_path: Path,
) -> None:
    """One seat in all, two people first at an offering each: either plan has no blocking pair."""
    wishes = f"person_id,offering_id,preference\na1,{M},1\nb1,{R},1\n"
    honest = decided(tmp_path, tables(wishes), scenario(1, QUOTA))
    (right,) = holders(honest)
    other = {("a1", M), ("b1", R)} - {right}
    out = forged(honest, other, tmp_path / "out")
    alone = checked(out, tmp_path, "--without-allocating", "--language", "en")
    assert alone.code == 0
    assert "That it is the best plan is not shown here." in alone.out
    again = checked(out, tmp_path, "--json")
    assert again.code == 1
    assert failing(again) == {"again"}
