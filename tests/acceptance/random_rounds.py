"""Random rounds as CSV texts, and what the published tables say must have been decided.

Nothing here imports the program: what is checked against is the contract's files, the PyPI library
``matching`` (Wilde, Knight & Gillard 2020) and definitions written out in a few lines.
"""

from __future__ import annotations

import csv
import io
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matching.games import HospitalResident

OFFERINGS = (
    "hvl-barnets-beste", "ntnu-ledelse", "oslomet-barnets-beste", "oslomet-juss", "uis-juss",
    "uit-veiledning", "vid-minoritet", "vid-relasjon",
)  # fmt: skip
REGIONS = ("oslo", "bergen", "trondheim", "tromso")
RESERVE = 5
WITH_RESERVES = "uit-veiledning"
SCENARIOS = (
    "coordinated-2019", "coordinated-2019", "coordinated-2019", "harmonised-points",
    "harmonised-2023", "least-education-first", "leader-tie-break", "leader-within-service",
    "leader-points", "leader-employer-first", "spread-breadth", "spread-proportional",
    "spread-need", "relasjon-as-sum", "no-service-limit",
)  # fmt: skip
DATES = ("2019-08-01", "2019-08-01", "2022-06-01", "2023-05-05", "2024-04-15", "2025-08-01")
CHANGES_RULES = frozenset(
    {"harmonised-2023", "relasjon-as-sum", "no-service-limit", "least-education-first"}
)


@dataclass(frozen=True)
class Made:
    """A random round: its files' texts, the scenario's text, and the seats it states."""

    tables: Mapping[str, str]
    scenario: str
    seats: Mapping[str, int]


