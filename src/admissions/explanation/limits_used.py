"""Which limits stand in the way of one application."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from admissions.explanation import phrases
from admissions.explanation.reasons import LimitUsed, RuleName
from admissions.model.vocabulary import VOCABULARIES
from admissions.model.wording import Wording
from admissions.ranking.leaders import ANY_OFFERING
from admissions.ranking.tables import RankingTable

if TYPE_CHECKING:
    from admissions.allocation.run import Run

REGIONS = VOCABULARIES["region"]

MAX_STUDENTS = RuleName("max-students", "max-students", phrases.LIMITS["max-students"])
LEADER_GROUP = RuleName("leader-group", "leader-group", phrases.LIMITS["leader-group"])


class LimitsInTheWay:
    """The limits of one run, and who holds what they count; worked out once."""

    def __init__(self, run: Run) -> None:
        self._run = run
        problem, held = run.problem, np.flatnonzero(run.plan.held)
        offering, service, region, municipality = (
            column[held].tolist()
            for column in (problem.offering, problem.service, problem.region, problem.municipality)
        )
        self._at = Counter(offering)
        self._of_service = Counter(service)
        self._from_service = Counter(zip(offering, service, strict=True))
        self._from_municipality = Counter(zip(offering, municipality, strict=True))
        self._from_region = Counter(zip(offering, region, strict=True))
        self._last: dict[tuple[int, int], int] = {}
        for key, rank in zip(
            zip(offering, region, strict=True), problem.rank[held].tolist(), strict=True
        ):
            self._last[key] = max(rank, self._last.get(key, 0))

    def limits(self, table: RankingTable, row: int) -> tuple[LimitUsed, ...]:
        """Those that stand in the way of ``row``: the offering's, quotas, the own service's.

        A maximum does where it is reached for the row, a reserve where it keeps somebody ranked
        behind, a minimum where nobody is there. Where none does by itself, all that bear on it.
        """
        run = self._run
        bearing = (
            *_of_the_offering(table),
            *_quotas(run, table),
            *_of_the_service(run, table, row),
        )
        standing = tuple(used for used in bearing if self._stands(used, table, row))
        return standing or bearing

    def _stands(self, used: LimitUsed, table: RankingTable, row: int) -> bool:
        at = self._run.problem.offerings.index(table.offering)
        service = int(table.facts.numbers("service")[row])
        own = int(table.facts.codes("region")[row])
        region = REGIONS.index(used.region) if used.region is not None else -1
        colleagues = self._from_service[at, service] if service >= 0 else -1
        match used.limit.kind:
            case "service-maximum" | "service-first":
                return colleagues >= used.seats
            case "municipality-maximum":
                municipality = int(table.facts.numbers("municipality")[row])
                neighbours = self._from_municipality[at, municipality]
                return municipality >= 0 and neighbours >= used.seats
            case "region-maximum":
                return region == own and self._from_region[at, region] >= used.seats
            case "region-minimum":
                return region != own and self._last.get((at, region), 0) > table.rank[row]
            case "class-minimum":
                return not self._at[at]
            case "quota":
                return self._in_quota(used.limit.id) >= used.seats
            case "max-students":
                return self._of_service[service] >= used.seats
            case _:
                return colleagues < used.seats

    def _in_quota(self, quota_id: str) -> int:
        quotas = {quota.id: quota for quota in self._run.scenario.scenario.quotas}
        names = self._run.problem.offerings
        return sum(self._at[names.index(o)] for o in quotas[quota_id].offerings if o in names)


def _of_the_offering(table: RankingTable) -> list[LimitUsed]:
    return [
        LimitUsed(RuleName(limit.id, limit.kind, limit.title), region, seats, limit.in_the_way())
        for limit in table.version.limits
        for region, seats in limit.bounds()
    ]


def _quotas(run: Run, table: RankingTable) -> list[LimitUsed]:
    return [
        LimitUsed(RuleName(quota.id, "quota", quota.title), None, quota.seats, phrases.QUOTA)
        for quota in run.scenario.scenario.quotas
        if table.offering in quota.offerings
    ]


def _of_the_service(run: Run, table: RankingTable, row: int) -> list[LimitUsed]:
    service = int(table.facts.numbers("service")[row])
    if service < 0:
        return []
    services, groups = run.round.services, run.round.leader_groups
    at_most = int(services["max_students"].to_numpy()[service])
    found = []
    if at_most >= 0:
        found = [LimitUsed(MAX_STUDENTS, None, at_most, _who_goes_first(run, service))]
    own = groups["service_id"].to_numpy() == services["service_id"].to_numpy()[service]
    here = own & (groups["offering_id"].to_numpy() == table.offering)
    at_least = groups["at_least"].to_numpy()[here].tolist()
    return found + [LimitUsed(LEADER_GROUP, None, n, phrases.LEADER_GROUP) for n in at_least]


def _who_goes_first(run: Run, service: int) -> Wording:
    """By what a service that cannot spare all chooses who goes first.

    Its leader's order, for any offering or for each apart; where none counts, by how far up
    one stands.
    """
    lists = run.round.leader_preferences
    own = lists["service_id"] == run.round.services["service_id"].iloc[service]
    if run.scenario.scenario.leader == "none" or not own.any():
        return phrases.MAX_STUDENTS_UNNAMED
    apart = lists["offering_id"] != ANY_OFFERING
    return phrases.MAX_STUDENTS_APART if (own & apart).any() else phrases.MAX_STUDENTS
