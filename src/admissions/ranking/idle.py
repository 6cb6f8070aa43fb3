"""What of a scenario bears on nobody in a round, so that it changes nothing there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from admissions.model.errors import DataError
from admissions.model.hundredths import NOT_DOCUMENTED
from admissions.model.messages import Message, message
from admissions.model.round import Round
from admissions.ranking.tables import RankingTable, rank_round
from admissions.rulebooks.limits import BaseLimit
from admissions.rulebooks.rulebook import Version
from admissions.rulebooks.scenario import ResolvedScenario, Scenario, with_changes

MOST_APPLICATIONS = 20_000
"""In a larger round no ranking is made to see what a change does."""


def idle(round_: Round, scenario: ResolvedScenario) -> Iterator[Message]:
    """A note for each limit that can keep nobody out, and each change of rules that moves nobody.

    And for each offering that makes fewer offers than it has seats. None of these is an error: in
    another round it may bear.
    """
    yield from _fewer_offers(round_, scenario.scenario)
    if len(round_.applications) > MOST_APPLICATIONS:
        return
    offerings = [name for name in round_.offerings if name in scenario.versions]
    tables = rank_round(round_, scenario, offerings)
    for name, table in tables.items():
        for limit in scenario.versions[name].limits:
            said = _idle_limit(limit, table)
            if said is not None:
                yield message(f"terminal.{said}", limit=limit.id, offering=name)
    yield from _idle_changes(round_, scenario, tables)


def _fewer_offers(round_: Round, settings: Scenario) -> Iterator[Message]:
    """A note for each offering of the round that makes fewer offers than it has seats."""
    for name in round_.offerings:
        seats, offers = settings.seats.get(name), settings.offers.get(name)
        if seats is not None and offers is not None and offers < seats:
            said = {"offering": name, "offers": offers, "seats": seats, "count": seats - offers}
            yield message("terminal.fewer-offers", **said)


def _idle_limit(limit: BaseLimit, table: RankingTable) -> str | None:
    """Why ``limit`` keeps nobody out at its offering, None where it may.

    Nobody there has what it counts by; or, of a maximum, no group is larger than it.
    """
    if limit.shared is None:
        return None
    groups = _groups(limit, table)
    if not len(groups):
        return f"idle-limit.{limit.shared}"
    maximum = limit.keeps_tiers() is None and not limit.closes
    largest = int(np.bincount(groups - groups.min()).max())
    least = min(seats for _, seats in limit.bounds())
    return "idle-maximum" if maximum and largest <= least else None


def _groups(limit: BaseLimit, table: RankingTable) -> NDArray[np.int64]:
    """What the qualified share by which ``limit`` counts them; nobody's where it is not stated."""
    column = table.facts.column(str(limit.shared)).astype(np.int64)[table.qualified]
    stated: NDArray[np.int64] = column[column != NOT_DOCUMENTED]
    return stated


def _idle_changes(
    round_: Round, scenario: ResolvedScenario, tables: dict[str, RankingTable]
) -> Iterator[Message]:
    """Each change without which everybody would have the same rank, and each limit would be so."""
    changes = scenario.scenario.changes
    dated = {name: book.on(scenario.rules_on) for name, book in scenario.rulebooks.items()}
    versions = {name: entry for name, entry in dated.items() if isinstance(entry, Version)}
    plain = replace(scenario, versions=versions)
    for number, change in enumerate(changes, start=1):
        try:
            without = with_changes(plain, [*changes[: number - 1], *changes[number:]])
            differ = [n for n in tables if without.versions[n] != scenario.versions[n]]
            others = rank_round(round_, without, differ)
        except DataError:  # a later change needs this one
            continue
        limits = any(without.versions[n].limits != scenario.versions[n].limits for n in differ)
        moved = any((others[n].rank != tables[n].rank).any() for n in differ)
        if not limits and not moved:
            everywhere = message("terminal.all-offerings")
            where = everywhere if change.offerings == "all" else change.offerings
            yield message("terminal.idle-change", number=number, offerings=where)
