"""What would have changed a decision: each claim confirmed by a rerun that shares no search."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from admissions.allocation.run import Run, allocate_fast
from admissions.explanation import FactChange
from admissions.explanation.counterfactuals import what_would_have_changed
from admissions.model.round import Round
from admissions.model.vocabulary import VOCABULARIES

from .rounds import application, make_round, person, row_of, run_of


def _edited(round_: Round, row: int, fact: str, value: Any) -> Round:
    """The same frames with one cell written anew."""
    if isinstance(value, str):
        value = VOCABULARIES[fact].index(value)
    of_application = fact in ("employer_recommended", "recommendation_date")
    frame = (round_.applications if of_application else round_.applicants).copy()
    at = row if of_application else int(round_.applications["person"].iloc[row])
    changes = {fact: value, **({"bachelor_passed": False} if "grade" in fact else {})}
    if fact == "sector" and value == 0 and not frame["service_id"].iloc[at]:
        changes["service_id"] = "a service with no other applicants"
        services = round_.services.iloc[:1].copy()
        services["service_id"] = changes["service_id"]
        services = pd.concat([round_.services, services], ignore_index=True)
        round_ = replace(round_, services=services)
    for name, new in changes.items():
        cells = frame[name].tolist()
        cells[at] = new
        frame[name] = np.array(cells, dtype=frame[name].to_numpy().dtype)
    if of_application:
        return replace(round_, applications=frame)
    return replace(round_, applicants=frame)


def _gets(run: Run, row: int, fact: str, value: Any) -> str | None:
    """The offering, wanted as much as that of ``row`` or more, that a full rerun gives."""
    rerun = allocate_fast(_edited(run.round, row, fact, value), run.scenario)
    wishes = run.round.applications
    holds = set(rerun.problem.application[rerun.plan.held].tolist())
    for other in range(len(wishes)):
        same = wishes["person"].iloc[other] == wishes["person"].iloc[row]
        wanted = wishes["preference"].iloc[other] <= wishes["preference"].iloc[row]
        if other in holds and same and wanted:
            return str(wishes["offering_id"].iloc[other])
    return None


def _changes(run: Run, person_id: str, offering: str) -> dict[str, FactChange]:
    found = what_would_have_changed(run, row_of(run.round, person_id, offering))
    assert len({change.fact for change in found}) == len(found)
    return {change.fact: change for change in found}


def _two(better: dict[str, Any], mine: dict[str, Any], offering: str, **settings: Any) -> Run:
    people = [person("A", **better), person("B", **mine)]
    wishes = [application("A", offering), application("B", offering)]
    return run_of(make_round(people, wishes), {offering: 1}, **settings)


def test_the_smallest_grade_that_is_enough() -> None:
    """A is drawn first, so B needs 33.0 + 1: rounded to one decimal, a grade of 3.35."""
    older = {"bachelor_grade": 330, "birth_date": 1970_01_01}
    run = _two(older, {"bachelor_grade": 310, "birth_date": 1971_01_01}, "care")
    change = _changes(run, "B", "care")["bachelor_grade"]
    assert (change.before, change.after) == (310, 335)
    assert change.gets.id == "care"


def test_an_undocumented_grade_is_proposed_as_the_lowest_that_is_enough() -> None:
    run = _two({"bachelor_grade": 330}, {"bachelor_grade": -1}, "care")
    change = _changes(run, "B", "care")["bachelor_grade"]
    assert (change.before, change.after) == (None, 335)


def test_a_grade_of_passed_is_named_as_such() -> None:
    run = _two({"bachelor_grade": 330}, {"bachelor_grade": -1, "bachelor_passed": True}, "care")
    assert _changes(run, "B", "care")["bachelor_grade"].before == "passed"


def test_two_facts_together_are_not_proposed() -> None:
    """Priority takes a leader's position and personnel responsibility; B has neither."""
    leader = {"position": "leader", "personnel_responsibility": True, "bachelor_grade": 500}
    run = _two(leader, {"bachelor_grade": 300}, "care")
    assert _changes(run, "B", "care") == {}


def test_the_one_that_is_missing_is_proposed() -> None:
    leader = {"position": "leader", "bachelor_grade": 500}
    run = _two({"bachelor_grade": 500}, {**leader, "bachelor_grade": 300}, "care")
    change = _changes(run, "B", "care")["personnel_responsibility"]
    assert (change.before, change.after) == (False, True)


