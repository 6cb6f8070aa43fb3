"""``max_students``: how many of a service can be away, and who of it goes first."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from admissions.allocation.problem import AwayLimit
from admissions.model.round import Round
from admissions.ranking import lottery
from admissions.ranking.facts_of_round import positions
from admissions.ranking.leaders import ANY_OFFERING
from admissions.ranking.tables import RankedAtOffering
from admissions.rulebooks.scenario import ResolvedScenario


def away_limits(
    round_: Round, scenario: ResolvedScenario, tables: Sequence[RankedAtOffering]
) -> tuple[AwayLimit, ...]:
    """The limit of each service that states ``max_students``, with who of it goes first.

    1. Those whom the leader names for any offering, in that order; nobody where the scenario says
    ``leader = "none"``. 2. All others by how far up they stand: the smallest rank ÷ offers over
    their qualified wishes; whoever stands nowhere comes last. 3. Who is equal, by the draw. There
    is no one order where the leader orders offerings apart.
    """
    maximum = round_.services["max_students"].to_numpy()
    limited = np.flatnonzero(maximum >= 0)
    if not len(limited):
        return ()
    applicants = round_.applicants
    service = positions(applicants["service_id"], round_.services["service_id"])
    bound = np.isin(service, limited)
    named, apart = _leaders_say(round_, scenario)
    standing = _standing(scenario, tables, bound)
    ids = applicants["person_id"].to_numpy()
    drawn = lottery.places(ids, scenario.scenario.seed, None).tolist()
    names = round_.services["service_id"].to_numpy()

    def place(person: int) -> tuple[bool, int, bool, int, int]:
        rank = named.get(ids[person])
        stands = standing[person]
        return (rank is None, rank or 0, stands is None, stands or 0, drawn[person])

    found = []
    for code in limited.tolist():
        staff = tuple(sorted(np.flatnonzero(service == code).tolist(), key=place))
        ordered = names[code] not in apart
        found.append(AwayLimit(code, int(maximum[code]), staff if ordered else None))
    return tuple(found)


def _leaders_say(round_: Round, scenario: ResolvedScenario) -> tuple[Mapping[str, int], set[str]]:
    """The rank of each person named for any offering, and the services that order some apart."""
    if scenario.scenario.leader == "none":
        return {}, set()
    lists = round_.leader_preferences
    for_any = lists["offering_id"] == ANY_OFFERING
    named = lists.loc[for_any]
    ranks = dict(zip(named["person_id"], named["rank"].tolist(), strict=True))
    return ranks, set(lists.loc[~for_any, "service_id"])


def _standing(
    scenario: ResolvedScenario, tables: Sequence[RankedAtOffering], bound: NDArray[np.bool_]
) -> list[int | None]:
    """The smallest rank ÷ offers of each person whom ``bound`` marks; None where there is none.

    Whole numbers in the order of these fractions: each times the least common multiple of all
    offers.
    """
    made = [scenario.offers_to_make(table.offering) for table in tables]
    common = math.lcm(*(offers for offers in made if offers))
    found: list[int | None] = [None] * len(bound)
    for table, offers in zip(tables, made, strict=True):
        rows = np.flatnonzero(table.qualified & bound[table.person]) if offers else ()
        if not len(rows):
            continue
        times = common // offers
        for person, rank in zip(
            table.person[rows].tolist(), table.rank[rows].tolist(), strict=True
        ):
            stands, before = rank * times, found[person]
            found[person] = stands if before is None else min(stands, before)
    return found
