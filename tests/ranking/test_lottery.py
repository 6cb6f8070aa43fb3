"""The draw can be recomputed by anyone who has sha256sum."""

from __future__ import annotations

import subprocess

import pytest

from admissions.ranking import lottery


@pytest.mark.parametrize(
    ("offering", "drawn_from"), [(None, "7:P1"), ("uis-juss", "7:uis-juss:P1")]
)
def test_a_number_is_what_sha256sum_prints(offering: str | None, drawn_from: str) -> None:
    printed = subprocess.run(
        ["sha256sum"], input=drawn_from.encode(), capture_output=True, check=True
    ).stdout.decode()
    (number,) = lottery.numbers(["P1"], 7, offering)
    assert int(number) == int(printed[:16], 16)


def test_the_smallest_number_is_drawn_first() -> None:
    people = [f"P{n}" for n in range(50)]
    drawn = lottery.numbers(people, 1, None)
    places = lottery.places(people, 1, None)
    assert sorted(places) == list(range(1, 51))
    assert drawn[places.argsort()].tolist() == sorted(drawn.tolist())


def test_another_seed_is_another_draw() -> None:
    people = [f"P{n}" for n in range(50)]
    assert lottery.places(people, 1, None).tolist() != lottery.places(people, 2, None).tolist()


def test_the_order_of_the_people_in_the_file_does_not_matter() -> None:
    people = [f"P{n}" for n in range(50)]
    there = dict(zip(people, lottery.places(people, 1, None), strict=True))
    back = dict(zip(people[::-1], lottery.places(people[::-1], 1, None), strict=True))
    assert there == back
