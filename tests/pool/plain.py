"""The 2019 admission in plain Python, written from published rules alone: no rule, table or solver.

Shares nothing with the program but the round's frames and the published lottery, whose numbers
are recomputed here.
"""

from collections import Counter, defaultdict
from hashlib import sha256

SEATS = defaultdict(lambda: 32, {"uit-veiledning": 50})
REGION_SEATS = 5
LEADERS = (3, 4)  # deputy-leader, leader


def lottery(person_id, seed):
    return sha256(f"{seed}:{person_id}".encode()).digest()[:8], person_id


def years(p):
    return p["experience_municipal"] + p["experience_state"] + p["experience_private"]


def grade(p):
    return 300 if p["bachelor_passed"] else p["bachelor_grade"]


def leads(p):
    return p["position"] in LEADERS or p["personnel_responsibility"] or p["leader_tasks"]


def columns(offering, p):
    """The columns that sites publish after "municipal first", more is better."""
    steps = min(100, 25 * (years(p) // 100))
    relevant = p["relevant_education_ects"] // 3000
    return {
        "hvl-barnets-beste": (10 * grade(p) + 100 * min(4, p["education_ects"] // 3000),),
        "uit-veiledning": (
            p["supervisor_responsibility"],
            years(p) > 300,
            p["master"] == 1,
            p["competence_courses"] >= 1,
            not leads(p),
            years(p),
            p["further_education_count"],
        ),
        "oslomet-juss": (grade(p) + steps + min(100, 25 * relevant),),
        "oslomet-barnets-beste": (grade(p) + steps + min(100, 25 * relevant),),
        "vid-minoritet": (grade(p),),
        "vid-relasjon": (grade(p), min(4, years(p) // 100), min(2, relevant)),
        "uis-juss": (years(p) >= 200, p.get("within_limit", True), grade(p), years(p)),
        "ntnu-ledelse": (p["position"] in LEADERS and p["personnel_responsibility"], grade(p)),
    }[offering]


def ranking(offering, people, seed):
    """The qualified persons at ``offering``, first first."""

    def ordered(persons):
        by_lot = sorted(persons, key=lambda p: lottery(p["person_id"], seed))
        return sorted(by_lot, key=lambda p: (p["sector"] == 0, *columns(offering, p)), reverse=True)

    qualified = ordered(p for p in people if p["experience_documented"])
    if offering != "uis-juss":
        return [p["person_id"] for p in qualified]
    before: Counter[str] = Counter()
    limited = []
    for p in qualified:
        within = p["sector"] != 0 or before[p["service_id"]] < 2
        before[p["service_id"]] += p["sector"] == 0
        limited.append({**p, "within_limit": within})
    return [p["person_id"] for p in ordered(limited)]


def choice(offering, asking, place, region):
    """Whom ``offering`` holds of ``asking``: five of each region first, then by rank."""
    asking = sorted(asking, key=place.__getitem__)
    reserved = []
    if offering == "uit-veiledning":
        there: Counter[int] = Counter()
        for person in asking:
            if there[region[person]] < REGION_SEATS:
                reserved.append(person)
            there[region[person]] += 1
    others = [person for person in asking if person not in reserved]
    return (reserved + others)[: SEATS[offering]]


def admitted(round_, seed):
    """The rankings by offering, and the pairs (person, offering) of the best stable plan."""
    people = {p["person_id"]: p for p in round_.applicants.to_dict("records")}
    wishes = defaultdict(list)
    for a in round_.applications.sort_values("preference").to_dict("records"):
        wishes[a["person_id"]].append(a["offering_id"])
    ranked = {
        offering: ranking(offering, [people[p] for p in wishes if offering in wishes[p]], seed)
        for offering in round_.offerings
    }
    places = {o: {person: n for n, person in enumerate(order)} for o, order in ranked.items()}
    region = {person: p["region"] for person, p in people.items()}
    held: dict[str, list[str]] = {offering: [] for offering in ranked}
    left = {p: [o for o in own if p in places[o]] for p, own in wishes.items()}
    free = list(left)
    while free:
        person = free.pop()
        if left[person]:
            offering = left[person].pop(0)
            asking = [*held[offering], person]
            held[offering] = choice(offering, asking, places[offering], region)
            free += [p for p in asking if p not in held[offering]]
    return ranked, {(person, o) for o, persons in held.items() for person in persons}
