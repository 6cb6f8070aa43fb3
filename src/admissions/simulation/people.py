"""The people of a round as groups and codes: what every scenario's outcome is counted by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from admissions.comparison.groups import GROUPINGS, codes_of
from admissions.model.facts import Flags, Numbers
from admissions.model.round import Round
from admissions.ranking.leaders import ANY_OFFERING
from admissions.simulation.measures import EXPERIENCE, named_group

_FIVE_YEARS = 500
_CLASSES = 6


@dataclass(frozen=True, eq=False)
class People:
    """n persons of a round.

    - ``groups``: bool (n,) by group (``measures.GROUPS`` and the under-5 band);
    - ``municipality``, ``service``: int64 (n,), codes, -1 none;
    - ``centrality``: int64 (n,), 1-6, -1 unknown;
    - ``municipalities_by_class``: int64 (6,), those of the country;
    - ``own_order``: bool (n,), whether the own leader states an order;
    - ``first_named``, ``order_offering``: int64 (orders,), the person whom each leader's order
      names first, and the order's offering (position in the round's; -1 any).
    """

    groups: Mapping[str, Flags]
    municipality: Numbers
    centrality: Numbers
    service: Numbers
    municipalities_by_class: Numbers
    own_order: Flags
    first_named: Numbers
    order_offering: Numbers

    def __len__(self) -> int:
        return len(self.service)


def people_of(round_: Round, facts: Mapping[str, NDArray[Any]]) -> People:
    """The people of ``round_``, given their ``person_facts``."""
    groups: dict[str, Flags] = {}
    for grouping, codes in codes_of(facts).items():
        for code, group in enumerate(GROUPINGS[grouping]):
            groups[named_group(grouping, group)] = codes == code
    groups[EXPERIENCE[-1]] = facts["experience_municipal"] < _FIVE_YEARS
    service = facts["service"]
    first_named, order_offering = _first_named(round_)
    ordering = service[first_named]
    return People(
        groups=groups,
        municipality=facts["municipality"],
        centrality=facts["centrality"],
        service=service,
        municipalities_by_class=_classes(round_),
        own_order=np.isin(service, ordering[ordering >= 0]),
        first_named=first_named,
        order_offering=order_offering,
    )


def _classes(round_: Round) -> Numbers:
    """How many municipalities of each class the round's files list, the services' if none."""
    listed = round_.municipalities
    if not len(listed):
        listed = round_.services.drop_duplicates("municipality_no")
    known = listed["centrality"].to_numpy()
    return np.bincount(known[known > 0], minlength=_CLASSES + 1)[1:].astype(np.int64)


def _first_named(round_: Round) -> tuple[Numbers, Numbers]:
    """The first named person of each leader's order, and its offering."""
    stated = round_.leader_preferences
    service, offering = stated["service_id"].to_numpy(), stated["offering_id"].to_numpy()
    first = np.append(True, (service[1:] != service[:-1]) | (offering[1:] != offering[:-1]))
    first = first[: len(stated)]
    person = pd.Index(round_.applicants["person_id"]).get_indexer(
        pd.Index(stated["person_id"][first])
    )
    at = pd.Index(round_.offerings).get_indexer(pd.Index(offering[first]))
    known = (person >= 0) & ((at >= 0) | (offering[first] == ANY_OFFERING))
    return person[known].astype(np.int64), at[known].astype(np.int64)
