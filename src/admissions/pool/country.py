"""A country of municipalities and services to draw applicants from; the same for every seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from admissions.model.facts import Numbers
from admissions.model.vocabulary import VOCABULARIES
from admissions.pool.draws import Draws, one_row
from admissions.pool.population import CountryPlan, Need

_REGIONS = VOCABULARIES["region"]
_FIRST_SYNTHETIC_NUMBER = 9001
"""No Norwegian municipality has a number from 9001 on."""


@dataclass(frozen=True, eq=False)
class Country:
    """Municipalities (m of them) and services (s of them) as arrays.

    - ``number``, ``centrality`` (1-6), ``region`` (vocabulary), ``employees`` (hundredths of
      full-time positions), ``named`` (position in the plan's list, -1 otherwise): shape (m,), in
      the order of ``number``;
    - ``first_service``, ``services_there``: shape (m,); a municipality's employees work in
      ``services_there`` services from ``first_service`` on (more than one where it has districts);
    - ``service_name``, ``host`` (the municipality), ``service_employees`` (hundredths), ``need``
      (hundredths of a per cent): shape (s,).
    """

    number: NDArray[np.str_]
    centrality: Numbers
    region: Numbers
    employees: Numbers
    named: Numbers
    first_service: Numbers
    services_there: Numbers
    service_name: tuple[str, ...]
    host: Numbers
    service_employees: Numbers
    need: Numbers


def shared_out(total: int, weights: Sequence[int] | Numbers) -> Numbers:
    """``total`` in whole parts in proportion to ``weights``: largest remainders, then first."""
    parts = np.asarray(weights, dtype=np.int64)
    whole, rest = np.divmod(total * parts, parts.sum())
    missing = total - int(whole.sum())
    whole[np.argsort(-rest, kind="stable")[:missing]] += 1
    return whole


def build_country(plan: CountryPlan) -> Country:
    """The country that ``plan`` describes.

    1. Municipalities by class and region; the named ones take the first place that fits.
    2. Each class's employees over its municipalities by drawn size. 3. Of each class the drawn
    ones share services, by region; the others have one each, or districts.
    """
    draws = Draws(plan.seed)
    classes = np.repeat(np.arange(1, 7), plan.municipalities_by_class)
    region = np.concatenate(
        [np.repeat(np.arange(len(_REGIONS)), row) for row in plan.regions_by_class.value]
    )
    named = _named(plan, classes, region)
    number = _numbers(plan, named)
    by_number = np.argsort(number, kind="stable")
    number, classes = number[by_number], classes[by_number]
    region, named = region[by_number], named[by_number]
    employees = _employees(plan, classes, named, draws)
    group = _shared_groups(plan, classes, region, named, draws)
    return _with_services(plan, (number, classes, region, employees, named), group, draws)


def _named(plan: CountryPlan, classes: Numbers, region: Numbers) -> Numbers:
    named = np.full(len(classes), -1, dtype=np.int64)
    for position, place in enumerate(plan.named):
        fits = (classes == place.centrality) & (region == _REGIONS.index(place.region))
        named[np.flatnonzero(fits & (named < 0))[0]] = position
    return named


def _numbers(plan: CountryPlan, named: Numbers) -> NDArray[np.str_]:
    synthetic = iter(range(_FIRST_SYNTHETIC_NUMBER, _FIRST_SYNTHETIC_NUMBER + len(named)))
    return np.array([plan.named[n].number if n >= 0 else str(next(synthetic)) for n in named])


def _employees(plan: CountryPlan, classes: Numbers, named: Numbers, draws: Draws) -> Numbers:
    employees = np.zeros(len(classes), dtype=np.int64)
    for position, place in enumerate(plan.named):
        employees[named == position] = 100 * place.employees
    size = draws.between(1, plan.unevenness.value, len(classes))
    for centrality, positions in enumerate(plan.employees_by_class.value, start=1):
        others = np.flatnonzero((classes == centrality) & (named < 0))
        least = 100 * plan.least_employees.value
        left = 100 * positions - int(employees[classes == centrality].sum())
        employees[others] = least + shared_out(left - least * len(others), size[others])
    return employees


def _shared_groups(
    plan: CountryPlan, classes: Numbers, region: Numbers, named: Numbers, draws: Draws
) -> Numbers:
    """The shared service of each municipality, 0 …, or -1, shape (m,)."""
    order = draws.shuffled(len(classes))
    shares = np.zeros(len(classes), dtype=np.bool_)
    for centrality, count in enumerate(plan.shared_by_class.value, start=1):
        shares[order[(classes[order] == centrality) & (named[order] < 0)][:count]] = True
    members = [order[shares[order] & (region[order] == r)] for r in range(len(_REGIONS))]
    groups = shared_out(plan.shared_services, [len(found) for found in members])
    group = np.full(len(classes), -1, dtype=np.int64)
    for first, count, found in zip(np.cumsum(groups) - groups, groups, members, strict=True):
        group[found] = first + np.arange(len(found)) % count
    return group


@dataclass(frozen=True)
class _Service:
    name: str
    host: int
    employees: int


def _services_from(
    plan: CountryPlan, m: int, members: Numbers, employees: Numbers, named: int, draws: Draws
) -> list[_Service]:
    """The services whose first municipality is ``m``; ``members`` share one."""
    if named < 0:
        kind = "Interkommunal barneverntjeneste" if len(members) > 1 else "Barneverntjeneste"
        host = int(members[np.argmax(employees[members])])
        return [_Service(f"{kind} {{}} (syntetisk)", host, int(employees[members].sum()))]
    place = plan.named[named]
    if not place.districts:
        return [_Service(f"{place.name} (syntetisk)", m, int(employees[m]))]
    sizes = draws.between(6, 12, place.districts)
    return [
        _Service(f"{place.name} bydel {district} (syntetisk)", m, part)
        for district, part in enumerate(shared_out(int(employees[m]), sizes).tolist(), start=1)
    ]


def _with_services(
    plan: CountryPlan,
    municipalities: tuple[NDArray[np.str_], Numbers, Numbers, Numbers, Numbers],
    group: Numbers,
    draws: Draws,
) -> Country:
    number, classes, region, employees, named = municipalities
    first = np.zeros(len(number), dtype=np.int64)
    there = np.ones(len(number), dtype=np.int64)
    services: list[_Service] = []
    for m in range(len(number)):
        members = np.flatnonzero(group == group[m]) if group[m] >= 0 else np.array([m])
        if members[0] != m:
            first[m] = first[members[0]]
            continue
        first[m] = len(services)
        services += _services_from(plan, m, members, employees, int(named[m]), draws)
        there[m] = len(services) - first[m]
    return Country(
        number=number,
        centrality=classes,
        region=region,
        employees=employees,
        named=named,
        first_service=first,
        services_there=there,
        service_name=tuple(s.name.format(n) for n, s in enumerate(services, start=1)),
        host=np.array([service.host for service in services], dtype=np.int64),
        service_employees=np.array([service.employees for service in services], dtype=np.int64),
        need=_need(plan.need, draws, len(services)),
    )


def _need(plan: Need, draws: Draws, services: int) -> Numbers:
    """The need of each service in hundredths of a per cent: its indicators' weighted mean."""
    total = np.zeros(services, dtype=np.int64)
    for indicator, weight in zip(plan.indicators, plan.weights.value, strict=True):
        bands = np.array(indicator.percent, dtype=np.int64)
        rows = one_row(indicator.weights).draw(draws, np.zeros(services, dtype=np.int64))
        low, high = bands[rows].T
        total += weight * draws.between(low, high, services)
    return 100 * total // sum(plan.weights.value)
