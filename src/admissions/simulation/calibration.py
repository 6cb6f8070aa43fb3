"""Target and got: what the report says of 2019/20, and what the simulated ``current-2019`` gives.

A figure fits where the report's lies within the middle nine tenths of the draws. Where it does not,
or cannot, a note says why.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from admissions.pool.population import Population
from admissions.simulation.measures import (
    CLASSES,
    EXPERIENCE,
    LAW_TOGETHER,
    LEADERSHIP,
    SECTORS,
    Key,
)
from admissions.simulation.statistics import Summary
from admissions.simulation.yields import YieldModel

SCENARIO = "current-2019"
"""The scenario that is held against the report."""


@dataclass(frozen=True)
class Calibrated:
    """One printed figure beside the simulated one, in the smallest step of the key's measure.

    ``got`` is None where nothing simulated corresponds to it; ``target`` is then a text's only.
    """

    figure: str
    source: str
    key: Key | None
    target: int | None
    got: Summary | None
    note: str = ""

    @property
    def fits(self) -> bool | None:
        """Whether the target lies within 5-95 % of the draws; None where nothing corresponds."""
        if self.target is None or self.got is None or self.got.p5 is None or self.got.p95 is None:
            return None
        return self.got.p5 <= self.target <= self.got.p95


def calibrated(
    summaries: Mapping[Key, Summary], population: Population, yields: YieldModel
) -> tuple[Calibrated, ...]:
    """Every figure of the report about 2019/20 that the population file states, in its order."""
    figures = [
        Calibrated(name, source, key, target, summaries[key], _NOTES.get(name, ""))
        for name, source, key, target in _figures(population, yields)
    ]
    return (*figures, *(Calibrated(f, _STUDENTS, None, None, None, n) for f, n in _NOT_SIMULATED))


def _figures(population: Population, yields: YieldModel) -> Iterator[tuple[str, str, Key, int]]:
    counts, outcomes = population.counts, population.outcomes
    for offering, target in counts.by_offering().items():
        if offering in counts.unprinted:
            name = f"qualified applicants, {offering}"
            yield name, counts.source, Key("qualified", offering), sum(target)
            continue
        for sector, group, number in zip(_SECTOR_NAMES, SECTORS, target, strict=True):
            name = f"qualified applicants, {offering}, {sector}"
            yield name, counts.source, Key("qualified", offering, group), number
    total = sum(sum(target) for target in counts.by_offering().values())
    yield "qualified applicants, total", counts.source, Key("qualified"), total
    for offering, admitted in yields.admitted.targets.items():
        name = f"admitted, {offering} (read as {admitted.measure})"
        yield name, yields.admitted.source, Key(admitted.measure, offering), admitted.count
    for at, (sector, group) in enumerate(zip(_SECTOR_NAMES, SECTORS, strict=True)):
        number = sum(row[at] for row in outcomes.admitted.values())
        yield f"admitted, total, {sector}", outcomes.source, Key("admitted", "all", group), number
        at_uit = outcomes.admitted["uit-veiledning"][at]
        key = Key("admitted", "uit-veiledning", group)
        yield f"admitted, uit-veiledning, {sector}", outcomes.source, key, at_uit
    for measure, row in (("met", outcomes.met), ("completed", outcomes.completed)):
        words = {"met": "met at start", "completed": "completed"}[measure]
        for offering, number in row.items():
            yield f"{words}, {offering}", outcomes.source, Key(measure, offering), number
        yield f"{words}, total", outcomes.source, Key(measure), sum(row.values())
    yield "grants", yields.grants.source, Key("grants"), _GRANTED
    yield "grants, NOK", yields.grants.source, Key("grant-amount"), _GRANTED_NOK
    yield from _students(population)


def _students(population: Population) -> Iterator[tuple[str, str, Key, int]]:
    students, source = population.students, population.students.source
    yield "municipalities", source, Key("municipalities"), students.municipalities
    yield (
        "municipalities, class 1, of 6", source, Key("municipalities", "all", CLASSES[0]),
        students.class_1,
    )  # fmt: skip
    for group, percent in zip(CLASSES[1:], students.class_2_to_6_percent, strict=True):
        name = f"municipalities, class {group[-1]}, %"
        yield name, source, Key("municipalities-share", "all", group), 100 * percent
    four = Key("municipalities-four-or-more")
    yield "municipalities with four or more", source, four, students.four_or_more
    places = population.country.named
    most = max(place.students for place in places)
    yield "most from one municipality", source, Key("largest-municipality"), most
    most = max(place.in_one_programme for place in places)
    key = Key("largest-municipality-at-one-offering")
    yield "most from one municipality in one programme", source, key, most
    few, middle, many, under_5 = EXPERIENCE
    low, between, high = students.leadership_percent
    for name, percent, offering, group in (
        ("experience up to 5 years, without leadership, %", students.up_to_5_percent, "all", few),
        ("experience 6-10 years, without leadership, %", students.from_6_to_10_percent, "all",
         middle),
        ("experience over 10 years, without leadership, %", students.over_10_percent, "all", many),
        ("supervision: over 10 years, %", students.supervision_over_10_percent, "uit-veiledning",
         many),
        ("law: under 5 years, %", students.law_under_5_percent, LAW_TOGETHER, under_5),
        ("minority: under 5 years, %", students.minority_under_5_percent, "vid-minoritet",
         under_5),
        ("leadership: under 6 years, %", low, LEADERSHIP, few),
        ("leadership: 6-10 years, %", between, LEADERSHIP, middle),
        ("leadership: over 10 years, %", high, LEADERSHIP, many),
    ):  # fmt: skip
        yield name, source, Key("experience-share", offering, group), 100 * percent
    low, high = students.further_percent_interval
    name = f"further education taken before, without leadership, % (34 of 77: {low} to {high})"
    some, weighed = "further-education-share", "further-education-share-of-answers"
    yield name, source, Key(some), 100 * students.further_percent
    name = "the same, programmes weighing as in the survey's answers, %"
    yield name, source, Key(weighed), 100 * students.further_percent
    one = Key("one-further-education-share")
    yield "of these one, %", source, one, 100 * students.one_further_percent


_SECTOR_NAMES = ("municipal", "state", "private")
_GRANTED = 211
_GRANTED_NOK = 18_098_668
_STUDENTS = "statusmåling 2, §3.3.1"
_UIT = (
    "not reproducible from the rules unless few municipal employees applied: they come first, and "
    "of the 121 whose sectors are not printed 90 are assumed to be municipal; with 38, 52 and 31, "
    "the other end of that assumption's range, 35, 10 and 6 are admitted on average"
)
_NOTES = {
    "admitted, total, municipal": "the printed total takes HVL's 33, not its 58 offers, and UiT's "
    "38; see the offerings",
    "admitted, uit-veiledning, municipal": _UIT,
    "admitted, uit-veiledning, state": _UIT,
    "admitted, uit-veiledning, private": _UIT,
    "admitted, total, state": "the eight at uit-veiledning, see there",
    "admitted, total, private": "the five at uit-veiledning, see there",
}
_NOT_SIMULATED = (
    ("basic education: child-welfare pedagogue 44 %, social worker 42 %, other 14 %",
     "no rule reads it, and no file has it"),
    ("uis-juss: the one private applicant was not admitted",
     "not reproducible: the list ran dry, and the rules leave nobody out who is qualified"),
    ("students from Oslo 14, Bergen 14, Karmøy 5, Steinkjer 4, Kvinnherad 4",
     "of single municipalities: docs/calibration.md"),
)  # fmt: skip
