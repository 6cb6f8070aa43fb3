"""Leader influence: what a leader's order of own staff does to a ranking.

A leader orders own, qualified staff. People not named keep their order after those named. Service
indices are counted before it, so a leader moves people, never a service's places.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from admissions.model.facts import Flags, Numbers
from admissions.model.hundredths import NOT_DOCUMENTED
from admissions.model.round import Round
from admissions.model.sorting import in_order
from admissions.ranking.running_index import running_index

ANY_OFFERING = ""


def stated_ranks(round_: Round) -> dict[str, Numbers]:
    """The rank each person got from the own leader, by offering, shape (applicants,).

    ``NOT_DOCUMENTED`` where not named. A list for an offering replaces the one for any.
    """
    preferences = round_.leader_preferences
    persons = pd.Index(round_.applicants["person_id"])
    service = round_.applicants["service_id"].to_numpy()
    at = persons.get_indexer(pd.Index(preferences["person_id"]))
    rank = preferences["rank"].to_numpy()
    for_offering = preferences["offering_id"].to_numpy()
    for_service = preferences["service_id"].to_numpy()
    found = {}
    for offering in round_.offerings:
        stated = np.full(len(persons), NOT_DOCUMENTED, dtype=np.int64)
        any_offering = for_offering == ANY_OFFERING
        chosen = in_force(for_service, for_offering == offering, any_offering) & (at >= 0)
        stated[at[chosen]] = rank[chosen]
        stated[service == ""] = NOT_DOCUMENTED
        found[offering] = stated
    return found


def in_force(service: NDArray[Any], own: Flags, any_offering: Flags) -> Flags:
    """Which rows of leaders' orders count at an offering, bool (l,).

    ``service``: of each row; ``own``: those for the offering; ``any_offering``: those for any.
    """
    chosen: Flags = own | (any_offering & ~np.isin(service, service[own]))
    return chosen


def leader_ranks(stated: Numbers, service: Numbers, qualified: Flags) -> Numbers:
    """1, 2, 3 … in the leader's order among own qualified applicants at one offering.

    Shapes (n,); ``NOT_DOCUMENTED`` for whoever is not named or not qualified.
    """
    named = np.flatnonzero((stated != NOT_DOCUMENTED) & qualified & (service >= 0))
    order = named[in_order(stated[named])]
    ranks = np.full(len(stated), NOT_DOCUMENTED, dtype=np.int64)
    ranks[order] = running_index(service, order)[order] + 1
    return ranks


def permuted(
    order: NDArray[np.int64], blocks: Numbers, service: Numbers, leader_rank: Numbers
) -> NDArray[np.int64]:
    """``order`` with each service's people put into their service's places as the leader wants.

    Within a block (rows with equal ``blocks``) the places that a service's people hold are kept.
    ``order`` holds rows, first rank first; the other arrays have shape (n,) by row. The sequence
    of services along the order is unchanged.
    """
    place = np.arange(len(order))
    block, staff = blocks[order], service[order]
    last = int(leader_rank.max(initial=0)) + 1
    wish = np.where(leader_rank[order] == NOT_DOCUMENTED, last, leader_rank[order])
    places = in_order(block, staff, place)
    people = in_order(block, staff, wish, place)
    moved = order.copy()
    moved[places] = order[people]
    return moved
