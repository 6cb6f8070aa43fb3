"""What employers and leaders say of their own staff in a synthetic round."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from admissions.model.facts import Numbers
from admissions.model.hundredths import NOT_DOCUMENTED
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
    _, first, which = np.unique(both, return_index=True, return_inverse=True)
    found: Numbers = first[which].astype(np.int64)
    return found


def leader_orders(
    population: Population, draws: Draws, service: Numbers, person: Numbers, offering: Numbers
) -> tuple[Numbers, Numbers, Numbers]:
    """The orders that leaders state, as rows (service, offering, person), first named first.

    ``service``: int64 (persons,), -1 none; ``person``, ``offering``: int64 (m,) of the
    applications. An order for all offerings has ``ANY_OFFERING``. Rows are by service, offering.
    """
    employers = population.employers
    services, offerings = int(service.max(initial=0)) + 1, int(offering.max(initial=0)) + 1
    staff = np.bincount(service[service >= 0], minlength=services)
    states = draws.chance(employers.leaders_with_order_percent.value, 100, services) & (staff > 1)
    general = np.flatnonzero((service >= 0) & states[service])
    of_staff = np.flatnonzero(service[person] >= 0)
    there = np.zeros((services, offerings), dtype=np.int64)
    np.add.at(there, (service[person[of_staff]], offering[of_staff]), 1)
    chosen = there.argmax(axis=1)
    also = draws.chance(employers.order_for_offering_percent.value, 100, services) & states
    also &= there.max(axis=1) > 1
    own = of_staff[also[service[person[of_staff]]]]
    own = own[offering[own] == chosen[service[person[own]]]]
    named = np.concatenate([general, person[own]])
    at = np.concatenate([np.full(len(general), ANY_OFFERING), offering[own]])
    group = service[named] * (offerings + 1) + at + 1
    order = np.lexsort((draws.shuffled(len(named)), group))
    order = order[running_index(group, order)[order] < employers.longest_order.value]
    return service[named[order]], at[order], named[order]