def test_positions_are_proposed_by_nearness() -> None:
    mine = {"position": "team-leader", "personnel_responsibility": True, "bachelor_grade": 300}
    run = _two({"bachelor_grade": 500}, mine, "care")
    assert _changes(run, "B", "care")["position"].after == "deputy-leader"


def test_the_sector_is_thought_otherwise_with_and_without_a_service() -> None:
    """Without one, a service with no other applicants stands for a municipal employer's."""
    for mine in ({"sector": "state"}, {"sector": "state", "service_id": ""}):
        change = _changes(_two({"bachelor_grade": 250}, mine, "law"), "B", "law")["sector"]
        assert (change.before, change.after) == ("state", "municipal")


def test_not_qualified_must_get_the_seat_and_not_only_qualify() -> None:
    run = _two({"bachelor_grade": 500}, {"bachelor_ects": 17999, "bachelor_grade": 300}, "law")
    assert _changes(run, "B", "law") == {}
    run = _two({"bachelor_grade": 300}, {"bachelor_ects": 17999, "bachelor_grade": 500}, "law")
    change = _changes(run, "B", "law")["bachelor_ects"]
    assert (change.before, change.after) == (17999, 18000)


def test_the_region_counts_where_seats_are_reserved() -> None:
    run = _two(
        {"region": "oslo", "experience_municipal": 900, "service_id": "S2"},
        {"region": "oslo", "experience_municipal": 100},
        "group",
    )
    assert _changes(run, "B", "group")["region"].after == "bergen"


def test_a_wish_wanted_more_counts_too() -> None:
    """B waits for both; a better grade gives the first wish, law, before the second, care."""
    people = [person("A", bachelor_grade=350), person("C", bachelor_grade=400), person("B")]
    wishes = [
        application("A", "law"),
        application("C", "care"),
        application("B", "law"),
        application("B", "care", 2),
    ]
    run = run_of(make_round(people, wishes), {"law": 1, "care": 1})
    change = _changes(run, "B", "care")["bachelor_grade"]
    assert change.gets.id == "law"
    assert change.gets.preference == 1


def test_nothing_is_proposed_to_whoever_holds_this_or_better() -> None:
    people = [person("A")]
    wishes = [application("A", "law"), application("A", "care", 2)]
    run = run_of(make_round(people, wishes), {"law": 1, "care": 1})
    assert _changes(run, "A", "law") == {}
    assert _changes(run, "A", "care") == {}


SCENARIOS: list[dict[str, Any]] = [
    {},
    {"mechanism": "independent"},
    {"leader": "tie-break"},
    {"leader": "within-service"},
    {"leader": "points"},
    {"leader": "employer-first"},
]

FACTS = st.fixed_dictionaries(
    {
        "sector": st.sampled_from(["municipal", "municipal", "state"]),
        "service_id": st.sampled_from(["S1", "S1", "S2", "S3", ""]),
        "post_percent": st.sampled_from([4999, 10000]),
        "position": st.sampled_from(["staff", "leader"]),
        "personnel_responsibility": st.booleans(),
        "bachelor_ects": st.sampled_from([-1, 17999, 18000, 18000]),
        "bachelor_grade": st.sampled_from([-1, 300, 310, 315, 400]),
        "experience_municipal": st.sampled_from([0, 99, 100, 250, 400]),
        "experience_documented": st.sampled_from([True, True, True, False]),
        "region": st.sampled_from([None, "oslo", "bergen"]),
        "birth_date": st.sampled_from([-1, 1970_01_01, 1980_01_01]),
    }
)


@st.composite
def _runs(draw: st.DrawFn) -> Run:
    names = [f"P{number}" for number in range(draw(st.integers(2, 6)))]
    people = [person(name, **draw(FACTS)) for name in names]
    for one in people:
        if not one["service_id"]:
            one["sector"] = "state"
    wishes = []
    for name in names:
        order = draw(st.permutations(["law", "care", "group"]))
        chosen = order[: draw(st.integers(1, 3))]
        wishes += [application(name, o, number) for number, o in enumerate(chosen, 1)]
    named = draw(st.permutations(names))[: draw(st.integers(0, len(names)))]
    services = {str(p["person_id"]): str(p["service_id"]) for p in people}
    leaders = [
        {"service_id": services[name], "offering_id": "", "person_id": name, "rank": rank}
        for rank, name in enumerate(named, 1)
        if services[name]
    ]
    leaders.sort(key=lambda row: (str(row["service_id"]), row["rank"]))
    round_ = make_round(people, wishes, leader_preferences=leaders)
    seats = {name: draw(st.integers(0, 2)) for name in ("law", "care", "group")}
    return run_of(round_, seats, seed=draw(st.integers(0, 9)), **draw(st.sampled_from(SCENARIOS)))


