"""Which limits stand in the way of one application."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from admissions.explanation import phrases
from admissions.explanation.reasons import LimitUsed, RuleName
from admissions.model.vocabulary import VOCABULARIES
from admissions.model.wording import Wording
from admissions.ranking.leaders import ANY_OFFERING
from admissions.ranking.tables import RankingTable
from admissions.rulebooks.limits import Shared

if TYPE_CHECKING:
    from admissions.allocation.problem import Problem
    from admissions.allocation.run import Run

REGIONS = VOCABULARIES["region"]

MAX_STUDENTS = RuleName("max-students", "max-students", phrases.LIMITS["max-students"])
LEADER_GROUP = RuleName("leader-group", "leader-group", phrases.LIMITS["leader-group"])


Bearing = tuple[LimitUsed, bool]
"""A limit that bears on an application, and whether it stands in its way."""


class LimitsInTheWay:
    """The limits of one run, and who holds what they count; worked out once."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._holders = _Holders(run.problem, np.flatnonzero(run.plan.held))

    def limits(self, table: RankingTable, row: int) -> tuple[LimitUsed, ...]:
        """Those that stand in the way of ``row``: the offering's, quotas, the own service's.

        A maximum does where it is reached for the row, a reserve where it keeps somebody ranked
        behind, a minimum where nobody is there. Where none does by itself, all that bear on it.
        """
        at = self._run.problem.offerings.index(table.offering)
        taken = _Taken(self._holders, at, table, row)
        bearing = (*_of_the_offering(taken), *self._quotas(table), *self._of_the_service(taken))
        standing = tuple(used for used, stands in bearing if stands)
        return standing or tuple(used for used, _ in bearing)

    def _quotas(self, table: RankingTable) -> Iterator[Bearing]:
        names = self._run.problem.offerings
        for quota in self._run.scenario.scenario.quotas:
            if table.offering in quota.offerings:
                inside = [names.index(name) for name in quota.offerings if name in names]
                held = sum(self._holders.at[number] for number in inside)
                name = RuleName(quota.id, "quota", quota.title)
                yield LimitUsed(name, None, quota.seats, phrases.QUOTA), held >= quota.seats

    def _of_the_service(self, taken: _Taken) -> Iterator[Bearing]:
        """As many as the service can spare, and the groups that its leader wants together."""
        service = int(taken.table.facts.numbers("service")[taken.row])
        if service < 0:
            return
        services, groups = self._run.round.services, self._run.round.leader_groups
        most = int(services["max_students"].to_numpy()[service])
        if most >= 0:
            used = LimitUsed(MAX_STUDENTS, None, most, _who_goes_first(self._run, service))
            yield used, self._holders.of_service[service] >= most
        own = groups["service_id"].to_numpy() == services["service_id"].to_numpy()[service]
        here = own & (groups["offering_id"].to_numpy() == taken.table.offering)
        for least in groups["at_least"].to_numpy()[here].tolist():
            used = LimitUsed(LEADER_GROUP, None, least, phrases.LEADER_GROUP)
            yield used, taken.sharing("service") < least


def _of_the_offering(taken: _Taken) -> Iterator[Bearing]:
    for limit in taken.table.version.limits:
        name = RuleName(limit.id, limit.kind, limit.title)
        for region, seats in limit.bounds():
            used = LimitUsed(name, region, seats, limit.in_the_way())
            yield used, limit.stands(taken, region, seats)


class _Holders:
    """Who holds the offers of a plan, ``held`` (h,), counted by offering and what they share."""

    def __init__(self, problem: Problem, held: NDArray[np.int64]) -> None:
        offering = problem.offering[held].tolist()
        codes: dict[Shared, list[int]] = {
            "service": problem.service[held].tolist(),
            "municipality": problem.municipality[held].tolist(),
            "region": problem.region[held].tolist(),
        }
        self.at = Counter(offering)
        self.of_service = Counter(codes["service"])
        self.sharing = {
            name: Counter(zip(offering, own, strict=True)) for name, own in codes.items()
        }
        self.last: dict[tuple[int, int], int] = {}
        keys = zip(offering, codes["region"], strict=True)
        for key, rank in zip(keys, problem.rank[held].tolist(), strict=True):
            self.last[key] = max(rank, self.last.get(key, 0))


@dataclass(frozen=True)
class _Taken:
    """The seats of the offering ``at`` as the applicant in ``row`` of its table meets them."""

    holders: _Holders
    at: int
    table: RankingTable
    row: int

    @property
    def region(self) -> str | None:
        code = self._code("region")
        return REGIONS[code] if code >= 0 else None

    def sharing(self, fact: Shared | None) -> int:
        if fact is None:
            return self.holders.at[self.at]
        code = self._code(fact)
        return self.holders.sharing[fact][self.at, code] if code >= 0 else 0

    def behind(self, region: str) -> bool:
        last = self.holders.last.get((self.at, REGIONS.index(region)), 0)
        return last > int(self.table.rank[self.row])

    def _code(self, fact: Shared) -> int:
        facts = self.table.facts
        codes = facts.codes(fact) if fact in VOCABULARIES else facts.numbers(fact)
        return int(codes[self.row])


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
