"""What of a scenario changes nothing in a round is told: limits and changes of rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from admissions.front.opening import read_round, resolved_for
from admissions.ranking.idle import idle

PEOPLE = (
    "person_id,sector,service_id,bachelor_ects,bachelor_grade,region\n"
    "a,municipal,s1,180,4,{region}\nb,municipal,s1,180,3,\nc,state,,180,2,\n"
)


def told(changes: Sequence[Mapping[str, object]], region: str = "") -> list[str]:
    tables = {
        "applicants.csv": PEOPLE.format(region=region).encode(),
        "services.csv": b"service_id,name,municipality_no\ns1,A,0301\n",
        "applications.csv": b"person_id,offering_id,preference\n"
        b"a,vid-minoritet,1\nb,vid-minoritet,1\nc,vid-minoritet,1\n",
    }
    round_ = read_round(tables)
    scenario = {"id": "mine", "extends": "coordinated-2019", "changes": changes}
    return [str(said) for said in idle(round_, resolved_for(round_, scenario))]


def limit(kind: str, seats: object) -> dict[str, object]:
    title = {"nb": "Tak", "nn": "Tak", "en": "Limit"}
    table = {"id": "mine", "kind": kind, "title": title, "source": "a test", "seats": seats}
    return {"offerings": ["vid-minoritet"], "add_limit": table}


def test_a_limit_by_region_where_nobody_has_one_is_told() -> None:
    minimum = limit("region-minimum", {"oslo": 1})

    assert told([minimum]) == [
        "the limit 'mine' at vid-minoritet changes nothing in this round: "
        "no applicant there states a region (column region)"
    ]
    assert told([minimum], region="oslo") == []


def test_a_maximum_that_no_group_reaches_is_told() -> None:
    for kind in ("service-maximum", "municipality-maximum"):
        assert told([limit(kind, 1)]) == []
        assert told([limit(kind, 2)]) == [
            "the limit 'mine' at vid-minoritet changes nothing in this round: "
            "no group there has more qualified applicants than it allows"
        ]


def test_a_change_of_rules_that_moves_nobody_is_told() -> None:
    factor = {"offerings": ["vid-minoritet"], "rule": "grade", "set": {"factor": 10}}
    sector = {"offerings": ["vid-minoritet"], "remove": "sector"}
    need = {"offerings": ["vid-minoritet"], "rule": "bachelor", "set": {"minimum_ects": 181}}

    assert told([factor]) == [
        "change 1 of the scenario (at vid-minoritet) changes nobody's place in the ranking in "
        "this round"
    ]
    assert told([sector])  # c is last by the grade too
    assert told([need]) == []
    assert len(told([need, factor])) == 1


def test_a_change_where_nobody_applies_is_told() -> None:
    assert told([{"offerings": ["uis-juss"], "remove": "years"}]) == [
        "change 1 of the scenario (at uis-juss) changes nobody's place in the ranking in this round"
    ]


def test_an_offering_that_makes_fewer_offers_than_it_has_seats_is_told() -> None:
    round_ = read_round({
        "applicants.csv": PEOPLE.format(region="").encode(),
        "services.csv": b"service_id,name,municipality_no\ns1,A,0301\n",
        "applications.csv": b"person_id,offering_id,preference\na,vid-minoritet,1\n",
    })  # fmt: skip
    for offers, told_of in ((31, ["1 can never"]), (32, []), (40, [])):
        scenario = {
            "id": "mine", "extends": "coordinated-2019", "offers": {"vid-minoritet": offers}
        }  # fmt: skip
        notes = [str(said) for said in idle(round_, resolved_for(round_, scenario))]
        assert [any(text in note for note in notes) for text in told_of] == [True] * len(notes)
