"""Target and got: what the report says of 2019/20, and what the synthetic round gives out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from admissions.allocation.run import Run
from admissions.model.vocabulary import VOCABULARIES
from admissions.pool.population import Population
from docs.made.completion import Chosen, Completers

_SECTORS = VOCABULARIES["sector"][:3]
_LAW = ("oslomet-juss", "uis-juss")


@dataclass(frozen=True)
class PrintedFigure:
    """One figure of the report beside the synthetic round's; ``note`` says why they differ.

    ``value`` is what was got, exactly, and ``aim`` the target, where both are one number that is
    tuned for.
    """

    figure: str
    source: str
    target: str
    got: str
    note: str = ""
    aim: int | None = None
    value: Fraction | None = None
    unit: str = ""


def tuned(figure: str, source: str, aim: int, value: Fraction, unit: str = "") -> PrintedFigure:
    """A figure that the population is tuned for, in ``unit``."""
    got = f"{tenths(value)}{unit}"
    return PrintedFigure(figure, source, f"{aim}{unit}", got, aim=aim, value=value, unit=unit)


def misfit(figures: Iterable[PrintedFigure]) -> Fraction:
    """The mean distance of got from target, in per cent of the target, over the tuned figures.

    Figures with the target 0 are left out.
    """
    apart = [100 * abs(f.value - f.aim) / f.aim for f in figures if f.aim and f.value is not None]
    return sum(apart, Fraction(0)) / len(apart)


def calibration_table(run: Run, population: Population) -> tuple[PrintedFigure, ...]:
    """Every figure of Table 3-3 and of the students' description, target and got.

    ``run`` is a synthetic round decided under a scenario. Figures about students are those
    expected when, of each offering's offered, the table's number who completed is drawn by
    chance: exact, nothing is drawn.
    """
    table = _Calibration(run, population)
    return (
        *table.applicants(),
        *table.offers(),
        *table.country(),
        *table.municipalities(),
        *table.experience(),
        *table.education(),
    )


class _Calibration:
    def __init__(self, run: Run, population: Population) -> None:
        self._run = run
        self._population = population
        self._students = population.students
        self._completers = Completers(run, population.outcomes.completed)
        applicants = run.round.applicants
        self._sector = applicants["sector"].to_numpy()
        self._holds = applicants.iloc[self._completers.person]
        self._home = self._holds["municipality_no"].to_numpy()
        self._all = np.ones(len(self._home), dtype=np.bool_)

    # ----------------------------------------------------------------------------- Table 3-3

    def applicants(self) -> Iterator[PrintedFigure]:
        counts = self._population.counts
        total = [0, 0]
        for offering, target in counts.by_offering().items():
            ranking = self._run.rankings[offering]
            got = self._by_sector(ranking.person[ranking.qualified])
            total = [total[0] + sum(target), total[1] + sum(got)]
            figure = f"qualified applicants, {offering}: municipal, state, private"
            if offering in counts.unprinted:
                yield self._counted(
                    f"qualified applicants, {offering}", counts.source, sum(target), sum(got),
                    f"split assumed: {_listed(got)}; only the sum is printed",
                )  # fmt: skip
            else:
                yield PrintedFigure(figure, counts.source, _listed(target), _listed(got))
        yield self._counted("qualified applicants, total", counts.source, total[0], total[1])
        yield self._printed_sum()
        undocumented = counts.undocumented
        ranking = self._run.rankings[undocumented.offering]
        yield self._counted(
            f"{undocumented.offering}: applicants without documented experience",
            counts.source,
            undocumented.applicants,
            int((~ranking.qualified).sum()),
        )

    def offers(self) -> Iterator[PrintedFigure]:
        outcomes, names = self._population.outcomes, self._completers.offering
        whole = tuple(map(sum, zip(*outcomes.admitted.values(), strict=True)))
        got = self._by_sector(self._completers.person)
        yield PrintedFigure(
            "admitted, total: municipal, state, private",
            outcomes.source,
            _listed(whole),
            _listed(got),
            "one offer a seat, and enough municipal applicants for every seat",
        )
        for offering, target in outcomes.admitted.items():
            got = self._by_sector(self._completers.person[names == offering])
            yield PrintedFigure(
                f"admitted, {offering}: municipal, state, private",
                outcomes.source,
                _listed(target),
                _listed(got),
                _ADMITTED_NOTES.get(offering, _MORE_OFFERS if sum(target) > sum(got) else ""),
            )
        for offering, met in outcomes.met.items():
            yield PrintedFigure(
                f"met at start and completed, {offering}",
                outcomes.source,
                f"{met}, {outcomes.completed[offering]}",
                f"of {(names == offering).sum()} offers",
            )
        met, completed = sum(outcomes.met.values()), sum(outcomes.completed.values())
        yield PrintedFigure(
            "met at start and completed, total",
            outcomes.source,
            f"{met}, {completed}",
            f"of {len(names)} offers",
            "nobody declines here; declines and completion belong to the simulation",
        )

    def _printed_sum(self) -> PrintedFigure:
        counts = self._population.counts
        tables = [self._run.rankings[offering] for offering in counts.applicants]
        persons = np.concatenate([table.person[table.qualified] for table in tables])
        target = tuple(map(sum, zip(*counts.applicants.values(), strict=True)))
        name = f"qualified applicants but for {', '.join(counts.unprinted)}, by sector"
        return PrintedFigure(
            name, counts.source, _listed(target), _listed(self._by_sector(persons))
        )

    def _by_sector(self, persons: NDArray[np.int64]) -> tuple[int, ...]:
        counts = np.bincount(self._sector[persons], minlength=len(_SECTORS))
        return tuple(int(n) for n in counts[: len(_SECTORS)])

    # ------------------------------------------------------------------------------- §3.3.1

    def country(self) -> Iterator[PrintedFigure]:
        plan, municipalities = self._population.country, self._run.round.municipalities
        services = self._run.round.services
        districts = int(services["name"].str.contains("bydel", regex=False).sum())
        shared = int(services["name"].str.contains("Interkommunal", regex=False).sum())
        of_one = len(services) - districts - shared
        planned = sum(place.districts for place in plan.named)
        classes = np.bincount(municipalities["centrality"], minlength=7)[1:]
        for figure, target, got in (
            ("municipalities by centrality class 1-6", plan.municipalities_by_class, classes),
            ("municipalities", [sum(plan.municipalities_by_class)], [len(municipalities)]),
            ("services", [plan.services], [len(services)]),
            (
                "services shared by several municipalities, for one, for a city district",
                [plan.shared_services, plan.single_services, planned],
                [shared, of_one, districts],
            ),
        ):
            yield PrintedFigure(figure, plan.source, _listed(target), _listed(got))
        positions = _decimals(int(services["employees"].sum()), 2)
        yield PrintedFigure("full-time positions", plan.source, f"{plan.employees}.00", positions)

    def municipalities(self) -> Iterator[PrintedFigure]:
        source, students = self._students.source, self._students
        numbers = self._run.round.municipalities["municipality_no"].to_numpy()
        centrality = self._run.round.municipalities["centrality"].to_numpy()
        there = {number: self._home == number for number in np.unique(self._home)}
        some = {n: self._completers.chance(rows, lambda k: k >= 1) for n, rows in there.items()}
        four = {n: self._completers.chance(rows, lambda k: k >= 4) for n, rows in there.items()}
        total = sum(some.values(), Fraction(0))
        yield tuned("municipalities with a student", source, students.municipalities, total)
        for name, target, of in self._class_targets():
            members = numbers[centrality == of]
            got = sum((some.get(number, Fraction(0)) for number in members), Fraction(0))
            if of == 1:
                yield tuned(name, source, target, got)
            else:
                yield tuned(name, source, target, 100 * got / len(members), " %")
        name, total = "municipalities with four students or more", sum(four.values(), Fraction(0))
        yield tuned(name, source, students.four_or_more, total)
        for place in self._population.country.named:
            rows = there.get(place.number, ~self._all)
            name, got = f"students from {place.name}", self._completers.expected(rows)
            yield tuned(name, source, place.students, got)
            if place.in_one_programme:
                most = max(
                    self._completers.expected(rows & (self._completers.offering == offering))
                    for offering in self._run.problem.offerings
                )
                name = f"students from {place.name} in one programme, at most"
                yield tuned(name, source, place.in_one_programme, most)

    def _class_targets(self) -> Iterator[tuple[str, int, int]]:
        yield "class 1: municipalities with a student, of 6", self._students.class_1, 1
        for of, percent in enumerate(self._students.class_2_to_6_percent, start=2):
            yield f"class {of}: municipalities with a student", percent, of

    def experience(self) -> Iterator[PrintedFigure]:
        students, names = self._students, self._completers.offering
        years = self._holds["experience_municipal"].to_numpy()
        few, many = years < 600, years >= 1100
        between, under_5 = ~few & ~many, years < 500
        leaders = names == "ntnu-ledelse"
        law, minority = np.isin(names, _LAW), names == "vid-minoritet"
        low, middle, high = students.leadership_percent
        rows: tuple[tuple[str, int, Chosen, Chosen], ...] = (
            ("up to 5 years, without leadership", students.up_to_5_percent, few, ~leaders),
            ("6-10 years, without leadership", students.from_6_to_10_percent, between, ~leaders),
            ("over 10 years, without leadership", students.over_10_percent, many, ~leaders),
            ("supervision: over 10 years", students.supervision_over_10_percent, many,
             names == "uit-veiledning"),
            ("law: under 5 years", students.law_under_5_percent, under_5, law),
            ("minority: under 5 years", students.minority_under_5_percent, under_5, minority),
            ("leadership: under 6 years", low, few, leaders),
            ("leadership: 6-10 years", middle, between, leaders),
            ("leadership: over 10 years", high, many, leaders),
        )  # fmt: skip
        for name, target, chosen, among in rows:
            got = self._completers.share(chosen, among)
            yield tuned(f"experience, {name}", students.source, target, got, " %")

    def education(self) -> Iterator[PrintedFigure]:
        students = self._students
        count = self._holds["further_education_count"].to_numpy()
        prior, asked = count >= 1, self._completers.offering != "ntnu-ledelse"
        low, high = students.further_percent_interval
        for name, target, chosen, among in (
            (f"with prior further education, without leadership (34 of 77: {low} to {high} %)",
             students.further_percent, prior, asked),
            ("of these with one", students.one_further_percent, count == 1, prior & asked),
            ("of these with two or three", 100 - students.one_further_percent, count > 1,
             prior & asked),
        ):  # fmt: skip
            got = self._completers.share(chosen, among)
            yield tuned(f"students {name}", students.source, target, got, " %")
        yield PrintedFigure(
            "basic education: child-welfare pedagogue, social worker, other",
            students.source, "44 %, 42 %, 14 %", "-", "no rule reads it, and no file has it",
        )  # fmt: skip

    def _counted(
        self, figure: str, source: str, target: int, got: int, note: str = ""
    ) -> PrintedFigure:
        return PrintedFigure(figure, source, str(target), str(got), note)


_MORE_OFFERS = "the report counts offers, more than seats; here as many as the seats"
_ADMITTED_NOTES = {
    "uit-veiledning": "not to be had from the rules unless few municipal employees applied: "
    "they come first, and 90 are assumed",
    "uis-juss": "45 are offers to all municipal applicants, of whom 32 met; here as many as seats",
    "hvl-barnets-beste": "33 is not offers, of which it sent 58; here as many as seats",
}


def _listed(counts: Iterable[int]) -> str:
    return ", ".join(str(n) for n in counts)


def tenths(value: Fraction) -> str:
    """``value`` with one decimal, half up."""
    return _decimals((20 * value.numerator + value.denominator) // (2 * value.denominator), 1)


def _decimals(value: int, decimals: int) -> str:
    whole, rest = divmod(value, 10**decimals)
    return f"{whole}.{rest:0{decimals}d}"
