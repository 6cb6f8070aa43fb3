"""The yield model: what becomes of offers, from refusal to completion, as data and as draws."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from math import comb
from pathlib import Path
from typing import Annotated, Literal, Self

import numpy as np
from pydantic import Field, ValidationError, model_validator

from admissions.model.errors import DataError, first_error, library_fault
from admissions.model.facts import Flags, Numbers
from admissions.model.messages import MessageError, message
from admissions.model.resources import shipped
from admissions.pool.assumed import (
    Assumed,
    AssumedTable,
    Assumptions,
    Count,
    FrozenData,
    Percent,
    PerMille,
)
from admissions.pool.draws import Draws
from admissions.rulebooks.scenario import Mechanism

_FINE = 2**30
"""Chances are compared in steps of one in this many."""


class Target(FrozenData):
    """What Table 3-3 prints as admitted, and which measure that is (``as``)."""

    measure: Literal["offers", "admitted"] = Field(alias="as")
    count: Count


class Admitted(FrozenData):
    """The report's row of admitted, by offering."""

    source: str
    targets: dict[str, Target]


class Rates(AssumedTable):
    """Chances in thousandths, by offering."""

    per_1000: dict[str, PerMille]


class Completion(FrozenData):
    """How many completed of how many who met, by offering."""

    source: str
    of_met: dict[str, tuple[Count, Annotated[int, Field(ge=1)]]]


class Grants(FrozenData):
    """One grant a person, at the prioritised programmes."""

    source: str
    mean_amount: Count
    not_prioritised: tuple[str, ...]
    granted_per_1000: Assumed[PerMille]


class YieldModel(Assumptions):
    """What becomes of offers in one year (``scenarios/yields``)."""

    year: int
    admitted: Admitted
    offers_beyond_seats: Assumed[dict[str, Count]]
    declines: Rates
    declines_percent: Assumed[Count]
    silent_percent: Assumed[Percent]
    published: Assumed[dt.date]
    last_answer: Assumed[dt.date]
    no_shows: Rates
    no_shows_percent: Assumed[Count]
    completion: Completion
    risk_of_too_many_percent: Assumed[Percent]
    grants: Grants

    @model_validator(mode="after")
    def _same_offerings(self) -> Self:
        expected = set(self.completion.of_met)
        for name, table in (
            ("admitted.targets", self.admitted.targets),
            ("offers_beyond_seats", self.offers_beyond_seats.value),
            ("declines.per_1000", self.declines.per_1000),
            ("no_shows.per_1000", self.no_shows.per_1000),
        ):
            odd = sorted(expected ^ set(table))
            if odd:
                raise MessageError(message("drawing.yields-differ", name=name, offering=odd[0]))
        return self

    def chances(self, offering: str) -> Chances:
        """The chances of one offer at ``offering``. Raises DataError where none are stated."""
        if offering not in self.completion.of_met:
            raise DataError(
                message(
                    "drawing.no-yields",
                    year=self.year,
                    offering=offering,
                    known=list(self.completion.of_met),
                )
            )
        completed, met = self.completion.of_met[offering]
        open_to_all = offering not in self.grants.not_prioritised
        declines = _scaled(self.declines.per_1000[offering], self.declines_percent.value)
        return Chances(
            declines=declines,
            silent=declines * Fraction(self.silent_percent.value, 100),
            no_show=_scaled(self.no_shows.per_1000[offering], self.no_shows_percent.value),
            completes=Fraction(completed, met),
            granted=Fraction(self.grants.granted_per_1000.value * open_to_all, 1000),
        )


@dataclass(frozen=True)
class Chances:
    """The chances of one person at one offering, each given that the one before did not end it.

    ``silent``: of all, who gives the offer up without a word; they are among those who decline.
    """

    declines: Fraction
    silent: Fraction
    no_show: Fraction
    completes: Fraction
    granted: Fraction

    def meets(self, calls: int | None = 1) -> Fraction:
        """The chance that a seat's offer ends with someone who meets, in at most ``calls`` calls.

        Who declines is replaced in the next call (None: until somebody accepts); who does not meet
        is not.
        """
        refused = self.declines // 1 if calls is None else self.declines**calls
        return (1 - refused) * (1 - self.no_show)


def _scaled(per_1000: int, percent: int) -> Fraction:
    return min(Fraction(1), Fraction(per_1000 * percent, 100_000))


@dataclass(frozen=True, eq=False)
class Willing:
    """One number 0 … 2**30-1 a person for each question, int64 (n,): the same in every scenario.

    A person who would decline at an offering would do so under any rules that offer a seat there.
    """

    declines: Numbers
    no_show: Numbers
    completes: Numbers
    granted: Numbers


def willing(draws: Draws, persons: int) -> Willing:
    """The numbers of ``persons``, each alike."""
    return Willing(*(draws.below(_FINE, persons) for _ in range(4)))


def happens(number: Numbers, chances: Sequence[Fraction], offering: Numbers) -> Flags:
    """Whether the event of ``chances[offering]`` happens to who drew ``number``, bool (m,)."""
    limits = np.array([_FINE * c.numerator // c.denominator for c in chances], dtype=np.int64)
    found: Flags = number < limits[offering]
    return found


def chances_of(offers: int, meets: Fraction) -> list[Fraction]:
    """The chances that 0, 1 … ``offers`` of them meet: a binomial distribution, exact."""
    stays = 1 - meets
    return [comb(offers, k) * meets**k * stays ** (offers - k) for k in range(offers + 1)]


def chance_of_more(offers: int, seats: int, meets: Fraction) -> Fraction:
    """The chance that more than ``seats`` of ``offers`` meet."""
    return sum(chances_of(offers, meets)[seats + 1 :], Fraction(0))


@cache
def offers_at_risk(seats: int, meets: Fraction, risk: Fraction) -> int | None:
    """The largest number of offers of which more than ``seats`` meet with at most ``risk``.

    None where nobody ever meets, so that any number will do.
    """
    if meets == 0:
        return None
    offers = seats
    while chance_of_more(offers + 1, seats, meets) <= risk:
        offers += 1
    return offers


def load_yields(path: Path) -> YieldModel:
    """The yield model in the TOML file ``path``. Raises DataError naming key and expectation."""
    try:
        return YieldModel.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        raise DataError(message("problems.at", place=path.name, said=first_error(error))) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError(
            message("problems.no-toml", file=path.name, fault=library_fault(error))
        ) from None


@cache
def shipped_yields() -> YieldModel:
    """The shipped yield model, of 2019/20."""
    return load_yields(shipped("scenarios") / "yields" / "2019.toml")


def offers_to_make(
    yields: YieldModel,
    seats: Mapping[str, int],
    stated: Mapping[str, int],
    mechanism: Mechanism,
    calls: int,
) -> dict[str, int]:
    """How many offers each offering keeps out at a time, by offering.

    What the scenario states. Else under the independent mechanism the seats and what the sites of
    2019 sent beyond them; elsewhere, where nobody holds two offers, as many as the yield model
    allows at its risk of too many, given that declined offers are replaced in ``calls`` - 1 later
    calls (in a serial admission until somebody accepts).
    """
    risk = Fraction(yields.risk_of_too_many_percent.value, 100)
    found = {}
    for offering, number in seats.items():
        chances = yields.chances(offering)
        if offering in stated:
            found[offering] = stated[offering]
        elif mechanism == "independent":
            found[offering] = number + yields.offers_beyond_seats.value[offering]
        else:
            meets = chances.meets(None if mechanism == "serial" else calls)
            found[offering] = offers_at_risk(number, meets, risk) or number
    return found