def make(draw: random.Random, people: int, offerings: Sequence[str]) -> Made:
    """A round of ``people`` with 1 to all of ``offerings`` each, many of them alike."""
    services = max(2, people // 6)
    table: dict[str, list[list[object]]] = {
        "services.csv": [["service_id", "municipality_no", "employees", "need"]],
        "applicants.csv": [
            [
                "person_id", "sector", "service_id", "post_percent", "position",
                "personnel_responsibility", "leader_tasks", "supervisor_responsibility",
                "bachelor_ects", "bachelor_grade", "experience_municipal", "experience_state",
                "experience_documented", "workplace_agreement", "education_ects",
                "relevant_education_ects", "further_education_count", "master",
                "competence_courses", "region", "birth_date", "gender",
            ]
        ],
        "applications.csv": [
            ["person_id", "offering_id", "preference", "employer_recommended",
             "recommendation_date"]
        ],
        "leader_preferences.csv": [["service_id", "offering_id", "person_id", "rank"]],
    }  # fmt: skip
    for n in range(services):
        table["services.csv"].append(
            [f"S{n:03}", f"{draw.randrange(services // 2 + 1):04}", draw.randint(2, 60),
             draw.choice(["", 80, 100, 120])]
        )  # fmt: skip
    staff: dict[str, list[str]] = {}
    for n in range(people):
        person = f"P{n:04}"
        sector = draw.choices(["municipal", "state", "private", "none"], [85, 7, 6, 2])[0]
        service = f"S{min(draw.randrange(services), draw.randrange(services)):03}"
        if sector != "municipal" and draw.random() < 0.5:
            service = ""
        staff.setdefault(service, []).append(person)
        table["applicants.csv"].append(_person(draw, person, sector, service))
        wishes = draw.sample(list(offerings), draw.randint(1, min(5, len(offerings))))
        for preference, offering in enumerate(wishes, start=1):
            table["applications.csv"].append(
                [person, offering, preference, draw.choice(["yes", "no"]),
                 draw.choice(["", "2023-02-01", "2022-02-01", "2024-02-01"])]
            )  # fmt: skip
    for service, own in sorted(staff.items()):
        if service and draw.random() < 0.6:
            named = draw.sample(own, draw.randint(1, len(own)))
            for rank, person in enumerate(named, start=1):
                table["leader_preferences.csv"].append([service, "", person, rank])
    for name in ("applicants.csv", "applications.csv"):
        header, *rows = table[name]
        draw.shuffle(rows)
        table[name] = [header, *rows]
    seats = {o: draw.randint(0, max(2, 2 * people // (3 * len(offerings)))) for o in offerings}
    if WITH_RESERVES in seats and draw.random() < 0.8:
        seats[WITH_RESERVES] = 4 * RESERVE + draw.randint(0, people // 10)
    base = draw.choice(SCENARIOS)
    date = "2019-08-01" if base in CHANGES_RULES else draw.choice(DATES)
    lottery = draw.choice(["single", "per-offering"])
    lines = [
        'id = "random"', f'extends = "{base}"', f"rules_on = {date}", f'lottery = "{lottery}"',
        f"seed = {draw.randrange(10**6)}", "[seats]",
        *(f"{offering} = {number}" for offering, number in seats.items()),
    ]  # fmt: skip
    texts = {name: csv_text(rows) for name, rows in table.items()}
    return Made(texts, "\n".join(lines) + "\n", seats)


def _person(draw: random.Random, person: str, sector: str, service: str) -> list[object]:
    grade = draw.choice([f"{draw.randint(20, 50) / 10:.1f}", "A", "B", "C", "passed", ""])
    education = draw.choice([0, 0, 0, 15, 30, 60, 90, 120, 180])
    return [
        person, sector, service, draw.choice([100, 100, 80, 50, 40]),
        draw.choice(["staff", "staff", "team-leader", "deputy-leader", "leader"]),
        draw.choice(["yes", "no"]), draw.choice(["yes", "no"]), draw.choice(["yes", "no"]),
        draw.choice([180, 180, 180, 180, 210, 120, ""]), grade,
        draw.choice([0, 1.99, 2, 3, 3.01, 5, 12.5]), draw.choice([0, 0, 0, 1, 4]),
        draw.choice(["yes"] * 9 + ["no"]), draw.choice(["yes"] * 9 + ["no"]),
        education, draw.randint(0, education // 30) * 30, draw.choice([0, 0, 0, 1, 2]),
        draw.choice(["none", "none", "relevant", "other"]), draw.choice([0, 0, 1, 3]),
        draw.choice(["oslo", "oslo", "oslo", "bergen", "bergen", "trondheim", "tromso", ""]),
        f"{draw.randint(1960, 1995)}-0{draw.randint(1, 9)}-1{draw.randint(0, 9)}",
        draw.choice(["female", "female", "female", "male", "other", ""]),
    ]  # fmt: skip


def csv_text(rows: Sequence[Sequence[object]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


class Told:
    """A result as its CSV texts tell it: wishes, orders, and what was decided.

    ``decisions`` and ``rankings`` are rows as dictionaries of text; ``regions`` and ``sectors`` by
    person. A reserve lifts nobody over a municipal employee.
    """

    def __init__(
        self,
        decisions: Sequence[Mapping[str, str]],
        rankings: Mapping[str, Sequence[Mapping[str, str]]],
        seats: Mapping[str, int],
        regions: Mapping[str, str],
        sectors: Mapping[str, str],
    ) -> None:
        self.decided = {(r["person_id"], r["offering_id"]): r for r in decisions}
        self.seats = seats
        self.region = regions
        self.tier = {p: int(sector != "municipal") for p, sector in sectors.items()}
        self.order = {
            offering: [row["person_id"] for row in _resorted(rows)]
            for offering, rows in rankings.items()
        }
        self.rank = {o: {p: n for n, p in enumerate(order)} for o, order in self.order.items()}
        wishes: dict[str, list[tuple[int, str]]] = {}
        for row in decisions:
            if row["person_id"] in self.rank[row["offering_id"]]:
                wish = int(row["preference"]), row["offering_id"]
                wishes.setdefault(row["person_id"], []).append(wish)
        self.wishes = {p: [o for _, o in sorted(found)] for p, found in wishes.items()}
        self.held = {p: o for (p, o), row in self.decided.items() if row["outcome"] == "offered"}

    def recomputed_by_matching(self) -> dict[str, str]:
        """Who holds what by the library's resident-optimal solver.

        An offering with reserves is split into reserved seats a region, which rank that region's
        people first, and open seats; each person asks for the own region's, the open, the others.
        """
        reserves = self.seats.get(WITH_RESERVES, 0) >= len(REGIONS) * RESERVE
        capacity: dict[str, int] = {}
        for offering in self.order:
            if offering == WITH_RESERVES and reserves:
                capacity |= {f"{offering}/{region}": RESERVE for region in REGIONS}
                capacity[offering] = self.seats[offering] - len(REGIONS) * RESERVE
            else:
                capacity[offering] = self.seats[offering]
        capacity = {seat: number for seat, number in capacity.items() if number}

        def asked(person: str, offering: str) -> list[str]:
            own = self.region.get(person, "")
            others = [region for region in REGIONS if region != own]
            parts = [f"{offering}/{own}", offering, *(f"{offering}/{r}" for r in others)]
            return [part for part in parts if part in capacity]

        people = {p: [s for o in w for s in asked(p, o)] for p, w in self.wishes.items()}
        people = {p: seats for p, seats in people.items() if seats}
        wanted = {seat for seats in people.values() for seat in seats}
        lists: dict[str, list[str]] = {}
        for seat in sorted(wanted):
            offering, _, region = seat.partition("/")
            order = [p for p in self.order[offering] if p in people and seat in people[p]]
            at_home = [p for p in order if region in ("", self.region[p])]
            line = [*at_home, *(p for p in order if p not in at_home)]
            lists[seat] = self._by_tier(offering, line)
        if not people:
            return {}
        game = HospitalResident.create_from_dictionaries(
            people, lists, {seat: capacity[seat] for seat in lists}
        )
        found = game.solve(optimal="resident")
        return {
            resident.name: hospital.name.partition("/")[0]
            for hospital, residents in found.items()
            for resident in residents
        }

    def recomputed_by_hand(self) -> dict[str, str]:
        """The same by deferred acceptance with the choice written out: any number of seats."""
        asking = dict.fromkeys(self.wishes, 0)
        held: dict[str, list[str]] = {offering: [] for offering in self.order}
        free = sorted(self.wishes)
        while free:
            person = free.pop()
            if asking[person] >= len(self.wishes[person]):
                continue
            offering = self.wishes[person][asking[person]]
            considered = sorted([*held[offering], person], key=self.rank[offering].__getitem__)
            held[offering] = self._chosen(offering, considered)
            for turned_away in set(considered) - set(held[offering]):
                asking[turned_away] += 1
                free.append(turned_away)
        return {person: offering for offering, people in held.items() for person in people}

    def _chosen(self, offering: str, considered: list[str]) -> list[str]:
        taken: Counter[str] = Counter()
        reserved: list[str] = []
        open_: list[str] = []
        for person in considered:
            region = self.region.get(person, "")
            taken[region] += 1
            protected = offering == WITH_RESERVES and region and taken[region] <= RESERVE
            (reserved if protected else open_).append(person)
        return self._by_tier(offering, [*reserved, *open_])[: self.seats[offering]]

    def _by_tier(self, offering: str, persons: list[str]) -> list[str]:
        """Where there are reserves nobody of a lower sector tier comes first by them."""
        if offering != WITH_RESERVES:
            return persons
        return sorted(persons, key=self.tier.__getitem__)

    def recomputed_by_calls(self, call_rounds: int) -> tuple[dict[str, str], set[tuple[str, str]]]:
        """Who holds what under the independent mechanism, and who was called at all.

        In each round every offering calls down its list to its seats, regions whose reserve is not
        filled first; then everyone keeps the best offer held and releases the rest.
        """
        held: dict[str, str] = {}
        called: set[tuple[str, str]] = set()
        for _ in range(call_rounds):
            offers: dict[str, list[str]] = {p: [o] for p, o in held.items()}
            for offering, order in self.order.items():
                here = [p for p, o in held.items() if o == offering]
                lacking = dict.fromkeys(REGIONS, RESERVE) if offering == WITH_RESERVES else {}
                for person in here:
                    if self.region[person] in lacking:
                        lacking[self.region[person]] -= 1
                first: list[str] = []
                others: list[str] = []
                for person in order:
                    if (person, offering) in called:
                        continue
                    needed = lacking.get(self.region[person], 0) > 0
                    lacking[self.region[person]] = lacking.get(self.region[person], 0) - needed
                    (first if needed else others).append(person)
                line = self._by_tier(offering, [*first, *others])
                for person in line[: self.seats[offering] - len(here)]:
                    called.add((person, offering))
                    offers.setdefault(person, []).append(offering)
            held = {p: min(found, key=self.wishes[p].index) for p, found in offers.items()}
        return held, called

    def outcomes(self, held: Mapping[str, str]) -> dict[tuple[str, str], tuple[str, str]]:
        """Outcome and waiting number of every application, were ``held`` the plan."""
        found = {}
        waiting: dict[str, list[str]] = {offering: [] for offering in self.order}
        for person, offering in self.decided:
            wishes = self.wishes.get(person, [])
            if offering not in wishes:
                found[person, offering] = "not-qualified", ""
            elif held.get(person) == offering:
                found[person, offering] = "offered", ""
            elif person in held and wishes.index(held[person]) < wishes.index(offering):
                found[person, offering] = "lapsed", ""
            else:
                waiting[offering].append(person)
        for offering, people in waiting.items():
            for number, person in enumerate(
                sorted(people, key=self.rank[offering].__getitem__), start=1
            ):
                found[person, offering] = "waiting", str(number)
        return found

    def published(self) -> dict[tuple[str, str], tuple[str, str]]:
        """Outcome and waiting number of every application as published."""
        return {key: (r["outcome"], r["waiting_number"]) for key, r in self.decided.items()}

    def faults(self) -> list[str]:
        """Every breach of fairness and every wanted seat unused (``docs/allocation.md``)."""
        found = []
        holders: dict[str, list[str]] = {offering: [] for offering in self.order}
        for person, offering in self.held.items():
            holders[offering].append(person)
        for offering, people in holders.items():
            if len(people) > self.seats[offering]:
                found.append(f"{offering} has {len(people)} for {self.seats[offering]} seats")
        for person, wishes in self.wishes.items():
            for offering in wishes:
                if self.held.get(person) == offering:
                    break
                found += self._blocks(person, offering, holders[offering])
        return found

    def _blocks(self, person: str, offering: str, holders: list[str]) -> list[str]:
        if len(holders) < self.seats[offering]:
            return [f"{person} wants an unused seat at {offering}"]
        rank = self.rank[offering]
        count: Counter[str] = Counter()
        if offering == WITH_RESERVES:
            count.update(self.region.get(p, "") for p in holders)
        own = self.region.get(person, "")
        lacks = offering == WITH_RESERVES and own and count[own] < RESERVE
        for other in holders:
            region = self.region.get(other, "")
            needed = offering == WITH_RESERVES and region and count[region] <= RESERVE
            if rank[person] < rank[other] and (not needed or region == own or lacks):
                return [f"{person} is ahead of {other} at {offering}"]
            if lacks and not needed:
                return [f"{person} is owed a reserved seat that {other} holds at {offering}"]
        return []


def _resorted(rows: Sequence[Mapping[str, str]]) -> list[Mapping[str, str]]:
    """The qualified rows sorted by their columns, which must give the ranks that stand there."""
    columns = list(rows[0])[4:] if rows else []
    qualified = [row for row in rows if row["qualified"] == "yes"]
    ordered = sorted(qualified, key=lambda row: [-int(row[name]) for name in columns])
    for number, row in enumerate(ordered, start=1):
        assert row["rank"] == str(number)
    return ordered
