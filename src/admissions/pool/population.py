"""The parameters of a synthetic population: facts with a source, assumptions with a range."""

from __future__ import annotations

import datetime as dt
import tomllib
from functools import cache
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, ValidationError, model_validator

from admissions.model.errors import DataError, UsageError, first_error, library_fault
from admissions.model.messages import MessageError, message
from admissions.model.resources import shipped
from admissions.model.vocabulary import Region, Sector
from admissions.pool.assumed import (
    Assumed,
    AssumedTable,
    Assumptions,
    Count,
    FrozenData,
    Percent,
    PerMille,
)

Weights = tuple[Count, ...]
Span = tuple[Count, Count]
"""The first and the last of the whole numbers that are drawn, each alike."""
BySector = tuple[Count, Count, Count]
"""Municipal, state, private."""


class Undocumented(FrozenData):
    """Applicants who do not document experience, besides the qualified ones."""

    offering: str
    sector: Sector
    applicants: Count
    source: str


class CountsPrinted(FrozenData):
    """Qualified applicants by offering and sector; ``unprinted`` where only the sum is known."""

    source: str
    applicants: dict[str, BySector]
    unprinted: dict[str, Assumed[BySector]]
    undocumented: Undocumented

    def by_offering(self) -> dict[str, BySector]:
        """Municipal, state and private applicants of each offering, by its id, sorted."""
        assumed = {offering: split.value for offering, split in self.unprinted.items()}
        return dict(sorted({**self.applicants, **assumed}.items()))


class Combinations(AssumedTable):
    """Weights of the combinations of wishes, each written as offerings, first wish first."""

    weights: dict[str, Count]

    def wishes(self) -> list[tuple[str, ...]]:
        """The offerings of each combination, in the order of ``weights``."""
        return [tuple(text.split()) for text in self.weights]


class WishesAssumed(FrozenData):
    """How many people apply to several offerings, and to which."""

    several_per_1000: Assumed[PerMille]
    combinations: Combinations


class NamedMunicipality(FrozenData):
    """A municipality that the report names, with its students; ``weight`` is of applicants."""

    name: str
    number: str
    centrality: int = Field(ge=1, le=6, alias="class")
    region: Region
    employees: Count
    districts: Count
    students: Count
    in_one_programme: Count = 0
    weight: Count


class OutcomesPrinted(FrozenData):
    """What the report says came out, by offering: admitted by sector, met at start, completed."""

    source: str
    admitted: dict[str, BySector]
    met: dict[str, Count]
    completed: dict[str, Count]


class Students(FrozenData):
    """What the report says of students; shares of experience are of those who answered."""

    source: str
    municipalities: Count
    class_1: Count
    class_2_to_6_percent: tuple[Percent, Percent, Percent, Percent, Percent]
    four_or_more: Count
    up_to_5_percent: Percent
    from_6_to_10_percent: Percent
    over_10_percent: Percent
    supervision_over_10_percent: Percent
    law_under_5_percent: Percent
    minority_under_5_percent: Percent
    leadership_percent: tuple[Percent, Percent, Percent]
    further_percent: Percent
    further_percent_interval: tuple[Percent, Percent]
    one_further_percent: Percent


class NeedIndicator(AssumedTable):
    """One of the report's indicators of a service's need, in per cent of its cases.

    ``percent`` are bands, first and last, and ``weights`` theirs; ``mean_percent`` is what the
    report prints, ``p95_percent`` where it prints that too.
    """

    id: str
    mean_percent: Percent
    p95_percent: Percent | None = None
    percent: tuple[Span, ...]
    weights: Weights


class Need(FrozenData):
    """The need of services: three indicators, each drawn by itself, weighed together."""

    source: str
    weights: Assumed[tuple[Count, Count, Count]]
    indicators: tuple[NeedIndicator, NeedIndicator, NeedIndicator]


class CountryPlan(FrozenData):
    """Municipalities and services: how many of which kind, and what is assumed of them."""

    seed: Count
    source: str
    municipalities_by_class: tuple[Count, Count, Count, Count, Count, Count]
    services: Count
    shared_services: Count
    single_services: Count
    employees: Count
    employees_by_class: Assumed[Weights]
    least_employees: Assumed[Count]
    unevenness: Assumed[Count]
    shared_by_class: Assumed[Weights]
    regions_by_class: Assumed[tuple[Weights, ...]]
    need: Need
    named: tuple[NamedMunicipality, ...]

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        districts = sum(place.districts for place in self.named)
        split = sum(1 for place in self.named if place.districts)
        for name, found, expected in (
            ("services", self.shared_services + self.single_services + districts, self.services),
            ("employees_by_class", sum(self.employees_by_class.value), self.employees),
            (
                "shared_by_class",
                sum(self.shared_by_class.value) + self.single_services + split,
                sum(self.municipalities_by_class),
            ),
            (
                "regions_by_class",
                tuple(sum(row) for row in self.regions_by_class.value),
                self.municipalities_by_class,
            ),
        ):
            if found != expected:
                raise MessageError(
                    message("drawing.adds-up", name=name, found=str(found), expected=str(expected))
                )
        return self