GRADES = range(100, 501)
YEARS = range(6001)
NUMBERS = {
    "bachelor_grade": GRADES,
    "experience_municipal": YEARS,
    "experience_state": YEARS,
    "bachelor_ects": range(30001),
    "post_percent": range(10001),
}


@settings(max_examples=40, deadline=None, derandomize=True)
@given(run=_runs(), data=st.data())
def test_every_claim_holds_and_nothing_one_step_nearer_does(run: Run, data: st.DataObject) -> None:
    row = data.draw(st.integers(0, len(run.round.applications) - 1))
    for change in what_would_have_changed(run, row):
        assert change.fact not in ("birth_date", "gender", "lottery_place")
        assert _gets(run, row, change.fact, change.after) == change.gets.id
        if change.fact in NUMBERS:
            nearer = _one_step_nearer(change)
            if nearer in NUMBERS[change.fact]:
                assert _gets(run, row, change.fact, nearer) is None


def _one_step_nearer(change: FactChange) -> int:
    assert isinstance(change.after, int)
    before = change.before if isinstance(change.before, int) else -1
    return change.after - 1 if change.after > before else change.after + 1


@settings(max_examples=5, deadline=None, derandomize=True)
@given(run=_runs(), data=st.data())
def test_of_all_grades_the_nearest_is_found(run: Run, data: st.DataObject) -> None:
    """By trying each of the 401, with a full rerun each."""
    row = data.draw(st.integers(0, len(run.round.applications) - 1))
    grade = int(run.round.applicants["bachelor_grade"].iloc[run.round.applications["person"][row]])
    if _gets(run, row, "bachelor_grade", grade) is not None:
        return
    reads = run.rankings[str(run.round.applications["offering_id"].iloc[row])].version.rules()
    if not any("bachelor_grade" in rule.reads() for rule in reads):
        return
    enough = [g for g in GRADES if g != grade and _gets(run, row, "bachelor_grade", g)]
    found = {change.fact: change for change in what_would_have_changed(run, row)}
    if not enough:
        assert "bachelor_grade" not in found
        return
    nearest = min(enough, key=lambda g: (abs(g - grade), g))
    assert found["bachelor_grade"].after == nearest


CHOICES: dict[str, list[Any]] = {
    "sector": ["municipal", "state", "private", "none"],
    "position": ["staff", "team-leader", "professional-lead", "deputy-leader", "leader"],
    "region": ["oslo", "bergen", "trondheim", "tromso"],
    "personnel_responsibility": [False, True],
    "experience_documented": [False, True],
}


@settings(max_examples=60, deadline=None, derandomize=True)
@given(run=_runs(), data=st.data())
def test_what_is_not_named_of_a_closed_list_would_not_do_it(run: Run, data: st.DataObject) -> None:
    """Each value of the list, with a full rerun: a search that gives up too early is found out."""
    row = data.draw(st.integers(0, len(run.round.applications) - 1))
    sectors = CHOICES["sector"]
    now = run.round.applicants["sector"].iloc[run.round.applications["person"].iloc[row]]
    if _gets(run, row, "sector", sectors[int(now)]) is not None:
        return
    named = {change.fact for change in what_would_have_changed(run, row)}
    offering = str(run.round.applications["offering_id"].iloc[row])
    for fact in sorted({*CHOICES} - named - _unread(run, offering)):
        for value in CHOICES[fact]:
            assert _gets(run, row, fact, value) is None, (fact, value)


def _unread(run: Run, offering: str) -> set[str]:
    """The facts that nothing there reads but perhaps a limit; they are not looked for."""
    version = run.rankings[offering].version
    read = {name for rule in version.rules() for name in rule.reads()}
    return {*CHOICES} - read - ({"region"} if version.limits else set())


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_round_itself_is_never_touched(scenario: dict[str, Any]) -> None:
    run = _two({"bachelor_grade": 400}, {"bachelor_grade": 300}, "law", **scenario)
    before = run.round.applicants.copy(), run.round.applications.copy()
    assert _changes(run, "B", "law")
    assert run.round.applicants.equals(before[0])
    assert run.round.applications.equals(before[1])
