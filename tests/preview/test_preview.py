"""A preview is what the allocation then does, and it knows nothing of others."""

from __future__ import annotations

import itertools
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from admissions.allocation.run import allocate_fast
from admissions.explanation.decisions import decide_outcomes
from admissions.intake import read_round
from admissions.model.errors import UsageError
from admissions.model.resources import offering_ids, shipped
from admissions.model.round import Round
from admissions.preview.cut_offs import CutOffs, Snapshot, snapshot
from admissions.preview.preview import PreviewedPerson, Thresholds, group_wishes, preview
from admissions.preview.staff import Orders, Staff, staff_of
from admissions.rulebooks.scenario import ResolvedScenario, resolve
from admissions.rulebooks.scenario_files import load_scenario
from tests.acceptance.command import write_round


@cache
def shipped_round() -> Round:
    return read_round(shipped("scenarios") / "rounds" / "2019", offerings=offering_ids())


def scenario(name: str) -> ResolvedScenario:
    return resolve(load_scenario(name))


def stated_orders(round_: Round, service: str) -> Orders:
    stated = round_.leader_preferences
    own = stated[stated["service_id"] == service].sort_values("rank")
    return {str(o): list(rows["person_id"]) for o, rows in own.groupby("offering_id")}


@pytest.mark.parametrize(
    "name", ["coordinated-2019", "leader-within-service", "leader-tie-break", "leader-points"]
)
def test_the_preview_of_what_is_stated_is_what_the_allocation_does(name: str) -> None:
    round_, rules = shipped_round(), scenario(name)
    decisions = decide_outcomes(allocate_fast(round_, rules))
    offered = decisions[decisions["outcome"] == "offered"]
    seats = dict(zip(offered["person_id"], offered["offering_id"], strict=True))
    thresholds = Thresholds(snapshot(round_, rules, draws=0))
    compared = 0
    for service in round_.services["service_id"]:
        staff = Staff(staff_of(round_, service), rules)
        for person in preview(staff, thresholds, stated_orders(round_, service), None):
            assert person.seat == seats.get(person.person_id), person.person_id
            compared += 1
    assert compared == 602, "everybody with a service"


SMALL = {
    "applicants.csv": """
person_id,sector,service_id,bachelor_ects,bachelor_grade,experience_municipal
a,municipal,T1,180,4.0,5
b,municipal,T1,180,3.0,5
c,municipal,T1,180,2.0,5
d,municipal,T1,120,5.0,5
e,municipal,T2,180,3.5,5
""",
    "applications.csv": """
person_id,offering_id,preference
a,vid-minoritet,1
b,vid-minoritet,1
b,uis-juss,2
c,vid-minoritet,1
d,vid-minoritet,1
e,vid-minoritet,1
""",
    "services.csv": "service_id,municipality_no\nT1,0301\nT2,0302\n",
}


def small(tmp_path: Path, **files: str) -> Round:
    changed = {f"{name}.csv": text for name, text in files.items()}
    return read_round(write_round(tmp_path / "r", {**SMALL, **changed}), offerings=offering_ids())


def of(minoritet: list[int | None], juss: int | None = 999) -> Thresholds:
    """Cut-offs by grade at vid-minoritet (the first stands, the others are drawn), and at uis-juss.

    Cells there: three requirements, municipal first, grade, lottery. Everybody in municipal child
    welfare clears the cut-off that is named by grade alone.
    """
    first, *drawn = [None if grade is None else (1, 1, 1, 2, grade) for grade in minoritet]
    at_juss = None if juss is None else (1, 1, 1, 2, juss)
    return Thresholds(
        Snapshot(
            scenario="x",
            draws=len(drawn),
            seed=0,
            offerings={
                "vid-minoritet": CutOffs(
                    points="3.00", seats=1, last={"": first}, drawn={"": tuple(drawn)}
                ),
                "uis-juss": CutOffs(
                    points="3.00", seats=1, last={"": at_juss}, drawn={"": (at_juss,) * len(drawn)}
                ),
            },
        )
    )


def seats(found: tuple[PreviewedPerson, ...]) -> dict[str, str | None]:
    return {person.person_id: person.seat for person in found}


def chances(found: tuple[PreviewedPerson, ...]) -> dict[str, int]:
    return {person.person_id: person.chance for person in found}


def staff(round_: Round, name: str = "leader-within-service") -> Staff:
    return Staff(staff_of(round_, "T1"), scenario(name))


def test_whoever_clears_the_cut_off_has_the_seat_and_the_unqualified_never(tmp_path: Path) -> None:
    own = staff(small(tmp_path))
    assert seats(preview(own, of([300]), {}, None)) == {
        "a": "vid-minoritet", "b": "vid-minoritet", "c": None, "d": None,
    }  # fmt: skip
    nobody_turned_away = preview(own, of([None]), {}, None)
    assert seats(nobody_turned_away)["c"] == "vid-minoritet"
    assert seats(nobody_turned_away)["d"] is None, "120 ECTS are no bachelor's degree"
    (unqualified,) = nobody_turned_away[3].applications
    assert unqualified.application.not_met == ("bachelor",)


