"""P10: a leader may change who of the own staff stands in the service's places, and nothing else.

At north the services stand s2 s1 s1 s3 s1 and then p6, who has none. The leader of s1 wants p5
first: under ``within-service`` (all municipal employees are one tier) p5 p2 p1 take s1's places.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from admissions.verification import Property, verify
from tests.verification import hand

LEADER = (("s1", "p5"),)
NORTH = """\
rank,person_id,service_id,qualified,slot,bachelor,sector,grade,lottery
1,p3,s2,yes,6,1,2,500,{p3}
2,p5,s1,yes,5,1,2,350,{p5}
3,p2,s1,yes,4,1,2,450,{p2}
4,p9,s3,yes,3,1,2,400,{p9}
5,p1,s1,yes,2,1,2,400,{p1}
6,p6,,yes,1,1,1,490,{p6}
,p7,s2,no,0,0,2,500,{p7}
"""
SOUTH = """\
rank,person_id,service_id,qualified,slot,bachelor,sector,years,lottery
1,p4,s2,yes,6,1,2,900,{p4}
2,p5,s1,yes,5,1,2,100,{p5}
3,p3,s2,yes,4,1,2,400,{p3}
4,p1,s1,yes,3,1,2,600,{p1}
5,p2,s1,yes,2,1,2,300,{p2}
6,p6,,yes,1,1,1,1000,{p6}
,p8,s3,no,0,0,2,0,{p8}
"""


# p5 takes a place at north before p1, p2 and p9, who have better grades; p1 has south.
DECISIONS = """\
person_id,offering_id,preference,qualified,points,rank,outcome,waiting_number,reason,explanation
p1,north,1,yes,4.00,5,waiting,3,moved-behind,-
p1,south,2,yes,,4,offered,,seat-offered,-
p2,south,1,yes,,5,waiting,1,seats-filled,-
p2,north,2,yes,4.50,3,waiting,1,moved-behind,-
p3,north,1,yes,5.00,1,offered,,seat-offered,-
p3,south,2,yes,,3,lapsed,,higher-wish-met,-
p4,south,1,yes,,1,offered,,seat-offered,-
p5,north,1,yes,3.50,2,offered,,seat-offered,-
p5,south,2,yes,,2,lapsed,,higher-wish-met,-
p6,south,1,yes,,6,waiting,2,seats-filled,-
p6,north,2,yes,4.90,6,waiting,4,seats-filled,-
p7,north,1,no,5.00,,not-qualified,,requirement-not-met,-
p8,south,1,no,,,not-qualified,,fact-not-documented,-
p9,north,1,yes,4.00,4,waiting,2,moved-behind,-
"""


def test_the_plan_under_a_leaders_order_keeps_every_promise(tmp_path: Path) -> None:
    cells = hand.lottery_cells()
    held = (("south", "p1"), ("north", "p3"), ("south", "p4"), ("north", "p5"))
    texts = hand.files(
        DECISIONS,
        stated=hand.certificate(*held, preferences=5, leader="within-service"),
        counted=hand.summary(waiting=((3, 1), (1, 1)), last="3.50"),
        rankings={"north": NORTH.format(**cells), "south": SOUTH.format(**cells)},
    )
    found = verify(
        hand.round_by_hand(LEADER), hand.resolved(leader="within-service"),
        hand.published(tmp_path, texts), inputs_sha256=hand.INPUTS, draft=True,
    )  # fmt: skip
    assert [line for one in found for line in one.exceptions] == []
    assert [one.id for one in found if not one.holds] == ["P13", "P14"]


def checked(tmp_path: Path, north: str, mode: str = "within-service") -> dict[str, Property]:
    cells = hand.lottery_cells()
    tables = {"north": north.format(**cells), "south": SOUTH.format(**cells)}
    result = hand.published(tmp_path, hand.files(rankings=tables))
    found = verify(
        hand.round_by_hand(LEADER), hand.resolved(leader=mode), result,
        inputs_sha256=hand.INPUTS, draft=True,
    )  # fmt: skip
    return {one.id: one for one in found}


def test_a_service_keeps_its_places(tmp_path: Path) -> None:
    found = checked(tmp_path, NORTH)
    assert found["P10"].holds
    assert found["P10"].counted == {"broken": 0, "moved": 6}
    assert [line for line in found["P8"].exceptions if line.startswith("rankings/")] == []


def swapped(table: str, one: str, other: str) -> str:
    return table.replace(f",{one},", ",?,").replace(f",{other},", f",{one},").replace(
        ",?,", f",{other},"
    )  # fmt: skip


@pytest.mark.parametrize("pair", ["p9,s3 p1,s1", "p3,s2 p5,s1", "p1,s1 p6,"])
def test_a_slot_that_goes_to_another_service(tmp_path: Path, pair: str) -> None:
    found = checked(tmp_path, swapped(NORTH, *pair.split(" ")))
    assert found["P10"].holds is False
    assert found["P10"].exceptions == ("north: the service differs at 2 places",)
    assert found["P8"].holds is False


def test_colleagues_swapped_against_the_leaders_order_break_the_table_alone(
    tmp_path: Path,
) -> None:
    found = checked(tmp_path, swapped(NORTH, "p5,s1", "p2,s1"))
    assert found["P10"].holds
    assert found["P8"].holds is False


def test_a_ranking_without_ranks(tmp_path: Path) -> None:
    found = checked(tmp_path, NORTH.replace("rank,", "place,", 1))
    assert found["P10"].exceptions == ("north: the service differs at 6 places",)


@pytest.mark.parametrize("rank", ["9", "", "two", "9" * 5000])
def test_a_place_that_is_gone(tmp_path: Path, rank: str) -> None:
    found = checked(tmp_path, NORTH.replace("\n2,p5", f"\n{rank},p5"))
    assert found["P10"].holds is False


@pytest.mark.parametrize("mode", ["points", "employer-first"])
def test_other_modes_promise_nothing_and_are_counted(tmp_path: Path, mode: str) -> None:
    found = checked(tmp_path, swapped(NORTH, "p9,s3", "p1,s1"), mode)
    assert found["P10"].holds is None
    assert found["P10"].counted["broken"] == 1
