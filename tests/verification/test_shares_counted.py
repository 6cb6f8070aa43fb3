"""P14: minimum shares counted down the order of calls, each count worked out in the comments."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from admissions.front import allocation as front
from tests.acceptance.command import run, write_round

SERVICES = """service_id,municipality_no,employees,centrality
S5,1105,5,5
S1,1101,5,1
"""


def _share(name: str, centrality: int, percent: int, across: bool) -> str:
    return f"""
[[changes]]
offerings = ["vid-minoritet"]
place = "before-points"
[changes.add]
id = "{name}"
kind = "minimum-share"
title = {{ nb = "x", nn = "x", en = "x" }}
source = "by hand"
centralities = [{centrality}]
percent = {percent}
not_documented = "not-member"
across_tiers = {str(across).lower()}
"""


class _Made:
    """A round at one offering with three seats, allocated into a folder."""

    def __init__(
        self, folder: Path, people: str, *shares: tuple[str, int, int], across: bool = False
    ) -> None:
        ids = [line.split(",")[0] for line in people.strip().splitlines()]
        wishes = "".join(f"{person},vid-minoritet,1\n" for person in ids)
        header = "person_id,sector,service_id,bachelor_ects,bachelor_grade\n"
        self._round = write_round(
            folder / "round",
            {
                "services.csv": SERVICES,
                "applicants.csv": header + people.lstrip("\n"),
                "applications.csv": "person_id,offering_id,preference\n" + wishes,
            },
        )
        text = 'id = "shares"\nextends = "coordinated-2019"\nseed = 7\n[seats]\nvid-minoritet = 3\n'
        text += "".join(_share(*share, across) for share in shares)
        (folder / "scenario.toml").write_text(text, encoding="utf-8")
        self._out = folder / "out"
        ran = run(
            "allocate", self._round, "--scenario", folder / "scenario.toml", "--out", self._out
        )
        assert ran.code == 0, ran.said

    def p14(self) -> Any:
        found = front.verify(self._out, self._round)
        return next(one for one in found.properties if one.id == "P14")

    def ranks(self) -> list[str]:
        return [line.split(",")[1] for line in self._lines()[1:]]

    def publish(self, *people: str) -> None:
        """Writes the published ranking anew, with ``people`` in that order."""
        header, *rows = self._lines()
        by_person = {row.split(",")[1]: row.split(",")[1:] for row in rows}
        found = [",".join([str(n), *by_person[p]]) for n, p in enumerate(people, start=1)]
        self._ranking.write_text("\n".join([header, *found]) + "\n", encoding="utf-8")

    @property
    def _ranking(self) -> Path:
        return self._out / "rankings" / "vid-minoritet.csv"

    def _lines(self) -> list[str]:
        return self._ranking.read_text(encoding="utf-8").splitlines()


ONE = """
a,municipal,S1,180,5
b,municipal,S1,180,4.9
c,municipal,S1,180,4.8
r,municipal,S5,180,4
"""
REMOTE, CENTRAL = ("remote", 5, 50), ("central", 1, 50)


def test_a_share_is_met_after_every_call_while_members_last(tmp_path: Path) -> None:
    """R is called first; with one of three places the half is missed, but nobody is left."""
    made = _Made(tmp_path, ONE, REMOTE)
    assert made.ranks() == ["r", "a", "b", "c"]
    found = made.p14()
    assert found.holds
    assert dict(found.counted) == {
        "broken": 0, "excused": 0, "places": 4, "admitted": 3, "admitted by remote": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("published", "places"),
    [
        ("abcr", ["place 1, a", "place 2, b", "place 3, c"]),  # 0 of 1, 0 of 2, 0 of 3
        ("arbc", ["place 1, a"]),  # then 1 of 2 is half
    ],
)
def test_a_member_called_too_late_is_found(
    tmp_path: Path, published: str, places: list[str]
) -> None:
    made = _Made(tmp_path, ONE, REMOTE)
    made.publish(*published)
    found = made.p14()
    assert found.holds is False
    assert found.counted["broken"] == len(places)
    assert list(found.exceptions) == [
        f"rankings/vid-minoritet.csv: {place}: the minimum share remote is missed"
        for place in places
    ]


TWO = """
remote,municipal,S5,180,3.5
central,municipal,S1,180,4
"""


def test_of_two_that_are_short_the_first_named_goes_before_and_the_other_is_excused(
    tmp_path: Path,
) -> None:
    """At place 1 both lack one, nobody counts for both; at place 2 the second share has its one."""
    made = _Made(tmp_path, TWO, REMOTE, CENTRAL)
    assert made.ranks() == ["remote", "central"]
    found = made.p14()
    assert found.holds
    assert dict(found.counted) == {
        "broken": 0, "excused": 1, "places": 2, "admitted": 2,
        "admitted by remote": 1, "admitted by central": 1,
    }  # fmt: skip


def test_the_second_named_called_before_the_first_is_found(tmp_path: Path) -> None:
    made = _Made(tmp_path, TWO, REMOTE, CENTRAL)
    made.publish("central", "remote")
    found = made.p14()
    assert found.holds is False
    assert [line.split(": ", 1)[1] for line in found.exceptions] == [
        "place 1, central: the minimum share remote is missed"
    ]


def test_who_counts_for_both_comes_before_who_counts_for_the_first_alone(tmp_path: Path) -> None:
    """Classes 5 and "5 too": r counts for both shares, and b, published first, for neither."""
    made = _Made(tmp_path, ONE, REMOTE, ("too", 5, 20))
    assert made.p14().counted["excused"] == 0
    made.publish("b", "r", "a", "c")
    assert [line.split(": ", 1)[1] for line in made.p14().exceptions] == [
        "place 1, b: the minimum share remote is missed",
        "place 1, b: the minimum share too is missed",
    ]


TIERS = """
a,municipal,S1,180,5
b,municipal,S1,180,4.9
p,private,S5,180,4
"""


def test_each_sector_tier_is_a_list_of_its_own(tmp_path: Path) -> None:
    """No municipal member: a and b are called as they stand, and p alone fills the own list."""
    made = _Made(tmp_path, TIERS, REMOTE)
    assert made.ranks() == ["a", "b", "p"]
    assert made.p14().holds


def test_across_tiers_all_are_one_list(tmp_path: Path) -> None:
    made = _Made(tmp_path, TIERS, REMOTE, across=True)
    assert made.ranks() == ["p", "a", "b"]
    assert made.p14().holds
    made.publish("a", "b", "p")
    assert made.p14().counted["broken"] == 2


def test_without_a_share_nothing_is_promised(tmp_path: Path) -> None:
    found = _Made(tmp_path, ONE).p14()
    assert found.holds is None
    assert dict(found.counted) == {"broken": 0}
