"""Many rounds of the same offerings as one, to be ranked and decided at once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from admissions.model.facts import Facts, Flags, Numbers
from admissions.model.hundredths import NOT_DOCUMENTED
from admissions.model.round import Round
from admissions.model.sorting import in_order
from admissions.ranking import leaders, lottery
from admissions.ranking.facts_of_round import application_facts, person_facts, positions
from admissions.rulebooks.scenario import ResolvedScenario

ANY_OFFERING = -1
_UNKNOWN = -2
_CODES = ("service", "municipality")
"""Facts that say who belongs together: no two rounds share a code."""
CLASSES = 6


@dataclass(frozen=True, eq=False)
class Orders:
    """What leaders state, a row a person named, by service, then offering, then rank.

    Int64 (l,) each: the ``service`` (no two rounds share one), the ``offering``
    (``ANY_OFFERING``, or a position in the rounds' offerings), the ``person`` (-1: nobody of the
    round) and the ``rank``.
    """

    service: Numbers
    offering: Numbers
    person: Numbers
    rank: Numbers

    def take(self, rows: Flags, position: Numbers) -> Orders:
        """Those of ``rows``, bool (l,), whose persons now stand at ``position``."""
        return Orders(
            self.service[rows],
            self.offering[rows],
            position[self.person[rows]],
            self.rank[rows],
        )


@dataclass(frozen=True, eq=False)
class Applicants:
    """Who is ranked at one offering: the applications' and the persons' positions, and facts."""

    offering: str
    application: Numbers
    person: Numbers
    facts: Facts


@dataclass(frozen=True, eq=False)
class RoundsAsOne:
    """Rounds one after another: n persons and m applications in all.

    - ``counts``: int64 (rounds,), the persons of each; persons are by round, then ``person_id``
      (``ids``); ``year``: of the admission, where the rounds state one;
    - ``persons``: facts by person, (n,); ``applications``: facts by application, (m,), with
      ``preference`` among them; codes of services and municipalities differ from round to round;
    - ``person``, ``offering``: int64 (m,), applications are by person, then preference;
    - ``municipalities_by_class``: int64 (6,), those of the country;
    - ``seeds``: of each round's lottery; ``only``: the round itself, where there is but one and it
      is at hand.
    """

    offerings: tuple[str, ...]
    year: int | None
    counts: Numbers
    ids: NDArray[np.object_]
    persons: Mapping[str, NDArray[Any]]
    person: Numbers
    offering: Numbers
    applications: Mapping[str, NDArray[Any]]
    orders: Orders
    municipalities_by_class: Numbers
    seeds: tuple[int, ...] = ()
    only: Round | None = None

    def __len__(self) -> int:
        return len(self.counts)

    @cached_property
    def draw(self) -> Numbers:
        """The round of each person, int64 (n,)."""
        return np.repeat(np.arange(len(self.counts)), self.counts)

    def drawn_by(self, seeds: Sequence[int]) -> RoundsAsOne:
        """The same rounds with the lottery of these ``seeds``."""
        return replace(self, seeds=tuple(seeds))

    def repeated(self, times: int) -> RoundsAsOne:
        """This one round, so many times."""
        n = len(self.ids)
        return replace(
            self,
            counts=np.tile(self.counts, times),
            ids=np.tile(self.ids, times),
            persons={name: _tiled(name, column, times) for name, column in self.persons.items()},
            person=_apart(self.person, n, times),
            offering=np.tile(self.offering, times),
            applications={
                name: _tiled(name, column, times) for name, column in self.applications.items()
            },
            orders=Orders(
                _tiled("service", self.orders.service, times),
                np.tile(self.orders.offering, times),
                _apart(self.orders.person, n, times),
                np.tile(self.orders.rank, times),
            ),
            only=self.only if times == 1 else None,
        )

    def among(self, stays: Flags) -> RoundsAsOne:
        """The same rounds without the persons (and their applications) who do not stay, (n,)."""
        rows, position = stays[self.person], np.cumsum(stays) - 1
        named = self.orders.person
        return replace(
            self,
            counts=np.bincount(self.draw[stays], minlength=len(self.counts)),
            ids=self.ids[stays],
            persons={name: column[stays] for name, column in self.persons.items()},
            person=position[self.person[rows]],
            offering=self.offering[rows],
            applications={name: column[rows] for name, column in self.applications.items()},
            orders=self.orders.take((named >= 0) & stays[named], position),
            only=None,
        )

    def lottery_places(self, offering: str | None, who: Numbers | None = None) -> Numbers:
        """Each one's place in the own round's draw, of all (None) or of ``who`` alone."""
        if offering is None and who is None:
            return self._places_of_all
        rows = np.arange(len(self.ids)) if who is None else who
        counts = np.bincount(self.draw[rows], minlength=len(self.counts))
        ids, ends = self.ids[rows], np.cumsum(counts).tolist()
        parts = zip(self.seeds, [0, *ends], ends, strict=False)
        places = [lottery.places(ids[start:end], seed, offering) for seed, start, end in parts]
        return np.concatenate(places) if places else np.empty(0, dtype=np.int64)

    @cached_property
    def _places_of_all(self) -> Numbers:
        return self.lottery_places(None, np.arange(len(self.ids)))

    def applicants(
        self, scenario: ResolvedScenario, offerings: Collection[str] | None = None
    ) -> Iterator[Applicants]:
        """The applicants of each offering, or of each of ``offerings``, by person."""
        rows_of = in_order(self.offering)
        ends = np.searchsorted(self.offering[rows_of], np.arange(len(self.offerings) + 1))
        for number, name in enumerate(self.offerings):
            if offerings is not None and name not in offerings:
                continue
            rows = rows_of[ends[number] : ends[number + 1]]
            who = self.person[rows]
            columns = {key: column[who] for key, column in self.persons.items()}
            columns |= {key: column[rows] for key, column in self.applications.items()}
            columns["lottery_place"] = self._place(scenario, name, who)
            yield self._one(scenario, name, rows, who, columns)

    def everyone(
        self, scenario: ResolvedScenario, stated: Mapping[str, NDArray[Any]]
    ) -> Iterator[Applicants]:
        """All persons as the applicants of each offering; ``stated``: (offerings, n), by name."""
        who = np.arange(len(self.ids))
        for number, name in enumerate(self.offerings):
            columns = dict(self.persons) | {key: of[number] for key, of in stated.items()}
            columns["lottery_place"] = self._place(scenario, name, who)
            yield self._one(scenario, name, who, who, columns)

    def _place(self, scenario: ResolvedScenario, offering: str, who: Numbers) -> Numbers:
        if scenario.scenario.lottery == "single":
            return self.lottery_places(None)[who]
        return self.lottery_places(offering, who)

    def _one(
        self,
        scenario: ResolvedScenario,
        offering: str,
        rows: Numbers,
        who: Numbers,
        columns: dict[str, NDArray[Any]],
    ) -> Applicants:
        draw = self.draw[who] if len(self) > 1 else None
        facts = Facts(len(rows), self.year or scenario.year, columns, draw)
        return Applicants(offering, rows, who, facts)

    @cached_property
    def stated(self) -> dict[str, Numbers]:
        """The rank each person got from the own leader, by offering; see ``leaders``."""
        orders, no_service = self.orders, self.persons["service"] < 0
        found = {}
        for number, name in enumerate(self.offerings):
            rows = leaders.in_force(
                orders.service, orders.offering == number, orders.offering == ANY_OFFERING
            )
            rows &= orders.person >= 0
            ranks = np.full(len(self.ids), NOT_DOCUMENTED, dtype=np.int64)
            ranks[orders.person[rows]] = orders.rank[rows]
            ranks[no_service] = NOT_DOCUMENTED
            found[name] = ranks
        return found


def one_round(round_: Round) -> RoundsAsOne:
    """``round_`` alone."""
    stated = round_.leader_preferences
    services = pd.Index(round_.services["service_id"])
    at = pd.Index(round_.offerings).get_indexer(pd.Index(stated["offering_id"]))
    any_offering = stated["offering_id"].to_numpy() == leaders.ANY_OFFERING
    persons, applications = person_facts(round_), application_facts(round_)
    if "municipality" in applications:
        persons["municipality"], applications["municipality"] = _municipalities(round_)
    return RoundsAsOne(
        offerings=round_.offerings,
        year=round_.settings.year,
        counts=np.array([len(round_.applicants)]),
        ids=round_.applicants["person_id"].to_numpy().astype(object),
        persons=persons,
        person=round_.applications["person"].to_numpy(),
        offering=positions(round_.applications["offering_id"], pd.Series(round_.offerings)),
        applications=applications,
        orders=Orders(
            service=services.get_indexer(pd.Index(stated["service_id"])).astype(np.int64),
            offering=np.where(any_offering, ANY_OFFERING, np.where(at < 0, _UNKNOWN, at)),
            person=positions(stated["person_id"], round_.applicants["person_id"]),
            rank=stated["rank"].to_numpy(),
        ),
        municipalities_by_class=_classes(round_),
        only=round_,
    )


def _municipalities(round_: Round) -> tuple[Numbers, Numbers]:
    """The municipality of each person and of each application, by one set of codes."""
    frames = (round_.applicants, round_.applications)
    numbers = pd.concat([frame["municipality_no"] for frame in frames], ignore_index=True)
    codes = pd.factorize(numbers, sort=True)[0].astype(np.int64)
    codes[numbers.to_numpy() == ""] = NOT_DOCUMENTED
    persons = len(round_.applicants)
    return codes[:persons], codes[persons:]


def _classes(round_: Round) -> Numbers:
    """How many municipalities of each class the round's files list, the services' if none."""
    listed = round_.municipalities
    if not len(listed):
        listed = round_.services.drop_duplicates("municipality_no")
    known = listed["centrality"].to_numpy()
    return np.bincount(known[known > 0], minlength=CLASSES + 1)[1:].astype(np.int64)


def _tiled(name: str, column: NDArray[Any], times: int) -> NDArray[Any]:
    if name not in _CODES:
        return np.tile(column, times)
    return _apart(column, int(column.max(initial=0)) + 1, times)


def _apart(codes: Numbers, number: int, times: int) -> Numbers:
    """``codes`` so many times, each time ``number`` higher; -1 stays."""
    higher = np.repeat(np.arange(times) * number, len(codes))
    tiled = np.tile(codes, times)
    return np.where(tiled >= 0, tiled + higher, tiled)
