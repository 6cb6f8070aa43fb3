"""Which limits bear on one application's offering."""

from __future__ import annotations

from typing import TYPE_CHECKING

from admissions.explanation.reasons import LimitUsed, RuleName
from admissions.limits import RegionMaximum, RegionMinimum
from admissions.ranking import RankingTable
from admissions.wording import Wording

if TYPE_CHECKING:
    from admissions.run import Run

MAX_STUDENTS = RuleName(
    "max-students",
    "max-students",
    Wording(
        nb="Så mange tjenesten kan unnvære",
        nn="Så mange tenesta kan unnvere",
        en="As many as the service can spare",
    ),
)
LEADER_GROUP = RuleName(
    "leader-group",
    "leader-group",
    Wording(nb="Flere sammen", nn="Fleire saman", en="Several together"),
)


def limits_used(run: Run, table: RankingTable, row: int) -> tuple[LimitUsed, ...]:
    """Those of the offering, common quotas, and those of the own service, in that order."""
    return (*_of_the_offering(table), *_quotas(run, table), *_of_the_service(run, table, row))


def _of_the_offering(table: RankingTable) -> list[LimitUsed]:
    found = []
    for limit in table.version.limits:
        last = isinstance(limit, RegionMinimum) and limit.fill == "open-first"
        name = RuleName(limit.id, f"{limit.kind}-last" if last else limit.kind, limit.title)
        if isinstance(limit, RegionMinimum | RegionMaximum):
            found += [LimitUsed(name, region, seats) for region, seats in limit.seats.items()]
        else:
            found.append(LimitUsed(name, None, limit.seats))
    return found


def _quotas(run: Run, table: RankingTable) -> list[LimitUsed]:
    return [
        LimitUsed(RuleName(quota.id, "quota", quota.title), None, quota.seats)
        for quota in run.scenario.scenario.quotas
        if table.offering in quota.offerings
    ]


def _of_the_service(run: Run, table: RankingTable, row: int) -> list[LimitUsed]:
    service = int(table.facts.numbers("service")[row])
    if service < 0:
        return []
    services, groups = run.round.services, run.round.leader_groups
    at_most = int(services["max_students"].to_numpy()[service])
    found = [LimitUsed(MAX_STUDENTS, None, at_most)] if at_most >= 0 else []
    own = groups["service_id"].to_numpy() == services["service_id"].to_numpy()[service]
    here = own & (groups["offering_id"].to_numpy() == table.offering)
    at_least = groups["at_least"].to_numpy()[here].tolist()
    return found + [LimitUsed(LEADER_GROUP, None, count) for count in at_least]
