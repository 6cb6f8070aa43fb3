"""Turns synthetic people into a ``Round`` in its canonical form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.extensions import ExtensionArray

from admissions.model.facts import Numbers
from admissions.model.facts_described import frame_columns
from admissions.model.hundredths import NOT_DOCUMENTED
from admissions.model.resources import shipped
from admissions.model.round import Round, RoundSettings
from admissions.model.tables import APPLICANTS
from admissions.model.vocabulary import VOCABULARIES
from admissions.pool.country import Country
from admissions.pool.draws import Draws, ManyDraws, apart_seed
from admissions.pool.employers import leader_orders, recommendations
from admissions.pool.people import DrawnPeople
from admissions.pool.population import Population
from admissions.pool.wishes import NO_WISH
from admissions.ranking.rounds import CLASSES, Orders, RoundsAsOne
from admissions.rulebooks.rulebook import Rulebook, load_rulebooks, programmes

_APPLICANT_COLUMNS = tuple(frame_columns(APPLICANTS.columns))
EMPLOYERS = "employers"
"""What the stream is called from which it is drawn whose employers think alike of all."""
_MUNICIPAL = VOCABULARIES["sector"].index("municipal")

_INSTITUTION = "Fiktivt opptak {year}/{next:02}"
_CASE = "fiktiv {year}, nr. {seed}"
"""What stands in letters for whoever decides, and the case: alike in bokmål and nynorsk."""


@dataclass(frozen=True, eq=False)
class _Numbered:
    """Synthetic people in the order of their numbers, and their applications, as arrays.

    ``facts``, ``home``, ``service``: (n,); ``person``, ``place`` (0 = the first wish),
    ``offering``, ``stated``: (m,); ``orders``: of ``employers.leader_orders``.
    """

    facts: dict[str, NDArray[Any]]
    home: Numbers
    service: Numbers
    person: Numbers
    place: Numbers
    offering: Numbers
    stated: dict[str, NDArray[Any]]
    orders: tuple[Numbers, Numbers, Numbers]


class RoundFrames:
    """Makes rounds of one country: what no draw changes is built once."""

    def __init__(
        self, population: Population, country: Country, offerings: tuple[str, ...]
    ) -> None:
        self._population = population
        self._country = country
        self._offerings = offerings
        self._offering_ids = np.array([*offerings, ""], dtype=object)
        self._programme = np.array(programmes(_rulebooks(), offerings), dtype=np.int64)
        count = len(country.host)
        ids = [f"S{n:03d}" for n in range(1, count + 1)]
        self._service_ids = np.array([*ids, ""], dtype=object)
        self._numbers = country.number.astype(object)
        self._services = pd.DataFrame(
            {
                "service_id": _texts(self._service_ids[:-1]),
                "name": _texts(list(country.service_name)),
                "municipality_no": _texts(self._numbers[country.host]),
                "centrality": country.centrality[country.host],
                "employees": country.service_employees,
                "region": country.region[country.host].astype(np.int8),
                "need": country.need,
                "max_students": np.full(count, NOT_DOCUMENTED),
            }
        )
        self._municipalities = pd.DataFrame(
            {"municipality_no": _texts(self._numbers), "centrality": country.centrality}
        )

    def round_of(self, people: DrawnPeople, draws: Draws, seed: int) -> Round:
        """The round of ``people``: shuffled, numbered, and with what employers say of them."""
        drawn = self._numbered(people, draws, Draws(apart_seed(seed, EMPLOYERS)))
        ids = person_ids(len(drawn.home))
        applicants, given = self._applicants(ids, drawn.facts, drawn.home, drawn.service)
        return Round(
            settings=self._settings(seed),
            offerings=self._offerings,
            applicants=applicants,
            given=given,
            applications=self._applications(
                ids, drawn.person, drawn.place, drawn.offering, drawn.stated
            ),
            services=self._services,
            municipalities=self._municipalities,
            leader_preferences=self._preferences(ids, drawn.orders),
            leader_groups=_NO_GROUPS,
        )

    def rounds_of(self, people: DrawnPeople, draws: Draws, seeds: Sequence[int]) -> RoundsAsOne:
        """The rounds of ``people``, one for each of ``seeds``, as ``round_of`` makes each."""
        apart = ManyDraws([apart_seed(seed, EMPLOYERS) for seed in seeds])
        drawn = self._numbered(people, draws, apart)
        counts = people.wishes.counts
        of = np.repeat(np.arange(len(counts)), counts)
        ids = person_ids(int(counts.max(initial=0)))
        service, offering, person = drawn.orders
        return RoundsAsOne(
            offerings=self._offerings,
            year=self._population.year,
            counts=counts,
            ids=np.concatenate([ids[:count] for count in counts.tolist()]),
            persons=self._person_facts(drawn, of),
            person=drawn.person,
            offering=drawn.offering,
            applications={"preference": drawn.place + 1, **drawn.stated},
            orders=Orders(
                service=service + of[person] * len(self._country.host),
                offering=offering,
                person=person,
                rank=np.arange(len(person)),
            ),
            municipalities_by_class=np.bincount(self._country.centrality, minlength=CLASSES + 1)[
                1:
            ],
        )

    def _person_facts(self, drawn: _Numbered, of: Numbers) -> dict[str, NDArray[Any]]:
        """What ``ranking.facts_of_round.person_facts`` finds in the round's frames, (n,)."""
        country, service, home = self._country, drawn.service, drawn.home
        outside = service < 0
        known = np.bincount(
            country.host, weights=country.service_employees, minlength=len(country.number)
        ).astype(np.int64)
        has_service = np.bincount(country.host, minlength=len(country.number)) > 0
        return {
            **drawn.facts,
            "service": np.where(outside, -1, service + of * len(country.host)),
            "employees": np.where(outside, NOT_DOCUMENTED, country.service_employees[service]),
            "need": np.where(outside, NOT_DOCUMENTED, country.need[service]),
            "municipality": home + of * len(country.number),
            "centrality": country.centrality[home],
            "municipality_employees": np.where(has_service, known, NOT_DOCUMENTED)[home],
        }

    def _numbered(self, people: DrawnPeople, draws: Draws, apart: Draws) -> _Numbered:
        """``people`` in the order that numbers them, with what employers say of them."""
        counts = people.wishes.counts
        who = draws.split(counts).shuffled(len(people))
        facts = {name: column[who] for name, column in people.facts.items()}
        service, wish = people.service[who], people.wishes.offering[who]
        person, place = np.nonzero(wish != NO_WISH)
        offering = wish[person, place]
        employed = facts["sector"] == _MUNICIPAL
        of = np.repeat(np.arange(draws.streams), counts)[person]
        stated = recommendations(
            self._population,
            draws.split(np.bincount(of, minlength=draws.streams)),
            apart.split(counts),
            person,
            self._programme[offering],
            employed[person],
            facts["further_education_count"][person],
        )
        orders = leader_orders(self._population, draws, counts, service, person, offering)
        home = people.home[who]
        return _Numbered(facts, home, service, person, place, offering, stated, orders)

    def _settings(self, seed: int) -> RoundSettings:
        year = self._population.year
        return RoundSettings(
            year=year,
            rules_on=self._population.rules_on,
            institution=_INSTITUTION.format(year=year, next=(year + 1) % 100),
            case=_CASE.format(year=year, seed=seed),
            offerings=self._offerings,
        )

    def _applicants(
        self,
        ids: NDArray[np.object_],
        facts: dict[str, NDArray[Any]],
        home: Numbers,
        service: Numbers,
    ) -> tuple[pd.DataFrame, pd.DataFrame]:
        texts = {
            "person_id": _texts(ids),
            "service_id": _texts(self._service_ids[service]),
            "municipality_no": _texts(self._numbers[home]),
        }
        columns = {**facts, **texts}
        applicants = pd.DataFrame({name: columns[name] for name in _APPLICANT_COLUMNS})
        given = {name: np.ones(len(ids), dtype=np.bool_) for name in _APPLICANT_COLUMNS}
        asked_for_supervision = facts["region"] != NOT_DOCUMENTED
        given["service_id"] = service >= 0
        given["region"] = asked_for_supervision
        given["workplace_agreement"] = asked_for_supervision
        return applicants, pd.DataFrame(given)

    def _applications(
        self,
        ids: NDArray[np.object_],
        person: Numbers,
        place: Numbers,
        offering: Numbers,
        stated: dict[str, NDArray[Any]],
    ) -> pd.DataFrame:
        return pd.DataFrame(
            {
                "person_id": _texts(ids[person]),
                "offering_id": _texts(self._offering_ids[offering]),
                "preference": place + 1,
                **stated,
                "person": person,
            }
        )

    def _preferences(
        self, ids: NDArray[np.object_], orders: tuple[Numbers, Numbers, Numbers]
    ) -> pd.DataFrame:
        service, offering, person = orders
        starts = np.flatnonzero(
            np.append(True, (np.diff(service) != 0) | (np.diff(offering) != 0))
        )[: len(service)]
        rank = np.arange(1, len(service) + 1)
        rank -= np.repeat(starts, np.diff(np.append(starts, len(service))))
        return pd.DataFrame(
            {
                "service_id": _texts(self._service_ids[service]),
                "offering_id": _texts(self._offering_ids[offering]),
                "person_id": _texts(ids[person]),
                "rank": rank,
            }
        )


def person_ids(number: int) -> NDArray[np.object_]:
    """The ids of so many synthetic persons."""
    return np.array([f"P{n:04d}" for n in range(1, number + 1)], dtype=object)


@cache
def _rulebooks() -> dict[str, Rulebook]:
    return load_rulebooks(shipped("rules"))


def _texts(values: NDArray[np.object_] | list[str]) -> ExtensionArray:
    return pd.array(values, dtype="str")


_NO_GROUPS = pd.DataFrame(
    {"service_id": _texts([]), "offering_id": _texts([]), "at_least": np.array([], dtype=np.int64)}
)