def test_a_leader_who_orders_own_staff_puts_them_into_their_own_places(tmp_path: Path) -> None:
    own = staff(small(tmp_path))
    # The three places are worth grades 4, 3 and 2; two of them clear 3.
    found = preview(own, of([300]), {"": ["c", "b"]}, None)
    assert seats(found) == {"a": None, "b": "vid-minoritet", "c": "vid-minoritet", "d": None}
    untouched = preview(staff(small(tmp_path), "coordinated-2019"), of([300]), {"": ["c"]}, None)
    assert seats(untouched)["c"] is None, "this scenario gives the leader no say"


def test_of_a_maximum_the_first_in_the_order_go(tmp_path: Path) -> None:
    own = staff(small(tmp_path), "coordinated-2019")
    found = preview(own, of([200]), {"": ["b", "a", "c"]}, 2)
    assert seats(found) == {"a": "vid-minoritet", "b": "vid-minoritet", "c": None, "d": None}
    found = preview(own, of([200]), {"": ["c"]}, 1)
    assert seats(found) == {"a": None, "b": None, "c": "vid-minoritet", "d": None}
    assert set(seats(preview(own, of([200]), {}, 0)).values()) == {None}


def test_a_person_gets_what_they_want_most_of_what_they_clear(tmp_path: Path) -> None:
    own = staff(small(tmp_path), "coordinated-2019")
    assert seats(preview(own, of([400], juss=None), {}, None))["b"] == "uis-juss"
    assert seats(preview(own, of([300], juss=None), {}, None))["b"] == "vid-minoritet"


@pytest.mark.parametrize(
    ("cleared", "draws", "told"),
    [(0, 10, 0), (10, 10, 100), (1, 3, 35), (2, 3, 65), (1, 40, 5), (1, 41, 0), (3, 40, 10)],
)
def test_chances_are_told_in_steps_of_five_half_up(
    tmp_path: Path, cleared: int, draws: int, told: int
) -> None:
    drawn = [400] * cleared + [401] * (draws - cleared)
    found = preview(staff(small(tmp_path)), of([400, *drawn]), {}, None)
    assert chances(found)["a"] == told


def test_chances_of_the_wishes_are_of_one_seat(tmp_path: Path) -> None:
    own = staff(small(tmp_path), "coordinated-2019")
    found = preview(own, of([300, 300, 400, 400, 400], juss=None), {}, None)
    by_offering = {x.application.offering: x.chance for x in found[1].applications}
    assert by_offering == {"vid-minoritet": 25, "uis-juss": 75}
    assert found[1].chance == 100


def test_own_staffs_rows_are_all_that_a_preview_reads(tmp_path: Path) -> None:
    """Two rounds that agree in own staff's data: the same staff, the same answer to every order."""
    ours = small(tmp_path / "one")
    others = SMALL["applicants.csv"].replace("e,municipal,T2,180,3.5,5", "e,state,,180,5.0,9")
    theirs = small(
        tmp_path / "two",
        applicants=others + "f,private,,180,4.4,3\n",
        applications=SMALL["applications.csv"].replace("e,vid-minoritet", "e,uis-juss")
        + "f,vid-minoritet,1\nf,uit-veiledning,2\n",
        services=SMALL["services.csv"].replace("T2", "T9"),
        leader_preferences="service_id,offering_id,person_id,rank\nT1,,c,1\n",
    )
    thresholds = of([300, 250, 350, None])
    for name in ("coordinated-2019", "leader-within-service", "leader-points"):
        one, two = staff(ours, name), staff(theirs, name)
        persons = ["a", "b", "c", "d"]
        for count in range(len(persons) + 1):
            for order in itertools.permutations(persons, count):
                for away in (None, 0, 1, 2):
                    told = [preview(s, thresholds, {"": list(order)}, away) for s in (one, two)]
                    assert told[0] == told[1]


def test_draws_are_the_same_for_the_same_seed_and_differ_else(tmp_path: Path) -> None:
    round_, rules = shipped_round(), scenario("coordinated-2019")
    one, two = (snapshot(round_, rules, draws=3, seed=1) for _ in range(2))
    assert one == two
    assert Snapshot.model_validate_json(one.model_dump_json()) == one
    assert snapshot(round_, rules, draws=3, seed=2).offerings != one.offerings
    assert one.offerings["uis-juss"].points == "2.77"
    assert set(one.offerings["uit-veiledning"].last) == {"-1", "0", "1", "2", "3"}


