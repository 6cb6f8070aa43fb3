"""The shipped round's files, counted with csv alone: nothing here uses the code that drew them."""

import csv
import tomllib
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

ROUND = Path(__file__).parents[2] / "scenarios" / "rounds" / "2019"

# statusmåling 2, Table 3-3: qualified applicants, municipal, state, private.
PRINTED = {
    "vid-relasjon": (84, 1, 1),
    "ntnu-ledelse": (76, 4, 3),
    "uis-juss": (45, 0, 1),
    "oslomet-juss": (172, 5, 4),
    "oslomet-barnets-beste": (172, 3, 4),
    "hvl-barnets-beste": (72, 0, 0),
    "vid-minoritet": (41, 0, 0),
}


def rows(table):
    with (ROUND / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def people():
    return {row["person_id"]: row for row in rows("applicants")}


@pytest.fixture(scope="module")
def applications():
    return rows("applications")


@pytest.fixture(scope="module")
def qualified(people, applications):
    return [a for a in applications if people[a["person_id"]]["experience_documented"] != "no"]


def test_counts_per_offering_and_sector_are_those_of_the_table(people, qualified):
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for application in qualified:
        found[application["offering_id"]][people[application["person_id"]]["sector"]] += 1
    supervision = found.pop("uit-veiledning")
    assert supervision.total() == 121
    assert {
        offering: (counts["municipal"], counts["state"], counts["private"])
        for offering, counts in found.items()
    } == PRINTED


def test_the_sums_that_the_table_prints(people, qualified):
    assert len(qualified) == 809
    without_supervision = Counter(
        people[a["person_id"]]["sector"] for a in qualified if a["offering_id"] != "uit-veiledning"
    )
    assert without_supervision == {"municipal": 662, "state": 13, "private": 13}


def test_eleven_besides_who_do_not_document_experience(people, applications):
    undocumented = [
        a for a in applications if people[a["person_id"]]["experience_documented"] == "no"
    ]
    assert len(undocumented) == 11
    assert {a["offering_id"] for a in undocumented} == {"uis-juss"}
    assert len(applications) == 820


def test_nobody_wants_the_same_twice_and_preferences_are_1_2_3(applications):
    wishes = defaultdict(list)
    for application in applications:
        wishes[application["person_id"]].append(application)
    for own in wishes.values():
        assert len({a["offering_id"] for a in own}) == len(own)
        assert [a["preference"] for a in own] == [str(n) for n in range(1, len(own) + 1)]
    assert Counter(map(len, wishes.values())).keys() == {1, 2, 3}


def test_everyone_applies_and_ids_are_unique_and_say_nothing(people, applications):
    assert len(people) == len(rows("applicants"))
    assert {a["person_id"] for a in applications} == set(people)
    assert sorted(people) == [f"P{n:04d}" for n in range(1, len(people) + 1)]
    # An id says nothing: municipal employees are as frequent in each quarter of the ids.
    sectors = [people[person]["sector"] == "municipal" for person in sorted(people)]
    quarter = len(sectors) // 4
    shares = [sum(sectors[n * quarter : (n + 1) * quarter]) / quarter for n in range(4)]
    assert max(shares) - min(shares) < 0.08


def test_everyone_counted_as_qualified_is_by_the_rules_of_2019(people, qualified):
    for application in qualified:
        person = people[application["person_id"]]
        assert float(person["bachelor_ects"]) >= 180
        assert person["sector"] in ("municipal", "state", "private")
        assert float(person["post_percent"]) > 0
        assert person["bachelor_grade"] == "passed" or 1 <= float(person["bachelor_grade"]) <= 5
        if application["offering_id"] == "ntnu-ledelse":
            assert person["position"] != "staff" or person["leader_tasks"] == "yes"
        if application["offering_id"] == "uit-veiledning":
            assert person["workplace_agreement"] == "yes"
            assert person["region"] in ("oslo", "bergen", "trondheim", "tromso")


def test_the_country():
    municipalities = rows("municipalities")
    services = rows("services")
    assert len(municipalities) == len({m["municipality_no"] for m in municipalities}) == 356
    classes = Counter(int(m["centrality"]) for m in municipalities)
    assert [classes[c] for c in range(1, 7)] == [6, 19, 51, 71, 96, 113]
    assert len(services) == len({s["service_id"] for s in services}) == 245
    assert sum(Decimal(s["employees"]) for s in services) == 6229
    districts = Counter(s["municipality_no"] for s in services if "bydel" in s["name"])
    assert districts == {"0301": 15, "4601": 4}
    assert sum("Interkommunal" in s["name"] for s in services) == 59
    assert all(len(m["municipality_no"]) == 4 for m in municipalities)
    assert all("(syntetisk)" in s["name"] for s in services)


def test_everyone_works_in_a_municipality_of_the_service(people):
    """At most 59 services have people of several municipalities, and no municipality of two
    services is shared; only districts share one municipality."""
    services = {s["service_id"]: s for s in rows("services")}
    known = {m["municipality_no"] for m in rows("municipalities")}
    there = defaultdict(set)
    of = defaultdict(set)
    for person in people.values():
        assert person["municipality_no"] in known
        assert (person["service_id"] in services) == (person["sector"] == "municipal")
        if person["service_id"]:
            there[person["service_id"]].add(person["municipality_no"])
            of[person["municipality_no"]].add(person["service_id"])
    several = {service for service, places in there.items() if len(places) > 1}
    assert several
    assert all("Interkommunal" in services[service]["name"] for service in several)
    assert {place for place, found in of.items() if len(found) > 1} == {"0301", "4601"}


def test_leaders_rank_their_own_staff_only(people, applications):
    orders = defaultdict(list)
    wants = defaultdict(set)
    for application in applications:
        wants[application["person_id"]].add(application["offering_id"])
    for row in rows("leader_preferences"):
        assert people[row["person_id"]]["service_id"] == row["service_id"]
        assert row["offering_id"] in ("", *wants[row["person_id"]])
        orders[row["service_id"], row["offering_id"]].append(row)
    assert len(orders) > 20
    assert any(offering for _, offering in orders)
    for order in orders.values():
        assert len(order) > 1
        assert len({row["person_id"] for row in order}) == len(order)
        assert [row["rank"] for row in order] == [str(n) for n in range(1, len(order) + 1)]


def test_recommendations_are_of_municipal_employees_and_some_are_a_year_old(people, applications):
    years: Counter[str] = Counter()
    for application in applications:
        recommended = application["employer_recommended"] == "yes"
        assert recommended == bool(application["recommendation_date"])
        if recommended:
            assert people[application["person_id"]]["sector"] == "municipal"
            years[application["recommendation_date"][:4]] += 1
    assert years["2019"] > years["2018"] > 0


def test_the_round_says_that_its_people_are_synthetic():
    settings = tomllib.loads((ROUND / "round.toml").read_text(encoding="utf-8"))
    assert settings["year"] == 2019
    assert settings["institution"].startswith("Fiktivt")
    assert settings["case"] == "fiktiv 2019, nr. 663"
    assert len(settings["offerings"]) == 8
