"""The people of a synthetic round as arrays: every fact drawn from the population's weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from admissions.model.facts import Numbers
from admissions.model.hundredths import NOT_DOCUMENTED
from admissions.model.vocabulary import VOCABULARIES
from admissions.pool.country import Country
from admissions.pool.draws import Draws, WeightTable, one_row
from admissions.pool.population import NTNU_LEADERS, Population
from admissions.pool.wishes import Wishes, WishTables

LEADERSHIP = "ntnu-ledelse"
SUPERVISION = "uit-veiledning"

_SECTORS = VOCABULARIES["sector"]
_POSITIONS = VOCABULARIES["position"]
_MUNICIPAL = _SECTORS.index("municipal")
_STAFF = _POSITIONS.index("staff")
_LEADING = (_POSITIONS.index("deputy-leader"), _POSITIONS.index("leader"))
_RELEVANT_MASTER = VOCABULARIES["master"].index("relevant")
_BACHELOR_ECTS = np.array([18000, 21000, 24000])
_FURTHER_ECTS = np.array([1500, 3000, 6000])
_MASTER_ECTS = 12000
_POSTS = np.array([10000, 8000, 6000, 5000, 4000])
_HOME_SCALE = 10_000


@dataclass(frozen=True, eq=False)
class DrawnPeople:
    """n synthetic persons, in no meaningful order; of one round or of rounds one after another.

    ``home``: int64 (n,), the municipality; ``service``: int64 (n,), -1 outside municipal child
    welfare; ``facts``: the columns of ``Round.applicants`` that are no texts, by name, (n,).
    """

    wishes: Wishes
    home: Numbers
    service: Numbers
    facts: Mapping[str, NDArray[Any]]

    def __len__(self) -> int:
        return len(self.home)


class PeopleTables:
    """A population's weights as tables, ready to draw from; made once for many rounds."""

    def __init__(self, population: Population, country: Country) -> None:
        self._population = population
        self._country = country
        self._wishes = WishTables(population)
        self.offerings = self._wishes.offerings
        self._homes = WeightTable(_home_weights(population, country, self.offerings))
        leading, bands = population.leading, population.experience.bands
        self._positions = WeightTable(
            [leading.position_elsewhere.value, leading.position_at_ntnu.value]
        )
        profiles = (*self.offerings, NTNU_LEADERS)
        self._experience = WeightTable([bands.weights[name] for name in profiles])
        self._years = np.array(bands.tenths, dtype=np.int64)
        education, work = population.education, population.work
        self._grades = one_row(population.grades.bands.weights)
        self._grade_bands = np.array(population.grades.bands.hundredths, dtype=np.int64)
        self._bachelor = one_row(education.bachelor.value)
        self._further = one_row(education.further.value)
        self._further_ects = one_row(education.further_ects.value)
        self._master = one_row(education.master.value)
        self._courses = WeightTable(
            [education.courses_elsewhere.value, education.courses_at_uit.value]
        )
        self._posts = one_row(work.post_percent.value)
        self._gender = one_row(work.gender.value)

    def draw(self, draws: Draws) -> DrawnPeople:
        """The people of a round for each stream: wishes, home, position, experience, the rest."""
        wishes = self._wishes.draw(draws)
        draws = draws.split(wishes.counts)
        first = wishes.offering[:, 0]
        home = self._homes.draw(draws, first)
        services = self._country.services_there[home]
        service = self._country.first_service[home] + draws.below(services, len(home))
        municipal = wishes.sector == _MUNICIPAL
        facts: dict[str, NDArray[Any]] = {"sector": wishes.sector.astype(np.int8)}
        facts |= self._leading(draws, self._wants(wishes, LEADERSHIP))
        facts |= self._experienced(draws, wishes, facts)
        facts |= self._educated(draws, len(home))
        facts |= self._at_work(draws, self._wants(wishes, SUPERVISION), home)
        facts |= self._born(draws, facts)
        return DrawnPeople(wishes, home, np.where(municipal, service, -1), facts)

    def _wants(self, wishes: Wishes, offering: str) -> NDArray[np.bool_]:
        wants: NDArray[np.bool_] = (wishes.offering == self.offerings.index(offering)).any(axis=1)
        return wants

    def _leading(self, draws: Draws, leadership: NDArray[np.bool_]) -> dict[str, NDArray[Any]]:
        leading, n = self._population.leading, len(leadership)
        position = self._positions.draw(draws, leadership.astype(np.int64))
        personnel = np.array(leading.personnel_responsibility.value)[position]
        tasks = np.array(leading.leader_tasks.value)[position]
        must = leadership & (position == _STAFF)
        return {
            "position": position.astype(np.int8),
            "personnel_responsibility": draws.chance(personnel, 100, n),
            "leader_tasks": draws.chance(tasks, 100, n) | must,
        }

    def _experienced(
        self, draws: Draws, wishes: Wishes, facts: Mapping[str, NDArray[Any]]
    ) -> dict[str, NDArray[Any]]:
        """Years in the own sector, and for some in another one (state, else municipal)."""
        experience, n = self._population.experience, len(wishes.sector)
        leadership = self._wants(wishes, LEADERSHIP)
        leaders = np.isin(facts["position"], _LEADING) & facts["personnel_responsibility"]
        profile = np.where(leadership, self.offerings.index(LEADERSHIP), wishes.offering[:, 0])
        profile = np.where(leadership & leaders, len(self.offerings), profile)
        low, high = self._years[self._experience.draw(draws, profile)].T
        years = draws.between(low, high, n) * experience.years_percent.value // 100
        shortest, longest = experience.elsewhere_tenths.value
        elsewhere = draws.between(shortest, longest, n)
        elsewhere *= draws.chance(experience.elsewhere_percent.value, 100, n)
        other = np.where(wishes.sector == _MUNICIPAL, _SECTORS.index("state"), _MUNICIPAL)
        found: dict[str, NDArray[Any]] = {
            f"experience_{name}": 10
            * (years * (wishes.sector == code) + elsewhere * (other == code))
            for code, name in enumerate(_SECTORS[:3])
        }
        return {**found, "experience_documented": wishes.documented}

    def _educated(self, draws: Draws, n: int) -> dict[str, NDArray[Any]]:
        education, grades = self._population.education, self._population.grades
        alike = np.zeros(n, dtype=np.int64)
        low, high = self._grade_bands[self._grades.draw(draws, alike)].T
        grade = np.clip(draws.between(low, high, n) + grades.shift.value, 100, 500)
        passed = draws.chance(grades.only_passed_per_1000.value, 1000, n)
        further = self._further.draw(draws, alike)
        ects = further * _FURTHER_ECTS[self._further_ects.draw(draws, alike)]
        relevant = ects * draws.chance(education.relevant_percent.value, 100, n)
        master = self._master.draw(draws, alike)
        return {
            "bachelor_ects": _BACHELOR_ECTS[self._bachelor.draw(draws, alike)],
            "bachelor_grade": np.where(passed, NOT_DOCUMENTED, grade),
            "bachelor_passed": passed,
            "bachelor_grade_rest": np.zeros(n, dtype=np.int64),
            "bachelor_grade_old": np.full(n, NOT_DOCUMENTED, dtype=np.int64),
            "education_ects": ects + _MASTER_ECTS * (master > 0),
            "relevant_education_ects": relevant + _MASTER_ECTS * (master == _RELEVANT_MASTER),
            "further_education_count": further,
            "master": master.astype(np.int8),
        }

    def _at_work(
        self, draws: Draws, supervision: NDArray[np.bool_], home: Numbers
    ) -> dict[str, NDArray[Any]]:
        work, n = self._population.work, len(home)
        supervises = np.where(
            supervision,
            work.supervisor_at_uit_percent.value,
            work.supervisor_elsewhere_percent.value,
        )
        region = np.where(supervision, self._country.region[home], NOT_DOCUMENTED)
        return {
            "post_percent": _POSTS[self._posts.draw(draws, np.zeros(n, dtype=np.int64))],
            "supervisor_responsibility": draws.chance(supervises, 100, n),
            "competence_courses": self._courses.draw(draws, supervision.astype(np.int64)),
            "workplace_agreement": np.ones(n, dtype=np.bool_),
            "region": region.astype(np.int8),
        }

    def _born(self, draws: Draws, facts: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
        n = len(facts["sector"])
        hundredths = sum(facts[f"experience_{name}"] for name in _SECTORS[:3])
        age = draws.between(*self._population.work.age_at_start.value, n) + hundredths // 100
        year = self._population.year - age
        month, day = draws.between(1, 12, n), draws.between(1, 28, n)
        gender = self._gender.draw(draws, np.zeros(n, dtype=np.int64))
        return {
            "birth_date": 10_000 * year + 100 * month + day,
            "gender": gender.astype(np.int8),
        }


def _home_weights(population: Population, country: Country, offerings: tuple[str, ...]) -> Numbers:
    """Weights (offerings, municipalities): class, employees within it, nearness to the site."""
    base = np.zeros(len(country.number), dtype=np.int64)
    for centrality, weight in enumerate(population.homes.applicants_by_class.value, start=1):
        others = np.flatnonzero((country.centrality == centrality) & (country.named < 0))
        employees = country.employees[others]
        base[others] = _HOME_SCALE * weight * employees // int(employees.sum())
    for position, place in enumerate(population.country.named):
        base[country.named == position] = _HOME_SCALE * place.weight
    rows = []
    for offering in offerings:
        site = population.homes.sites.get(offering)
        code = NOT_DOCUMENTED if site is None else VOCABULARIES["region"].index(site)
        near = np.where(country.region == code, population.homes.nearness.value, 100)
        rows.append(base * near // 100)
    return np.array(rows)
