"""The objectives that count municipalities and services, from the decisions and the round's files.

Counted one by one with fractions, apart from the code that the solvers' problem is built with.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from admissions.model.round import Round
from admissions.verification.case import Case
from admissions.verification.plain.leaders import ANY_OFFERING


class Spread:
    """Who of ``case`` holds offers, by municipality and service."""

    def __init__(self, case: Case, round_: Round) -> None:
        self._case = case
        self._round = round_
        self._municipality = round_.applicants["municipality_no"].tolist()
        self._service = round_.applicants["service_id"].tolist()
        self._holders = case.person[case.holders].tolist()

    def breadth(self) -> int:
        """How many municipalities somebody who holds an offer is from."""
        return len({self._municipality[p] for p in self._holders} - {""})

    def proportional(self) -> int:
        """The sum of the places of the quotients that the holders' municipalities have used.

        A municipality's quotients are its employees / 1, 3, 5 … one for each qualified person from
        it; all different quotients in order, the smallest has place 1. Where the employees are not
        documented there are none.
        """
        employees = self._employees()
        qualified = set(self._case.person[self._case.qualified].tolist())
        people = Counter(self._municipality[p] for p in qualified)
        quotients = {
            (name, index): Fraction(employees[name], 2 * index + 1)
            for name, number in people.items()
            if name in employees
            for index in range(number)
        }
        place = {value: n for n, value in enumerate(sorted(set(quotients.values())), start=1)}
        held = Counter(self._municipality[p] for p in self._holders)
        return sum(
            place[quotients[name, index]]
            for name, number in held.items()
            for index in range(number)
            if (name, index) in quotients
        )

    def need(self) -> int:
        """The sum over holders of their service's need, in hundredths; 0 where it is unknown."""
        services = self._round.services
        need = dict(zip(services["service_id"], services["need"].tolist(), strict=True))
        return sum(max(need.get(self._service[p], 0), 0) for p in self._holders)

    def leaders_wishes(self) -> int:
        """How many services have somebody who holds an offer as their leader's first choice."""
        case = self._case
        held = set(zip(self._holders, case.offering[case.holders].tolist(), strict=True))
        return len({self._service[p] for p, o in self._first_choices() if (p, o) in held})

    def _employees(self) -> dict[str, int]:
        services = self._round.services
        found: Counter[str] = Counter()
        pairs = zip(services["municipality_no"], services["employees"].tolist(), strict=True)
        for name, number in pairs:
            if name != "" and number >= 0:
                found[name] += number
        return found

    def _first_choices(self) -> Iterator[tuple[int, int]]:
        """Each leader's first among own qualified applicants, with the offering (positions)."""
        case, stated = self._case, self._round.leader_preferences
        columns = ("service_id", "offering_id", "person_id", "rank")
        lists: dict[tuple[str, str], list[tuple[int, str]]] = {}
        for service, offering, person, rank in zip(*(stated[c] for c in columns), strict=True):
            lists.setdefault((service, offering), []).append((int(rank), person))
        at = {person: n for n, person in enumerate(case.persons)}
        rows = np.flatnonzero(case.qualified)
        qualified = set(zip(case.person[rows].tolist(), case.offering[rows].tolist(), strict=True))
        services = {service for service, _ in lists}
        for number, offering in enumerate(case.offerings):
            for service in services:
                for_any = lists.get((service, ANY_OFFERING), [])
                for _, person in sorted(lists.get((service, offering), for_any)):
                    if (at.get(person, -1), number) in qualified:
                        yield at[person], number
                        break
