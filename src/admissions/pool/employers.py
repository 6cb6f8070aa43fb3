"""What employers and leaders say of their own staff in a synthetic round."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from admissions.model.facts import Numbers
from admissions.model.hundredths import NOT_DOCUMENTED
from admissions.model.sorting import dense, in_order
from admissions.pool.draws import Draws
from admissions.pool.population import Population
from admissions.ranking.running_index import running_index

ANY_OFFERING = -1


@dataclass(frozen=True)
class Recommending:
    """How employers recommend, in per cent.

    ``recommended``: of municipal employees' programmes, without and with prior further education;
    ``alike``: of the persons whom the employer would recommend for every programme or for none;
    ``year_before``: of the recommendations that are a year old.
    """

    recommended: tuple[int, int]
    alike: int
    year_before: int


def assumed_recommending(population: Population) -> Recommending:
    """How employers recommend in ``population``."""
    employers = population.employers
    return Recommending(
        employers.recommended_percent.value,
        employers.alike_percent.value,
        employers.dated_year_before_percent.value,
    )


def recommendations(
    population: Population,
    draws: Draws,
    apart: Draws,
    person: Numbers,
    programme: Numbers,
    may_be: NDArray[np.bool_],
    further: Numbers,
) -> dict[str, NDArray[Any]]:
    """``employer_recommended`` and ``recommendation_date`` of m applications, each (m,).

    ``person``, ``programme``: int64 (m,), whose application for what, a person's first wish first;
    ``may_be``: bool (m,), whose employer can recommend; ``further``: earlier further educations.
    An employer recommends a person for a programme, so that wishes for one programme at two sites
    have one answer. Of some persons (``employers.alike_percent``) the employer thinks alike
    whatever the programme; that is drawn from ``apart``, so that nothing else depends on it.
    """
    employers, m = population.employers, len(may_be)
    percent = np.where(further > 0, *reversed(employers.recommended_percent.value))
    number = draws.below(100, m)
    before = draws.chance(employers.dated_year_before_percent.value, 100, m)
    month, day = draws.between(1, 4, m), draws.between(1, 15, m)
    date = 10_000 * (population.year - before) + 100 * month + day
    persons = int(person.max(initial=-1)) + 1
    alike = apart.chance(employers.alike_percent.value, 100, persons)
    first = first_of_each(person, np.where(alike[person], 0, 1 + programme))
    recommended = (number < percent)[first] & may_be
    return {
        "employer_recommended": recommended,
        "recommendation_date": np.where(recommended, date[first], NOT_DOCUMENTED),
    }


def first_of_each(person: Numbers, subject: Numbers) -> Numbers:
    """For each of m rows the first row with the same person and subject, int64 (m,)."""
    both = person * (int(subject.max(initial=0)) + 1) + subject
    number, first = dense(both), np.empty(len(both), dtype=np.int64)
    first[number[::-1]] = np.arange(len(both))[::-1]
    found: Numbers = first[number]
    return found


def leader_orders(
    population: Population,
    draws: Draws,
    counts: Numbers,
    service: Numbers,
    person: Numbers,
    offering: Numbers,
) -> tuple[Numbers, Numbers, Numbers]:
    """The orders that leaders state, as rows (service, offering, person), first named first.

    ``counts``: int64 (rounds,), the persons of each round; ``service``: int64 (persons,), -1 none;
    ``person``, ``offering``: int64 (m,) of the applications. An order for all offerings has
    ``ANY_OFFERING``. Rows are by round, service, offering.
    """
    employers, offerings = population.employers, int(offering.max(initial=0)) + 1
    of = np.repeat(np.arange(draws.streams), counts)
    services = np.zeros(draws.streams, dtype=np.int64)
    np.maximum.at(services, of, service)
    services += 1
    code = np.where(service >= 0, service + (np.cumsum(services) - services)[of], -1)
    number, of_services = int(services.sum()), draws.split(services)
    staff = np.bincount(code[code >= 0], minlength=number)
    states = of_services.chance(employers.leaders_with_order_percent.value, 100, number)
    states &= staff > 1
    general = np.flatnonzero((code >= 0) & states[code])
    of_staff = np.flatnonzero(code[person] >= 0)
    cell = code[person[of_staff]] * offerings + offering[of_staff]
    there = np.bincount(cell, minlength=number * offerings).reshape(number, offerings)
    chosen = there.argmax(axis=1)
    also = of_services.chance(employers.order_for_offering_percent.value, 100, number) & states
    also &= there.max(axis=1) > 1
    own = of_staff[also[code[person[of_staff]]]]
    own = own[offering[own] == chosen[code[person[own]]]]
    named = np.concatenate([general, person[own]])
    at = np.concatenate([np.full(len(general), ANY_OFFERING), offering[own]])
    by_round = in_order(of[named])
    named, at = named[by_round], at[by_round]
    mixed = draws.split(np.bincount(of[named], minlength=draws.streams)).shuffled(len(named))
    group = code[named] * (offerings + 1) + at + 1
    order = in_order(group, mixed)
    order = order[running_index(group, order)[order] < employers.longest_order.value]
    return service[named[order]], at[order], named[order]
