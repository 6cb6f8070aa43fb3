"""Typed reasons: what they hold, and that equal meanings are equal."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from admissions.explanation import Explanation, explain
from admissions.explanation.reasons import FactUsed, LeaderInfluence
from admissions.model.wording import Wording

from .rounds import application, make_round, person, row_of, run_of


def _explain(*people: dict[str, object], of: str, offering: str = "law") -> Explanation:
    wishes = [application(str(p["person_id"]), offering) for p in people]
    run = run_of(make_round(people, wishes), {offering: 1})
    return explain(run, row_of(run.round, of, offering))


def test_reasons_are_equal_when_they_mean_the_same() -> None:
    """A's decision does not depend on who the other is, nor on what nobody reads."""
    mine = person("A", bachelor_grade=450)
    first = _explain(mine, person("B", bachelor_grade=400), of="A")
    second = _explain(
        person("A", bachelor_grade=450, post_percent=5000),
        person("C", bachelor_grade=400, experience_municipal=599),
        of="A",
    )
    assert first == replace(second, ties=first.ties)
    assert hash(first.verdict) == hash(second.verdict)


def test_reasons_differ_when_a_threshold_a_fact_or_a_default_differs() -> None:
    one = _explain(person("A", bachelor_grade=450), of="A")
    assert one != _explain(person("A", bachelor_grade=451), of="A")
    changed = one.requirements[0]
    assert changed != replace(changed, rule=changed.rule.model_copy(update={"minimum_ects": 12000}))
    fact = changed.facts[0]
    assert fact != replace(fact, given=False)


def test_a_sum_is_told_line_by_line() -> None:
    told = _explain(person("A", bachelor_grade=410, experience_municipal=299), of="A")
    points = next(reason for reason in told.criteria if reason.rule.id == "points")
    assert points.cell == 460
    assert [(line.rule.id, line.points) for line in points.lines] == [
        ("grade", 410),
        ("experience", 50),
    ]
    assert points.lines[1].facts == (
        FactUsed("experience_municipal", 299),
        FactUsed("experience_state", 0),
    )
    assert points.lines[1].rule.parameters()["maximum"] == 100


def test_rank_and_the_last_admitteds_points_and_what_sets_them_apart() -> None:
    told = _explain(person("A", bachelor_grade=450), person("B", bachelor_grade=400), of="B")
    assert (told.rank, told.qualified) == (2, 2)
    assert told.last_points == "5.50"
    assert [rule.id for rule in told.verdict.decisive] == ["points"]
    assert not told.verdict.tied


def test_who_has_no_rival_is_told_of_none() -> None:
    told = _explain(person("A"), of="A")
    assert told.verdict.decisive == ()
    assert told.last_points is None  # A is the last one admitted


def test_the_service_limit_tells_the_own_number_in_the_service() -> None:
    people = [person("A", experience_municipal=900), person("B", experience_municipal=800)]
    told = _explain(*people, of="B", offering="group")
    limit = told.criteria[0]
    assert FactUsed("index", 1) in limit.facts
    assert FactUsed("service", "S1") in limit.facts
    assert limit.cell == 0
    assert [rule.id for rule in told.verdict.decisive] == ["service"]


def test_who_of_a_service_counts_first_by_lot_is_told_of_the_lottery_too() -> None:
    """A and B are equal but for the draw, which says who of S1 is the first."""
    people = [person("A", experience_municipal=800), person("B", experience_municipal=800)]
    wishes = [application("A", "group"), application("B", "group")]
    run = run_of(make_round(people, wishes), {"group": 1})
    drawn = sorted("AB", key=lambda name: hashlib.sha256(f"7:{name}".encode()).digest()[:8])
    told = explain(run, row_of(run.round, drawn[1], "group"))
    assert [rule.id for rule in told.verdict.decisive] == ["service", "lottery"]


WORDS = {"nb": "-", "nn": "-", "en": "-"}
IN_THE_WAY = {
    "service-maximum": {"kind": "service-maximum", "id": "one-each", "title": WORDS, "seats": 1},
    "region-maximum": {
        "kind": "region-maximum",
        "id": "regions",
        "title": WORDS,
        "seats": {"bergen": 1, "oslo": 1},
    },
    "class-minimum": {"kind": "class-minimum", "id": "two", "title": WORDS, "seats": 2},
}


@pytest.mark.parametrize(
    ("kinds", "named"),
    [
        (("service-maximum", "class-minimum"), ["one-each"]),
        (("region-maximum", "class-minimum"), ["regions"]),
        (("service-maximum", "region-maximum"), ["one-each", "regions"]),
    ],
)
def test_only_the_limits_in_the_way_are_named(kinds: tuple[str, ...], named: list[str]) -> None:
    """A and B are of S1 and would meet in Bergen; C, behind both, is of neither. Two seats."""
    people = [
        person("A", bachelor_grade=450, region="bergen"),
        person("B", bachelor_grade=440, region="bergen"),
        person("C", bachelor_grade=400, service_id="S2", region="oslo"),
    ]
    changes = [{"offerings": ["law"], "limits": [IN_THE_WAY[kind] for kind in kinds]}]
    wishes = [application(name, "law") for name in "ABC"]
    run = run_of(make_round(people, wishes), {"law": 2}, changes=changes)
    told = explain(run, row_of(run.round, "B", "law")).verdict
    assert told.reason == "limit-reached"
    assert [used.limit.id for used in told.limits] == named
    assert {used.region for used in told.limits} <= {None, "bergen"}


def test_a_leaders_points_are_told_apart_from_the_own() -> None:
    people = [person("A", bachelor_grade=400), person("B", bachelor_grade=400)]
    wanted = {"service_id": "S1", "offering_id": "law", "person_id": "B", "rank": 4}
    run = run_of(
        make_round(
            people,
            [application("A", "law"), application("B", "law")],
            leader_preferences=[wanted],
        ),
        {"law": 1},
        leader="points",
    )
    told = explain(run, row_of(run.round, "B", "law"))
    points = next(reason for reason in told.criteria if reason.rule.id == "points")
    assert (points.cell, points.leader_points) == (800, 300)
    assert told.leader == LeaderInfluence("points", 1)
    other = explain(run, row_of(run.round, "A", "law"))
    assert other.leader == LeaderInfluence("points", None)
    assert other.criteria[1].leader_points == 0


def test_reasons_are_frozen() -> None:
    told = _explain(person("A"), of="A")
    with pytest.raises(AttributeError):
        told.rank = 1  # type: ignore[misc]
    assert told.verdict.offering.programme == Wording(nb="Juss", nn="Jus", en="Law")
