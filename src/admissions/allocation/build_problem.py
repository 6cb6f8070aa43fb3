"""Builds the allocation problem from the ranking tables, the scenario and the round's limits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from admissions.allocation.problem import (
    AwayLimit,
    GroupLimit,
    Problem,
    QuotaLimit,
    Worth,
    offering_limits,
    overlapping,
)
from admissions.allocation.service_orders import away_limits
from admissions.allocation.worth import worth_of
from admissions.model.errors import UsageError
from admissions.model.messages import message
from admissions.model.round import Round
from admissions.model.sorting import in_order
from admissions.ranking import lottery
from admissions.ranking.facts_of_round import positions
from admissions.ranking.rounds import RoundsAsOne
from admissions.ranking.running_index import running_index
from admissions.ranking.tables import RankedAtOffering
from admissions.rulebooks.objectives import ObjectiveName, absent, merit_first
from admissions.rulebooks.scenario import ResolvedScenario


def build_problem(
    round_: Round,
    scenario: ResolvedScenario,
    rankings: Mapping[str, RankedAtOffering],
    *,
    begun: bool = False,
) -> Problem:
    """The problem that ``rankings`` pose: qualified applications by person, then preference.

    Limits across offerings (quotas, the round's ``max_students`` and leader groups) belong to the
    coordinated mechanism; sites that admit on their own cannot keep them. Raises DataError where
    the scenario states no seats for an offering of the round, and UsageError for a group that more
    must hold than can, for limits that do not go together, or for a turn that is not stated.

    ``begun``: the result is published; a group that a correction has made too small to be together
    is none any more.
    """
    tables = list(rankings.values())
    qualified = _Qualified(tables)
    offering = qualified.joined([np.full(len(t.rank), n) for n, t in enumerate(tables)])
    ids = round_.applicants["person_id"].to_numpy()
    seed = scenario.scenario.seed
    coordinated = scenario.scenario.mechanism == "coordinated"
    offerings = tuple(table.offering for table in tables)
    away = away_limits(round_, scenario, tables) if coordinated else ()
    _refuse_apart(round_, tables, away)
    _refuse_beside_equals(scenario, tables, away)
    of_applications = qualified.arrays()
    service = of_applications["service"]
    problem = Problem(
        **of_applications,
        persons=len(round_.applicants),
        offerings=offerings,
        offering=offering,
        weight=qualified.joined([_tie_weights(seed, t.offering, ids[t.person]) for t in tables]),
        offers=np.array([scenario.offers_to_make(name) for name in offerings], dtype=np.int64),
        limits=offering_limits([table.version.limits for table in tables]),
        quotas=_quotas(scenario, offerings) if coordinated else (),
        away=away,
        groups=_groups(round_, offerings, service, offering, begun=begun) if coordinated else (),
        ties=scenario.scenario.ties,
        turns=_turns(scenario, offerings),
        objectives=scenario.scenario.objectives,
        worth=_worths(scenario, of_applications["person"], qualified.fact),
    )
    _refuse_overlapping_reserves(problem)
    return problem


def not_side_by_side(scenario: ResolvedScenario) -> bool:
    """Whether rounds under ``scenario`` have to be decided one by one, whatever they hold.

    Side by side they are by deferred acceptance or down the lists; what needs CP-SAT, or all sets
    of classes that close, is decided for a round at a time.
    """
    settings, versions = scenario.scenario, scenario.versions.values()
    if settings.mechanism != "coordinated":
        return False
    nothing = absent(groups=False, quotas=False, service_orders=False, drawn=True)
    limits = offering_limits([version.limits for version in versions])
    return (
        bool(settings.quotas)
        or settings.ties != "lottery"
        or not merit_first(settings.objectives, nothing)
        or bool(limits.class_minimum.any())
    )


def build_side_by_side(
    rounds: RoundsAsOne, scenario: ResolvedScenario, rankings: Mapping[str, RankedAtOffering]
) -> Problem:
    """The problems of ``rounds`` as one, each as ``build_problem`` poses it, without tie weights.

    Offering o of round r stands at r times the number of offerings plus o. Only for rounds without
    limits across offerings, and a ``scenario`` that is not ``not_side_by_side``.
    """
    tables, number = list(rankings.values()), len(rounds)
    qualified = _Qualified(tables)
    of_applications = qualified.arrays()
    site = qualified.joined([np.full(len(t.rank), n) for n, t in enumerate(tables)])
    offerings = tuple(table.offering for table in tables)
    limits = offering_limits([table.version.limits for table in tables])
    _refuse_beside_equals(scenario, tables, ())
    problem = Problem(
        **of_applications,
        persons=len(rounds.ids),
        offerings=offerings * number,
        offering=rounds.draw[of_applications["person"]] * len(tables) + site,
        weight=np.zeros_like(site),
        offers=np.tile([scenario.offers_to_make(name) for name in offerings], number),
        limits=limits.repeated(number),
        ties=scenario.scenario.ties,
        turns=_turns(scenario, offerings),
        rounds=number,
        objectives=scenario.scenario.objectives,
    )
    _refuse_overlapping_reserves(problem)
    return problem


class _Qualified:
    """The qualified applications of all tables: columns joined by person, then preference."""

    def __init__(self, tables: Sequence[RankedAtOffering]) -> None:
        self._tables = tables
        stated = self._stacked([table.application for table in tables])
        self._order = in_order(stated)
        self.application = stated[self._order]

    def arrays(self) -> dict[str, Any]:
        """The arrays of a ``Problem`` that are of the applications alone, by name."""
        tables, joined, fact = self._tables, self.joined, self.fact
        person = joined([table.person for table in tables])
        return {
            "person": person,
            "preference": running_index(person, np.arange(len(person))) + 1,
            "rank": joined([table.rank for table in tables]),
            "application": self.application,
            "service": fact("service"),
            "region": joined([table.facts.codes("region") for table in tables]),
            "municipality": fact("municipality"),
            "tier": joined([_tier_kept(table) for table in tables]),
            "municipal": joined([t.facts.one_of("sector", ["municipal"]) for t in tables]) > 0,
            "drawn": fact("lottery_place"),
        }

    def _stacked(self, columns: Sequence[NDArray[Any]]) -> NDArray[Any]:
        parts = zip(columns, self._tables, strict=True)
        return np.concatenate([column[table.qualified] for column, table in parts])

    def joined(self, columns: Sequence[NDArray[Any]]) -> NDArray[np.int64]:
        """One column of all tables, given by table."""
        return self._stacked(columns).astype(np.int64)[self._order]

    def fact(self, name: str) -> NDArray[np.int64]:
        """The fact ``name`` as whole numbers."""
        return self.joined([table.facts.numbers(name) for table in self._tables])


def _worths(
    scenario: ResolvedScenario, person: NDArray[np.int64], fact: Callable[[str], NDArray[np.int64]]
) -> dict[ObjectiveName, Worth]:
    """What each objective that counts something counts, by name."""
    found = {name: worth_of(name, person, fact) for name in scenario.scenario.objectives}
    return {name: worth for name, worth in found.items() if worth is not None}


def _tier_kept(table: RankedAtOffering) -> NDArray[np.int64]:
    """The sector tier that reserves keep to: all are in one where the rules say across tiers."""
    return np.zeros_like(table.tier) if table.version.across_tiers else table.tier


def _tie_weights(seed: int, offering_id: str, person_ids: NDArray[np.object_]) -> NDArray[np.int64]:
    """32 bits of the lottery hash: the first 4 bytes of SHA-256(``seed:offering_id:person_id``)."""
    return (lottery.numbers(person_ids, seed, offering_id) >> np.uint64(32)).astype(np.int64)


def _turns(scenario: ResolvedScenario, offerings: Sequence[str]) -> tuple[int, ...]:
    """Raises UsageError where the serial mechanism is asked for and an offering has no turn."""
    settings = scenario.scenario
    if settings.mechanism != "serial":
        return ()
    without = [name for name in offerings if name not in settings.turns]
    if without:
        raise UsageError(
            message(
                "solving.no-turn",
                scenario=settings.id,
                offering=without[0],
                turns=str([*settings.turns, *without]),
            )
        )
    return tuple(offerings.index(name) for name in settings.turns if name in offerings)


def _refuse_overlapping_reserves(problem: Problem) -> None:
    """Raises UsageError where reserved seats and another limit count groups that overlap.

    Maxima alone may overlap: CP-SAT keeps both. Where seats are reserved, it would not be defined
    who goes for whom.
    """
    offering = overlapping(problem, reserves=True)
    if offering is not None:
        raise UsageError(message("solving.overlapping-reserves", offering=offering))
    for quota in problem.quotas:
        for at in quota.offerings:
            if problem.limits.open_first[at]:
                open_first = problem.offerings[at]
                raise UsageError(message("solving.open-first-in-quota", offering=open_first))


def _quotas(scenario: ResolvedScenario, offerings: Sequence[str]) -> tuple[QuotaLimit, ...]:
    return tuple(
        QuotaLimit(
            tuple(offerings.index(o) for o in quota.offerings if o in offerings),
            quota.seats,
            quota.across_tiers,
        )
        for quota in scenario.scenario.quotas
    )


def _refuse_apart(
    round_: Round, tables: Sequence[RankedAtOffering], away: Sequence[AwayLimit]
) -> None:
    """Raises UsageError where orders apart meet seats that are reserved.

    Who must go for a colleague is then not the one whom the reserves would send away.
    """
    limits = [(table.offering, limit) for table in tables for limit in table.version.limits]
    reserved = [offering for offering, limit in limits if limit.keeps_tiers() is not None]
    apart = [limit.service for limit in away if limit.order is None]
    if apart and reserved:
        service = round_.services["service_id"].iloc[apart[0]]
        raise UsageError(message("solving.orders-apart", service=service, offering=reserved[0]))


def _refuse_beside_equals(
    scenario: ResolvedScenario, tables: Sequence[RankedAtOffering], away: Sequence[AwayLimit]
) -> None:
    """Raises UsageError where a limit would have to choose between equals that stay together."""
    settings = scenario.scenario
    if settings.ties == "lottery":
        return
    found = [
        message("solving.beside-equals.limit", kind=one.kind, id=one.id, offering=table.offering)
        for table in tables
        for one in table.version.limits
        if one.one_by_one
    ]
    if settings.mechanism == "coordinated":
        found += [message("solving.beside-equals.quota", id=one.id) for one in settings.quotas]
    if any(limit.order is None for limit in away):
        found.append(message("solving.beside-equals.orders-apart"))
    if found:
        raise UsageError(message("solving.beside-equals", ties=settings.ties, what=found[0]))


def _groups(
    round_: Round,
    offerings: Sequence[str],
    service: NDArray[np.int64],
    offering: NDArray[np.int64],
    *,
    begun: bool,
) -> tuple[GroupLimit, ...]:
    groups = round_.leader_groups
    ids = round_.services["service_id"].tolist()
    codes = positions(groups["service_id"], round_.services["service_id"]).tolist()
    applicants = Counter(zip(service.tolist(), offering.tolist(), strict=True)) if codes else {}
    found = []
    for code, name, at_least in zip(codes, groups["offering_id"], groups["at_least"], strict=True):
        if name not in offerings:
            continue
        group = GroupLimit(code, offerings.index(name), int(at_least))
        members = applicants.get((code, group.offering), 0)
        if members < group.at_least and begun:
            continue
        if members < group.at_least:
            group_of = {"at_least": group.at_least, "service": ids[code], "offering": name}
            raise UsageError(message("solving.group-too-large", members=members, **group_of))
        found.append(group)
    return tuple(found)
