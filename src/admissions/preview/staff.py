"""Own staff: one service's rows of a round, ranked among themselves."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np

from admissions.explanation.decisions import points_texts
from admissions.model.facts import Numbers
from admissions.model.hundredths import NOT_DOCUMENTED
from admissions.model.round import Round
from admissions.preview.keys import Key, base_scenario, keys, limited_regions
from admissions.ranking import lottery
from admissions.ranking.facts_of_round import person_facts
from admissions.ranking.leaders import ANY_OFFERING
from admissions.ranking.tables import Persons, RankingTable, rank_round
from admissions.rulebooks.scenario import ResolvedScenario

Orders = dict[str, list[str]]
"""The leader's orders: by offering ("" = any without its own) the persons, first = most wanted."""


def staff_of(round_: Round, service_id: str) -> Round:
    """The rows of ``round_`` that are about ``service_id`` and its applicants, and no others."""
    own = (round_.applicants["service_id"] == service_id).to_numpy()
    who = np.flatnonzero(own)
    new_row = np.full(len(own), -1, dtype=np.int64)
    new_row[who] = np.arange(len(who))
    applied = own[round_.applications["person"].to_numpy()]
    applications = round_.applications[applied].reset_index(drop=True)
    applicants = round_.applicants.iloc[who].reset_index(drop=True)
    services = round_.services[round_.services["service_id"] == service_id]
    groups = round_.leader_groups[round_.leader_groups["service_id"] == service_id]
    places = {*applicants["municipality_no"], *services["municipality_no"]}
    municipalities = round_.municipalities[round_.municipalities["municipality_no"].isin(places)]
    return dataclasses.replace(
        round_,
        offerings=tuple(sorted(set(applications["offering_id"]))),
        applicants=applicants,
        given=round_.given.iloc[who].reset_index(drop=True),
        applications=applications.assign(person=new_row[applications["person"].to_numpy()]),
        services=services.reset_index(drop=True),
        municipalities=municipalities.reset_index(drop=True),
        leader_preferences=round_.leader_preferences.iloc[:0].reset_index(drop=True),
        leader_groups=groups.reset_index(drop=True),
        notes=(),
        sha256={},
    )


@dataclass(frozen=True)
class StaffApplication:
    """One application of own staff: what it is worth before a leader's order.

    ``not_met`` are the ids of the requirements that are not met; ``points`` as the site writes
    them. ``region`` is the code by which the offering's cut-offs are told apart, "" where alike.
    """

    person_id: str
    offering: str
    preference: int
    qualified: bool
    not_met: tuple[str, ...]
    points: str
    region: str
    row: int


class Staff:
    """One service's applicants under a scenario: made once, then held against many orders.

    Raises UsageError for a scenario whose places depend on others (``base_scenario``).
    """

    def __init__(self, own: Round, scenario: ResolvedScenario) -> None:
        self.round = own
        self.scenario = scenario
        self._base = base_scenario(scenario)
        self._facts = person_facts(own)
        self._place = {p: n for n, p in enumerate(own.applicants["person_id"].tolist())}
        self.persons = frozenset(self._place)
        groups = own.leader_groups
        self.together = dict(zip(groups["offering_id"], groups["at_least"].tolist(), strict=True))
        """How many are wanted together at an offering, or none, by offering."""
        self.tables = rank_round(own, self._base) if len(own.applications) else {}
        self.applications = sorted(
            (found for table in self.tables.values() for found in self._applications(table)),
            key=lambda found: (found.person_id, found.preference),
        )
        self._keys = {
            offering: keys(table, own, self._base) for offering, table in self.tables.items()
        }

    def _applications(self, table: RankingTable) -> list[StaffApplication]:
        ids = self.round.applicants["person_id"].to_numpy()[table.person]
        preference = self.round.applications["preference"].to_numpy()[table.application]
        points = points_texts(table)
        by_region = limited_regions(table.version)
        region = table.facts.codes("region")
        met = {
            rule.id: table.cells[:, table.columns.index(rule.id)] > 0
            for rule in table.version.requirements
        }
        return [
            StaffApplication(
                person_id=str(ids[row]),
                offering=table.offering,
                preference=int(preference[row]),
                qualified=bool(table.qualified[row]),
                not_met=tuple(name for name, column in met.items() if not column[row]),
                points=str(points[row]),
                region=str(region[row]) if by_region else "",
                row=row,
            )
            for row in range(len(ids))
        ]

    def keys_under(self, orders: Orders) -> dict[tuple[str, str], Key]:
        """The key of each qualified application, by person and offering, under the orders.

        A leader who permutes own staff puts them into the places that they hold together, so the
        best place's key goes to the first in the order that results, and so on.
        """
        if self._base is self.scenario and not _by_points(self.scenario):
            tables, key = self.tables, self._keys
        else:
            own = self.round
            persons = Persons(self._facts, self._stated(orders))
            some = len(own.applications) > 0
            tables = rank_round(own, self.scenario, persons=persons) if some else {}
            key = self._keys
            if self._base is self.scenario:
                key = {o: keys(table, own, self.scenario) for o, table in tables.items()}
        found: dict[tuple[str, str], Key] = {}
        for offering, table in tables.items():
            ids = self.round.applicants["person_id"].to_numpy()[table.person]
            places = sorted((k for k in key[offering] if k is not None), reverse=True)
            for place, row in zip(places, table.by_rank().tolist(), strict=True):
                found[str(ids[row]), offering] = place
        return found

    def _stated(self, orders: Orders) -> dict[str, Numbers]:
        """The rank that each of own staff has in the order for each offering, -1 where in none."""
        found = {}
        for offering in self.round.offerings:
            stated = np.full(len(self._place), NOT_DOCUMENTED, dtype=np.int64)
            for rank, person in enumerate(orders.get(offering, orders.get(ANY_OFFERING, ())), 1):
                if person in self._place:
                    stated[self._place[person]] = rank
            found[offering] = stated
        return found

    def order_of(self, orders: Orders) -> dict[str, int]:
        """Each person's place when the service must choose who may be away: those named first.

        Whoever is not named comes after, by lottery; by offering where no order is for any.
        """
        ids = self.round.applicants["person_id"].tolist()
        stated = orders.get(ANY_OFFERING)
        if stated is None:
            stated = list(dict.fromkeys(p for o in sorted(orders) for p in orders[o]))
        named = {person: rank for rank, person in enumerate(stated)}
        seed = self.scenario.scenario.seed
        drawn = dict(zip(ids, lottery.numbers(ids, seed, None).tolist(), strict=True))
        ordered = sorted(ids, key=lambda p: (named.get(p, len(named)), drawn[p], p))
        return {person: place for place, person in enumerate(ordered)}


def _by_points(scenario: ResolvedScenario) -> bool:
    return scenario.scenario.leader == "points"
