"""The people of many rounds as groups and codes: what every scenario's outcome is counted by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from admissions.comparison.groups import GROUPINGS, codes_of
from admissions.model.facts import Flags, Numbers
from admissions.ranking.rounds import ANY_OFFERING, RoundsAsOne
from admissions.simulation.measures import EXPERIENCE, named_group

_FIVE_YEARS = 500


@dataclass(frozen=True, eq=False)
class People:
    """n persons of rounds one after another.

    - ``rounds``: how many; ``draw``: int64 (n,), the round of each;
    - ``codes``: int64 (n,) by grouping (``comparison.groups``); ``under_five``: bool (n,), who has
      under five years in municipal child welfare;
    - ``municipality``, ``service``: int64 (n,), codes, -1 none, that no two rounds share;
    - ``centrality``: int64 (n,), 1-6, -1 unknown;
    - ``municipalities_by_class``: int64 (6,), those of the country;
    - ``own_order``: bool (n,), whether the own leader states an order;
    - ``first_named``, ``order_offering``: int64 (orders,), the person whom each leader's order
      names first, and the order's offering (position in the round's; -1 any).
    """

    rounds: int
    draw: Numbers
    codes: Mapping[str, Numbers]
    under_five: Flags
    municipality: Numbers
    centrality: Numbers
    service: Numbers
    municipalities_by_class: Numbers
    own_order: Flags
    first_named: Numbers
    order_offering: Numbers

    def __len__(self) -> int:
        return len(self.service)

    def count(self, persons: Numbers | Flags) -> Numbers:
        """How many of ``persons`` (rows) each round has, int64 (rounds,)."""
        return np.bincount(self.draw[persons], minlength=self.rounds)

    def by_group(self, persons: Numbers | Flags) -> Iterator[tuple[str, Numbers]]:
        """How many of ``persons`` (rows) each round has of each group, by ``measures.GROUPS``."""
        draw = self.draw[persons]
        for grouping, groups in GROUPINGS.items():
            cell = draw * len(groups) + self.codes[grouping][persons]
            table = np.bincount(cell, minlength=self.rounds * len(groups))
            columns = table.reshape(self.rounds, len(groups)).T
            for group, column in zip(groups, columns, strict=True):
                yield named_group(grouping, group), column

    def are(self, group: str) -> Flags:
        """Who is of ``group`` (``measures.GROUPS``, or the under-5 band), bool (n,)."""
        if group == EXPERIENCE[-1]:
            return self.under_five
        grouping, name = group.split("/", 1)
        flags: Flags = self.codes[grouping] == GROUPINGS[grouping].index(name)
        return flags


def people_of(rounds: RoundsAsOne) -> People:
    """The people of ``rounds``."""
    facts = rounds.persons
    service = facts["service"]
    first_named, order_offering = _first_named(rounds)
    ordering = np.zeros(int(service.max(initial=0)) + 2, dtype=np.bool_)
    ordering[service[first_named]] = True
    ordering[-1] = False
    return People(
        rounds=len(rounds),
        draw=rounds.draw,
        codes=codes_of(facts),
        under_five=facts["experience_municipal"] < _FIVE_YEARS,
        municipality=facts["municipality"],
        centrality=facts["centrality"],
        service=service,
        municipalities_by_class=rounds.municipalities_by_class,
        own_order=ordering[service],
        first_named=first_named,
        order_offering=order_offering,
    )


def _first_named(rounds: RoundsAsOne) -> tuple[Numbers, Numbers]:
    """The first named person of each leader's order, and its offering."""
    orders = rounds.orders
    service, offering = orders.service, orders.offering
    first = np.append(True, (service[1:] != service[:-1]) | (offering[1:] != offering[:-1]))
    rows = np.flatnonzero(first[: len(service)])
    person, at = orders.person[rows], offering[rows]
    known = (person >= 0) & (at >= ANY_OFFERING)
    return person[known], at[known]
