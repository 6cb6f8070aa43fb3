"""What is promised depends on the rules, and what is derived on the draw."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from admissions.model.round import Round
from admissions.rulebooks.rulebook import Version
from admissions.rulebooks.scenario import ResolvedScenario
from admissions.rules.base import Rule
from admissions.verification import Property, Published, verify
from admissions.verification.plain import read_rows
from admissions.verification.property import SHOWN, differences, judged
from admissions.verification.ranked import rank_plainly
from tests.verification import hand


def with_north(version: Version) -> ResolvedScenario:
    scenario = hand.resolved()
    return replace(scenario, versions={**scenario.versions, "north": version})


def reordered(*criteria: Rule) -> ResolvedScenario:
    return with_north(hand.version("north").model_copy(update={"criteria": criteria}))


def p4_and_p11(
    round_: Round, scenario: ResolvedScenario, good: Published
) -> tuple[Property, Property]:
    found = verify(round_, scenario, good, inputs_sha256=hand.INPUTS, draft=True)
    return found[4], found[11]


def test_municipal_first_is_promised_where_every_rulebook_says_so_first(
    round_: Round, scenario: ResolvedScenario, good: Published
) -> None:
    sector, grade = hand.version("north").criteria
    assert p4_and_p11(round_, scenario, good)[0].holds
    for criteria in ((grade, sector), (grade,), ()):
        assert p4_and_p11(round_, reordered(*criteria), good)[0].holds is None
    tiers = sector.model_copy(update={"tiers": (("state",), ("municipal",))})
    assert p4_and_p11(round_, reordered(tiers, grade), good)[0].holds is None


@pytest.mark.parametrize("across", [False, True])
def test_municipal_first_is_not_promised_where_a_share_works_across_tiers(
    round_: Round, good: Published, across: bool
) -> None:
    table = hand.version("north").table()
    share = {
        "id": "share",
        "kind": "minimum-share",
        "title": {"nb": "-", "nn": "-", "en": "-"},
        "source": "by hand",
        "centralities": [5, 6],
        "percent": 20,
        "not_documented": "not-member",
        "across_tiers": across,
    }
    version = Version.model_validate({**table, "criteria": [*table["criteria"], share]})
    assert p4_and_p11(round_, with_north(version), good)[0].holds is (None if across else True)


def drawn(offering: str, persons: Sequence[str]) -> list[int]:
    number = {
        person: int(hashlib.sha256(f"3:{offering}:{person}".encode()).hexdigest()[:16], 16)
        for person in persons
    }
    order = sorted(persons, key=lambda person: number[person])
    return [-1 - order.index(person) for person in persons]


@pytest.mark.parametrize(
    ("offering", "persons"),
    [
        ("north", ["p1", "p2", "p3", "p5", "p6", "p7", "p9"]),
        ("south", ["p1", "p2", "p3", "p4", "p5", "p6", "p8"]),
    ],
)
def test_a_draw_per_offering_is_among_its_applicants(
    round_: Round, offering: str, persons: list[str]
) -> None:
    one = rank_plainly(read_rows(round_), round_, hand.resolved(lottery="per-offering"), {})[
        offering
    ]
    assert one.cells[:, -1].tolist() == drawn(offering, persons)


def test_exceptions_are_told_up_to_a_number_and_all_counted() -> None:
    found = judged("P1", "-", broken=50, lines=(str(n) for n in range(50)), offers=60)
    assert found.exceptions == tuple(str(n) for n in range(SHOWN))
    assert found.counted == {"broken": 50, "offers": 60}


@pytest.mark.parametrize(
    ("found", "lines"),
    [
        ({"a": {"b": 1}, "c": [1]}, []),
        ({"a": {"b": True}, "c": [1]}, ["a.b: found true; expected 1"]),
        ({"a": {"b": 1.0}, "c": [1]}, ["a.b: found 1.0; expected 1"]),
        ({"a": {}, "c": [1, 2]}, ["a.b is missing", "c: found [1, 2]; expected [1]"]),
        ({"a": 1, "c": [1], "d": 0}, ['a: found 1; expected {"b": 1}', "d is not expected"]),
        (None, ['found null; expected {"a": {"b": 1}, "c": [1]}']),
    ],
)
def test_two_trees_differ_where_values_or_types_do(found: Any, lines: list[str]) -> None:
    assert [
        line.removeprefix(": ") for line in differences({"a": {"b": 1}, "c": [1]}, found)
    ] == lines
