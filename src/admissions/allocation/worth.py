"""What offers to municipalities and services are worth for the objectives that count by group."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from admissions.allocation.problem import Worth
from admissions.model.facts import Numbers
from admissions.rulebooks.objectives import ObjectiveName
from admissions.rules.proportion import sainte_lague

Column = Callable[[str], Numbers]
"""A fact of each qualified application, int64 (m,); -1 where it is not documented."""


def worth_of(name: ObjectiveName, person: Numbers, column: Column) -> Worth | None:
    """The worth by group of the objective ``name``; None where it does not count by group."""
    if name == "spread-breadth":
        return _once_each(column("municipality"))
    if name == "spread-proportional":
        return _proportional(column("municipality"), column("municipality_employees"), person)
    if name == "spread-need":
        return _needed(column("service"), column("need"), person)
    if name == "leaders-wishes":
        return _once_each(np.where(column("leader_rank") == 1, column("service"), -1))
    return None


def _once_each(group: Numbers) -> Worth:
    return Worth(group, np.ones((int(group.max(initial=-1)) + 1, 1), dtype=np.int64))


def _proportional(municipality: Numbers, employees: Numbers, person: Numbers) -> Worth:
    """The place of each quotient employees / 1, 3, 5 … among those of all who can get offers."""
    group = np.where(employees >= 0, municipality, -1)
    people = _people(group, person)
    size = np.zeros(len(people), dtype=np.int64)
    size[group[group >= 0]] = employees[group >= 0]
    steps = np.zeros((len(people), int(people.max(initial=0))), dtype=np.int64)
    at, index = np.nonzero(np.arange(steps.shape[1]) < people[:, None])
    steps[at, index] = sainte_lague(size[at], index.astype(np.int64))
    return Worth(group, steps)


def _needed(service: Numbers, need: Numbers, person: Numbers) -> Worth:
    """The service's need, however many of its people get offers."""
    group = np.where(need >= 0, service, -1)
    people = _people(group, person)
    each = np.zeros(len(people), dtype=np.int64)
    each[group[group >= 0]] = need[group >= 0]
    return Worth(group, np.repeat(each[:, None], int(people.max(initial=0)), axis=1))


def _people(group: Numbers, person: Numbers) -> Numbers:
    """How many persons with applications each group has, (g,)."""
    counted = group >= 0
    pairs = np.unique(np.stack([group[counted], person[counted]]), axis=1)
    return np.bincount(pairs[0], minlength=int(group.max(initial=-1)) + 1)