class Homes(FrozenData):
    """Where applicants work: weights by class, and of the region of the study site."""

    applicants_by_class: Assumed[Weights]
    nearness: Assumed[Count]
    sites: dict[str, Region]


class Leading(FrozenData):
    """Positions, and what goes with them; lists are in the vocabulary's order of positions."""

    position_at_ntnu: Assumed[Weights]
    position_elsewhere: Assumed[Weights]
    personnel_responsibility: Assumed[tuple[Percent, ...]]
    leader_tasks: Assumed[tuple[Percent, ...]]


class ExperienceBands(AssumedTable):
    """Weights of bands of years, by the offering applied to, and of ``ntnu-leaders``."""

    tenths: tuple[Span, ...]
    weights: dict[str, Weights]


class Experience(FrozenData):
    """Years of experience, in the applicant's sector and in others."""

    years_percent: Assumed[Count]
    bands: ExperienceBands
    elsewhere_percent: Assumed[Percent]
    elsewhere_tenths: Assumed[Span]


class GradeBands(AssumedTable):
    """Weights of bands of grade averages in hundredths."""

    hundredths: tuple[Span, ...]
    weights: Weights


class Grades(FrozenData):
    """Grade averages of the bachelor's degree."""

    shift: Assumed[int]
    bands: GradeBands
    only_passed_per_1000: Assumed[PerMille]


class Education(FrozenData):
    """The bachelor's degree, and what was taken beyond it."""

    bachelor: Assumed[Weights]
    further: Assumed[Weights]
    further_ects: Assumed[Weights]
    relevant_percent: Assumed[Percent]
    master: Assumed[Weights]
    courses_at_uit: Assumed[Weights]
    courses_elsewhere: Assumed[Weights]


class Work(FrozenData):
    """Posts, responsibilities, age and gender."""

    supervisor_at_uit_percent: Assumed[Percent]
    supervisor_elsewhere_percent: Assumed[Percent]
    post_percent: Assumed[Weights]
    age_at_start: Assumed[Span]
    gender: Assumed[Weights]


class Employers(FrozenData):
    """What employers and leaders say of their own staff."""

    recommended_percent: Assumed[tuple[Percent, Percent]]
    alike_percent: Assumed[Percent]
    dated_year_before_percent: Assumed[Percent]
    leaders_with_order_percent: Assumed[Percent]
    order_for_offering_percent: Assumed[Percent]
    longest_order: Assumed[Count]


class Population(Assumptions):
    """Everything a synthetic round of one year is drawn from (``scenarios/population``)."""

    year: int
    rules_on: dt.date
    shipped_seed: Count
    title: str
    counts: CountsPrinted
    outcomes: OutcomesPrinted
    students: Students
    wishes: WishesAssumed
    country: CountryPlan
    homes: Homes
    leading: Leading
    experience: Experience
    grades: Grades
    education: Education
    work: Work
    employers: Employers

    @model_validator(mode="after")
    def _names_exist(self) -> Self:
        offerings = self.counts.by_offering()
        named = {name for wishes in self.wishes.combinations.wishes() for name in wishes}
        named |= {*self.homes.sites, self.counts.undocumented.offering}
        named |= set(self.experience.bands.weights) - {NTNU_LEADERS}
        for name in sorted(named - set(offerings)):
            raise MessageError(message("drawing.no-applicants", name=name, known=list(offerings)))
        known = dict(self.assumptions())
        for table in (self.wishes.combinations, self.experience.bands, self.grades.bands):
            if table.varied_by not in known:
                raise MessageError(message("drawing.varied-by", name=table.varied_by))
        return self


NTNU_LEADERS: Literal["ntnu-leaders"] = "ntnu-leaders"
"""Leaders and deputies with personnel responsibility who apply for leadership."""


def load_population(path: Path) -> Population:
    """The population in the TOML file ``path``. Raises DataError naming key and expectation."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        return Population.model_validate(table)
    except ValidationError as error:
        raise DataError(message("problems.at", place=path.name, said=first_error(error))) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError(
            message("problems.no-toml", file=path.name, fault=library_fault(error))
        ) from None


@cache
def population_of(year: int) -> Population:
    """The shipped population of ``year``. Raises UsageError for a year without one."""
    folder = shipped("scenarios") / "population"
    years = sorted(path.stem for path in folder.glob("*.toml"))
    if str(year) not in years:
        raise UsageError(message("drawing.no-population", year=year, known=years))
    return load_population(folder / f"{year}.toml")