@pytest.mark.parametrize(
    ("seats", "private", "points"),
    [(4, 0, ":"), (5, 0, "3.00"), (7, 0, None), (7, 2, ":"), (6, 2, "2.00")],
    ids=[
        "four are admitted: the last one's points are hidden",
        "five are",
        "nobody is turned away",
        "one is from the private sector, who comes last: those points are that one's",
        "the last of six is one of six municipal ones",
    ],
)
def test_points_that_would_be_one_of_a_few_are_not_published(
    tmp_path: Path, seats: int, private: int, points: str | None
) -> None:
    """Grades 5.0, 4.5, 4.0, 3.5, 3.0, 2.0 of municipal people; the private ones have 1.0."""
    grades = ("5.0", "4.5", "4.0", "3.5", "3.0", "2.0")
    people = [f"m{n},municipal,T1,180,{grade},5" for n, grade in enumerate(grades)]
    people += [f"x{n},private,,180,1.0,0" for n in range(private)]
    head, *_ = SMALL["applicants.csv"].strip().splitlines()
    wishes = [f"{person.split(',')[0]},vid-minoritet,1" for person in people]
    round_ = small(
        tmp_path,
        applicants="\n".join([head, *people]),
        applications="\n".join(["person_id,offering_id,preference", *wishes]),
    )
    rules = {"id": "few", "extends": "coordinated-2019", "seats": {"vid-minoritet": seats}}
    made = snapshot(round_, resolve(load_scenario(rules)), draws=0)
    assert made.offerings["vid-minoritet"].points == points


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("spread-breadth", "depends on other services' applicants"),
        ("leader-employer-first", "shares places between employers"),
    ],
)
def test_scenarios_that_rank_by_others_are_refused(tmp_path: Path, name: str, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        staff(small(tmp_path), name)
    with pytest.raises(UsageError, match=why):
        snapshot(shipped_round(), scenario(name), draws=1)


def test_a_service_without_applicants_has_nobody_to_preview(tmp_path: Path) -> None:
    nobody = Staff(staff_of(small(tmp_path), "T3"), scenario("leader-within-service"))
    assert preview(nobody, of([300]), {}, None) == ()
    assert np.array_equal(nobody.round.applicants["person_id"], [])


GROUPS = "service_id,offering_id,at_least\nT1,vid-minoritet,2\nT2,vid-minoritet,2\n"


def wished(tmp_path: Path, minoritet: list[int | None]) -> tuple[int, tuple[str, ...], bool]:
    own = staff(small(tmp_path, leader_groups=GROUPS))
    people = preview(own, of(minoritet), {}, None)
    (wish,) = group_wishes(own.together, people)
    assert wish.offering == "vid-minoritet"
    return wish.at_least, wish.within, wish.costs


def test_a_wish_for_two_together_costs_the_one_who_alone_is_high_enough(tmp_path: Path) -> None:
    """a has 4.0, b 3.0, c 2.0: from 3.50 on a alone is in, from 2.50 on a and b are together."""
    assert wished(tmp_path, [350]) == (2, ("a",), True)
    assert wished(tmp_path, [250]) == (2, ("a", "b"), False)
    assert wished(tmp_path, [450]) == (2, (), False)


def test_without_a_wish_for_several_there_is_nothing_to_warn_of(tmp_path: Path) -> None:
    own = staff(small(tmp_path))
    assert group_wishes(own.together, preview(own, of([350]), {}, None)) == ()


def test_cut_offs_are_those_of_the_ranking_whatever_is_wanted_together(tmp_path: Path) -> None:
    """Of a draw nobody knows whether it holds two of a service; what is wanted is warned of."""
    alone = snapshot(small(tmp_path / "a"), scenario("coordinated-2019"), draws=3)
    wanted = small(tmp_path / "b", leader_groups=GROUPS.replace("T2,vid-minoritet,2\n", ""))
    assert snapshot(wanted, scenario("coordinated-2019"), draws=3) == alone


def test_who_is_alone_where_two_are_wanted_gets_the_next_wish(tmp_path: Path) -> None:
    """From 3.50 on a alone is in; wanted together or not at all, a gets no seat there."""
    own = staff(small(tmp_path))
    alone = preview(own, of([350]), {}, None)
    parted = preview(own, of([350]), {}, None, {"vid-minoritet": 2})
    both = preview(own, of([250]), {}, None, {"vid-minoritet": 2})
    assert seats(alone)["a"] == "vid-minoritet"
    assert "vid-minoritet" not in seats(parted).values()
    assert [seats(both)[person] for person in "ab"] == ["vid-minoritet", "vid-minoritet"]
    one_away = preview(own, of([250]), {}, 1, {"vid-minoritet": 2})
    assert set(seats(one_away).values()) == {None}
